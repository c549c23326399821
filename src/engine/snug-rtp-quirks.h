/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What an old RTP session has to be helped with.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Before GStreamer 1.22.3 a bundled session does not learn the clock rates of what it sends from caps. It asks for them
 * with its lock released while it makes the first sender report, and when a packet of a new source arrives at that moment, the
 * report is cut short with a critical. So every stream's caps are said again, in its own name, before its first packet.
 * Does nothing on later versions. Before rtpbin has pads. */
void snug_rtp_quirks_apply (GstElement *rtpbin);

G_END_DECLS
