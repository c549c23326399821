/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Signaling that people do themselves, without any server: one hands an invitation over, by whatever way the two have, and gets an
 * answer back. To the call it is a room of two. What it says is collected until all candidates are known, so that one
 * text in each direction is enough; after that there is nothing more to carry. Main context.
 *
 * Properties, with notify: "text" (string, nullable): the invitation or answer to hand over, once it is complete.
 */
#pragma once

#include "snug-description-text.h"
#include "snug-signaling.h"

G_BEGIN_DECLS

#define SNUG_TYPE_MANUAL_SIGNALING (snug_manual_signaling_get_type ())
G_DECLARE_FINAL_TYPE (SnugManualSignaling, snug_manual_signaling, SNUG, MANUAL_SIGNALING, SnugSignaling)

/* The side that invites. peer_name: what the other is called as long as it has not said.
 * Returns: (transfer full). */
SnugManualSignaling *snug_manual_signaling_new_offer (SnugDescriptionFormat format, const char *peer_name);
/* The side that answers this invitation, which is in text (NUL-terminated, any bytes), in the form that it came in.
 * Returns: (transfer full): or NULL with a SNUG_DESCRIPTION_TEXT_ERROR. */
SnugManualSignaling *snug_manual_signaling_new_answer (const char *text, const char *peer_name, GError **error);

/* In another form than it would choose. Before it is opened. */
void snug_manual_signaling_set_format (SnugManualSignaling *self, SnugDescriptionFormat format);

/* The answer to our invitation came back; text: NUL-terminated, any bytes. The first good one counts. FALSE with a
 * SNUG_DESCRIPTION_TEXT_ERROR, and another can be tried. */
gboolean snug_manual_signaling_accept (SnugManualSignaling *self, const char *text, GError **error);
/* Whether there is an invitation whose answer is not there yet. */
gboolean snug_manual_signaling_get_awaiting (SnugManualSignaling *self);
/* Returns: (transfer none) (nullable). */
const char *snug_manual_signaling_get_text (SnugManualSignaling *self);

G_END_DECLS
