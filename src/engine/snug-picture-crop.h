/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A window that a desktop shares may come as a corner of a larger picture, with a note of where it is. Pure.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* The part of sample that counts, without copying a pixel: sample itself when there is no note of it. A note that does not fit the
 * picture is brought within it. Any thread. Returns: (transfer full) (nullable): NULL: nothing of it is to be seen. */
GstSample *snug_picture_crop (GstSample *sample);

G_END_DECLS
