/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All files on their way in one call, both ways: who can take some, which message belongs to which of them, and how many
 * there may be. Main context.
 *
 * Signal: "offered" (SnugFileTransfer, char *id, char *peer_id, char *peer_name): somebody offers one.
 */
#pragma once

#include "snug-file-port.h"
#include "snug-file-transfer.h"

G_BEGIN_DECLS

#define SNUG_TYPE_FILE_EXCHANGE (snug_file_exchange_get_type ())
G_DECLARE_FINAL_TYPE (SnugFileExchange, snug_file_exchange, SNUG, FILE_EXCHANGE, GObject)

/* port: (transfer full). Returns: (transfer full). */
SnugFileExchange *snug_file_exchange_new (SnugFilePort *port);

/* A channel opened (again): says hello there. name: the person's. */
void snug_file_exchange_opened (SnugFileExchange *self, const char *peer_id, const char *name);
void snug_file_exchange_closed (SnugFileExchange *self, const char *peer_id);
void snug_file_exchange_removed (SnugFileExchange *self, const char *peer_id);
/* A HELLO, or anything about files. */
void snug_file_exchange_receive (SnugFileExchange *self,
                                 const char *peer_id,
                                 const char *name,
                                 SnugPeerMessage *message);
/* A binary message. */
void snug_file_exchange_receive_chunk (SnugFileExchange *self, const char *peer_id, GBytes *message);

/* Offers a file to everybody who is there. Returns: (transfer full): or NULL with a SNUG_FILE_ERROR. */
SnugFileTransfer *snug_file_exchange_offer (SnugFileExchange *self, GFile *file, GError **error);

/* The call is over: nothing is sent any more. What was accepted is PAUSED until somebody adopts it, or this goes. */
void snug_file_exchange_close (SnugFileExchange *self);
/* Takes over what the exchange of a call that is over left. */
void snug_file_exchange_adopt (SnugFileExchange *self, SnugFileExchange *previous);

G_END_DECLS
