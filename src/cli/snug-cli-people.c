/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-people.h"

typedef struct
{
  SnugCliPeople *people; /* borrowed: they own this */
  SnugPeer *peer;
  gboolean connected; /* ever */
  SnugCliExit failure;
} SnugCliPerson;

struct _SnugCliPeople
{
  GListModel *peers;
  GPtrArray *persons; /* SnugCliPerson, as in the call's list */
  SnugCliOutcome gone; /* of those who have left */

  SnugCliPeopleFuncs funcs;
  gpointer user_data;
};

static void
add_to_outcome (const SnugCliPerson *person, SnugCliOutcome *outcome)
{
  outcome->n_peers++;
  if (person->connected && person->failure == SNUG_CLI_EXIT_GOOD)
    outcome->n_good++;
  outcome->worst = snug_cli_exit_worse (outcome->worst, person->failure);
}

static void
check_alone (SnugCliPeople *self)
{
  for (guint i = 0; i < self->persons->len; i++)
    {
      SnugCliPerson *person = g_ptr_array_index (self->persons, i);
      SnugPeerState state = snug_peer_get_state (person->peer);

      if (state == SNUG_PEER_CONNECTING || state == SNUG_PEER_CONNECTED || state == SNUG_PEER_INTERRUPTED)
        return;
    }

  self->funcs.alone (self->persons->len > 0, self->user_data);
}

static void
on_state (SnugPeer *peer, GParamSpec *pspec, SnugCliPerson *person)
{
  switch (snug_peer_get_state (peer))
    {
    case SNUG_PEER_CONNECTED:
      person->connected = TRUE;
      person->failure = SNUG_CLI_EXIT_GOOD;
      break;

    case SNUG_PEER_FAILED:
      person->failure = snug_peer_get_error (peer) != NULL
                            ? snug_cli_exit_from_error (snug_peer_get_error (peer))
                            : SNUG_CLI_EXIT_FAILED;
      check_alone (person->people);
      break;

    case SNUG_PEER_CONNECTING:
    case SNUG_PEER_INTERRUPTED:
    case SNUG_PEER_LEFT:
    default:
      break;
    }
}

static void
on_chat_open (SnugPeer *peer, GParamSpec *pspec, SnugCliPerson *person)
{
  if (snug_peer_get_chat_open (peer))
    person->people->funcs.chat_opened (person->people->user_data);
}

static void
person_free (gpointer data)
{
  SnugCliPerson *person = data;

  g_signal_handlers_disconnect_by_data (person->peer, person);
  g_clear_object (&person->peer);
  g_free (person);
}

/* peer: (transfer full). */
static SnugCliPerson *
person_new (SnugCliPeople *self, SnugPeer *peer)
{
  SnugCliPerson *person = g_new0 (SnugCliPerson, 1);

  person->people = self;
  person->peer = peer;
  g_signal_connect (peer, "notify::state", G_CALLBACK (on_state), person);
  g_signal_connect (peer, "notify::chat-open", G_CALLBACK (on_chat_open), person);

  return person;
}

static SnugPeer *
get_first (SnugCliPeople *self)
{
  SnugCliPerson *person;

  if (self->persons->len == 0)
    return NULL;

  person = g_ptr_array_index (self->persons, 0);

  return person->peer;
}

static void
on_items_changed (GListModel *peers,
                  guint position,
                  guint removed,
                  guint added,
                  SnugCliPeople *self)
{
  g_autoptr (SnugPeer) first = get_first (self) != NULL ? g_object_ref (get_first (self)) : NULL;

  for (guint i = 0; i < removed; i++)
    {
      add_to_outcome (g_ptr_array_index (self->persons, position), &self->gone);
      g_ptr_array_remove_index (self->persons, position);
    }
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (self->persons, position + i,
                        person_new (self, g_list_model_get_item (peers, position + i)));

  if (get_first (self) != first)
    self->funcs.first_changed (get_first (self), self->user_data);
  if (removed > 0)
    check_alone (self);
}

SnugCliPeople *
snug_cli_people_new (SnugCall *call, const SnugCliPeopleFuncs *funcs, gpointer user_data)
{
  SnugCliPeople *self;

  g_return_val_if_fail (SNUG_IS_CALL (call), NULL);
  g_return_val_if_fail (funcs != NULL, NULL);

  self = g_new0 (SnugCliPeople, 1);
  self->funcs = *funcs;
  self->user_data = user_data;
  self->persons = g_ptr_array_new_with_free_func (person_free);
  self->peers = g_object_ref (snug_call_get_peers (call));
  g_signal_connect (self->peers, "items-changed", G_CALLBACK (on_items_changed), self);

  return self;
}

void
snug_cli_people_free (SnugCliPeople *self)
{
  if (self == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->peers, self);
  g_clear_object (&self->peers);
  g_clear_pointer (&self->persons, g_ptr_array_unref);
  g_free (self);
}

void
snug_cli_people_get_outcome (SnugCliPeople *self, SnugCliOutcome *outcome)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (outcome != NULL);

  *outcome = self->gone;
  for (guint i = 0; i < self->persons->len; i++)
    add_to_outcome (g_ptr_array_index (self->persons, i), outcome);
}
