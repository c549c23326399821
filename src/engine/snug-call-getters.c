/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-call-private.h"

SnugCallState
snug_call_get_state (SnugCall *self)
{
  g_return_val_if_fail (SNUG_IS_CALL (self), SNUG_CALL_FAILED);

  return self->state;
}

const GError *
snug_call_get_error (SnugCall *self)
{
  g_return_val_if_fail (SNUG_IS_CALL (self), NULL);

  return self->error;
}

gboolean
snug_call_get_server_connected (SnugCall *self)
{
  g_return_val_if_fail (SNUG_IS_CALL (self), FALSE);

  return self->server_connected;
}

const GError *
snug_call_get_server_error (SnugCall *self)
{
  g_return_val_if_fail (SNUG_IS_CALL (self), NULL);

  return self->server_error;
}

const char *
snug_call_get_room (SnugCall *self)
{
  g_return_val_if_fail (SNUG_IS_CALL (self), NULL);

  return self->room;
}

const char *
snug_call_get_display_name (SnugCall *self)
{
  g_return_val_if_fail (SNUG_IS_CALL (self), NULL);

  return self->display_name;
}

const char *
snug_call_get_self_id (SnugCall *self)
{
  g_return_val_if_fail (SNUG_IS_CALL (self), NULL);

  return self->self_id;
}

gboolean
snug_call_get_hand_raised (SnugCall *self)
{
  g_return_val_if_fail (SNUG_IS_CALL (self), FALSE);

  return self->hand_raised;
}

GListModel *
snug_call_get_peers (SnugCall *self)
{
  g_return_val_if_fail (SNUG_IS_CALL (self), NULL);

  return G_LIST_MODEL (self->peers);
}

SnugChat *
snug_call_get_chat (SnugCall *self)
{
  g_return_val_if_fail (SNUG_IS_CALL (self), NULL);

  return snug_peer_list_get_chat (self->peers);
}

SnugLocalMedia *
snug_call_get_local_media (SnugCall *self)
{
  g_return_val_if_fail (SNUG_IS_CALL (self), NULL);

  return self->local_media;
}

SnugAudioOutput *
snug_call_get_audio_output (SnugCall *self)
{
  g_return_val_if_fail (SNUG_IS_CALL (self), NULL);

  return self->audio_output;
}

SnugScreenShare *
snug_call_get_screen_share (SnugCall *self)
{
  g_return_val_if_fail (SNUG_IS_CALL (self), NULL);

  return self->screen_share;
}
