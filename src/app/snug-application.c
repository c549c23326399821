/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-application.h"

#include "snug-app-resources.h"
#include "snug-camera-portal.h"
#include "snug-link.h"
#include "snug-self-test.h"
#include "snug-websocket-signaling.h"
#include "snug-window.h"

#include <glib/gi18n.h>

struct _SnugApplication
{
  AdwApplication parent_instance;

  GSettings *settings;
};

G_DEFINE_FINAL_TYPE (SnugApplication, snug_application, ADW_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "server", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Meeting point to use instead of the one in Preferences"), N_ ("URL") },
  { "new-instance", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Do not hand over to a Snug that runs already"), NULL },
  { "self-test", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Tell which parts are installed, and exit"), NULL },
  { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version and exit"), NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, NULL, NULL, N_ ("[ROOM|LINK]") },
  { NULL },
};

/* SNUG_MEDIA, for tests: "test" instead of devices, "portal": cameras by way of the portal, as in a sandbox. */
static SnugWindow *
ensure_window (SnugApplication *self)
{
  const char *media = g_getenv ("SNUG_MEDIA");
  GtkWindow *window = NULL;

  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (SNUG_IS_WINDOW (l->data))
      window = l->data;
  if (window == NULL)
    {
      if (g_strcmp0 (media, "portal") == 0)
        snug_camera_portal_set_wanted (TRUE);
      window = GTK_WINDOW (snug_window_new (GTK_APPLICATION (self), self->settings, g_strcmp0 (media, "test") == 0));
    }
  return SNUG_WINDOW (window);
}

static void
snug_application_activate (GApplication *application)
{
  gtk_window_present (GTK_WINDOW (ensure_window (SNUG_APPLICATION (application))));
}

static int
snug_application_handle_local_options (GApplication *application, GVariantDict *dict)
{
  const char *server = NULL;

  if (g_variant_dict_contains (dict, "version"))
    {
      g_print ("snug %s\n", SNUG_VERSION);
      return 0;
    }
  if (g_variant_dict_contains (dict, "self-test"))
    {
      gboolean passed;
      g_autofree char *report = snug_self_test_report (FALSE, &passed);

      g_print ("%s", report);
      return passed ? 0 : 1;
    }
  if (g_variant_dict_contains (dict, "new-instance"))
    g_application_set_flags (application, g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
  if (g_variant_dict_lookup (dict, "server", "&s", &server))
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *uri = snug_websocket_signaling_normalize_uri (server, &error);

      if (uri == NULL)
        {
          g_printerr ("snug: %s\n", error->message);
          return 2;
        }
    }
  return -1;
}

static int
snug_application_command_line (GApplication *application, GApplicationCommandLine *line)
{
  GVariantDict *dict = g_application_command_line_get_options_dict (line);
  SnugWindow *window = ensure_window (SNUG_APPLICATION (application));
  g_autofree const char **rest = NULL;
  const char *server = NULL;

  if (g_variant_dict_lookup (dict, "server", "&s", &server))
    snug_window_set_server (window, server);
  if (g_variant_dict_lookup (dict, G_OPTION_REMAINING, "^a&s", &rest) && rest[0] != NULL)
    {
      if (snug_link_is_link (rest[0]))
        snug_window_open_link (window, rest[0]);
      else
        snug_window_set_room (window, rest[0]);
    }
  gtk_window_present (GTK_WINDOW (window));
  return 0;
}

/* From a browser or another program, over D-Bus. */
static void
snug_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  SnugWindow *window = ensure_window (SNUG_APPLICATION (application));
  g_autofree char *uri = g_file_get_uri (files[0]);

  snug_window_open_link (window, uri);
  gtk_window_present (GTK_WINDOW (window));
}

/* What a press on a notification does. */
static void
show_call_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  snug_window_show_call (ensure_window (SNUG_APPLICATION (user_data)),
                         g_str_equal (g_action_get_name (G_ACTION (action)), "show-chat"));
}

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  /* Each window asks what there is to ask; the application ends with the last one. */
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (user_data)));

  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_close (GTK_WINDOW (l->data));
}

static void
snug_application_startup (GApplication *application)
{
  static const GActionEntry actions[] = {
    { "quit", quit_action, NULL, NULL, NULL, { 0 } },
    { "show-call", show_call_action, NULL, NULL, NULL, { 0 } },
    { "show-chat", show_call_action, NULL, NULL, NULL, { 0 } },
  };
  static const char *const quit_keys[] = { "<Control>q", NULL };
  static const char *const close_keys[] = { "<Control>w", NULL };
  static const char *const preferences_keys[] = { "<Control>comma", NULL };
  GtkApplication *app = GTK_APPLICATION (application);

  snug_app_register_resource ();
  G_APPLICATION_CLASS (snug_application_parent_class)->startup (application);

  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                    "/io/github/snugcalls/Snug/icons");
  gtk_window_set_default_icon_name (SNUG_APP_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions), application);
  gtk_application_set_accels_for_action (app, "app.quit", quit_keys);
  gtk_application_set_accels_for_action (app, "window.close", close_keys);
  gtk_application_set_accels_for_action (app, "win.preferences", preferences_keys);
  SNUG_APPLICATION (application)->settings = g_settings_new (SNUG_APP_ID);
}

static void
snug_application_dispose (GObject *object)
{
  g_clear_object (&SNUG_APPLICATION (object)->settings);
  G_OBJECT_CLASS (snug_application_parent_class)->dispose (object);
}

static void
snug_application_class_init (SnugApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = snug_application_dispose;
  application_class->startup = snug_application_startup;
  application_class->activate = snug_application_activate;
  application_class->handle_local_options = snug_application_handle_local_options;
  application_class->command_line = snug_application_command_line;
  application_class->open = snug_application_open;
}

static void
snug_application_init (SnugApplication *self)
{
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_summary (G_APPLICATION (self), _ ("Private audio and video calls by room name."));
}

SnugApplication *
snug_application_new (void)
{
  return g_object_new (SNUG_TYPE_APPLICATION,
                       "application-id", SNUG_APP_ID,
                       "resource-base-path", "/io/github/snugcalls/Snug",
                       "flags", G_APPLICATION_HANDLES_COMMAND_LINE | G_APPLICATION_HANDLES_OPEN,
                       NULL);
}
