/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-camera-mode.h"

/* What each way of missing the wish costs. Half the pixels cost 100, half the rate 150: a jerky
 * picture is worse than a soft one. */
#define COST_TOO_SMALL 100.0
#define COST_TOO_LARGE 5.0
#define COST_TOO_SLOW 150.0
#define COST_TOO_FAST 1.0
#define COST_JPEG 10.0

/* value / wish - 1 or wish / value - 1, whichever is positive, at the price for that side. */
static double
cost (double value, double wish, double price_below, double price_above)
{
  return value < wish ? (wish / value - 1.0) * price_below : (value / wish - 1.0) * price_above;
}

/* The structure fixed as near to the wish as it goes; -1 when it is no mode for us. */
static double
rate_mode (GstStructure *mode, const GstStructure *wish, gboolean allow_jpeg)
{
  int width = 0, height = 0, wish_width, wish_height, rate_n = 0, rate_d = 1, wish_n, wish_d;
  gboolean is_jpeg = gst_structure_has_name (mode, "image/jpeg");
  double total;

  if (!gst_structure_has_name (mode, "video/x-raw") && !(is_jpeg && allow_jpeg))
    return -1.0;

  gst_structure_get (wish, "width", G_TYPE_INT, &wish_width, "height", G_TYPE_INT, &wish_height,
                     "framerate", GST_TYPE_FRACTION, &wish_n, &wish_d, NULL);
  if (!gst_structure_has_field (mode, "width") || !gst_structure_has_field (mode, "height"))
    return -1.0;
  gst_structure_fixate_field_nearest_int (mode, "width", wish_width);
  gst_structure_fixate_field_nearest_int (mode, "height", wish_height);
  if (gst_structure_has_field (mode, "framerate"))
    gst_structure_fixate_field_nearest_fraction (mode, "framerate", wish_n, wish_d);
  if (!gst_structure_get_int (mode, "width", &width)
      || !gst_structure_get_int (mode, "height", &height) || width <= 0 || height <= 0)
    return -1.0;

  total = cost ((double) width * height, (double) wish_width * wish_height, COST_TOO_SMALL,
                COST_TOO_LARGE);
  if (gst_structure_get_fraction (mode, "framerate", &rate_n, &rate_d) && rate_n > 0)
    total
        += cost ((double) rate_n / rate_d, (double) wish_n / wish_d, COST_TOO_SLOW, COST_TOO_FAST);

  return is_jpeg ? total + COST_JPEG : total;
}

/* Pixels are square unless a camera says otherwise. Left open, pipewiresrc (1.4) would decide on the narrowest that any
 * element takes, 1/2147483647, and no scaler can work with that. */
static void
decide_pixel_aspect (GstStructure *mode)
{
  if (gst_structure_has_field (mode, "pixel-aspect-ratio"))
    gst_structure_fixate_field_nearest_fraction (mode, "pixel-aspect-ratio", 1, 1);
  else if (gst_structure_has_name (mode, "video/x-raw"))
    gst_structure_set (mode, "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1, NULL);
}

/* What the camera can do besides stays open: formats, colours. */
static GstCaps *
keep_decided_fields (const GstStructure *mode)
{
  static const char *const fields[] = { "width", "height", "framerate", "pixel-aspect-ratio" };
  GstStructure *kept = gst_structure_new_empty (gst_structure_get_name (mode));

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (gst_structure_has_field (mode, fields[i]))
      gst_structure_set_value (kept, fields[i], gst_structure_get_value (mode, fields[i]));

  return gst_caps_new_full (kept, NULL);
}

GstCaps *
snug_camera_mode_choose (GstCaps *offered, GstCaps *wanted, gboolean allow_jpeg)
{
  g_autoptr (GstStructure) best = NULL;
  double best_cost = 0.0;

  g_return_val_if_fail (GST_IS_CAPS (offered), NULL);
  g_return_val_if_fail (gst_caps_is_fixed (wanted), NULL);

  for (guint i = 0; i < gst_caps_get_size (offered); i++)
    {
      GstCapsFeatures *features = gst_caps_get_features (offered, i);
      g_autoptr (GstStructure) mode = NULL;
      double mode_cost;

      /* Not what lies in a graphics card's memory. */
      if (features != NULL
          && !gst_caps_features_is_equal (features, GST_CAPS_FEATURES_MEMORY_SYSTEM_MEMORY))
        continue;

      mode = gst_structure_copy (gst_caps_get_structure (offered, i));
      mode_cost = rate_mode (mode, gst_caps_get_structure (wanted, 0), allow_jpeg);
      if (mode_cost < 0.0 || (best != NULL && mode_cost >= best_cost))
        continue;
      g_clear_pointer (&best, gst_structure_free);
      best = g_steal_pointer (&mode);
      best_cost = mode_cost;
    }

  if (best == NULL)
    return NULL;
  decide_pixel_aspect (best);

  return keep_decided_fields (best);
}
