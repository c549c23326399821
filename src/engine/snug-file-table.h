/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All transfers of a SnugFileExchange, both ways, by the peer at their other end. Those that are over stay for a while. Main
 * context.
 */
#pragma once

#include "snug-file-receiver.h"
#include "snug-file-sender.h"

G_BEGIN_DECLS

typedef struct _SnugFileTable SnugFileTable;

/* Returns: (transfer full). */
SnugFileTable *snug_file_table_new (void);
void snug_file_table_free (SnugFileTable *self);

void snug_file_table_add_sender (SnugFileTable *self, SnugFileSender *sender);
void snug_file_table_add_receiver (SnugFileTable *self, SnugFileReceiver *receiver);

/* By the transfer's id. Returns: (transfer none) (nullable). */
SnugFileSender *snug_file_table_find_sender (SnugFileTable *self, const char *id);
SnugFileReceiver *snug_file_table_find_receiver (SnugFileTable *self, const char *id);
/* Returns: (transfer full) (element-type SnugFileReceiver). */
GPtrArray *snug_file_table_copy_receivers (SnugFileTable *self);
/* With that peer, and not over. */
guint snug_file_table_count_senders (SnugFileTable *self, const char *peer_id);
guint snug_file_table_count_receivers (SnugFileTable *self, const char *peer_id);

/* What the peer was offered it can't take. */
void snug_file_table_refuse (SnugFileTable *self, const char *peer_id);
/* The peer is there, and understands files; its channel is away; it went for good. */
void snug_file_table_open_senders (SnugFileTable *self, const char *peer_id);
void snug_file_table_lose (SnugFileTable *self, const char *peer_id);
void snug_file_table_remove_peer (SnugFileTable *self, const char *peer_id);

/* What the peer sent; FALSE: it belongs to none of these. */
gboolean snug_file_table_acknowledge (SnugFileTable *self, const char *peer_id, guint stream, guint64 offset);
gboolean snug_file_table_take (SnugFileTable *self, const char *peer_id, const SnugFileChunk *chunk, GBytes *message);

/* Takes all of them over, to go on through that port. */
void snug_file_table_adopt (SnugFileTable *self, SnugFileTable *previous, SnugFilePort *port);
/* The call is over. */
void snug_file_table_fail_all (SnugFileTable *self);

G_END_DECLS
