/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-sound-test-button.h"

#include "snug-error-text.h"
#include "snug-sound-test.h"

#include <glib/gi18n.h>

enum
{
  PROP_STATUS = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

struct _SnugSoundTestButton
{
  GtkWidget parent_instance;

  GtkWidget *button;
  SnugSoundTest *test;
  char *status;
};

G_DEFINE_FINAL_TYPE (SnugSoundTestButton, snug_sound_test_button, GTK_TYPE_WIDGET)

static gboolean
is_running (SnugSoundTestButton *self)
{
  SnugSoundTestState state = snug_sound_test_get_state (self->test);

  return state == SNUG_SOUND_TEST_RECORDING || state == SNUG_SOUND_TEST_PLAYING;
}

static const char *
describe (SnugSoundTestButton *self)
{
  switch (snug_sound_test_get_state (self->test))
    {
    case SNUG_SOUND_TEST_RECORDING:
      return _ ("Say something. You will hear it in three seconds.");
    case SNUG_SOUND_TEST_PLAYING:
      return _ ("This is how you sound.");
    case SNUG_SOUND_TEST_FAILED:
      return snug_error_text_lookup (snug_sound_test_get_error (self->test), SNUG_ERROR_TEXT_MICROPHONE, NULL).sentence;
    case SNUG_SOUND_TEST_IDLE:
    case SNUG_SOUND_TEST_DONE:
    default:
      return NULL;
    }
}

static void
update (SnugSoundTestButton *self)
{
  gboolean running = is_running (self);
  const char *name = running ? _ ("Stop the sound test") : _ ("Test my sound");

  gtk_button_set_icon_name (GTK_BUTTON (self->button), running ? "process-stop-symbolic" : "media-playback-start-symbolic");
  gtk_widget_set_tooltip_text (self->button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_free (self->status);
  self->status = g_strdup (describe (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
}

static void
on_clicked (SnugSoundTestButton *self)
{
  if (is_running (self))
    snug_sound_test_cancel (self->test);
  else
    snug_sound_test_start (self->test);
}

/* Nobody hears themselves from a page they have left. */
static void
snug_sound_test_button_unmap (GtkWidget *widget)
{
  SnugSoundTestButton *self = SNUG_SOUND_TEST_BUTTON (widget);

  if (self->test != NULL && is_running (self))
    snug_sound_test_cancel (self->test);
  GTK_WIDGET_CLASS (snug_sound_test_button_parent_class)->unmap (widget);
}

static void
snug_sound_test_button_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_STATUS:
      g_value_set_string (value, SNUG_SOUND_TEST_BUTTON (object)->status);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_sound_test_button_dispose (GObject *object)
{
  SnugSoundTestButton *self = SNUG_SOUND_TEST_BUTTON (object);

  g_clear_pointer (&self->button, gtk_widget_unparent);
  g_clear_object (&self->test);
  G_OBJECT_CLASS (snug_sound_test_button_parent_class)->dispose (object);
}

static void
snug_sound_test_button_finalize (GObject *object)
{
  g_free (SNUG_SOUND_TEST_BUTTON (object)->status);
  G_OBJECT_CLASS (snug_sound_test_button_parent_class)->finalize (object);
}

static void
snug_sound_test_button_class_init (SnugSoundTestButtonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = snug_sound_test_button_get_property;
  object_class->dispose = snug_sound_test_button_dispose;
  object_class->finalize = snug_sound_test_button_finalize;
  widget_class->unmap = snug_sound_test_button_unmap;

  properties[PROP_STATUS]
      = g_param_spec_string ("status", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
snug_sound_test_button_init (SnugSoundTestButton *self)
{
  self->button = gtk_button_new ();
  gtk_widget_add_css_class (self->button, "flat");
  gtk_widget_add_css_class (self->button, "circular");
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_set_parent (self->button, GTK_WIDGET (self));
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (on_clicked), self);
}

GtkWidget *
snug_sound_test_button_new (SnugDevices *devices)
{
  SnugSoundTestButton *self;

  g_return_val_if_fail (SNUG_IS_DEVICES (devices), NULL);

  self = g_object_new (SNUG_TYPE_SOUND_TEST_BUTTON, NULL);
  self->test = snug_sound_test_new (snug_devices_get_local_media (devices), snug_devices_get_audio_output (devices));
  g_signal_connect_object (self->test, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}

const char *
snug_sound_test_button_get_status (SnugSoundTestButton *self)
{
  g_return_val_if_fail (SNUG_IS_SOUND_TEST_BUTTON (self), NULL);
  return self->status;
}
