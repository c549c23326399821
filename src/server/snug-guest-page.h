/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The page with which people without the app take part, out of data/web: which of its files an HTTP request names, and the head
 * of the answer. The files are compiled in. Main context only.
 */
#pragma once

#include "snug-http-head.h"

G_BEGIN_DECLS

/* path: of a request, without its query. */
gboolean snug_guest_page_has (const char *path);
/* head: GET or HEAD, for a path that there is. body: (out) (transfer full) (nullable): what comes behind the head; shared with
 * every other answer. Returns: (transfer full): the head, with its empty line. */
char *snug_guest_page_answer (const SnugHttpHead *head, const char *path, GBytes **body);

G_END_DECLS
