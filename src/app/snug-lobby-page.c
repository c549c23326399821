/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-lobby-page.h"

#include "snug-device-row.h"
#include "snug-error-text.h"
#include "snug-link.h"
#include "snug-lobby-layout.h"
#include "snug-page-header.h"
#include "snug-protocol.h"
#include "snug-recent-rooms.h"
#include "snug-room-name.h"
#include "snug-video-tile.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* The meter's range, dBFS. */
#define METER_FLOOR (-60.0)
#define METER_STEPS 12
/* More than that at once is no key. */
#define PASTED_BYTES 6

enum
{
  JOIN,
  HOST,
  SET_SERVER,
  PLACE_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _SnugLobbyPage
{
  GtkWidget parent_instance;

  /* Template widgets */
  AdwHeaderBar *header;
  GtkWidget *content;
  SnugVideoTile *preview;
  GtkLevelBar *meter;
  GtkWidget *meter_chip;
  GtkWidget *microphone_button;
  GtkWidget *camera_button;
  GtkLabel *trouble_label;
  AdwEntryRow *name_row;
  AdwEntryRow *room_row;
  AdwComboRow *place_row;
  GtkStringList *places; /* this network, the server */
  GtkWidget *notes;
  GtkWidget *note;
  GtkLabel *note_label;
  GtkWidget *link_note;
  GtkLabel *link_label;
  GtkLabel *strength_label;
  GtkWidget *join_button;
  AdwPreferencesGroup *recent_group;
  GtkListBox *recent_list;
  SnugDeviceRow *camera_row;
  SnugDeviceRow *microphone_row;
  SnugDeviceRow *speaker_row;

  /* Owned */
  SnugDevices *devices;
  GListModel *recent;
  char *problem;
  char *link_server; /* of a link whose meeting point the person has seen; NULL: the usual one */
  char *link_room;
  char *usual_server; /* nullable */
  gsize typed;       /* bytes in the room row at the last change */

  gboolean has_server;
  gboolean telling_place; /* the row is set by the program */
};

G_DEFINE_FINAL_TYPE (SnugLobbyPage, snug_lobby_page, GTK_TYPE_WIDGET)

/* An empty box would take the space of a line. */
static void
update_notes (SnugLobbyPage *self)
{
  gtk_widget_set_visible (self->notes, gtk_widget_get_visible (self->note) || gtk_widget_get_visible (self->link_note)
                                         || gtk_widget_get_visible (GTK_WIDGET (self->strength_label)));
}

static void
update_note (SnugLobbyPage *self)
{
  gtk_label_set_label (self->note_label, self->problem != NULL ? self->problem : "");
  gtk_widget_set_visible (self->note, self->problem != NULL);
  update_notes (self);
}

/* server: nullable. */
static void
set_link_server (SnugLobbyPage *self, const char *server, const char *room)
{
  g_autoptr (GUri) uri = server != NULL ? g_uri_parse (server, G_URI_FLAGS_NONE, NULL) : NULL;
  g_autofree char *text = NULL;

  g_free (self->link_server);
  g_free (self->link_room);
  self->link_server = uri != NULL ? g_strdup (server) : NULL;
  self->link_room = uri != NULL ? g_strdup (room) : NULL;
  if (uri != NULL)
    /* Translators: the name of a server. "Join" is the button. */
    text = g_strdup_printf (_ ("The invitation leads to the meeting point “%s”. Join goes there; your own meeting point stays as it is."),
                            g_uri_get_host (uri));
  gtk_label_set_label (self->link_label, text != NULL ? text : "");
  gtk_widget_set_visible (self->link_note, text != NULL);
  update_note (self);
}

/* What a name is worth that somebody could guess. */
static void
update_strength (SnugLobbyPage *self)
{
  g_autofree char *room = snug_room_name_normalize (gtk_editable_get_text (GTK_EDITABLE (self->room_row)), NULL);
  gboolean weak = room != NULL && snug_room_name_estimate_bits (room) < SNUG_ROOM_NAME_STRONG_BITS;
  /* Translators: the name of a room */
  g_autofree char *text = weak ? g_strdup_printf (_ ("Anyone who guesses “%s” can join."), room) : NULL;

  gtk_label_set_label (self->strength_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->strength_label), weak);
  update_notes (self);
}

/* The meeting point of a room, unless it is the usual one. server: nullable. Returns: whether it is another one. */
static gboolean
lead_to (SnugLobbyPage *self, const char *server, const char *room)
{
  gboolean elsewhere = server != NULL && g_strcmp0 (server, self->usual_server) != 0;

  set_link_server (self, elsewhere ? server : NULL, room);
  return elsewhere;
}

/* A link fills in the form. What of it the person has not seen yet, is shown first. Returns: whether there is nothing new to see. */
static gboolean
take_link (SnugLobbyPage *self, const SnugLink *link)
{
  gboolean seen = link->server == NULL || g_strcmp0 (link->server, self->link_server) == 0;

  gtk_editable_set_text (GTK_EDITABLE (self->room_row), link->room);
  return link->server == NULL || !lead_to (self, link->server, link->room) || seen;
}

static char *
default_name (void)
{
  const char *name = g_get_real_name ();

  if (name == NULL || *name == '\0' || strcmp (name, "Unknown") == 0)
    name = g_get_user_name ();
  return snug_display_name_normalize (name, NULL);
}

/* Marks a row as wrong, with a sentence, and puts the cursor there. */
static void
complain (SnugLobbyPage *self, AdwEntryRow *row, const char *sentence)
{
  gtk_widget_add_css_class (GTK_WIDGET (row), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE, -1);
  snug_lobby_page_show_problem (self, sentence);
  gtk_widget_grab_focus (GTK_WIDGET (row));
}

static gboolean
on_pasted (gpointer user_data)
{
  SnugLobbyPage *self = user_data;
  g_autoptr (SnugLink) link = NULL;

  /* One that is wrong is complained of when it is to be used. */
  if (self->devices != NULL)
    link = snug_link_parse (gtk_editable_get_text (GTK_EDITABLE (self->room_row)), NULL);
  if (link != NULL)
    take_link (self, link);

  return G_SOURCE_REMOVE;
}

static void
on_edited (SnugLobbyPage *self, AdwEntryRow *row)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));

  gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_FALSE, -1);
  snug_lobby_page_show_problem (self, NULL);
  if (row == self->room_row)
    {
      gsize typed = strlen (text);

      /* Nobody types that fast: it was pasted or dropped. Not now, while the row tells of the change. */
      if (typed >= self->typed + PASTED_BYTES && snug_link_is_link (text))
        g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_pasted, g_object_ref (self), g_object_unref);
      self->typed = typed;
      /* Another room than that of the invitation is where the others are. */
      if (self->link_server != NULL && typed > 0 && !snug_link_is_link (text) && g_strcmp0 (text, self->link_room) != 0)
        set_link_server (self, NULL, NULL);
      update_strength (self);
    }
  if (row == self->name_row)
    g_object_set (self->preview, "display-name", gtk_editable_get_text (GTK_EDITABLE (row)), NULL);
}

/* Changed in the preferences. */
static void
on_name_setting (SnugLobbyPage *self)
{
  g_autofree char *name = g_settings_get_string (snug_devices_get_settings (self->devices), "display-name");

  if (*name != '\0' && strcmp (name, gtk_editable_get_text (GTK_EDITABLE (self->name_row))) != 0)
    gtk_editable_set_text (GTK_EDITABLE (self->name_row), name);
}

char *
snug_lobby_page_read_name (SnugLobbyPage *self)
{
  char *name;

  g_return_val_if_fail (SNUG_IS_LOBBY_PAGE (self), NULL);

  name = snug_display_name_normalize (gtk_editable_get_text (GTK_EDITABLE (self->name_row)), NULL);
  if (name == NULL)
    complain (self, self->name_row, _ ("Write a name that the others will see, up to 64 characters."));
  return name;
}

/* generate: an empty room name is made up. FALSE when something is wrong, and said so. */
static gboolean
read_form (SnugLobbyPage *self, gboolean generate, char **room, char **name)
{
  const char *room_text = gtk_editable_get_text (GTK_EDITABLE (self->room_row));
  g_autoptr (GError) error = NULL;

  *room = NULL;
  *name = snug_lobby_page_read_name (self);
  if (*name == NULL)
    return FALSE;

  if (generate && *room_text == '\0')
    *room = snug_room_name_generate ();
  else if (snug_link_is_link (room_text))
    {
      g_autoptr (SnugLink) link = snug_link_parse (room_text, &error);

      /* The next press joins, when the person has seen where. */
      if (link != NULL && !take_link (self, link))
        {
          g_clear_pointer (name, g_free);
          gtk_widget_grab_focus (self->join_button);
          return FALSE;
        }
      *room = link != NULL ? g_strdup (link->room) : NULL;
    }
  else
    *room = snug_room_name_normalize (room_text, &error);
  if (*room == NULL)
    {
      g_autofree char *trimmed = g_strstrip (g_strdup (room_text));

      complain (self, self->room_row,
                *trimmed == '\0' ? _ ("Write the name of a room.")
                : !snug_link_is_link (room_text) && g_utf8_strlen (trimmed, -1) > SNUG_ROOM_NAME_MAX_CHARS
                  ? _ ("This name is too long. Use up to 64 letters, digits and hyphens.")
                  : snug_error_text_lookup (error, SNUG_ERROR_TEXT_CALL, NULL).sentence);
      g_clear_pointer (name, g_free);
      return FALSE;
    }
  gtk_editable_set_text (GTK_EDITABLE (self->room_row), *room);
  return TRUE;
}

static void
join_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugLobbyPage *self = SNUG_LOBBY_PAGE (widget);
  g_autofree char *room = NULL;
  g_autofree char *name = NULL;

  if (read_form (self, FALSE, &room, &name))
    g_signal_emit (self, signals[JOIN], 0, room, name);
}

static void
host_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugLobbyPage *self = SNUG_LOBBY_PAGE (widget);
  g_autofree char *room = NULL;
  g_autofree char *name = NULL;

  if (read_form (self, TRUE, &room, &name))
    g_signal_emit (self, signals[HOST], 0, room, name);
}

static void
new_room_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugLobbyPage *self = SNUG_LOBBY_PAGE (widget);
  g_autofree char *room = snug_room_name_generate ();

  gtk_editable_set_text (GTK_EDITABLE (self->room_row), room);
  gtk_widget_grab_focus (self->join_button);
}

/* The invitation's meeting point is not wanted. */
static void
usual_server_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  set_link_server (SNUG_LOBBY_PAGE (widget), NULL, NULL);
}

static void
on_place_selected (SnugLobbyPage *self)
{
  gboolean this_network = adw_combo_row_get_selected (self->place_row) == 0;

  if (self->telling_place)
    return;
  if (this_network || self->has_server)
    {
      g_signal_emit (self, signals[PLACE_CHOSEN], 0, this_network);
      return;
    }
  /* There is none yet; as long as that is so it stays at this network. */
  self->telling_place = TRUE;
  adw_combo_row_set_selected (self->place_row, 0);
  self->telling_place = FALSE;
  g_signal_emit (self, signals[SET_SERVER], 0);
}

static void
forget_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  snug_recent_rooms_forget_all (snug_devices_get_settings (SNUG_LOBBY_PAGE (widget)->devices));
}

static void
forget_room_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugLobbyPage *self = SNUG_LOBBY_PAGE (widget);
  const char *room;
  const char *server;

  g_variant_get (parameter, "(&s&s)", &room, &server);
  snug_recent_rooms_forget (snug_devices_get_settings (self->devices), room, *server != '\0' ? server : NULL);
  /* The button that had the focus is gone. */
  gtk_widget_grab_focus (GTK_WIDGET (self->room_row));
}

/* Of lobby.forget-room. Returns: (transfer floating). */
static GVariant *
name_recent (SnugRecentRoom *room)
{
  const char *server = snug_recent_room_get_server (room);

  return g_variant_new ("(ss)", snug_recent_room_get_name (room), server != NULL ? server : "");
}

/* Returns: (transfer full). */
static SnugRecentRoom *
get_recent (SnugLobbyPage *self, GtkListBoxRow *row)
{
  return g_list_model_get_item (self->recent, (guint) gtk_list_box_row_get_index (row));
}

/* Delete on a room does what its button does. */
static gboolean
on_recent_delete (GtkWidget *list, GVariant *args, gpointer user_data)
{
  GtkWidget *row = gtk_widget_get_focus_child (list);
  g_autoptr (SnugRecentRoom) room = NULL;

  if (!GTK_IS_LIST_BOX_ROW (row))
    return FALSE;
  room = get_recent (SNUG_LOBBY_PAGE (gtk_widget_get_ancestor (list, SNUG_TYPE_LOBBY_PAGE)), GTK_LIST_BOX_ROW (row));
  return gtk_widget_activate_action_variant (list, "lobby.forget-room", name_recent (room));
}

static void
microphone_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugLocalMedia *media = snug_devices_get_local_media (SNUG_LOBBY_PAGE (widget)->devices);
  snug_local_media_set_audio_enabled (media, !snug_local_media_get_audio_enabled (media));
}

static void
camera_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugLocalMedia *media = snug_devices_get_local_media (SNUG_LOBBY_PAGE (widget)->devices);
  snug_local_media_set_video_enabled (media, !snug_local_media_get_video_enabled (media));
}

static void
on_entry_activated (SnugLobbyPage *self, AdwEntryRow *row)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "lobby.join", NULL);
}

static void
on_recent_activated (SnugLobbyPage *self, GtkListBoxRow *row, GtkListBox *list)
{
  g_autoptr (SnugRecentRoom) room = get_recent (self, row);

  snug_lobby_page_set_room (self, snug_recent_room_get_name (room));
  lead_to (self, snug_recent_room_get_server (room), snug_recent_room_get_name (room));
  gtk_widget_activate_action (GTK_WIDGET (self), "lobby.join", NULL);
}

static GtkWidget *
create_recent_row (gpointer item, gpointer user_data)
{
  SnugRecentRoom *room = SNUG_RECENT_ROOM (item);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *subtitle = snug_recent_room_format_subtitle (room, now);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *avatar = adw_avatar_new (36, snug_recent_room_get_name (room), TRUE);
  GtkWidget *chevron = gtk_image_new_from_icon_name ("go-next-symbolic");
  GtkWidget *remove = gtk_button_new_from_icon_name ("window-close-symbolic");
  g_autofree char *remove_name = g_strdup_printf (_ ("Forget %s"), snug_recent_room_get_name (room));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), snug_recent_room_get_name (room));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_add_css_class (avatar, "room");
  gtk_widget_add_css_class (chevron, "dim");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), avatar);
  gtk_widget_set_valign (remove, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (remove, "flat");
  gtk_widget_add_css_class (remove, "circular");
  gtk_widget_add_css_class (remove, "forget");
  gtk_widget_set_tooltip_text (remove, remove_name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (remove), GTK_ACCESSIBLE_PROPERTY_LABEL, remove_name, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (remove), "lobby.forget-room");
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (remove), name_recent (room));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), remove);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), chevron);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  return row;
}

/* The lobby begins where the last call was. */
static void
lead_to_last (SnugLobbyPage *self)
{
  g_autoptr (SnugRecentRoom) last = g_list_model_get_item (self->recent, 0);

  if (last != NULL && g_str_equal (gtk_editable_get_text (GTK_EDITABLE (self->room_row)), snug_recent_room_get_name (last)))
    lead_to (self, snug_recent_room_get_server (last), snug_recent_room_get_name (last));
}

static void
on_recent_changed (SnugLobbyPage *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->recent_group), g_list_model_get_n_items (self->recent) > 0);
}

static void
set_button (GtkWidget *button, gboolean on, const char *icon_on, const char *icon_off, const char *name, const char *key)
{
  g_autofree char *tooltip = g_strdup_printf ("%s (%s)", name, key);

  gtk_button_set_icon_name (GTK_BUTTON (button), on ? icon_on : icon_off);
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (on)
    gtk_widget_remove_css_class (button, "off");
  else
    gtk_widget_add_css_class (button, "off");
}

static void
update_media (SnugLobbyPage *self)
{
  SnugLocalMedia *media = snug_devices_get_local_media (self->devices);
  gboolean audio = snug_local_media_get_audio_enabled (media);
  gboolean video = snug_local_media_get_video_enabled (media);
  const GError *video_error = snug_local_media_get_video_error (media);
  const GError *audio_error = snug_local_media_get_audio_error (media);
  const char *camera = "";
  const char *microphone = "";
  g_autofree char *trouble = NULL;

  set_button (self->microphone_button, audio, "audio-input-microphone-symbolic", "microphone-disabled-symbolic",
              audio ? _ ("Turn microphone off") : _ ("Turn microphone on"), "M");
  set_button (self->camera_button, video, "snug-camera-symbolic", "snug-camera-off-symbolic",
              video ? _ ("Turn camera off") : _ ("Turn camera on"), "V");

  if (video && video_error != NULL)
    camera = snug_error_text_lookup (video_error, SNUG_ERROR_TEXT_CAMERA, NULL).sentence;
  if (audio && audio_error != NULL)
    microphone = snug_error_text_lookup (audio_error, SNUG_ERROR_TEXT_MICROPHONE, NULL).sentence;
  trouble = g_strconcat (camera, *camera != '\0' && *microphone != '\0' ? "\n" : "", microphone, NULL);
  gtk_label_set_label (self->trouble_label, trouble);
  gtk_widget_set_visible (GTK_WIDGET (self->trouble_label), *trouble != '\0');
  gtk_widget_set_visible (self->meter_chip, audio_error == NULL);
}

static void
update_meter (SnugLobbyPage *self)
{
  SnugLocalMedia *media = snug_devices_get_local_media (self->devices);
  double level = snug_local_media_get_audio_level (media);
  double share = CLAMP ((level - METER_FLOOR) / -METER_FLOOR, 0, 1);

  gtk_level_bar_set_value (self->meter, snug_local_media_get_audio_enabled (media) ? share * METER_STEPS : 0);
}

static void
snug_lobby_page_dispose (GObject *object)
{
  SnugLobbyPage *self = SNUG_LOBBY_PAGE (object);

  g_clear_object (&self->devices);
  g_clear_object (&self->recent);
  g_clear_pointer (&self->problem, g_free);
  g_clear_pointer (&self->link_server, g_free);
  g_clear_pointer (&self->link_room, g_free);
  g_clear_pointer (&self->usual_server, g_free);
  while (gtk_widget_get_first_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (self)));
  G_OBJECT_CLASS (snug_lobby_page_parent_class)->dispose (object);
}

static void
snug_lobby_page_class_init (SnugLobbyPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = snug_lobby_page_dispose;

  signals[JOIN] = g_signal_new ("join", SNUG_TYPE_LOBBY_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[HOST] = g_signal_new ("host", SNUG_TYPE_LOBBY_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[SET_SERVER] = g_signal_new ("set-server", SNUG_TYPE_LOBBY_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 0);
  signals[PLACE_CHOSEN] = g_signal_new ("place-chosen", SNUG_TYPE_LOBBY_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_BOOLEAN);

  g_type_ensure (SNUG_TYPE_DEVICE_ROW);
  g_type_ensure (SNUG_TYPE_LOBBY_LAYOUT);
  g_type_ensure (SNUG_TYPE_VIDEO_TILE);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-lobby-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, header);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, content);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, preview);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, meter);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, meter_chip);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, microphone_button);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, camera_button);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, trouble_label);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, name_row);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, room_row);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, place_row);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, places);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, notes);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, note);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, note_label);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, link_note);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, link_label);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, strength_label);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, join_button);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, recent_group);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, recent_list);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, camera_row);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, microphone_row);
  gtk_widget_class_bind_template_child (widget_class, SnugLobbyPage, speaker_row);
  gtk_widget_class_bind_template_callback (widget_class, on_edited);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_place_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_recent_activated);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);

  gtk_widget_class_install_action (widget_class, "lobby.join", NULL, join_action);
  gtk_widget_class_install_action (widget_class, "lobby.host", NULL, host_action);
  gtk_widget_class_install_action (widget_class, "lobby.new-room", NULL, new_room_action);
  gtk_widget_class_install_action (widget_class, "lobby.usual-server", NULL, usual_server_action);
  gtk_widget_class_install_action (widget_class, "lobby.forget", NULL, forget_action);
  gtk_widget_class_install_action (widget_class, "lobby.forget-room", "(ss)", forget_room_action);
  gtk_widget_class_install_action (widget_class, "lobby.toggle-microphone", NULL, microphone_action);
  gtk_widget_class_install_action (widget_class, "lobby.toggle-camera", NULL, camera_action);
}

static void
add_shortcut (GtkWidget *widget, guint key, GtkShortcutFunc func)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (key, 0),
                                                          gtk_callback_action_new (func, NULL, NULL)));
  gtk_widget_add_controller (widget, controller);
}

static void
snug_lobby_page_init (SnugLobbyPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  snug_page_header_follow_window (self->header);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                                  GTK_ORIENTATION_VERTICAL);

  /* The text inside an entry row is what assistive technology sees, and it has no name of its own. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_editable_get_delegate (GTK_EDITABLE (self->name_row))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Your name"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_editable_get_delegate (GTK_EDITABLE (self->room_row))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Room name or invitation link"), -1);
  add_shortcut (GTK_WIDGET (self->recent_list), GDK_KEY_Delete, on_recent_delete);
  snug_lobby_page_set_meeting_point (self, NULL, TRUE);
  update_note (self);
}

void
snug_lobby_page_set_devices (SnugLobbyPage *self, SnugDevices *devices)
{
  SnugLocalMedia *media;
  GSettings *settings;
  g_autofree char *name = NULL;
  g_autofree char *room = NULL;

  g_return_if_fail (SNUG_IS_LOBBY_PAGE (self));
  g_return_if_fail (SNUG_IS_DEVICES (devices));
  g_return_if_fail (self->devices == NULL);

  self->devices = g_object_ref (devices);
  media = snug_devices_get_local_media (devices);
  settings = snug_devices_get_settings (devices);

  g_object_bind_property (media, "preview", self->preview, "feed", G_BINDING_SYNC_CREATE);
  g_object_bind_property (media, "video-enabled", self->preview, "video-enabled", G_BINDING_SYNC_CREATE);
  g_settings_bind (settings, "mirror-self", self->preview, "mirrored", G_SETTINGS_BIND_GET);
  g_signal_connect_object (media, "notify::audio-level", G_CALLBACK (update_meter), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (media, "notify::audio-enabled", G_CALLBACK (update_media), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (media, "notify::video-enabled", G_CALLBACK (update_media), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (media, "notify::audio-error", G_CALLBACK (update_media), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (media, "notify::video-error", G_CALLBACK (update_media), self, G_CONNECT_SWAPPED);
  update_media (self);

  snug_device_row_set_devices (self->camera_row, devices);
  snug_device_row_set_devices (self->microphone_row, devices);
  snug_device_row_set_devices (self->speaker_row, devices);

  name = g_settings_get_string (settings, "display-name");
  if (*name == '\0')
    {
      g_free (name);
      name = default_name ();
    }
  room = g_settings_get_string (settings, "last-room");
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), name != NULL ? name : "");
  gtk_editable_set_text (GTK_EDITABLE (self->room_row), room);

  g_signal_connect_object (settings, "changed::display-name", G_CALLBACK (on_name_setting), self, G_CONNECT_SWAPPED);

  self->recent = snug_recent_rooms_new (settings);
  gtk_list_box_bind_model (self->recent_list, self->recent, create_recent_row, NULL, NULL);
  g_signal_connect_object (self->recent, "items-changed", G_CALLBACK (on_recent_changed), self, G_CONNECT_SWAPPED);
  on_recent_changed (self);
  lead_to_last (self);
}

void
snug_lobby_page_set_meeting_point (SnugLobbyPage *self, const char *server, gboolean this_network)
{
  const char *const places[] = { _ ("This network"), server != NULL ? server : _ ("A server…") };

  g_return_if_fail (SNUG_IS_LOBBY_PAGE (self));

  self->has_server = server != NULL;
  self->telling_place = TRUE;
  /* Not while one of them is being chosen. */
  if (strcmp (gtk_string_list_get_string (self->places, 1), places[1]) != 0)
    gtk_string_list_splice (self->places, 0, 2, (const char *const[]) { places[0], places[1], NULL });
  adw_combo_row_set_selected (self->place_row, this_network ? 0 : 1);
  self->telling_place = FALSE;
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->place_row),
                               this_network ? _ ("Finds the others by itself, without a server") : "");
}

void
snug_lobby_page_set_usual_server (SnugLobbyPage *self, const char *server)
{
  g_return_if_fail (SNUG_IS_LOBBY_PAGE (self));

  g_free (self->usual_server);
  self->usual_server = g_strdup (server);
  if (self->link_server != NULL && g_strcmp0 (self->link_server, server) == 0)
    set_link_server (self, NULL, NULL);
}

void
snug_lobby_page_open_link (SnugLobbyPage *self, const SnugLink *link)
{
  g_return_if_fail (SNUG_IS_LOBBY_PAGE (self));
  g_return_if_fail (link != NULL);

  take_link (self, link);
}

const char *
snug_lobby_page_get_link_server (SnugLobbyPage *self)
{
  g_return_val_if_fail (SNUG_IS_LOBBY_PAGE (self), NULL);

  return self->link_server;
}

void
snug_lobby_page_set_room (SnugLobbyPage *self, const char *room)
{
  g_return_if_fail (SNUG_IS_LOBBY_PAGE (self));
  gtk_editable_set_text (GTK_EDITABLE (self->room_row), room);
}

void
snug_lobby_page_show_problem (SnugLobbyPage *self, const char *sentence)
{
  g_return_if_fail (SNUG_IS_LOBBY_PAGE (self));

  g_free (self->problem);
  self->problem = g_strdup (sentence);
  update_note (self);
}

gboolean
snug_lobby_page_remember (SnugLobbyPage *self)
{
  GSettings *settings;
  SnugLocalMedia *media;
  gboolean saved = TRUE;

  g_return_val_if_fail (SNUG_IS_LOBBY_PAGE (self), FALSE);

  settings = snug_devices_get_settings (self->devices);
  media = snug_devices_get_local_media (self->devices);
  saved &= g_settings_set_string (settings, "display-name", gtk_editable_get_text (GTK_EDITABLE (self->name_row)));
  saved &= g_settings_set_string (settings, "last-room", gtk_editable_get_text (GTK_EDITABLE (self->room_row)));
  saved &= g_settings_set_boolean (settings, "video-enabled", snug_local_media_get_video_enabled (media));
  saved &= g_settings_set_boolean (settings, "audio-enabled", snug_local_media_get_audio_enabled (media));

  return saved;
}

void
snug_lobby_page_focus_start (SnugLobbyPage *self)
{
  g_return_if_fail (SNUG_IS_LOBBY_PAGE (self));

  if (*gtk_editable_get_text (GTK_EDITABLE (self->name_row)) == '\0')
    gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
  else if (*gtk_editable_get_text (GTK_EDITABLE (self->room_row)) == '\0')
    gtk_widget_grab_focus (GTK_WIDGET (self->room_row));
  else
    gtk_widget_grab_focus (self->join_button);
}
