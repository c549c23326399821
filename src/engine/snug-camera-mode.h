/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which of the modes that a camera offers to ask for. Pure.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* offered: what the device says it can do. wanted: one structure with width, height, framerate. allow_jpeg: whether
 * image/jpeg can be decoded. The mode nearest to what is wanted: large enough rather than too small, fast enough
 * rather than too slow, raw rather than JPEG. Returns: (transfer full) (nullable): fixed in size, rate and shape of the
 * pixels; NULL when there is no usable mode or the device does not say. */
GstCaps *snug_camera_mode_choose (GstCaps *offered, GstCaps *wanted, gboolean allow_jpeg);

G_END_DECLS
