/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The limits of protocol snug.1 and the one error domain of everything that is parsed.
 * protocol.md is the reference; the two change together.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** The version that a JOIN carries. */
#define SNUG_PROTOCOL_VERSION 1
/** The WebSocket subprotocol (RFC 6455, 1.9). */
#define SNUG_PROTOCOL_NAME "snug.1"

/** One message in one WebSocket text frame, in bytes. */
#define SNUG_MESSAGE_MAX_BYTES (64 * 1024)
/** The payload of one SIGNAL, in bytes before JSON escaping. */
#define SNUG_PAYLOAD_MAX_BYTES (48 * 1024)
/** One session description, in bytes. */
#define SNUG_SDP_MAX_BYTES (32 * 1024)
/** One candidate line, in bytes. */
#define SNUG_CANDIDATE_MAX_BYTES 1024
/** Candidates taken from one peer for one generation; more are ignored. */
#define SNUG_CANDIDATES_MAX 64
/** A room name, in characters after normalising. */
#define SNUG_ROOM_NAME_MAX_CHARS 64
/** A display name, in characters after trimming. */
#define SNUG_DISPLAY_NAME_MAX_CHARS 64
/** A peer id as the server makes it, in bytes. */
#define SNUG_PEER_ID_MAX_BYTES 64
/** One chat text, in bytes. */
#define SNUG_CHAT_TEXT_MAX_BYTES (8 * 1024)
/** A chat message id, in bytes. */
#define SNUG_CHAT_ID_MAX_BYTES 64
/** What a peer says it understands: names in one HELLO, and the bytes of one. */
#define SNUG_FEATURES_MAX 16
#define SNUG_FEATURE_MAX_BYTES 32
/** A reaction, one emoji with all that belongs to it, in bytes. */
#define SNUG_REACTION_MAX_BYTES 64
/** Reactions, hands and typing notices a second that one person may send for long ... */
#define SNUG_GESTURE_RATE 4
/** ... and at once. */
#define SNUG_GESTURE_BURST 12
/** A typing notice is over after that many seconds, unless it comes again. */
#define SNUG_TYPING_SECONDS 6
/** A file, in bytes: 2 GiB. */
#define SNUG_FILE_MAX_BYTES G_GUINT64_CONSTANT (0x80000000)
/** A file's name, in bytes. */
#define SNUG_FILE_NAME_MAX_BYTES 255
/** A transfer's id, in bytes. */
#define SNUG_FILE_ID_MAX_BYTES 64
/** A piece of a file in one binary message, in bytes without its header. */
#define SNUG_FILE_CHUNK_MAX_BYTES (16 * 1024)
/** Bytes of one file that may be on the way without an acknowledgement. */
#define SNUG_FILE_WINDOW_MAX_BYTES (1024 * 1024)
/** Files that one peer may offer or receive at once. */
#define SNUG_FILE_TRANSFERS_MAX 8
/** A human-readable error text, in bytes. */
#define SNUG_ERROR_TEXT_MAX_BYTES 512
/** ICE servers in one JOINED, and URIs in one server. */
#define SNUG_ICE_SERVERS_MAX 8
/** One ICE server URI, user name or credential, in bytes. */
#define SNUG_ICE_SERVER_FIELD_MAX_BYTES 512
/** Members of one room, unless the server is told otherwise. */
#define SNUG_ROOM_SIZE_DEFAULT 8
/** The most that a server may be told. */
#define SNUG_ROOM_SIZE_MAX 64
/** Messages a second that one client may send for long ... */
#define SNUG_MESSAGE_RATE 20
/** ... and at once. */
#define SNUG_MESSAGE_BURST 60
/** From the open WebSocket to the JOIN, in seconds. */
#define SNUG_JOIN_TIMEOUT_SECONDS 10
/** A resume token, in bytes: at least 128 random bits in hexadecimal. */
#define SNUG_RESUME_TOKEN_MIN_BYTES 32
#define SNUG_RESUME_TOKEN_MAX_BYTES 64
/** How long a server keeps the place of a member whose connection is lost, in seconds. */
#define SNUG_RESUME_SECONDS 30
/** What it keeps for one such member, in messages and in bytes of payload; the oldest go first. */
#define SNUG_MISSED_MAX 128
#define SNUG_MISSED_MAX_BYTES (512 * 1024)
/** Objects and arrays inside each other. */
#define SNUG_JSON_DEPTH_MAX 8
/** Video codecs that one description may name, and the bytes of one name. */
#define SNUG_VIDEO_CODECS_MAX 16
#define SNUG_VIDEO_CODEC_MAX_BYTES 32
/** A media identification (RFC 8843, "mid"), in bytes. */
#define SNUG_MID_MAX_BYTES 32
/** The path at which a server answers WebSockets. */
#define SNUG_WEBSOCKET_PATH "/snug"

/**
 * SnugProtocolError:
 *
 * Every way in which a message can be wrong or a server can refuse one. The wire carries the code as
 * a string, see snug_protocol_error_to_string().
 */
typedef enum
{
  SNUG_PROTOCOL_ERROR_NOT_UTF8 = 1,     /* "not-utf8": bytes that are not UTF-8 text */
  SNUG_PROTOCOL_ERROR_NOT_JSON,         /* "not-json": not one JSON object */
  SNUG_PROTOCOL_ERROR_TOO_LARGE,        /* "too-large": the message or one of its fields */
  SNUG_PROTOCOL_ERROR_UNKNOWN_TYPE,     /* "unknown-type": no such message from that side */
  SNUG_PROTOCOL_ERROR_MISSING_FIELD,    /* "missing-field" */
  SNUG_PROTOCOL_ERROR_BAD_FIELD,        /* "bad-field": mistyped, or out of range */
  SNUG_PROTOCOL_ERROR_VERSION,          /* "version": the other side speaks another version */
  SNUG_PROTOCOL_ERROR_ROOM_NAME,        /* "room-name": empty, too long, forbidden characters */
  SNUG_PROTOCOL_ERROR_DISPLAY_NAME,     /* "display-name": empty, too long, control characters */
  SNUG_PROTOCOL_ERROR_ROOM_FULL,        /* "room-full" */
  SNUG_PROTOCOL_ERROR_ALREADY_JOINED,   /* "already-joined": a second JOIN */
  SNUG_PROTOCOL_ERROR_NOT_JOINED,       /* "not-joined": a SIGNAL or LEAVE before JOIN */
  SNUG_PROTOCOL_ERROR_NO_SUCH_PEER,     /* "no-such-peer": a SIGNAL to nobody in the room */
  SNUG_PROTOCOL_ERROR_RATE_LIMITED,     /* "rate-limited": the server closes after it */
  SNUG_PROTOCOL_ERROR_JOIN_TIMEOUT,     /* "join-timeout": the server closes after it */
  SNUG_PROTOCOL_ERROR_SHUTTING_DOWN,    /* "shutting-down": the server closes after it */
  SNUG_PROTOCOL_ERROR_NOT_ALLOWED,      /* "not-allowed": the server is not open to everybody, or not that room */
  SNUG_PROTOCOL_ERROR_UNREACHABLE,      /* "unreachable": what was signaled to a peer did not get to it, as far as is known */
  SNUG_PROTOCOL_ERROR_OTHER             /* any code this version does not know */
} SnugProtocolError;

#define SNUG_PROTOCOL_ERROR (snug_protocol_error_quark ())
GQuark snug_protocol_error_quark (void);

/* The code as it stands on the wire; static, never NULL ("other" for SNUG_PROTOCOL_ERROR_OTHER). */
const char *snug_protocol_error_to_string (SnugProtocolError code);
/* The reverse; SNUG_PROTOCOL_ERROR_OTHER for a string it does not know or NULL. */
SnugProtocolError snug_protocol_error_from_string (const char *code);

/* Random bytes that can't be guessed. */
void snug_protocol_random (guint8 *bytes, gsize size);
/* Returns: (transfer full): a new id of 128 random bits, 32 hexadecimal digits. */
char *snug_protocol_random_id (void);
/* Who holds this resume token, to the others in the room. Nobody who knows the id can tell the token. Returns: (transfer full): 32
 * hexadecimal digits. */
char *snug_protocol_id_of_token (const char *token);

G_END_DECLS
