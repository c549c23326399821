/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-event-peers.h"

#include "snug-candidate.h"

/* The path of a connection is known from the first sample that names it; not later than this one. */
#define MAX_SAMPLES_WITHOUT_PATH 3

/* One person who is being watched. */
typedef struct
{
  SnugEventPeers *peers; /* borrowed: they own this */
  SnugPeer *peer;
  SnugStats *stats;
  gboolean connected; /* said so */
  guint n_samples_without_path;
} Watched;

struct _SnugEventPeers
{
  GPtrArray *watched; /* Watched, as in the call's list */
  SnugEventFunc write;
  gpointer user_data;
  gboolean stats;
};

static void
add_peer (JsonBuilder *builder, SnugPeer *peer)
{
  snug_event_add_string (builder, "peer", snug_peer_get_id (peer));
  snug_event_add_string (builder, "name", snug_peer_get_name (peer));
}

static void
end_event (Watched *watched, JsonBuilder *builder)
{
  watched->peers->write (builder, snug_peer_get_name (watched->peer), FALSE, watched->peers->user_data);
}

static void
write_error (SnugEventPeers *self, SnugPeer *peer)
{
  JsonBuilder *builder = snug_event_begin_error ("peer", snug_peer_get_id (peer), snug_peer_get_error (peer));

  self->write (builder, snug_peer_get_name (peer), TRUE, self->user_data);
}

static void
write_peer (SnugEventPeers *self, SnugPeer *peer, const char *change)
{
  JsonBuilder *builder = snug_event_begin ("peer");

  snug_event_add_string (builder, "id", snug_peer_get_id (peer));
  snug_event_add_string (builder, "name", snug_peer_get_name (peer));
  snug_event_add_string (builder, "change", change);
  snug_event_add_enum (builder, "state", SNUG_TYPE_PEER_STATE, snug_peer_get_state (peer));
  snug_event_add_boolean (builder, "audio", snug_peer_get_audio_enabled (peer));
  snug_event_add_boolean (builder, "video", snug_peer_get_video_enabled (peer));
  snug_event_add_boolean (builder, "screen", snug_peer_get_screen_enabled (peer));
  self->write (builder, snug_peer_get_name (peer), FALSE, self->user_data);
}

static const char *
name_path (const char *local_type, const char *remote_type)
{
  if (local_type == NULL || remote_type == NULL)
    return NULL;
  if (g_str_equal (local_type, "relay") || g_str_equal (remote_type, "relay"))
    return "relay";
  if (!g_str_equal (local_type, "host") || !g_str_equal (remote_type, "host"))
    return "reflexive";

  return "direct";
}

/* values: NULL when it never became known. */
static void
write_connected (SnugEventPeers *self, SnugPeer *peer, const SnugStatsValues *values)
{
  static const SnugStatsValues unknown;
  JsonBuilder *builder = snug_event_begin ("connected");

  if (values == NULL)
    values = &unknown;

  add_peer (builder, peer);
  snug_event_add_string (builder, "path",
                         name_path (values->local_candidate_type, values->remote_candidate_type));
  snug_event_add_string (builder, "protocol", values->protocol);
  snug_event_add_string (builder, "local_candidate_type", values->local_candidate_type);
  snug_event_add_string (builder, "remote_candidate_type", values->remote_candidate_type);
  snug_event_add_string (builder, "local_address", values->local_address);
  snug_event_add_uint (builder, "local_port", values->local_port);
  snug_event_add_string (builder, "remote_address", values->remote_address);
  snug_event_add_uint (builder, "remote_port", values->remote_port);
  self->write (builder, snug_peer_get_name (peer), FALSE, self->user_data);
}

static void
write_stats (SnugEventPeers *self, SnugPeer *peer, const SnugStatsValues *values)
{
  JsonBuilder *builder;
  gsize n_fields;
  const SnugStatsField *fields = snug_stats_sample_list_fields (&n_fields);

  if (!self->stats)
    return;

  builder = snug_event_begin ("stats");
  snug_event_add_string (builder, "peer", snug_peer_get_id (peer));
  for (gsize i = 0; i < n_fields; i++)
    {
      const SnugStatsField *field = &fields[i];

      switch (field->type)
        {
        case SNUG_STATS_DOUBLE:
          snug_event_add_double (builder, field->name, G_STRUCT_MEMBER (double, values, field->offset));
          break;

        case SNUG_STATS_UINT:
          snug_event_add_uint (builder, field->name, G_STRUCT_MEMBER (guint, values, field->offset));
          break;

        case SNUG_STATS_UINT64:
          snug_event_add_uint (builder, field->name, G_STRUCT_MEMBER (guint64, values, field->offset));
          break;

        case SNUG_STATS_STRING:
          snug_event_add_string (builder, field->name, G_STRUCT_MEMBER (char *, values, field->offset));
          break;

        default:
          g_assert_not_reached ();
        }
    }
  self->write (builder, snug_peer_get_name (peer), FALSE, self->user_data);
}

/* The path is in the sample; until one has it, there is nothing to say. */
static void
check_connected (Watched *watched)
{
  SnugStatsSample *sample = snug_stats_get_latest (watched->stats);
  const SnugStatsValues *values = sample != NULL ? snug_stats_sample_get_values (sample) : NULL;

  if (watched->connected || snug_peer_get_state (watched->peer) != SNUG_PEER_CONNECTED)
    return;

  if (values == NULL || values->local_candidate_type == NULL)
    {
      if (watched->n_samples_without_path < MAX_SAMPLES_WITHOUT_PATH)
        return;
      values = NULL;
    }

  watched->connected = TRUE;
  write_connected (watched->peers, watched->peer, values);
}

static void
on_peer_state (SnugPeer *peer, GParamSpec *pspec, Watched *watched)
{
  SnugPeerState state = snug_peer_get_state (peer);

  /* Leaving is told when the person is out of the list. */
  if (state == SNUG_PEER_LEFT)
    return;

  if (state == SNUG_PEER_FAILED && snug_peer_get_error (peer) != NULL)
    write_error (watched->peers, peer);
  write_peer (watched->peers, peer, "state");

  watched->connected = FALSE;
  watched->n_samples_without_path = 0;
  check_connected (watched);
}

static void
on_peer_candidate (SnugPeer *peer, gboolean local, const char *line, Watched *watched)
{
  g_autoptr (SnugCandidate) candidate = NULL;
  JsonBuilder *builder;

  /* An empty line says that there are no more. */
  if (line == NULL || *line == '\0')
    return;

  candidate = snug_candidate_parse (line, NULL);
  if (candidate == NULL)
    {
      g_debug ("A candidate that can't be read");
      return;
    }

  builder = snug_event_begin ("candidate");
  snug_event_add_string (builder, "peer", snug_peer_get_id (peer));
  snug_event_add_string (builder, "side", local ? "local" : "remote");
  snug_event_add_string (builder, "type", candidate->type);
  snug_event_add_string (builder, "protocol", candidate->protocol);
  snug_event_add_string (builder, "address", candidate->address);
  snug_event_add_uint (builder, "port", candidate->port);
  end_event (watched, builder);
}

/* The person turned a microphone, camera or screen on or off. */
static void
on_peer_media (SnugPeer *peer, GParamSpec *pspec, Watched *watched)
{
  write_peer (watched->peers, peer, "media");
}

static void
on_peer_hand (SnugPeer *peer, GParamSpec *pspec, Watched *watched)
{
  JsonBuilder *builder = snug_event_begin ("hand");

  add_peer (builder, peer);
  snug_event_add_boolean (builder, "raised", snug_peer_get_hand_raised (peer));
  end_event (watched, builder);
}

static void
on_peer_typing (SnugPeer *peer, GParamSpec *pspec, Watched *watched)
{
  JsonBuilder *builder = snug_event_begin ("typing");

  add_peer (builder, peer);
  snug_event_add_boolean (builder, "typing", snug_peer_get_typing (peer));
  end_event (watched, builder);
}

static void
on_peer_reaction (SnugPeer *peer, const char *emoji, Watched *watched)
{
  JsonBuilder *builder = snug_event_begin ("reaction");

  add_peer (builder, peer);
  snug_event_add_string (builder, "emoji", emoji);
  end_event (watched, builder);
}

/* There is a code to compare, or somebody said what comes of it. */
static void
on_peer_code (SnugVerification *verification, GParamSpec *pspec, Watched *watched)
{
  JsonBuilder *builder;
  SnugShortCode code;
  g_autofree char *words = NULL;
  g_autofree char *emoji = NULL;

  if (snug_verification_get_state (verification) == SNUG_VERIFICATION_NONE)
    return;
  if (snug_verification_get_code (verification, &code))
    {
      words = snug_short_code_to_words (&code);
      emoji = snug_short_code_to_emoji (&code);
    }
  builder = snug_event_begin ("code");
  add_peer (builder, watched->peer);
  snug_event_add_enum (builder, "state", SNUG_TYPE_VERIFICATION_STATE, snug_verification_get_state (verification));
  snug_event_add_string (builder, "words", words);
  snug_event_add_string (builder, "emoji", emoji);
  end_event (watched, builder);
}

static void
on_peer_first_frame (SnugPeer *peer, int kind, Watched *watched)
{
  JsonBuilder *builder = snug_event_begin ("first-frame");

  add_peer (builder, peer);
  snug_event_add_string (builder, "media", snug_event_media_word (kind));
  end_event (watched, builder);
}

static void
on_stats_latest (SnugStats *stats, GParamSpec *pspec, Watched *watched)
{
  SnugStatsSample *sample = snug_stats_get_latest (stats);

  if (sample == NULL)
    return;

  if (snug_stats_sample_get_values (sample)->local_candidate_type == NULL)
    watched->n_samples_without_path++;
  check_connected (watched);
  write_stats (watched->peers, watched->peer, snug_stats_sample_get_values (sample));
}

static void
watched_peer_free (gpointer data)
{
  Watched *watched = data;

  g_signal_handlers_disconnect_by_data (watched->peer, watched);
  g_signal_handlers_disconnect_by_data (watched->stats, watched);
  g_signal_handlers_disconnect_by_data (snug_peer_get_verification (watched->peer), watched);
  g_clear_object (&watched->peer);
  g_clear_object (&watched->stats);
  g_free (watched);
}

/* peer: (transfer full). Returns: (transfer full). */
static Watched *
watch_peer (SnugEventPeers *self, SnugPeer *peer)
{
  Watched *watched = g_new0 (Watched, 1);

  watched->peers = self;
  watched->peer = peer;
  watched->stats = g_object_ref (snug_peer_get_stats (peer));
  g_signal_connect (peer, "notify::state", G_CALLBACK (on_peer_state), watched);
  g_signal_connect (peer, "notify::audio-enabled", G_CALLBACK (on_peer_media), watched);
  g_signal_connect (peer, "notify::video-enabled", G_CALLBACK (on_peer_media), watched);
  g_signal_connect (peer, "notify::screen-enabled", G_CALLBACK (on_peer_media), watched);
  g_signal_connect (peer, "candidate", G_CALLBACK (on_peer_candidate), watched);
  g_signal_connect (peer, "notify::hand-raised", G_CALLBACK (on_peer_hand), watched);
  g_signal_connect (peer, "notify::typing", G_CALLBACK (on_peer_typing), watched);
  g_signal_connect (peer, "reaction", G_CALLBACK (on_peer_reaction), watched);
  g_signal_connect (peer, "first-frame", G_CALLBACK (on_peer_first_frame), watched);
  g_signal_connect (snug_peer_get_verification (peer), "notify::state", G_CALLBACK (on_peer_code), watched);
  g_signal_connect (watched->stats, "notify::latest", G_CALLBACK (on_stats_latest), watched);

  return watched;
}

SnugEventPeers *
snug_event_peers_new (SnugEventFunc write, gpointer user_data)
{
  SnugEventPeers *self = g_new0 (SnugEventPeers, 1);

  self->watched = g_ptr_array_new_with_free_func (watched_peer_free);
  self->write = write;
  self->user_data = user_data;

  return self;
}

void
snug_event_peers_free (SnugEventPeers *self)
{
  g_ptr_array_unref (self->watched);
  g_free (self);
}

void
snug_event_peers_set_stats (SnugEventPeers *self, gboolean stats)
{
  self->stats = stats;
}

void
snug_event_peers_change (SnugEventPeers *self, GListModel *peers, guint position, guint removed, guint added, gboolean in_call)
{
  for (guint i = 0; i < removed; i++)
    {
      Watched *watched = g_ptr_array_index (self->watched, position);

      /* When we leave, the others do not. */
      if (in_call)
        write_peer (self, watched->peer, "left");
      g_ptr_array_remove_index (self->watched, position);
    }

  for (guint i = 0; i < added; i++)
    {
      Watched *watched = watch_peer (self, g_list_model_get_item (peers, position + i));

      g_ptr_array_insert (self->watched, position + i, watched);
      write_peer (self, watched->peer, "joined");
      check_connected (watched);
    }
}

void
snug_event_peers_unwatch_all (SnugEventPeers *self)
{
  g_ptr_array_set_size (self->watched, 0);
}
