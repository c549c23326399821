/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One source being captured: the pipeline from a SnugMediaSource to whatever the subclass hangs behind it.
 * It starts when made. A device that is not there is waited for, and tried again whenever devices come or go; one that goes away
 * while it is in use is replaced by the default of its kind until it is back; one
 * that stays silent is opened anew now and then. After any other error there is no way back but a new capture. Main context.
 *
 * Properties, with notify: "active" (gboolean): something comes, and has come within the last three seconds;
 * "error" (GError, nullable, domain SNUG_MEDIA_ERROR): why not. NO_FRAMES stays until something comes.
 */
#pragma once

#include <gst/gst.h>

#include "snug-media-source.h"
#include "snug-relay.h"

G_BEGIN_DECLS

#define SNUG_TYPE_CAPTURE (snug_capture_get_type ())
G_DECLARE_DERIVABLE_TYPE (SnugCapture, snug_capture, SNUG, CAPTURE, GObject)

/**
 * SnugCaptureClass:
 * @kind: what the subclass captures
 * @sparse: pictures come only when something changes: silence after the first one is no fault
 * @build: adds everything behind the source to @pipeline and returns the first of it, to which the source
 *   is then linked; called again for each attempt. Returns: (transfer none)
 * @get_source_caps: what to ask of a source that can do many things. Returns: (transfer full)
 * @message: (nullable): an element message of the subclass's own elements
 */
struct _SnugCaptureClass
{
  GObjectClass parent_class;

  SnugMediaKind kind;
  gboolean sparse;
  GstElement *(*build) (SnugCapture *self, GstElement *pipeline);
  GstCaps *(*get_source_caps) (SnugCapture *self);
  void (*message) (SnugCapture *self, GstMessage *message);
};

/* For subclasses, once their own fields are set: builds and starts. source: not NONE. */
void snug_capture_start (SnugCapture *self, const SnugMediaSource *source);
/* For subclasses: get_source_caps() would now answer something else. */
void snug_capture_update_source_caps (SnugCapture *self);

gboolean snug_capture_get_active (SnugCapture *self);
const GError *snug_capture_get_error (SnugCapture *self);
const SnugMediaSource *snug_capture_get_source (SnugCapture *self);

/* Lets go of the device. done: (nullable): posted through relay when that is over, in 5 s at the latest; the next capture
 * of the same device may start then. */
void snug_capture_close (SnugCapture *self, SnugRelay *relay, SnugRelayFunc done);

G_END_DECLS
