/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-preferences-window.h"

#include "snug-device-row.h"
#include "snug-error-text.h"
#include "snug-format.h"
#include "snug-global-shortcut.h"
#include "snug-ice-server.h"
#include "snug-protocol.h"
#include "snug-push-to-talk.h"
#include "snug-recent-rooms.h"
#include "snug-room-name.h"
#include "snug-websocket-signaling.h"

#include <glib/gi18n.h>

#define ICE_KEY "ice-servers"
#define LIMIT_KEY "upload-limit"

/* What is offered, kbit/s; 0: none. */
static const guint upload_limits[] = { 0, 5000, 2000, 1000, 500, 250 };

struct _SnugPreferencesWindow
{
  AdwPreferencesWindow parent_instance;

  /* Template widgets */
  AdwEntryRow *name_row;
  AdwComboRow *place_row;
  AdwEntryRow *server_row;
  GtkLabel *server_problem;
  SnugDeviceRow *camera_row;
  SnugDeviceRow *microphone_row;
  SnugDeviceRow *speaker_row;
  AdwPreferencesGroup *ice_group;
  AdwExpanderRow *add_row;
  AdwEntryRow *uri_row;
  AdwEntryRow *user_row;
  AdwPasswordEntryRow *password_row;
  GtkLabel *ice_problem;
  AdwPreferencesGroup *voice_group;
  GtkSwitch *echo_switch;
  GtkSwitch *noise_switch;
  GtkSwitch *gain_switch;
  GtkWidget *talk_row;
  GtkSwitch *talk_switch;
  AdwComboRow *quality_row;
  GtkSwitch *mirror_switch;
  AdwComboRow *limit_row;
  GtkSwitch *silence_switch;
  GtkSwitch *relay_switch;
  GtkSwitch *sounds_switch;

  /* Owned */
  GSettings *settings;
  SnugGlobalShortcut *shortcut; /* only to learn whether there can be one */
  GPtrArray *ice_rows; /* (element-type GtkWidget), borrowed from the group */
};

G_DEFINE_FINAL_TYPE (SnugPreferencesWindow, snug_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

gboolean
snug_preferences_check_ice_server (const char *uri,
                                   const char *username,
                                   const char *credential,
                                   const char **sentence)
{
  gboolean turn = g_ascii_strncasecmp (uri, "turn:", 5) == 0 || g_ascii_strncasecmp (uri, "turns:", 6) == 0;

  *sentence = NULL;
  if (g_ascii_strncasecmp (uri, "stuns:", 6) == 0)
    *sentence = _ ("Addresses with stuns: are not supported. Use stun:.");
  else if (!snug_ice_server_check_uri (uri, NULL))
    *sentence = _ ("Write stun:host or turn:host, with a port if it needs one.");
  else if (turn && (*username == '\0' || *credential == '\0'))
    *sentence = _ ("A relay needs a user name and a password.");
  return *sentence == NULL;
}

static void
show_problem (GtkLabel *label, const char *sentence)
{
  gtk_label_set_label (label, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (label), sentence != NULL);
}

static void
on_name_changed (SnugPreferencesWindow *self)
{
  g_autofree char *name = snug_display_name_normalize (gtk_editable_get_text (GTK_EDITABLE (self->name_row)), NULL);

  if (name != NULL)
    g_settings_set_string (self->settings, "display-name", name);
}

static gboolean
is_at_server (SnugPreferencesWindow *self)
{
  return adw_combo_row_get_selected (self->place_row) == 1;
}

/* Without an address it stays at this network. */
static void
on_place_selected (SnugPreferencesWindow *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->server_row), is_at_server (self));
  if (self->settings != NULL)
    g_settings_set_boolean (self->settings, "this-network", !is_at_server (self));
}

static void
on_server_edited (SnugPreferencesWindow *self)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self->server_row), "error");
  show_problem (self->server_problem, NULL);
}

static void
on_server_applied (SnugPreferencesWindow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->server_row));
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = NULL;

  if (*trimmed == '\0')
    {
      g_settings_reset (self->settings, "server-uri");
      adw_combo_row_set_selected (self->place_row, 0);
      return;
    }
  uri = snug_websocket_signaling_normalize_uri (trimmed, &error);
  if (uri == NULL)
    {
      gtk_widget_add_css_class (GTK_WIDGET (self->server_row), "error");
      show_problem (self->server_problem, snug_error_text_lookup (error, SNUG_ERROR_TEXT_CALL, NULL).sentence);
      return;
    }
  g_settings_set_string (self->settings, "server-uri", uri);
  adw_combo_row_set_selected (self->place_row, 1);
  adw_entry_row_set_show_apply_button (self->server_row, FALSE);
  gtk_editable_set_text (GTK_EDITABLE (self->server_row), uri);
  adw_entry_row_set_show_apply_button (self->server_row, TRUE);
}

static void
on_remove_ice (SnugPreferencesWindow *self, GtkButton *button)
{
  guint remove = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "snug-index"));
  g_autoptr (GVariant) servers = g_settings_get_value (self->settings, ICE_KEY);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sss)"));
  for (gsize i = 0; i < g_variant_n_children (servers); i++)
    if (i != remove)
      {
        g_autoptr (GVariant) server = g_variant_get_child_value (servers, i);
        g_variant_builder_add_value (&builder, server);
      }
  g_settings_set_value (self->settings, ICE_KEY, g_variant_builder_end (&builder));
  gtk_widget_grab_focus (GTK_WIDGET (self->add_row));
}

static void
show_ice_servers (SnugPreferencesWindow *self)
{
  g_autoptr (GVariant) servers = g_settings_get_value (self->settings, ICE_KEY);
  GVariantIter iter;
  const char *uri, *user, *password;
  guint index = 0;

  for (guint i = 0; i < self->ice_rows->len; i++)
    adw_preferences_group_remove (self->ice_group, g_ptr_array_index (self->ice_rows, i));
  g_ptr_array_set_size (self->ice_rows, 0);

  g_variant_iter_init (&iter, servers);
  while (g_variant_iter_next (&iter, "(&s&s&s)", &uri, &user, &password))
    {
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");
      g_autofree char *name = g_strdup_printf (_ ("Remove %s"), uri);

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), uri);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), user);
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (button, "flat");
      gtk_widget_add_css_class (button, "circular");
      gtk_widget_set_tooltip_text (button, name);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
      g_object_set_data (G_OBJECT (button), "snug-index", GUINT_TO_POINTER (index));
      g_signal_connect_object (button, "clicked", G_CALLBACK (on_remove_ice), self, G_CONNECT_SWAPPED);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
      adw_preferences_group_add (self->ice_group, row);
      g_ptr_array_add (self->ice_rows, row);
      index++;
    }
  gtk_widget_set_sensitive (GTK_WIDGET (self->add_row), index < SNUG_ICE_SERVERS_MAX);
}

static void
add_ice_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugPreferencesWindow *self = SNUG_PREFERENCES_WINDOW (widget);
  g_autofree char *uri = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->uri_row))));
  const char *user = gtk_editable_get_text (GTK_EDITABLE (self->user_row));
  const char *password = gtk_editable_get_text (GTK_EDITABLE (self->password_row));
  const char *sentence;
  g_autoptr (GVariant) servers = NULL;
  GVariantBuilder builder;

  if (!snug_preferences_check_ice_server (uri, user, password, &sentence))
    {
      show_problem (self->ice_problem, sentence);
      gtk_widget_grab_focus (GTK_WIDGET (self->uri_row));
      return;
    }

  servers = g_settings_get_value (self->settings, ICE_KEY);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sss)"));
  for (gsize i = 0; i < g_variant_n_children (servers); i++)
    {
      g_autoptr (GVariant) server = g_variant_get_child_value (servers, i);
      g_variant_builder_add_value (&builder, server);
    }
  g_variant_builder_add (&builder, "(sss)", uri, user, password);
  g_settings_set_value (self->settings, ICE_KEY, g_variant_builder_end (&builder));

  gtk_editable_set_text (GTK_EDITABLE (self->uri_row), "");
  gtk_editable_set_text (GTK_EDITABLE (self->user_row), "");
  gtk_editable_set_text (GTK_EDITABLE (self->password_row), "");
  show_problem (self->ice_problem, NULL);
  adw_expander_row_set_expanded (self->add_row, FALSE);
}

static void
on_ice_edited (SnugPreferencesWindow *self)
{
  show_problem (self->ice_problem, NULL);
}

static void
forget_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugPreferencesWindow *self = SNUG_PREFERENCES_WINDOW (widget);

  snug_recent_rooms_forget_all (self->settings);
  g_settings_reset (self->settings, "last-room");
  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), adw_toast_new (_ ("Recent rooms forgotten.")));
}

static void
snug_preferences_window_dispose (GObject *object)
{
  SnugPreferencesWindow *self = SNUG_PREFERENCES_WINDOW (object);

  g_clear_object (&self->shortcut);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (snug_preferences_window_parent_class)->dispose (object);
}

static void
snug_preferences_window_finalize (GObject *object)
{
  g_ptr_array_unref (SNUG_PREFERENCES_WINDOW (object)->ice_rows);
  G_OBJECT_CLASS (snug_preferences_window_parent_class)->finalize (object);
}

static void
snug_preferences_window_class_init (SnugPreferencesWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = snug_preferences_window_dispose;
  object_class->finalize = snug_preferences_window_finalize;

  g_type_ensure (SNUG_TYPE_DEVICE_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-preferences-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, name_row);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, place_row);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, server_row);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, server_problem);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, camera_row);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, microphone_row);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, speaker_row);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, ice_group);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, add_row);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, uri_row);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, user_row);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, password_row);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, ice_problem);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, voice_group);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, echo_switch);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, noise_switch);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, gain_switch);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, talk_row);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, talk_switch);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, quality_row);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, mirror_switch);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, limit_row);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, silence_switch);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, relay_switch);
  gtk_widget_class_bind_template_child (widget_class, SnugPreferencesWindow, sounds_switch);
  gtk_widget_class_bind_template_callback (widget_class, on_place_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_server_edited);
  gtk_widget_class_bind_template_callback (widget_class, on_server_applied);
  gtk_widget_class_bind_template_callback (widget_class, on_ice_edited);
  gtk_widget_class_install_action (widget_class, "preferences.add-ice-server", NULL, add_ice_action);
  gtk_widget_class_install_action (widget_class, "preferences.forget-rooms", NULL, forget_action);
}

static void
snug_preferences_window_init (SnugPreferencesWindow *self)
{
  AdwEntryRow *rows[4];

  self->ice_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  rows[0] = self->name_row;
  rows[1] = self->server_row;
  rows[2] = self->uri_row;
  rows[3] = self->user_row;
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_editable_get_delegate (GTK_EDITABLE (rows[i]))),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    adw_preferences_row_get_title (ADW_PREFERENCES_ROW (rows[i])), -1);
}

static void
on_quality_selected (SnugPreferencesWindow *self)
{
  g_settings_set_enum (self->settings, "picture-quality", (int) adw_combo_row_get_selected (self->quality_row));
}

static void
on_limit_selected (SnugPreferencesWindow *self)
{
  guint selected = adw_combo_row_get_selected (self->limit_row);

  if (selected < G_N_ELEMENTS (upload_limits))
    g_settings_set_uint (self->settings, LIMIT_KEY, upload_limits[selected]);
}

/* A limit that was set by other means is shown as the next smaller one, and kept until another is chosen. */
static void
bind_limit (SnugPreferencesWindow *self)
{
  guint limit = g_settings_get_uint (self->settings, LIMIT_KEY);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;

  for (guint i = 0; i < G_N_ELEMENTS (upload_limits); i++)
    {
      g_autofree char *name = upload_limits[i] > 0 ? snug_format_bit_rate (upload_limits[i] * 1000.0)
                                                   : g_strdup (C_ ("limit of data", "No limit"));

      gtk_string_list_append (names, name);
      if (limit > 0 && (selected == 0 || upload_limits[selected] > limit))
        selected = i;
    }
  adw_combo_row_set_model (self->limit_row, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->limit_row, selected);
  g_signal_connect_object (self->limit_row, "notify::selected", G_CALLBACK (on_limit_selected), self, G_CONNECT_SWAPPED);
}

/* Sound and picture of the person: applied at once, in a call too. */
static void
bind_media (SnugPreferencesWindow *self, SnugLocalMedia *media)
{
  gboolean available;

  g_object_get (media, "voice-processing-available", &available, NULL);
  if (!available)
    adw_preferences_group_set_description (self->voice_group,
                                           /* Translators: "webrtcdsp" is the name of a program part */
                                           _ ("Not possible here: the GStreamer element webrtcdsp is missing."));
  g_settings_bind (self->settings, "echo-cancellation", self->echo_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "noise-suppression", self->noise_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "gain-control", self->gain_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "mirror-self", self->mirror_switch, "active", G_SETTINGS_BIND_DEFAULT);
  gtk_widget_set_sensitive (GTK_WIDGET (self->echo_switch), available);
  gtk_widget_set_sensitive (GTK_WIDGET (self->noise_switch), available);
  gtk_widget_set_sensitive (GTK_WIDGET (self->gain_switch), available);
  self->shortcut = snug_global_shortcut_new (SNUG_PUSH_TO_TALK_ID, "", NULL);
  g_object_bind_property (self->shortcut, "available", self->talk_row, "visible", G_BINDING_SYNC_CREATE);
  g_settings_bind (self->settings, "push-to-talk-anywhere", self->talk_switch, "active", G_SETTINGS_BIND_DEFAULT);
  adw_combo_row_set_selected (self->quality_row, (guint) g_settings_get_enum (self->settings, "picture-quality"));
  g_signal_connect_object (self->quality_row, "notify::selected", G_CALLBACK (on_quality_selected), self, G_CONNECT_SWAPPED);
}

SnugPreferencesWindow *
snug_preferences_window_new (SnugDevices *devices)
{
  SnugPreferencesWindow *self = g_object_new (SNUG_TYPE_PREFERENCES_WINDOW, NULL);
  g_autofree char *name = NULL;
  g_autofree char *server = NULL;

  g_return_val_if_fail (SNUG_IS_DEVICES (devices), NULL);

  server = g_settings_get_string (snug_devices_get_settings (devices), "server-uri");
  adw_combo_row_set_selected (self->place_row,
                              *server != '\0'
                                && !g_settings_get_boolean (snug_devices_get_settings (devices), "this-network"));
  on_place_selected (self);
  self->settings = g_object_ref (snug_devices_get_settings (devices));
  snug_device_row_set_devices (self->camera_row, devices);
  snug_device_row_set_devices (self->microphone_row, devices);
  snug_device_row_set_devices (self->speaker_row, devices);

  bind_media (self, snug_devices_get_local_media (devices));

  name = g_settings_get_string (self->settings, "display-name");
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), name);
  gtk_editable_set_text (GTK_EDITABLE (self->server_row), server);
  adw_entry_row_set_show_apply_button (self->server_row, TRUE);
  g_signal_connect_object (self->name_row, "changed", G_CALLBACK (on_name_changed), self, G_CONNECT_SWAPPED);
  g_settings_bind (self->settings, "sounds", self->sounds_switch, "active", G_SETTINGS_BIND_DEFAULT);
  bind_limit (self);
  g_settings_bind (self->settings, "silence-suppression", self->silence_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "relay-only", self->relay_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (self->settings, "changed::" ICE_KEY, G_CALLBACK (show_ice_servers), self,
                           G_CONNECT_SWAPPED);
  show_ice_servers (self);
  return self;
}

void
snug_preferences_window_show_page (SnugPreferencesWindow *self, const char *name)
{
  g_return_if_fail (SNUG_IS_PREFERENCES_WINDOW (self));
  adw_preferences_window_set_visible_page_name (ADW_PREFERENCES_WINDOW (self), name);
  if (g_str_equal (name, "general"))
    {
      gtk_widget_set_visible (GTK_WIDGET (self->server_row), TRUE);
      gtk_widget_grab_focus (GTK_WIDGET (self->server_row));
    }
}
