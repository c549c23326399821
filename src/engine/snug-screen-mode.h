/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What matters most in a picture of a screen.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * SnugScreenMode:
 * @SNUG_SCREEN_TEXT: every pixel, few pictures a second: writing, drawings, code
 * @SNUG_SCREEN_MOTION: smaller and smooth: films, games
 */
typedef enum
{
  SNUG_SCREEN_TEXT,
  SNUG_SCREEN_MOTION
} SnugScreenMode;

#define SNUG_TYPE_SCREEN_MODE (snug_screen_mode_get_type ())
GType snug_screen_mode_get_type (void);

G_END_DECLS
