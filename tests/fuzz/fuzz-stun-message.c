/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a STUN or TURN server, or somebody in its place, answers.
 */
#include "fuzz.h"

#include "snug-protocol.h"
#include "snug-stun-message.h"

static void
check_address (const SnugStunAddress *address)
{
  g_autofree char *text = NULL;

  if (address->family == 0)
    return;
  g_assert_true (address->family == 4 || address->family == 6);
  text = snug_stun_address_to_string (address);
  g_assert_nonnull (text);
  g_assert_true (snug_stun_address_equal (address, address));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_auto (SnugStunMessage) message = { 0 };
  gssize length = snug_stun_message_get_size (data, size);

  g_assert_cmpint (length, <=, SNUG_STUN_MESSAGE_MAX_BYTES);
  if (!snug_stun_message_parse (data, size, &message, &error))
    {
      g_assert_true (error->domain == SNUG_PROTOCOL_ERROR);
      g_assert_null (message.realm);
      return 0;
    }
  g_assert_no_error (error);
  g_assert_cmpint (length, ==, size);
  check_address (&message.mapped);
  check_address (&message.relayed);
  check_address (&message.peer);
  check_address (&message.other);
  g_assert_true (message.error == 0 || (message.error >= 300 && message.error < 700));
  if (message.data != NULL)
    {
      g_assert_true (message.data >= data);
      g_assert_true (message.data + message.data_size <= data + size);
    }
  return 0;
}
