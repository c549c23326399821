/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Portals: the real xdg-desktop-portal in front of tests/tools/portal-backend, which answers as each test wants, and a real call in
 * which the other side sees what was granted.
 */
#include <gio/gio.h>
#include <string.h>

#include "snug-await.h"
#include "snug-engine.h"
#include "snug-test-call.h"

#define CONTROL "org.snug.PortalBackend"

static GDBusConnection *bus;

static void
control (const char *method, GVariant *parameters)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_sync (bus, CONTROL, "/org/snug/PortalBackend", CONTROL, method, parameters, NULL,
                                     G_DBUS_CALL_FLAGS_NONE, 10000, NULL, &error);

  g_assert_no_error (error);
}

static void
answer (const char *what, const char *how)
{
  control ("Answer", g_variant_new ("(ss)", what, how));
}

/* How many lines of the backend's log hold this text. */
static guint
count_calls (const char *text)
{
  g_autofree char *log = NULL;
  g_auto (GStrv) lines = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (g_getenv ("SNUG_PORTAL_LOG"), &log, NULL, NULL));
  lines = g_strsplit (log, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], text) != NULL)
      n++;

  return n;
}

typedef struct
{
  SnugMockRoom *room;
  SnugTestPerson *first; /* who shares */
  SnugTestPerson *second;
  SnugScreenShare *share;
} Call;

static void
call_start (Call *call, const char *how)
{
  answer ("screen", how);
  call->room = snug_mock_room_new ();
  call->first = snug_test_person_new (call->room, "First", FALSE);
  call->second = snug_test_person_new (call->room, "Second", FALSE);
  call->share = snug_call_get_screen_share (call->first->call);
  snug_test_person_join (call->first);
  snug_test_person_join (call->second);
  snug_await (snug_test_person_peer_is (call->first, 0, SNUG_PEER_CONNECTED)
              && snug_test_person_peer_is (call->second, 0, SNUG_PEER_CONNECTED));
}

static void
call_end (Call *call)
{
  snug_test_person_free (call->first);
  snug_test_person_free (call->second);
  snug_mock_room_free (call->room);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Call, call_end)

static gboolean
is_seen (Call *call)
{
  SnugPeer *peer = snug_test_person_get_peer (call->second, 0);

  return snug_peer_get_screen_enabled (peer)
         && snug_video_feed_get_active (snug_peer_get_screen_feed (peer));
}

#define await_state(call, expected) snug_await (snug_screen_share_get_state ((call)->share) == (expected))

static void
test_screen_granted (void)
{
  g_auto (Call) call = { 0 };
  g_autofree char *token = NULL;
  gint64 start;
  guint closed = count_calls ("Session.Close");

  call_start (&call, "grant");
  g_assert_false (snug_peer_get_screen_enabled (snug_test_person_get_peer (call.second, 0)));
  start = g_get_monotonic_time ();
  snug_screen_share_start (call.share, "x11:1234");
  await_state (&call, SNUG_SCREEN_SHARE_SHARING);
  snug_await (is_seen (&call));
  g_test_message ("from the start to the first picture at the other side: %.0f ms",
                  (g_get_monotonic_time () - start) / 1000.0);
  g_assert_cmpuint (snug_video_feed_get_width (snug_peer_get_screen_feed (snug_test_person_get_peer (call.second, 0))),
                    ==, 1280);
  g_assert_cmpuint (count_calls ("x11:1234"), ==, 1);

  /* What was chosen is remembered, and the next share names it. */
  token = g_strdup (snug_screen_share_get_restore_token (call.share));
  g_assert_nonnull (token);
  snug_screen_share_stop (call.share);
  g_assert_cmpint (snug_screen_share_get_state (call.share), ==, SNUG_SCREEN_SHARE_OFF);
  snug_await (!is_seen (&call));
  snug_await (count_calls ("Session.Close") == closed + 1);

  g_assert_cmpuint (count_calls ("the same screen"), ==, 0);
  snug_screen_share_start (call.share, NULL);
  await_state (&call, SNUG_SCREEN_SHARE_SHARING);
  snug_await (is_seen (&call));
  g_assert_cmpuint (count_calls ("the same screen"), ==, 1);
}

/* The person closes the dialog: no error. */
static void
test_screen_cancelled (void)
{
  g_auto (Call) call = { 0 };

  call_start (&call, "cancel");
  snug_screen_share_start (call.share, NULL);
  g_assert_cmpint (snug_screen_share_get_state (call.share), ==, SNUG_SCREEN_SHARE_ASKING);
  await_state (&call, SNUG_SCREEN_SHARE_OFF);
  g_assert_null (snug_screen_share_get_error (call.share));
  g_assert_false (snug_peer_get_screen_enabled (snug_test_person_get_peer (call.second, 0)));
}

/* The system refuses, or answers with what is no answer. */
static void
test_screen_refused (gconstpointer how)
{
  g_auto (Call) call = { 0 };

  call_start (&call, how);
  snug_screen_share_start (call.share, NULL);
  await_state (&call, SNUG_SCREEN_SHARE_OFF);
  g_assert_error (snug_screen_share_get_error (call.share), SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FAILED);

  /* The next try starts clean. */
  answer ("screen", "grant");
  snug_screen_share_start (call.share, NULL);
  g_assert_null (snug_screen_share_get_error (call.share));
  await_state (&call, SNUG_SCREEN_SHARE_SHARING);
}

/* The dialog stays open until the share is stopped, which takes it away. */
static void
test_screen_never_answered (void)
{
  g_auto (Call) call = { 0 };
  guint started = count_calls ("\"Start\"");
  guint closed = count_calls ("Request.Close");

  call_start (&call, "never");
  snug_screen_share_start (call.share, NULL);
  snug_await (count_calls ("\"Start\"") == started + 1);
  g_assert_cmpint (snug_screen_share_get_state (call.share), ==, SNUG_SCREEN_SHARE_ASKING);

  snug_screen_share_stop (call.share);
  g_assert_cmpint (snug_screen_share_get_state (call.share), ==, SNUG_SCREEN_SHARE_OFF);
  g_assert_null (snug_screen_share_get_error (call.share));
  snug_await (count_calls ("Request.Close") == closed + 1);

  /* Begun anew at once, while the other one is still on its way out. */
  answer ("screen", "grant");
  snug_screen_share_start (call.share, NULL);
  await_state (&call, SNUG_SCREEN_SHARE_SHARING);
  snug_await (is_seen (&call));
}

static void
test_screen_ended_by_system (void)
{
  g_auto (Call) call = { 0 };

  call_start (&call, "grant");
  snug_screen_share_start (call.share, NULL);
  await_state (&call, SNUG_SCREEN_SHARE_SHARING);
  snug_await (is_seen (&call));

  control ("EndSessions", NULL);
  await_state (&call, SNUG_SCREEN_SHARE_OFF);
  g_assert_error (snug_screen_share_get_error (call.share), SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FAILED);
  snug_await (!snug_peer_get_screen_enabled (snug_test_person_get_peer (call.second, 0)));
  g_assert_false (is_seen (&call));
}

static void
test_screen_available (void)
{
  g_auto (Call) call = { 0 };

  call_start (&call, "grant");
  snug_await (snug_screen_share_get_available (call.share));
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  snug_test_init (&argc, &argv);
  if (g_getenv ("SNUG_PORTAL_LOG") == NULL)
    {
      g_print ("1..0 # SKIP there is no portal; tests/tools/portal-backend makes one\n");
      return 0;
    }
  bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_assert_no_error (error);

  g_test_add_func ("/portal/screen/granted", test_screen_granted);
  g_test_add_func ("/portal/screen/cancelled", test_screen_cancelled);
  g_test_add_data_func ("/portal/screen/denied", "deny", test_screen_refused);
  g_test_add_data_func ("/portal/screen/odd", "odd", test_screen_refused);
  g_test_add_func ("/portal/screen/never-answered", test_screen_never_answered);
  g_test_add_func ("/portal/screen/ended-by-system", test_screen_ended_by_system);
  g_test_add_func ("/portal/screen/available", test_screen_available);

  return snug_test_run ();
}
