/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-audio-level.h"

gboolean
snug_audio_level_parse (GstMessage *message, double *level)
{
  const GstStructure *structure;
  const GValue *value;
  double loudest = SNUG_AUDIO_LEVEL_SILENCE;

  g_return_val_if_fail (GST_IS_MESSAGE (message), FALSE);

  structure = gst_message_get_structure (message);
  if (structure == NULL || !gst_structure_has_name (structure, "level"))
    return FALSE;

  value = gst_structure_get_value (structure, "rms");
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  if (value == NULL || !G_VALUE_HOLDS (value, g_value_array_get_type ()))
    return FALSE;
  {
    GValueArray *channels = g_value_get_boxed (value);

    for (guint i = 0; i < channels->n_values; i++)
      loudest = MAX (loudest, g_value_get_double (g_value_array_get_nth (channels, i)));
  }
  G_GNUC_END_IGNORE_DEPRECATIONS
  *level = MIN (loudest, 0.0);

  return TRUE;
}
