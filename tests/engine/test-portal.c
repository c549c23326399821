/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Portals: the real xdg-desktop-portal in front of tests/tools/portal-backend, which answers as each test wants, and a real call in
 * which the other side sees what was granted.
 */
#include <gio/gio.h>
#include <string.h>

#include "snug-await.h"
#include "snug-camera-portal.h"
#include "snug-engine.h"
#include "snug-global-shortcut.h"
#include "snug-test-call.h"

#define CONTROL "org.snug.PortalBackend"

static GDBusConnection *bus;

static void
control (const char *method, GVariant *parameters)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply G_GNUC_UNUSED
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
  /* What is sent as the channel goes away again is forgotten by webrtcbin, not freed. */
  snug_await (snug_peer_get_chat_open (snug_test_person_get_peer (call->first, 0))
              && snug_peer_get_chat_open (snug_test_person_get_peer (call->second, 0)));
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

/* What a person decided once is remembered for the next time, and would answer for the tests that follow. */
static void
forget_cameras (void)
{
  g_autoptr (GVariant) reply G_GNUC_UNUSED = g_dbus_connection_call_sync (
      bus, "org.freedesktop.impl.portal.PermissionStore", "/org/freedesktop/impl/portal/PermissionStore",
      "org.freedesktop.impl.portal.PermissionStore", "Delete", g_variant_new ("(ss)", "devices", "camera"), NULL,
      G_DBUS_CALL_FLAGS_NONE, 10000, NULL, NULL);
}

/* Refused, and no way around it; then turned on once more and granted. */
static void
test_camera (void)
{
  g_autoptr (SnugLocalMedia) media = snug_local_media_new ();
  g_autoptr (SnugMediaSource) camera = snug_media_source_new (SNUG_MEDIA_SOURCE_DEVICE, NULL);
  guint asked = count_calls ("AccessDialog");

  snug_camera_portal_set_wanted (TRUE);
  forget_cameras ();
  answer ("camera", "deny");
  snug_local_media_set_video_source (media, camera);
  snug_await (snug_local_media_get_video_error (media) != NULL);
  g_assert_error (snug_local_media_get_video_error (media), SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_DENIED);
  g_assert_false (snug_local_media_get_video_active (media));
  g_assert_cmpuint (count_calls ("AccessDialog"), ==, asked + 1);

  forget_cameras ();
  answer ("camera", "grant");
  snug_local_media_set_video_source (media, camera);
  snug_await (snug_local_media_get_video_active (media));
  g_assert_null (snug_local_media_get_video_error (media));
  g_assert_cmpuint (count_calls ("AccessDialog"), ==, asked + 2);
  snug_await (snug_video_feed_get_n_frames (snug_local_media_get_preview (media)) > 5);
  snug_camera_portal_set_wanted (FALSE);
}

typedef struct
{
  SnugGlobalShortcut *shortcut;
  GString *events; /* "+": pressed, "-": released */
} Keys;

static void
on_pressed (Keys *keys)
{
  g_string_append_c (keys->events, '+');
}

static void
on_released (Keys *keys)
{
  g_string_append_c (keys->events, '-');
}

static void
test_shortcut (void)
{
  g_autoptr (SnugGlobalShortcut) shortcut = snug_global_shortcut_new ("push-to-talk", "Push to talk", "CTRL+space");
  g_autoptr (GString) events = g_string_new (NULL);
  Keys keys = { shortcut, events };

  g_signal_connect_swapped (shortcut, "pressed", G_CALLBACK (on_pressed), &keys);
  g_signal_connect_swapped (shortcut, "released", G_CALLBACK (on_released), &keys);
  snug_await (snug_global_shortcut_get_available (shortcut));
  answer ("shortcut", "grant");
  snug_global_shortcut_bind (shortcut, NULL);
  snug_await (snug_global_shortcut_get_bound (shortcut));

  control ("Press", NULL);
  snug_await (g_str_equal (events->str, "+"));
  /* A key that repeats is held down once. */
  control ("Press", NULL);
  control ("Release", NULL);
  snug_await (g_str_equal (events->str, "+-"));

  /* Held down when the desktop ends it: it would never be released. */
  control ("Press", NULL);
  snug_await (g_str_equal (events->str, "+-+"));
  control ("EndSessions", NULL);
  snug_await (!snug_global_shortcut_get_bound (shortcut));
  g_assert_cmpstr (events->str, ==, "+-+-");

  /* Bound anew, given back. */
  snug_global_shortcut_bind (shortcut, NULL);
  snug_await (snug_global_shortcut_get_bound (shortcut));
  snug_global_shortcut_unbind (shortcut);
  g_assert_false (snug_global_shortcut_get_bound (shortcut));
}

static void
test_shortcut_refused (void)
{
  g_autoptr (SnugGlobalShortcut) shortcut = snug_global_shortcut_new ("push-to-talk", "Push to talk", NULL);
  guint bound = count_calls ("BindShortcuts");
  guint closed = count_calls ("Session.Close");

  answer ("shortcut", "deny");
  snug_global_shortcut_bind (shortcut, NULL);
  snug_await (count_calls ("BindShortcuts") == bound + 1);
  snug_await (count_calls ("Session.Close") == closed + 1);
  g_assert_false (snug_global_shortcut_get_bound (shortcut));
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
  g_test_add_func ("/portal/camera", test_camera);
  g_test_add_func ("/portal/shortcut/keys", test_shortcut);
  g_test_add_func ("/portal/shortcut/refused", test_shortcut_refused);

  return snug_test_run ();
}
