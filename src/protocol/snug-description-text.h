/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A whole session description (RFC 8866) with all its candidates, as a text that people carry from one program to the other: by
 * mail, by messenger, by picture. Snug's own form is small and notices what was lost on the way; the other two are what
 * other programs copy and paste. Pure, any thread.
 */
#pragma once

#include "snug-peer-message.h"

G_BEGIN_DECLS

/** A pasted text, in bytes. */
#define SNUG_DESCRIPTION_TEXT_MAX_BYTES (64 * 1024)
/** What is packed into one, in bytes. */
#define SNUG_DESCRIPTION_CONTENT_MAX_BYTES (48 * 1024)
/** The id of an invitation, in bytes. */
#define SNUG_DESCRIPTION_ID_MAX_BYTES 64

/**
 * SnugDescriptionFormat:
 * @SNUG_DESCRIPTION_FORMAT_SNUG: "snug1:LENGTH:BODY:CHECKSUM", see protocol.md
 * @SNUG_DESCRIPTION_FORMAT_JSON: {"type": "offer", "sdp": "..."}, as browsers write an RTCSessionDescription
 * @SNUG_DESCRIPTION_FORMAT_BASE64: the same in base64 (RFC 4648, 4)
 */
typedef enum
{
  SNUG_DESCRIPTION_FORMAT_SNUG,
  SNUG_DESCRIPTION_FORMAT_JSON,
  SNUG_DESCRIPTION_FORMAT_BASE64
} SnugDescriptionFormat;

typedef enum
{
  SNUG_DESCRIPTION_TEXT_ERROR_EMPTY = 1, /* nothing was pasted */
  SNUG_DESCRIPTION_TEXT_ERROR_FOREIGN,   /* some other text */
  SNUG_DESCRIPTION_TEXT_ERROR_LINK,      /* a link to a room */
  SNUG_DESCRIPTION_TEXT_ERROR_TOO_LARGE, /* longer than SNUG_DESCRIPTION_TEXT_MAX_BYTES */
  SNUG_DESCRIPTION_TEXT_ERROR_TRUNCATED, /* its end is missing */
  SNUG_DESCRIPTION_TEXT_ERROR_MISTYPED,  /* the checksum is not that of the text */
  SNUG_DESCRIPTION_TEXT_ERROR_BOMB,      /* unpacks to more than SNUG_DESCRIPTION_CONTENT_MAX_BYTES */
  SNUG_DESCRIPTION_TEXT_ERROR_VERSION,   /* from a later version */
  SNUG_DESCRIPTION_TEXT_ERROR_MALFORMED, /* of a known form, but what is in it is no description */
  /* By those who know what they wait for: */
  SNUG_DESCRIPTION_TEXT_ERROR_NOT_OFFER,  /* an answer, where an invitation is wanted */
  SNUG_DESCRIPTION_TEXT_ERROR_NOT_ANSWER, /* somebody else's invitation, where an answer is wanted */
  SNUG_DESCRIPTION_TEXT_ERROR_OWN,        /* one's own invitation, pasted back */
  SNUG_DESCRIPTION_TEXT_ERROR_OTHER       /* the answer to another invitation */
} SnugDescriptionTextError;

#define SNUG_DESCRIPTION_TEXT_ERROR (snug_description_text_error_quark ())
GQuark snug_description_text_error_quark (void);

typedef struct
{
  SnugDescriptionFormat format;
  SnugSdpType type;
  char *sdp;  /* ASCII, lines end with CRLF */
  char *name; /* of who wrote it, normalised; NULL: not said. In Snug's own form only */
  char *id;   /* of the invitation, in an answer that of the invitation it answers; NULL: not said. The same */
} SnugDescriptionText;

/* name and id: nullable, and nothing to the other forms. Returns: (transfer full): one line of ASCII. */
char *snug_description_text_write (SnugDescriptionFormat format,
                                   SnugSdpType type,
                                   const char *sdp,
                                   const char *name,
                                   const char *id);

/* Reads any of the forms, whichever it is, out of what people paste: with line breaks, marks of quoting and words around it.
 * text: any bytes. length: in bytes, -1: NUL-terminated.
 * Returns: (transfer full): or NULL with a SNUG_DESCRIPTION_TEXT_ERROR. */
SnugDescriptionText *snug_description_text_read (const char *text, gssize length, GError **error);

void snug_description_text_free (SnugDescriptionText *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugDescriptionText, snug_description_text_free)

G_END_DECLS
