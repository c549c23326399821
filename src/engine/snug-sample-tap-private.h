/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The place where a receive branch counts what it plays and where a recorder listens: the one structure that a
 * streaming thread and main share per branch. Reference-counted, locked inside.
 */
#pragma once

#include "snug-sample-tap.h"

G_BEGIN_DECLS

typedef struct _SnugSampleTap SnugSampleTap;

SnugSampleTap *snug_sample_tap_new (void);
SnugSampleTap *snug_sample_tap_ref (SnugSampleTap *self);
void snug_sample_tap_unref (SnugSampleTap *self);

/* See snug_peer_set_sample_tap(). Main context. */
void snug_sample_tap_set (SnugSampleTap *self,
                          SnugSampleTapFunc func,
                          gpointer user_data,
                          GDestroyNotify destroy);
/* Counts and passes on. Any thread. */
void snug_sample_tap_push (SnugSampleTap *self, GstBuffer *buffer, GstCaps *caps);
/* Samples so far. Any thread. */
guint64 snug_sample_tap_get_n_samples (SnugSampleTap *self);

G_END_DECLS
