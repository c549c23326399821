/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A connection to the bus of its own: when it is closed Avahi forgets everything that was asked for over it.
 */
#include "snug-local-network.h"

#include "snug-local-announcement.h"
#include "snug-signaling.h"

#define AVAHI "org.freedesktop.Avahi"
#define SERVER_INTERFACE AVAHI ".Server2"
#define BROWSER_INTERFACE AVAHI ".ServiceBrowser"
#define GROUP_INTERFACE AVAHI ".EntryGroup"
#define UNSPECIFIED (-1)
/* AvahiLookupResultFlags */
#define RESULT_LOCAL 8
/* AvahiEntryGroupState */
#define GROUP_COLLISION 3
#define GROUP_FAILURE 4
/* After Avahi has said that that is all, for what is still being asked. */
#define COMPLETE_MILLISECONDS 1000

/* One host on one interface by one kind of address. */
typedef struct
{
  char *key;
  char *name;
  int interface;
  int protocol;
  gboolean own_machine;
  gboolean resolving;
  GInetSocketAddress *address; /* NULL: not known, or none that can be used */
} Item;

struct _SnugLocalNetwork
{
  char *room_id;
  const SnugLocalNetworkFuncs *funcs;
  gpointer data;
  GCancellable *cancellable;
  GDBusConnection *bus; /* NULL: not yet there */
  guint watch_id;
  gboolean was_there; /* Avahi was */
  gboolean is_there;

  GHashTable *items; /* key -> Item */
  GQueue waiting;    /* char *: keys to be resolved */
  guint n_resolving;
  gboolean all_for_now;
  gboolean completed;
  guint complete_timer;
  guint browser_signals;

  char *own_name; /* nullable: nothing to be announced */
  guint16 own_port;
  char *group; /* nullable: the path of the announcement */
  guint group_signals;
  GCancellable *announcing; /* nullable */
};

static void
item_free (gpointer data)
{
  Item *item = data;

  g_free (item->key);
  g_free (item->name);
  g_clear_object (&item->address);
  g_free (item);
}

static void
fail (SnugLocalNetwork *self, const char *what, const GError *reason)
{
  g_autoptr (GError) error
    = g_error_new (SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_NO_DISCOVERY, "%s: %s", what,
                   reason != NULL ? reason->message : "it is not there");

  self->funcs->failed (error, self->data);
}

/* ---- Looking ---- */

static void
complete (SnugLocalNetwork *self)
{
  g_clear_handle_id (&self->complete_timer, g_source_remove);
  if (self->completed)
    return;
  self->completed = TRUE;
  self->funcs->complete (self->data);
}

static gboolean
on_complete_timer (gpointer data)
{
  SnugLocalNetwork *self = data;

  self->complete_timer = 0;
  complete (self);
  return G_SOURCE_REMOVE;
}

static gboolean
has_address (SnugLocalNetwork *self, const char *name)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((Item *) value)->address != NULL && g_str_equal (((Item *) value)->name, name))
      return TRUE;
  return FALSE;
}

static void resolve_next (SnugLocalNetwork *self);

typedef struct
{
  SnugLocalNetwork *network;
  char *key;
} Resolving;

/* The reply is (iissssisqaayu): interface, protocol, name, type, domain, host, protocol, address, port, texts, flags. */
static GInetSocketAddress *
read_reply (SnugLocalNetwork *self, const Item *item, GVariant *reply)
{
  g_autoptr (GVariant) txt = NULL;
  const char *address;
  guint16 port;

  if (!g_variant_is_of_type (reply, G_VARIANT_TYPE ("(iissssisqaayu)")))
    return NULL;
  g_variant_get_child (reply, 7, "&s", &address);
  g_variant_get_child (reply, 8, "q", &port);
  txt = g_variant_get_child_value (reply, 9);
  if (!snug_local_announcement_check_txt (txt, self->room_id))
    return NULL;
  return snug_local_announcement_make_address (address, port, (guint) MAX (item->interface, 0), item->own_machine);
}

static void
on_resolved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Resolving *resolving = data;
  g_autofree char *key = resolving->key;
  SnugLocalNetwork *self = resolving->network;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  Item *item;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->n_resolving--;
  item = g_hash_table_lookup (self->items, key);
  if (item != NULL && item->resolving)
    {
      item->resolving = FALSE;
      item->address = reply != NULL ? read_reply (self, item, reply) : NULL;
      if (item->address == NULL)
        g_info ("event=local-host-ignored text=\"%s\"",
                error != NULL ? error->message : "what it announces can't be used");
    }
  resolve_next (self);
  if (item != NULL && item->address != NULL)
    {
      GCancellable *alive = g_object_ref (self->cancellable);
      g_autofree char *name = g_strdup (item->name);

      self->funcs->found (name, self->data);
      if (g_cancellable_is_cancelled (alive))
        self = NULL;
      g_object_unref (alive);
    }
  if (self != NULL && self->all_for_now && self->n_resolving == 0)
    complete (self);
}

static void
resolve_next (SnugLocalNetwork *self)
{
  while (self->n_resolving < SNUG_LOCAL_RESOLVES_MAX && !g_queue_is_empty (&self->waiting))
    {
      g_autofree char *key = g_queue_pop_head (&self->waiting);
      Item *item = g_hash_table_lookup (self->items, key);
      Resolving *resolving;

      if (item == NULL || item->resolving)
        continue;
      item->resolving = TRUE;
      self->n_resolving++;
      resolving = g_new0 (Resolving, 1);
      resolving->network = self;
      resolving->key = g_steal_pointer (&key);
      g_dbus_connection_call (self->bus, AVAHI, "/", SERVER_INTERFACE, "ResolveService",
                              g_variant_new ("(iisssiu)", item->interface, item->protocol, item->name,
                                             SNUG_LOCAL_SERVICE_TYPE, "local", item->protocol, 0),
                              NULL, G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable, on_resolved, resolving);
    }
}

static char *
make_key (int interface, int protocol, const char *name)
{
  return g_strdup_printf ("%d %d %s", interface, protocol, name);
}

static void
add_item (SnugLocalNetwork *self, int interface, int protocol, const char *name, guint flags)
{
  g_autofree char *key = make_key (interface, protocol, name);
  Item *item;

  if (g_hash_table_contains (self->items, key))
    return;
  if (g_hash_table_size (self->items) >= SNUG_LOCAL_ITEMS_MAX)
    return;
  item = g_new0 (Item, 1);
  item->key = g_strdup (key);
  item->name = g_strdup (name);
  item->interface = interface;
  item->protocol = protocol;
  item->own_machine = (flags & RESULT_LOCAL) != 0;
  g_hash_table_insert (self->items, item->key, item);
  g_queue_push_tail (&self->waiting, g_steal_pointer (&key));
  resolve_next (self);
}

static void
remove_item (SnugLocalNetwork *self, int interface, int protocol, const char *name)
{
  g_autofree char *key = make_key (interface, protocol, name);
  Item *item = g_hash_table_lookup (self->items, key);
  gboolean had_address = item != NULL && item->address != NULL;

  g_hash_table_remove (self->items, key);
  if (had_address && !has_address (self, name))
    self->funcs->gone (name, self->data);
}

static void
on_browser_signal (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
                   GVariant *arguments, gpointer data)
{
  SnugLocalNetwork *self = data;
  const char *name, *type, *domain;
  int index, protocol;
  guint flags;

  if (g_str_equal (signal, "AllForNow"))
    {
      self->all_for_now = TRUE;
      if (self->n_resolving == 0)
        complete (self);
      else if (self->complete_timer == 0 && !self->completed)
        self->complete_timer = g_timeout_add (COMPLETE_MILLISECONDS, on_complete_timer, self);
      return;
    }
  if (!g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(iisssu)")))
    return;
  g_variant_get (arguments, "(ii&s&s&su)", &index, &protocol, &name, &type, &domain, &flags);
  /* Most of what there is belongs to other rooms. */
  if (!snug_local_announcement_check_name (name, self->room_id) || g_strcmp0 (name, self->own_name) == 0)
    return;
  if (g_str_equal (signal, "ItemNew"))
    add_item (self, index, protocol, name, flags);
  else if (g_str_equal (signal, "ItemRemove"))
    remove_item (self, index, protocol, name);
}

static void
on_browser_started (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fail (data, "Avahi does not look for others", error);
}

static void
on_browser_prepared (GObject *source, GAsyncResult *result, gpointer data)
{
  SnugLocalNetwork *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  const char *path;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (reply == NULL || !g_variant_is_of_type (reply, G_VARIANT_TYPE ("(o)")))
    {
      fail (self, "Avahi can't be asked", error);
      return;
    }
  g_variant_get (reply, "(&o)", &path);
  self->browser_signals = g_dbus_connection_signal_subscribe (self->bus, AVAHI, BROWSER_INTERFACE, NULL, path, NULL,
                                                              G_DBUS_SIGNAL_FLAGS_NONE, on_browser_signal, self, NULL);
  g_dbus_connection_call (self->bus, AVAHI, path, BROWSER_INTERFACE, "Start", NULL, NULL, G_DBUS_CALL_FLAGS_NONE, -1,
                          self->cancellable, on_browser_started, self);
}

/* ---- Announcing ---- */

static void
on_group_signal (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
                 GVariant *arguments, gpointer data)
{
  SnugLocalNetwork *self = data;
  const char *text;
  int state;

  if (!g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(is)")))
    return;
  g_variant_get (arguments, "(i&s)", &state, &text);
  g_debug ("event=local-announcement state=%d", state);
  if (state == GROUP_COLLISION)
    self->funcs->collided (self->data);
  else if (state == GROUP_FAILURE)
    {
      g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, text);

      fail (self, "Avahi does not announce the room", error);
    }
}

/* One step of the announcement is done. FALSE: it was given up, or has failed, and that was told. */
static gboolean
check_step (GObject *source, GAsyncResult *result, SnugLocalNetwork *self, GVariant **reply)
{
  g_autoptr (GError) error = NULL;

  *reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  if (*reply != NULL)
    return TRUE;
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fail (self, "Avahi does not announce the room", error);
  return FALSE;
}

static void
on_committed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GVariant) reply = NULL;

  if (check_step (source, result, data, &reply))
    g_debug ("event=local-announcing");
}

static void
call_group (SnugLocalNetwork *self, const char *method, GVariant *arguments, GAsyncReadyCallback callback)
{
  g_dbus_connection_call (self->bus, AVAHI, self->group, GROUP_INTERFACE, method, arguments, NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, callback != NULL ? self->announcing : NULL, callback, self);
}

static void
on_added (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GVariant) reply = NULL;

  if (check_step (source, result, data, &reply))
    call_group (data, "Commit", NULL, on_committed);
}

static void
on_group_made (GObject *source, GAsyncResult *result, gpointer data)
{
  SnugLocalNetwork *self = data;
  g_autoptr (GVariant) reply = NULL;

  if (!check_step (source, result, data, &reply))
    return;
  if (!g_variant_is_of_type (reply, G_VARIANT_TYPE ("(o)")))
    {
      fail (self, "Avahi does not announce the room", NULL);
      return;
    }
  g_variant_get (reply, "(o)", &self->group);
  self->group_signals = g_dbus_connection_signal_subscribe (self->bus, AVAHI, GROUP_INTERFACE, "StateChanged",
                                                            self->group, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                                            on_group_signal, self, NULL);
  call_group (self, "AddService",
              g_variant_new ("(iiussssq@aay)", UNSPECIFIED, UNSPECIFIED, 0, self->own_name, SNUG_LOCAL_SERVICE_TYPE,
                             "", "", self->own_port, snug_local_announcement_make_txt (self->room_id)),
              on_added);
}

static void
drop_group (SnugLocalNetwork *self)
{
  if (self->announcing != NULL)
    g_cancellable_cancel (self->announcing);
  g_clear_object (&self->announcing);
  if (self->group_signals != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->group_signals);
  self->group_signals = 0;
  g_clear_pointer (&self->group, g_free);
}

static void
make_group (SnugLocalNetwork *self)
{
  drop_group (self);
  self->announcing = g_cancellable_new ();
  g_dbus_connection_call (self->bus, AVAHI, "/", SERVER_INTERFACE, "EntryGroupNew", NULL, NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, self->announcing, on_group_made, self);
}

void
snug_local_network_announce (SnugLocalNetwork *self, const char *name, guint16 port)
{
  g_return_if_fail (self != NULL && name != NULL && port != 0);

  snug_local_network_withdraw (self);
  self->own_name = g_strdup (name);
  self->own_port = port;
  if (self->is_there)
    make_group (self);
}

void
snug_local_network_withdraw (SnugLocalNetwork *self)
{
  g_return_if_fail (self != NULL);

  if (self->group != NULL)
    call_group (self, "Free", NULL, NULL);
  drop_group (self);
  g_clear_pointer (&self->own_name, g_free);
}

/* ---- Avahi comes and goes ---- */

static void
on_appeared (GDBusConnection *bus, const char *name, const char *owner, gpointer data)
{
  SnugLocalNetwork *self = data;

  self->was_there = self->is_there = TRUE;
  self->all_for_now = self->completed = FALSE;
  g_dbus_connection_call (self->bus, AVAHI, "/", SERVER_INTERFACE, "ServiceBrowserPrepare",
                          g_variant_new ("(iissu)", UNSPECIFIED, UNSPECIFIED, SNUG_LOCAL_SERVICE_TYPE, "", 0), NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable, on_browser_prepared, self);
  if (self->own_name != NULL)
    make_group (self);
}

/* What it told of is not known any more, and is told again by the next one. */
static void
forget_items (SnugLocalNetwork *self)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GCancellable) alive = g_object_ref (self->cancellable);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((Item *) value)->address != NULL)
      g_hash_table_add (names, g_strdup (((Item *) value)->name));
  g_hash_table_remove_all (self->items);
  g_queue_clear_full (&self->waiting, g_free);
  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &value, NULL) && !g_cancellable_is_cancelled (alive))
    self->funcs->gone (value, self->data);
}

static void
on_vanished (GDBusConnection *bus, const char *name, gpointer data)
{
  SnugLocalNetwork *self = data;

  if (!self->was_there)
    {
      fail (self, "Avahi is not running", NULL);
      return;
    }
  g_info ("event=avahi-lost");
  self->is_there = FALSE;
  if (self->browser_signals != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->browser_signals);
  self->browser_signals = 0;
  g_clear_handle_id (&self->complete_timer, g_source_remove);
  drop_group (self);
  forget_items (self);
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_dbus_connection_new_for_address_finish (result, &error);
  SnugLocalNetwork *self = data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (bus == NULL)
    {
      fail (self, "There is no system bus", error);
      return;
    }
  self->bus = bus;
  self->watch_id = g_bus_watch_name_on_connection (bus, AVAHI, G_BUS_NAME_WATCHER_FLAGS_AUTO_START, on_appeared,
                                                   on_vanished, self, NULL);
}

SnugLocalNetwork *
snug_local_network_new (const char *room_id, const SnugLocalNetworkFuncs *funcs, gpointer data)
{
  SnugLocalNetwork *self = g_new0 (SnugLocalNetwork, 1);
  g_autofree char *address = NULL;

  self->room_id = g_strdup (room_id);
  self->funcs = funcs;
  self->data = data;
  self->cancellable = g_cancellable_new ();
  self->items = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, item_free);
  g_queue_init (&self->waiting);
  address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);
  g_dbus_connection_new_for_address (address != NULL ? address : "unix:path=/run/dbus/system_bus_socket",
                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                       | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                     NULL, self->cancellable, on_connected, self);
  return self;
}

static void
on_flushed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_dbus_connection_close (G_DBUS_CONNECTION (source), NULL, NULL, NULL);
}

void
snug_local_network_free (SnugLocalNetwork *self)
{
  g_return_if_fail (self != NULL);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->complete_timer, g_source_remove);
  g_clear_handle_id (&self->watch_id, g_bus_unwatch_name);
  if (self->bus != NULL)
    {
      snug_local_network_withdraw (self);
      if (self->browser_signals != 0)
        g_dbus_connection_signal_unsubscribe (self->bus, self->browser_signals);
      g_dbus_connection_flush (self->bus, NULL, on_flushed, NULL);
    }
  g_clear_object (&self->bus);
  g_hash_table_unref (self->items);
  g_queue_clear_full (&self->waiting, g_free);
  g_object_unref (self->cancellable);
  g_free (self->own_name);
  g_free (self->room_id);
  g_free (self);
}

GPtrArray *
snug_local_network_list_addresses (SnugLocalNetwork *self, const char *name)
{
  GPtrArray *addresses = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer value;

  g_return_val_if_fail (self != NULL && name != NULL, addresses);

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &value) && addresses->len < SNUG_LOCAL_ADDRESSES_MAX)
    {
      Item *item = value;

      if (item->address != NULL && g_str_equal (item->name, name))
        g_ptr_array_add (addresses, g_object_ref (item->address));
    }
  return addresses;
}
