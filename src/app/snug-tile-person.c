/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-tile-person.h"

#include "snug-peer.h"
#include "snug-tone.h"

#include <glib/gi18n.h>

/* What a tile knows of the one it follows; lives as long as the tile. */
typedef struct
{
  GObject *person;
  SnugWeakness weakness;
  gint64 away_since; /* 0: there */
  guint away_id;
} Follow;

/* What the engine waits before it speaks of an interruption. */
#define UNNOTICED_US (2 * G_USEC_PER_SEC)

static void
follow_free (gpointer data)
{
  Follow *follow = data;

  g_clear_handle_id (&follow->away_id, g_source_remove);
  g_object_unref (follow->person);
  g_free (follow);
}

static GQuark
follow_quark (void)
{
  return g_quark_from_static_string ("snug-tile-person");
}

static Follow *
get_follow (SnugVideoTile *tile)
{
  return g_object_get_qdata (G_OBJECT (tile), follow_quark ());
}

gboolean
snug_weakness_note (SnugWeakness *self, SnugVerdict verdict)
{
  gboolean bad = verdict == SNUG_VERDICT_POOR || verdict == SNUG_VERDICT_UNSTEADY;

  if (verdict == SNUG_VERDICT_UNKNOWN || bad == self->weak)
    self->against = 0;
  else if (++self->against >= SNUG_WEAKNESS_SECONDS)
    {
      self->weak = bad;
      self->against = 0;
    }
  return self->weak;
}

static gboolean
on_away (gpointer user_data)
{
  SnugVideoTile *tile = user_data;
  gint64 away = g_get_monotonic_time () - get_follow (tile)->away_since;

  g_object_set (tile, "seconds-away", (guint) (away / G_USEC_PER_SEC), NULL);
  return G_SOURCE_CONTINUE;
}

/* Since when nothing has come is told again and again. */
static void
set_away (SnugVideoTile *tile, gboolean away)
{
  Follow *follow = get_follow (tile);

  if (away == (follow->away_id != 0))
    return;
  if (away)
    {
      follow->away_since = g_get_monotonic_time () - UNNOTICED_US;
      follow->away_id = g_timeout_add_seconds (1, on_away, tile);
      on_away (tile);
    }
  else
    {
      g_clear_handle_id (&follow->away_id, g_source_remove);
      g_object_set (tile, "seconds-away", 0, NULL);
    }
}

static void
on_state (SnugVideoTile *tile, GParamSpec *pspec, GObject *person)
{
  const char *status = NULL;
  SnugPeerState state;

  g_object_get (person, "state", &state, NULL);
  switch (state)
    {
    case SNUG_PEER_CONNECTING:
      status = _ ("Connecting…");
      break;
    case SNUG_PEER_INTERRUPTED:
      status = _ ("Reconnecting…");
      break;
    case SNUG_PEER_FAILED:
      status = _ ("Not connected");
      break;
    case SNUG_PEER_CONNECTED:
    case SNUG_PEER_LEFT:
    default:
      break;
    }
  g_object_set (snug_video_tile_get_chips (tile), "status", status, NULL);
  set_away (tile, state == SNUG_PEER_INTERRUPTED);
}

static void
on_stats (SnugVideoTile *tile, GParamSpec *pspec, SnugStats *stats)
{
  SnugStatsSample *latest = snug_stats_get_latest (stats);
  const SnugStatsValues *values;

  if (latest == NULL)
    return;
  values = snug_stats_sample_get_values (latest);
  g_object_set (snug_video_tile_get_chips (tile),
                "weak", snug_weakness_note (&get_follow (tile)->weakness, snug_stats_verdict_judge (values)),
                "relayed", g_strcmp0 (values->local_candidate_type, "relay") == 0
                             || g_strcmp0 (values->remote_candidate_type, "relay") == 0,
                NULL);
}

static void
on_verification (SnugVideoTile *tile, GParamSpec *pspec, SnugVerification *verification)
{
  SnugVerificationState state = snug_verification_get_state (verification);

  g_object_set (snug_video_tile_get_chips (tile),
                "confirmed", state == SNUG_VERIFICATION_CONFIRMED,
                "doubted", state == SNUG_VERIFICATION_DIFFERENT || state == SNUG_VERIFICATION_BROKEN,
                NULL);
}

static void
follow_camera (SnugVideoTile *tile, GObject *person)
{
  g_autoptr (SnugStats) stats = NULL;

  g_object_bind_property (person, "video-feed", tile, "feed", G_BINDING_SYNC_CREATE);
  g_object_bind_property (person, "video-enabled", tile, "video-enabled", G_BINDING_SYNC_CREATE);
  g_object_bind_property (person, "audio-enabled", tile, "audio-enabled", G_BINDING_SYNC_CREATE);
  g_object_bind_property (person, "audio-level", tile, "level", G_BINDING_SYNC_CREATE);
  g_object_bind_property (person, "hand-raised", snug_video_tile_get_chips (tile), "hand-raised",
                          G_BINDING_SYNC_CREATE);
  g_signal_connect_object (person, "reaction", G_CALLBACK (snug_video_tile_react), tile, G_CONNECT_SWAPPED);
  g_signal_connect_object (person, "notify::state", G_CALLBACK (on_state), tile, G_CONNECT_SWAPPED);
  on_state (tile, NULL, person);
  if (SNUG_IS_PEER (person))
    {
      SnugVerification *verification = snug_peer_get_verification (SNUG_PEER (person));

      g_signal_connect_object (verification, "notify::state", G_CALLBACK (on_verification), tile, G_CONNECT_SWAPPED);
      on_verification (tile, NULL, verification);
    }
  g_object_get (person, "stats", &stats, NULL);
  if (stats != NULL)
    {
      g_signal_connect_object (stats, "notify::latest", G_CALLBACK (on_stats), tile, G_CONNECT_SWAPPED);
      on_stats (tile, NULL, stats);
    }
}

GtkWidget *
snug_tile_person_new (GObject *person, GObject *scope, gboolean screen)
{
  g_autofree char *id = NULL;
  SnugVideoTile *tile;
  Follow *follow;

  g_return_val_if_fail (G_IS_OBJECT (person), NULL);
  g_return_val_if_fail (G_IS_OBJECT (scope), NULL);

  g_object_get (person, "id", &id, NULL);
  tile = g_object_new (SNUG_TYPE_VIDEO_TILE, "screen", screen, "tone", snug_tone_for_peer (scope, id), NULL);
  follow = g_new0 (Follow, 1);
  follow->person = g_object_ref (person);
  g_object_set_qdata_full (G_OBJECT (tile), follow_quark (), follow, follow_free);

  g_object_bind_property (person, "name", tile, "display-name", G_BINDING_SYNC_CREATE);
  if (screen)
    g_object_bind_property (person, "screen-feed", tile, "feed", G_BINDING_SYNC_CREATE);
  else
    follow_camera (tile, person);
  return GTK_WIDGET (tile);
}

GtkWidget *
snug_tile_person_new_own (SnugLocalMedia *media, const char *display_name)
{
  GtkWidget *tile = g_object_new (SNUG_TYPE_VIDEO_TILE,
                                  "own", TRUE,
                                  "mirrored", TRUE,
                                  "tone", SNUG_TONE_OWN,
                                  "display-name", display_name,
                                  NULL);

  g_object_bind_property (media, "preview", tile, "feed", G_BINDING_SYNC_CREATE);
  g_object_bind_property (media, "video-enabled", tile, "video-enabled", G_BINDING_SYNC_CREATE);
  g_object_bind_property (media, "audio-enabled", tile, "audio-enabled", G_BINDING_SYNC_CREATE);
  g_object_bind_property (media, "audio-level", tile, "level", G_BINDING_SYNC_CREATE);
  return tile;
}

gpointer
snug_tile_person_get (SnugVideoTile *tile)
{
  Follow *follow;

  g_return_val_if_fail (SNUG_IS_VIDEO_TILE (tile), NULL);

  follow = get_follow (tile);
  return follow != NULL ? follow->person : NULL;
}
