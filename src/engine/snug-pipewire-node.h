/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A door into PipeWire that a portal opened for us, and the node behind it that may be looked at. Immutable,
 * reference-counted; any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* For a door behind which there is nothing but what may be seen: the first. */
#define SNUG_PIPEWIRE_NODE_ANY G_MAXUINT32

typedef struct _SnugPipewireNode SnugPipewireNode;

/* fd: closed with the last reference. Returns: (transfer full). */
SnugPipewireNode *snug_pipewire_node_new (int fd, guint32 id);
SnugPipewireNode *snug_pipewire_node_ref (SnugPipewireNode *self);
void snug_pipewire_node_unref (SnugPipewireNode *self);

int snug_pipewire_node_get_fd (SnugPipewireNode *self);
guint32 snug_pipewire_node_get_id (SnugPipewireNode *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugPipewireNode, snug_pipewire_node_unref)

G_END_DECLS
