/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files between two chats, over a channel that can be cut, that lies, or that is not there.
 */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "snug-await.h"
#include "snug-chat.h"
#include "snug-file-chunk.h"

typedef struct _Side Side;

/* One of two chats, and the way to the other. */
struct _Side
{
  SnugChat *chat;
  Side *other;
  const char *id; /* by which the other side knows it */
  const char *name;
  GQueue *wire;  /* Parcel, on the way to the other side */
  gboolean open; /* one's own end */
  gboolean old;  /* says no hello and hears none */
  guint n_chunks;
  guint cut_after; /* chunks, 0: never */
  gboolean corrupt; /* the next chunk */
  guint n_sent[SNUG_PEER_MESSAGE_FILE_CANCEL + 1];
};

typedef struct
{
  SnugPeerMessage *message; /* or */
  GBytes *chunk;
} Parcel;

typedef struct
{
  Side a;
  Side b;
  char *folder;
  guint pump_id;
} Fixture;

static void
parcel_free (gpointer data)
{
  Parcel *parcel = data;

  g_clear_pointer (&parcel->message, snug_peer_message_unref);
  g_clear_pointer (&parcel->chunk, g_bytes_unref);
  g_free (parcel);
}

static gboolean
send_message (const char *peer_id, SnugPeerMessage *message, gpointer user_data)
{
  Side *side = user_data;
  Parcel *parcel;

  if (!side->open || g_strcmp0 (peer_id, side->other->id) != 0)
    return FALSE;
  side->n_sent[snug_peer_message_get_kind (message)]++;
  if (side->old && snug_peer_message_get_kind (message) == SNUG_PEER_MESSAGE_HELLO)
    return TRUE;
  parcel = g_new0 (Parcel, 1);
  parcel->message = snug_peer_message_ref (message);
  g_queue_push_tail (side->wire, parcel);

  return TRUE;
}

static void cut (Fixture *f);

static gboolean
send_chunk (const char *peer_id, GBytes *chunk, gpointer user_data)
{
  Side *side = user_data;
  Parcel *parcel;

  if (!side->open || g_strcmp0 (peer_id, side->other->id) != 0)
    return FALSE;
  parcel = g_new0 (Parcel, 1);
  parcel->chunk = g_bytes_ref (chunk);
  if (side->corrupt)
    {
      gsize size;
      guint8 *data = g_memdup2 (g_bytes_get_data (chunk, &size), g_bytes_get_size (chunk));

      size = g_bytes_get_size (chunk);
      data[size - 1] ^= 1;
      g_bytes_unref (parcel->chunk);
      parcel->chunk = g_bytes_new_take (data, size);
      side->corrupt = FALSE;
    }
  g_queue_push_tail (side->wire, parcel);
  side->n_chunks++;

  return TRUE;
}

static const char *
get_name (const char *peer_id, gpointer user_data)
{
  Side *side = user_data;

  return side->other->name;
}

static void
deliver (Fixture *f, Side *from)
{
  Parcel *parcel = g_queue_pop_head (from->wire);

  if (parcel == NULL)
    return;
  if (parcel->message != NULL)
    {
      g_autofree char *json = snug_peer_message_to_json (parcel->message);
      g_autoptr (SnugPeerMessage) message = snug_peer_message_parse (json, strlen (json), NULL);

      g_assert_nonnull (message);
      snug_chat_receive (from->other->chat, from->id, from->name, message);
    }
  else
    snug_chat_receive_chunk (from->other->chat, from->id, parcel->chunk);
  parcel_free (parcel);
  if (from->cut_after != 0 && from->n_chunks >= from->cut_after)
    cut (f);
}

static gboolean
on_pump (gpointer user_data)
{
  Fixture *f = user_data;

  for (guint i = 0; i < 8; i++)
    {
      deliver (f, &f->a);
      deliver (f, &f->b);
    }

  return G_SOURCE_CONTINUE;
}

static void
connect_both (Fixture *f)
{
  f->a.open = f->b.open = TRUE;
  snug_chat_peer_opened (f->a.chat, f->b.id);
  snug_chat_peer_opened (f->b.chat, f->a.id);
}

/* What is on the way is lost, on both ends. */
static void
cut (Fixture *f)
{
  f->a.cut_after = f->b.cut_after = 0;
  f->a.open = f->b.open = FALSE;
  g_queue_clear_full (f->a.wire, parcel_free);
  g_queue_clear_full (f->b.wire, parcel_free);
  snug_chat_peer_closed (f->a.chat, f->b.id);
  snug_chat_peer_closed (f->b.chat, f->a.id);
}

static void
start_chat (Side *side)
{
  side->chat = snug_chat_new (send_message, side);
  snug_chat_enable_files (side->chat, send_chunk, get_name);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->a = (Side){ .other = &f->b, .id = "a", .name = "Alice", .wire = g_queue_new () };
  f->b = (Side){ .other = &f->a, .id = "b", .name = "Bob", .wire = g_queue_new () };
  start_chat (&f->a);
  start_chat (&f->b);
  f->folder = g_dir_make_tmp ("snug-files-XXXXXX", NULL);
  g_assert_nonnull (f->folder);
  f->pump_id = g_timeout_add (1, on_pump, f);
  if (g_strcmp0 (data, "apart") != 0)
    connect_both (f);
}

static guint
count_files (Fixture *f)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;

  g_source_remove (f->pump_id);
  if (f->a.chat != NULL)
    snug_await_finalized (f->a.chat);
  if (f->b.chat != NULL)
    snug_await_finalized (f->b.chat);
  g_queue_free_full (f->a.wire, parcel_free);
  g_queue_free_full (f->b.wire, parcel_free);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->folder);
}

static GFile *
child (Fixture *f, const char *name)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);

  return g_file_new_for_path (path);
}

static void
write_file (Fixture *f, const char *name, gsize size, guint8 seed)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);
  g_autofree guint8 *data = g_malloc (size + 1);

  for (gsize i = 0; i < size; i++)
    data[i] = (i * 7 + i / 251 + seed) & 0xff;
  g_assert_true (g_file_set_contents (path, (const char *) data, size, NULL));
}

static void
assert_same (GFile *a, GFile *b)
{
  g_autoptr (GBytes) left = g_file_load_bytes (a, NULL, NULL, NULL);
  g_autoptr (GBytes) right = g_file_load_bytes (b, NULL, NULL, NULL);

  g_assert_nonnull (left);
  g_assert_nonnull (right);
  g_assert_true (g_bytes_equal (left, right));
}

/* The last of a chat; NULL: none. Borrowed. */
static SnugFileTransfer *
last_transfer (SnugChat *chat)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (chat)); i > 0; i--)
    {
      g_autoptr (SnugChatMessage) message = g_list_model_get_item (G_LIST_MODEL (chat), i - 1);

      if (snug_chat_message_get_transfer (message) != NULL)
        return snug_chat_message_get_transfer (message);
    }

  return NULL;
}

static gboolean
is_in (SnugFileTransfer *transfer, SnugFileTransferState state)
{
  return transfer != NULL && snug_file_transfer_get_state (transfer) == state;
}

static void
assert_failed (SnugFileTransfer *transfer, SnugFileError code)
{
  snug_await (is_in (transfer, SNUG_FILE_TRANSFER_FAILED));
  g_assert_error (snug_file_transfer_get_error (transfer), SNUG_FILE_ERROR, (int) code);
}

/* Offers FOLDER/name of that size, and waits until the other side has the line. */
static SnugFileTransfer *
offer (Fixture *f, Side *from, const char *name, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = child (f, name);
  guint before = g_list_model_get_n_items (G_LIST_MODEL (from->other->chat));

  write_file (f, name, size, 0);
  snug_chat_offer_file (from->chat, file, &error);
  g_assert_no_error (error);
  snug_await (g_list_model_get_n_items (G_LIST_MODEL (from->other->chat)) > before);

  return last_transfer (from->other->chat);
}

static void
test_sizes (Fixture *f, gconstpointer data)
{
  static const gsize sizes[] = { 0, 1, SNUG_FILE_CHUNK_MAX_BYTES, 256 * 1024, 3000001 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      SnugFileTransfer *transfer = offer (f, &f->a, "one", sizes[i]);
      g_autoptr (GFile) from = child (f, "one");
      g_autoptr (GFile) to = child (f, "two");

      g_assert_cmpuint (snug_file_transfer_get_size (transfer), ==, sizes[i]);
      g_assert_false (snug_file_transfer_get_outgoing (transfer));
      snug_file_transfer_accept (transfer, to);
      snug_await (is_in (transfer, SNUG_FILE_TRANSFER_DONE));
      snug_await (is_in (last_transfer (f->a.chat), SNUG_FILE_TRANSFER_DONE));
      assert_same (from, to);
      g_assert_cmpuint (snug_file_transfer_get_transferred (last_transfer (f->a.chat)), ==, sizes[i]);
      /* The one that is there now is replaced in the next round. */
      g_assert_cmpuint (count_files (f), ==, 2);
    }
}

static void
test_line (Fixture *f, gconstpointer data)
{
  SnugFileTransfer *incoming = offer (f, &f->a, "line.txt", 10);
  SnugFileTransfer *outgoing = last_transfer (f->a.chat);
  g_autoptr (SnugChatMessage) message = g_list_model_get_item (G_LIST_MODEL (f->b.chat), 0);
  g_autoptr (SnugFileRecipient) recipient
      = g_list_model_get_item (snug_file_transfer_get_recipients (outgoing), 0);

  g_assert_cmpstr (snug_chat_message_get_sender_name (message), ==, "Alice");
  g_assert_cmpstr (snug_chat_message_get_text (message), ==, "line.txt");
  g_assert_cmpint (snug_chat_message_get_state (message), ==, SNUG_CHAT_MESSAGE_RECEIVED);
  g_assert_cmpstr (snug_file_transfer_get_peer_name (incoming), ==, "Alice");
  g_assert_cmpstr (snug_file_recipient_get_name (recipient), ==, "Bob");
  g_assert_true (is_in (outgoing, SNUG_FILE_TRANSFER_OFFERED));
  g_assert_null (snug_file_transfer_get_file (incoming));
  g_assert_nonnull (snug_file_transfer_get_file (outgoing));

  snug_file_transfer_decline (incoming);
  snug_await (is_in (outgoing, SNUG_FILE_TRANSFER_DECLINED));
  g_assert_true (is_in (incoming, SNUG_FILE_TRANSFER_DECLINED));
  g_assert_cmpint (snug_file_recipient_get_state (recipient), ==, SNUG_FILE_TRANSFER_DECLINED);
  /* Nothing comes after the end. */
  snug_file_transfer_cancel (outgoing);
  snug_file_transfer_cancel (incoming);
  g_assert_true (is_in (outgoing, SNUG_FILE_TRANSFER_DECLINED));
}

static void
test_cancel (Fixture *f, gconstpointer by_sender)
{
  SnugFileTransfer *incoming = offer (f, &f->a, "big", 5000000);
  SnugFileTransfer *outgoing = last_transfer (f->a.chat);
  g_autoptr (GFile) to = child (f, "copy");

  snug_file_transfer_accept (incoming, to);
  snug_await (snug_file_transfer_get_transferred (incoming) > 0);
  snug_file_transfer_cancel (by_sender != NULL ? outgoing : incoming);
  snug_await (is_in (incoming, SNUG_FILE_TRANSFER_CANCELLED));
  snug_await (is_in (outgoing, SNUG_FILE_TRANSFER_CANCELLED));
  snug_await (count_files (f) == 1);
  g_assert_cmpfloat (snug_file_transfer_get_bytes_per_second (incoming), ==, 0);
}

static void
test_resume (Fixture *f, gconstpointer data)
{
  SnugFileTransfer *incoming = offer (f, &f->a, "big", 5000000);
  SnugFileTransfer *outgoing = last_transfer (f->a.chat);
  g_autoptr (GFile) from = child (f, "big");
  g_autoptr (GFile) to = child (f, "copy");
  guint64 had;

  f->a.cut_after = 100;
  snug_file_transfer_accept (incoming, to);
  snug_await (is_in (incoming, SNUG_FILE_TRANSFER_PAUSED));
  g_assert_true (is_in (outgoing, SNUG_FILE_TRANSFER_PAUSED));
  snug_await_idle ();
  had = snug_file_transfer_get_transferred (incoming);
  g_assert_cmpuint (had, >, 0);
  f->a.n_chunks = 0;
  connect_both (f);
  snug_await (is_in (incoming, SNUG_FILE_TRANSFER_DONE));
  snug_await (is_in (outgoing, SNUG_FILE_TRANSFER_DONE));
  /* What was there was not sent again. */
  g_assert_cmpuint (f->a.n_chunks * (guint64) SNUG_FILE_CHUNK_MAX_BYTES, <, 5000000 + 60 * 16384);
  assert_same (from, to);
  g_assert_cmpuint (count_files (f), ==, 2);
}

/* The same person with another id; the other chat of the two is a new one. */
static void
test_resume_new_call (Fixture *f, gconstpointer receiver_is_new)
{
  SnugFileTransfer *incoming = offer (f, &f->a, "big", 5000000);
  SnugFileTransfer *outgoing = last_transfer (f->a.chat);
  Side *side = receiver_is_new != NULL ? &f->b : &f->a;
  g_autoptr (SnugChat) previous = NULL;
  g_autoptr (GFile) from = child (f, "big");
  g_autoptr (GFile) to = child (f, "copy");

  f->a.cut_after = 100;
  snug_file_transfer_accept (incoming, to);
  snug_await (is_in (incoming, SNUG_FILE_TRANSFER_PAUSED));
  snug_chat_peer_removed (side->other->chat, side->id);
  snug_chat_close (side->chat);
  g_assert_true (is_in (incoming, SNUG_FILE_TRANSFER_PAUSED));
  g_assert_true (is_in (outgoing, SNUG_FILE_TRANSFER_PAUSED));

  previous = g_steal_pointer (&side->chat);
  start_chat (side);
  side->id = "c";
  snug_chat_adopt_files (side->chat, previous);
  g_clear_object (&previous);
  g_assert_true (last_transfer (side->chat) == (receiver_is_new != NULL ? incoming : outgoing));
  connect_both (f);
  snug_await (is_in (incoming, SNUG_FILE_TRANSFER_DONE));
  snug_await (is_in (outgoing, SNUG_FILE_TRANSFER_DONE));
  assert_same (from, to);
}

/* Somebody else comes: the file is not theirs. */
static void
test_not_resumed_by_others (Fixture *f, gconstpointer data)
{
  SnugFileTransfer *incoming = offer (f, &f->a, "big", 5000000);
  g_autoptr (GFile) to = child (f, "copy");
  guint n_accepts;

  f->a.cut_after = 100;
  snug_file_transfer_accept (incoming, to);
  snug_await (is_in (incoming, SNUG_FILE_TRANSFER_PAUSED));
  snug_chat_peer_removed (f->b.chat, "a");
  n_accepts = f->b.n_sent[SNUG_PEER_MESSAGE_FILE_ACCEPT];
  f->a.id = "m";
  f->a.name = "Mallory";
  connect_both (f);
  snug_await (f->a.wire->length == 0 && f->b.wire->length == 0);
  g_assert_cmpuint (f->b.n_sent[SNUG_PEER_MESSAGE_FILE_ACCEPT], ==, n_accepts);
  g_assert_true (is_in (incoming, SNUG_FILE_TRANSFER_PAUSED));
}

/* The call ends, and nobody goes on with it: nothing is left. */
static void
test_given_up (Fixture *f, gconstpointer data)
{
  g_autoptr (SnugFileTransfer) incoming = g_object_ref (offer (f, &f->a, "big", 5000000));
  g_autoptr (SnugFileTransfer) outgoing = g_object_ref (last_transfer (f->a.chat));
  g_autoptr (GFile) to = child (f, "copy");

  f->a.cut_after = 100;
  snug_file_transfer_accept (incoming, to);
  snug_await (is_in (incoming, SNUG_FILE_TRANSFER_PAUSED));
  snug_await (count_files (f) == 2);
  snug_await_finalized (f->b.chat);
  snug_await_finalized (f->a.chat);
  assert_failed (incoming, SNUG_FILE_ERROR_PEER_LEFT);
  assert_failed (outgoing, SNUG_FILE_ERROR_PEER_LEFT);
  snug_await (count_files (f) == 1);
}

/* The last word was on its way when the channel went. */
static void
test_cut_at_the_end (Fixture *f, gconstpointer data)
{
  SnugFileTransfer *incoming = offer (f, &f->a, "small", 1000);
  SnugFileTransfer *outgoing = last_transfer (f->a.chat);
  g_autoptr (GFile) to = child (f, "copy");

  snug_file_transfer_accept (incoming, to);
  snug_await (f->a.n_sent[SNUG_PEER_MESSAGE_FILE_DONE] == 1);
  while (f->a.wire->length > 0)
    deliver (f, &f->a);
  cut (f);
  snug_await (is_in (incoming, SNUG_FILE_TRANSFER_DONE));
  g_assert_true (is_in (outgoing, SNUG_FILE_TRANSFER_PAUSED));
  connect_both (f);
  snug_await (is_in (outgoing, SNUG_FILE_TRANSFER_DONE));
}

static void
test_changed (Fixture *f, gconstpointer how)
{
  SnugFileTransfer *incoming = offer (f, &f->a, "big", 5000000);
  SnugFileTransfer *outgoing = last_transfer (f->a.chat);
  g_autoptr (GFile) from = child (f, "big");
  g_autoptr (GFile) to = child (f, "copy");

  if (strcmp (how, "before") == 0)
    write_file (f, "big", 4999999, 1);
  else if (strcmp (how, "gone") == 0)
    g_assert_true (g_file_delete (from, NULL, NULL));
  snug_file_transfer_accept (incoming, to);
  if (strcmp (how, "while") == 0)
    {
      g_autofree char *path = g_file_get_path (from);

      snug_await (snug_file_transfer_get_transferred (incoming) > 0);
      g_assert_cmpint (truncate (path, 4000000), ==, 0);
    }
  else if (strcmp (how, "paused") == 0)
    {
      g_autofree char *path = g_file_get_path (from);
      g_autoptr (GFileIOStream) stream = NULL;
      struct stat before;

      snug_await (snug_file_transfer_get_transferred (incoming) > 100000);
      cut (f);
      /* The same size and time, and something else in it. */
      g_assert_cmpint (g_stat (path, &before), ==, 0);
      stream = g_file_open_readwrite (from, NULL, NULL);
      g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (stream)), "?", 1,
                                                NULL, NULL, NULL));
      g_assert_true (g_io_stream_close (G_IO_STREAM (stream), NULL, NULL));
      g_assert_cmpint (utimensat (AT_FDCWD, path,
                                  (struct timespec[]){ before.st_atim, before.st_mtim }, 0),
                       ==, 0);
      connect_both (f);
    }

  assert_failed (outgoing,
                 strcmp (how, "gone") == 0 ? SNUG_FILE_ERROR_NOT_FOUND : SNUG_FILE_ERROR_CHANGED);
  assert_failed (incoming,
                 strcmp (how, "gone") == 0 ? SNUG_FILE_ERROR_PEER_FAILED : SNUG_FILE_ERROR_CHANGED);
  snug_await (count_files (f) == (strcmp (how, "gone") == 0 ? 0 : 1));
}

static void
test_corrupted (Fixture *f, gconstpointer data)
{
  SnugFileTransfer *incoming = offer (f, &f->a, "small", 100000);
  g_autoptr (GFile) to = child (f, "copy");

  f->a.corrupt = TRUE;
  snug_file_transfer_accept (incoming, to);
  assert_failed (incoming, SNUG_FILE_ERROR_CHECKSUM);
  assert_failed (last_transfer (f->a.chat), SNUG_FILE_ERROR_CHECKSUM);
  snug_await (count_files (f) == 1);
}

static void
test_bad_offer_here (Fixture *f, gconstpointer data)
{
  g_autoptr (GFile) folder = g_file_new_for_path (f->folder);
  g_autoptr (GFile) nothing = child (f, "nothing");
  g_autoptr (GFile) large = child (f, "large");
  g_autofree char *path = g_file_get_path (large);
  g_autoptr (GError) error = NULL;

  g_assert_false (snug_chat_offer_file (f->a.chat, folder, &error));
  g_assert_error (error, SNUG_FILE_ERROR, SNUG_FILE_ERROR_NOT_REGULAR);
  g_clear_error (&error);
  g_assert_false (snug_chat_offer_file (f->a.chat, nothing, &error));
  g_assert_error (error, SNUG_FILE_ERROR, SNUG_FILE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  write_file (f, "large", 1, 0);
  if (truncate (path, SNUG_FILE_MAX_BYTES + 1) == 0)
    {
      g_assert_false (snug_chat_offer_file (f->a.chat, large, &error));
      g_assert_error (error, SNUG_FILE_ERROR, SNUG_FILE_ERROR_TOO_LARGE);
      g_clear_error (&error);
      g_assert_cmpint (truncate (path, SNUG_FILE_MAX_BYTES), ==, 0);
      g_assert_true (snug_chat_offer_file (f->a.chat, large, &error));
    }
  else
    g_test_message ("No large file can be made here");
  snug_chat_peer_removed (f->a.chat, "b");
  g_assert_false (snug_chat_offer_file (f->a.chat, large, &error));
  g_assert_nonnull (error);
}

static void
test_bad_destination (Fixture *f, gconstpointer data)
{
  SnugFileTransfer *incoming = offer (f, &f->a, "small", 1000);
  g_autoptr (GFile) nowhere = child (f, "no/such/folder");
  g_autoptr (GFile) root = g_file_new_for_path ("/");

  snug_file_transfer_accept (incoming, nowhere);
  assert_failed (incoming, SNUG_FILE_ERROR_NOT_FOUND);
  assert_failed (last_transfer (f->a.chat), SNUG_FILE_ERROR_PEER_FAILED);

  incoming = offer (f, &f->a, "small", 1000);
  snug_file_transfer_accept (incoming, root);
  assert_failed (incoming, SNUG_FILE_ERROR_NOT_REGULAR);
}

/* Whether this process sees disks that nobody else does. */
static gboolean own_disks;

/* Before there is another thread, which would not see them either. */
static void
get_own_disks (void)
{
  own_disks = unshare (CLONE_NEWNS) == 0 && mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

/* An empty folder with a disk of its own. Returns: (transfer full) (nullable): its path. */
static char *
mount_disk (Fixture *f, const char *options, gulong flags)
{
  g_autofree char *path = g_build_filename (f->folder, "disk", NULL);

  g_assert_no_errno (g_mkdir (path, 0700));
  if (own_disks && mount ("snug-test", path, "tmpfs", flags, options) == 0)
    return g_steal_pointer (&path);
  g_rmdir (path);
  g_test_skip ("Only root may mount a disk");
  return NULL;
}

static void
unmount_disk (const char *path)
{
  g_assert_no_errno (umount2 (path, MNT_DETACH));
  g_assert_no_errno (g_rmdir (path));
}

/* There was room when it began, and then somebody else took it: nothing is left of it. */
static void
test_disk_full (Fixture *f, gconstpointer data)
{
  g_autofree char *disk = mount_disk (f, "size=1m", 0);
  g_autofree char *part = NULL;
  SnugFileTransfer *incoming;
  g_autoptr (GFile) to = NULL;

  if (disk == NULL)
    return;
  incoming = offer (f, &f->a, "large", 800000);
  f->a.cut_after = 10;
  to = child (f, "disk/copy");
  snug_file_transfer_accept (incoming, to);
  snug_await (is_in (incoming, SNUG_FILE_TRANSFER_PAUSED));
  write_file (f, "disk/other", 800000, 0);
  f->a.cut_after = 0;
  connect_both (f);
  assert_failed (incoming, SNUG_FILE_ERROR_NO_SPACE);
  assert_failed (last_transfer (f->a.chat), SNUG_FILE_ERROR_PEER_FAILED);
  part = g_build_filename (disk, "copy.part", NULL);
  snug_await (!g_file_test (part, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_query_exists (to, NULL));
  unmount_disk (disk);
}

static void
test_disk_too_small (Fixture *f, gconstpointer data)
{
  g_autofree char *disk = mount_disk (f, "size=512k", 0);
  SnugFileTransfer *incoming;
  g_autoptr (GFile) to = NULL;

  if (disk == NULL)
    return;
  incoming = offer (f, &f->a, "large", 800000);
  to = child (f, "disk/copy");
  snug_file_transfer_accept (incoming, to);
  assert_failed (incoming, SNUG_FILE_ERROR_NO_SPACE);
  unmount_disk (disk);
}

static void
test_disk_read_only (Fixture *f, gconstpointer data)
{
  g_autofree char *disk = mount_disk (f, "size=1m", MS_RDONLY);
  SnugFileTransfer *incoming;
  g_autoptr (GFile) to = NULL;

  if (disk == NULL)
    return;
  incoming = offer (f, &f->a, "small", 1000);
  to = child (f, "disk/copy");
  snug_file_transfer_accept (incoming, to);
  assert_failed (incoming, SNUG_FILE_ERROR_PERMISSION);
  assert_failed (last_transfer (f->a.chat), SNUG_FILE_ERROR_PEER_FAILED);
  unmount_disk (disk);
}

/* A name.part of somebody else's stays as it is. */
static void
test_part_taken (Fixture *f, gconstpointer data)
{
  SnugFileTransfer *incoming = offer (f, &f->a, "small", 1000);
  g_autoptr (GFile) from = child (f, "small");
  g_autoptr (GFile) part = child (f, "copy.part");
  g_autoptr (GFile) to = child (f, "copy");
  g_autoptr (GBytes) bytes = NULL;

  write_file (f, "copy.part", 7, 0);
  snug_file_transfer_accept (incoming, to);
  snug_await (is_in (incoming, SNUG_FILE_TRANSFER_DONE));
  assert_same (from, to);
  bytes = g_file_load_bytes (part, NULL, NULL, NULL);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 7);
  g_assert_cmpuint (count_files (f), ==, 3);
}

static void
test_unsupported (Fixture *f, gconstpointer data)
{
  g_autoptr (GFile) file = child (f, "small");
  g_autoptr (GError) error = NULL;

  f->b.old = TRUE;
  connect_both (f);
  write_file (f, "small", 1000, 0);
  /* Nobody knows yet. */
  g_assert_true (snug_chat_offer_file (f->a.chat, file, &error));
  g_assert_no_error (error);
  assert_failed (last_transfer (f->a.chat), SNUG_FILE_ERROR_UNSUPPORTED);
  g_assert_cmpuint (f->a.n_sent[SNUG_PEER_MESSAGE_FILE_OFFER], ==, 0);
  g_assert_cmpuint (f->a.n_sent[SNUG_PEER_MESSAGE_FILE_CANCEL], ==, 0);
  /* And now it is known. */
  g_assert_false (snug_chat_offer_file (f->a.chat, file, &error));
  g_assert_error (error, SNUG_FILE_ERROR, SNUG_FILE_ERROR_UNSUPPORTED);
}

static void
test_nobody (Fixture *f, gconstpointer data)
{
  g_autoptr (GFile) file = child (f, "small");
  g_autoptr (GError) error = NULL;

  write_file (f, "small", 1000, 0);
  g_assert_false (snug_chat_offer_file (f->a.chat, file, &error));
  g_assert_error (error, SNUG_FILE_ERROR, SNUG_FILE_ERROR_NOBODY);
  g_assert_null (last_transfer (f->a.chat));
}

static void
test_too_many (Fixture *f, gconstpointer data)
{
  g_autoptr (GFile) file = child (f, "small");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < SNUG_FILE_TRANSFERS_MAX; i++)
    offer (f, &f->a, "small", 10);
  g_assert_false (snug_chat_offer_file (f->a.chat, file, &error));
  g_assert_error (error, SNUG_FILE_ERROR, SNUG_FILE_ERROR_TOO_MANY);
  /* One that ends makes room. */
  snug_file_transfer_decline (last_transfer (f->b.chat));
  snug_await (is_in (last_transfer (f->a.chat), SNUG_FILE_TRANSFER_DECLINED));
  offer (f, &f->a, "small", 10);
}

/* What a peer that is up to no good says, straight into the other chat. */
static void
say (Fixture *f, SnugPeerMessage *message)
{
  snug_chat_receive (f->b.chat, "a", "Alice", message);
  snug_peer_message_unref (message);
}

static void
send_piece (Fixture *f, guint stream, guint64 offset, gsize size)
{
  g_autofree guint8 *data = g_malloc0 (size);
  SnugFileChunk chunk = { .stream = stream, .offset = offset, .data = data, .size = size };
  g_autoptr (GBytes) bytes = snug_file_chunk_to_bytes (&chunk);

  snug_chat_receive_chunk (f->b.chat, "a", bytes);
}

/* Returns: the stream that it asks for. */
static guint
await_accept (Fixture *f)
{
  snug_await (f->b.wire->length > 0);
  while (f->b.wire->length > 0)
    {
      Parcel *parcel = g_queue_pop_head (f->b.wire);
      guint stream = 0;

      if (parcel->message != NULL
          && snug_peer_message_get_kind (parcel->message) == SNUG_PEER_MESSAGE_FILE_ACCEPT)
        stream = snug_peer_message_get_file_stream (parcel->message);
      parcel_free (parcel);
      if (stream != 0)
        return stream;
      snug_await (f->b.wire->length > 0);
    }
  g_assert_not_reached ();
}

static void
test_lies (Fixture *f, gconstpointer how)
{
  static const char zeros[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  g_autoptr (GFile) to = child (f, "copy");
  SnugFileTransfer *incoming;
  guint stream;

  snug_await (f->a.wire->length == 0 && f->b.wire->length == 0);
  g_clear_handle_id (&f->pump_id, g_source_remove);
  f->pump_id = g_timeout_add_seconds (1000, on_pump, f);
  say (f, snug_peer_message_new_file_offer ("x", "small", 100000));
  incoming = last_transfer (f->b.chat);
  snug_file_transfer_accept (incoming, to);
  stream = await_accept (f);

  /* Not of this transfer: of no consequence. */
  send_piece (f, stream + 1, 0, 10);
  say (f, snug_peer_message_new_file_done ("y", zeros));
  say (f, snug_peer_message_new_file_cancel ("y", SNUG_FILE_CANCEL_CANCELLED));
  say (f, snug_peer_message_new_file_ack (stream, 10));
  g_assert_true (is_in (incoming, SNUG_FILE_TRANSFER_ACTIVE));

  if (strcmp (how, "more") == 0)
    {
      for (guint64 offset = 0; offset < 112000; offset += 16000)
        send_piece (f, stream, offset, 16000);
      assert_failed (incoming, SNUG_FILE_ERROR_CHANGED);
    }
  else if (strcmp (how, "less") == 0)
    {
      send_piece (f, stream, 0, 16000);
      say (f, snug_peer_message_new_file_done ("x", zeros));
      assert_failed (incoming, SNUG_FILE_ERROR_CHANGED);
    }
  else if (strcmp (how, "gap") == 0)
    {
      send_piece (f, stream, 0, 16000);
      send_piece (f, stream, 32000, 16000);
      assert_failed (incoming, SNUG_FILE_ERROR_PEER_FAILED);
    }
  else
    {
      for (guint64 offset = 0; offset < 100000; offset += 10000)
        send_piece (f, stream, offset, 10000);
      say (f, snug_peer_message_new_file_done ("x", zeros));
      assert_failed (incoming, SNUG_FILE_ERROR_CHECKSUM);
    }
  snug_await (count_files (f) == 0);
}

/* As much at once as a window never has. */
static void
test_flood (Fixture *f, gconstpointer data)
{
  g_autoptr (GFile) to = child (f, "copy");
  SnugFileTransfer *incoming;
  guint stream;

  snug_await (f->a.wire->length == 0 && f->b.wire->length == 0);
  g_clear_handle_id (&f->pump_id, g_source_remove);
  f->pump_id = g_timeout_add_seconds (1000, on_pump, f);
  say (f, snug_peer_message_new_file_offer ("x", "small", SNUG_FILE_MAX_BYTES));
  incoming = last_transfer (f->b.chat);
  snug_file_transfer_accept (incoming, to);
  snug_await (!is_in (incoming, SNUG_FILE_TRANSFER_OFFERED));
  if (is_in (incoming, SNUG_FILE_TRANSFER_FAILED))
    {
      assert_failed (incoming, SNUG_FILE_ERROR_NO_SPACE);
      g_test_skip ("Less than 2 GiB is free here");
      return;
    }
  stream = await_accept (f);
  for (guint64 offset = 0; offset <= SNUG_FILE_WINDOW_MAX_BYTES; offset += SNUG_FILE_CHUNK_MAX_BYTES)
    send_piece (f, stream, offset, SNUG_FILE_CHUNK_MAX_BYTES);
  assert_failed (incoming, SNUG_FILE_ERROR_PEER_FAILED);
  snug_await (count_files (f) == 0);
}

static void
test_offer_flood (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      say (f, snug_peer_message_new_file_offer (id, "small", 1));
      say (f, snug_peer_message_new_file_cancel (id, SNUG_FILE_CANCEL_CANCELLED));
    }
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (f->b.chat)), <,
                    4 * SNUG_FILE_TRANSFERS_MAX);
}

static void
test_names (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *said;
    const char *shown;
  } names[] = {
    { "../../etc/passwd", "passwd" },
    { "C:\\Windows\\evil.exe", "evil.exe" },
    { ".bashrc", "bashrc" },
    { "..", "file" },
    { "a\nb\x1b[2J", "ab[2J" },
    { "gpj.\xe2\x80\xae" "exe", "gpj.exe" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *id = g_strdup_printf ("%" G_GSIZE_FORMAT, i);

      say (f, snug_peer_message_new_file_offer (id, names[i].said, 1));
      g_assert_cmpstr (snug_file_transfer_get_name (last_transfer (f->b.chat)), ==, names[i].shown);
    }
}

static void
test_left_before_answer (Fixture *f, gconstpointer data)
{
  SnugFileTransfer *incoming = offer (f, &f->a, "small", 10);

  snug_chat_peer_removed (f->a.chat, "b");
  snug_chat_peer_removed (f->b.chat, "a");
  assert_failed (incoming, SNUG_FILE_ERROR_PEER_LEFT);
  assert_failed (last_transfer (f->a.chat), SNUG_FILE_ERROR_PEER_LEFT);
}

int
main (int argc, char **argv)
{
  get_own_disks ();
  g_test_init (&argc, &argv, NULL);
#define ADD(path, data, func) g_test_add ("/files/" path, Fixture, data, set_up, func, tear_down)
  ADD ("sizes", NULL, test_sizes);
  ADD ("line", NULL, test_line);
  ADD ("cancelled-by-sender", "sender", test_cancel);
  ADD ("cancelled-by-recipient", NULL, test_cancel);
  ADD ("resume", NULL, test_resume);
  ADD ("resume-new-recipient", "recipient", test_resume_new_call);
  ADD ("resume-new-sender", NULL, test_resume_new_call);
  ADD ("not-resumed-by-others", NULL, test_not_resumed_by_others);
  ADD ("given-up", NULL, test_given_up);
  ADD ("cut-at-the-end", NULL, test_cut_at_the_end);
  ADD ("changed-before", "before", test_changed);
  ADD ("changed-while", "while", test_changed);
  ADD ("changed-paused", "paused", test_changed);
  ADD ("gone", "gone", test_changed);
  ADD ("corrupted", NULL, test_corrupted);
  ADD ("bad-offer-here", NULL, test_bad_offer_here);
  ADD ("bad-destination", NULL, test_bad_destination);
  ADD ("disk-full", NULL, test_disk_full);
  ADD ("disk-too-small", NULL, test_disk_too_small);
  ADD ("disk-read-only", NULL, test_disk_read_only);
  ADD ("part-taken", NULL, test_part_taken);
  ADD ("too-many", NULL, test_too_many);
  ADD ("unsupported", "apart", test_unsupported);
  ADD ("nobody", "apart", test_nobody);
  ADD ("lies-more", "more", test_lies);
  ADD ("lies-less", "less", test_lies);
  ADD ("lies-gap", "gap", test_lies);
  ADD ("lies-checksum", "checksum", test_lies);
  ADD ("flood", NULL, test_flood);
  ADD ("offer-flood", NULL, test_offer_flood);
  ADD ("names", NULL, test_names);
  ADD ("left-before-answer", NULL, test_left_before_answer);

  return g_test_run ();
}
