/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-window-devices.h"

#include "snug-device-watch.h"
#include "snug-toast.h"

#include <glib/gi18n.h>

#define N_KINDS (SNUG_DEVICE_SPEAKER + 1)
#define TOAST_SECONDS 8

typedef struct
{
  AdwToastOverlay *toasts; /* borrowed: it owns this */
  SnugDevices *devices;
  SnugDeviceWatch *watches[N_KINDS];
  AdwToast *offers[N_KINDS]; /* weak: the last of each kind, with its device */
} Watching;

static void
watching_free (gpointer data)
{
  Watching *watching = data;

  for (guint i = 0; i < N_KINDS; i++)
    if (watching->watches[i] != NULL)
      g_signal_handlers_disconnect_by_data (watching->watches[i], watching);
  for (guint i = 0; i < N_KINDS; i++)
    {
      g_clear_object (&watching->watches[i]);
      g_clear_weak_pointer (&watching->offers[i]);
    }
  g_object_unref (watching->devices);
  g_free (watching);
}

static void
on_use (AdwToast *toast, Watching *watching)
{
  SnugDevice *device = g_object_get_data (G_OBJECT (toast), "snug-device");

  g_settings_set_string (snug_devices_get_settings (watching->devices), snug_devices_get_key (snug_device_get_kind (device)),
                         snug_device_get_id (device));
}

static gboolean
is_chosen (Watching *watching, SnugDevice *device)
{
  g_autofree char *id = g_settings_get_string (snug_devices_get_settings (watching->devices),
                                               snug_devices_get_key (snug_device_get_kind (device)));

  return strcmp (id, snug_device_get_id (device)) == 0;
}

/* Nothing is chosen, or what is not there: the default is used. */
static gboolean
follows_default (Watching *watching, SnugDeviceKind kind)
{
  g_autofree char *id = g_settings_get_string (snug_devices_get_settings (watching->devices), snug_devices_get_key (kind));

  return *id == '\0' || snug_device_list_find (snug_devices_get_list (watching->devices, kind), id) == NULL;
}

static void
on_appeared (Watching *watching, SnugDevice *device)
{
  SnugDeviceList *list = snug_devices_get_list (watching->devices, snug_device_get_kind (device));
  g_autofree char *sentence = NULL;
  AdwToast *toast;

  /* The only one is used anyway; one that was chosen before is taken again. */
  if (g_list_model_get_n_items (G_LIST_MODEL (list)) < 2)
    return;
  if (is_chosen (watching, device))
    {
      /* Translators: %s is a camera, a microphone or speakers */
      sentence = g_strdup_printf (_ ("Using “%s” again."), snug_device_get_name (device));
      adw_toast_overlay_add_toast (watching->toasts, snug_toast_new (sentence, TOAST_SECONDS));
      return;
    }
  if (follows_default (watching, snug_device_get_kind (device)) && snug_device_list_get_default (list) == device)
    {
      /* Translators: %s is a camera, a microphone or speakers that were just plugged in */
      sentence = g_strdup_printf (_ ("Using “%s”."), snug_device_get_name (device));
      adw_toast_overlay_add_toast (watching->toasts, snug_toast_new (sentence, TOAST_SECONDS));
      return;
    }
  switch (snug_device_get_kind (device))
    {
    case SNUG_DEVICE_CAMERA:
      sentence = g_strdup_printf (_ ("New camera: “%s”"), snug_device_get_name (device));
      break;
    case SNUG_DEVICE_MICROPHONE:
      sentence = g_strdup_printf (_ ("New microphone: “%s”"), snug_device_get_name (device));
      break;
    case SNUG_DEVICE_SPEAKER:
    default:
      sentence = g_strdup_printf (_ ("New speakers: “%s”"), snug_device_get_name (device));
      break;
    }
  toast = snug_toast_new (sentence, TOAST_SECONDS);
  /* Translators: takes the device that was just plugged in */
  adw_toast_set_button_label (toast, _ ("Use it"));
  g_object_set_data_full (G_OBJECT (toast), "snug-device", g_object_ref (device), g_object_unref);
  g_signal_connect (toast, "button-clicked", G_CALLBACK (on_use), watching);
  g_set_weak_pointer (&watching->offers[snug_device_get_kind (device)], toast);
  adw_toast_overlay_add_toast (watching->toasts, toast);
}

static void
on_gone (Watching *watching, SnugDevice *device, SnugDevice *next, gboolean was_default)
{
  AdwToast *offer = watching->offers[snug_device_get_kind (device)];
  g_autofree char *sentence = NULL;

  if (offer != NULL && g_object_get_data (G_OBJECT (offer), "snug-device") == device)
    adw_toast_dismiss (offer);
  /* Nobody misses what was not in use. */
  if (!is_chosen (watching, device) && !(was_default && follows_default (watching, snug_device_get_kind (device))))
    return;
  if (next != NULL)
    sentence = g_strdup_printf (_ ("“%s” is gone. Using “%s”."), snug_device_get_name (device), snug_device_get_name (next));
  else
    sentence = g_strdup_printf (_ ("“%s” is gone, and there is no other."), snug_device_get_name (device));
  adw_toast_overlay_add_toast (watching->toasts, snug_toast_new (sentence, TOAST_SECONDS));
}

void
snug_window_devices_watch (AdwToastOverlay *toasts, SnugDevices *devices)
{
  Watching *watching = g_new0 (Watching, 1);

  g_return_if_fail (ADW_IS_TOAST_OVERLAY (toasts));
  g_return_if_fail (SNUG_IS_DEVICES (devices));

  watching->toasts = toasts;
  watching->devices = g_object_ref (devices);
  for (guint i = 0; i < N_KINDS; i++)
    {
      SnugDeviceList *list = snug_devices_get_list (devices, (SnugDeviceKind) i);

      if (list == NULL)
        continue;
      watching->watches[i] = snug_device_watch_new (G_LIST_MODEL (list));
      g_signal_connect_swapped (watching->watches[i], "appeared", G_CALLBACK (on_appeared), watching);
      g_signal_connect_swapped (watching->watches[i], "gone", G_CALLBACK (on_gone), watching);
    }
  g_object_set_data_full (G_OBJECT (toasts), "snug-window-devices", watching, watching_free);
}
