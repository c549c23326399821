/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What only some versions of GStreamer have to be helped with. Each says which; on others it does nothing. Main context.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Before GStreamer 1.22.3 a bundled session does not learn the clock rates of what it sends from caps. It asks for them
 * with its lock released while it makes the first sender report, and when a packet of a new source arrives at that moment, the
 * report is cut short with a critical. So every stream's caps are said again, in its own name, before its first packet.
 * Before rtpbin has pads. */
void snug_gst_quirks_name_streams (GstElement *rtpbin);

/* From GStreamer 1.24.9 until 1.28.3 webrtcbin lets go of a data channel's two bins when the channel has closed, while the channel
 * may still have to do with them on webrtcbin's thread. So the channel is made to keep them as long as it lives. channel:
 * webrtcbin's only one, just created. */
void snug_gst_quirks_keep_channel_bins (GstElement *webrtcbin, GObject *channel);

G_END_DECLS
