/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invitations and answers on standard input and output, for "offer" and "answer". A text may come in several lines; an empty one
 * says that nothing more belongs to it. What can't be used is said on standard error, and the next one is waited for.
 * Main context.
 */
#pragma once

#include "snug-cli-options.h"
#include "snug-manual-signaling.h"

G_BEGIN_DECLS

/* For "offer" at once, for "answer" once an invitation has been read, which blocks.
 * Returns: (transfer full): or NULL with a GError when standard input ends before that. */
SnugManualSignaling *snug_cli_by_hand_open (const SnugCliOptions *options, GError **error);

typedef struct _SnugCliByHand SnugCliByHand;

/* Prints the signaling's text once it is complete, then reads the answer when one is waited for. ended: standard input ended
 * before there was one. */
SnugCliByHand *snug_cli_by_hand_new (SnugManualSignaling *signaling,
                                     GSourceOnceFunc ended,
                                     gpointer user_data);
void snug_cli_by_hand_free (SnugCliByHand *self);

G_END_DECLS
