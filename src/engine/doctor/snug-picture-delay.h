/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How long pictures take from one end of a call to the other, found out by their content: the test picture wanders sideways, so
 * each row of it tells which picture it was, also after it was scaled and encoded. Pure.
 */
#pragma once

#include "snug-video-feed.h"

G_BEGIN_DECLS

typedef struct _SnugPictureDelay SnugPictureDelay;

SnugPictureDelay *snug_picture_delay_new (void);
void snug_picture_delay_free (SnugPictureDelay *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugPictureDelay, snug_picture_delay_free)

/* A picture was taken. now: microseconds, as everywhere here. */
void snug_picture_delay_take (SnugPictureDelay *self, const SnugVideoFrame *frame, gint64 now);
/* One has arrived. Returns: its delay, or -1 when it is none of those that were taken lately. */
gint64 snug_picture_delay_arrive (SnugPictureDelay *self, const SnugVideoFrame *frame, gint64 now);
guint snug_picture_delay_get_n (SnugPictureDelay *self);
/* Of those that have arrived; 0 without any. */
gint64 snug_picture_delay_get_median (SnugPictureDelay *self);
gint64 snug_picture_delay_get_max (SnugPictureDelay *self);

G_END_DECLS
