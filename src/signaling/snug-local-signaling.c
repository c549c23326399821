/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-local-signaling.h"

#include "snug-local-announcement.h"
#include "snug-local-election.h"
#include "snug-local-network.h"
#include "snug-websocket-signaling.h"

/* What there is on the network is known by then, even if Avahi never says that it is. */
#define LOOK_MILLISECONDS 3000
/* So that those who come at the same moment do not all hold the room. */
#define JITTER_MILLISECONDS 250
/* Of a machine that is on the same network, and there. */
#define CONNECT_MILLISECONDS 2000
/* From the join to the room. */
#define LET_IN_MILLISECONDS 3000
/* Seconds; twice that without a sign, and a host is gone. */
#define KEEPALIVE_SECONDS 4

/* An attempt to reach one host: at all its addresses at once, and the first that answers it is. */
typedef struct
{
  SnugLocalSignaling *owner;
  char *name;
  GPtrArray *pending; /* SnugSignaling */
} Attempt;

struct _SnugLocalSignaling
{
  SnugSignaling parent_instance;

  const SnugLocalHosting *hosting;
  const char *room_id; /* NULL: not yet open */
  SnugLocalNetwork *network;
  SnugLocalElection *election;
  guint wake_timer;

  gpointer host; /* our own server; nullable */
  char *host_name;
  guint16 host_port;

  GHashTable *attempts; /* name -> Attempt */
  SnugSignaling *inner; /* where we are, or try to be let in; nullable */
  char *inner_name;     /* the host's; NULL: our own server */
  gboolean let_in;
  gboolean says_goodbye; /* the host */
  guint let_in_timer;

  char *self_id;       /* NULL: never in the room so far */
  GHashTable *members; /* id -> itself: the others */
  gboolean closing;
};

G_DEFINE_FINAL_TYPE (SnugLocalSignaling, snug_local_signaling, SNUG_TYPE_SIGNALING)

static void step (SnugLocalSignaling *self);
static void dial_own (SnugLocalSignaling *self);

static gint64
later (gint64 milliseconds)
{
  return g_get_monotonic_time () + milliseconds * G_TIME_SPAN_MILLISECOND;
}

static void
drop_signaling (SnugLocalSignaling *self, SnugSignaling *signaling)
{
  g_signal_handlers_disconnect_by_data (signaling, self);
  snug_signaling_close (signaling);
  g_object_unref (signaling);
}

static void
drop_inner (SnugLocalSignaling *self)
{
  g_clear_handle_id (&self->let_in_timer, g_source_remove);
  g_clear_pointer (&self->inner_name, g_free);
  self->let_in = self->says_goodbye = FALSE;
  if (self->inner != NULL)
    drop_signaling (self, g_steal_pointer (&self->inner));
}

static void
attempt_free (gpointer data)
{
  Attempt *attempt = data;

  for (guint i = 0; i < attempt->pending->len; i++)
    {
      SnugSignaling *signaling = g_ptr_array_index (attempt->pending, i);

      g_signal_handlers_disconnect_by_data (signaling, attempt);
      snug_signaling_close (signaling);
    }
  g_ptr_array_unref (attempt->pending);
  g_free (attempt->name);
  g_free (attempt);
}

static void
withdraw_host (SnugLocalSignaling *self, GSourceOnceFunc closed, gpointer user_data)
{
  if (self->network != NULL)
    snug_local_network_withdraw (self->network);
  g_clear_pointer (&self->host_name, g_free);
  if (self->host != NULL)
    self->hosting->close (g_steal_pointer (&self->host), closed, user_data);
  else if (closed != NULL)
    closed (user_data);
}

static void
stop_everything (SnugLocalSignaling *self)
{
  g_clear_handle_id (&self->wake_timer, g_source_remove);
  g_hash_table_remove_all (self->attempts);
  drop_inner (self);
}

/* error: (transfer full) */
static void
end (SnugLocalSignaling *self, GError *error)
{
  g_autoptr (SnugLocalSignaling) keep G_GNUC_UNUSED = g_object_ref (self);

  stop_everything (self);
  withdraw_host (self, NULL, NULL);
  g_clear_pointer (&self->network, snug_local_network_free);
  snug_signaling_set_closed (SNUG_SIGNALING (self), error);
}

static void
reopen (SnugLocalSignaling *self, const char *text)
{
  if (snug_signaling_get_state (SNUG_SIGNALING (self)) == SNUG_SIGNALING_OPEN)
    snug_signaling_set_reopening (SNUG_SIGNALING (self),
                                  g_error_new_literal (SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_HOST_LEFT, text));
}

/* Where we were is no more, or no good: somewhere else, or, after everybody who comes before us, here. */
static void
look_elsewhere (SnugLocalSignaling *self, const char *text)
{
  g_autoptr (SnugLocalSignaling) keep G_GNUC_UNUSED = g_object_ref (self);
  guint rank = self->self_id != NULL ? snug_local_election_get_rank (self->self_id, self->members) : 0;

  drop_inner (self);
  if (self->host != NULL)
    {
      /* What we meant to leave it for was no better. */
      snug_local_election_hosting (self->election, self->host_name);
      reopen (self, text);
      dial_own (self);
    }
  else
    {
      snug_local_election_look (self->election, g_get_monotonic_time (),
                                g_get_monotonic_time () + rank * SNUG_LOCAL_TURN);
      reopen (self, text);
    }
  if (!self->closing)
    step (self);
}

/* ---- At a host ---- */

static gboolean
on_let_in_timeout (gpointer data)
{
  SnugLocalSignaling *self = data;

  self->let_in_timer = 0;
  g_info ("event=local-host-refused text=\"it does not let anybody in\"");
  if (self->inner_name != NULL)
    snug_local_election_refuse (self->election, self->inner_name);
  look_elsewhere (self, "The host does not let us in");
  return G_SOURCE_REMOVE;
}

static void
remember_members (SnugLocalSignaling *self, SnugMessage *joined)
{
  const char *const *members = snug_message_get_members (joined);

  g_free (self->self_id);
  self->self_id = g_strdup (snug_message_get_id (joined));
  g_hash_table_remove_all (self->members);
  for (gsize i = 0; members[i] != NULL; i++)
    g_hash_table_add (self->members, g_strdup (members[i]));
}

static void
become_member (SnugLocalSignaling *self, SnugMessage *joined)
{
  self->let_in = TRUE;
  g_clear_handle_id (&self->let_in_timer, g_source_remove);
  remember_members (self, joined);
  if (self->inner_name == NULL)
    return;
  g_info ("event=local-member host=%s", self->inner_name);
  snug_local_election_joined (self->election, self->inner_name);
  /* Everybody who is at ours follows. */
  if (self->host != NULL)
    withdraw_host (self, NULL, NULL);
}

/* Returns: whether the call may know. */
static gboolean
take_error (SnugLocalSignaling *self, SnugMessage *message)
{
  SnugProtocolError code = snug_message_get_error_code (message);

  if (code == SNUG_PROTOCOL_ERROR_SHUTTING_DOWN)
    {
      self->says_goodbye = TRUE;
      return FALSE;
    }
  if (self->let_in || self->inner_name == NULL || code == SNUG_PROTOCOL_ERROR_ROOM_FULL)
    return TRUE;
  /* It holds another room than it announces, or it wants something else of us. */
  g_info ("event=local-host-refused text=\"%s\"", snug_protocol_error_to_string (code));
  snug_local_election_refuse (self->election, self->inner_name);
  look_elsewhere (self, "The host does not let us in");
  return FALSE;
}

/* A room on the local network has no relays, whatever somebody says who holds it. Returns: (transfer full). */
static SnugMessage *
without_servers (SnugMessage *joined)
{
  return (snug_message_get_resumed (joined) ? snug_message_new_resumed : snug_message_new_joined) (
    snug_message_get_id (joined), snug_message_get_members (joined), NULL, 0);
}

static void
on_inner_message (SnugLocalSignaling *self, SnugMessage *message)
{
  g_autoptr (SnugLocalSignaling) keep G_GNUC_UNUSED = g_object_ref (self);
  g_autoptr (SnugMessage) joined = NULL;

  switch (snug_message_get_kind (message))
    {
    case SNUG_MESSAGE_JOINED:
      become_member (self, message);
      message = joined = without_servers (message);
      break;
    case SNUG_MESSAGE_PEER_JOINED:
      if (g_hash_table_size (self->members) < SNUG_ROOM_SIZE_MAX)
        g_hash_table_add (self->members, g_strdup (snug_message_get_peer_id (message)));
      break;
    case SNUG_MESSAGE_PEER_LEFT:
      g_hash_table_remove (self->members, snug_message_get_peer_id (message));
      break;
    case SNUG_MESSAGE_ERROR:
      if (!take_error (self, message))
        return;
      break;
    case SNUG_MESSAGE_SIGNAL:
    case SNUG_MESSAGE_JOIN:
    case SNUG_MESSAGE_LEAVE:
    default:
      break;
    }
  snug_signaling_deliver (SNUG_SIGNALING (self), message);
}

static void
on_host_closed (gpointer data)
{
  g_autoptr (SnugLocalSignaling) self = data;

  snug_signaling_set_closed (SNUG_SIGNALING (self), NULL);
}

/* Asked for by close(): everybody who is at ours is told before it is said that it is over. */
static void
finish_closing (SnugLocalSignaling *self)
{
  drop_inner (self);
  withdraw_host (self, on_host_closed, g_object_ref (self));
  g_clear_pointer (&self->network, snug_local_network_free);
}

static void
on_inner_state (SnugLocalSignaling *self)
{
  const GError *error;

  if (snug_signaling_get_state (self->inner) != SNUG_SIGNALING_CLOSED)
    return;
  if (self->closing)
    {
      finish_closing (self);
      return;
    }
  error = snug_signaling_get_error (self->inner);
  g_info ("event=local-host-lost goodbye=%d text=\"%s\"", self->says_goodbye, error != NULL ? error->message : "");
  if (self->inner_name != NULL)
    {
      /* One that only broke off may be there still; one that left, or talks nonsense, is not worth another attempt. */
      if (self->says_goodbye || g_error_matches (error, SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_FLOODED)
          || g_error_matches (error, SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_NOT_SNUG))
        snug_local_election_refuse (self->election, self->inner_name);
      else if (!self->let_in)
        snug_local_election_failed (self->election, self->inner_name, g_get_monotonic_time ());
    }
  look_elsewhere (self, "Whoever held the room on this network has left");
}

/* signaling: (transfer full): open. name: nullable: our own. */
static void
go_to (SnugLocalSignaling *self, SnugSignaling *signaling, const char *name)
{
  g_autoptr (SnugLocalSignaling) keep G_GNUC_UNUSED = g_object_ref (self);

  /* Somebody better may still answer while we go to our own. */
  if (name != NULL)
    g_hash_table_remove_all (self->attempts);
  drop_inner (self);
  self->inner = signaling;
  self->inner_name = g_strdup (name);
  g_signal_connect_swapped (signaling, "message", G_CALLBACK (on_inner_message), self);
  g_signal_connect_swapped (signaling, "notify::state", G_CALLBACK (on_inner_state), self);
  reopen (self, "Somebody else holds the room on this network now");
  snug_signaling_set_open (SNUG_SIGNALING (self));
}

static SnugSignaling *
make_websocket (GInetSocketAddress *address)
{
  SnugSignaling *signaling = snug_websocket_signaling_new_for_address (address);

  g_object_set (signaling, "connect-timeout", CONNECT_MILLISECONDS, "keepalive-interval", KEEPALIVE_SECONDS, NULL);
  return signaling;
}

/* ---- On the way to one ---- */

static void
on_attempt_state (Attempt *attempt, GParamSpec *pspec, SnugSignaling *signaling)
{
  SnugLocalSignaling *self = attempt->owner;
  g_autofree char *name = NULL;
  const GError *error;

  switch (snug_signaling_get_state (signaling))
    {
    case SNUG_SIGNALING_OPEN:
      g_object_ref (signaling);
      g_signal_handlers_disconnect_by_data (signaling, attempt);
      g_ptr_array_remove (attempt->pending, signaling);
      name = g_strdup (attempt->name);
      go_to (self, signaling, name);
      return;
    case SNUG_SIGNALING_CLOSED:
      error = snug_signaling_get_error (signaling);
      g_info ("event=local-host-failed host=%s text=\"%s\"", attempt->name, error != NULL ? error->message : "");
      g_signal_handlers_disconnect_by_data (signaling, attempt);
      g_ptr_array_remove (attempt->pending, signaling);
      if (attempt->pending->len > 0)
        return;
      snug_local_election_failed (self->election, attempt->name, g_get_monotonic_time ());
      g_hash_table_remove (self->attempts, attempt->name);
      step (self);
      return;
    case SNUG_SIGNALING_IDLE:
    case SNUG_SIGNALING_OPENING:
    default:
      return;
    }
}

static void
dial (SnugLocalSignaling *self, const char *name)
{
  g_autoptr (GPtrArray) addresses = snug_local_network_list_addresses (self->network, name);
  g_autoptr (GPtrArray) opening = NULL;
  Attempt *attempt;

  if (addresses->len == 0)
    {
      snug_local_election_failed (self->election, name, g_get_monotonic_time ());
      return;
    }
  attempt = g_new0 (Attempt, 1);
  attempt->owner = self;
  attempt->name = g_strdup (name);
  attempt->pending = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < addresses->len; i++)
    {
      SnugSignaling *signaling = make_websocket (g_ptr_array_index (addresses, i));

      g_signal_connect_swapped (signaling, "notify::state", G_CALLBACK (on_attempt_state), attempt);
      g_ptr_array_add (attempt->pending, signaling);
    }
  g_hash_table_replace (self->attempts, attempt->name, attempt);
  /* An attempt may end while the next one begins. */
  opening = g_ptr_array_copy (attempt->pending, (GCopyFunc) (gpointer) g_object_ref, NULL);
  g_ptr_array_set_free_func (opening, g_object_unref);
  for (guint i = 0; i < opening->len; i++)
    if (snug_signaling_get_state (g_ptr_array_index (opening, i)) == SNUG_SIGNALING_IDLE)
      snug_signaling_open (g_ptr_array_index (opening, i));
}

/* ---- Holding the room ---- */

static void
on_own_state (SnugLocalSignaling *self, GParamSpec *pspec, SnugSignaling *signaling)
{
  if (snug_signaling_get_state (signaling) == SNUG_SIGNALING_OPEN)
    {
      g_signal_handlers_disconnect_by_data (signaling, self);
      self->inner = NULL;
      go_to (self, signaling, NULL);
    }
  else if (snug_signaling_get_state (signaling) == SNUG_SIGNALING_CLOSED && !self->closing)
    {
      end (self, g_error_new (SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_NO_DISCOVERY,
                              "The room on this computer can't be reached: %s",
                              snug_signaling_get_error (signaling) != NULL
                                ? snug_signaling_get_error (signaling)->message
                                : "it is closed"));
    }
}

static void
dial_own (SnugLocalSignaling *self)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, self->host_port);

  self->inner = make_websocket (G_INET_SOCKET_ADDRESS (address));
  g_signal_connect_swapped (self->inner, "notify::state", G_CALLBACK (on_own_state), self);
  snug_signaling_open (self->inner);
}

static void
announce (SnugLocalSignaling *self)
{
  g_free (self->host_name);
  self->host_name = snug_local_announcement_make_name (self->room_id);
  snug_local_network_announce (self->network, self->host_name, self->host_port);
  snug_local_election_hosting (self->election, self->host_name);
}

/* FALSE: it is over. */
static gboolean
begin_hosting (SnugLocalSignaling *self)
{
  g_autoptr (GError) error = NULL;

  g_hash_table_remove_all (self->attempts);
  self->host = self->hosting->open (self->room_id, &self->host_port, &error);
  if (self->host == NULL)
    {
      end (self, g_error_new (SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_NO_DISCOVERY,
                              "This computer can't hold a room: %s", error->message));
      return FALSE;
    }
  announce (self);
  g_info ("event=local-host name=%s port=%u", self->host_name, self->host_port);
  dial_own (self);
  return TRUE;
}

/* ---- What to do ---- */

static gboolean
on_wake (gpointer data)
{
  SnugLocalSignaling *self = data;

  self->wake_timer = 0;
  step (self);
  return G_SOURCE_REMOVE;
}

/* Whether it can be asked what to do: not while we are about to be let in somewhere. */
static gboolean
is_free (SnugLocalSignaling *self)
{
  return !self->closing && self->network != NULL && self->election != NULL
         && (self->inner == NULL || self->let_in || self->inner_name == NULL);
}

static void
step (SnugLocalSignaling *self)
{
  g_autoptr (SnugLocalSignaling) keep G_GNUC_UNUSED = g_object_ref (self);

  while (is_free (self))
    {
      gint64 now = g_get_monotonic_time ();
      gint64 wake_at;
      const char *name;
      g_autofree char *copy = NULL;

      switch (snug_local_election_next (self->election, now, &name, &wake_at))
        {
        case SNUG_LOCAL_TRY:
          copy = g_strdup (name);
          dial (self, copy);
          break;
        case SNUG_LOCAL_HOST:
          if (!begin_hosting (self))
            return;
          break;
        case SNUG_LOCAL_WAIT:
        default:
          g_clear_handle_id (&self->wake_timer, g_source_remove);
          if (wake_at >= 0)
            self->wake_timer = g_timeout_add ((guint) (MAX (wake_at - now, 0) / G_TIME_SPAN_MILLISECOND) + 1, on_wake, self);
          return;
        }
    }
}

static void
on_found (const char *name, gpointer data)
{
  SnugLocalSignaling *self = data;

  snug_local_election_found (self->election, name);
  step (self);
}

static void
on_gone (const char *name, gpointer data)
{
  SnugLocalSignaling *self = data;

  snug_local_election_gone (self->election, name);
}

/* Nobody is there, as far as is known: whoever is alone does not have to wait. */
static void
on_complete (gpointer data)
{
  SnugLocalSignaling *self = data;

  if (self->self_id == NULL)
    snug_local_election_set_host_after (self->election, later (g_random_int_range (0, JITTER_MILLISECONDS)));
  step (self);
}

static void
on_collided (gpointer data)
{
  SnugLocalSignaling *self = data;

  if (self->host != NULL)
    announce (self);
}

static void
on_failed (const GError *error, gpointer data)
{
  SnugLocalSignaling *self = data;

  /* Who is not alone stays with the others, even if nobody else can find them. */
  if (self->inner_name != NULL || g_hash_table_size (self->members) > 0)
    g_info ("event=local-network-failed text=\"%s\"", error->message);
  else
    end (self, g_error_copy (error));
}

/* ---- The channel ---- */

static void
snug_local_signaling_open (SnugSignaling *signaling)
{
  static const SnugLocalNetworkFuncs funcs = { on_found, on_gone, on_complete, on_collided, on_failed };
  SnugLocalSignaling *self = SNUG_LOCAL_SIGNALING (signaling);

  self->room_id = snug_signaling_get_room_id (signaling);
  g_return_if_fail (self->room_id != NULL);
  self->election = snug_local_election_new (g_get_monotonic_time (), later (LOOK_MILLISECONDS));
  self->network = snug_local_network_new (self->room_id, &funcs, self);
  step (self);
}

static void
snug_local_signaling_send (SnugSignaling *signaling, SnugMessage *message)
{
  SnugLocalSignaling *self = SNUG_LOCAL_SIGNALING (signaling);

  if (snug_message_get_kind (message) == SNUG_MESSAGE_JOIN && !self->let_in && self->let_in_timer == 0)
    self->let_in_timer = g_timeout_add (LET_IN_MILLISECONDS, on_let_in_timeout, self);
  snug_signaling_send (self->inner, message);
}

static void
snug_local_signaling_close (SnugSignaling *signaling)
{
  SnugLocalSignaling *self = SNUG_LOCAL_SIGNALING (signaling);

  self->closing = TRUE;
  g_clear_handle_id (&self->wake_timer, g_source_remove);
  g_clear_handle_id (&self->let_in_timer, g_source_remove);
  g_hash_table_remove_all (self->attempts);
  /* Nobody new is to come. */
  if (self->network != NULL)
    snug_local_network_withdraw (self->network);
  /* What was said last still goes out. */
  if (self->inner != NULL && snug_signaling_get_state (self->inner) == SNUG_SIGNALING_OPEN)
    snug_signaling_close (self->inner);
  else
    finish_closing (self);
}

static void
snug_local_signaling_renew (SnugSignaling *signaling)
{
  SnugLocalSignaling *self = SNUG_LOCAL_SIGNALING (signaling);

  /* Our own server is where we are, wherever that is. */
  if (self->inner != NULL && self->inner_name != NULL && self->let_in)
    look_elsewhere (self, "The network has changed");
}

static void
snug_local_signaling_dispose (GObject *object)
{
  SnugLocalSignaling *self = SNUG_LOCAL_SIGNALING (object);

  self->closing = TRUE;
  stop_everything (self);
  withdraw_host (self, NULL, NULL);
  g_clear_pointer (&self->network, snug_local_network_free);

  G_OBJECT_CLASS (snug_local_signaling_parent_class)->dispose (object);
}

static void
snug_local_signaling_finalize (GObject *object)
{
  SnugLocalSignaling *self = SNUG_LOCAL_SIGNALING (object);

  g_clear_pointer (&self->election, snug_local_election_free);
  g_hash_table_unref (self->attempts);
  g_hash_table_unref (self->members);
  g_free (self->self_id);

  G_OBJECT_CLASS (snug_local_signaling_parent_class)->finalize (object);
}

static void
snug_local_signaling_class_init (SnugLocalSignalingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  SnugSignalingClass *signaling_class = SNUG_SIGNALING_CLASS (klass);

  object_class->dispose = snug_local_signaling_dispose;
  object_class->finalize = snug_local_signaling_finalize;
  signaling_class->open = snug_local_signaling_open;
  signaling_class->send = snug_local_signaling_send;
  signaling_class->close = snug_local_signaling_close;
  signaling_class->renew = snug_local_signaling_renew;
}

static void
snug_local_signaling_init (SnugLocalSignaling *self)
{
  self->attempts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, attempt_free);
  self->members = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

SnugSignaling *
snug_local_signaling_new (const SnugLocalHosting *hosting)
{
  SnugLocalSignaling *self;

  g_return_val_if_fail (hosting != NULL, NULL);

  self = g_object_new (SNUG_TYPE_LOCAL_SIGNALING, NULL);
  self->hosting = hosting;
  return SNUG_SIGNALING (self);
}

gboolean
snug_local_signaling_get_hosting (SnugLocalSignaling *self)
{
  g_return_val_if_fail (SNUG_IS_LOCAL_SIGNALING (self), FALSE);

  return self->host != NULL;
}
