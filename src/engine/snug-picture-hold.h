/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between a screen and its encoder: keeps the newest picture and hands it on at an even pace, stamped anew. A screen on which nothing
 * changes sends nothing, so the same picture is handed on again, often at first (the encoder makes it sharper each time) and
 * then once a second; at once when somebody needs it; and when frozen it stays the same whatever comes.
 * Made and closed on main; in between streaming threads use it. Reference-counted, locked inside.
 */
#pragma once

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

G_BEGIN_DECLS

typedef struct _SnugPictureHold SnugPictureHold;

/* What comes to sink is held; it goes out through src (live, in time format, never blocking). framerate: pictures a second,
 * at most. Nothing is handed on before the first picture. Returns: (transfer full). */
SnugPictureHold *snug_picture_hold_new (GstAppSink *sink, GstAppSrc *src, guint framerate);
/* Nothing is handed on any more. The elements may hold on to it for longer. */
void snug_picture_hold_close (SnugPictureHold *self);

void snug_picture_hold_set_framerate (SnugPictureHold *self, guint framerate);
/* When this returns after TRUE, no picture that came later is handed on. */
void snug_picture_hold_set_frozen (SnugPictureHold *self, gboolean frozen);
/* Hands the picture of the moment on, now. */
void snug_picture_hold_repeat (SnugPictureHold *self);

G_END_DECLS
