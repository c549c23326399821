/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What stands on the stage as long as nobody else is there: a link to the room, as text and as a QR code,
 * to send to the others.
 *
 * Signal: "copied" (char *sentence): something is on the clipboard now.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_INVITATION (snug_invitation_get_type ())
G_DECLARE_FINAL_TYPE (SnugInvitation, snug_invitation, SNUG, INVITATION, GtkWidget)

/* address: the meeting point that the others have to use; NULL: there is no room, as in a call by hand. hosted: it is this
 * computer. */
void snug_invitation_set_room (SnugInvitation *self, const char *room, const char *address, gboolean hosted);
/* There is no meeting point: the others are awaited on the local network. */
void snug_invitation_set_on_network (SnugInvitation *self, gboolean on_network);
/* Everything in the middle, in a window that is narrow. */
void snug_invitation_set_narrow (SnugInvitation *self, gboolean narrow);
/* NULL: it stands elsewhere. */
void snug_invitation_set_title (SnugInvitation *self, const char *title);
void snug_invitation_focus_start (SnugInvitation *self);
/* Somebody was here before. */
void snug_invitation_set_left_behind (SnugInvitation *self, gboolean left_behind);
/* Puts all that the others need on the clipboard, as a message to send. */
void snug_invitation_copy (SnugInvitation *self);
/* That message. Returns: (transfer full). */
char *snug_invitation_write (const char *room, const char *address, gboolean on_network);

G_END_DECLS
