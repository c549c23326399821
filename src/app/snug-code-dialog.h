/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Comparing the code with somebody: what it is, whether it is the same, and what to do when it is not.
 */
#pragma once

#include <adwaita.h>

#include "snug-peer.h"

G_BEGIN_DECLS

/* Over the window that parent, a widget of the call page, is in. Nothing when there is no code. Returns: (transfer none)
 * (nullable): the dialog. */
GtkWindow *snug_code_dialog_open (GtkWidget *parent, SnugPeer *peer);

/* What is known of somebody, in a few words: "Confirmed", the code itself, or why there is none. Returns: (transfer full)
 * (nullable): NULL when there is nothing to say. */
char *snug_code_dialog_summarize (SnugVerification *verification);

G_END_DECLS
