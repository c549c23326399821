/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The words that generated room names are made of: 2048 short ones in alphabetical order, no two of which begin with the same four
 * letters.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

extern const char *const snug_words[];
extern const guint snug_n_words;

G_END_DECLS
