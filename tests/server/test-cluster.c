/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rooms that servers share, without Redis: what a node asks of it, and what it makes of the answers, in simulated time.
 */
#include "snug-cluster-ledger.h"
#include "snug-cluster.h"
#include "snug-fixtures.h"

#include <string.h>

#define ROOM SNUG_TEST_ROOM
#define OTHER_NODE "ffffffffffffffffffffffffffffffff"
#define THIRD_NODE "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"
#define TOKEN "0123456789abcdef0123456789abcdef"
#define SECOND G_USEC_PER_SEC

/* One node, and all that it says: "run:", "publish:" or "fail:", and "to:kind" for its clients, in order. */
typedef struct
{
  SnugRoomTable *rooms;
  SnugCluster *cluster;
  GString *said;
  gint64 now;
} Fixture;

static void
note (Fixture *fixture, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
note (Fixture *fixture, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (fixture->said->len > 0)
    g_string_append (fixture->said, ", ");
  g_string_append_vprintf (fixture->said, format, arguments);
  va_end (arguments);
}

static void
on_run (const char *const *words, gpointer data)
{
  g_autoptr (GString) text = g_string_new (words[1]);

  /* All but the key, the prefix, who we are, and what is the same each time. */
  for (guint i = strcmp (words[1], "beat") == 0 ? 6 : 7; words[i] != NULL; i++)
    g_string_append_printf (text, " %s", words[i]);
  note (data, "run:%s", text->str);
}

static void
on_publish (const char *node, const char *text, guint64 number, gpointer data)
{
  note (data, "publish:%.4s %.3s%s", node, text, strrchr (text, ' '));
}

static void
on_fail (const char *why, gpointer data)
{
  note (data, "fail:%s", why);
}

static void
on_deliver (GPtrArray *deliveries, gpointer data)
{
  static const char *const kinds[] = { NULL, "join", "joined", "peer-joined", "peer-left", "signal", "leave", NULL };

  for (guint i = 0; i < deliveries->len; i++)
    {
      const SnugDelivery *delivery = g_ptr_array_index (deliveries, i);
      SnugMessage *message = delivery->message;
      SnugMessageKind kind = snug_message_get_kind (message);

      if (kind == SNUG_MESSAGE_ERROR)
        note (data, "%s:%s", delivery->to, snug_protocol_error_to_string (snug_message_get_error_code (message)));
      else if (kind == SNUG_MESSAGE_PEER_JOINED)
        note (data, "%s:%s%s", delivery->to, snug_message_get_greet (message) ? "greet-" : "meet-",
              snug_message_get_peer_id (message));
      else if (kind == SNUG_MESSAGE_PEER_LEFT)
        note (data, "%s:%s%s", delivery->to, snug_message_get_lost (message) ? "lost-" : "left-",
              snug_message_get_peer_id (message));
      else if (kind == SNUG_MESSAGE_JOINED)
        {
          g_autofree char *members = g_strjoinv ("+", (char **) snug_message_get_members (message));

          note (data, "%s:joined(%s)", delivery->to, members);
        }
      else
        note (data, "%s:%s", delivery->to, kinds[kind]);
    }
  g_ptr_array_unref (deliveries);
}

static void
handle (Fixture *fixture, const char *connection, SnugMessage *message)
{
  GPtrArray *deliveries = snug_room_table_handle (fixture->rooms, connection, message);

  for (guint i = 0; i < deliveries->len; i++)
    {
      const SnugDelivery *delivery = g_ptr_array_index (deliveries, i);

      if (delivery->node != NULL)
        snug_cluster_say (fixture->cluster, delivery->node, delivery->to, delivery->message, fixture->now);
    }
  for (guint i = deliveries->len; i-- > 0;)
    {
      if (((SnugDelivery *) g_ptr_array_index (deliveries, i))->node != NULL)
        g_ptr_array_remove_index (deliveries, i);
    }
  on_deliver (deliveries, fixture);
  snug_cluster_update (fixture->cluster);
}

static void
on_admit (const char *connection, SnugMessage *join, gpointer data)
{
  handle (data, connection, join);
}

static void
on_refuse (const char *connection, gpointer data)
{
  note (data, "%s:full", connection);
}

static void
on_replaced (const char *connection, gpointer data)
{
  note (data, "%s:replaced", connection);
}

static const SnugClusterFuncs funcs = { on_run, on_publish, on_fail, on_deliver, on_admit, on_refuse, on_replaced };

static void
assert_said (Fixture *fixture, const char *expected)
{
  g_assert_cmpstr (fixture->said->str, ==, expected);
  g_string_truncate (fixture->said, 0);
}

static void
hear (Fixture *fixture, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* "ME" is our node. */
static void
hear (Fixture *fixture, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autoptr (GString) line = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  line = g_string_new (text);
  g_string_replace (line, "ME", snug_cluster_get_node (fixture->cluster), 0);
  snug_cluster_receive (fixture->cluster, line->str, line->len, fixture->now);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->rooms = snug_room_table_new ();
  fixture->cluster = snug_cluster_new (fixture->rooms, &funcs, fixture);
  fixture->said = g_string_new (NULL);
  fixture->now = 1000 * SECOND;
  snug_cluster_set_online (fixture->cluster, TRUE, fixture->now);
  assert_said (fixture, "run:beat 1");
  hear (fixture, "beat 1");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  snug_cluster_free (fixture->cluster);
  snug_room_table_free (fixture->rooms);
  g_string_free (fixture->said, TRUE);
}

static void
ask (Fixture *fixture, const char *connection, SnugMessage *join)
{
  if (!snug_cluster_join (fixture->cluster, connection, join))
    handle (fixture, connection, join);
  snug_message_unref (join);
}

static void
say (Fixture *fixture, const char *connection, const char *to, const char *payload)
{
  g_autoptr (SnugMessage) message = snug_message_new_signal (SNUG_MESSAGE_FROM_CLIENT, to, payload);

  handle (fixture, connection, message);
}

/* "a" is here, "b" and "c" elsewhere. */
static void
fill (Fixture *fixture)
{
  ask (fixture, "a", snug_message_new_join (ROOM));
  hear (fixture, "joined " ROOM " a 3 b " OTHER_NODE " 1 1 c " OTHER_NODE " 1 2");
  assert_said (fixture, "run:join a 8, a:joined(b+c)");
}

/* Time in which Redis answers. */
static void
pass (Fixture *fixture, guint seconds, const char *alive)
{
  for (guint i = 2; i <= 100; i++)
    {
      g_autofree char *number = NULL;
      gssize at, size;
      char *beat;

      if (seconds == 0)
        return;
      fixture->now += SECOND;
      seconds--;
      snug_cluster_tick (fixture->cluster, fixture->now);
      beat = g_strrstr (fixture->said->str, "run:beat ");
      if (beat == NULL)
        continue;
      number = g_strndup (beat + strlen ("run:beat "), strspn (beat + strlen ("run:beat "), "0123456789"));
      /* It is not to be in what was said. */
      at = (gssize) (beat - fixture->said->str);
      size = (gssize) strcspn (beat, ",");
      if (beat[size] == ',')
        size += 2;
      else if (at > 0)
        {
          at -= 2;
          size += 2;
        }
      g_string_erase (fixture->said, at, size);
      hear (fixture, "beat %s%s", number, alive);
    }
}

static void
test_join (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SnugMessage) leave = snug_message_new_leave ();

  fill (fixture);
  g_assert_cmpuint (snug_room_table_get_n_rooms (fixture->rooms), ==, 1);
  hear (fixture, "in " ROOM " d " THIRD_NODE " 1 4");
  assert_said (fixture, "a:meet-d");
  hear (fixture, "in " ROOM " d " THIRD_NODE " 1 4");
  hear (fixture, "in " SNUG_TEST_OTHER_ROOM " e " THIRD_NODE " 1 4");
  assert_said (fixture, "");
  hear (fixture, "out " ROOM " b " THIRD_NODE " 0");
  hear (fixture, "out " ROOM " a " OTHER_NODE " 0");
  assert_said (fixture, "");
  hear (fixture, "out " ROOM " b " OTHER_NODE " 0");
  hear (fixture, "out " ROOM " c " OTHER_NODE " 1");
  assert_said (fixture, "a:left-b, a:lost-c");

  ask (fixture, "x", snug_message_new_join (ROOM));
  hear (fixture, "full " ROOM " x");
  hear (fixture, "full " ROOM " x");
  assert_said (fixture, "run:join x 8, x:full");
  handle (fixture, "a", leave);
  assert_said (fixture, "run:leave a 0");
  g_assert_cmpuint (snug_room_table_get_n_rooms (fixture->rooms), ==, 0);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  ask (fixture, "a", snug_message_new_join (ROOM));
  g_assert_true (snug_cluster_is_joining (fixture->cluster, "a"));
  snug_cluster_cancel (fixture->cluster, "a");
  g_assert_false (snug_cluster_is_joining (fixture->cluster, "a"));
  hear (fixture, "joined " ROOM " a 1");
  assert_said (fixture, "run:join a 8, run:leave a 0");
  g_assert_cmpuint (snug_room_table_get_n_rooms (fixture->rooms), ==, 0);
}

static void
test_relay (Fixture *fixture, gconstpointer data)
{
  SnugClusterFigures figures;

  fill (fixture);
  say (fixture, "a", "b", "one");
  say (fixture, "a", "nobody", "two");
  assert_said (fixture, "publish:ffff say one, a:no-such-peer");
  hear (fixture, "say " OTHER_NODE " 1 b a hello there");
  hear (fixture, "say " OTHER_NODE " 1 b a again");
  hear (fixture, "say " THIRD_NODE " 1 b a forged");
  hear (fixture, "say " OTHER_NODE " 2 x a unknown");
  hear (fixture, "say " OTHER_NODE " 3 b c not here");
  assert_said (fixture, "a:signal");
  fixture->now += SECOND;
  snug_cluster_tick (fixture->cluster, fixture->now);
  assert_said (fixture, "publish:ffff ack 1");
  hear (fixture, "ack " OTHER_NODE " 1 1");
  snug_cluster_undelivered (fixture->cluster, OTHER_NODE, 1);
  assert_said (fixture, "");
  say (fixture, "a", "c", "three");
  snug_cluster_undelivered (fixture->cluster, OTHER_NODE, 2);
  assert_said (fixture, "publish:ffff say three, a:unreachable");
  snug_cluster_get_figures (fixture->cluster, &figures);
  g_assert_cmpuint (figures.n_said, ==, 2);
  g_assert_cmpuint (figures.n_heard, ==, 1);
  g_assert_cmpuint (figures.n_lost, ==, 1);
}

/* Who has the token goes on at another node. */
static void
test_taken (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = snug_protocol_id_of_token (TOKEN);
  g_autofree char *expected = NULL;

  ask (fixture, "x", snug_message_new_join_with_token (ROOM, TOKEN));
  hear (fixture, "joined " ROOM " %s 1", id);
  g_string_truncate (fixture->said, 0);
  ask (fixture, "a", snug_message_new_join (ROOM));
  hear (fixture, "joined " ROOM " a 2");
  g_string_truncate (fixture->said, 0);
  hear (fixture, "taken " ROOM " %s", id);
  hear (fixture, "in " ROOM " %s " OTHER_NODE " 1 3", id);
  expected = g_strdup_printf ("a:lost-%s, x:replaced, a:meet-%s", id, id);
  assert_said (fixture, expected);
}

/* And here, with Redis or without. */
static void
test_come_here (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = snug_protocol_id_of_token (TOKEN);
  g_autofree char *expected = NULL;

  ask (fixture, "a", snug_message_new_join (ROOM));
  hear (fixture, "joined " ROOM " a 2 %s " OTHER_NODE " 1 1", id);
  g_string_truncate (fixture->said, 0);
  if (data != NULL)
    snug_cluster_set_online (fixture->cluster, FALSE, fixture->now);
  ask (fixture, "x", snug_message_new_join_with_token (ROOM, TOKEN));
  if (data == NULL)
    hear (fixture, "joined " ROOM " %s 3 a ME 1 2", id);
  expected = g_strdup_printf ("%s%s%sa:lost-%s, x:joined(a), a:meet-%s", data == NULL ? "run:join " : "",
                              data == NULL ? id : "", data == NULL ? " 8, " : "", id, id);
  assert_said (fixture, expected);
}

/* Redis is away for a moment: nobody hears of it, but who says something to somebody elsewhere. */
static void
test_blink (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  snug_cluster_set_online (fixture->cluster, FALSE, fixture->now);
  fixture->now += SECOND;
  snug_cluster_tick (fixture->cluster, fixture->now);
  say (fixture, "a", "b", "lost");
  assert_said (fixture, "a:unreachable");
  /* Who comes now meets those who are here. */
  ask (fixture, "n", snug_message_new_join (ROOM));
  assert_said (fixture, "n:joined(a), a:meet-n");
  snug_cluster_set_online (fixture->cluster, TRUE, fixture->now);
  assert_said (fixture, "run:beat 2 " OTHER_NODE ", run:sync a n");
  /* Before Redis has told of the room. */
  hear (fixture, "in " ROOM " d " THIRD_NODE " 1 1");
  assert_said (fixture, "");
  hear (fixture, "beat 2 " OTHER_NODE " 0");
  hear (fixture, "room " ROOM " a ME 1 2 n ME 1 3 d " THIRD_NODE " 1 1 c " OTHER_NODE " 1 4");
  /* b has yet to come, or does not. */
  assert_said (fixture, "a:greet-d, n:greet-d, n:meet-c");
  pass (fixture, 8, " " OTHER_NODE " 1 " THIRD_NODE " 1");
  assert_said (fixture, "");
  hear (fixture, "in " ROOM " b " OTHER_NODE " 1 5");
  assert_said (fixture, "n:meet-b");
}

/* The same, and b does not come. */
static void
test_missing (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  snug_cluster_set_online (fixture->cluster, FALSE, fixture->now);
  snug_cluster_set_online (fixture->cluster, TRUE, fixture->now);
  hear (fixture, "beat 2");
  hear (fixture, "room " ROOM " a ME 1 1 c " OTHER_NODE " 1 2");
  g_string_truncate (fixture->said, 0);
  pass (fixture, 11, " " OTHER_NODE " 1");
  g_assert_nonnull (strstr (fixture->said->str, "run:sync a"));
  g_string_truncate (fixture->said, 0);
  hear (fixture, "room " ROOM " a ME 1 1 c " OTHER_NODE " 1 2");
  assert_said (fixture, "a:lost-b");
}

/* Redis is away for so long that the others take us for dead. */
static void
test_alone (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  snug_cluster_set_online (fixture->cluster, FALSE, fixture->now);
  fixture->now += 6 * SECOND;
  snug_cluster_tick (fixture->cluster, fixture->now);
  assert_said (fixture, "");
  fixture->now += SECOND;
  snug_cluster_tick (fixture->cluster, fixture->now);
  assert_said (fixture, "a:lost-c, a:lost-b");
  snug_cluster_tick (fixture->cluster, fixture->now);
  snug_cluster_set_online (fixture->cluster, TRUE, fixture->now);
  assert_said (fixture, "run:beat 2, run:sync a");
  hear (fixture, "beat 2");
  hear (fixture, "room " ROOM " a ME 2 9 b " OTHER_NODE " 1 1");
  assert_said (fixture, "a:greet-b");
  /* And the other way round: b begins anew. */
  hear (fixture, "in " ROOM " b " OTHER_NODE " 2 10");
  assert_said (fixture, "a:lost-b, a:meet-b");
}

static void
test_dead_node (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  say (fixture, "a", "b", "x");
  g_string_truncate (fixture->said, 0);
  pass (fixture, 9, " " OTHER_NODE " 0");
  assert_said (fixture, "");
  pass (fixture, 3, " " OTHER_NODE " 0");
  assert_said (fixture, "a:unreachable, a:lost-c, a:lost-b");
}

static void
test_silence (Fixture *fixture, gconstpointer data)
{
  fixture->now += 2 * SECOND;
  snug_cluster_tick (fixture->cluster, fixture->now);
  assert_said (fixture, "run:beat 2");
  fixture->now += 3 * SECOND;
  snug_cluster_tick (fixture->cluster, fixture->now);
  assert_said (fixture, "");
  fixture->now += SECOND;
  snug_cluster_tick (fixture->cluster, fixture->now);
  assert_said (fixture, "fail:silent");
  hear (fixture, "beat 2");
  /* Stopped, and continued. */
  fixture->now += 20 * SECOND;
  snug_cluster_tick (fixture->cluster, fixture->now);
  assert_said (fixture, "fail:slept");
}

static void
test_nonsense (Fixture *fixture, gconstpointer data)
{
  static const char *const lines[] = {
    "", " ", "nonsense", "beat", "beat x", "joined", "joined x a 1", "joined " ROOM " a", "joined " ROOM " a 1 b",
    "joined " ROOM " a 1 b " OTHER_NODE " 1", "in " ROOM " a x 1 1", "in " ROOM " a " OTHER_NODE " 1 -1",
    "in " ROOM " \xff " OTHER_NODE " 1 1", "out " ROOM " a " OTHER_NODE " 2", "ack x 1 1", "say " OTHER_NODE " 1 a b",
    "say " OTHER_NODE " 1 a b\tc d", "room " ROOM " a " OTHER_NODE " 1 99999999999999999999", "taken " ROOM " a b", "gone a b",
  };
  SnugClusterFigures figures;

  fill (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    snug_cluster_receive (fixture->cluster, lines[i], strlen (lines[i]), fixture->now);
  snug_cluster_get_figures (fixture->cluster, &figures);
  g_assert_cmpuint (figures.n_refused, ==, G_N_ELEMENTS (lines));
  assert_said (fixture, "");
  /* More people than a room can have. */
  for (guint i = 0; i < 2 * SNUG_ROOM_SIZE_MAX; i++)
    hear (fixture, "in " ROOM " m%u " OTHER_NODE " 1 %u", i, 10 + i);
  g_string_truncate (fixture->said, 0);
  ask (fixture, "z", snug_message_new_join (ROOM));
  hear (fixture, "joined " ROOM " z 999");
  g_assert_nonnull (strstr (fixture->said->str, "z:room-full"));
  g_assert_nonnull (strstr (fixture->said->str, "run:leave z 0"));
}

static void
count_lost (const char *from, const char *to, gpointer data)
{
  (*(guint *) data)++;
}

static void
test_ledger (void)
{
  guint n_lost = 0;
  g_autoptr (SnugClusterLedger) ledger = snug_cluster_ledger_new (count_lost, &n_lost);
  const char *node;
  guint64 first, last;

  for (guint i = 1; i <= 10; i++)
    g_assert_cmpuint (snug_cluster_ledger_send (ledger, "n", "a", "b", i * SECOND), ==, i);
  snug_cluster_ledger_acknowledge (ledger, "n", 1, 3);
  snug_cluster_ledger_acknowledge (ledger, "n", 1, 3);
  snug_cluster_ledger_acknowledge (ledger, "other", 1, 9);
  g_assert_cmpuint (snug_cluster_ledger_get_n_pending (ledger), ==, 7);
  g_assert_cmpuint (n_lost, ==, 0);
  snug_cluster_ledger_lose (ledger, "n", 5);
  g_assert_cmpuint (n_lost, ==, 1);
  /* 4 was not heard, nor will it be. */
  snug_cluster_ledger_acknowledge (ledger, "n", 6, 7);
  g_assert_cmpuint (n_lost, ==, 2);
  snug_cluster_ledger_expire (ledger, 8 * SECOND + SNUG_LEDGER_LOST_MICROSECONDS);
  g_assert_cmpuint (n_lost, ==, 3);
  snug_cluster_ledger_forget (ledger, "n");
  g_assert_cmpuint (n_lost, ==, 5);
  g_assert_cmpuint (snug_cluster_ledger_send (ledger, "n", "a", "b", 0), ==, 11);
  for (guint i = 1; i < SNUG_LEDGER_MAX; i++)
    g_assert_cmpuint (snug_cluster_ledger_send (ledger, "n", "a", "b", 0), >, 0);
  g_assert_cmpuint (snug_cluster_ledger_send (ledger, "n", "a", "b", 0), ==, 0);

  g_assert_false (snug_cluster_ledger_is_new (ledger, "m", 0));
  g_assert_true (snug_cluster_ledger_is_new (ledger, "m", 1));
  snug_cluster_ledger_receive (ledger, "m", 1, SECOND);
  snug_cluster_ledger_receive (ledger, "m", 2, SECOND);
  g_assert_false (snug_cluster_ledger_is_new (ledger, "m", 2));
  g_assert_false (snug_cluster_ledger_take_ack (ledger, SECOND, &node, &first, &last));
  /* Number 3 is missing: what came before it is told first. */
  snug_cluster_ledger_receive (ledger, "m", 4, SECOND);
  g_assert_true (snug_cluster_ledger_take_ack (ledger, SECOND, &node, &first, &last));
  g_assert_cmpuint (first, ==, 1);
  g_assert_cmpuint (last, ==, 2);
  g_assert_true (snug_cluster_ledger_take_ack (ledger, SECOND + SNUG_LEDGER_ACK_MICROSECONDS, &node, &first, &last));
  g_assert_cmpstr (node, ==, "m");
  g_assert_cmpuint (first, ==, 4);
  g_assert_cmpuint (last, ==, 4);
  g_assert_false (snug_cluster_ledger_take_ack (ledger, 9 * SECOND, &node, &first, &last));
  snug_cluster_ledger_repeat (ledger);
  g_assert_true (snug_cluster_ledger_take_ack (ledger, 9 * SECOND, &node, &first, &last));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/cluster/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("join", test_join);
  ADD ("cancel", test_cancel);
  ADD ("relay", test_relay);
  ADD ("taken", test_taken);
  ADD ("come-here", test_come_here);
  g_test_add ("/cluster/come-here-alone", Fixture, "", set_up, test_come_here, tear_down);
  ADD ("blink", test_blink);
  ADD ("missing", test_missing);
  ADD ("alone", test_alone);
  ADD ("dead-node", test_dead_node);
  ADD ("silence", test_silence);
  ADD ("nonsense", test_nonsense);
  g_test_add_func ("/cluster/ledger", test_ledger);
  return g_test_run ();
}
