/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cluster-message.h"

#include <string.h>

#include "snug-room-key.h"

/* How the rest of a line is read, word by word. */
static const struct
{
  const char *word;
  SnugClusterKind kind;
  /* r room, i id, n node, s stay, o order, # number, 1 first, l lost, f from, p payload (all that is left),
   * E entries of members and B of nodes (to the end) */
  const char *form;
} forms[] = {
  { "beat", SNUG_CLUSTER_BEAT, "#B" }, { "joined", SNUG_CLUSTER_JOINED, "rioE" },
  { "full", SNUG_CLUSTER_FULL, "ri" }, { "room", SNUG_CLUSTER_ROOM, "rE" },
  { "in", SNUG_CLUSTER_IN, "rinso" },  { "out", SNUG_CLUSTER_OUT, "rinl" },
  { "taken", SNUG_CLUSTER_TAKEN, "ri" }, { "gone", SNUG_CLUSTER_GONE, "ri" },
  { "say", SNUG_CLUSTER_SAY, "n#fip" }, { "ack", SNUG_CLUSTER_ACK, "n1#" },
};

void
snug_cluster_message_free (SnugClusterMessage *self)
{
  g_clear_pointer (&self->entries, g_array_unref);
  g_free (self->payload);
  g_free (self);
}

gboolean
snug_cluster_is_node (const char *text)
{
  return strlen (text) == SNUG_CLUSTER_NODE_CHARS
         && strspn (text, "0123456789abcdef") == SNUG_CLUSTER_NODE_CHARS;
}

static gboolean
is_id (const char *text)
{
  gsize size = strlen (text);

  return size > 0 && size <= SNUG_PEER_ID_MAX_BYTES
         && strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == size;
}

static gboolean
read_number (const char *text, guint64 *number)
{
  /* Fewer than 2^53: Redis counts in doubles. */
  return *text >= '0' && *text <= '9' && g_ascii_string_to_unsigned (text, 10, 0, G_GUINT64_CONSTANT (1) << 53, number, NULL);
}

static gboolean
read_entry (char *const *words, gboolean of_nodes, SnugClusterEntry *entry)
{
  memset (entry, 0, sizeof *entry);
  if (!of_nodes)
    {
      if (!is_id (words[0]) || !read_number (words[3], &entry->order))
        return FALSE;
      g_strlcpy (entry->id, words[0], sizeof entry->id);
      words++;
    }
  if (!snug_cluster_is_node (words[0]) || !read_number (words[1], &entry->stay))
    return FALSE;
  g_strlcpy (entry->node, words[0], sizeof entry->node);
  return TRUE;
}

static gboolean
read_entries (SnugClusterMessage *self, char *const *words, gboolean of_nodes)
{
  guint n_words = g_strv_length ((char **) words);
  guint step = of_nodes ? 2 : 4;

  /* Nodes that had to begin anew can have made a room a little larger than it may be. */
  if (n_words % step != 0 || n_words / step > (of_nodes ? SNUG_CLUSTER_NODES_MAX : 4 * SNUG_ROOM_SIZE_MAX))
    return FALSE;
  self->entries = g_array_sized_new (FALSE, FALSE, sizeof (SnugClusterEntry), n_words / step);
  for (; *words != NULL; words += step)
    {
      SnugClusterEntry entry;

      if (!read_entry (words, of_nodes, &entry))
        return FALSE;
      g_array_append_val (self->entries, entry);
    }
  return TRUE;
}

static gboolean
copy (char *to, gsize size, const char *word, gboolean good)
{
  if (good)
    g_strlcpy (to, word, size);
  return good;
}

static gboolean
read_word (SnugClusterMessage *self, char what, const char *word)
{
  guint64 number;

  switch (what)
    {
    case 'r':
      return copy (self->room, sizeof self->room, word, snug_room_id_is_valid (word));
    case 'i':
      return copy (self->who.id, sizeof self->who.id, word, is_id (word));
    case 'f':
      return copy (self->from, sizeof self->from, word, is_id (word));
    case 'n':
      return copy (self->who.node, sizeof self->who.node, word, snug_cluster_is_node (word));
    case 's':
      return read_number (word, &self->who.stay);
    case 'o':
      return read_number (word, &self->who.order);
    case '#':
      return read_number (word, &self->number);
    case '1':
      return read_number (word, &self->first);
    case 'l':
    default:
      self->lost = read_number (word, &number) && number == 1;
      return strcmp (word, "0") == 0 || strcmp (word, "1") == 0;
    }
}

/* rest: what stands behind the kind. */
static gboolean
read_rest (SnugClusterMessage *self, const char *form, const char *rest)
{
  const char *payload = strchr (form, 'p');
  gint n_words = payload != NULL ? (gint) (payload - form) + 1 : -1;
  g_auto (GStrv) words = g_strsplit (rest, " ", n_words);
  guint length = g_strv_length (words);

  for (guint i = 0; form[i] != '\0'; i++)
    {
      if (form[i] == 'E' || form[i] == 'B')
        return read_entries (self, words + i, form[i] == 'B');
      if (i >= length)
        return FALSE;
      if (form[i] == 'p')
        self->payload = g_strdup (words[i]);
      else if (!read_word (self, form[i], words[i]))
        return FALSE;
    }
  return length == strlen (form);
}

SnugClusterMessage *
snug_cluster_message_parse (const char *text, gsize size)
{
  g_autoptr (SnugClusterMessage) self = NULL;
  g_autofree char *line = NULL;
  const char *rest;

  if (size == 0 || size > SNUG_CLUSTER_MESSAGE_MAX_BYTES || !g_utf8_validate_len (text, size, NULL))
    return NULL;
  line = g_strndup (text, size);
  rest = line + strcspn (line, " ");
  self = g_new0 (SnugClusterMessage, 1);
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      gsize length = (gsize) (rest - line);

      if (strlen (forms[i].word) != length || strncmp (line, forms[i].word, length) != 0)
        continue;
      self->kind = forms[i].kind;
      return read_rest (self, forms[i].form, *rest == ' ' ? rest + 1 : rest) ? g_steal_pointer (&self) : NULL;
    }
  return NULL;
}

char *
snug_cluster_write_say (const char *node, guint64 number, const char *from, const char *to, const char *payload)
{
  return g_strdup_printf ("say %s %" G_GUINT64_FORMAT " %s %s %s", node, number, from, to, payload);
}

char *
snug_cluster_write_ack (const char *node, guint64 first, guint64 number)
{
  return g_strdup_printf ("ack %s %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, node, first, number);
}
