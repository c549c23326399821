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
#include "snug-recent-rooms.h"
#include "snug-stack.h"
#include "snug-websocket-signaling.h"

#include <glib/gi18n.h>

#define TOAST_SECONDS 5
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

static void
show_page (SnugWindow *self, gpointer page)
{
  snug_stack_show (self->stack, GTK_WIDGET (page));
  if (page == self->lobby)
    snug_lobby_page_focus_start (self->lobby);
  else if (page == self->call_page)
    snug_call_page_focus_start (self->call_page);
  else
    snug_failed_page_focus_start (self->failed_page);
}

void
snug_window_toast (SnugWindow *self, const char *sentence)
{
  g_autofree char *escaped = NULL;
  AdwToast *toast;

  g_return_if_fail (SNUG_IS_WINDOW (self));

  /* A toast takes markup, and the sentence may hold what somebody else wrote. */
  escaped = g_markup_escape_text (sentence, -1);
  toast = adw_toast_new (escaped);
  adw_toast_set_timeout (toast, TOAST_SECONDS);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* Returns: (transfer full): the meeting point to use, empty when none is known. */
static char *
get_server (SnugWindow *self)
{
  return self->server != NULL ? g_strdup (self->server) : g_settings_get_string (self->settings, "server-uri");
}

static gboolean
has_relay (SnugWindow *self)
{
  g_autoptr (GVariant) servers = g_settings_get_value (self->settings, "ice-servers");
  GVariantIter iter;
  const char *uri;

  g_variant_iter_init (&iter, servers);
  while (g_variant_iter_next (&iter, "(&s&s&s)", &uri, NULL, NULL))
    if (g_ascii_strncasecmp (uri, "turn", 4) == 0)
      return TRUE;
  return FALSE;
}

static void
show_failure (SnugWindow *self, const GError *error, const char *other_name)
{
  g_autofree char *server = get_server (self);
  g_autoptr (GUri) uri = g_uri_parse (server, G_URI_FLAGS_NONE, NULL);
  g_autoptr (SnugFailure) failure = NULL;

  g_message ("The call failed: %s %d: %s", g_quark_to_string (error->domain), error->code, error->message);
  failure = snug_failure_new (error, other_name, uri != NULL ? g_uri_get_host (uri) : NULL, has_relay (self));
  snug_failed_page_show (self->failed_page, self->room != NULL ? self->room : _ ("Snug"), failure);
  show_page (self, self->failed_page);
}

static void
remember_people (SnugWindow *self)
{
  g_auto (GStrv) people = snug_call_page_list_people (self->call_page);

  snug_recent_rooms_remember (self->settings, self->room, (const char *const *) people,
                              g_get_real_time () / G_USEC_PER_SEC);
}

static void
drop_call (SnugWindow *self)
{
  g_clear_object (&self->attention);
  snug_call_page_set_call (self->call_page, NULL, NULL);
  if (self->call != NULL)
    g_signal_handlers_disconnect_by_data (self->call, self);
  if (self->events != NULL)
    snug_event_log_watch (self->events, NULL);
  g_clear_object (&self->call);
}

static void
on_call_state (SnugWindow *self, GParamSpec *pspec, SnugCall *call)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *name = NULL;

  switch (snug_call_get_state (call))
    {
    case SNUG_CALL_JOINED:
      remember_people (self);
      break;
    case SNUG_CALL_FAILED:
      failure = g_error_copy (snug_call_get_error (call));
      drop_call (self);
      if (self->closing)
        gtk_window_destroy (GTK_WINDOW (self));
      else
        show_failure (self, failure, NULL);
      break;
    case SNUG_CALL_LEFT:
      remember_people (self);
      drop_call (self);
      failure = g_steal_pointer (&self->failure);
      name = g_steal_pointer (&self->failure_name);
      if (self->closing)
        gtk_window_destroy (GTK_WINDOW (self));
      else if (failure != NULL)
        show_failure (self, failure, name);
      else
        show_page (self, self->lobby);
      break;
    case SNUG_CALL_IDLE:
    case SNUG_CALL_JOINING:
    case SNUG_CALL_LEAVING:
    default:
      break;
    }
}

static void
on_peer_failed (SnugWindow *self, SnugPeer *peer, SnugCallPage *page)
{
  if (self->call == NULL || self->failure != NULL)
    return;
  self->failure = g_error_copy (snug_peer_get_error (peer));
  self->failure_name = g_strdup (snug_peer_get_name (peer));
  snug_call_leave (self->call);
}

static void
add_ice_servers (SnugWindow *self)
{
  g_autoptr (GVariant) servers = g_settings_get_value (self->settings, "ice-servers");
  GVariantIter iter;
  const char *uri, *user, *password;

  g_variant_iter_init (&iter, servers);
  while (g_variant_iter_next (&iter, "(&s&s&s)", &uri, &user, &password))
    {
      g_autoptr (GError) error = NULL;

      if (!snug_call_add_ice_server (self->call, uri, *user != '\0' ? user : NULL,
                                     *password != '\0' ? password : NULL, &error))
        snug_window_toast (self, snug_error_text_lookup (error, SNUG_ERROR_TEXT_CALL, NULL).title);
    }
  snug_call_set_relay_only (self->call, g_settings_get_boolean (self->settings, "relay-only"));
}

/* Joins self->room as self->display_name. */
static void
start_call (SnugWindow *self)
{
  g_autofree char *server = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *address = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugSignaling) signaling = NULL;

  if (self->call != NULL)
    return;
  if (self->hosting)
    {
      if (self->host == NULL)
        self->host = snug_host_new ();
      if (!snug_host_start (self->host, &error))
        {
          g_message ("Can't host: %s", error->message);
          snug_lobby_page_show_problem (self->lobby, _ ("This computer cannot host a room: no port is free."));
          show_page (self, self->lobby);
          return;
        }
      uri = snug_host_get_own_uri (self->host);
      address = snug_host_get_address (self->host);
    }
  else
    {
      server = get_server (self);
      uri = snug_websocket_signaling_normalize_uri (server, &error);
      if (uri == NULL)
        {
          show_failure (self, error, NULL);
          return;
        }
    }

  if (!snug_lobby_page_remember (self->lobby))
    {
      g_message ("Settings can't be saved");
      snug_window_toast (self, _ ("Snug cannot save its settings: the disk is full, or it may not be written to."));
    }
  signaling = snug_websocket_signaling_new (uri);
  self->call = snug_call_new (signaling,
                              snug_devices_get_local_media (self->devices),
                              snug_devices_get_audio_output (self->devices),
                              self->room,
                              self->display_name);
  add_ice_servers (self);
  /* Before our own handler, which lets go of the call in its last state. */
  if (self->events != NULL)
    snug_event_log_watch (self->events, self->call);
  g_signal_connect_object (self->call, "notify::state", G_CALLBACK (on_call_state), self, G_CONNECT_SWAPPED);
  snug_call_page_set_call (self->call_page, self->call, address);
  self->attention = snug_attention_new (self->call, GTK_WINDOW (self), snug_call_page_get_chat_panel (self->call_page),
                                        self->announcer, self->sounds);
  show_page (self, self->call_page);
  snug_call_join (self->call);
}

static void
set_target (SnugWindow *self, const char *room, const char *display_name, gboolean hosting)
{
  g_free (self->room);
  g_free (self->display_name);
  self->room = g_strdup (room);
  self->display_name = g_strdup (display_name);
  self->hosting = hosting;
}

static void
on_join (SnugWindow *self, const char *room, const char *display_name, SnugLobbyPage *lobby)
{
  set_target (self, room, display_name, FALSE);
  start_call (self);
}

static void
on_host (SnugWindow *self, const char *room, const char *display_name, SnugLobbyPage *lobby)
{
  set_target (self, room, display_name, TRUE);
  start_call (self);
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
      show_failure (self, error, NULL);
      return;
    }
  snug_engine_warm_up ();
  open_event_log (self);
  self->devices = snug_devices_new (self->settings, self->test_media);
  self->sounds = snug_sounds_new (snug_devices_get_audio_output (self->devices));
  g_settings_bind (self->settings, "sounds", self->sounds, "enabled", G_SETTINGS_BIND_GET);
  snug_lobby_page_set_devices (self->lobby, self->devices);
  snug_window_devices_watch (self->toasts, self->devices);
  show_page (self, self->lobby);
}

static void
on_retry (SnugWindow *self)
{
  if (self->devices == NULL)
    start_engine (self);
  else
    start_call (self);
}

static void
on_back (SnugWindow *self)
{
  if (self->devices != NULL)
    show_page (self, self->lobby);
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
  g_autofree char *server = get_server (self);

  snug_lobby_page_set_has_server (self->lobby, *server != '\0');
}

static void
on_close_response (SnugWindow *self, const char *response, AdwMessageDialog *dialog)
{
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

  if (is_in_call (self))
    {
      dialog = adw_message_dialog_new (window, _ ("Leave the call?"),
                                       _ ("You are in a call. Closing the window leaves it."));
      adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "stay", _ ("_Stay"), "leave", _ ("_Leave"), NULL);
      adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "leave", ADW_RESPONSE_DESTRUCTIVE);
      adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "stay");
      adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "stay");
      g_signal_connect_object (dialog, "response", G_CALLBACK (on_close_response), self, G_CONNECT_SWAPPED);
      gtk_window_present (GTK_WINDOW (dialog));
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
on_any_key (SnugWindow *self)
{
  if (gtk_stack_get_visible_child (self->stack) == GTK_WIDGET (self->call_page))
    snug_call_page_wake (self->call_page);
  return GDK_EVENT_PROPAGATE;
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

      drop_call (self);
      snug_call_leave (call);
    }
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
  g_type_ensure (SNUG_TYPE_LOBBY_PAGE);
  g_type_ensure (SNUG_TYPE_CALL_PAGE);
  g_type_ensure (SNUG_TYPE_FAILED_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, SnugWindow, announcer);
  gtk_widget_class_bind_template_child (widget_class, SnugWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, SnugWindow, lobby);
  gtk_widget_class_bind_template_child (widget_class, SnugWindow, call_page);
  gtk_widget_class_bind_template_child (widget_class, SnugWindow, failed_page);
  gtk_widget_class_bind_template_callback (widget_class, on_join);
  gtk_widget_class_bind_template_callback (widget_class, on_host);
  gtk_widget_class_bind_template_callback (widget_class, on_set_server);
  gtk_widget_class_bind_template_callback (widget_class, on_retry);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
  gtk_widget_class_bind_template_callback (widget_class, on_remedy);
  gtk_widget_class_bind_template_callback (widget_class, on_copied);
  gtk_widget_class_bind_template_callback (widget_class, snug_window_toast);
  gtk_widget_class_bind_template_callback (widget_class, on_peer_failed);
  gtk_widget_class_bind_template_callback (widget_class, on_any_key);
  gtk_widget_class_bind_template_callback (widget_class, on_fullscreened);

  snug_window_install_actions (widget_class);
}

static void
snug_window_init (SnugWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
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
snug_window_open_link (SnugWindow *self, const char *link)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *room = NULL;
  g_autofree char *sentence = NULL;

  g_return_if_fail (SNUG_IS_WINDOW (self));

  room = snug_link_parse_room (link, &error);
  if (room == NULL)
    {
      g_message ("A link was refused: %s", error->message);
      snug_window_toast (self, _ ("This link does not name a room that Snug can go to."));
      return;
    }

  /* The focus stays where it is: nobody presses Join without having seen what the link has changed. */
  snug_lobby_page_set_room (self->lobby, room);
  if (self->call != NULL)
    /* Translators: the name of a room */
    sentence = g_strdup_printf (_ ("The link leads to the room “%s”. Leave this call to go there."), room);
  else if (self->devices != NULL)
    {
      snug_stack_show (self->stack, GTK_WIDGET (self->lobby));
      /* Translators: the name of a room */
      sentence = g_strdup_printf (_ ("The link leads to the room “%s”. Press Join to go there."), room);
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
