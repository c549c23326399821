/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The call of a window, from Join to what is said at its end.
 */
#include "config.h"

#include "snug-window-private.h"

#include "snug-desktop-window.h"
#include "snug-error-text.h"
#include "snug-recent-rooms.h"
#include "snug-small-window.h"
#include "snug-lasting-signaling.h"
#include "snug-local-signaling.h"
#include "snug-room-host.h"
#include "snug-websocket-signaling.h"

#include <glib/gi18n.h>

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

/* Where the room of the moment is. */
static char *
get_call_server (SnugWindow *self)
{
  return self->link_server != NULL ? g_strdup (self->link_server) : snug_window_get_server (self);
}

/* An invitation that names a meeting point leads there. */
static gboolean
is_call_on_network (SnugWindow *self)
{
  return self->link_server == NULL && snug_window_is_on_network (self);
}

void
snug_window_show_failure (SnugWindow *self, const GError *error, const char *other_name)
{
  g_autofree char *server = get_call_server (self);
  g_autoptr (GUri) uri = is_call_on_network (self) ? NULL : g_uri_parse (server, G_URI_FLAGS_NONE, NULL);
  g_autoptr (SnugFailure) failure = NULL;

  g_message ("The call failed: %s %d: %s", g_quark_to_string (error->domain), error->code, error->message);
  failure = snug_failure_new (error, other_name, uri != NULL ? g_uri_get_host (uri) : NULL, has_relay (self));
  snug_failed_page_show (self->failed_page, self->room != NULL ? self->room : _ ("Snug"), failure);
  snug_window_show_page (self, self->failed_page);
}

static void
remember_people (SnugWindow *self)
{
  g_auto (GStrv) people = snug_call_page_list_people (self->call_page);

  /* There is no room to come back to. */
  if (self->by_hand)
    return;
  snug_recent_rooms_remember (self->settings, self->room, self->link_server, (const char *const *) people,
                              g_get_real_time () / G_USEC_PER_SEC);
}

/* What there is to say of the call at its end. FALSE: nobody else was there. */
static gboolean
prepare_ended (SnugWindow *self)
{
  g_auto (GStrv) people = snug_call_page_list_people (self->call_page);

  /* By hand there is somebody from the start, who may never have come. */
  if (people[0] == NULL || gtk_stack_get_visible_child (self->stack) == GTK_WIDGET (self->by_hand_page))
    return FALSE;
  snug_ended_page_show (self->ended_page, self->room, snug_call_page_get_length (self->call_page),
                        (const char *const *) people, snug_call_page_get_tally (self->call_page));
  return TRUE;
}

void
snug_window_drop_call (SnugWindow *self)
{
  g_clear_object (&self->attention);
  snug_window_leave_small_window (self);
  snug_call_page_set_call (self->call_page, NULL, NULL, FALSE);
  if (self->call != NULL)
    g_signal_handlers_disconnect_by_data (self->call, self);
  if (self->events != NULL)
    snug_event_log_watch (self->events, NULL);
  if (self->story != NULL)
    snug_call_story_end (self->story);
  g_clear_object (&self->call);
}

static void
on_call_state (SnugWindow *self, GParamSpec *pspec, SnugCall *call)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *name = NULL;
  gboolean ended;

  switch (snug_call_get_state (call))
    {
    case SNUG_CALL_JOINED:
      remember_people (self);
      break;
    case SNUG_CALL_FAILED:
      g_set_object (&self->broken_chat, snug_call_get_chat (call));
      failure = g_error_copy (snug_call_get_error (call));
      snug_window_drop_call (self);
      if (self->closing)
        gtk_window_destroy (GTK_WINDOW (self));
      else
        snug_window_show_failure (self, failure, NULL);
      break;
    case SNUG_CALL_LEFT:
      remember_people (self);
      ended = prepare_ended (self);
      g_clear_object (&self->broken_chat);
      if (self->failure != NULL)
        self->broken_chat = g_object_ref (snug_call_get_chat (call));
      snug_window_drop_call (self);
      failure = g_steal_pointer (&self->failure);
      name = g_steal_pointer (&self->failure_name);
      if (self->closing)
        gtk_window_destroy (GTK_WINDOW (self));
      else if (failure != NULL)
        snug_window_show_failure (self, failure, name);
      else
        snug_window_show_page (self, ended ? (gpointer) self->ended_page : self->lobby);
      break;
    case SNUG_CALL_IDLE:
    case SNUG_CALL_JOINING:
    case SNUG_CALL_LEAVING:
    default:
      break;
    }
}

void
snug_window_on_peer_failed (SnugWindow *self, SnugPeer *peer, SnugCallPage *page)
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

/* address: where the room is, as others would write it; nullable. */
static void
begin_call (SnugWindow *self, SnugSignaling *signaling, const char *address)
{
  if (!snug_lobby_page_remember (self->lobby))
    {
      g_message ("Settings can't be saved");
      snug_window_toast (self, _ ("Snug cannot save its settings: the disk is full, or it may not be written to."));
    }
  self->call = snug_call_new (signaling,
                              snug_devices_get_local_media (self->devices),
                              snug_devices_get_audio_output (self->devices),
                              self->room,
                              self->display_name);
  add_ice_servers (self);
  if (self->broken_chat != NULL)
    snug_chat_adopt_files (snug_call_get_chat (self->call), self->broken_chat);
  g_clear_object (&self->broken_chat);
  /* Before our own handler, which lets go of the call in its last state. */
  if (self->events != NULL)
    snug_event_log_watch (self->events, self->call);
  g_clear_object (&self->story);
  self->story = snug_call_story_new (self->call);
  g_signal_connect_object (self->call, "notify::state", G_CALLBACK (on_call_state), self, G_CONNECT_SWAPPED);
  snug_call_page_set_on_network (self->call_page, SNUG_IS_LOCAL_SIGNALING (signaling));
  snug_call_page_set_call (self->call_page, self->call, address, self->hosting);
  self->attention = snug_attention_new (self->call, GTK_WINDOW (self), snug_call_page_get_chat_panel (self->call_page),
                                        self->announcer, self->sounds);
}

/* Joins self->room as self->display_name. */
void
snug_window_start_call (SnugWindow *self)
{
  static const SnugLocalHosting hosting = { snug_room_host_open, snug_room_host_close };
  g_autofree char *server = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *address = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugSignaling) signaling = NULL;

  if (self->call != NULL)
    return;
  if (self->by_hand)
    {
      snug_window_connect_by_hand (self);
      return;
    }
  if (self->hosting)
    {
      if (self->host == NULL)
        self->host = snug_host_new ();
      if (!snug_host_start (self->host, &error))
        {
          g_message ("Can't host: %s", error->message);
          snug_lobby_page_show_problem (self->lobby, _ ("This computer cannot host a room: no port is free."));
          snug_window_show_page (self, self->lobby);
          return;
        }
      uri = snug_host_get_own_uri (self->host);
      address = snug_host_get_address (self->host);
    }
  else if (!is_call_on_network (self))
    {
      server = get_call_server (self);
      uri = snug_websocket_signaling_normalize_uri (server, &error);
      if (uri == NULL)
        {
          snug_window_show_failure (self, error, NULL);
          return;
        }
    }

  signaling = uri != NULL ? snug_lasting_signaling_new_for_uri (uri) : snug_local_signaling_new (&hosting);
  begin_call (self, signaling, address != NULL ? address : uri);
  snug_window_show_page (self, self->call_page);
  snug_call_join (self->call);
}

/* link_server: (nullable): for this call only. */
static void
set_target (SnugWindow *self, const char *room, const char *display_name, gboolean hosting, const char *link_server)
{
  if (g_strcmp0 (self->room, room) != 0)
    g_clear_object (&self->broken_chat);
  g_free (self->link_server);
  self->link_server = g_strdup (link_server);
  self->by_hand = FALSE;
  g_free (self->room);
  g_free (self->display_name);
  self->room = g_strdup (room);
  self->display_name = g_strdup (display_name);
  self->hosting = hosting;
}

void
snug_window_on_join (SnugWindow *self, const char *room, const char *display_name, SnugLobbyPage *lobby)
{
  set_target (self, room, display_name, FALSE, snug_lobby_page_get_link_server (lobby));
  snug_window_start_call (self);
}

void
snug_window_on_host (SnugWindow *self, const char *room, const char *display_name, SnugLobbyPage *lobby)
{
  set_target (self, room, display_name, TRUE, NULL);
  snug_window_start_call (self);
}

void
snug_window_connect_by_hand (SnugWindow *self)
{
  if (self->call != NULL || self->devices == NULL)
    return;
  snug_by_hand_page_reset (self->by_hand_page);
  snug_window_show_page (self, self->by_hand_page);
}

/* Until there is a way to the other side there is nothing to see in a call. */
static void
on_by_hand_peer_state (SnugWindow *self, GParamSpec *pspec, SnugPeer *peer)
{
  if (snug_peer_get_state (peer) == SNUG_PEER_CONNECTED && self->call != NULL
      && gtk_stack_get_visible_child (self->stack) == GTK_WIDGET (self->by_hand_page))
    snug_window_show_page (self, self->call_page);
}

static void
on_by_hand_peers (SnugWindow *self, guint position, guint removed, guint added, GListModel *peers)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (SnugPeer) peer = g_list_model_get_item (peers, i);

      g_signal_connect_object (peer, "notify::state", G_CALLBACK (on_by_hand_peer_state), self, G_CONNECT_SWAPPED);
    }
}

void
snug_window_on_by_hand_start (SnugWindow *self, SnugManualSignaling *signaling, SnugByHandPage *page)
{
  g_autofree char *name = snug_lobby_page_read_name (self->lobby);

  if (self->call != NULL)
    return;
  if (name == NULL)
    {
      snug_window_show_page (self, self->lobby);
      return;
    }
  set_target (self, _ ("Call by hand"), name, FALSE, NULL);
  self->by_hand = TRUE;
  begin_call (self, SNUG_SIGNALING (signaling), NULL);
  g_signal_connect_object (snug_call_get_peers (self->call), "items-changed", G_CALLBACK (on_by_hand_peers), self,
                           G_CONNECT_SWAPPED);
  snug_call_join (self->call);
}

void
snug_window_on_by_hand_back (SnugWindow *self)
{
  if (self->call != NULL)
    snug_call_leave (self->call);
  else
    snug_window_show_page (self, self->lobby);
}

static void
on_small_return (SnugWindow *self)
{
  snug_window_leave_small_window (self);
}

void
snug_window_enter_small_window (SnugWindow *self)
{
  if (self->small_window != NULL || self->call == NULL || snug_call_get_state (self->call) != SNUG_CALL_JOINED)
    return;
  self->small_window = snug_small_window_new (gtk_window_get_application (GTK_WINDOW (self)), self->call,
                                              snug_call_page_get_spotlight (self->call_page));
  g_signal_connect_object (self->small_window, "return", G_CALLBACK (on_small_return), self, G_CONNECT_SWAPPED);
  gtk_window_present (self->small_window);
  /* On Wayland only the person can say so, by the menu of the window; there is nothing to ask. */
  if (!snug_desktop_window_keep_above (self->small_window))
    g_debug ("The small window can't be kept above the others here");
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
snug_window_leave_small_window (SnugWindow *self)
{
  GtkWindow *small_window = g_steal_pointer (&self->small_window);

  if (small_window == NULL)
    return;
  gtk_window_destroy (small_window);
  if (!self->closing)
    gtk_window_present (GTK_WINDOW (self));
}
