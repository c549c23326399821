/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The default devices of a sound server that changes them, comes late, or does not come.
 */
#include <glib/gstdio.h>

#include "snug-await.h"
#include "snug-sound-server.h"

/* Returns: (transfer full): what pactl wrote. */
static char *
pactl (const char *words)
{
  g_autofree char *command = g_strconcat ("pactl ", words, NULL);
  g_autoptr (GError) error = NULL;
  char *output = NULL;
  int status;

  g_spawn_command_line_sync (command, &output, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));

  return output;
}

static void
set_default (const char *kind, const char *name)
{
  g_autofree char *words = g_strdup_printf ("set-default-%s %s", kind, name);

  g_free (pactl (words));
}

static gboolean
is_skipped (void)
{
  if (g_getenv ("SNUG_DESKTOP") != NULL)
    return FALSE;

  g_test_skip ("needs the sound server of tests/tools/desktop");

  return TRUE;
}

static gboolean
sink_is (SnugSoundServer *server, const char *name)
{
  return g_strcmp0 (snug_sound_server_get_default_sink (server), name) == 0;
}

static void
test_default (void)
{
  SnugSoundServer *server, *same;
  g_autofree char *module = NULL;
  g_autofree char *unload = NULL;

  if (is_skipped ())
    return;

  server = snug_sound_server_get ();
  same = snug_sound_server_get ();
  g_assert_true (server == same);
  g_object_unref (same);

  snug_await (sink_is (server, "snug_speakers"));
  g_assert_cmpstr (snug_sound_server_get_default_source (server), ==, "snug_microphone");
  module = pactl ("load-module module-null-sink sink_name=snug_other");
  set_default ("sink", "snug_other");
  snug_await (sink_is (server, "snug_other"));
  set_default ("source", "snug_other.monitor");
  snug_await (g_strcmp0 (snug_sound_server_get_default_source (server), "snug_other.monitor") == 0);
  unload = g_strconcat ("unload-module ", module, NULL);
  g_free (pactl (unload));
  snug_await (!sink_is (server, "snug_other"));
  set_default ("source", "snug_microphone");
  set_default ("sink", "snug_speakers");
  snug_await (sink_is (server, "snug_speakers"));
  snug_await_finalized (server);
}

/* There is no socket at first, and later there is. */
static void
test_late (void)
{
  g_autofree char *folder = g_dir_make_tmp ("snug-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "native", NULL);
  g_autofree char *address = g_strconcat ("unix:", path, NULL);
  g_autofree char *real = g_build_filename (g_get_user_runtime_dir (), "pulse", "native", NULL);
  SnugSoundServer *server;

  if (is_skipped ())
    return;

  g_setenv ("PULSE_SERVER", address, TRUE);
  server = snug_sound_server_get ();
  g_assert_null (snug_sound_server_get_default_sink (server));
  g_assert_cmpint (symlink (real, path), ==, 0);
  snug_await (sink_is (server, "snug_speakers"));
  snug_await_finalized (server);
  g_unsetenv ("PULSE_SERVER");
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sound-server/default", test_default);
  g_test_add_func ("/sound-server/late", test_late);

  return g_test_run ();
}
