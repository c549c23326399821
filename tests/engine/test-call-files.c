/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files, hands, reactions and typing in real calls over loopback: everything but the server real.
 */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "snug-await.h"
#include "snug-test-call.h"

#define MEGABYTE 1000000

typedef struct
{
  SnugMockRoom *room;
  SnugTestPerson *first;
  SnugTestPerson *second;
  char *folder;
} Fixture;

static void
set_up (Fixture *f, gconstpointer with_media)
{
  f->room = snug_mock_room_new ();
  f->first = snug_test_person_new (f->room, "First", with_media != NULL);
  f->second = snug_test_person_new (f->room, "Second", with_media != NULL);
  f->folder = g_dir_make_tmp ("snug-files-XXXXXX", NULL);
  g_assert_nonnull (f->folder);
  snug_test_person_join (f->first);
  snug_test_person_join (f->second);
  snug_test_await_call (f->first, f->second);
}

/* Nothing but what the test names may be there: what was not finished leaves nothing behind. */
static void
assert_only (Fixture *f, const char *const *names)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (!g_strv_contains (names, name))
      g_error ("%s was left behind", name);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  snug_test_person_free (f->second);
  snug_test_person_free (f->first);
  g_clear_pointer (&f->room, snug_mock_room_free);
  dir = g_dir_open (f->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (f->folder);
  g_free (f->folder);
}

static GFile *
child (Fixture *f, const char *name)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);

  return g_file_new_for_path (path);
}

static GFile *
make_file (Fixture *f, const char *name, gsize size)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);
  g_autofree guint32 *data = g_malloc (size + 4);
  guint32 value = 1;

  for (gsize i = 0; i < size / 4 + 1; i++)
    data[i] = value = value * 1664525u + 1013904223u;
  g_assert_true (g_file_set_contents (path, (const char *) data, size, NULL));

  return g_file_new_for_path (path);
}

static char *
get_checksum (GFile *file)
{
  g_autoptr (GBytes) bytes = g_file_load_bytes (file, NULL, NULL, NULL);

  g_assert_nonnull (bytes);

  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
}

static void
assert_same (GFile *a, GFile *b)
{
  g_autofree char *left = get_checksum (a);
  g_autofree char *right = get_checksum (b);

  g_assert_cmpstr (left, ==, right);
}

/* The last file of the chat; NULL: none. Borrowed. */
static SnugFileTransfer *
last_transfer (SnugTestPerson *person, gboolean outgoing)
{
  GListModel *chat = G_LIST_MODEL (snug_call_get_chat (person->call));

  for (guint i = g_list_model_get_n_items (chat); i > 0; i--)
    {
      g_autoptr (SnugChatMessage) message = g_list_model_get_item (chat, i - 1);
      SnugFileTransfer *transfer = snug_chat_message_get_transfer (message);

      if (transfer != NULL && snug_file_transfer_get_outgoing (transfer) == outgoing)
        return transfer;
    }

  return NULL;
}

static gboolean
is_in (SnugFileTransfer *transfer, SnugFileTransferState state)
{
  return transfer != NULL && snug_file_transfer_get_state (transfer) == state;
}

static void
offer (SnugTestPerson *person, GFile *file)
{
  g_autoptr (GError) error = NULL;

  snug_chat_offer_file (snug_call_get_chat (person->call), file, &error);
  g_assert_no_error (error);
}

/* 20 MB both ways at once, beside sound and picture. */
static void
test_both_ways (Fixture *f, gconstpointer data)
{
  static const char *const names[] = { "a.bin", "b.bin", "a.copy", "b.copy", NULL };
  g_autoptr (GFile) a = make_file (f, "a.bin", 20 * MEGABYTE);
  g_autoptr (GFile) b = make_file (f, "b.bin", 20 * MEGABYTE + 1);
  g_autoptr (GFile) a_copy = child (f, "a.copy");
  g_autoptr (GFile) b_copy = child (f, "b.copy");
  SnugFileTransfer *to_second, *to_first;
  gint64 start;

  offer (f->first, a);
  offer (f->second, b);
  snug_await (last_transfer (f->second, FALSE) != NULL && last_transfer (f->first, FALSE) != NULL);
  to_second = last_transfer (f->second, FALSE);
  to_first = last_transfer (f->first, FALSE);
  g_assert_cmpstr (snug_file_transfer_get_name (to_second), ==, "a.bin");
  g_assert_cmpstr (snug_file_transfer_get_peer_name (to_second), ==, "First");
  g_assert_cmpuint (snug_file_transfer_get_size (to_second), ==, 20 * MEGABYTE);
  g_assert_true (is_in (to_second, SNUG_FILE_TRANSFER_OFFERED));

  start = g_get_monotonic_time ();
  snug_file_transfer_accept (to_second, a_copy);
  snug_file_transfer_accept (to_first, b_copy);
  snug_await (is_in (to_second, SNUG_FILE_TRANSFER_DONE) && is_in (to_first, SNUG_FILE_TRANSFER_DONE));
  g_test_message ("40 MB in %.1f s", (g_get_monotonic_time () - start) / 1e6);
  snug_await (is_in (last_transfer (f->first, TRUE), SNUG_FILE_TRANSFER_DONE));
  snug_await (is_in (last_transfer (f->second, TRUE), SNUG_FILE_TRANSFER_DONE));
  g_assert_cmpuint (snug_file_transfer_get_transferred (to_first), ==, 20 * MEGABYTE + 1);
  g_assert_true (g_file_equal (snug_file_transfer_get_file (to_second), a_copy));
  assert_same (a, a_copy);
  assert_same (b, b_copy);
  assert_only (f, names);
  g_assert_cmpuint (f->first->n_failed + f->second->n_failed, ==, 0);
}

int
main (int argc, char **argv)
{
  snug_test_init (&argc, &argv);
  g_test_add ("/call-files/both-ways", Fixture, "media", set_up, test_both_ways, tear_down);

  return snug_test_run ();
}
