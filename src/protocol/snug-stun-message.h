/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Messages of STUN and TURN (RFC 8489, RFC 8656), as far as a test of such servers needs them: requests are written,
 * what comes back is read. Calls do not use it: there libnice speaks to them. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SNUG_STUN_HEADER_BYTES 20
#define SNUG_STUN_TRANSACTION_BYTES 12
/** What is taken of one message, in bytes, with its header. */
#define SNUG_STUN_MESSAGE_MAX_BYTES 4096
/** A realm or nonce (RFC 8489, 14.9 and 14.10: 763 bytes), in bytes. */
#define SNUG_STUN_TEXT_MAX_BYTES 763

/* Method and class together (RFC 8489, 5). */
typedef enum
{
  SNUG_STUN_BINDING = 0x0001,
  SNUG_STUN_BINDING_SUCCESS = 0x0101,
  SNUG_STUN_BINDING_ERROR = 0x0111,
  SNUG_STUN_ALLOCATE = 0x0003,
  SNUG_STUN_ALLOCATE_SUCCESS = 0x0103,
  SNUG_STUN_ALLOCATE_ERROR = 0x0113,
  SNUG_STUN_REFRESH = 0x0004,
  SNUG_STUN_PERMISSION = 0x0008,
  SNUG_STUN_PERMISSION_SUCCESS = 0x0108,
  SNUG_STUN_PERMISSION_ERROR = 0x0118,
  SNUG_STUN_SEND_INDICATION = 0x0016,
  SNUG_STUN_DATA_INDICATION = 0x0017
} SnugStunType;

typedef enum
{
  SNUG_STUN_USERNAME = 0x0006,
  SNUG_STUN_MAPPED_ADDRESS = 0x0001, /* of servers from before RFC 5389 */
  SNUG_STUN_INTEGRITY = 0x0008,
  SNUG_STUN_ERROR_CODE = 0x0009,
  SNUG_STUN_LIFETIME = 0x000d,
  SNUG_STUN_PEER_ADDRESS = 0x0012,
  SNUG_STUN_DATA = 0x0013,
  SNUG_STUN_REALM = 0x0014,
  SNUG_STUN_NONCE = 0x0015,
  SNUG_STUN_RELAYED_ADDRESS = 0x0016,
  SNUG_STUN_TRANSPORT = 0x0019,
  SNUG_STUN_XOR_MAPPED_ADDRESS = 0x0020,
  SNUG_STUN_OTHER_ADDRESS = 0x802c /* RFC 5780, 7.4 */
} SnugStunAttribute;

typedef struct
{
  guint family; /* 4 or 6; 0: not there */
  guint8 bytes[16];
  guint16 port;
} SnugStunAddress;

/* data points into what was parsed. */
typedef struct
{
  guint type;
  guint8 transaction[SNUG_STUN_TRANSACTION_BYTES];
  SnugStunAddress mapped;
  SnugStunAddress relayed;
  SnugStunAddress peer;
  SnugStunAddress other;
  guint error; /* 300 to 699; 0: none */
  char *realm; /* nullable */
  char *nonce; /* nullable */
  const guint8 *data; /* nullable */
  gsize data_size;
} SnugStunMessage;

void snug_stun_message_clear (SnugStunMessage *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SnugStunMessage, snug_stun_message_clear)

/* data: one whole message. FALSE with SNUG_PROTOCOL_ERROR_BAD_FIELD or _TOO_LARGE; nothing has to be cleared then. */
gboolean snug_stun_message_parse (const guint8 *data, gsize size, SnugStunMessage *message, GError **error);
/* How long the message is that a stream goes on with: 0: not to be told yet; -1: none that could be one. */
gssize snug_stun_message_get_size (const guint8 *data, gsize size);

/* Returns: (transfer full): a message with no attribute yet. */
GByteArray *snug_stun_message_new (SnugStunType type, const guint8 transaction[SNUG_STUN_TRANSACTION_BYTES]);
void snug_stun_message_add (GByteArray *self, SnugStunAttribute attribute, gconstpointer value, gsize size);
void snug_stun_message_add_text (GByteArray *self, SnugStunAttribute attribute, const char *text);
/* XORed with cookie and transaction (RFC 8489, 14.2). */
void snug_stun_message_add_address (GByteArray *self, SnugStunAttribute attribute, const SnugStunAddress *address);
/* User name, realm, nonce and, last of all, the integrity by a long-term credential (RFC 8489, 9.2.2, with MD5 and HMAC-SHA1). */
void snug_stun_message_add_credential (GByteArray *self,
                                       const char *user,
                                       const char *password,
                                       const char *realm,
                                       const char *nonce);

gboolean snug_stun_address_equal (const SnugStunAddress *a, const SnugStunAddress *b);
/* Returns: (transfer full): "192.0.2.1:3478" or "[2001:db8::1]:3478". */
char *snug_stun_address_to_string (const SnugStunAddress *self);

G_END_DECLS
