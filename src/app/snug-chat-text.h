/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What somebody else wrote, made fit to be shown: nothing in it moves, hides or replaces anything around it. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A message taller than this many lines, or longer than this many characters, is shown shortened at first: laying out one
 * long word in a narrow bubble takes a good part of a second for every 1,000 characters. */
#define SNUG_CHAT_TEXT_SHORT_LINES 16
#define SNUG_CHAT_TEXT_SHORT_CHARS 600
/* Longer ones are not made links. */
#define SNUG_CHAT_LINK_MAX_BYTES 2048

/* text: any bytes, NUL-terminated. What is not UTF-8 and what controls a terminal becomes U+FFFD; every kind of line break becomes
 * "\n"; what turns the direction of writing around or has no place in a text goes; of many marks on one letter a few stay. Joiners and
 * direction marks, which emoji and right-to-left languages need, stay. Idempotent. Returns: (transfer full): valid UTF-8. */
char *snug_chat_text_clean (const char *text);

/* The same on one line: line breaks and tabs become spaces, for names, toasts and notifications. At most max_chars characters,
 * the last being "…" when there were more. Returns: (transfer full). */
char *snug_chat_text_clean_line (const char *text, guint max_chars);

/* text: clean. Returns: (transfer full): its beginning, as said above, or NULL when it is short enough as a whole. */
char *snug_chat_text_shorten (const char *text);

/* One web or mail address in a text. */
typedef struct
{
  gsize start; /* bytes */
  gsize length;
  char *uri;   /* what it opens: http, https or mailto, ASCII only, the host as it is looked up (RFC 3490) */
} SnugChatLink;

/* text: clean. Finds "http://", "https://" and "mailto:" at the start of a word. Not an address: with a user name, which
 * hides where it leads ("https://bank.example@evil.example/"), without a host, or not a URI (RFC 3986).
 * Returns: (transfer full): (element-type SnugChatLink), in the order of the text, none overlapping. */
GPtrArray *snug_chat_text_find_links (const char *text);

/* text: clean. Returns: (transfer full): Pango markup of a GtkLabel, with the links as links and everything else as
 * written. */
char *snug_chat_text_to_markup (const char *text);

G_END_DECLS
