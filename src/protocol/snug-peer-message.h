/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What two peers say to each other, as JSON: in the payload of a SIGNAL (the server does not read it)
 * and, once they are connected, on the data channel. Immutable once it exists. Any thread.
 */
#pragma once

#include <glib-object.h>

#include "snug-protocol.h"

G_BEGIN_DECLS

/**
 * SnugPeerMessageKind:
 * @SNUG_PEER_MESSAGE_DESCRIPTION: payload: generation, sdp-type (offer, answer), sdp, video codecs
 * @SNUG_PEER_MESSAGE_CANDIDATE: payload: generation, mline, mid (may be missing), candidate
 * @SNUG_PEER_MESSAGE_END_OF_CANDIDATES: payload: generation
 * @SNUG_PEER_MESSAGE_RECONNECT: payload: generation; to the one who offers
 * @SNUG_PEER_MESSAGE_BYE: payload or channel: generation, reason; the sender closed this connection
 * @SNUG_PEER_MESSAGE_MEDIA_STATE: payload or channel: which of audio, video, screen are being sent
 * @SNUG_PEER_MESSAGE_CHAT: channel: id, text
 * @SNUG_PEER_MESSAGE_CHAT_ACK: channel: id
 * @SNUG_PEER_MESSAGE_INTRODUCTION: payload: name; the first that is said to a member of the room
 * @SNUG_PEER_MESSAGE_HELLO: channel: features; the first that is said there
 * @SNUG_PEER_MESSAGE_CHAT_READ: channel: id; this chat and all before it have been seen
 * @SNUG_PEER_MESSAGE_TYPING: channel: active; over by itself after SNUG_TYPING_SECONDS
 * @SNUG_PEER_MESSAGE_HAND: channel: active, whether the hand is raised
 * @SNUG_PEER_MESSAGE_REACTION: channel: text, one emoji
 * @SNUG_PEER_MESSAGE_FILE_OFFER: channel: id, name, size
 * @SNUG_PEER_MESSAGE_FILE_ACCEPT: channel: id, stream, offset, checksum (of what is there, when that is anything)
 * @SNUG_PEER_MESSAGE_FILE_DECLINE: channel: id
 * @SNUG_PEER_MESSAGE_FILE_ACK: channel: stream, offset up to which everything is stored
 * @SNUG_PEER_MESSAGE_FILE_DONE: channel: id, checksum of the whole file; from its sender, and back once it is verified
 * @SNUG_PEER_MESSAGE_FILE_CANCEL: channel: id, cancel reason
 * @SNUG_PEER_MESSAGE_CODE_COMMIT: channel: commitment, known commitment (may be missing); see snug-short-code.h
 * @SNUG_PEER_MESSAGE_CODE_REVEAL: channel: nonce; what was committed to
 */
typedef enum
{
  SNUG_PEER_MESSAGE_DESCRIPTION = 1,
  SNUG_PEER_MESSAGE_CANDIDATE,
  SNUG_PEER_MESSAGE_END_OF_CANDIDATES,
  SNUG_PEER_MESSAGE_RECONNECT,
  SNUG_PEER_MESSAGE_BYE,
  SNUG_PEER_MESSAGE_MEDIA_STATE,
  SNUG_PEER_MESSAGE_CHAT,
  SNUG_PEER_MESSAGE_CHAT_ACK,
  SNUG_PEER_MESSAGE_INTRODUCTION,
  SNUG_PEER_MESSAGE_HELLO,
  SNUG_PEER_MESSAGE_CHAT_READ,
  SNUG_PEER_MESSAGE_TYPING,
  SNUG_PEER_MESSAGE_HAND,
  SNUG_PEER_MESSAGE_REACTION,
  SNUG_PEER_MESSAGE_FILE_OFFER,
  SNUG_PEER_MESSAGE_FILE_ACCEPT,
  SNUG_PEER_MESSAGE_FILE_DECLINE,
  SNUG_PEER_MESSAGE_FILE_ACK,
  SNUG_PEER_MESSAGE_FILE_DONE,
  SNUG_PEER_MESSAGE_FILE_CANCEL,
  SNUG_PEER_MESSAGE_CODE_COMMIT,
  SNUG_PEER_MESSAGE_CODE_REVEAL
} SnugPeerMessageKind;

typedef enum
{
  SNUG_SDP_OFFER = 1,
  SNUG_SDP_ANSWER
} SnugSdpType;

/* Why a peer closed its side. */
typedef enum
{
  SNUG_BYE_LEFT = 1,         /* "left": the person left the call */
  SNUG_BYE_FAILED,           /* "failed": this connection could not be made or was lost */
  SNUG_BYE_CERTIFICATE,      /* "certificate": what was seen on the way does not match the description */
  SNUG_BYE_BAD_DESCRIPTION   /* "bad-description": the description was refused */
} SnugByeReason;

/* What a peer understands beyond the first protocol. */
typedef enum
{
  SNUG_PEER_FEATURE_NONE = 0,
  SNUG_PEER_FEATURE_FILES = 1 << 0,    /* "files": offers of files, and what follows them */
  SNUG_PEER_FEATURE_RECONNECT = 1 << 1, /* "reconnect": RTCP once a second and more, a new connection beside the old */
  SNUG_PEER_FEATURE_CODE = 1 << 2       /* "code": a code to compare */
} SnugPeerFeatures;

/* Why a transfer ended before its end. */
typedef enum
{
  SNUG_FILE_CANCEL_CANCELLED = 1, /* "cancelled": a person wanted it so */
  SNUG_FILE_CANCEL_CHANGED,       /* "changed": the file is not what was offered any more */
  SNUG_FILE_CANCEL_CHECKSUM,      /* "checksum": what arrived is not what was sent */
  SNUG_FILE_CANCEL_FAILED,        /* "failed": reading or writing did not work */
  SNUG_FILE_CANCEL_TOO_MANY,      /* "too-many": SNUG_FILE_TRANSFERS_MAX are there */
  SNUG_FILE_CANCEL_UNKNOWN        /* "unknown": no such transfer here */
} SnugFileCancelReason;

#define SNUG_TYPE_PEER_MESSAGE (snug_peer_message_get_type ())
typedef struct _SnugPeerMessage SnugPeerMessage;
GType snug_peer_message_get_type (void);
SnugPeerMessage *snug_peer_message_ref (SnugPeerMessage *self);
void snug_peer_message_unref (SnugPeerMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugPeerMessage, snug_peer_message_unref)

/* generation: counts the connections that a pair has made, from 1. video_codecs: what the sender can
 * decode and encode, NULL-terminated encoding names ("VP8"), best first. Returns: (transfer full). */
SnugPeerMessage *snug_peer_message_new_description (guint generation,
                                                    SnugSdpType sdp_type,
                                                    const char *sdp,
                                                    const char *const *video_codecs);
SnugPeerMessage *snug_peer_message_new_candidate (guint generation,
                                                  guint mline,
                                                  const char *mid,
                                                  const char *candidate);
SnugPeerMessage *snug_peer_message_new_end_of_candidates (guint generation);
/* generation: the newest that the sender knows of. */
SnugPeerMessage *snug_peer_message_new_reconnect (guint generation);
SnugPeerMessage *snug_peer_message_new_bye (guint generation, SnugByeReason reason);
SnugPeerMessage *snug_peer_message_new_media_state (gboolean audio, gboolean video, gboolean screen);
SnugPeerMessage *snug_peer_message_new_chat (const char *id, const char *text);
SnugPeerMessage *snug_peer_message_new_chat_ack (const char *id);
/* name: as snug_display_name_normalize() makes it. */
SnugPeerMessage *snug_peer_message_new_introduction (const char *name);
SnugPeerMessage *snug_peer_message_new_hello (SnugPeerFeatures features);
SnugPeerMessage *snug_peer_message_new_chat_read (const char *id);
SnugPeerMessage *snug_peer_message_new_typing (gboolean active);
SnugPeerMessage *snug_peer_message_new_hand (gboolean raised);
/* emoji: one, see snug_emoji_is_single(). */
SnugPeerMessage *snug_peer_message_new_reaction (const char *emoji);
/* name: 1 to SNUG_FILE_NAME_MAX_BYTES. size: up to SNUG_FILE_MAX_BYTES. */
SnugPeerMessage *snug_peer_message_new_file_offer (const char *id, const char *name, guint64 size);
/* stream: the number that the chunks are to carry, from 1 up to G_MAXINT32. checksum: SHA-256 of the first offset
 * bytes in hexadecimal; NULL when offset is 0. */
SnugPeerMessage *snug_peer_message_new_file_accept (const char *id,
                                                    guint stream,
                                                    guint64 offset,
                                                    const char *checksum);
SnugPeerMessage *snug_peer_message_new_file_decline (const char *id);
SnugPeerMessage *snug_peer_message_new_file_ack (guint stream, guint64 offset);
SnugPeerMessage *snug_peer_message_new_file_done (const char *id, const char *checksum);
SnugPeerMessage *snug_peer_message_new_file_cancel (const char *id, SnugFileCancelReason reason);
/* commitment, nonce: as snug_short_code_is_digits() wants them. known: the other side's commitment, when it is known; nullable. */
SnugPeerMessage *snug_peer_message_new_code_commit (const char *commitment, const char *known);
SnugPeerMessage *snug_peer_message_new_code_reveal (const char *nonce);

/* Parses and checks what a peer sent. An unknown kind is SNUG_PROTOCOL_ERROR_UNKNOWN_TYPE: ignore it, a
 * newer peer may say more. Returns: (transfer full): or NULL with a SNUG_PROTOCOL_ERROR. */
SnugPeerMessage *snug_peer_message_parse (const char *data, gsize size, GError **error);
/* Returns: (transfer full): one line of JSON. */
char *snug_peer_message_to_json (SnugPeerMessage *self);

SnugPeerMessageKind snug_peer_message_get_kind (SnugPeerMessage *self);
/* Each answers for the kinds that carry it; strings are owned by the message. */
guint snug_peer_message_get_generation (SnugPeerMessage *self);
SnugSdpType snug_peer_message_get_sdp_type (SnugPeerMessage *self);
const char *snug_peer_message_get_sdp (SnugPeerMessage *self);
/* Never NULL; empty when the peer named none. */
const char *const *snug_peer_message_get_video_codecs (SnugPeerMessage *self);
guint snug_peer_message_get_mline (SnugPeerMessage *self);
const char *snug_peer_message_get_mid (SnugPeerMessage *self); /* nullable */
const char *snug_peer_message_get_candidate (SnugPeerMessage *self);
SnugByeReason snug_peer_message_get_bye_reason (SnugPeerMessage *self);
gboolean snug_peer_message_get_audio (SnugPeerMessage *self);
gboolean snug_peer_message_get_video (SnugPeerMessage *self);
gboolean snug_peer_message_get_screen (SnugPeerMessage *self);
const char *snug_peer_message_get_chat_id (SnugPeerMessage *self);
/* Of an INTRODUCTION; normalised. */
const char *snug_peer_message_get_name (SnugPeerMessage *self);
/* The text of a CHAT. */
const char *snug_peer_message_get_text (SnugPeerMessage *self);
/* Of a HELLO; names that are not known count for nothing. */
SnugPeerFeatures snug_peer_message_get_features (SnugPeerMessage *self);
/* Of a TYPING or HAND. */
gboolean snug_peer_message_get_active (SnugPeerMessage *self);
const char *snug_peer_message_get_emoji (SnugPeerMessage *self);
/* Of the messages of a transfer. The name is as the peer wrote it: snug_file_name_make_safe() before use. */
const char *snug_peer_message_get_file_id (SnugPeerMessage *self);
const char *snug_peer_message_get_file_name (SnugPeerMessage *self);
guint64 snug_peer_message_get_file_size (SnugPeerMessage *self);
guint snug_peer_message_get_file_stream (SnugPeerMessage *self);
guint64 snug_peer_message_get_file_offset (SnugPeerMessage *self);
/* 64 lower-case hexadecimal digits; nullable in a FILE_ACCEPT. */
const char *snug_peer_message_get_file_checksum (SnugPeerMessage *self);
SnugFileCancelReason snug_peer_message_get_cancel_reason (SnugPeerMessage *self);
/* Of a CODE_COMMIT; SNUG_SHORT_CODE_DIGITS digits. */
const char *snug_peer_message_get_commitment (SnugPeerMessage *self);
const char *snug_peer_message_get_known_commitment (SnugPeerMessage *self); /* nullable */
/* Of a CODE_REVEAL. */
const char *snug_peer_message_get_nonce (SnugPeerMessage *self);

G_END_DECLS
