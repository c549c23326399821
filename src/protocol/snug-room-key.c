/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-room-key.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

/* They are part of the protocol: other texts make other rooms. */
#define NAME_SALT "snug.1 room name"
#define EXTRACT_SALT "snug.1"
#define ID_INFO "room id"
#define KEY_INFO "sealing key"

/* Who comes back to a room soon does not wait again. */
#define REMEMBERED_MAX 8

struct _SnugRoomKey
{
  gatomicrefcount ref_count;
  char *name;
  char id[SNUG_ROOM_ID_DIGITS + 1];
  guint8 bytes[SNUG_ROOM_KEY_BYTES];
};

/* SnugRoomKey, the newest first. Main context only. */
static GQueue remembered = G_QUEUE_INIT;

G_DEFINE_BOXED_TYPE (SnugRoomKey, snug_room_key, snug_room_key_ref, snug_room_key_unref)

SnugRoomKey *
snug_room_key_ref (SnugRoomKey *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
snug_room_key_unref (SnugRoomKey *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  gnutls_memset (self->bytes, 0, sizeof self->bytes);
  gnutls_memset (self->name, 0, strlen (self->name));
  g_free (self->name);
  g_free (self);
}

static gnutls_datum_t
datum (const void *data, gsize size)
{
  return (gnutls_datum_t){ .data = (unsigned char *) data, .size = size };
}

/* HKDF (RFC 5869): extract, then expand. */
static void
derive_part (const gnutls_datum_t *master, const char *info, guint8 *out, gsize size)
{
  const gnutls_datum_t salt = datum (EXTRACT_SALT, strlen (EXTRACT_SALT));
  const gnutls_datum_t info_datum = datum (info, strlen (info));
  guint8 pseudorandom[SNUG_ROOM_KEY_BYTES];
  const gnutls_datum_t key = datum (pseudorandom, sizeof pseudorandom);

  if (gnutls_hkdf_extract (GNUTLS_MAC_SHA256, master, &salt, pseudorandom) < 0
      || gnutls_hkdf_expand (GNUTLS_MAC_SHA256, &key, &info_datum, out, size) < 0)
    g_error ("GnuTLS can't do HKDF");
  gnutls_memset (pseudorandom, 0, sizeof pseudorandom);
}

/**
 * snug_room_key_derive:
 * @room_name: a normalised room name
 *
 * Blocks while it counts %SNUG_ROOM_KEY_ROUNDS.
 *
 * Returns: (transfer full): what the name makes
 */
SnugRoomKey *
snug_room_key_derive (const char *room_name)
{
  guint8 master_bytes[SNUG_ROOM_KEY_BYTES];
  const gnutls_datum_t master = datum (master_bytes, sizeof master_bytes);
  const gnutls_datum_t salt = datum (NAME_SALT, strlen (NAME_SALT));
  guint8 id[SNUG_ROOM_ID_DIGITS / 2];
  gnutls_datum_t name;
  SnugRoomKey *self;

  g_return_val_if_fail (room_name != NULL && *room_name != '\0', NULL);

  self = g_new0 (SnugRoomKey, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->name = g_strdup (room_name);
  name = datum (room_name, strlen (room_name));
  /* Only a GnuTLS without SHA-256 refuses this, as when it can't make random numbers. */
  if (gnutls_pbkdf2 (GNUTLS_MAC_SHA256, &name, &salt, SNUG_ROOM_KEY_ROUNDS, master_bytes,
                     sizeof master_bytes) < 0)
    g_error ("GnuTLS can't do PBKDF2");
  derive_part (&master, ID_INFO, id, sizeof id);
  derive_part (&master, KEY_INFO, self->bytes, sizeof self->bytes);
  gnutls_memset (master_bytes, 0, sizeof master_bytes);
  for (gsize i = 0; i < sizeof id; i++)
    g_snprintf (self->id + 2 * i, 3, "%02x", id[i]);
  return self;
}

static SnugRoomKey *
recall (const char *room_name)
{
  for (GList *link = remembered.head; link != NULL; link = link->next)
    {
      SnugRoomKey *key = link->data;

      if (strcmp (key->name, room_name) == 0)
        {
          g_queue_unlink (&remembered, link);
          g_queue_push_head_link (&remembered, link);
          return snug_room_key_ref (key);
        }
    }
  return NULL;
}

static void
remember (SnugRoomKey *key)
{
  g_autoptr (SnugRoomKey) known = recall (key->name);

  if (known != NULL)
    return;
  g_queue_push_head (&remembered, snug_room_key_ref (key));
  if (remembered.length > REMEMBERED_MAX)
    snug_room_key_unref (g_queue_pop_tail (&remembered));
}

static void
derive_thread (GTask *task, gpointer source, gpointer room_name, GCancellable *cancellable)
{
  g_task_return_pointer (task, snug_room_key_derive (room_name), (GDestroyNotify) snug_room_key_unref);
}

/**
 * snug_room_key_derive_async:
 * @room_name: a normalised room name
 * @cancellable: (nullable): ends the wait, not the work
 * @callback: called on the main context, never before this returns
 * @user_data: for @callback
 */
void
snug_room_key_derive_async (const char *room_name,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  SnugRoomKey *known;

  g_return_if_fail (room_name != NULL && *room_name != '\0');

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, snug_room_key_derive_async);
  known = recall (room_name);
  if (known != NULL)
    {
      g_task_return_pointer (task, known, (GDestroyNotify) snug_room_key_unref);
      return;
    }
  g_task_set_task_data (task, g_strdup (room_name), g_free);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, derive_thread);
}

SnugRoomKey *
snug_room_key_derive_finish (GAsyncResult *result, GError **error)
{
  SnugRoomKey *key;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  key = g_task_propagate_pointer (G_TASK (result), error);
  if (key != NULL)
    remember (key);
  return key;
}

const char *
snug_room_key_get_room_id (SnugRoomKey *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->id;
}

const guint8 *
snug_room_key_get_bytes (SnugRoomKey *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->bytes;
}

gboolean
snug_room_id_is_valid (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  return strspn (text, "0123456789abcdef") == SNUG_ROOM_ID_DIGITS && text[SNUG_ROOM_ID_DIGITS] == '\0';
}
