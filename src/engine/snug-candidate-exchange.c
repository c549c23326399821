/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-candidate-exchange.h"

#include <string.h>

#include "snug-candidate.h"
#include "snug-protocol.h"

struct _SnugCandidateExchange
{
  SnugCandidateExchangeFuncs funcs;
  gpointer user_data;

  GPtrArray *local;  /* of char *, until the description is out */
  GPtrArray *remote; /* of char *, until the description is set */
  gboolean local_open;
  gboolean remote_open;
  guint n_local;
  guint n_remote;
  gboolean gathered;
  gboolean relayed;
};

SnugCandidateExchange *
snug_candidate_exchange_new (const SnugCandidateExchangeFuncs *funcs, gpointer user_data)
{
  SnugCandidateExchange *self = g_new0 (SnugCandidateExchange, 1);

  self->funcs = *funcs;
  self->user_data = user_data;
  self->local = g_ptr_array_new_with_free_func (g_free);
  self->remote = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
snug_candidate_exchange_free (SnugCandidateExchange *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->local);
  g_ptr_array_unref (self->remote);
  g_free (self);
}

void
snug_candidate_exchange_add_local (SnugCandidateExchange *self, const char *candidate)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (candidate != NULL);

  self->n_local++;
  self->relayed = self->relayed || strstr (candidate, " typ relay") != NULL;
  if (self->local_open)
    self->funcs.to_peer (candidate, self->user_data);
  else
    g_ptr_array_add (self->local, g_strdup (candidate));
}

gboolean
snug_candidate_exchange_has_relayed (SnugCandidateExchange *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->relayed;
}

gboolean
snug_candidate_exchange_set_gathered (SnugCandidateExchange *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->gathered)
    return TRUE;
  self->gathered = TRUE;
  if (self->n_local == 0)
    return FALSE;
  if (self->local_open)
    self->funcs.gathered (self->user_data);

  return TRUE;
}

void
snug_candidate_exchange_open_local (SnugCandidateExchange *self)
{
  g_return_if_fail (self != NULL);

  if (self->local_open)
    return;
  self->local_open = TRUE;
  for (guint i = 0; i < self->local->len; i++)
    self->funcs.to_peer (self->local->pdata[i], self->user_data);
  g_ptr_array_set_size (self->local, 0);
  if (self->gathered)
    self->funcs.gathered (self->user_data);
}

gboolean
snug_candidate_exchange_add_remote (SnugCandidateExchange *self, const char *candidate)
{
  g_autoptr (SnugCandidate) parsed = NULL;
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (candidate != NULL, FALSE);

  parsed = snug_candidate_parse (candidate, &error);
  if (parsed == NULL)
    {
      g_debug ("A candidate was dropped: %s", error->message);
      return FALSE;
    }
  if (snug_candidate_is_mdns (parsed) || parsed->component != 1 || self->n_remote >= SNUG_CANDIDATES_MAX)
    {
      g_debug ("A candidate was dropped");
      return FALSE;
    }

  self->n_remote++;
  if (self->remote_open)
    self->funcs.to_agent (candidate, self->user_data);
  else
    g_ptr_array_add (self->remote, g_strdup (candidate));

  return TRUE;
}

void
snug_candidate_exchange_open_remote (SnugCandidateExchange *self)
{
  g_return_if_fail (self != NULL);

  if (self->remote_open)
    return;
  self->remote_open = TRUE;
  for (guint i = 0; i < self->remote->len; i++)
    self->funcs.to_agent (self->remote->pdata[i], self->user_data);
  g_ptr_array_set_size (self->remote, 0);
}
