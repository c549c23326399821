/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What counts as a reaction: one emoji, with its skin tone, its joined parts or its flag. Pure. Any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether text is exactly one emoji sequence (Unicode Technical Standard #51, ED-17) of at most SNUG_REACTION_MAX_BYTES.
 * text: nullable, any bytes, NUL-terminated. */
gboolean snug_emoji_is_single (const char *text);

G_END_DECLS
