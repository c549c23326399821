/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The doctor of a window: from the main menu, and from a call that failed.
 */
#include "config.h"

#include "snug-window-private.h"

#include "snug-doctor.h"
#include "snug-websocket-signaling.h"

/* Returns: (transfer full) (element-type SnugIceServer): those of the settings. */
static GArray *
read_ice_servers (SnugWindow *self)
{
  GArray *servers = g_array_new (FALSE, TRUE, sizeof (SnugIceServer));
  g_autoptr (GVariant) value = g_settings_get_value (self->settings, "ice-servers");
  GVariantIter iter;
  const char *uri, *user, *password;

  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "(&s&s&s)", &uri, &user, &password))
    {
      const char *uris[] = { uri, NULL };
      SnugIceServer server = { uris, *user != '\0' ? user : NULL, *password != '\0' ? password : NULL };
      g_autofree SnugIceServer *copy = snug_ice_servers_copy (&server, 1);

      g_array_append_val (servers, *copy);
    }
  return servers;
}

/* Returns: (transfer full) (nullable): the chosen device. */
static char *
read_device (SnugWindow *self, SnugDeviceKind kind)
{
  g_autofree char *id = g_settings_get_string (self->settings, snug_devices_get_key (kind));

  return *id != '\0' ? g_steal_pointer (&id) : NULL;
}

/* Whoever looks at a device needs it for himself: not every camera has two at a time. */
static void
on_doctor_running (SnugWindow *self, GParamSpec *pspec, SnugDoctor *doctor)
{
  if (self->devices != NULL)
    snug_local_media_set_suspended (snug_devices_get_local_media (self->devices), snug_doctor_get_running (doctor));
}

void
snug_window_on_doctor_again (SnugWindow *self)
{
  g_autofree char *text = snug_window_get_server (self);
  g_autofree char *server = *text != '\0' ? snug_websocket_signaling_normalize_uri (text, NULL) : NULL;
  g_autofree char *camera = read_device (self, SNUG_DEVICE_CAMERA);
  g_autofree char *microphone = read_device (self, SNUG_DEVICE_MICROPHONE);
  g_autofree char *speaker = read_device (self, SNUG_DEVICE_SPEAKER);
  g_autoptr (GArray) servers = read_ice_servers (self);
  g_auto (GStrv) story = self->story != NULL ? snug_call_story_list (self->story) : NULL;
  SnugDoctorConfig config = {
    /* What is no address is looked at as it was written, to be told so. */
    .server = server != NULL ? server : *text != '\0' ? text : NULL,
    .ice_servers = (const SnugIceServer *) (gconstpointer) servers->data,
    .n_ice_servers = servers->len,
    .media = self->devices != NULL && !self->test_media,
    .camera = camera,
    .microphone = microphone,
    .speaker = speaker,
  };
  g_autoptr (SnugDoctor) doctor = snug_doctor_new (&config);

  for (guint i = 0; i < servers->len; i++)
    {
      SnugIceServer *one = &g_array_index (servers, SnugIceServer, i);

      snug_ice_servers_free (g_memdup2 (one, sizeof *one), 1);
    }
  g_signal_connect_object (doctor, "notify::running", G_CALLBACK (on_doctor_running), self, G_CONNECT_SWAPPED);
  snug_doctor_page_set_doctor (self->doctor_page, doctor, (const char *const *) story);
  snug_doctor_start (doctor);
}

/* failed: of the call that has just failed. */
void
snug_window_show_doctor (SnugWindow *self, gboolean failed)
{
  if (self->call != NULL)
    return;
  if (!failed)
    g_clear_object (&self->story);
  self->doctor_from_failure = gtk_stack_get_visible_child (self->stack) == GTK_WIDGET (self->failed_page);
  snug_window_on_doctor_again (self);
  snug_window_show_page (self, self->doctor_page);
}

void
snug_window_on_doctor_back (SnugWindow *self)
{
  snug_doctor_page_set_doctor (self->doctor_page, NULL, NULL);
  snug_window_show_page (self, self->doctor_from_failure || self->devices == NULL ? (gpointer) self->failed_page : self->lobby);
}
