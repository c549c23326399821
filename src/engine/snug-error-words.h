/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A GError's domain and code as words, for programs that read them: "call" and "no-route". Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "call", "media", "signaling", "protocol"; the quark's own name for a domain that is not Snug's. Never NULL. */
const char *snug_error_domain_word (const GError *error);
/* The code as it is called in its domain; its number where it has no name. Returns: (transfer full). */
char *snug_error_code_word (const GError *error);

G_END_DECLS
