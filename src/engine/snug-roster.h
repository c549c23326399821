/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whom the server says to be in the room, and which of them have shown that they know its name. All that is said through
 * the server goes out and comes in here, sealed. The newcomer introduces itself to each member, the member
 * answers with its own introduction, the newcomer confirms that with another one, and only who has opened something of the other's counts as present. A member that begins a new
 * stay under its old id greets again; the old stay lasts until the new one has been shown to be one. Pure, but for a
 * timer. Not for app and command line, which see the call. Main context.
 *
 * Signals: "outgoing" (string, string): a payload for the member of that id; "present" (string, string, gboolean): a
 * member's id and name, and whether it is ours to offer; "message" (string, SnugPeerMessage): from somebody present;
 * "refused" (string, string, GError): something that claims to be of that member was not taken; the name is NULL while it is not
 * present. Once for each member and each state.
 */
#pragma once

#include "snug-peer-message.h"
#include "snug-seal.h"

G_BEGIN_DECLS

/** Who has not shown within so many seconds that it knows the name is refused; it may still come later. */
#define SNUG_ROSTER_SILENCE_SECONDS 10

#define SNUG_TYPE_ROSTER (snug_roster_get_type ())
G_DECLARE_FINAL_TYPE (SnugRoster, snug_roster, SNUG, ROSTER, GObject)

/* key: nullable: people carry what is said themselves, so nothing is sealed. self_id: ours, as the server made
 * it. display_name: normalised. Returns: (transfer full). */
SnugRoster *snug_roster_new (SnugRoomKey *key, const char *self_id, const char *display_name);

/* There is another member. greets: it was there before us. FALSE: it is known, it is us, or there are too many. */
gboolean snug_roster_add (SnugRoster *self, const char *id, gboolean greets);
void snug_roster_remove (SnugRoster *self, const char *id);
/* Removes everybody who is not in ids (NULL-terminated). */
void snug_roster_retain (SnugRoster *self, const char *const *ids);
/* What came from the server. payload: any text. */
void snug_roster_receive (SnugRoster *self, const char *id, const char *payload);
/* FALSE: nobody there of that id who could open it. */
gboolean snug_roster_send (SnugRoster *self, const char *id, SnugPeerMessage *message);

G_END_DECLS
