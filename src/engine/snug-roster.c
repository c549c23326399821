/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-roster.h"

#include <string.h>

typedef struct
{
  SnugRoster *roster; /* borrowed */
  char *id;
  SnugSealedPair *pair; /* NULL: nothing is sealed */
  SnugSealedPair *next; /* nullable: of a new stay that is not yet proven */
  gboolean greets;
  char *name; /* as it introduced itself */
  gboolean present;
  gboolean refused; /* said so in this state */
  guint silence_id;
} Member;

struct _SnugRoster
{
  GObject parent_instance;

  SnugRoomKey *key; /* nullable */
  char *self_id;
  char *display_name;
  GHashTable *members; /* id, owned by the member -> Member */
};

enum
{
  SIGNAL_OUTGOING,
  SIGNAL_PRESENT,
  SIGNAL_MESSAGE,
  SIGNAL_REFUSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SnugRoster, snug_roster, G_TYPE_OBJECT)

static void
member_free (gpointer data)
{
  Member *member = data;

  g_clear_handle_id (&member->silence_id, g_source_remove);
  g_clear_pointer (&member->pair, snug_sealed_pair_free);
  g_clear_pointer (&member->next, snug_sealed_pair_free);
  g_free (member->name);
  g_free (member->id);
  g_free (member);
}

static void
refuse (SnugRoster *self, Member *member, const GError *error)
{
  g_info ("Refused from %.8s: %s", member->id, error->message);
  if (member->refused)
    return;
  member->refused = TRUE;
  g_signal_emit (self, signals[SIGNAL_REFUSED], 0, member->id, member->present ? member->name : NULL,
                 error);
}

static gboolean
on_silence (gpointer data)
{
  Member *member = data;
  g_autoptr (GError) error = g_error_new (SNUG_SEAL_ERROR, SNUG_SEAL_ERROR_SILENT,
                                          "Nothing came in %d seconds that could be opened",
                                          SNUG_ROSTER_SILENCE_SECONDS);

  member->silence_id = 0;
  refuse (member->roster, member, error);

  return G_SOURCE_REMOVE;
}

/* pair: NULL: as it is. */
static gboolean
seal (SnugRoster *self, Member *member, SnugSealedPair *pair, SnugPeerMessage *message)
{
  g_autofree char *json = snug_peer_message_to_json (message);
  g_autofree char *payload = pair != NULL ? snug_sealed_pair_seal (pair, json) : g_strdup (json);

  if (payload == NULL)
    return FALSE;
  g_signal_emit (self, signals[SIGNAL_OUTGOING], 0, member->id, payload);

  return TRUE;
}

static void
introduce (SnugRoster *self, Member *member, SnugSealedPair *pair)
{
  g_autoptr (SnugPeerMessage) message = snug_peer_message_new_introduction (self->display_name);

  seal (self, member, pair, message);
}

gboolean
snug_roster_add (SnugRoster *self, const char *id, gboolean greets)
{
  Member *member;

  g_return_val_if_fail (SNUG_IS_ROSTER (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  if (strcmp (id, self->self_id) == 0 || g_hash_table_contains (self->members, id)
      || g_hash_table_size (self->members) >= SNUG_ROOM_SIZE_MAX)
    return FALSE;

  member = g_new0 (Member, 1);
  member->roster = self;
  member->id = g_strdup (id);
  member->greets = greets;
  if (self->key != NULL)
    member->pair = snug_sealed_pair_new (self->key, self->self_id, id, greets);
  member->silence_id = g_timeout_add_seconds (SNUG_ROSTER_SILENCE_SECONDS, on_silence, member);
  g_hash_table_insert (self->members, member->id, member);
  if (greets)
    introduce (self, member, member->pair);

  return TRUE;
}

void
snug_roster_remove (SnugRoster *self, const char *id)
{
  g_return_if_fail (SNUG_IS_ROSTER (self));
  g_return_if_fail (id != NULL);

  g_hash_table_remove (self->members, id);
}

void
snug_roster_retain (SnugRoster *self, const char *const *ids)
{
  GHashTableIter iter;
  gpointer id;

  g_return_if_fail (SNUG_IS_ROSTER (self));
  g_return_if_fail (ids != NULL);

  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!g_strv_contains (ids, id))
      g_hash_table_iter_remove (&iter);
}

/* A greeting once more: of a new stay, or of this one, repeated. Returns: (transfer full) (nullable): the new one's. */
static char *
open_greeting (SnugRoster *self, Member *member, const char *payload)
{
  g_autoptr (SnugSealedPair) next = snug_sealed_pair_new (self->key, self->self_id, member->id, FALSE);
  g_autofree char *text = snug_sealed_pair_open (next, payload, NULL);

  if (text == NULL || snug_sealed_pair_has_same_peer (next, member->pair)
      || (member->next != NULL && snug_sealed_pair_has_same_peer (next, member->next)))
    return NULL;
  g_clear_pointer (&member->next, snug_sealed_pair_free);
  member->next = g_steal_pointer (&next);
  introduce (self, member, member->next);

  return g_steal_pointer (&text);
}

/* Who begins anew has shown that it is so. Returns: (transfer full) (nullable): what it says. */
static char *
open_next (Member *member, const char *payload)
{
  g_autofree char *text = snug_sealed_pair_open (member->next, payload, NULL);

  if (text == NULL)
    return NULL;
  snug_sealed_pair_free (member->pair);
  member->pair = g_steal_pointer (&member->next);
  member->greets = FALSE;
  member->present = FALSE;

  return g_steal_pointer (&text);
}

/* Returns: (transfer full): what it says, or NULL with the reason why it is not taken. */
static char *
open_sealed (SnugRoster *self, Member *member, const char *payload, GError **error)
{
  g_autoptr (GError) reason = NULL;
  char *text = snug_sealed_pair_open (member->pair, payload, &reason);

  if (text == NULL && g_error_matches (reason, SNUG_SEAL_ERROR, SNUG_SEAL_ERROR_GREETING)
      && (member->present || !member->greets))
    text = open_greeting (self, member, payload);
  else if (text == NULL && g_error_matches (reason, SNUG_SEAL_ERROR, SNUG_SEAL_ERROR_SESSION) && member->next != NULL)
    text = open_next (member, payload);
  if (text == NULL)
    g_propagate_error (error, g_steal_pointer (&reason));

  return text;
}

static SnugPeerMessage *
open_payload (SnugRoster *self, Member *member, const char *payload, GError **error)
{
  g_autofree char *text = member->pair != NULL ? open_sealed (self, member, payload, error) : g_strdup (payload);

  return text != NULL ? snug_peer_message_parse (text, strlen (text), error) : NULL;
}

/* Whether it is there now, as far as can be known. */
static gboolean
is_proven (Member *member)
{
  return member->name != NULL && (member->pair == NULL || snug_sealed_pair_get_proven (member->pair));
}

void
snug_roster_receive (SnugRoster *self, const char *id, const char *payload)
{
  g_autoptr (SnugRoster) keep G_GNUC_UNUSED = NULL;
  g_autoptr (SnugPeerMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  Member *member;

  g_return_if_fail (SNUG_IS_ROSTER (self));
  g_return_if_fail (id != NULL && payload != NULL);

  member = g_hash_table_lookup (self->members, id);
  if (member == NULL)
    {
      g_debug ("Something came from nobody in the room");
      return;
    }
  keep = g_object_ref (self);
  message = open_payload (self, member, payload, &error);
  /* A newer peer may say more. */
  if (g_error_matches (error, SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_UNKNOWN_TYPE))
    {
      g_info ("A message of a peer was ignored: %s", error->message);
      return;
    }
  if (message == NULL)
    {
      refuse (self, member, error);
      return;
    }

  if (snug_peer_message_get_kind (message) == SNUG_PEER_MESSAGE_INTRODUCTION && member->name == NULL)
    {
      member->name = g_strdup (snug_peer_message_get_name (message));
      if (!member->greets)
        introduce (self, member, member->pair);
    }
  if (!member->present && is_proven (member))
    {
      g_autofree char *id_copy = g_strdup (member->id);
      g_autofree char *name = g_strdup (member->name);

      g_clear_handle_id (&member->silence_id, g_source_remove);
      /* So that it knows at once that we are there, too, whatever is said next. */
      if (member->greets && member->pair != NULL)
        introduce (self, member, member->pair);
      member->present = TRUE;
      member->refused = FALSE;
      g_signal_emit (self, signals[SIGNAL_PRESENT], 0, id_copy, name, member->greets);
      /* Whoever heard it may have let it go. */
      member = g_hash_table_lookup (self->members, id);
    }
  if (member != NULL && member->present
      && snug_peer_message_get_kind (message) != SNUG_PEER_MESSAGE_INTRODUCTION)
    g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, id, message);
}

gboolean
snug_roster_send (SnugRoster *self, const char *id, SnugPeerMessage *message)
{
  Member *member;

  g_return_val_if_fail (SNUG_IS_ROSTER (self), FALSE);
  g_return_val_if_fail (id != NULL && message != NULL, FALSE);

  member = g_hash_table_lookup (self->members, id);

  return member != NULL && member->present && seal (self, member, member->pair, message);
}

static void
snug_roster_finalize (GObject *object)
{
  SnugRoster *self = SNUG_ROSTER (object);

  g_hash_table_unref (self->members);
  g_clear_pointer (&self->key, snug_room_key_unref);
  g_free (self->self_id);
  g_free (self->display_name);

  G_OBJECT_CLASS (snug_roster_parent_class)->finalize (object);
}

static void
snug_roster_class_init (SnugRosterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = snug_roster_finalize;

  signals[SIGNAL_OUTGOING]
      = g_signal_new ("outgoing", SNUG_TYPE_ROSTER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                      G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_PRESENT]
      = g_signal_new ("present", SNUG_TYPE_ROSTER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                      G_TYPE_STRING, G_TYPE_STRING, G_TYPE_BOOLEAN);
  signals[SIGNAL_MESSAGE]
      = g_signal_new ("message", SNUG_TYPE_ROSTER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                      G_TYPE_STRING, SNUG_TYPE_PEER_MESSAGE);
  signals[SIGNAL_REFUSED]
      = g_signal_new ("refused", SNUG_TYPE_ROSTER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                      G_TYPE_STRING, G_TYPE_STRING, G_TYPE_ERROR);
}

static void
snug_roster_init (SnugRoster *self)
{
  self->members = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, member_free);
}

SnugRoster *
snug_roster_new (SnugRoomKey *key, const char *self_id, const char *display_name)
{
  SnugRoster *self;

  g_return_val_if_fail (self_id != NULL && display_name != NULL, NULL);

  self = g_object_new (SNUG_TYPE_ROSTER, NULL);
  self->key = key != NULL ? snug_room_key_ref (key) : NULL;
  self->self_id = g_strdup (self_id);
  self->display_name = g_strdup (display_name);

  return self;
}
