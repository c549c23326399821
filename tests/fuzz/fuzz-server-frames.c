/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The frames of a client, as a server reads them: the same comes of them wherever the bytes are cut, and what comes
 * out is within its bounds.
 */
#include "fuzz.h"

#include "snug-server-frames.h"

#include <string.h>

#define MESSAGE_MAX 2000

typedef struct
{
  GString *told; /* each message, then the result */
  gsize n_pong_bytes;
} Heard;

static void
on_message (guint opcode, const guint8 *data, gsize size, gpointer user_data)
{
  Heard *heard = user_data;

  g_assert_true (opcode == SNUG_OPCODE_TEXT || opcode == SNUG_OPCODE_BINARY);
  g_assert_cmpuint (size, <=, MESSAGE_MAX);
  g_assert_true (opcode != SNUG_OPCODE_TEXT || size == 0 || g_utf8_validate_len ((const char *) data, size, NULL)
                 || memchr (data, '\0', size) != NULL);
  g_string_append_printf (heard->told, "%u:%" G_GSIZE_FORMAT ":", opcode, size);
  g_string_append_len (heard->told, (const char *) data, (gssize) size);
}

static void
on_write (const guint8 *data, gsize size, gpointer user_data)
{
  ((Heard *) user_data)->n_pong_bytes += size;
}

static void
run (const guint8 *data, gsize size, gsize step, Heard *heard)
{
  static const SnugFramesFuncs funcs = { on_message, on_write };
  SnugFramesResult result = SNUG_FRAMES_GOOD;
  SnugServerFrames frames;
  guint16 code = 0;

  heard->told = g_string_new (NULL);
  heard->n_pong_bytes = 0;
  snug_server_frames_init (&frames, 1);
  for (gsize at = 0; at < size && result == SNUG_FRAMES_GOOD; at += step)
    result = snug_server_frames_feed (&frames, data + at, MIN (step, size - at), MESSAGE_MAX, 1, &funcs, heard, &code);
  snug_server_frames_clear (&frames);
  g_assert_true (result == SNUG_FRAMES_GOOD || code == 0 || (code >= 1000 && code < 5000));
  g_assert_cmpuint (heard->n_pong_bytes, <=, (SNUG_CONTROL_FRAME_BURST + size / 6) * 127);
  g_string_append_printf (heard->told, "=%d", result == SNUG_FRAMES_GOOD);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  gsize step = size > 0 ? data[0] % 23u + 1 : 1;
  Heard whole, cut;

  run (data, size, MAX (size, 1), &whole);
  run (data, size, step, &cut);
  /* In one piece it hears all that comes before something is wrong; in small ones it may be stopped earlier, as bounds
   * are looked at between them. */
  if (g_str_has_suffix (whole.told->str, "=1"))
    g_assert_true (g_string_equal (whole.told, cut.told));
  g_string_free (whole.told, TRUE);
  g_string_free (cut.told, TRUE);
  return 0;
}
