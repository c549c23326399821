/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-media-source.h"

#include "snug-engine.h"

struct _SnugMediaSource
{
  SnugMediaSourceType type;
  char *value;
  SnugPipewireNode *node; /* for NODE */
};

G_DEFINE_BOXED_TYPE (SnugMediaSource,
                     snug_media_source,
                     snug_media_source_copy,
                     snug_media_source_free)

/**
 * snug_media_source_new:
 * @type: what kind of source
 * @value: (nullable): the device's id or the path; ignored for NONE and TEST
 *
 * Returns: (transfer full): a new source
 */
SnugMediaSource *
snug_media_source_new (SnugMediaSourceType type, const char *value)
{
  SnugMediaSource *self;
  gboolean is_path = type == SNUG_MEDIA_SOURCE_FILE || type == SNUG_MEDIA_SOURCE_RAW;

  g_return_val_if_fail (type <= SNUG_MEDIA_SOURCE_X11, NULL);
  g_return_val_if_fail (!is_path || (value != NULL && *value != '\0'), NULL);

  self = g_new0 (SnugMediaSource, 1);
  self->type = type;
  if (is_path
      || ((type == SNUG_MEDIA_SOURCE_DEVICE || type == SNUG_MEDIA_SOURCE_X11) && value != NULL
          && *value != '\0'))
    self->value = g_strdup (value);

  return self;
}

SnugMediaSource *
snug_media_source_new_for_node (SnugPipewireNode *node)
{
  SnugMediaSource *self;

  g_return_val_if_fail (node != NULL, NULL);

  self = g_new0 (SnugMediaSource, 1);
  self->type = SNUG_MEDIA_SOURCE_NODE;
  self->node = snug_pipewire_node_ref (node);

  return self;
}

SnugMediaSource *
snug_media_source_copy (const SnugMediaSource *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->node != NULL ? snug_media_source_new_for_node (self->node)
                            : snug_media_source_new (self->type, self->value);
}

void
snug_media_source_free (SnugMediaSource *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->node, snug_pipewire_node_unref);
  g_free (self->value);
  g_free (self);
}

/* The rest of spec when it starts with prefix and something follows it. */
static const char *
after_prefix (const char *spec, const char *prefix)
{
  if (!g_str_has_prefix (spec, prefix))
    return NULL;

  return spec + strlen (prefix);
}

/**
 * snug_media_source_parse:
 * @spec: as a person writes it on the command line
 * @kind: whether a picture or a sound is wanted
 * @error: return location for SNUG_MEDIA_ERROR_SPEC
 *
 * A file whose name looks like one of the other words is written with a folder before it: "./test".
 *
 * Returns: (transfer full): the source, or %NULL
 */
SnugMediaSource *
snug_media_source_parse (const char *spec, SnugMediaKind kind, GError **error)
{
  const char *device = kind == SNUG_MEDIA_VIDEO ? "camera" : "mic";
  const char *device_prefix = kind == SNUG_MEDIA_VIDEO ? "camera:" : "mic:";
  const char *raw_prefix = kind == SNUG_MEDIA_VIDEO ? "y4m:" : "wav:";
  const char *other_raw_prefix = kind == SNUG_MEDIA_VIDEO ? "wav:" : "y4m:";
  const char *what = kind == SNUG_MEDIA_VIDEO ? "picture" : "sound";
  const char *rest;

  g_return_val_if_fail (spec != NULL, NULL);

  if (g_str_equal (spec, device))
    return snug_media_source_new (SNUG_MEDIA_SOURCE_DEVICE, NULL);
  if (g_str_equal (spec, "test"))
    return snug_media_source_new (SNUG_MEDIA_SOURCE_TEST, NULL);
  if (g_str_equal (spec, "none"))
    return snug_media_source_new (SNUG_MEDIA_SOURCE_NONE, NULL);

  rest = after_prefix (spec, device_prefix);
  if (rest != NULL && *rest != '\0')
    return snug_media_source_new (SNUG_MEDIA_SOURCE_DEVICE, rest);
  if (rest != NULL)
    {
      g_set_error (error, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_SPEC, "No device after “%s”", spec);
      return NULL;
    }

  rest = after_prefix (spec, raw_prefix);
  if (rest != NULL && *rest != '\0')
    return snug_media_source_new (SNUG_MEDIA_SOURCE_RAW, rest);
  if (rest != NULL)
    {
      g_set_error (error, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_SPEC, "No path after “%s”", spec);
      return NULL;
    }

  if (*spec == '\0')
    {
      g_set_error (error, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_SPEC,
                   "An empty word is no source of a %s", what);
      return NULL;
    }
  if (after_prefix (spec, other_raw_prefix) != NULL || g_str_equal (spec, "camera")
      || g_str_equal (spec, "mic") || g_str_has_prefix (spec, "camera:")
      || g_str_has_prefix (spec, "mic:"))
    {
      g_set_error (error, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_SPEC, "“%s” is no source of a %s",
                   spec, what);
      return NULL;
    }

  return snug_media_source_new (SNUG_MEDIA_SOURCE_FILE, spec);
}

SnugMediaSourceType
snug_media_source_get_source_type (const SnugMediaSource *self)
{
  g_return_val_if_fail (self != NULL, SNUG_MEDIA_SOURCE_NONE);

  return self->type;
}

const char *
snug_media_source_get_value (const SnugMediaSource *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->value;
}

SnugPipewireNode *
snug_media_source_get_node (const SnugMediaSource *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->node;
}

gboolean
snug_media_source_equal (const SnugMediaSource *a, const SnugMediaSource *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return a->type == b->type && a->node == b->node && g_strcmp0 (a->value, b->value) == 0;
}
