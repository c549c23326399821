/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-verification.h"

/* The first, and one more when one of the two sides has begun anew. */
#define COMMITMENTS_PER_CHANNEL 2

struct _SnugVerification
{
  GObject parent_instance;

  GHashTable *confirmed; /* the call's: both fingerprints in one string */
  SnugVerificationState state;

  /* All for as long as both fingerprints stay. */
  char *own;
  char *peer;
  char *nonce;
  char *commitment;
  char *peer_commitment; /* NULL: not yet; our nonce has not been revealed */
  gboolean known;        /* code is */
  SnugShortCode code;

  /* Of the channel that is open. */
  guint n_commitments;
  gboolean bound; /* the peer's commitment of this channel has been taken */
};

G_DEFINE_FINAL_TYPE (SnugVerification, snug_verification, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (SnugVerificationState, snug_verification_state,
                    G_DEFINE_ENUM_VALUE (SNUG_VERIFICATION_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (SNUG_VERIFICATION_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (SNUG_VERIFICATION_CONFIRMED, "confirmed"),
                    G_DEFINE_ENUM_VALUE (SNUG_VERIFICATION_DIFFERENT, "different"),
                    G_DEFINE_ENUM_VALUE (SNUG_VERIFICATION_BROKEN, "broken"))

typedef enum
{
  PROP_STATE = 1,
  N_PROPS
} SnugVerificationProperty;

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_OUTGOING,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_state (SnugVerification *self, SnugVerificationState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
send (SnugVerification *self, SnugPeerMessage *message)
{
  g_signal_emit (self, signals[SIGNAL_OUTGOING], 0, message);
  snug_peer_message_unref (message);
}

/* A new nonce, to which nothing has been answered. Does not touch what a person said: that is about the fingerprints. */
static void
begin_anew (SnugVerification *self)
{
  g_free (self->nonce);
  g_free (self->commitment);
  g_clear_pointer (&self->peer_commitment, g_free);
  self->nonce = snug_short_code_new_nonce ();
  self->commitment = snug_short_code_commit (self->own, self->peer, self->nonce);
  self->known = FALSE;
  if (self->state == SNUG_VERIFICATION_READY)
    set_state (self, SNUG_VERIFICATION_NONE);
}

/* Returns: (transfer full). */
static char *
name_pair (SnugVerification *self)
{
  return g_strjoin ("\n", self->own, self->peer, NULL);
}

static gboolean
was_confirmed (SnugVerification *self)
{
  g_autofree char *pair = name_pair (self);

  return g_hash_table_contains (self->confirmed, pair);
}

static void
set_confirmed (SnugVerification *self, gboolean confirmed)
{
  g_autofree char *pair = name_pair (self);

  if (confirmed)
    g_hash_table_add (self->confirmed, g_steal_pointer (&pair));
  else
    g_hash_table_remove (self->confirmed, pair);
}

static void
fail (SnugVerification *self, const char *what)
{
  g_info ("A peer broke the rules of comparing codes: %s", what);
  self->known = FALSE;
  set_confirmed (self, FALSE);
  set_state (self, SNUG_VERIFICATION_BROKEN);
}

void
snug_verification_open (SnugVerification *self, const char *own, const char *peer)
{
  g_return_if_fail (SNUG_IS_VERIFICATION (self));
  g_return_if_fail (own != NULL && peer != NULL);

  self->n_commitments = 0;
  self->bound = FALSE;
  if (g_strcmp0 (own, self->own) != 0 || g_strcmp0 (peer, self->peer) != 0)
    {
      g_free (self->own);
      g_free (self->peer);
      self->own = g_strdup (own);
      self->peer = g_strdup (peer);
      begin_anew (self);
      set_state (self, was_confirmed (self) ? SNUG_VERIFICATION_CONFIRMED : SNUG_VERIFICATION_NONE);
    }
  /* With oneself there is nobody to compare with. */
  if (self->state != SNUG_VERIFICATION_BROKEN && !g_str_equal (own, peer))
    send (self, snug_peer_message_new_code_commit (self->commitment, self->peer_commitment));
}

/* Whether both sides speak of the same exchange; the other side finds the same. */
static gboolean
matches (SnugVerification *self, const char *commitment, const char *known)
{
  return (known == NULL || g_str_equal (known, self->commitment))
         && (self->peer_commitment == NULL || g_str_equal (self->peer_commitment, commitment));
}

static void
receive_commitment (SnugVerification *self, const char *commitment, const char *known)
{
  if (self->bound || self->n_commitments == COMMITMENTS_PER_CHANNEL)
    {
      fail (self, "it commits again");
      return;
    }
  if (g_str_equal (commitment, self->commitment))
    {
      fail (self, "it sends our commitment back");
      return;
    }

  self->n_commitments++;
  if (self->n_commitments == 1 && !matches (self, commitment, known))
    {
      begin_anew (self);
      send (self, snug_peer_message_new_code_commit (self->commitment, NULL));
      return;
    }
  if (self->n_commitments > 1 && known != NULL)
    {
      fail (self, "it knows what it can't");
      return;
    }

  self->bound = TRUE;
  if (self->peer_commitment == NULL)
    self->peer_commitment = g_strdup (commitment);
  send (self, snug_peer_message_new_code_reveal (self->nonce));
}

static void
receive_nonce (SnugVerification *self, const char *nonce)
{
  if (!self->bound)
    {
      fail (self, "it reveals what it has not committed to");
      return;
    }
  if (!snug_short_code_opens (self->peer_commitment, self->peer, self->own, nonce))
    {
      fail (self, "it reveals something else than it committed to");
      return;
    }
  if (self->known)
    return;

  snug_short_code_make (self->own, self->nonce, self->peer, nonce, &self->code);
  self->known = TRUE;
  /* Who was confirmed with these certificates still is; that codes differed may have been about another one. */
  if (self->state != SNUG_VERIFICATION_CONFIRMED)
    set_state (self, SNUG_VERIFICATION_READY);
}

void
snug_verification_receive (SnugVerification *self, SnugPeerMessage *message)
{
  SnugPeerMessageKind kind;

  g_return_if_fail (SNUG_IS_VERIFICATION (self));
  g_return_if_fail (message != NULL);

  /* Who has not said that it knows of codes has no business to commit. */
  if (self->own == NULL || self->state == SNUG_VERIFICATION_BROKEN || g_str_equal (self->own, self->peer))
    return;

  kind = snug_peer_message_get_kind (message);
  if (kind == SNUG_PEER_MESSAGE_CODE_COMMIT)
    receive_commitment (self, snug_peer_message_get_commitment (message),
                        snug_peer_message_get_known_commitment (message));
  else if (kind == SNUG_PEER_MESSAGE_CODE_REVEAL)
    receive_nonce (self, snug_peer_message_get_nonce (message));
}

static void
snug_verification_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugVerification *self = SNUG_VERIFICATION (object);

  switch ((SnugVerificationProperty) prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_verification_finalize (GObject *object)
{
  SnugVerification *self = SNUG_VERIFICATION (object);

  g_hash_table_unref (self->confirmed);
  g_free (self->own);
  g_free (self->peer);
  g_free (self->nonce);
  g_free (self->commitment);
  g_free (self->peer_commitment);

  G_OBJECT_CLASS (snug_verification_parent_class)->finalize (object);
}

static void
snug_verification_class_init (SnugVerificationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = snug_verification_get_property;
  object_class->finalize = snug_verification_finalize;

  properties[PROP_STATE]
      = g_param_spec_enum ("state", NULL, NULL, SNUG_TYPE_VERIFICATION_STATE, SNUG_VERIFICATION_NONE,
                           G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_OUTGOING] = g_signal_new ("outgoing", SNUG_TYPE_VERIFICATION, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 1, SNUG_TYPE_PEER_MESSAGE);
}

static void
snug_verification_init (SnugVerification *self)
{
}

SnugVerification *
snug_verification_new (GHashTable *confirmed)
{
  SnugVerification *self;

  g_return_val_if_fail (confirmed != NULL, NULL);

  self = g_object_new (SNUG_TYPE_VERIFICATION, NULL);
  self->confirmed = g_hash_table_ref (confirmed);

  return self;
}

SnugVerificationState
snug_verification_get_state (SnugVerification *self)
{
  g_return_val_if_fail (SNUG_IS_VERIFICATION (self), SNUG_VERIFICATION_NONE);

  return self->state;
}

gboolean
snug_verification_get_code (SnugVerification *self, SnugShortCode *code)
{
  g_return_val_if_fail (SNUG_IS_VERIFICATION (self), FALSE);
  g_return_val_if_fail (code != NULL, FALSE);

  if (self->known)
    *code = self->code;

  return self->known;
}

void
snug_verification_answer (SnugVerification *self, gboolean same)
{
  g_return_if_fail (SNUG_IS_VERIFICATION (self));

  if (!self->known)
    return;
  set_confirmed (self, same);
  set_state (self, same ? SNUG_VERIFICATION_CONFIRMED : SNUG_VERIFICATION_DIFFERENT);
}
