/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the two halves of the peer messages' codec share: snug-peer-message.c has the connection and the chat,
 * snug-peer-message-channel.c what else is said on the data channel.
 */
#pragma once

#include "snug-json.h"
#include "snug-peer-message.h"

G_BEGIN_DECLS

struct _SnugPeerMessage
{
  gatomicrefcount ref_count;
  SnugPeerMessageKind kind;
  guint generation;
  SnugSdpType sdp_type;
  SnugByeReason bye_reason;
  guint mline;
  gboolean audio;
  gboolean video;
  gboolean screen;
  char *mid;
  char *id;   /* of a chat or a transfer */
  char *text; /* DESCRIPTION: sdp; CANDIDATE: candidate; CHAT: text; REACTION: emoji; FILE_OFFER: name;
                 CODE_COMMIT: commitment; CODE_REVEAL: nonce */
  GStrv video_codecs;
  SnugPeerFeatures features;
  gboolean active; /* TYPING, HAND */
  guint64 size;    /* FILE_OFFER: size; FILE_ACCEPT, FILE_ACK: offset */
  guint stream;
  char *checksum; /* nullable; CODE_COMMIT: the known commitment */
  SnugFileCancelReason cancel_reason;
};

typedef struct
{
  const char *type;
  SnugPeerMessageKind kind;
  gboolean (*read) (SnugPeerMessage *self, JsonObject *object, GError **error);
  void (*write) (SnugPeerMessage *self, GString *json);
} SnugPeerMessageCodec;

#define SNUG_PEER_MESSAGE_N_CHANNEL_KINDS                                                          \
  (SNUG_PEER_MESSAGE_CODE_REVEAL - SNUG_PEER_MESSAGE_HELLO + 1)

/* In the order of the kinds, from HELLO on. */
extern const SnugPeerMessageCodec
    snug_peer_message_channel_codecs[SNUG_PEER_MESSAGE_N_CHANNEL_KINDS];

/* Returns: (transfer full): one of that kind, with nothing in it yet. */
SnugPeerMessage *snug_peer_message_new (SnugPeerMessageKind kind);
/* "id", a token of at most SNUG_CHAT_ID_MAX_BYTES; so is a transfer's. */
gboolean snug_peer_message_read_id (SnugPeerMessage *self, JsonObject *object, GError **error);
void snug_peer_message_write_id (SnugPeerMessage *self, GString *json);

G_END_DECLS
