/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A remote session description (RFC 8866, RFC 8829), checked and written anew: what webrtcbin is given
 * contains nothing but fields that were understood here. A malformed one makes webrtcbin 1.22 crash, and one
 * without a fingerprint would connect to anybody. Pure, any thread.
 */
#pragma once

#include <gst/sdp/gstsdpmessage.h>

#include "snug-fingerprint.h"
#include "snug-peer-message.h"

G_BEGIN_DECLS

/* The fixed m-lines of every Snug description, in order. A description from elsewhere may lack some. */
typedef enum
{
  SNUG_MLINE_AUDIO,
  SNUG_MLINE_CAMERA,
  SNUG_MLINE_SCREEN,
  SNUG_MLINE_DATA,
  SNUG_N_MLINES
} SnugMline;

typedef struct
{
  gboolean present;
  guint index;   /* of the m-line in this description */
  gint payload;  /* RTP payload type of Opus or VP8; -1 for data */
  gint rtx;      /* payload type of its retransmissions (RFC 4588), or -1 */
  guint twcc_id; /* header extension id of transport-wide sequence numbers, 0: not there */
  gboolean sends; /* whoever wrote the description; not for data */
} SnugMlineInfo;

typedef struct
{
  GstSDPMessage *sdp; /* written anew; owned */
  SnugFingerprint fingerprint; /* one certificate for all m-lines */
  SnugMlineInfo mlines[SNUG_N_MLINES];
  guint n_mlines;
} SnugSessionDescription;

/* The header extension of transport-wide congestion control. */
#define SNUG_TWCC_URI "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

/* Parses and checks text (NUL-terminated, any bytes).
 * Returns: (transfer full): or NULL with SNUG_CALL_ERROR_BAD_DESCRIPTION. */
SnugSessionDescription *snug_session_description_parse (const char *text,
                                                        SnugSdpType type,
                                                        GError **error);
void snug_session_description_free (SnugSessionDescription *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugSessionDescription, snug_session_description_free)

/* Which of the fixed m-lines stands at index; SNUG_N_MLINES when there is none. */
SnugMline snug_session_description_get_mline (const SnugSessionDescription *self, guint index);

G_END_DECLS
