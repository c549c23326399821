/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-session-description.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "snug-candidate.h"
#include "snug-engine.h"

/* Source identifiers that one m-line may name: a stream, its retransmissions, and room for more. */
#define MAX_SSRC_LINES 32
#define MAX_MID_LENGTH 32

static gboolean refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...)
{
  g_autofree char *reason = NULL;
  va_list args;

  va_start (args, format);
  reason = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, SNUG_CALL_ERROR, SNUG_CALL_ERROR_BAD_DESCRIPTION,
               "The description was refused: %s", reason);

  return FALSE;
}

/* The media's own attribute, or else the session's (RFC 8866, 5.13: the session's is the default). */
static const char *
get_inherited (const GstSDPMessage *sdp, const GstSDPMedia *media, const char *name)
{
  const char *value = gst_sdp_media_get_attribute_val (media, name);

  return value != NULL ? value : gst_sdp_message_get_attribute_val (sdp, name);
}

static gboolean
is_token (const char *text, gsize min, gsize max, const char *extra)
{
  gsize length = strnlen (text, max + 1);

  if (length < min || length > max)
    return FALSE;
  for (const char *c = text; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr (extra, *c) == NULL)
      return FALSE;

  return TRUE;
}

static gboolean
parse_payload (const char *text, gint *payload)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 0, 127, &number, NULL))
    return FALSE;
  *payload = number;

  return TRUE;
}

/* What an attribute such as rtpmap or fmtp says about one payload type; NULL when it says nothing. */
static const char *
get_payload_attribute (const GstSDPMedia *media, const char *name, gint payload, guint nth)
{
  g_autofree char *prefix = g_strdup_printf ("%d ", payload);
  const char *value;

  for (guint i = 0; (value = gst_sdp_media_get_attribute_val_n (media, name, i)) != NULL; i++)
    if (g_str_has_prefix (value, prefix) && nth-- == 0)
      return value + strlen (prefix);

  return NULL;
}

/* The first payload type, in the sender's order of preference, of that encoding ("opus/48000/2"). */
static gint
find_payload (const GstSDPMedia *media, const char *encoding)
{
  for (guint i = 0; i < gst_sdp_media_formats_len (media); i++)
    {
      const char *rtpmap;
      gint payload;

      if (!parse_payload (gst_sdp_media_get_format (media, i), &payload))
        continue;
      rtpmap = get_payload_attribute (media, "rtpmap", payload, 0);
      if (rtpmap != NULL && g_ascii_strcasecmp (rtpmap, encoding) == 0)
        return payload;
    }

  return -1;
}

static gint
find_rtx (const GstSDPMedia *media, gint payload)
{
  g_autofree char *apt = g_strdup_printf ("apt=%d", payload);

  for (guint i = 0; i < gst_sdp_media_formats_len (media); i++)
    {
      const char *rtpmap, *fmtp;
      gint rtx;

      if (!parse_payload (gst_sdp_media_get_format (media, i), &rtx))
        continue;
      rtpmap = get_payload_attribute (media, "rtpmap", rtx, 0);
      fmtp = get_payload_attribute (media, "fmtp", rtx, 0);
      if (rtpmap != NULL && fmtp != NULL && g_ascii_strcasecmp (rtpmap, "rtx/90000") == 0
          && g_strcmp0 (fmtp, apt) == 0)
        return rtx;
    }

  return -1;
}

static void
copy_payload (const GstSDPMedia *from, GstSDPMedia *to, gint payload)
{
  static const char *const names[] = { "rtpmap", "fmtp", "rtcp-fb" };
  g_autofree char *format = g_strdup_printf ("%d", payload);

  gst_sdp_media_add_format (to, format);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *value;

      for (guint nth = 0;
           nth < 8 && (value = get_payload_attribute (from, names[i], payload, nth)) != NULL; nth++)
        {
          g_autofree char *line = g_strdup_printf ("%d %s", payload, value);

          gst_sdp_media_add_attribute (to, names[i], line);
        }
    }
}

static void
copy_extensions (const GstSDPMedia *from, GstSDPMedia *to, SnugMlineInfo *info)
{
  static const char *const uris[] = { SNUG_TWCC_URI, "urn:ietf:params:rtp-hdrext:sdes:mid" };

  for (gsize u = 0; u < G_N_ELEMENTS (uris); u++)
    {
      const char *value;

      for (guint i = 0; (value = gst_sdp_media_get_attribute_val_n (from, "extmap", i)) != NULL; i++)
        {
          g_auto (GStrv) words = g_strsplit (value, " ", 3);
          guint64 id;

          /* 1 to 14 are the ids of one-byte headers (RFC 8285, 4.2). */
          if (g_strv_length (words) < 2 || strcmp (words[1], uris[u]) != 0
              || !g_ascii_string_to_unsigned (words[0], 10, 1, 14, &id, NULL))
            continue;
          if (u == 0)
            {
              g_autofree char *line = g_strdup_printf ("%u %s", (guint) id, uris[u]);

              info->twcc_id = id;
              gst_sdp_media_add_attribute (to, "extmap", line);
            }
          else
            {
              gst_sdp_media_add_attribute (to, "extmap", value);
            }
          break;
        }
    }
}

/* a=ssrc:NUMBER name:value and a=ssrc-group:FID NUMBER NUMBER (RFC 5576). */
static void
copy_sources (const GstSDPMedia *from, GstSDPMedia *to)
{
  static const char *const names[] = { "ssrc-group", "ssrc" };

  for (gsize n = 0; n < G_N_ELEMENTS (names); n++)
    {
      const char *value;

      for (guint i = 0;
           i < MAX_SSRC_LINES
           && (value = gst_sdp_media_get_attribute_val_n (from, names[n], i)) != NULL;
           i++)
        {
          g_auto (GStrv) words = g_strsplit (value, " ", -1);
          guint length = g_strv_length (words);
          guint64 number;
          gboolean good;

          if (n == 0)
            good = length == 3 && strcmp (words[0], "FID") == 0
                   && g_ascii_string_to_unsigned (words[1], 10, 1, G_MAXUINT32, &number, NULL)
                   && g_ascii_string_to_unsigned (words[2], 10, 1, G_MAXUINT32, &number, NULL);
          else
            good = length >= 2 && strchr (words[1], ':') != NULL
                   && g_ascii_string_to_unsigned (words[0], 10, 1, G_MAXUINT32, &number, NULL);
          if (good)
            gst_sdp_media_add_attribute (to, names[n], value);
        }
    }
}

static void
copy_candidates (const GstSDPMedia *from, GstSDPMedia *to)
{
  const char *value;

  for (guint i = 0;
       i < SNUG_CANDIDATES_MAX
       && (value = gst_sdp_media_get_attribute_val_n (from, "candidate", i)) != NULL;
       i++)
    {
      g_autofree char *line = g_strconcat ("candidate:", value, NULL);
      g_autoptr (SnugCandidate) candidate = snug_candidate_parse (line, NULL);

      if (candidate != NULL && !snug_candidate_is_mdns (candidate) && candidate->component == 1)
        gst_sdp_media_add_attribute (to, "candidate", value);
    }
}

/* ICE credentials (RFC 8839, 5.4), DTLS role (RFC 8842, 5.2) and fingerprint. An offer may name a transport for each m-line
 * and one bundle for them all: in there the first one's is the one that counts (RFC 9143, 7.3). */
static gboolean
copy_transport (SnugSessionDescription *self,
                SnugSdpType type,
                const GstSDPMessage *sdp,
                const GstSDPMedia *from,
                GstSDPMedia *to,
                GError **error)
{
  const GstSDPMedia *bundle
      = self->n_mlines > 0 ? gst_sdp_message_get_media (self->sdp, 0) : from;
  const char *ufrag = get_inherited (sdp, bundle, "ice-ufrag");
  const char *pwd = get_inherited (sdp, bundle, "ice-pwd");
  const char *setup = get_inherited (sdp, bundle, "setup");
  const char *value = get_inherited (sdp, from, "fingerprint");
  SnugFingerprint fingerprint;

  if (ufrag == NULL || !is_token (ufrag, 4, 256, "+/") || pwd == NULL
      || !is_token (pwd, 22, 256, "+/"))
    return refuse (error, "no usable ICE credentials");
  if (setup == NULL
      || (strcmp (setup, "active") != 0 && strcmp (setup, "passive") != 0
          && (type != SNUG_SDP_OFFER || strcmp (setup, "actpass") != 0)))
    return refuse (error, "no usable DTLS role");
  if (value == NULL)
    return refuse (error, "no certificate fingerprint");
  if (!snug_fingerprint_parse (value, &fingerprint))
    return refuse (error, "an unusable certificate fingerprint, or one weaker than SHA-256");
  if (self->n_mlines == 0)
    self->fingerprint = fingerprint;
  else if (!snug_fingerprint_equal (&self->fingerprint, &fingerprint))
    return refuse (error, "more than one certificate");

  gst_sdp_media_add_attribute (to, "ice-ufrag", ufrag);
  gst_sdp_media_add_attribute (to, "ice-pwd", pwd);
  gst_sdp_media_add_attribute (to, "setup", setup);
  gst_sdp_media_add_attribute (to, "fingerprint", value);
  if (bundle == from)
    copy_candidates (from, to);

  return TRUE;
}

static gboolean
copy_rtp (const GstSDPMedia *from, GstSDPMedia *to, SnugMline mline, SnugMlineInfo *info, GError **error)
{
  static const char *const directions[] = { "sendrecv", "sendonly", "recvonly", "inactive" };
  const char *direction = "sendrecv";
  const char *proto = gst_sdp_media_get_proto (from);

  if (g_strcmp0 (proto, "UDP/TLS/RTP/SAVPF") != 0)
    return refuse (error, "media without DTLS and SRTP");
  if (gst_sdp_media_get_attribute_val (from, "rtcp-mux") == NULL)
    return refuse (error, "media without rtcp-mux");

  info->payload = find_payload (from, mline == SNUG_MLINE_AUDIO ? "opus/48000/2" : "VP8/90000");
  if (info->payload < 0)
    return refuse (error, "no codec in common");
  if (mline != SNUG_MLINE_AUDIO)
    info->rtx = find_rtx (from, info->payload);

  for (gsize i = 0; i < G_N_ELEMENTS (directions); i++)
    if (gst_sdp_media_get_attribute_val (from, directions[i]) != NULL)
      direction = directions[i];
  info->sends = g_str_has_prefix (direction, "send");

  gst_sdp_media_set_proto (to, "UDP/TLS/RTP/SAVPF");
  gst_sdp_media_add_attribute (to, "rtcp-mux", "");
  gst_sdp_media_add_attribute (to, "rtcp-rsize", "");
  gst_sdp_media_add_attribute (to, direction, "");
  copy_payload (from, to, info->payload);
  if (info->rtx >= 0)
    copy_payload (from, to, info->rtx);
  copy_extensions (from, to, info);
  copy_sources (from, to);

  return TRUE;
}

/* As RFC 8841 has it, or as its drafts had it until 2017 ("DTLS/SCTP 5000" and an a=sctpmap), which some still write. */
static gboolean
copy_data (const GstSDPMedia *from, GstSDPMedia *to, GError **error)
{
  gboolean draft = g_strcmp0 (gst_sdp_media_get_proto (from), "DTLS/SCTP") == 0;
  const char *format = gst_sdp_media_get_format (from, 0);
  const char *port = draft ? format : gst_sdp_media_get_attribute_val (from, "sctp-port");
  guint64 number;

  if ((!draft && g_strcmp0 (gst_sdp_media_get_proto (from), "UDP/DTLS/SCTP") != 0)
      || gst_sdp_media_formats_len (from) != 1
      || (!draft && g_strcmp0 (format, "webrtc-datachannel") != 0) || port == NULL
      || !g_ascii_string_to_unsigned (port, 10, 1, G_MAXUINT16, &number, NULL))
    return refuse (error, "a data channel of a kind that is not understood");

  gst_sdp_media_set_proto (to, "UDP/DTLS/SCTP");
  gst_sdp_media_add_format (to, "webrtc-datachannel");
  gst_sdp_media_add_attribute (to, "sctp-port", port);
  gst_sdp_media_add_attribute (to, "max-message-size", "65536");

  return TRUE;
}

static SnugMline
next_mline (const SnugSessionDescription *self, const char *media)
{
  if (g_strcmp0 (media, "audio") == 0 && !self->mlines[SNUG_MLINE_AUDIO].present)
    return SNUG_MLINE_AUDIO;
  if (g_strcmp0 (media, "video") == 0 && !self->mlines[SNUG_MLINE_CAMERA].present)
    return SNUG_MLINE_CAMERA;
  if (g_strcmp0 (media, "video") == 0 && !self->mlines[SNUG_MLINE_SCREEN].present)
    return SNUG_MLINE_SCREEN;
  if (g_strcmp0 (media, "application") == 0 && !self->mlines[SNUG_MLINE_DATA].present)
    return SNUG_MLINE_DATA;

  return SNUG_N_MLINES;
}

static gboolean
copy_media (SnugSessionDescription *self,
            SnugSdpType type,
            const GstSDPMessage *sdp,
            const GstSDPMedia *from,
            GString *bundle,
            GError **error)
{
  SnugMline mline = next_mline (self, gst_sdp_media_get_media (from));
  SnugMlineInfo *info;
  const char *mid = gst_sdp_media_get_attribute_val (from, "mid");
  GstSDPMedia *to = NULL;
  gboolean copied;

  if (mline == SNUG_N_MLINES)
    return refuse (error, "an m-line that is not expected");
  if (mid == NULL || !is_token (mid, 1, MAX_MID_LENGTH, "!#$%&'*+-.^_`{|}~"))
    return refuse (error, "an m-line without a usable mid");
  if (type == SNUG_SDP_ANSWER && gst_sdp_media_get_port (from) == 0)
    return refuse (error, "an m-line was rejected");

  for (guint i = 0; i < self->n_mlines; i++)
    if (g_strcmp0 (gst_sdp_media_get_attribute_val (gst_sdp_message_get_media (self->sdp, i), "mid"),
                   mid) == 0)
      return refuse (error, "two m-lines with one mid");

  info = &self->mlines[mline];
  info->present = TRUE;
  info->index = self->n_mlines;
  info->payload = info->rtx = -1;

  gst_sdp_media_new (&to);
  gst_sdp_media_set_media (to, gst_sdp_media_get_media (from));
  gst_sdp_media_set_port_info (to, 9, 1);
  gst_sdp_media_add_connection (to, "IN", "IP4", "0.0.0.0", 0, 0);
  gst_sdp_media_add_attribute (to, "mid", mid);

  copied = copy_transport (self, type, sdp, from, to, error)
           && (mline == SNUG_MLINE_DATA ? copy_data (from, to, error)
                                        : copy_rtp (from, to, mline, info, error));
  if (copied)
    {
      gst_sdp_message_add_media (self->sdp, to);
      self->n_mlines++;
      g_string_append_printf (bundle, " %s", mid);
    }
  gst_sdp_media_free (to);

  return copied;
}

/* Everything shares one transport: a BUNDLE group (RFC 9143) names every m-line, the first one first. */
static gboolean
check_bundle (const GstSDPMessage *sdp, const char *expected, GError **error)
{
  const char *value;

  for (guint i = 0; (value = gst_sdp_message_get_attribute_val_n (sdp, "group", i)) != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (value, " ", -1);
      g_auto (GStrv) expected_words = g_strsplit (expected, " ", -1);

      if (words[0] == NULL || strcmp (words[0], "BUNDLE") != 0)
        continue;
      if (g_strv_length (words) != g_strv_length (expected_words)
          || g_strcmp0 (words[1], expected_words[1]) != 0)
        return refuse (error, "not all m-lines share one transport");
      for (guint w = 1; expected_words[w] != NULL; w++)
        if (!g_strv_contains ((const char *const *) words, expected_words[w]))
          return refuse (error, "not all m-lines share one transport");
      return TRUE;
    }

  /* One m-line has nothing to share. */
  return strchr (expected + strlen ("BUNDLE "), ' ') == NULL || refuse (error, "no BUNDLE group");
}

SnugSessionDescription *
snug_session_description_parse (const char *text, SnugSdpType type, GError **error)
{
  g_autoptr (SnugSessionDescription) self = g_new0 (SnugSessionDescription, 1);
  g_autoptr (GString) bundle = g_string_new ("BUNDLE");
  GstSDPMessage *sdp = NULL;
  gsize length;
  gboolean good = TRUE;

  g_return_val_if_fail (text != NULL, NULL);

  length = strnlen (text, SNUG_SDP_MAX_BYTES + 1);
  if (length > SNUG_SDP_MAX_BYTES)
    {
      refuse (error, "longer than %d bytes", SNUG_SDP_MAX_BYTES);
      return NULL;
    }
  if (!g_str_has_prefix (text, "v=0") || !g_str_is_ascii (text))
    {
      refuse (error, "not a session description");
      return NULL;
    }

  gst_sdp_message_new (&sdp);
  if (gst_sdp_message_parse_buffer ((const guint8 *) text, length, sdp) != GST_SDP_OK)
    good = refuse (error, "not a session description");
  else if (gst_sdp_message_medias_len (sdp) == 0 || gst_sdp_message_medias_len (sdp) > SNUG_N_MLINES)
    good = refuse (error, "%u m-lines", gst_sdp_message_medias_len (sdp));

  if (good)
    {
      gst_sdp_message_new (&self->sdp);
      gst_sdp_message_set_version (self->sdp, "0");
      gst_sdp_message_set_origin (self->sdp, "-", "1", "1", "IN", "IP4", "0.0.0.0");
      gst_sdp_message_set_session_name (self->sdp, "-");
      gst_sdp_message_add_time (self->sdp, "0", "0", NULL);
      gst_sdp_message_add_attribute (self->sdp, "ice-options", "trickle");
    }
  for (guint i = 0; good && i < gst_sdp_message_medias_len (sdp); i++)
    good = copy_media (self, type, sdp, gst_sdp_message_get_media (sdp, i), bundle, error);
  good = good && check_bundle (sdp, bundle->str, error);
  if (good)
    gst_sdp_message_add_attribute (self->sdp, "group", bundle->str);
  gst_sdp_message_free (sdp);

  return good ? g_steal_pointer (&self) : NULL;
}

void
snug_session_description_free (SnugSessionDescription *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->sdp, gst_sdp_message_free);
  g_free (self);
}

SnugMline
snug_session_description_get_mline (const SnugSessionDescription *self, guint index)
{
  g_return_val_if_fail (self != NULL, SNUG_N_MLINES);

  for (SnugMline mline = 0; mline < SNUG_N_MLINES; mline++)
    if (self->mlines[mline].present && self->mlines[mline].index == index)
      return mline;

  return SNUG_N_MLINES;
}
