/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-session-description.h"

#include <string.h>

#include "snug-engine.h"

static char *
load (const char *name)
{
  g_autofree char *path = g_build_filename (SNUG_FIXTURES_DIR, "sdp", name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);

  return text;
}

static char *
replace (const char *text, const char *old, const char *new)
{
  g_auto (GStrv) parts = g_strsplit (text, old, -1);

  g_assert_cmpuint (g_strv_length (parts), >, 1);

  return g_strjoinv (new, parts);
}

static char *
drop_lines (const char *text, const char *prefix)
{
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
  g_autoptr (GString) kept = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    if (!g_str_has_prefix (lines[i], prefix))
      g_string_append_printf (kept, "%s\r\n", lines[i]);

  return g_string_free (g_steal_pointer (&kept), FALSE);
}

static void
assert_refused (const char *text, SnugSdpType type)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (snug_session_description_parse (text, type, &error));
  g_assert_error (error, SNUG_CALL_ERROR, SNUG_CALL_ERROR_BAD_DESCRIPTION);
}

static void
test_own_offer (void)
{
  g_autofree char *text = load ("snug-offer.sdp");
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugSessionDescription) description
      = snug_session_description_parse (text, SNUG_SDP_OFFER, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (description->n_mlines, ==, SNUG_N_MLINES);
  for (SnugMline mline = 0; mline < SNUG_N_MLINES; mline++)
    {
      g_assert_true (description->mlines[mline].present);
      g_assert_cmpuint (description->mlines[mline].index, ==, mline);
      g_assert_cmpint (snug_session_description_get_mline (description, mline), ==, mline);
    }
  g_assert_cmpint (snug_session_description_get_mline (description, 4), ==, SNUG_N_MLINES);
  g_assert_cmpint (description->mlines[SNUG_MLINE_AUDIO].payload, ==, 111);
  g_assert_cmpint (description->mlines[SNUG_MLINE_AUDIO].rtx, ==, -1);
  g_assert_cmpint (description->mlines[SNUG_MLINE_CAMERA].payload, ==, 96);
  g_assert_cmpint (description->mlines[SNUG_MLINE_CAMERA].rtx, !=, -1);
  g_assert_cmpint (description->mlines[SNUG_MLINE_SCREEN].payload, ==, 98);
  g_assert_cmpuint (description->mlines[SNUG_MLINE_CAMERA].twcc_id, ==, 1);
}

static void
test_chromium_offer (void)
{
  g_autofree char *text = load ("chromium-offer.sdp");
  g_autofree char *written = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugSessionDescription) description
      = snug_session_description_parse (text, SNUG_SDP_OFFER, &error);

  g_assert_no_error (error);
  g_assert_cmpint (description->mlines[SNUG_MLINE_AUDIO].payload, ==, 111);
  g_assert_cmpint (description->mlines[SNUG_MLINE_CAMERA].payload, ==, 96);
  g_assert_cmpint (description->mlines[SNUG_MLINE_CAMERA].rtx, ==, 97);
  g_assert_cmpuint (description->mlines[SNUG_MLINE_AUDIO].twcc_id, ==, 3);

  /* What webrtcbin gets has one codec and nothing else in it. */
  written = gst_sdp_message_as_text (description->sdp);
  g_assert_nonnull (strstr (written, "VP8/90000"));
  g_assert_null (strstr (written, "H264"));
  g_assert_null (strstr (written, "red/"));
  g_assert_null (strstr (written, "ulpfec"));
}

static void
test_session_level (void)
{
  g_autofree char *text = load ("snug-offer.sdp");
  g_autofree char *bare = drop_lines (text, "a=fingerprint:");
  g_autofree char *lifted = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugSessionDescription) description = NULL;
  const char *start = strstr (text, "a=fingerprint:");
  g_autofree char *line = g_strndup (start, strstr (start, "\r\n") - start);
  g_autofree char *first_media = g_strconcat (line, "\r\nm=audio", NULL);

  /* RFC 8122 allows a fingerprint for the whole session; webrtcbin would crash on it. */
  lifted = replace (bare, "m=audio", first_media);
  description = snug_session_description_parse (lifted, SNUG_SDP_OFFER, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < description->n_mlines; i++)
    g_assert_nonnull (gst_sdp_media_get_attribute_val (
        gst_sdp_message_get_media (description->sdp, i), "fingerprint"));

  assert_refused (bare, SNUG_SDP_OFFER);
}

static void
test_refused (void)
{
  static const struct
  {
    const char *old;
    const char *new;
  } changes[] = {
    { "a=group:BUNDLE", "a=group:LS" },
    { "a=group:BUNDLE audio0 video1", "a=group:BUNDLE video1 audio0" },
    { "a=group:BUNDLE audio0", "a=group:BUNDLE other" },
    { "a=mid:video1", "a=mid:audio0" },
    { "a=mid:video1", "a=mid:" },
    { "a=mid:video1", "a=nothing:video1" },
    { "a=fingerprint:sha-256", "a=fingerprint:sha-1" },
    { "a=fingerprint:sha-256", "a=fingerprint:md5" },
    { "a=fingerprint:sha-256 ", "a=fingerprint:sha-256 zz:" },
    { "a=setup:actpass", "a=setup:holdconn" },
    { "a=ice-pwd:", "a=ice-pwd:x " },
    { "a=ice-ufrag:", "a=nothing:" },
    { "UDP/TLS/RTP/SAVPF", "RTP/AVP" },
    { "a=rtcp-mux", "a=nothing" },
    { "OPUS/48000/2", "PCMU/8000" },
    { "VP8/90000", "H264/90000" },
    { "m=application", "m=audio" },
    { "m=video", "m=text" },
    { "UDP/DTLS/SCTP", "TCP/DTLS/SCTP" },
    { "a=sctp-port:5000", "a=sctp-port:0" },
    { "a=sctp-port:5000", "a=sctp-port:70000" },
    { "webrtc-datachannel", "other-channel" },
    { "v=0", "v=1" },
  };
  g_autofree char *text = load ("snug-offer.sdp");
  g_autofree char *filler = g_strnfill (SNUG_SDP_MAX_BYTES, 'a');
  g_autofree char *huge = g_strconcat (text, filler, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *changed = replace (text, changes[i].old, changes[i].new);

      g_test_message ("%s -> %s", changes[i].old, changes[i].new);
      assert_refused (changed, SNUG_SDP_OFFER);
    }
  assert_refused ("", SNUG_SDP_OFFER);
  assert_refused ("v=0", SNUG_SDP_OFFER);
  assert_refused ("v=0\r\nm=\r\n", SNUG_SDP_OFFER);
  assert_refused ("v=0\r\n\xff\xfe\r\n", SNUG_SDP_OFFER);
  assert_refused (huge, SNUG_SDP_OFFER);
  /* An answer must have chosen who begins the DTLS handshake. */
  assert_refused (text, SNUG_SDP_ANSWER);
}

static void
test_two_certificates (void)
{
  g_autofree char *text = load ("snug-offer.sdp");
  char *last = g_strrstr (text, "a=fingerprint:sha-256 ") + strlen ("a=fingerprint:sha-256 ");

  *last = *last == 'A' ? 'B' : 'A';
  assert_refused (text, SNUG_SDP_OFFER);
}

static void
test_candidates (void)
{
  g_autofree char *text = load ("snug-offer.sdp");
  g_autofree char *with = replace (
      text, "m=video",
      "a=candidate:1 1 UDP 2015363327 192.0.2.1 40000 typ host\r\n"
      "a=candidate:2 1 UDP 2015363327 4f1b8a9e.local 40000 typ host\r\n"
      "a=candidate:nonsense\r\n"
      "m=video");
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugSessionDescription) description
      = snug_session_description_parse (with, SNUG_SDP_OFFER, &error);
  const GstSDPMedia *media;

  g_assert_no_error (error);
  media = gst_sdp_message_get_media (description->sdp, 0);
  g_assert_cmpstr (gst_sdp_media_get_attribute_val_n (media, "candidate", 0), ==,
                   "1 1 UDP 2015363327 192.0.2.1 40000 typ host");
  g_assert_null (gst_sdp_media_get_attribute_val_n (media, "candidate", 1));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);

  g_test_add_func ("/session-description/own-offer", test_own_offer);
  g_test_add_func ("/session-description/chromium-offer", test_chromium_offer);
  g_test_add_func ("/session-description/session-level", test_session_level);
  g_test_add_func ("/session-description/refused", test_refused);
  g_test_add_func ("/session-description/two-certificates", test_two_certificates);
  g_test_add_func ("/session-description/candidates", test_candidates);

  return g_test_run ();
}
