/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * "snug-server token": makes an access token.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* argv: without the word "token". Prints the token, or why there is none. Returns: the exit status. */
int snug_server_token_main (int argc, char **argv);

G_END_DECLS
