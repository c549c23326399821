/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-local-election.h"

#include <string.h>

typedef enum
{
  LOOKING,
  MEMBER,
  HOSTING
} Role;

typedef struct
{
  char *name;
  gboolean announced; /* FALSE: only kept because it was refused, or is being tried */
  gboolean trying;
  gboolean refused;
  guint n_failed; /* in a row */
  gint64 retry_at;
} Host;

struct _SnugLocalElection
{
  Role role;
  char *own_name;   /* while HOSTING */
  GPtrArray *hosts; /* Host, by name */
  gint64 began_at;
  gint64 host_after;
  gint64 next_try;
};

static void
host_free (gpointer data)
{
  Host *host = data;

  g_free (host->name);
  g_free (host);
}

SnugLocalElection *
snug_local_election_new (gint64 now, gint64 host_after)
{
  SnugLocalElection *self = g_new0 (SnugLocalElection, 1);

  self->hosts = g_ptr_array_new_with_free_func (host_free);
  snug_local_election_look (self, now, host_after);
  return self;
}

void
snug_local_election_free (SnugLocalElection *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->hosts);
  g_free (self->own_name);
  g_free (self);
}

static Host *
find (SnugLocalElection *self, const char *name, guint *position)
{
  guint i;

  for (i = 0; i < self->hosts->len; i++)
    {
      Host *host = g_ptr_array_index (self->hosts, i);
      int order = strcmp (host->name, name);

      if (order == 0)
        {
          *position = i;
          return host;
        }
      if (order > 0)
        break;
    }
  *position = i;
  return NULL;
}

void
snug_local_election_found (SnugLocalElection *self, const char *name)
{
  guint position;
  Host *host;

  g_return_if_fail (self != NULL && name != NULL);

  host = find (self, name, &position);
  if (host == NULL)
    {
      if (self->hosts->len >= SNUG_LOCAL_HOSTS_MAX)
        return;
      host = g_new0 (Host, 1);
      host->name = g_strdup (name);
      g_ptr_array_insert (self->hosts, (int) position, host);
    }
  host->announced = TRUE;
}

void
snug_local_election_gone (SnugLocalElection *self, const char *name)
{
  guint position;
  Host *host;

  g_return_if_fail (self != NULL && name != NULL);

  host = find (self, name, &position);
  if (host == NULL)
    return;
  host->announced = FALSE;
  if (!host->trying)
    g_ptr_array_remove_index (self->hosts, position);
}

/* What is over: what is announced no more needs no memory. */
static void
end_attempt (SnugLocalElection *self, Host *host, guint position)
{
  host->trying = FALSE;
  if (!host->announced)
    g_ptr_array_remove_index (self->hosts, position);
}

void
snug_local_election_drop_attempts (SnugLocalElection *self)
{
  g_return_if_fail (self != NULL);

  for (guint i = self->hosts->len; i-- > 0;)
    {
      Host *host = g_ptr_array_index (self->hosts, i);

      if (host->trying)
        end_attempt (self, host, i);
    }
  self->next_try = 0;
}

void
snug_local_election_look (SnugLocalElection *self, gint64 now, gint64 host_after)
{
  g_return_if_fail (self != NULL);

  snug_local_election_drop_attempts (self);
  self->role = LOOKING;
  g_clear_pointer (&self->own_name, g_free);
  self->began_at = now;
  self->host_after = host_after;
  for (guint i = 0; i < self->hosts->len; i++)
    {
      Host *host = g_ptr_array_index (self->hosts, i);

      host->n_failed = 0;
      host->retry_at = 0;
    }
}

void
snug_local_election_set_host_after (SnugLocalElection *self, gint64 host_after)
{
  g_return_if_fail (self != NULL);

  self->host_after = host_after;
}

void
snug_local_election_joined (SnugLocalElection *self, const char *name)
{
  g_return_if_fail (self != NULL && name != NULL);

  snug_local_election_drop_attempts (self);
  self->role = MEMBER;
  g_clear_pointer (&self->own_name, g_free);
}

void
snug_local_election_hosting (SnugLocalElection *self, const char *name)
{
  g_return_if_fail (self != NULL && name != NULL);

  snug_local_election_drop_attempts (self);
  self->role = HOSTING;
  g_free (self->own_name);
  self->own_name = g_strdup (name);
}

void
snug_local_election_failed (SnugLocalElection *self, const char *name, gint64 now)
{
  guint position;
  Host *host;

  g_return_if_fail (self != NULL && name != NULL);

  host = find (self, name, &position);
  if (host == NULL)
    return;
  host->retry_at = now + MIN (SNUG_LOCAL_RETRY << MIN (host->n_failed, 8), SNUG_LOCAL_RETRY_MAX);
  host->n_failed++;
  /* The next in the row does not wait for its turn. */
  self->next_try = 0;
  end_attempt (self, host, position);
}

void
snug_local_election_refuse (SnugLocalElection *self, const char *name)
{
  guint position;
  Host *host;

  g_return_if_fail (self != NULL && name != NULL);

  host = find (self, name, &position);
  if (host == NULL)
    return;
  host->refused = TRUE;
  self->next_try = 0;
  end_attempt (self, host, position);
}

/* Whether that one is worth going to, once its time has come. */
static gboolean
is_better (SnugLocalElection *self, const Host *host)
{
  if (host->refused || !host->announced)
    return FALSE;
  return self->role == LOOKING || (self->role == HOSTING && strcmp (host->name, self->own_name) < 0);
}

static void
wake (gint64 *wake_at, gint64 time)
{
  if (*wake_at < 0 || time < *wake_at)
    *wake_at = time;
}

SnugLocalStep
snug_local_election_next (SnugLocalElection *self, gint64 now, const char **name, gint64 *wake_at)
{
  gboolean trying = FALSE;

  g_return_val_if_fail (self != NULL && name != NULL && wake_at != NULL, SNUG_LOCAL_WAIT);

  *name = NULL;
  *wake_at = -1;
  for (guint i = 0; i < self->hosts->len; i++)
    {
      Host *host = g_ptr_array_index (self->hosts, i);

      trying = trying || host->trying;
      if (host->trying || !is_better (self, host))
        continue;
      if (MAX (host->retry_at, self->next_try) > now)
        {
          wake (wake_at, MAX (host->retry_at, self->next_try));
          continue;
        }
      host->trying = TRUE;
      self->next_try = now + SNUG_LOCAL_STAGGER;
      *name = host->name;
      return SNUG_LOCAL_TRY;
    }
  if (self->role != LOOKING)
    return SNUG_LOCAL_WAIT;
  if (now >= self->host_after && (!trying || now >= self->began_at + SNUG_LOCAL_PATIENCE))
    return SNUG_LOCAL_HOST;
  wake (wake_at, trying ? MAX (self->host_after, self->began_at + SNUG_LOCAL_PATIENCE) : self->host_after);
  return SNUG_LOCAL_WAIT;
}

guint
snug_local_election_get_rank (const char *self_id, GHashTable *members)
{
  GHashTableIter iter;
  gpointer id;
  guint rank = 0;

  g_return_val_if_fail (self_id != NULL && members != NULL, 0);

  g_hash_table_iter_init (&iter, members);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    rank += strcmp (id, self_id) < 0;
  return rank;
}
