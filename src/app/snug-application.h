/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The application: command line, the one window, what belongs to no window.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SNUG_TYPE_APPLICATION (snug_application_get_type ())
G_DECLARE_FINAL_TYPE (SnugApplication, snug_application, SNUG, APPLICATION, AdwApplication)

SnugApplication *snug_application_new (void);

G_END_DECLS
