/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-window-devices.h"
#include "snug-window-private.h"

#include "snug-engine.h"
#include "snug-error-text.h"
#include "snug-link.h"
#include "snug-preferences-window.h"
#include "snug-stack.h"
#include "snug-toast.h"
#include "snug-websocket-signaling.h"

#include <glib/gi18n.h>

#define TOAST_SECONDS 8
/* What the settings' schema allows, pixels. */
#define WIDTH_MIN 360
#define HEIGHT_MIN 294
#define SIZE_MAX_PIXELS 16384

G_DEFINE_FINAL_TYPE (SnugWindow, snug_window, ADW_TYPE_APPLICATION_WINDOW)

static gboolean
is_in_call (SnugWindow *self)
{
  SnugCallState state = self->call != NULL ? snug_call_get_state (self->call) : SNUG_CALL_IDLE;

  return state == SNUG_CALL_JOINING || state == SNUG_CALL_JOINED;
}

void
snug_window_show_page (SnugWindow *self, gpointer page)
{
  snug_stack_show (self->stack, GTK_WIDGET (page));
  if (page == self->lobby)
    snug_lobby_page_focus_start (self->lobby);
  else if (page == self->call_page)
    snug_call_page_focus_start (self->call_page);
  else if (page == self->by_hand_page)
    snug_by_hand_page_focus_start (self->by_hand_page);
  else if (page == self->doctor_page)
    snug_doctor_page_focus_start (self->doctor_page);
  else if (page == self->ended_page)
    snug_ended_page_focus_start (self->ended_page);
  else
    snug_failed_page_focus_start (self->failed_page);
}

void
snug_window_toast (SnugWindow *self, const char *sentence)
{
  g_return_if_fail (SNUG_IS_WINDOW (self));

  snug_toast_say (self->toasts, sentence, TOAST_SECONDS);
}

char *
snug_window_get_server (SnugWindow *self)
{
  return self->server != NULL ? g_strdup (self->server) : g_settings_get_string (self->settings, "server-uri");
}

gboolean
snug_window_is_on_network (SnugWindow *self)
{
  g_autofree char *server = snug_window_get_server (self);

  if (*server == '\0')
    return TRUE;
  return self->server != NULL ? self->off_server : g_settings_get_boolean (self->settings, "this-network");
}

static void
on_set_server (SnugWindow *self)
{
  snug_window_show_preferences (self, "general");
}

static void
open_event_log (SnugWindow *self)
{
  const char *path = g_getenv ("SNUG_EVENTS");
  g_autoptr (GError) error = NULL;

  if (path == NULL || *path == '\0')
    return;
  self->events = snug_event_log_new_for_path (path, &error);
  if (self->events == NULL)
    g_message ("No event log: %s", error->message);
  else
    snug_event_log_write_ready (self->events);
}

/* The engine starts, or the failure page says what is missing. */
static void
start_engine (SnugWindow *self)
{
  g_autoptr (GError) error = NULL;

  if (!snug_engine_init (&error))
    {
      snug_window_show_failure (self, error, NULL);
      return;
    }
  snug_engine_warm_up ();
  open_event_log (self);
  self->devices = snug_devices_new (self->settings, self->test_media);
  self->sounds = snug_sounds_new (snug_devices_get_audio_output (self->devices));
  g_settings_bind (self->settings, "sounds", self->sounds, "enabled", G_SETTINGS_BIND_GET);
  snug_lobby_page_set_devices (self->lobby, self->devices);
  snug_call_page_set_devices (self->call_page, self->devices);
  snug_window_devices_watch (self->toasts, self->devices);
  snug_window_show_page (self, self->lobby);
}

static void
on_retry (SnugWindow *self)
{
  if (self->devices == NULL)
    start_engine (self);
  else
    snug_window_start_call (self);
}

static void
on_back (SnugWindow *self)
{
  if (self->devices != NULL)
    snug_window_show_page (self, self->lobby);
  else
    gtk_window_close (GTK_WINDOW (self));
}

static void
on_remedy (SnugWindow *self, guint remedy, SnugFailedPage *page)
{
  static const char *const pages[] = {
    [SNUG_REMEDY_NETWORK] = "network", [SNUG_REMEDY_SERVER] = "general", [SNUG_REMEDY_DEVICES] = "devices",
  };

  if (remedy < G_N_ELEMENTS (pages) && pages[remedy] != NULL)
    snug_window_show_preferences (self, pages[remedy]);
}

static void
on_copied (SnugWindow *self)
{
  snug_window_toast (self, _ ("Report copied. It holds no names and no messages."));
}

static void
update_server (SnugWindow *self)
{
  g_autofree char *server = snug_window_get_server (self);
  g_autoptr (GUri) uri = g_uri_parse (server, G_URI_FLAGS_NONE, NULL);
  gboolean on_network = snug_window_is_on_network (self);
  const char *host = uri != NULL ? g_uri_get_host (uri) : server;
  g_autofree char *usual = on_network ? NULL : snug_websocket_signaling_normalize_uri (server, NULL);

  snug_lobby_page_set_usual_server (self->lobby, usual);
  snug_lobby_page_set_meeting_point (self->lobby, *server != '\0' ? host : NULL, on_network);
}

static void
on_place_chosen (SnugWindow *self, gboolean this_network)
{
  if (self->server != NULL)
    {
      self->off_server = this_network;
      update_server (self);
    }
  else
    g_settings_set_boolean (self->settings, "this-network", this_network);
}

static void
on_close_response (SnugWindow *self, const char *response, AdwMessageDialog *dialog)
{
  self->close_dialog = NULL;
  if (!g_str_equal (response, "leave"))
    return;
  self->closing = TRUE;
  if (self->call != NULL)
    snug_call_leave (self->call);
  else
    gtk_window_destroy (GTK_WINDOW (self));
}

static gboolean
snug_window_close_request (GtkWindow *window)
{
  SnugWindow *self = SNUG_WINDOW (window);
  GtkWidget *dialog;

  if (is_in_call (self) && self->close_dialog != NULL)
    {
      /* It is asked once. */
      gtk_window_present (self->close_dialog);
      return TRUE;
    }
  if (is_in_call (self))
    {
      dialog = adw_message_dialog_new (window, _ ("Leave the call?"),
                                       _ ("You are in a call. Closing the window leaves it."));
      adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "stay", _ ("_Stay"), "leave", _ ("_Leave"), NULL);
      adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "leave", ADW_RESPONSE_DESTRUCTIVE);
      adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "stay");
      adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "stay");
      g_signal_connect_object (dialog, "response", G_CALLBACK (on_close_response), self, G_CONNECT_SWAPPED);
      self->close_dialog = GTK_WINDOW (dialog);
      gtk_window_present (self->close_dialog);
      return TRUE;
    }
  if (self->call != NULL)
    {
      /* On its way out: the window follows. */
      self->closing = TRUE;
      return TRUE;
    }
  return GTK_WINDOW_CLASS (snug_window_parent_class)->close_request (window);
}

static gboolean
on_any_key (SnugWindow *self, guint keyval, guint keycode, GdkModifierType state, GtkEventControllerKey *controller)
{
  if (gtk_stack_get_visible_child (self->stack) != GTK_WIDGET (self->call_page))
    return GDK_EVENT_PROPAGATE;
  snug_call_page_wake (self->call_page);
  state &= gtk_accelerator_get_default_mod_mask ();
  if (keyval == GDK_KEY_space && state == 0 && snug_call_page_press_space (self->call_page))
    return GDK_EVENT_STOP;
  if (state == GDK_CONTROL_MASK && snug_window_press_arrow (self, keyval))
    return GDK_EVENT_STOP;
  return GDK_EVENT_PROPAGATE;
}

static void
on_any_key_released (SnugWindow *self, guint keyval, guint keycode, GdkModifierType state, GtkEventControllerKey *controller)
{
  if (keyval == GDK_KEY_space)
    snug_call_page_release_space (self->call_page);
}

/* Whoever goes to another window does not hold a key in this one. */
static void
on_active (SnugWindow *self)
{
  if (!gtk_window_is_active (GTK_WINDOW (self)))
    snug_call_page_release_space (self->call_page);
}

/* Something brought the large window back, such as a second start. */
static void
on_visible (SnugWindow *self)
{
  if (gtk_widget_get_visible (GTK_WIDGET (self)))
    snug_window_leave_small_window (self);
}

static void
on_again (SnugWindow *self)
{
  snug_window_start_call (self);
}

static void
on_fullscreened (SnugWindow *self)
{
  snug_call_page_set_fullscreen (self->call_page, gtk_window_is_fullscreen (GTK_WINDOW (self)));
}

/* Once, at the end. A binding would write with each step of a resize, and where settings can't be written it would
 * make the whole window insensitive. */
static void
remember_size (SnugWindow *self)
{
  gboolean maximized = gtk_window_is_maximized (GTK_WINDOW (self));
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  if (width >= WIDTH_MIN && width != g_settings_get_int (self->settings, "window-width"))
    g_settings_set_int (self->settings, "window-width", MIN (width, SIZE_MAX_PIXELS));
  if (height >= HEIGHT_MIN && height != g_settings_get_int (self->settings, "window-height"))
    g_settings_set_int (self->settings, "window-height", MIN (height, SIZE_MAX_PIXELS));
  if (maximized != g_settings_get_boolean (self->settings, "window-maximized"))
    g_settings_set_boolean (self->settings, "window-maximized", maximized);
}

static void
snug_window_dispose (GObject *object)
{
  SnugWindow *self = SNUG_WINDOW (object);

  if (self->settings != NULL)
    remember_size (self);
  if (self->call != NULL)
    {
      g_autoptr (SnugCall) call = g_object_ref (self->call);

      self->closing = TRUE;
      snug_window_drop_call (self);
      snug_call_leave (call);
    }
  self->closing = TRUE;
  snug_window_leave_small_window (self);
  g_clear_object (&self->broken_chat);
  g_clear_object (&self->story);
  g_clear_object (&self->events);
  g_clear_object (&self->host);
  g_clear_object (&self->sounds);
  g_clear_object (&self->devices);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (snug_window_parent_class)->dispose (object);
}

static void
snug_window_finalize (GObject *object)
{
  SnugWindow *self = SNUG_WINDOW (object);

  g_free (self->server);
  g_free (self->room);
  g_free (self->link_server);
  g_free (self->display_name);
  g_free (self->failure_name);
  g_clear_error (&self->failure);
  G_OBJECT_CLASS (snug_window_parent_class)->finalize (object);
}

static void
snug_window_class_init (SnugWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = snug_window_dispose;
  object_class->finalize = snug_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = snug_window_close_request;

  g_type_ensure (SNUG_TYPE_ANNOUNCER);
  g_type_ensure (SNUG_TYPE_BY_HAND_PAGE);
  g_type_ensure (SNUG_TYPE_DOCTOR_PAGE);
  g_type_ensure (SNUG_TYPE_LOBBY_PAGE);
  g_type_ensure (SNUG_TYPE_CALL_PAGE);
  g_type_ensure (SNUG_TYPE_FAILED_PAGE);
  g_type_ensure (SNUG_TYPE_ENDED_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, SnugWindow, announcer);
  gtk_widget_class_bind_template_child (widget_class, SnugWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, SnugWindow, lobby);
  gtk_widget_class_bind_template_child (widget_class, SnugWindow, by_hand_page);
  gtk_widget_class_bind_template_child (widget_class, SnugWindow, doctor_page);
  gtk_widget_class_bind_template_child (widget_class, SnugWindow, call_page);
  gtk_widget_class_bind_template_child (widget_class, SnugWindow, failed_page);
  gtk_widget_class_bind_template_child (widget_class, SnugWindow, ended_page);
  gtk_widget_class_bind_template_callback_full (widget_class, "on_join", G_CALLBACK (snug_window_on_join));
  gtk_widget_class_bind_template_callback_full (widget_class, "on_host", G_CALLBACK (snug_window_on_host));
  gtk_widget_class_bind_template_callback_full (widget_class, "on_by_hand_start",
                                                G_CALLBACK (snug_window_on_by_hand_start));
  gtk_widget_class_bind_template_callback_full (widget_class, "on_by_hand_back", G_CALLBACK (snug_window_on_by_hand_back));
  gtk_widget_class_bind_template_callback_full (widget_class, "on_doctor_again", G_CALLBACK (snug_window_on_doctor_again));
  gtk_widget_class_bind_template_callback_full (widget_class, "on_doctor_back", G_CALLBACK (snug_window_on_doctor_back));
  gtk_widget_class_bind_template_callback (widget_class, on_set_server);
  gtk_widget_class_bind_template_callback (widget_class, on_place_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_retry);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
  gtk_widget_class_bind_template_callback (widget_class, on_remedy);
  gtk_widget_class_bind_template_callback (widget_class, on_copied);
  gtk_widget_class_bind_template_callback (widget_class, snug_window_toast);
  gtk_widget_class_bind_template_callback_full (widget_class, "on_peer_failed", G_CALLBACK (snug_window_on_peer_failed));
  gtk_widget_class_bind_template_callback (widget_class, on_any_key);
  gtk_widget_class_bind_template_callback (widget_class, on_any_key_released);
  gtk_widget_class_bind_template_callback (widget_class, on_active);
  gtk_widget_class_bind_template_callback (widget_class, on_visible);
  gtk_widget_class_bind_template_callback (widget_class, on_again);
  gtk_widget_class_bind_template_callback (widget_class, on_fullscreened);

  snug_window_install_actions (widget_class);
}

static void
snug_window_init (SnugWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  snug_toast_name_buttons (self->toasts);
}

SnugWindow *
snug_window_new (GtkApplication *application, GSettings *settings, gboolean test_media)
{
  SnugWindow *self = g_object_new (SNUG_TYPE_WINDOW, "application", application, NULL);

  self->settings = g_object_ref (settings);
  self->test_media = test_media;
  gtk_window_set_default_size (GTK_WINDOW (self), g_settings_get_int (settings, "window-width"),
                               g_settings_get_int (settings, "window-height"));
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  g_signal_connect_object (settings, "changed::server-uri", G_CALLBACK (update_server), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::this-network", G_CALLBACK (update_server), self, G_CONNECT_SWAPPED);
  update_server (self);
  start_engine (self);
  return self;
}

void
snug_window_set_server (SnugWindow *self, const char *server)
{
  g_return_if_fail (SNUG_IS_WINDOW (self));

  g_free (self->server);
  self->server = g_strdup (server);
  self->off_server = FALSE;
  update_server (self);
}

void
snug_window_set_room (SnugWindow *self, const char *room)
{
  g_return_if_fail (SNUG_IS_WINDOW (self));

  snug_lobby_page_set_room (self->lobby, room);
  if (self->devices != NULL && !is_in_call (self))
    snug_lobby_page_focus_start (self->lobby);
}

void
snug_window_open_link (SnugWindow *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugLink) link = NULL;
  g_autofree char *sentence = NULL;

  g_return_if_fail (SNUG_IS_WINDOW (self));

  link = snug_link_parse (text, &error);
  if (link == NULL)
    {
      g_message ("A link was refused: %s", error->message);
      snug_window_toast (self, snug_error_text_lookup (error, SNUG_ERROR_TEXT_CALL, NULL).sentence);
      return;
    }

  /* The focus stays where it is: nobody presses Join without having seen what the link has changed. */
  snug_lobby_page_open_link (self->lobby, link);
  if (self->call != NULL)
    /* Translators: the name of a room */
    sentence = g_strdup_printf (_ ("The link leads to the room “%s”. Leave this call to go there."), link->room);
  else if (self->devices != NULL)
    {
      snug_stack_show (self->stack, GTK_WIDGET (self->lobby));
      /* Translators: the name of a room */
      sentence = g_strdup_printf (_ ("The link leads to the room “%s”. Press Join to go there."), link->room);
    }
  if (sentence != NULL)
    snug_window_toast (self, sentence);
}

void
snug_window_show_call (SnugWindow *self, gboolean chat)
{
  g_return_if_fail (SNUG_IS_WINDOW (self));

  gtk_window_present (GTK_WINDOW (self));
  if (chat && is_in_call (self))
    gtk_widget_activate_action (GTK_WIDGET (self->call_page), "call.show-chat", NULL);
}

void
snug_window_show_preferences (SnugWindow *self, const char *page)
{
  SnugPreferencesWindow *preferences;

  g_return_if_fail (SNUG_IS_WINDOW (self));

  if (self->devices == NULL)
    return;
  preferences = snug_preferences_window_new (self->devices);
  gtk_window_set_transient_for (GTK_WINDOW (preferences), GTK_WINDOW (self));
  if (page != NULL)
    snug_preferences_window_show_page (preferences, page);
  gtk_window_present (GTK_WINDOW (preferences));
}
