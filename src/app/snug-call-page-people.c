/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who comes, who goes and who says something, in toasts.
 */
#include "config.h"

#include "snug-call-page-private.h"

#include "snug-chat-row.h"
#include "snug-seal.h"
#include "snug-toast.h"

#include <glib/gi18n.h>

#define TOAST_SECONDS 5

guint
snug_call_page_get_n_peers (SnugCallPage *self)
{
  return self->call == NULL ? 0 : g_list_model_get_n_items (snug_call_get_peers (self->call));
}

static void
add_toast (SnugCallPage *self, const char *sentence, gboolean message)
{
  if (!gtk_widget_get_child_visible (GTK_WIDGET (self->stage_toasts)))
    {
      snug_call_page_emit_toast (self, sentence);
      return;
    }
  self->toast_is_message = message;
  snug_toast_say (self->stage_toasts, sentence, TOAST_SECONDS);
}

void
snug_call_page_dismiss_toast (SnugCallPage *self, gboolean only_message)
{
  if (!only_message || self->toast_is_message)
    snug_toast_unsay (self->stage_toasts);
}

static void
toast (SnugCallPage *self, const char *format, const char *name)
{
  g_autoptr (GString) text = g_string_new (format);

  /* Not as a format: the name comes from somebody else. */
  g_string_replace (text, "%s", name, 1);
  add_toast (self, text->str, FALSE);
}

static void
on_peer_state (SnugCallPage *self, GParamSpec *pspec, SnugPeer *peer)
{
  if (snug_peer_get_state (peer) != SNUG_PEER_FAILED)
    return;
  if (snug_call_page_get_n_peers (self) == 1)
    snug_call_page_emit_peer_failed (self, peer);
  else
    toast (self, _ ("You and %s could not be connected."), snug_peer_get_name (peer));
}

void
snug_call_page_on_peers_changed (SnugCallPage *self, guint position, guint removed, guint added, GListModel *peers)
{
  for (guint i = 0; i < removed && position < self->known->len; i++)
    {
      SnugPeer *peer = g_ptr_array_index (self->known, position);

      g_signal_handlers_disconnect_by_func (peer, on_peer_state, self);
      /* When we go, everybody goes. */
      if (snug_call_get_state (self->call) == SNUG_CALL_JOINED)
        toast (self, _ ("%s left."), snug_peer_get_name (peer));
      g_ptr_array_remove_index (self->known, position);
    }
  for (guint i = 0; i < added; i++)
    {
      SnugPeer *peer = g_list_model_get_item (peers, position + i);
      const char *name = snug_peer_get_name (peer);

      g_ptr_array_insert (self->known, (int) (position + i), peer);
      g_signal_connect_object (peer, "notify::state", G_CALLBACK (on_peer_state), self, G_CONNECT_SWAPPED);
      if (!g_ptr_array_find_with_equal_func (self->people, name, g_str_equal, NULL))
        g_ptr_array_add (self->people, g_strdup (name));
      if (snug_call_get_state (self->call) == SNUG_CALL_JOINED)
        toast (self, _ ("%s joined."), name);
    }
  snug_call_page_update (self);
}

/* What a person can do about it is to know. A newcomer that says nothing may just be slow. */
void
snug_call_page_on_refused (SnugCallPage *self, const char *id, const char *name, const GError *error)
{
  if (error->domain != SNUG_SEAL_ERROR)
    return;
  if (name != NULL)
    toast (self, _ ("A message in the name of %s was altered or repeated on its way. Snug did not take it."), name);
  else if (error->code != SNUG_SEAL_ERROR_SILENT)
    add_toast (self, _ ("Someone tried to come in who does not know the name of this room. They see and hear nothing."),
               FALSE);
}

void
snug_call_page_on_message (SnugCallPage *self, SnugChatMessage *message, SnugChatPanel *panel)
{
  g_autofree char *summary = snug_chat_row_summarize (message);
  g_autofree char *text = g_strdup_printf ("%s: %s", snug_chat_message_get_sender_name (message), summary);

  add_toast (self, text, TRUE);
}

void
snug_call_page_toast (SnugCallPage *self, const char *sentence)
{
  add_toast (self, sentence, FALSE);
}

void
snug_call_page_forget_people (SnugCallPage *self)
{
  for (guint i = 0; i < self->known->len; i++)
    g_signal_handlers_disconnect_by_func (g_ptr_array_index (self->known, i), on_peer_state, self);
  g_ptr_array_set_size (self->known, 0);
  g_ptr_array_set_size (self->people, 0);
}

char **
snug_call_page_list_people (SnugCallPage *self)
{
  char **names;

  g_return_val_if_fail (SNUG_IS_CALL_PAGE (self), NULL);

  names = g_new0 (char *, self->people->len + 1);
  for (guint i = 0; i < self->people->len; i++)
    names[i] = g_strdup (g_ptr_array_index (self->people, i));
  return names;
}
