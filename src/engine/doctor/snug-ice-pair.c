/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-ice-pair.h"

#include <gio/gio.h>
#include <string.h>

/* A peer can make us pair SNUG_CANDIDATES_MAX candidates with each of ours; nobody reads that many. */
#define MAX_PAIRS 512
#define MAX_LINE_BYTES 1024

/* libnice names a pair by its address, which it may use again once the pair is removed. */
typedef struct
{
  guint64 handle; /* 0: removed */
  SnugIcePair pair;
} Entry;

struct _SnugIcePairs
{
  guint64 agent; /* 0: any */
  guint64 discovered; /* handle of the pair that is about to come, found by a check of another one; 0: none */
  GPtrArray *entries;
};

static void
clear_pair (SnugIcePair *pair)
{
  g_free (pair->local_address);
  g_free (pair->remote_address);
  g_free (pair->protocol);
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  clear_pair (&entry->pair);
  g_free (entry);
}

SnugIcePair *
snug_ice_pair_copy (const SnugIcePair *self)
{
  SnugIcePair *copy = g_memdup2 (self, sizeof *self);

  copy->local_address = g_strdup (self->local_address);
  copy->remote_address = g_strdup (self->remote_address);
  copy->protocol = g_strdup (self->protocol);

  return copy;
}

void
snug_ice_pair_free (SnugIcePair *self)
{
  if (self == NULL)
    return;

  clear_pair (self);
  g_free (self);
}

const char *
snug_ice_pair_state_to_string (SnugIcePairState state)
{
  static const char *const words[] = { "frozen", "waiting", "in-progress", "succeeded", "failed", "dropped" };

  return words[state];
}

SnugIcePairs *
snug_ice_pairs_new (gconstpointer agent)
{
  SnugIcePairs *self = g_new0 (SnugIcePairs, 1);

  self->agent = GPOINTER_TO_SIZE (agent);
  self->entries = g_ptr_array_new_with_free_func (entry_free);

  return self;
}

void
snug_ice_pairs_free (SnugIcePairs *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->entries);
  g_free (self);
}

/* "0x..." at *text, which moves on past it. FALSE: there is none. */
static gboolean
read_handle (const char **text, guint64 *handle)
{
  char *end = NULL;

  if (!g_str_has_prefix (*text, "0x"))
    return FALSE;
  *handle = g_ascii_strtoull (*text + 2, &end, 16);
  if (end == *text + 2 || *handle == 0)
    return FALSE;
  *text = end;

  return TRUE;
}

/* "[ADDRESS]:PORT" */
static gboolean
read_address (const char **text, char **address, guint *port)
{
  const char *end;
  char *rest = NULL;
  guint64 number;
  g_autofree char *name = NULL;

  if (**text != '[' || (end = strchr (*text, ']')) == NULL || end[1] != ':')
    return FALSE;
  name = g_strndup (*text + 1, end - *text - 1);
  number = g_ascii_strtoull (end + 2, &rest, 10);
  if (rest == end + 2 || number > G_MAXUINT16 || !g_hostname_is_ip_address (name))
    return FALSE;
  *address = g_steal_pointer (&name);
  *port = number;
  *text = rest;

  return TRUE;
}

static Entry *
find (SnugIcePairs *self, guint64 handle)
{
  for (guint i = self->entries->len; i > 0; i--)
    {
      Entry *entry = self->entries->pdata[i - 1];

      if (entry->handle == handle)
        return entry;
    }

  return NULL;
}

/* Of one that leads to the same place: of a pair that was discovered it is not told. */
static char *
find_protocol (SnugIcePairs *self, const SnugIcePair *pair)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const SnugIcePair *other = &((Entry *) self->entries->pdata[i])->pair;

      if (other->protocol != NULL && other->remote_port == pair->remote_port
          && g_str_equal (other->remote_address, pair->remote_address))
        return g_strdup (other->protocol);
    }

  return NULL;
}

/* "HANDLE : [ADDRESS]:PORT --> [ADDRESS]:PORT" */
static Entry *
read_new_pair (SnugIcePairs *self, const char *text)
{
  g_autoptr (SnugIcePair) pair = g_new0 (SnugIcePair, 1);
  guint64 handle;
  Entry *entry;

  if (!read_handle (&text, &handle) || !g_str_has_prefix (text, " : "))
    return NULL;
  text += strlen (" : ");
  if (!read_address (&text, &pair->local_address, &pair->local_port) || !g_str_has_prefix (text, " --> "))
    return NULL;
  text += strlen (" --> ");
  if (!read_address (&text, &pair->remote_address, &pair->remote_port)
      || self->entries->len >= MAX_PAIRS)
    return NULL;

  /* One that was removed without a word. */
  entry = find (self, handle);
  if (entry != NULL)
    entry->handle = 0;
  if (handle == self->discovered)
    {
      pair->state = SNUG_ICE_PAIR_SUCCEEDED;
      pair->protocol = find_protocol (self, pair);
      self->discovered = 0;
    }
  entry = g_new0 (Entry, 1);
  entry->handle = handle;
  entry->pair = *pair;
  *pair = (SnugIcePair) { 0 };
  g_ptr_array_add (self->entries, entry);

  return entry;
}

/* "HANDLE with foundation 'F' and transport udp:udp to stream ..." */
static Entry *
read_transport (SnugIcePairs *self, const char *text)
{
  guint64 handle;
  const char *transport;
  Entry *entry;

  if (!read_handle (&text, &handle) || (entry = find (self, handle)) == NULL)
    return NULL;
  transport = strstr (text, " and transport ");
  if (transport == NULL || entry->pair.protocol != NULL)
    return NULL;
  transport += strlen (" and transport ");
  entry->pair.protocol = g_strdup (g_str_has_prefix (transport, "udp") ? "udp" : "tcp");

  return entry;
}

static gboolean
read_state (const char *text, SnugIcePairState *state)
{
  static const struct
  {
    const char *word;
    SnugIcePairState state;
  } words[] = {
    { "FROZEN", SNUG_ICE_PAIR_FROZEN },
    { "WAITING", SNUG_ICE_PAIR_WAITING },
    { "IN_PROGRESS", SNUG_ICE_PAIR_IN_PROGRESS },
    { "SUCCEEDED", SNUG_ICE_PAIR_SUCCEEDED },
    { "FAILED", SNUG_ICE_PAIR_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_has_prefix (text, words[i].word))
      {
        *state = words[i].state;
        return TRUE;
      }

  return FALSE;
}

/* "HANDLE state WORD (...)" or "HANDLE removed." */
static Entry *
read_change (SnugIcePairs *self, const char *text)
{
  SnugIcePairState state;
  guint64 handle;
  Entry *entry;

  if (!read_handle (&text, &handle))
    return NULL;
  /* Its state is told first. */
  if (g_str_has_prefix (text, " state DISCOVERED"))
    {
      self->discovered = handle;
      return NULL;
    }
  entry = find (self, handle);
  if (entry == NULL)
    return NULL;
  if (g_str_has_prefix (text, " removed"))
    {
      entry->handle = 0;
      if (entry->pair.state >= SNUG_ICE_PAIR_SUCCEEDED)
        return NULL;
      state = SNUG_ICE_PAIR_DROPPED;
    }
  else if (!g_str_has_prefix (text, " state ") || !read_state (text + strlen (" state "), &state))
    return NULL;
  if (entry->pair.state == state)
    return NULL;
  entry->pair.state = state;

  return entry;
}

static Entry *
read_nomination (SnugIcePairs *self, const char *text)
{
  guint64 handle;
  Entry *entry;

  if (!read_handle (&text, &handle) || (entry = find (self, handle)) == NULL
      || strstr (text, " as nominated") == NULL || entry->pair.nominated)
    return NULL;
  entry->pair.nominated = TRUE;

  return entry;
}

const SnugIcePair *
snug_ice_pairs_read (SnugIcePairs *self, const char *line)
{
  static const struct
  {
    const char *words;
    Entry *(*read) (SnugIcePairs *self, const char *text);
  } readers[] = {
    { "new pair ", read_new_pair },
    { "added a new pair ", read_transport },
    { "pair ", read_change },
    { "marking pair ", read_nomination },
  };
  guint64 agent;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (line != NULL, NULL);

  if (!g_str_has_prefix (line, "Agent ") || strnlen (line, MAX_LINE_BYTES) == MAX_LINE_BYTES)
    return NULL;
  line += strlen ("Agent ");
  if (!read_handle (&line, &agent) || (self->agent != 0 && self->agent != agent)
      || !g_str_has_prefix (line, " : "))
    return NULL;
  line += strlen (" : ");

  for (gsize i = 0; i < G_N_ELEMENTS (readers); i++)
    if (g_str_has_prefix (line, readers[i].words))
      {
        Entry *entry = readers[i].read (self, line + strlen (readers[i].words));

        return entry != NULL ? &entry->pair : NULL;
      }

  return NULL;
}

guint
snug_ice_pairs_get_n (SnugIcePairs *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->entries->len;
}

const SnugIcePair *
snug_ice_pairs_get (SnugIcePairs *self, guint index)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (index < self->entries->len, NULL);

  return &((Entry *) self->entries->pdata[index])->pair;
}
