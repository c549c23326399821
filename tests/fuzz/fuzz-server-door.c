/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What comes before a WebSocket: headers of the PROXY protocol, X-Forwarded-For, and access tokens.
 */
#include "fuzz.h"

#include "snug-access-token.h"
#include "snug-server-address.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const char *const keys[] = { "0123456789abcdef", NULL };
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);
  g_autofree char *written = NULL;
  g_autofree char *room = NULL;
  SnugServerAddress address = { { 0 } }, again;
  SnugServerNetwork network = { { { 0 } }, 0 };

  g_assert_cmpuint (snug_proxy_header_parse (data, size, &address), <=, size);
  written = snug_server_address_to_string (&address);
  g_assert_true (snug_server_address_from_string (&again, written));
  g_assert_true (snug_server_address_equal (&address, &again));
  if (snug_server_network_parse (&network, text, NULL))
    g_assert_true (network.n_bits <= 128 && snug_server_networks_contain (&network, 1, &network.address));
  snug_forwarded_for_parse (text, &network, 0, &address);
  /* Nobody guesses a signature. */
  g_assert_false (snug_access_token_check (text, keys, 1, &room));
  return 0;
}
