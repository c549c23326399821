/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-devices.h"

#include <json-glib/json-glib.h>

#include "snug-device-list.h"
#include "snug-engine.h"

/* A sound server that does not answer is none. */
#define TIMEOUT_SECONDS 5

static gboolean
on_timeout (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_CONTINUE;
}

static void
print_device (const char *kind, SnugDevice *device, gboolean is_default, gboolean json)
{
  g_autoptr (JsonBuilder) builder = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *line = NULL;

  if (!json)
    {
      g_print ("%s\t%s\t%s%s\n", kind, snug_device_get_id (device), snug_device_get_name (device),
               is_default ? "\tdefault" : "");
      return;
    }

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "event");
  json_builder_add_string_value (builder, "device");
  json_builder_set_member_name (builder, "kind");
  json_builder_add_string_value (builder, kind);
  json_builder_set_member_name (builder, "id");
  json_builder_add_string_value (builder, snug_device_get_id (device));
  json_builder_set_member_name (builder, "name");
  json_builder_add_string_value (builder, snug_device_get_name (device));
  json_builder_set_member_name (builder, "default");
  json_builder_add_boolean_value (builder, is_default);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  line = json_to_string (root, FALSE);
  g_print ("%s\n", line);
}

SnugCliExit
snug_cli_devices_run (const SnugCliOptions *options)
{
  static const struct
  {
    SnugDeviceKind kind;
    const char *word;
  } kinds[] = {
    { SNUG_DEVICE_CAMERA, "camera" },
    { SNUG_DEVICE_MICROPHONE, "microphone" },
    { SNUG_DEVICE_SPEAKER, "speaker" },
  };
  g_autoptr (GError) error = NULL;
  gboolean expired = FALSE;
  guint timeout_id;

  if (!snug_engine_init (&error))
    {
      g_printerr ("snug-cli: %s.\n", error->message);
      return SNUG_CLI_EXIT_FAILED;
    }

  timeout_id = g_timeout_add_seconds (TIMEOUT_SECONDS, on_timeout, &expired);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (SnugDeviceList) list = snug_device_list_new (kinds[i].kind);

      while (!snug_device_list_get_ready (list) && !expired)
        g_main_context_iteration (NULL, TRUE);

      for (guint j = 0; j < g_list_model_get_n_items (G_LIST_MODEL (list)); j++)
        {
          g_autoptr (SnugDevice) device = g_list_model_get_item (G_LIST_MODEL (list), j);

          print_device (kinds[i].word, device, snug_device_get_default (device), options->json);
        }
    }
  g_source_remove (timeout_id);

  return SNUG_CLI_EXIT_GOOD;
}
