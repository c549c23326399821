/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-call-story.h"

#include <string.h>

#include "snug-event-log.h"
#include "snug-event.h"
#include "snug-ice-trace.h"

/* In the order in which a call comes to them. */
typedef enum
{
  STAGE_MEETING_POINT,
  STAGE_PERSON,
  STAGE_OWN_CANDIDATE,
  STAGE_DESCRIPTION,
  STAGE_OTHER_CANDIDATE,
  STAGE_PATH,
  STAGE_DTLS,
  STAGE_VERIFIED,
  STAGE_PACKET,
  STAGE_SOUND,
  STAGE_PICTURE,
  N_STAGES
} Stage;

static const char *const stage_names[N_STAGES] = {
  "signaling: in the room",
  "signaling: somebody else there",
  "candidates: the first of this side",
  "description: of both sides",
  "candidates: the first of the other side",
  "ICE: a pair that works",
  "DTLS: handshake done",
  "verified: the certificate is the right one",
  "first packet",
  "first sound",
  "first frame",
};

struct _SnugCallStory
{
  GObject parent_instance;

  SnugEventLog *log;
  SnugIceTrace *trace;
  GListModel *peers; /* of the call; NULL: not watched any more */
  gint64 start;
  double reached[N_STAGES]; /* seconds; negative: not */
  GPtrArray *lines;         /* char * */
};

G_DEFINE_FINAL_TYPE (SnugCallStory, snug_call_story, G_TYPE_OBJECT)

static double
get_seconds (SnugCallStory *self)
{
  return (g_get_monotonic_time () - self->start) / (double) G_USEC_PER_SEC;
}

static void
reach (SnugCallStory *self, Stage stage)
{
  if (self->reached[stage] < 0)
    self->reached[stage] = get_seconds (self);
}

/* text: (transfer full). */
static void
keep (SnugCallStory *self, char *text)
{
  if (self->lines->len < SNUG_CALL_STORY_LINES_MAX)
    g_ptr_array_add (self->lines, g_strdup_printf ("%7.3f s  %s", get_seconds (self), text));
  g_free (text);
}

static void
on_pair (SnugCallStory *self, const SnugIcePair *pair)
{
  if (pair->state == SNUG_ICE_PAIR_SUCCEEDED)
    reach (self, STAGE_PATH);
  if (pair->state < SNUG_ICE_PAIR_IN_PROGRESS)
    return;
  keep (self, g_strdup_printf ("pair [%s]:%u > [%s]:%u %s: %s%s", pair->local_address, pair->local_port, pair->remote_address,
                               pair->remote_port, pair->protocol != NULL ? pair->protocol : "",
                               snug_ice_pair_state_to_string (pair->state), pair->nominated ? ", nominated" : ""));
}

static const char *
get (JsonObject *event, const char *name)
{
  JsonNode *node = json_object_get_member (event, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : "";
}

static gint64
get_number (JsonObject *event, const char *name)
{
  return json_object_has_member (event, name) ? json_object_get_int_member (event, name) : 0;
}

static void
on_event (JsonObject *event, SnugCallStory *self)
{
  const char *kind = get (event, "event");
  const char *state = get (event, "state");

  if (g_str_equal (kind, "state"))
    {
      if (g_str_equal (state, "joined"))
        reach (self, STAGE_MEETING_POINT);
      keep (self, g_strdup_printf ("the call is %s", state));
    }
  else if (g_str_equal (kind, "peer") && !g_str_equal (get (event, "change"), "media"))
    {
      reach (self, STAGE_PERSON);
      keep (self, g_strdup_printf ("the other side is %s (%s)", state, get (event, "change")));
    }
  else if (g_str_equal (kind, "candidate"))
    {
      reach (self, g_str_equal (get (event, "side"), "local") ? STAGE_OWN_CANDIDATE : STAGE_OTHER_CANDIDATE);
      keep (self, g_strdup_printf ("candidate, %s: %s %s [%s]:%" G_GINT64_FORMAT, get (event, "side"), get (event, "type"),
                                   get (event, "protocol"), get (event, "address"), get_number (event, "port")));
    }
  else if (g_str_equal (kind, "connected"))
    {
      /* It costs, and has told what there was to tell. */
      if (self->trace != NULL)
        snug_ice_trace_stop (self->trace);
      keep (self, g_strdup_printf ("connected, %s: %s [%s]:%" G_GINT64_FORMAT " > %s [%s]:%" G_GINT64_FORMAT, get (event, "path"),
                                   get (event, "local_candidate_type"), get (event, "local_address"),
                                   get_number (event, "local_port"), get (event, "remote_candidate_type"),
                                   get (event, "remote_address"), get_number (event, "remote_port")));
    }
  else if (g_str_equal (kind, "first-frame"))
    {
      reach (self, g_str_equal (get (event, "media"), "audio") ? STAGE_SOUND : STAGE_PICTURE);
      keep (self, g_strdup_printf ("first %s", get (event, "media")));
    }
  else if (g_str_equal (kind, "error"))
    keep (self, g_strdup_printf ("error of %s: %s, %s: %s", get (event, "source"), get (event, "domain"), get (event, "code"),
                                 get (event, "message")));
}

static void
on_stage (SnugCallStory *self, guint stage)
{
  static const Stage stages[] = {
    [SNUG_CONNECTION_DESCRIBED] = STAGE_DESCRIPTION,
    [SNUG_CONNECTION_ENCRYPTED] = STAGE_DTLS,
    [SNUG_CONNECTION_VERIFIED] = STAGE_VERIFIED,
    [SNUG_CONNECTION_HEARD] = STAGE_PACKET,
  };

  if (self->peers != NULL)
    reach (self, stages[stage]);
}

static void
on_peers (SnugCallStory *self, guint position, guint removed, guint added)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (SnugPeer) peer = g_list_model_get_item (self->peers, i);

      g_signal_connect_object (peer, "stage", G_CALLBACK (on_stage), self, G_CONNECT_SWAPPED);
    }
}

static void
on_line (const char *line, gboolean error, gpointer user_data)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();

  /* What is not wanted is most of it, and every second. */
  if (strstr (line, "\"event\":\"stats\"") == NULL && json_parser_load_from_data (parser, line, -1, NULL)
      && JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    on_event (json_node_get_object (json_parser_get_root (parser)), user_data);
}

void
snug_call_story_end (SnugCallStory *self)
{
  g_return_if_fail (SNUG_IS_CALL_STORY (self));

  if (self->log != NULL)
    snug_event_log_watch (self->log, NULL);
  g_clear_object (&self->log);
  if (self->peers != NULL)
    g_signal_handlers_disconnect_by_data (self->peers, self);
  g_clear_object (&self->peers);
  if (self->trace != NULL)
    {
      snug_ice_trace_stop (self->trace);
      g_signal_handlers_disconnect_by_data (self->trace, self);
    }
  g_clear_object (&self->trace);
}

static void
snug_call_story_dispose (GObject *object)
{
  snug_call_story_end (SNUG_CALL_STORY (object));

  G_OBJECT_CLASS (snug_call_story_parent_class)->dispose (object);
}

static void
snug_call_story_finalize (GObject *object)
{
  g_ptr_array_unref (SNUG_CALL_STORY (object)->lines);

  G_OBJECT_CLASS (snug_call_story_parent_class)->finalize (object);
}

static void
snug_call_story_class_init (SnugCallStoryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = snug_call_story_dispose;
  object_class->finalize = snug_call_story_finalize;
}

static void
snug_call_story_init (SnugCallStory *self)
{
  self->lines = g_ptr_array_new_with_free_func (g_free);
  self->start = g_get_monotonic_time ();
  for (guint i = 0; i < N_STAGES; i++)
    self->reached[i] = -1;
}

SnugCallStory *
snug_call_story_new (SnugCall *call)
{
  SnugCallStory *self;

  g_return_val_if_fail (SNUG_IS_CALL (call), NULL);

  self = g_object_new (SNUG_TYPE_CALL_STORY, NULL);
  self->trace = snug_ice_trace_new (NULL);
  g_signal_connect_swapped (self->trace, "pair", G_CALLBACK (on_pair), self);
  self->log = snug_event_log_new (SNUG_EVENT_LOG_JSON, on_line, self, NULL);
  snug_event_log_watch (self->log, call);
  self->peers = g_object_ref (snug_call_get_peers (call));
  g_signal_connect_swapped (self->peers, "items-changed", G_CALLBACK (on_peers), self);
  on_peers (self, 0, 0, g_list_model_get_n_items (self->peers));
  return self;
}

/* Since the last one before it in time: they do not come in the same order on both sides. */
static double
get_duration (SnugCallStory *self, Stage stage)
{
  double since = 0;

  for (guint i = 0; i < N_STAGES; i++)
    if (i != stage && self->reached[i] >= 0 && self->reached[i] <= self->reached[stage])
      since = MAX (since, self->reached[i]);
  return self->reached[stage] - since;
}

GStrv
snug_call_story_list (SnugCallStory *self)
{
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();

  g_return_val_if_fail (SNUG_IS_CALL_STORY (self), NULL);

  for (guint i = 0; i < N_STAGES; i++)
    {
      g_autofree char *line = self->reached[i] >= 0 ? g_strdup_printf ("%7.3f s  reached: %s, after %.3f s", self->reached[i],
                                                                       stage_names[i], get_duration (self, i))
                                                    : g_strdup_printf ("not reached: %s", stage_names[i]);

      g_strv_builder_add (list, line);
    }
  for (guint i = 0; i < self->lines->len; i++)
    g_strv_builder_add (list, self->lines->pdata[i]);
  return g_strv_builder_end (list);
}
