/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-event-log.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/stat.h>

#include "snug-await.h"
#include "snug-engine.h"
#include "snug-error-words.h"
#include "snug-event-text.h"
#include "snug-test-call.h"

static JsonObject *
parse (const char *line)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = json_from_string (line, &error);

  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (root));

  return json_node_dup_object (root);
}

/* A log whose events are kept. */
typedef struct
{
  SnugEventLog *log;
  GPtrArray *events; /* JsonObject */
  GPtrArray *lines;  /* char * */
  guint n_errors;
} Log;

static void
write_cb (const char *line, gboolean error, gpointer user_data)
{
  Log *log = user_data;

  g_assert_null (strchr (line, '\n'));
  g_assert_true (g_utf8_validate (line, -1, NULL));
  g_ptr_array_add (log->lines, g_strdup (line));
  if (*line == '{')
    g_ptr_array_add (log->events, parse (line));
  if (error)
    log->n_errors++;
}

static Log *
log_new (SnugEventLogFormat format)
{
  Log *log = g_new0 (Log, 1);

  log->events = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  log->lines = g_ptr_array_new_with_free_func (g_free);
  log->log = snug_event_log_new (format, write_cb, log, NULL);

  return log;
}

static void
log_free (Log *log)
{
  g_assert_finalize_object (log->log);
  g_ptr_array_unref (log->events);
  g_ptr_array_unref (log->lines);
  g_free (log);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Log, log_free)

static gboolean
is (JsonObject *event, const char *member, const char *value)
{
  return g_strcmp0 (json_object_get_string_member_with_default (event, member, NULL), value) == 0;
}

/* The first event of that kind, and with that value when one is named; NULL: none yet. */
static JsonObject *
find (Log *log, const char *kind, const char *member, const char *value)
{
  for (guint i = 0; i < log->events->len; i++)
    {
      JsonObject *event = g_ptr_array_index (log->events, i);

      if (is (event, "event", kind) && (member == NULL || is (event, member, value)))
        return event;
    }

  return NULL;
}

static void
assert_last (Log *log, const char *kind, const char *state)
{
  JsonObject *event = g_ptr_array_index (log->events, log->events->len - 1);

  g_assert_cmpstr (json_object_get_string_member (event, "event"), ==, kind);
  g_assert_cmpstr (json_object_get_string_member (event, "state"), ==, state);
}

static void
assert_times (Log *log)
{
  double last = 0;

  for (guint i = 0; i < log->events->len; i++)
    {
      double t = json_object_get_double_member (g_ptr_array_index (log->events, i), "t");

      g_assert_cmpfloat (t, >=, last);
      last = t;
    }
}

static void
test_finalize (void)
{
  g_autoptr (Log) log = log_new (SNUG_EVENT_LOG_JSON);

  snug_event_log_watch (log->log, NULL);
  g_assert_cmpuint (log->lines->len, ==, 0);
}

static void
test_ready (void)
{
  g_autoptr (Log) log = log_new (SNUG_EVENT_LOG_JSON);
  JsonObject *event;

  snug_event_log_write_ready (log->log);
  snug_event_log_write_recording (log->log, SNUG_MEDIA_AUDIO, 3, 4);
  event = g_ptr_array_index (log->events, 0);
  g_assert_cmpuint (json_object_get_size (event), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (event, "event"), ==, "ready");
  event = g_ptr_array_index (log->events, 1);
  g_assert_cmpstr (json_object_get_string_member (event, "media"), ==, "audio");
  g_assert_cmpint (json_object_get_int_member (event, "written"), ==, 3);
  g_assert_cmpint (json_object_get_int_member (event, "dropped"), ==, 4);
  assert_times (log);
}

static void
assert_words (GQuark domain, int code, const char *domain_word, const char *code_word)
{
  g_autoptr (GError) error = g_error_new_literal (domain, code, "x");
  g_autofree char *word = snug_error_code_word (error);

  g_assert_cmpstr (snug_error_domain_word (error), ==, domain_word);
  g_assert_cmpstr (word, ==, code_word);
}

static void
test_error_words (void)
{
  g_autoptr (GHashTable) words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  static const struct
  {
    GQuark (*domain) (void);
    int last;
  } domains[] = {
    { snug_call_error_quark, SNUG_CALL_ERROR_ICE_SERVER },
    { snug_media_error_quark, SNUG_MEDIA_ERROR_SPEC },
    { snug_signaling_error_quark, SNUG_SIGNALING_ERROR_HOST_LEFT },
    { snug_protocol_error_quark, SNUG_PROTOCOL_ERROR_OTHER },
    { snug_file_error_quark, SNUG_FILE_ERROR_PEER_LEFT },
  };

  assert_words (SNUG_CALL_ERROR, SNUG_CALL_ERROR_NO_ROUTE, "call", "no-route");
  assert_words (SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE, "media", "file");
  assert_words (SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_NOT_SNUG, "signaling", "not-snug");
  assert_words (SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_ROOM_FULL, "protocol", "room-full");
  assert_words (SNUG_CALL_ERROR, 9999, "call", "9999");
  assert_words (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "g-io-error-quark", "1");

  /* Every code has a word of its own in its domain. */
  for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
    for (int code = 1; code <= domains[i].last; code++)
      {
        g_autoptr (GError) error = g_error_new_literal (domains[i].domain (), code, "x");
        g_autofree char *word = snug_error_code_word (error);

        g_assert_false (g_ascii_isdigit (*word));
        g_assert_true (g_hash_table_add (
            words, g_strconcat (snug_error_domain_word (error), " ", word, NULL)));
      }
}

static void
test_error (void)
{
  g_autoptr (Log) log = log_new (SNUG_EVENT_LOG_JSON);
  g_autoptr (GError) error
      = g_error_new (SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE, "%s", "bad \xff \"name\"\n");
  JsonObject *event;

  snug_event_log_write_error (log->log, "video-out", error);
  event = g_ptr_array_index (log->events, 0);
  g_assert_cmpuint (log->n_errors, ==, 1);
  g_assert_true (is (event, "event", "error"));
  g_assert_true (is (event, "source", "video-out"));
  g_assert_true (is (event, "domain", "media"));
  g_assert_true (is (event, "code", "file"));
  g_assert_true (json_object_get_null_member (event, "peer"));
  g_assert_nonnull (strstr (json_object_get_string_member (event, "message"), "\"name\"\n"));
}

static void
assert_candidate (Log *log, const char *side, const char *peer_id)
{
  JsonObject *event = find (log, "candidate", "side", side);

  g_assert_nonnull (event);
  g_assert_true (is (event, "peer", peer_id));
  g_assert_true (is (event, "type", "host"));
  g_assert_true (is (event, "protocol", "udp") || is (event, "protocol", "tcp"));
  g_assert_true (g_hostname_is_ip_address (json_object_get_string_member (event, "address")));
  g_assert_cmpint (json_object_get_int_member (event, "port"), >, 0);
}

static void
assert_connected (JsonObject *event, const char *peer_id)
{
  g_assert_true (is (event, "peer", peer_id));
  g_assert_true (is (event, "name", "Bea"));
  g_assert_true (is (event, "path", "direct"));
  g_assert_true (is (event, "protocol", "udp"));
  g_assert_true (is (event, "local_candidate_type", "host"));
  g_assert_true (g_hostname_is_ip_address (json_object_get_string_member (event, "remote_address")));
  g_assert_cmpint (json_object_get_int_member (event, "remote_port"), >, 0);
}

/* Every field of the table, of its type or null, and nothing else. */
static void
assert_stats (JsonObject *event, const char *peer_id)
{
  gsize n_fields;
  const SnugStatsField *fields = snug_stats_sample_list_fields (&n_fields);

  g_assert_true (is (event, "peer", peer_id));
  for (gsize i = 0; i < n_fields; i++)
    {
      JsonNode *node = json_object_get_member (event, fields[i].name);

      g_assert_nonnull (node);
      if (JSON_NODE_HOLDS_NULL (node))
        continue;
      g_assert_true (JSON_NODE_HOLDS_VALUE (node));
      if (fields[i].type == SNUG_STATS_STRING)
        g_assert_true (json_node_get_value_type (node) == G_TYPE_STRING);
      else
        g_assert_true (json_node_get_value_type (node) == G_TYPE_INT64
                       || json_node_get_value_type (node) == G_TYPE_DOUBLE);
    }
  g_assert_cmpuint (json_object_get_size (event), ==, 3 + n_fields);
}

static void
test_call (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (Log) log = log_new (SNUG_EVENT_LOG_JSON);
  g_autoptr (SnugTestPerson) ada = snug_test_person_new (room, "Ada", TRUE);
  g_autoptr (SnugTestPerson) bea = snug_test_person_new (room, "Bea", TRUE);
  g_autofree char *peer_id = NULL;

  snug_event_log_watch (log->log, ada->call);
  snug_test_person_join (ada);
  snug_test_person_join (bea);
  snug_await (find (log, "peer", "change", "joined") != NULL);
  peer_id = g_strdup (snug_call_get_self_id (bea->call));
  g_assert_true (is (find (log, "state", "state", "joined"), "id", snug_call_get_self_id (ada->call)));
  g_assert_true (is (find (log, "peer", NULL, NULL), "id", peer_id));
  g_assert_true (is (find (log, "peer", NULL, NULL), "name", "Bea"));

  snug_await (find (log, "connected", NULL, NULL) != NULL);
  assert_connected (find (log, "connected", NULL, NULL), peer_id);
  g_assert_nonnull (find (log, "peer", "state", "connected"));
  assert_candidate (log, "local", peer_id);
  assert_candidate (log, "remote", peer_id);
  snug_await (find (log, "first-frame", "media", "video") != NULL);
  snug_await (find (log, "first-frame", "media", "audio") != NULL);
  g_assert_true (is (find (log, "first-frame", NULL, NULL), "peer", peer_id));

  snug_await (snug_peer_get_chat_open (snug_test_person_get_peer (ada, 0)));
  snug_await (snug_peer_get_chat_open (snug_test_person_get_peer (bea, 0)));
  g_assert_true (snug_chat_send (snug_call_get_chat (bea->call), "hello"));
  g_assert_true (snug_chat_send (snug_call_get_chat (ada->call), "good day"));
  snug_await (find (log, "chat", "text", "hello") != NULL);
  snug_await (find (log, "chat-state", "state", "delivered") != NULL);
  g_assert_true (is (find (log, "chat", "text", "hello"), "peer", peer_id));
  g_assert_true (is (find (log, "chat", "text", "hello"), "name", "Bea"));
  g_assert_true (is (find (log, "chat", "text", "hello"), "state", "received"));
  g_assert_true (json_object_get_null_member (find (log, "chat", "text", "good day"), "peer"));
  g_assert_true (json_object_get_boolean_member (find (log, "chat", "text", "good day"), "outgoing"));
  g_assert_true (is (find (log, "chat-state", NULL, NULL), "text", "good day"));

  assert_stats (find (log, "stats", NULL, NULL), peer_id);

  /* Junk from a peer is no event. */
  g_signal_emit_by_name (snug_test_person_get_peer (ada, 0), "candidate", FALSE, "");
  g_signal_emit_by_name (snug_test_person_get_peer (ada, 0), "candidate", FALSE, "candidate:\xff 1 2");
  g_assert_null (find (log, "candidate", "type", NULL));

  snug_test_person_leave (bea);
  snug_await (find (log, "peer", "change", "left") != NULL);
  snug_test_person_leave (ada);
  assert_last (log, "left", "left");
  assert_times (log);
  g_assert_cmpuint (log->n_errors, ==, 0);
  snug_event_log_watch (log->log, NULL);
}

/* Whoever begins to watch late is told what there is. */
static void
test_late (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (Log) log = log_new (SNUG_EVENT_LOG_JSON);
  g_autoptr (SnugTestPerson) ada = snug_test_person_new (room, "Ada", FALSE);
  g_autoptr (SnugTestPerson) bea = snug_test_person_new (room, "Bea", FALSE);

  snug_test_person_join (ada);
  snug_test_person_join (bea);
  snug_await (snug_test_person_get_peer (ada, 0) != NULL);
  g_assert_true (snug_chat_send (snug_call_get_chat (ada->call), "before"));

  snug_event_log_watch (log->log, ada->call);
  g_assert_nonnull (find (log, "state", "state", "joined"));
  g_assert_nonnull (find (log, "peer", "change", "joined"));
  g_assert_nonnull (find (log, "chat", "text", "before"));

  /* We leave: the others stay, as far as anybody knows. */
  snug_test_person_leave (ada);
  g_assert_null (find (log, "peer", "change", "left"));
  snug_event_log_watch (log->log, NULL);
}

static void
test_failed (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (GError) error
      = g_error_new_literal (SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_UNREACHABLE, "no such host");
  g_autoptr (Log) log = log_new (SNUG_EVENT_LOG_JSON);
  g_autoptr (SnugTestPerson) ada = snug_test_person_new (room, "Ada", FALSE);

  snug_mock_room_set_open_error (room, error);
  snug_event_log_watch (log->log, ada->call);
  snug_call_join (ada->call);
  snug_await (find (log, "left", NULL, NULL) != NULL);
  assert_last (log, "left", "failed");
  g_assert_nonnull (find (log, "state", "state", "failed"));
  g_assert_cmpuint (log->n_errors, ==, 1);
  g_assert_true (is (find (log, "error", NULL, NULL), "source", "call"));
  g_assert_true (is (find (log, "error", NULL, NULL), "code", "unreachable"));
  snug_event_log_watch (log->log, NULL);
}

static void
test_media_error (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (Log) log = log_new (SNUG_EVENT_LOG_JSON);
  g_autoptr (SnugTestPerson) ada = snug_test_person_new (room, "Ada", FALSE);
  g_autoptr (SnugMediaSource) source
      = snug_media_source_new (SNUG_MEDIA_SOURCE_FILE, "/nonexistent/film.webm");

  snug_event_log_watch (log->log, ada->call);
  snug_local_media_set_video_source (ada->media, source);
  snug_local_media_set_audio_source (ada->media, source);
  snug_await (find (log, "error", "source", "video") != NULL);
  snug_await (find (log, "error", "source", "audio") != NULL);
  g_assert_true (is (find (log, "error", NULL, NULL), "domain", "media"));
  g_assert_true (is (find (log, "error", NULL, NULL), "code", "file"));
  snug_event_log_watch (log->log, NULL);
}

static void
assert_text (const char *json, const char *name, const char *expected)
{
  g_autoptr (JsonObject) event = parse (json);
  g_autofree char *text = snug_event_text_format (event, name);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_text (void)
{
  assert_text ("{\"event\":\"state\",\"state\":\"joined\"}", NULL, "In the room.");
  assert_text ("{\"event\":\"state\",\"state\":\"left\"}", NULL, NULL);
  assert_text ("{\"event\":\"candidate\"}", "Bea", NULL);
  assert_text ("{\"event\":\"something new\"}", "Bea", NULL);
  assert_text ("{\"event\":\"peer\",\"change\":\"joined\"}", "Bea", "Bea is here.");
  assert_text ("{\"event\":\"peer\",\"change\":\"state\"}", "Bea", NULL);
  assert_text ("{\"event\":\"connected\",\"path\":\"relay\",\"protocol\":\"tcp\"}", "Bea",
               "Connected to Bea: relay, over tcp.");
  assert_text ("{\"event\":\"connected\",\"path\":null,\"protocol\":null}", "Bea",
               "Connected to Bea.");
  assert_text ("{\"event\":\"first-frame\",\"media\":\"video\"}", NULL, "You see Somebody.");
  assert_text ("{\"event\":\"chat\",\"outgoing\":true,\"text\":\"hi\"}", NULL, "You: hi");
  assert_text ("{\"event\":\"chat-state\",\"state\":\"delivered\",\"text\":\"hi\"}", NULL, NULL);
  assert_text ("{\"event\":\"chat-state\",\"state\":\"not-sent\",\"text\":\"hi\"}", NULL,
               "Nobody got: hi");
  assert_text ("{\"event\":\"error\",\"source\":\"peer\",\"message\":\"no way\"}", "Bea",
               "Bea: no way.");
  assert_text ("{\"event\":\"error\",\"source\":\"call\",\"message\":\"no way\"}", NULL, "no way.");
  assert_text ("{\"event\":\"left\",\"state\":\"left\"}", NULL, "Left the room.");
  assert_text ("{\"event\":\"stats\",\"round_trip_seconds\":0.0123,\"received_bits_per_second\":"
               "512000,\"sent_bits_per_second\":null,\"received_loss_fraction\":0.015,"
               "\"received_width\":640,\"received_height\":360,\"received_frames_per_second\":29.97}",
               "Bea", "Bea: round trip 12 ms, in 512 kbit/s, loss 1.5 %, 640x360 at 30 a second");
  assert_text ("{\"event\":\"stats\"}", "Bea", "Bea");
}

/* Escape sequences, line feeds and direction marks in what others wrote. */
static void
test_text_disarmed (void)
{
  assert_text ("{\"event\":\"chat\",\"outgoing\":false,\"text\":\"a\\u001b[2Jb\\nc\\u0007\\u009b\"}",
               "Bea\x1b[31m\xe2\x80\xae",
               "Bea\xef\xbf\xbd[31m\xef\xbf\xbd: a\xef\xbf\xbd[2Jb c\xef\xbf\xbd\xef\xbf\xbd");
}

static void
test_text_call (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (Log) log = log_new (SNUG_EVENT_LOG_TEXT);
  g_autoptr (SnugTestPerson) ada = snug_test_person_new (room, "Ada", FALSE);
  g_autoptr (SnugTestPerson) bea = snug_test_person_new (room, "Bea", FALSE);

  snug_event_log_watch (log->log, ada->call);
  snug_test_person_join (ada);
  snug_test_person_join (bea);
  snug_test_await_call (ada, bea);
  snug_await (g_ptr_array_find_with_equal_func (log->lines, "Connected to Bea: direct, over udp.",
                                                g_str_equal, NULL));
  g_assert_true (g_ptr_array_find_with_equal_func (log->lines, "Bea is here.", g_str_equal, NULL));
  for (guint i = 0; i < log->lines->len; i++)
    g_assert_false (g_str_has_prefix (g_ptr_array_index (log->lines, i), "Bea: "));

  /* Stats only when asked for. */
  snug_event_log_set_text_stats (log->log, TRUE);
  snug_await (g_str_has_prefix (g_ptr_array_index (log->lines, log->lines->len - 1), "Bea"));
  snug_event_log_watch (log->log, NULL);
}

static void
test_path (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("snug-event-log-XXXXXX", &error);
  g_autofree char *path = g_build_filename (dir, "events", NULL);
  g_autofree char *fifo = g_build_filename (dir, "fifo", NULL);
  g_autofree char *contents = NULL;
  g_auto (GStrv) lines = NULL;
  SnugEventLog *log;

  for (guint i = 0; i < 2; i++)
    {
      log = snug_event_log_new_for_path (path, &error);
      g_assert_no_error (error);
      snug_event_log_write_ready (log);
      g_assert_finalize_object (log);
    }
  g_assert_true (g_file_get_contents (path, &contents, NULL, &error));
  lines = g_strsplit (contents, "\n", 0);
  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  for (guint i = 0; i < 2; i++)
    json_object_unref (parse (lines[i]));
  g_assert_cmpstr (lines[2], ==, "");

  g_assert_null (snug_event_log_new_for_path (dir, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_ISDIR);
  g_clear_error (&error);

  /* Nobody reads it: an error, not a wait. */
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_null (snug_event_log_new_for_path (fifo, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NXIO);

  g_unlink (fifo);
  g_unlink (path);
  g_rmdir (dir);
}

int
main (int argc, char *argv[])
{
  snug_test_init (&argc, &argv);

  g_test_add_func ("/event-log/finalize", test_finalize);
  g_test_add_func ("/event-log/ready", test_ready);
  g_test_add_func ("/event-log/error-words", test_error_words);
  g_test_add_func ("/event-log/error", test_error);
  g_test_add_func ("/event-log/call", test_call);
  g_test_add_func ("/event-log/late", test_late);
  g_test_add_func ("/event-log/failed", test_failed);
  g_test_add_func ("/event-log/media-error", test_media_error);
  g_test_add_func ("/event-log/text", test_text);
  g_test_add_func ("/event-log/text-disarmed", test_text_disarmed);
  g_test_add_func ("/event-log/text-call", test_text_call);
  g_test_add_func ("/event-log/path", test_path);

  return g_test_run ();
}
