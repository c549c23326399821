/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Showing one's own screen, or one window of it, to everybody in a call. The desktop's own dialog (the ScreenCast
 * portal) asks the person what to show; an X11 session without a portal shows its whole screen. Main context.
 *
 * Properties, with notify:
 *   "state" (SnugScreenShareState).
 *   "error" (GError, nullable, domain SNUG_MEDIA_ERROR): why a share did not begin or has ended; cleared by the next start. Never
 *     set for what the person did: refusing in the dialog or stopping. FAILED: the system ended it.
 *   "mode" (SnugScreenMode, writable): takes effect at once, in mid-share too.
 *   "available" (gboolean): something to share with was found. Asked of the desktop when it is first
 *     read; until it has answered, what is known without it.
 *   "restore-token" (string, nullable, writable): what lets the desktop choose the same screen again without asking anew. To be
 *     kept between runs and set before the start; changes with each share. An empty one is none.
 */
#pragma once

#include "snug-local-media.h"
#include "snug-screen-mode.h"

G_BEGIN_DECLS

/**
 * SnugScreenShareState:
 * @SNUG_SCREEN_SHARE_OFF: nothing is shown
 * @SNUG_SCREEN_SHARE_ASKING: the desktop asks the person, or the first picture is awaited
 * @SNUG_SCREEN_SHARE_SHARING: everybody in the call sees the screen
 * @SNUG_SCREEN_SHARE_PAUSED: everybody sees the picture of the moment in which it was paused
 */
typedef enum
{
  SNUG_SCREEN_SHARE_OFF,
  SNUG_SCREEN_SHARE_ASKING,
  SNUG_SCREEN_SHARE_SHARING,
  SNUG_SCREEN_SHARE_PAUSED
} SnugScreenShareState;

#define SNUG_TYPE_SCREEN_SHARE_STATE (snug_screen_share_state_get_type ())
GType snug_screen_share_state_get_type (void);

/**
 * SnugScreenShareWay:
 * @SNUG_SCREEN_SHARE_AUTO: the portal, or X11 where there is none
 * @SNUG_SCREEN_SHARE_PORTAL: the ScreenCast portal
 * @SNUG_SCREEN_SHARE_X11: the whole screen of the X11 session
 * @SNUG_SCREEN_SHARE_TEST: a moving test picture
 */
typedef enum
{
  SNUG_SCREEN_SHARE_AUTO,
  SNUG_SCREEN_SHARE_PORTAL,
  SNUG_SCREEN_SHARE_X11,
  SNUG_SCREEN_SHARE_TEST
} SnugScreenShareWay;

#define SNUG_TYPE_SCREEN_SHARE (snug_screen_share_get_type ())
G_DECLARE_FINAL_TYPE (SnugScreenShare, snug_screen_share, SNUG, SCREEN_SHARE, GObject)

/* OFF, mode TEXT. Returns: (transfer full). */
SnugScreenShare *snug_screen_share_new (SnugLocalMedia *local_media);

/* How to get at the screen; AUTO unless told. For tools and tests; from the next start on. */
void snug_screen_share_set_way (SnugScreenShare *self, SnugScreenShareWay way);

/* Nothing happens unless OFF. parent_window: (nullable): the window over which the desktop shows its dialog, as "x11:XID" or
 * "wayland:HANDLE". */
void snug_screen_share_start (SnugScreenShare *self, const char *parent_window);
/* From any state; also takes the desktop's dialog away. When this returns no picture leaves any more. */
void snug_screen_share_stop (SnugScreenShare *self);
/* While SHARING or PAUSED. When this returns after TRUE, nothing that appears on the screen from now on leaves. */
void snug_screen_share_set_paused (SnugScreenShare *self, gboolean paused);
void snug_screen_share_set_mode (SnugScreenShare *self, SnugScreenMode mode);
void snug_screen_share_set_restore_token (SnugScreenShare *self, const char *restore_token);

SnugScreenShareState snug_screen_share_get_state (SnugScreenShare *self);
const GError *snug_screen_share_get_error (SnugScreenShare *self);
SnugScreenMode snug_screen_share_get_mode (SnugScreenShare *self);
gboolean snug_screen_share_get_available (SnugScreenShare *self);
const char *snug_screen_share_get_restore_token (SnugScreenShare *self);

G_END_DECLS
