/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Somebody in a call who is not there: an object with the properties and signals of a SnugPeer that the call page
 * looks at, all writable.
 */
#pragma once

#include "snug-peer.h"

G_BEGIN_DECLS

#define SNUG_TYPE_FAKE_PERSON (snug_fake_person_get_type ())
G_DECLARE_FINAL_TYPE (SnugFakePerson, snug_fake_person, SNUG, FAKE_PERSON, GObject)

/* Connected, with a microphone and no camera. Returns: (transfer full). */
SnugFakePerson *snug_fake_person_new (const char *name);
/* Turns the camera, or the screen share, on with one picture: a drawing in that tone (0 to 7). */
void snug_fake_person_show_camera (SnugFakePerson *self, guint tone);
void snug_fake_person_show_screen (SnugFakePerson *self);
/* One more second of statistics. */
void snug_fake_person_measure (SnugFakePerson *self, double loss_fraction, const char *candidate_type);

G_END_DECLS
