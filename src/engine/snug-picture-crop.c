/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-picture-crop.h"

#include <gst/video/video.h>

/* Where each plane starts in buffer and how long its lines are. */
static void
get_layout (GstBuffer *buffer,
            const GstVideoInfo *info,
            gsize offsets[GST_VIDEO_MAX_PLANES],
            int strides[GST_VIDEO_MAX_PLANES])
{
  GstVideoMeta *meta = gst_buffer_get_video_meta (buffer);

  for (guint i = 0; i < GST_VIDEO_INFO_N_PLANES (info); i++)
    {
      gboolean has_meta = meta != NULL && i < meta->n_planes;

      offsets[i] = has_meta ? meta->offset[i] : GST_VIDEO_INFO_PLANE_OFFSET (info, i);
      strides[i] = has_meta ? meta->stride[i] : GST_VIDEO_INFO_PLANE_STRIDE (info, i);
    }
}

static void
move_offsets (const GstVideoInfo *info,
              guint x,
              guint y,
              gsize offsets[GST_VIDEO_MAX_PLANES],
              const int strides[GST_VIDEO_MAX_PLANES])
{
  gboolean moved[GST_VIDEO_MAX_PLANES] = { FALSE };

  for (guint c = 0; c < GST_VIDEO_INFO_N_COMPONENTS (info); c++)
    {
      guint plane = GST_VIDEO_INFO_COMP_PLANE (info, c);

      if (moved[plane])
        continue;
      moved[plane] = TRUE;
      offsets[plane] += (gsize) (y >> GST_VIDEO_FORMAT_INFO_H_SUB (info->finfo, c)) * strides[plane]
                        + (gsize) (x >> GST_VIDEO_FORMAT_INFO_W_SUB (info->finfo, c))
                              * GST_VIDEO_INFO_COMP_PSTRIDE (info, c);
    }
}

GstSample *
snug_picture_crop (GstSample *sample)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  GstVideoCropMeta *crop = gst_buffer_get_video_crop_meta (buffer);
  gsize offsets[GST_VIDEO_MAX_PLANES] = { 0 };
  int strides[GST_VIDEO_MAX_PLANES] = { 0 };
  g_autoptr (GstBuffer) part = NULL;
  g_autoptr (GstCaps) caps = NULL;
  GstVideoInfo info;
  guint whole_width, whole_height, x, y, width, height;

  if (crop == NULL || !gst_video_info_from_caps (&info, gst_sample_get_caps (sample)))
    return gst_sample_ref (sample);

  /* Whole pixels of every plane, within the picture. */
  whole_width = GST_VIDEO_INFO_WIDTH (&info);
  whole_height = GST_VIDEO_INFO_HEIGHT (&info);
  x = MIN (crop->x, whole_width) & ~1u;
  y = MIN (crop->y, whole_height) & ~1u;
  width = MIN (crop->width, whole_width - x);
  height = MIN (crop->height, whole_height - y);
  if (width == 0 || height == 0)
    return NULL;
  if (width == whole_width && height == whole_height)
    return gst_sample_ref (sample);

  get_layout (buffer, &info, offsets, strides);
  move_offsets (&info, x, y, offsets, strides);

  /* The same memory, seen from another corner. */
  part = gst_buffer_new ();
  gst_buffer_copy_into (part, buffer,
                        GST_BUFFER_COPY_FLAGS | GST_BUFFER_COPY_TIMESTAMPS | GST_BUFFER_COPY_MEMORY, 0,
                        -1);
  gst_buffer_add_video_meta_full (part, GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_INFO_FORMAT (&info), width,
                                  height, GST_VIDEO_INFO_N_PLANES (&info), offsets, strides);
  caps = gst_caps_copy (gst_sample_get_caps (sample));
  gst_caps_set_simple (caps, "width", G_TYPE_INT, (int) width, "height", G_TYPE_INT, (int) height, NULL);

  return gst_sample_new (part, caps, NULL, NULL);
}
