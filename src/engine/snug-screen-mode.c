/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-screen-mode.h"

G_DEFINE_ENUM_TYPE (SnugScreenMode, snug_screen_mode,
                    G_DEFINE_ENUM_VALUE (SNUG_SCREEN_TEXT, "text"),
                    G_DEFINE_ENUM_VALUE (SNUG_SCREEN_MOTION, "motion"))
