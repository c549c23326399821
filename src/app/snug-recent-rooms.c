/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-recent-rooms.h"

#include "snug-format.h"

#include <glib/gi18n.h>

#define KEY "recent-places"
#define TYPE "a(sxss)"
/* Of versions that did not keep the meeting point: read until something is written. */
#define OLD_KEY "recent-rooms"
/* No display name holds a line break, see snug_display_name_normalize(). */
#define SEPARATOR "\n"

struct _SnugRecentRoom
{
  GObject parent_instance;

  char *name;
  char *server; /* NULL: the usual one */
  gint64 unix_time;
  char **people;
};

G_DEFINE_FINAL_TYPE (SnugRecentRoom, snug_recent_room, G_TYPE_OBJECT)

static void
snug_recent_room_finalize (GObject *object)
{
  SnugRecentRoom *self = SNUG_RECENT_ROOM (object);

  g_free (self->name);
  g_free (self->server);
  g_strfreev (self->people);
  G_OBJECT_CLASS (snug_recent_room_parent_class)->finalize (object);
}

static void
snug_recent_room_class_init (SnugRecentRoomClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = snug_recent_room_finalize;
}

static void
snug_recent_room_init (SnugRecentRoom *self)
{
}

const char *
snug_recent_room_get_name (SnugRecentRoom *self)
{
  g_return_val_if_fail (SNUG_IS_RECENT_ROOM (self), NULL);
  return self->name;
}

const char *
snug_recent_room_get_server (SnugRecentRoom *self)
{
  g_return_val_if_fail (SNUG_IS_RECENT_ROOM (self), NULL);
  return self->server;
}

static char *
format_when (SnugRecentRoom *self, GDateTime *now)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (self->unix_time);
  g_autofree char *day = time != NULL ? snug_format_day (time, now) : g_strdup ("");
  g_autofree char *people = snug_format_people ((const char *const *) self->people);

  if (people == NULL)
    /* Translators: when a room was used */
    return g_strdup_printf (_ ("%s, alone"), day);
  /* Translators: when a room was used, and with whom */
  return g_strdup_printf (_ ("%s, with %s"), day, people);
}

char *
snug_recent_room_format_subtitle (SnugRecentRoom *self, GDateTime *now)
{
  g_autoptr (GUri) uri = NULL;
  g_autofree char *when = NULL;

  g_return_val_if_fail (SNUG_IS_RECENT_ROOM (self), NULL);

  when = format_when (self, now);
  uri = self->server != NULL ? g_uri_parse (self->server, G_URI_FLAGS_NONE, NULL) : NULL;
  if (uri == NULL)
    return g_steal_pointer (&when);
  /* Translators: when a room was used and with whom, and the name of the server where it is */
  return g_strdup_printf (_ ("%s, at “%s”"), when, g_uri_get_host (uri));
}

/* Returns: (transfer full): of TYPE. */
static GVariant *
read_rooms (GSettings *settings)
{
  g_autoptr (GVariant) written = g_settings_get_user_value (settings, KEY);
  g_autoptr (GVariant) old = NULL;
  GVariantBuilder builder;
  GVariantIter iter;
  const char *name, *people;
  gint64 unix_time;

  if (written != NULL)
    return g_steal_pointer (&written);
  old = g_settings_get_value (settings, OLD_KEY);
  g_variant_builder_init (&builder, G_VARIANT_TYPE (TYPE));
  g_variant_iter_init (&iter, old);
  while (g_variant_iter_next (&iter, "(&sx&s)", &name, &unix_time, &people))
    g_variant_builder_add (&builder, "(sxss)", name, unix_time, people, "");
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

/* rooms: floating. */
static void
write_rooms (GSettings *settings, GVariant *rooms)
{
  g_settings_set_value (settings, KEY, rooms);
  g_settings_reset (settings, OLD_KEY);
}

static void
fill (GListStore *store, GSettings *settings)
{
  g_autoptr (GVariant) value = read_rooms (settings);
  g_autoptr (GPtrArray) rooms = g_ptr_array_new_with_free_func (g_object_unref);
  GVariantIter iter;
  const char *name, *people, *server;
  gint64 unix_time;

  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "(&sx&s&s)", &name, &unix_time, &people, &server))
    {
      SnugRecentRoom *room = g_object_new (SNUG_TYPE_RECENT_ROOM, NULL);
      room->name = g_strdup (name);
      room->server = *server != '\0' ? g_strdup (server) : NULL;
      room->unix_time = unix_time;
      room->people = *people != '\0' ? g_strsplit (people, SEPARATOR, -1) : NULL;
      g_ptr_array_add (rooms, room);
    }
  g_list_store_splice (store, 0, g_list_model_get_n_items (G_LIST_MODEL (store)), rooms->pdata, rooms->len);
}

static void
on_changed (GSettings *settings, const char *key, GListStore *store)
{
  fill (store, settings);
}

GListModel *
snug_recent_rooms_new (GSettings *settings)
{
  GListStore *store = g_list_store_new (SNUG_TYPE_RECENT_ROOM);

  g_object_set_data_full (G_OBJECT (store), "settings", g_object_ref (settings), g_object_unref);
  g_signal_connect_object (settings, "changed::" KEY, G_CALLBACK (on_changed), store, 0);
  g_signal_connect_object (settings, "changed::" OLD_KEY, G_CALLBACK (on_changed), store, 0);
  fill (store, settings);
  return G_LIST_MODEL (store);
}

/* Adds all but one of those that are kept, as many as there is place for. server: nullable. */
static void
add_others (GVariantBuilder *builder, GSettings *settings, guint max, const char *room, const char *server)
{
  g_autoptr (GVariant) rooms = read_rooms (settings);
  GVariantIter iter;
  const char *name, *people, *place;
  gint64 unix_time;

  g_variant_iter_init (&iter, rooms);
  while (max > 0 && g_variant_iter_next (&iter, "(&sx&s&s)", &name, &unix_time, &people, &place))
    if (strcmp (name, room) != 0 || strcmp (place, server != NULL ? server : "") != 0)
      {
        g_variant_builder_add (builder, "(sxss)", name, unix_time, people, place);
        max--;
      }
}

void
snug_recent_rooms_remember (
  GSettings *settings, const char *room, const char *server, const char *const *people, gint64 unix_time)
{
  g_autofree char *joined = people != NULL ? g_strjoinv (SEPARATOR, (char **) people) : g_strdup ("");
  GVariantBuilder builder;

  g_return_if_fail (room != NULL);

  g_variant_builder_init (&builder, G_VARIANT_TYPE (TYPE));
  g_variant_builder_add (&builder, "(sxss)", room, unix_time, joined, server != NULL ? server : "");
  add_others (&builder, settings, SNUG_RECENT_ROOMS_MAX - 1, room, server);
  write_rooms (settings, g_variant_builder_end (&builder));
}

void
snug_recent_rooms_forget (GSettings *settings, const char *room, const char *server)
{
  GVariantBuilder builder;

  g_return_if_fail (room != NULL);

  g_variant_builder_init (&builder, G_VARIANT_TYPE (TYPE));
  add_others (&builder, settings, SNUG_RECENT_ROOMS_MAX, room, server);
  write_rooms (settings, g_variant_builder_end (&builder));
}

void
snug_recent_rooms_forget_all (GSettings *settings)
{
  g_settings_reset (settings, KEY);
  g_settings_reset (settings, OLD_KEY);
}
