/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Names of files that come from others. Pure. Any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a file may be called here and on the screen: the last part of a path, without characters that control, hide or
 * turn text around, without dots at the beginning and what other systems can't have, at most 120 characters and
 * SNUG_FILE_NAME_MAX_BYTES less the room that a suffix needs; the extension stays when it is cut. "file" when nothing is
 * left. Idempotent. name: any bytes, NUL-terminated. Returns: (transfer full): never NULL or empty. */
char *snug_file_name_make_safe (const char *name);

G_END_DECLS
