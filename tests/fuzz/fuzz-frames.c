/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The frame scanner comes to the same wherever its input is cut.
 */
#include "fuzz.h"

#include "snug-frame-scanner.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  SnugFrameScanner whole = { 0 }, cut = { 0 };
  gsize step = size > 0 ? data[0] % 17 + 1 : 1;

  snug_frame_scanner_feed (&whole, data, size);
  for (gsize at = 0; at < size; at += step)
    snug_frame_scanner_feed (&cut, data + at, MIN (step, size - at));
  g_assert_cmpuint (whole.data_bytes, ==, cut.data_bytes);
  g_assert_cmpuint (whole.left, ==, cut.left);
  g_assert_cmpuint (whole.message_size, ==, cut.message_size);
  g_assert_cmpuint (whole.largest_message, ==, cut.largest_message);
  g_assert_cmpuint (whole.most_fragments, ==, cut.most_fragments);
  g_assert_cmpuint (whole.n_control_frames, ==, cut.n_control_frames);
  g_assert_cmpuint (whole.ping_bytes, ==, cut.ping_bytes);
  g_assert_cmpuint (whole.data_bytes, <=, size);
  return 0;
}
