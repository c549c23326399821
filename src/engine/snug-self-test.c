/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-self-test.h"

#include <gio/gio.h>
#include <gst/gst.h>
#include <json-glib/json-glib.h>

#include "snug-engine.h"

#define CORE "libgstreamer1.0-0"
#define BASE "gstreamer1.0-plugins-base"
#define GOOD "gstreamer1.0-plugins-good"
#define BAD "gstreamer1.0-plugins-bad"

static const SnugElementInfo elements[] = {
  { "appsink", "app", BASE, NULL },
  { "appsrc", "app", BASE, NULL },
  { "audiobuffersplit", "audiobuffersplit", BAD, NULL },
  { "audioconvert", "audioconvert", BASE, NULL },
  { "audiomixer", "audiomixer", BASE, NULL },
  { "audioresample", "audioresample", BASE, NULL },
  { "audiotestsrc", "audiotestsrc", BASE, NULL },
  { "capsfilter", "coreelements", CORE, NULL },
  { "dtlsdec", "dtls", BAD, NULL },
  { "dtlsenc", "dtls", BAD, NULL },
  { "fakesink", "coreelements", CORE, NULL },
  { "level", "level", GOOD, NULL },
  { "nicesink", "nice", "gstreamer1.0-nice", NULL },
  { "nicesrc", "nice", "gstreamer1.0-nice", NULL },
  { "opusdec", "opus", BASE, NULL },
  { "opusenc", "opus", BASE, NULL },
  { "queue", "coreelements", CORE, NULL },
  { "rtpbin", "rtpmanager", GOOD, NULL },
  { "rtpjitterbuffer", "rtpmanager", GOOD, NULL },
  { "rtpopusdepay", "rtp", GOOD, NULL },
  { "rtpopuspay", "rtp", GOOD, NULL },
  { "rtprtxreceive", "rtpmanager", GOOD, NULL },
  { "rtprtxsend", "rtpmanager", GOOD, NULL },
  { "rtpvp8depay", "rtp", GOOD, NULL },
  { "rtpvp8pay", "rtp", GOOD, NULL },
  { "sctpdec", "sctp", BAD, NULL },
  { "sctpenc", "sctp", BAD, NULL },
  { "srtpdec", "srtp", BAD, NULL },
  { "srtpenc", "srtp", BAD, NULL },
  { "tee", "coreelements", CORE, NULL },
  { "uridecodebin", "playback", BASE, NULL },
  { "valve", "coreelements", CORE, NULL },
  { "videoconvertscale", "videoconvertscale", BASE, NULL },
  { "videotestsrc", "videotestsrc", BASE, NULL },
  { "volume", "volume", BASE, NULL },
  { "vp8dec", "vpx", GOOD, NULL },
  { "vp8enc", "vpx", GOOD, NULL },
  { "webrtcbin", "webrtc", BAD, NULL },
  /* Without these a call works, with less. */
  { "jpegdec", "jpeg", GOOD, "large pictures of cameras that send them as JPEG" },
  { "pipewiresrc", "pipewire", "gstreamer1.0-pipewire", "cameras through PipeWire, and screen sharing" },
  { "pulsesink", "pulseaudio", GOOD, "sound of the others" },
  { "pulsesrc", "pulseaudio", GOOD, "microphone" },
  { "v4l2src", "video4linux2", GOOD, "cameras where there is no PipeWire" },
  { "webrtcdsp", "webrtcdsp", BAD, "echo cancelling" },
  { "webrtcechoprobe", "webrtcdsp", BAD, "echo cancelling" },
  { "ximagesrc", "ximagesrc", GOOD, "screen sharing where there is no portal" },
  { NULL, NULL, NULL, NULL },
};

/* Not an element, and looked for all the same: what GIO speaks TLS with. */
static const SnugElementInfo tls
    = { "TLS", "glib-networking", "glib-networking", "meeting points behind TLS (wss://)" };

/* What became of one attempt to have everything. */
typedef struct
{
  gboolean json;
  GString *text;
  JsonBuilder *builder;
  guint n_required_missing;
  guint n_optional_missing;
} Report;

const SnugElementInfo *
snug_self_test_list_elements (void)
{
  return elements;
}

gboolean
snug_self_test_has_element (const char *name)
{
  g_autoptr (GstElementFactory) factory = NULL;

  g_return_val_if_fail (gst_is_initialized (), FALSE);

  factory = gst_element_factory_find (name);

  return factory != NULL;
}

gboolean
snug_self_test_check_required (GError **error)
{
  g_autoptr (GString) missing = g_string_new (NULL);

  g_return_val_if_fail (gst_is_initialized (), FALSE);

  for (const SnugElementInfo *info = elements; info->name != NULL; info++)
    if (info->without == NULL && !snug_self_test_has_element (info->name))
      g_string_append_printf (missing, "%s%s (package %s)", missing->len > 0 ? ", " : "",
                              info->name, info->package);

  if (missing->len == 0)
    return TRUE;

  g_set_error (error, SNUG_CALL_ERROR, SNUG_CALL_ERROR_MISSING_PLUGIN,
               "GStreamer elements are missing: %s", missing->str);
  return FALSE;
}

static gboolean
can_make (const char *name)
{
  GstElement *element = gst_element_factory_make (name, NULL);

  if (element == NULL)
    return FALSE;

  gst_object_unref (gst_object_ref_sink (element));
  return TRUE;
}

static void
add_member (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_flag (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
add_row (Report *report, const SnugElementInfo *info, gboolean present)
{
  if (!present && info->without == NULL)
    report->n_required_missing++;
  else if (!present)
    report->n_optional_missing++;

  if (report->json)
    {
      json_builder_begin_object (report->builder);
      add_member (report->builder, "name", info->name);
      add_member (report->builder, "plugin", info->plugin);
      add_member (report->builder, "package", info->package);
      add_flag (report->builder, "required", info->without == NULL);
      add_flag (report->builder, "present", present);
      add_member (report->builder, "without", info->without);
      json_builder_end_object (report->builder);
      return;
    }

  if (present)
    g_string_append_printf (report->text, "  present  %-18s %s\n", info->name, info->plugin);
  else
    g_string_append_printf (report->text, "  MISSING  %-18s %s, in the package %s%s%s\n", info->name,
                            info->plugin, info->package,
                            info->without != NULL ? "; without it: no " : "",
                            info->without != NULL ? info->without : "");
}

static void
add_rows (Report *report)
{
  gboolean optional = FALSE;

  g_string_append (report->text, "Needed for every call:\n");
  for (const SnugElementInfo *info = elements; info->name != NULL; info++)
    {
      if (info->without != NULL && !optional)
        g_string_append (report->text, "Needed for one thing each:\n");
      optional = info->without != NULL;
      add_row (report, info, can_make (info->name));
    }
  add_row (report, &tls, g_tls_backend_supports_tls (g_tls_backend_get_default ()));
}

static void
add_verdict (Report *report)
{
  if (report->n_required_missing > 0)
    g_string_append_printf (report->text, "%u needed for every call missing: no call works here.\n",
                            report->n_required_missing);
  else if (report->n_optional_missing > 0)
    g_string_append_printf (report->text, "Calls work here; %u of what is optional missing.\n",
                            report->n_optional_missing);
  else
    g_string_append (report->text, "Calls work here; nothing is missing.\n");
}

static char *
end_json (Report *report, const GError *error)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *line = NULL;

  json_builder_end_array (report->builder);
  add_flag (report->builder, "passed", error == NULL && report->n_required_missing == 0);
  add_member (report->builder, "error", error != NULL ? error->message : NULL);
  json_builder_end_object (report->builder);
  root = json_builder_get_root (report->builder);
  line = json_to_string (root, FALSE);

  return g_strconcat (line, "\n", NULL);
}

char *
snug_self_test_report (gboolean json, gboolean *passed)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GError) error = NULL;
  Report report = { .json = json, .text = text, .builder = builder };
  guint major, minor, micro, nano;
  g_autofree char *gstreamer = NULL;

  g_return_val_if_fail (passed != NULL, NULL);

  gst_version (&major, &minor, &micro, &nano);
  gstreamer = g_strdup_printf ("%u.%u.%u", major, minor, micro);
  g_string_append_printf (text, "Snug %s with GStreamer %s\n", SNUG_VERSION, gstreamer);
  json_builder_begin_object (builder);
  add_member (builder, "snug", SNUG_VERSION);
  add_member (builder, "gstreamer", gstreamer);
  json_builder_set_member_name (builder, "elements");
  json_builder_begin_array (builder);

  /* A missing element is what this is about; only GStreamer itself has to work. */
  if (snug_engine_init (&error)
      || g_error_matches (error, SNUG_CALL_ERROR, SNUG_CALL_ERROR_MISSING_PLUGIN))
    {
      g_clear_error (&error);
      add_rows (&report);
      add_verdict (&report);
    }
  else
    {
      g_string_append_printf (text, "%s.\n", error->message);
    }

  *passed = error == NULL && report.n_required_missing == 0;
  return json ? end_json (&report, error) : g_strdup (text->str);
}
