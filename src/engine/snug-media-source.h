/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where a picture or a sound comes from, as a value: a device, a test signal, a file, a raw stream, a
 * screen, nothing. Immutable, boxed.
 */
#pragma once

#include <glib-object.h>

#include "snug-pipewire-node.h"

G_BEGIN_DECLS

typedef enum
{
  SNUG_MEDIA_VIDEO,
  SNUG_MEDIA_AUDIO,
  SNUG_MEDIA_SCREEN
} SnugMediaKind;

/**
 * SnugMediaSourceType:
 * @SNUG_MEDIA_SOURCE_NONE: nothing at all
 * @SNUG_MEDIA_SOURCE_DEVICE: a camera or microphone; value is its #SnugDevice:id, NULL for the default one
 * @SNUG_MEDIA_SOURCE_TEST: a moving test picture, or a soft tone
 * @SNUG_MEDIA_SOURCE_FILE: any file GStreamer reads, looped at its own pace; value is the path
 * @SNUG_MEDIA_SOURCE_RAW: Y4M video or WAV audio from a file or FIFO, taken as it comes; value is the path
 * @SNUG_MEDIA_SOURCE_X11: the whole screen of the X11 display; value is its name, NULL for the default one
 * @SNUG_MEDIA_SOURCE_NODE: what a portal let us see, see snug_media_source_new_for_node()
 */
typedef enum
{
  SNUG_MEDIA_SOURCE_NONE,
  SNUG_MEDIA_SOURCE_DEVICE,
  SNUG_MEDIA_SOURCE_TEST,
  SNUG_MEDIA_SOURCE_FILE,
  SNUG_MEDIA_SOURCE_RAW,
  SNUG_MEDIA_SOURCE_X11,
  SNUG_MEDIA_SOURCE_NODE
} SnugMediaSourceType;

#define SNUG_TYPE_MEDIA_SOURCE (snug_media_source_get_type ())
typedef struct _SnugMediaSource SnugMediaSource;
GType snug_media_source_get_type (void);

SnugMediaSource *snug_media_source_new (SnugMediaSourceType type, const char *value);
/* Type NODE; holds a reference to node. */
SnugMediaSource *snug_media_source_new_for_node (SnugPipewireNode *node);
SnugMediaSource *snug_media_source_copy (const SnugMediaSource *self);
void snug_media_source_free (SnugMediaSource *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugMediaSource, snug_media_source_free)

/* The command line's words: camera or mic (also camera:ID, mic:ID), test, none, y4m:PATH, wav:PATH, or a
 * path. Returns: (transfer full): or NULL with SNUG_MEDIA_ERROR_SPEC. Whether a file can be read shows
 * when it is opened. */
SnugMediaSource *snug_media_source_parse (const char *spec, SnugMediaKind kind, GError **error);

SnugMediaSourceType snug_media_source_get_source_type (const SnugMediaSource *self);
const char *snug_media_source_get_value (const SnugMediaSource *self); /* nullable */
/* Returns: (transfer none) (nullable): for type NODE. */
SnugPipewireNode *snug_media_source_get_node (const SnugMediaSource *self);
gboolean snug_media_source_equal (const SnugMediaSource *a, const SnugMediaSource *b);

G_END_DECLS
