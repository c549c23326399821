/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Everybody who was in a call: whom it went well with, whether anybody is left, and the chat and recording that
 * depend on who is there. Main context.
 */
#pragma once

#include "snug-call.h"
#include "snug-cli-exit.h"

G_BEGIN_DECLS

typedef struct _SnugCliPeople SnugCliPeople;

typedef struct
{
  /* Who has been there longest, to be recorded; nullable. */
  void (*first_changed) (SnugPeer *first, gpointer user_data);
  /* Somebody can read what is written now; more than once. */
  void (*chat_opened) (gpointer user_data);
  /* The last one has gone, or the connection to all who are there has failed: everybody says which. */
  void (*alone) (gboolean everybody_failed, gpointer user_data);
} SnugCliPeopleFuncs;

/* Functions are not called before this returns. */
SnugCliPeople *snug_cli_people_new (SnugCall *call, const SnugCliPeopleFuncs *funcs, gpointer user_data);
void snug_cli_people_free (SnugCliPeople *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugCliPeople, snug_cli_people_free)

/* So far. */
void snug_cli_people_get_outcome (SnugCliPeople *self, SnugCliOutcome *outcome);

G_END_DECLS
