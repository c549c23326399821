/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Room names and display names: the two texts that a person types and others see. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Normalises what a person typed: trimmed, NFC, case-folded, runs of inner white space become one
 * hyphen. 1 to SNUG_ROOM_NAME_MAX_CHARS letters (of any script, with their marks), digits and hyphens.
 * Idempotent. Returns: (transfer full): the name, or NULL with SNUG_PROTOCOL_ERROR_NOT_UTF8 or
 * SNUG_PROTOCOL_ERROR_ROOM_NAME. text: any bytes, NUL-terminated. */
char *snug_room_name_normalize (const char *text, GError **error);

/* A new speakable random name of five words, for example "amber-otter-violin-ridge-noble". Returns: (transfer full). */
char *snug_room_name_generate (void);

/* About how many bits there are to guess, taken by somebody who has lists of words. name: normalised. */
double snug_room_name_estimate_bits (const char *name);
/* A name with fewer than that is guessed by whoever wants to; generated ones have 55. */
#define SNUG_ROOM_NAME_STRONG_BITS 50.0

/* Trims and NFC-normalises a display name: 1 to SNUG_DISPLAY_NAME_MAX_CHARS characters, no control
 * or direction-override characters. Returns: (transfer full): or NULL with
 * SNUG_PROTOCOL_ERROR_NOT_UTF8 or SNUG_PROTOCOL_ERROR_DISPLAY_NAME. */
char *snug_display_name_normalize (const char *text, GError **error);

G_END_DECLS
