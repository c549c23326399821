/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* From now on the header of a page has only the close button in a window that is as narrow as a phone, so that the title
 * stays in the middle. */
void snug_page_header_follow_window (AdwHeaderBar *header);

G_END_DECLS
