/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One encoded stream (Opus or VP8) on its way from one encoder to every peer: buffers carry running time on the
 * shared clock. Nobody is attached before their certificate is verified, so nothing leaves before.
 *
 * Signals (main context): "listeners-changed": the first came or the last went (an encoder without listeners need not
 * run); "key-frame": somebody needs a key frame (not too often).
 */
#pragma once

#include <gst/app/gstappsrc.h>

G_BEGIN_DECLS

#define SNUG_TYPE_ENCODED_FEED (snug_encoded_feed_get_type ())
G_DECLARE_FINAL_TYPE (SnugEncodedFeed, snug_encoded_feed, SNUG, ENCODED_FEED, GObject)

SnugEncodedFeed *snug_encoded_feed_new (void);

/* From now on src gets every buffer with its caps; a key frame is asked for. Main context. */
void snug_encoded_feed_attach (SnugEncodedFeed *self, GstAppSrc *src);
/* When this returns, nothing is being pushed to src and nothing will be. Main context. */
void snug_encoded_feed_detach (SnugEncodedFeed *self, GstAppSrc *src);
gboolean snug_encoded_feed_has_listeners (SnugEncodedFeed *self);
/* The time between two key frames on request, at least; 200 ms at first. They are so large that on a slow path the next
 * one would be asked for before this one is there. Main context. */
void snug_encoded_feed_set_key_frame_interval (SnugEncodedFeed *self, guint milliseconds);
/* A peer lost its picture (RFC 4585 PLI, RFC 5104 FIR). Main context. */
void snug_encoded_feed_request_key_frame (SnugEncodedFeed *self);

/* An encoded buffer with caps. Any thread; (transfer none). */
void snug_encoded_feed_push (SnugEncodedFeed *self, GstSample *sample);
/* Since the start. Any thread. */
guint64 snug_encoded_feed_get_n_buffers (SnugEncodedFeed *self);
/* Buffers a second, between this call and the last one that was at least half a second earlier; 0 at first. Main context. */
double snug_encoded_feed_get_rate (SnugEncodedFeed *self);

G_END_DECLS
