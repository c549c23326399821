/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-devices.h"

#include "snug-engine.h"

#include <glib/gi18n.h>

#define N_KINDS 3

struct _SnugDevices
{
  GObject parent_instance;

  GSettings *settings;
  SnugLocalMedia *media;
  SnugAudioOutput *output;
  SnugDeviceList *lists[N_KINDS];
  gboolean test;
};

G_DEFINE_FINAL_TYPE (SnugDevices, snug_devices, G_TYPE_OBJECT)

const char *
snug_devices_get_key (SnugDeviceKind kind)
{
  switch (kind)
    {
    case SNUG_DEVICE_CAMERA:
      return "camera";
    case SNUG_DEVICE_MICROPHONE:
      return "microphone";
    case SNUG_DEVICE_SPEAKER:
      return "speaker";
    default:
      g_return_val_if_reached (NULL);
    }
}

/* The remembered device if it is there, else the default one: a headset that was left at home must not cost
 * anybody the call. */
static void
apply (SnugDevices *self, SnugDeviceKind kind)
{
  g_autofree char *id = NULL;
  g_autoptr (SnugMediaSource) source = NULL;

  if (self->test)
    return;

  id = g_settings_get_string (self->settings, snug_devices_get_key (kind));
  if (*id == '\0' || snug_device_list_find (self->lists[kind], id) == NULL)
    g_clear_pointer (&id, g_free);

  if (kind == SNUG_DEVICE_SPEAKER)
    {
      if (g_strcmp0 (id, snug_audio_output_get_device (self->output)) != 0)
        snug_audio_output_set_device (self->output, id);
      return;
    }

  source = snug_media_source_new (SNUG_MEDIA_SOURCE_DEVICE, id);
  if (kind == SNUG_DEVICE_CAMERA)
    {
      const SnugMediaSource *now = snug_local_media_get_video_source (self->media);
      if (now == NULL || !snug_media_source_equal (now, source))
        snug_local_media_set_video_source (self->media, source);
    }
  else
    {
      const SnugMediaSource *now = snug_local_media_get_audio_source (self->media);
      if (now == NULL || !snug_media_source_equal (now, source))
        snug_local_media_set_audio_source (self->media, source);
    }
}

static void
on_setting (SnugDevices *self, const char *key)
{
  for (guint kind = 0; kind < N_KINDS; kind++)
    if (g_strcmp0 (key, snug_devices_get_key ((SnugDeviceKind) kind)) == 0)
      apply (self, (SnugDeviceKind) kind);
}

/* A camera or microphone that is plugged in after none was found is tried. */
static void
retry (SnugDevices *self)
{
  g_autoptr (SnugMediaSource) none = snug_media_source_new (SNUG_MEDIA_SOURCE_NONE, NULL);
  const GError *error = snug_local_media_get_video_error (self->media);

  if (g_error_matches (error, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_NO_DEVICE)
      && g_list_model_get_n_items (G_LIST_MODEL (self->lists[SNUG_DEVICE_CAMERA])) > 0)
    snug_local_media_set_video_source (self->media, none);
  error = snug_local_media_get_audio_error (self->media);
  if (g_error_matches (error, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_NO_DEVICE)
      && g_list_model_get_n_items (G_LIST_MODEL (self->lists[SNUG_DEVICE_MICROPHONE])) > 0)
    snug_local_media_set_audio_source (self->media, none);
}

static void
on_list_changed (SnugDevices *self)
{
  retry (self);
  for (guint kind = 0; kind < N_KINDS; kind++)
    if (snug_device_list_get_ready (self->lists[kind]))
      apply (self, (SnugDeviceKind) kind);
}

static void
snug_devices_dispose (GObject *object)
{
  SnugDevices *self = SNUG_DEVICES (object);

  for (guint i = 0; i < N_KINDS; i++)
    g_clear_object (&self->lists[i]);
  g_clear_object (&self->output);
  g_clear_object (&self->media);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (snug_devices_parent_class)->dispose (object);
}

static void
snug_devices_class_init (SnugDevicesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = snug_devices_dispose;
}

static void
snug_devices_init (SnugDevices *self)
{
}

/* What the camera's picture is scaled to, and what it may cost at most. */
static void
apply_quality (SnugDevices *self)
{
  static const struct
  {
    guint width, height, framerate, kbit_per_second;
  } qualities[] = {
    [SNUG_PICTURE_AUTOMATIC] = { 1280, 720, 30, 2500 },
    [SNUG_PICTURE_SHARP] = { 1920, 1080, 30, 4500 },
    [SNUG_PICTURE_BALANCED] = { 960, 540, 30, 1200 },
    [SNUG_PICTURE_SPARING] = { 640, 360, 20, 500 },
  };
  guint quality = (guint) g_settings_get_enum (self->settings, "picture-quality");

  g_return_if_fail (quality < G_N_ELEMENTS (qualities));
  snug_local_media_set_video_format (self->media, qualities[quality].width, qualities[quality].height,
                                     qualities[quality].framerate);
  snug_local_media_set_video_bitrate (self->media, qualities[quality].kbit_per_second);
}

static void
follow_settings (SnugDevices *self)
{
  g_settings_bind (self->settings, "echo-cancellation", self->media, "echo-cancellation", G_SETTINGS_BIND_GET);
  g_settings_bind (self->settings, "noise-suppression", self->media, "noise-suppression", G_SETTINGS_BIND_GET);
  g_settings_bind (self->settings, "gain-control", self->media, "gain-control", G_SETTINGS_BIND_GET);
  g_settings_bind (self->settings, "silence-suppression", self->media, "silence-suppression", G_SETTINGS_BIND_GET);
  g_settings_bind (self->settings, "upload-limit", self->media, "upload-limit", G_SETTINGS_BIND_GET);
  g_signal_connect_object (self->settings, "changed::picture-quality", G_CALLBACK (apply_quality), self, G_CONNECT_SWAPPED);
  apply_quality (self);
}

SnugDevices *
snug_devices_new (GSettings *settings, gboolean test)
{
  SnugDevices *self;

  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (SNUG_TYPE_DEVICES, NULL);
  self->settings = g_object_ref (settings);
  self->test = test;
  self->media = snug_local_media_new ();
  self->output = snug_audio_output_new (test);
  snug_local_media_set_video_enabled (self->media, g_settings_get_boolean (settings, "video-enabled"));
  snug_local_media_set_audio_enabled (self->media, g_settings_get_boolean (settings, "audio-enabled"));

  follow_settings (self);
  if (test)
    {
      g_autoptr (SnugMediaSource) source = snug_media_source_new (SNUG_MEDIA_SOURCE_TEST, NULL);
      snug_local_media_set_video_source (self->media, source);
      snug_local_media_set_audio_source (self->media, source);
      return self;
    }

  for (guint i = 0; i < N_KINDS; i++)
    {
      self->lists[i] = snug_device_list_new ((SnugDeviceKind) i);
      g_signal_connect_object (self->lists[i], "items-changed", G_CALLBACK (on_list_changed), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->lists[i], "notify::ready", G_CALLBACK (on_list_changed), self, G_CONNECT_SWAPPED);
    }
  g_signal_connect_object (settings, "changed", G_CALLBACK (on_setting), self, G_CONNECT_SWAPPED);
  on_list_changed (self);
  return self;
}

SnugLocalMedia *
snug_devices_get_local_media (SnugDevices *self)
{
  g_return_val_if_fail (SNUG_IS_DEVICES (self), NULL);
  return self->media;
}

SnugAudioOutput *
snug_devices_get_audio_output (SnugDevices *self)
{
  g_return_val_if_fail (SNUG_IS_DEVICES (self), NULL);
  return self->output;
}

SnugDeviceList *
snug_devices_get_list (SnugDevices *self, SnugDeviceKind kind)
{
  g_return_val_if_fail (SNUG_IS_DEVICES (self), NULL);
  g_return_val_if_fail ((guint) kind < N_KINDS, NULL);
  return self->lists[kind];
}

GSettings *
snug_devices_get_settings (SnugDevices *self)
{
  g_return_val_if_fail (SNUG_IS_DEVICES (self), NULL);
  return self->settings;
}

const char *
snug_devices_describe_none (SnugDevices *self, SnugDeviceKind kind)
{
  SnugDeviceList *list = snug_devices_get_list (self, kind);

  if (list == NULL)
    return kind == SNUG_DEVICE_CAMERA ? _ ("Test picture") : kind == SNUG_DEVICE_MICROPHONE ? _ ("Test tone") : _ ("None, for a test");
  if (!snug_device_list_get_ready (list))
    return _ ("Looking…");
  if (g_error_matches (snug_device_list_get_error (list), SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_DENIED))
    /* Translators: in the place of a camera's name, where Snug may use none */
    return _ ("Not allowed");
  return _ ("None found");
}
