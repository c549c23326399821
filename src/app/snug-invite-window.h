/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The invitation, asked for in the middle of a call: a small modal window.
 */
#pragma once

#include "snug-invitation.h"

G_BEGIN_DECLS

/* Shows it over the window that parent is in. The others as for snug_invitation_set_room(). Returns: (transfer none): the
 * invitation in it, whose "copied" closes the window. */
SnugInvitation *snug_invite_window_open (GtkWidget *parent, const char *room, const char *address, gboolean hosted,
                                         gboolean on_network);

G_END_DECLS
