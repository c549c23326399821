/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-recent-rooms.h"

#include "snug-format.h"

#include <glib/gi18n.h>

#define KEY "recent-rooms"
/* No display name holds a line break, see snug_display_name_normalize(). */
#define SEPARATOR "\n"

struct _SnugRecentRoom
{
  GObject parent_instance;

  char *name;
  gint64 unix_time;
  char **people;
};

G_DEFINE_FINAL_TYPE (SnugRecentRoom, snug_recent_room, G_TYPE_OBJECT)

static void
snug_recent_room_finalize (GObject *object)
{
  SnugRecentRoom *self = SNUG_RECENT_ROOM (object);

  g_free (self->name);
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

char *
snug_recent_room_format_subtitle (SnugRecentRoom *self, GDateTime *now)
{
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *day = NULL;
  g_autofree char *people = NULL;

  g_return_val_if_fail (SNUG_IS_RECENT_ROOM (self), NULL);

  time = g_date_time_new_from_unix_local (self->unix_time);
  day = time != NULL ? snug_format_day (time, now) : g_strdup ("");
  people = snug_format_people ((const char *const *) self->people);
  if (people == NULL)
    /* Translators: when a room was used */
    return g_strdup_printf (_ ("%s, alone"), day);
  /* Translators: when a room was used, and with whom */
  return g_strdup_printf (_ ("%s, with %s"), day, people);
}

static void
fill (GListStore *store, GSettings *settings)
{
  g_autoptr (GVariant) value = g_settings_get_value (settings, KEY);
  g_autoptr (GPtrArray) rooms = g_ptr_array_new_with_free_func (g_object_unref);
  GVariantIter iter;
  const char *name, *people;
  gint64 unix_time;

  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "(&sx&s)", &name, &unix_time, &people))
    {
      SnugRecentRoom *room = g_object_new (SNUG_TYPE_RECENT_ROOM, NULL);
      room->name = g_strdup (name);
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
  fill (store, settings);
  return G_LIST_MODEL (store);
}

void
snug_recent_rooms_remember (GSettings *settings, const char *room, const char *const *people, gint64 unix_time)
{
  g_autoptr (GVariant) old = g_settings_get_value (settings, KEY);
  g_autofree char *joined = people != NULL ? g_strjoinv (SEPARATOR, (char **) people) : g_strdup ("");
  GVariantBuilder builder;
  GVariantIter iter;
  const char *name, *others;
  gint64 time;
  guint n = 1;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sxs)"));
  g_variant_builder_add (&builder, "(sxs)", room, unix_time, joined);
  g_variant_iter_init (&iter, old);
  while (n < SNUG_RECENT_ROOMS_MAX && g_variant_iter_next (&iter, "(&sx&s)", &name, &time, &others))
    if (strcmp (name, room) != 0)
      {
        g_variant_builder_add (&builder, "(sxs)", name, time, others);
        n++;
      }
  g_settings_set_value (settings, KEY, g_variant_builder_end (&builder));
}

void
snug_recent_rooms_forget (GSettings *settings, const char *room)
{
  g_autoptr (GVariant) old = g_settings_get_value (settings, KEY);
  GVariantBuilder builder;
  GVariantIter iter;
  const char *name, *others;
  gint64 time;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sxs)"));
  g_variant_iter_init (&iter, old);
  while (g_variant_iter_next (&iter, "(&sx&s)", &name, &time, &others))
    if (strcmp (name, room) != 0)
      g_variant_builder_add (&builder, "(sxs)", name, time, others);
  g_settings_set_value (settings, KEY, g_variant_builder_end (&builder));
}
