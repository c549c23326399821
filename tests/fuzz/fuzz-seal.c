/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What comes through the server as it came; and what somebody with the key may have put into the box.
 */
#include "fuzz.h"

#include "snug-seal-private.h"

#include <string.h>

static SnugRoomKey *key;

static void
check (SnugSealedPair *pair, const char *payload)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = snug_sealed_pair_open (pair, payload, &error);
  g_autoptr (GError) again_error = NULL;

  g_assert_true ((text == NULL) == (error != NULL));
  if (text == NULL)
    {
      g_assert_true (error->domain == SNUG_SEAL_ERROR);
      return;
    }
  g_assert_true (g_utf8_validate (text, -1, NULL));
  /* Never twice. */
  g_assert_null (snug_sealed_pair_open (pair, payload, &again_error));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const guint8 nonce[SNUG_SEAL_NONCE_BYTES] = { 0 };
  g_autofree char *payload = g_strndup (data != NULL ? (const char *) data : "", size);
  g_autofree char *box = NULL;

  if (key == NULL)
    key = snug_room_key_derive ("garden");
  for (guint greets = 0; greets < 2; greets++)
    {
      g_autoptr (SnugSealedPair) pair = snug_sealed_pair_new (key, "b", "a", greets);
      /* No more than fits a payload. */
      gsize inside = MIN (size, SNUG_SEALED_TEXT_MAX_BYTES);

      check (pair, payload);
      g_free (box);
      box = snug_seal_box (key, "a", "b", nonce, data, inside);
      check (pair, box);
    }
  return 0;
}
