/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-self-test.h"

#include <gst/gst.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "snug-engine.h"

/* Takes the element out of what GStreamer knows. */
static GstPluginFeature *
hide (const char *name)
{
  GstPluginFeature *feature
      = gst_registry_find_feature (gst_registry_get (), name, GST_TYPE_ELEMENT_FACTORY);

  g_assert_nonnull (feature);
  gst_registry_remove_feature (gst_registry_get (), feature);

  return feature;
}

/* feature: (transfer full) */
static void
show (GstPluginFeature *feature)
{
  gst_registry_add_feature (gst_registry_get (), feature);
}

static JsonObject *
find_row (JsonObject *report, const char *name)
{
  JsonArray *rows = json_object_get_array_member (report, "elements");

  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);

      if (g_str_equal (json_object_get_string_member (row, "name"), name))
        return row;
    }
  g_assert_not_reached ();
}

static JsonNode *
parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  JsonNode *root = json_from_string (json, &error);

  g_assert_no_error (error);
  /* One line, and its end. */
  g_assert_true (strchr (json, '\n') == json + strlen (json) - 1);

  return root;
}

static void
test_elements (void)
{
  const SnugElementInfo *elements = snug_self_test_list_elements ();
  gboolean optional = FALSE;

  for (const SnugElementInfo *info = elements; info->name != NULL; info++)
    {
      g_autoptr (GstElementFactory) factory = gst_element_factory_find (info->name);

      g_assert_true (info == elements || info->without != NULL || !optional);
      optional = info->without != NULL;
      for (const SnugElementInfo *other = elements; other != info; other++)
        g_assert_cmpstr (info->name, !=, other->name);
      /* Where it is installed, it comes from where we say. */
      if (factory != NULL)
        g_assert_cmpstr (gst_plugin_feature_get_plugin_name (GST_PLUGIN_FEATURE (factory)), ==,
                         info->plugin);
    }
}

static void
test_passed (void)
{
  gboolean passed = FALSE;
  g_autofree char *text = snug_self_test_report (FALSE, &passed);
  g_autofree char *json = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *report;

  g_assert_true (passed);
  g_assert_nonnull (strstr (text, "\n  present  webrtcbin"));
  g_assert_nonnull (strstr (text, "\nCalls work here;"));
  g_assert_true (g_str_has_suffix (text, "missing.\n"));

  passed = FALSE;
  json = snug_self_test_report (TRUE, &passed);
  g_assert_true (passed);
  root = parse (json);
  report = json_node_get_object (root);
  g_assert_true (json_object_get_boolean_member (report, "passed"));
  g_assert_true (json_object_get_null_member (report, "error"));
  g_assert_true (
      json_object_get_boolean_member (find_row (report, "webrtcbin"), "required"));
}

static void
test_required_missing (void)
{
  GstPluginFeature *encoder = hide ("vp8enc");
  gboolean passed = TRUE;
  g_autofree char *text = snug_self_test_report (FALSE, &passed);
  g_autofree char *json = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *row;

  g_assert_false (passed);
  g_assert_nonnull (strstr (text, "\n  MISSING  vp8enc"));
  g_assert_nonnull (strstr (text, "gstreamer1.0-plugins-good"));
  g_assert_nonnull (strstr (text, "no call works here"));

  json = snug_self_test_report (TRUE, &passed);
  g_assert_false (passed);
  root = parse (json);
  g_assert_false (json_object_get_boolean_member (json_node_get_object (root), "passed"));
  row = find_row (json_node_get_object (root), "vp8enc");
  g_assert_false (json_object_get_boolean_member (row, "present"));
  g_assert_true (json_object_get_boolean_member (row, "required"));

  g_assert_false (snug_self_test_check_required (&error));
  g_assert_error (error, SNUG_CALL_ERROR, SNUG_CALL_ERROR_MISSING_PLUGIN);
  g_assert_nonnull (strstr (error->message, "vp8enc (package gstreamer1.0-plugins-good)"));
  show (encoder);
  g_assert_true (snug_self_test_check_required (NULL));
}

static void
test_optional_missing (void)
{
  GstPluginFeature *microphone = hide ("pulsesrc");
  gboolean passed = FALSE;
  g_autofree char *text = snug_self_test_report (FALSE, &passed);

  g_assert_true (passed);
  g_assert_nonnull (strstr (text, "without it: no microphone"));
  g_assert_nonnull (strstr (text, "\nCalls work here; "));
  g_assert_true (snug_self_test_check_required (NULL));
  show (microphone);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (snug_engine_init (NULL));

  g_test_add_func ("/self-test/elements", test_elements);
  g_test_add_func ("/self-test/passed", test_passed);
  g_test_add_func ("/self-test/required-missing", test_required_missing);
  g_test_add_func ("/self-test/optional-missing", test_optional_missing);

  return g_test_run ();
}
