/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who leads the stage: somebody pinned, else a shared screen, else, in speaker view, the main speaker; or all are of
 * one size. No GTK. Main context.
 *
 * A person is any object with a property "screen-enabled" (gboolean), as a SnugPeer is. People are compared, never
 * looked into otherwise. Oneself never leads.
 *
 * Property, writable, with notify: "speaker" (GObject, nullable): the main speaker, as a SnugActiveSpeaker says.
 * Signal: "changed": the mode, who leads or who is pinned is another one.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  SNUG_SPOTLIGHT_EQUAL, /* everybody of the same size */
  SNUG_SPOTLIGHT_LEAD,  /* one leads */
  SNUG_SPOTLIGHT_FILL   /* the only other person has the whole stage */
} SnugSpotlightMode;

#define SNUG_TYPE_SPOTLIGHT (snug_spotlight_get_type ())
G_DECLARE_FINAL_TYPE (SnugSpotlight, snug_spotlight, SNUG, SPOTLIGHT, GObject)

SnugSpotlight *snug_spotlight_new (void);
/* people: (nullable): the others in the call. Everything is forgotten that was chosen among those before. */
void snug_spotlight_set_people (SnugSpotlight *self, GListModel *people);

SnugSpotlightMode snug_spotlight_get_mode (SnugSpotlight *self);
/* Who leads; NULL unless the mode is LEAD. screen: (out) (optional): it is the screen that this person shares.
 * Returns: (transfer none) (nullable). */
gpointer snug_spotlight_get_lead (SnugSpotlight *self, gboolean *screen);

/* Everybody of the same size, or one that leads. What was pinned is not any more. */
void snug_spotlight_toggle (SnugSpotlight *self);
/* A person, or the screen that this person shares, leads until it is unpinned (person NULL) or gone. */
void snug_spotlight_pin (SnugSpotlight *self, gpointer person, gboolean screen);
gboolean snug_spotlight_is_pinned (SnugSpotlight *self, gpointer person, gboolean screen);

G_END_DECLS
