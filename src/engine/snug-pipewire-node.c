/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-pipewire-node.h"

#include <glib/gstdio.h>

struct _SnugPipewireNode
{
  gatomicrefcount ref_count;
  int fd;
  guint32 id;
};

SnugPipewireNode *
snug_pipewire_node_new (int fd, guint32 id)
{
  SnugPipewireNode *self;

  g_return_val_if_fail (fd >= 0, NULL);

  self = g_new0 (SnugPipewireNode, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->fd = fd;
  self->id = id;

  return self;
}

SnugPipewireNode *
snug_pipewire_node_ref (SnugPipewireNode *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
snug_pipewire_node_unref (SnugPipewireNode *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_close (self->fd, NULL);
  g_free (self);
}

int
snug_pipewire_node_get_fd (SnugPipewireNode *self)
{
  return self->fd;
}

guint32
snug_pipewire_node_get_id (SnugPipewireNode *self)
{
  return self->id;
}
