/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Talking as long as a key is held: the space bar, or one that works from any window.
 */
#include "config.h"

#include "snug-call-page-private.h"

#include "snug-desktop-window.h"

#include <glib/gi18n.h>

/* On the microphone's button a shorter press is one like any other, and the microphone stays on. */
#define TAP_MICROSECONDS (300 * G_TIME_SPAN_MILLISECOND)

/* Whether a space bar means something else to the widget that has the focus. */
static gboolean
wants_space (SnugCallPage *self, GtkWidget *focus)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (focus == NULL || focus == self->microphone_button)
    return FALSE;
  if (GTK_IS_EDITABLE (focus) || GTK_IS_TEXT_VIEW (focus)
      || gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER) != NULL)
    return TRUE;
  /* A control that the keyboard has gone to is pressed with it; one that only was clicked last is not. */
  return gtk_window_get_focus_visible (GTK_WINDOW (root)) && !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->tiles))
         && focus != GTK_WIDGET (self->self_view);
}

gboolean
snug_call_page_press_space (SnugCallPage *self)
{
  GtkRoot *root;

  g_return_val_if_fail (SNUG_IS_CALL_PAGE (self), FALSE);

  root = gtk_widget_get_root (GTK_WIDGET (self));
  if (self->push_to_talk == NULL || snug_call_get_state (self->call) != SNUG_CALL_JOINED || root == NULL)
    return FALSE;
  if (snug_push_to_talk_get_talking (self->push_to_talk))
    return TRUE;
  if (snug_local_media_get_audio_enabled (snug_call_get_local_media (self->call))
      || wants_space (self, gtk_root_get_focus (root)))
    return FALSE;
  self->space_time = g_get_monotonic_time ();
  snug_push_to_talk_press (self->push_to_talk);
  return TRUE;
}

gboolean
snug_call_page_release_space (SnugCallPage *self)
{
  GtkRoot *root;
  gboolean tap;

  g_return_val_if_fail (SNUG_IS_CALL_PAGE (self), FALSE);

  if (self->push_to_talk == NULL || !snug_push_to_talk_get_talking (self->push_to_talk))
    return FALSE;
  root = gtk_widget_get_root (GTK_WIDGET (self));
  tap = root != NULL && gtk_root_get_focus (root) == self->microphone_button
        && g_get_monotonic_time () - self->space_time < TAP_MICROSECONDS;
  snug_push_to_talk_release (self->push_to_talk, tap);
  return TRUE;
}

static void
on_talk_key_pressed (SnugCallPage *self)
{
  if (self->push_to_talk != NULL && snug_call_get_state (self->call) == SNUG_CALL_JOINED)
    snug_push_to_talk_press (self->push_to_talk);
}

static void
on_talk_key_released (SnugCallPage *self)
{
  if (self->push_to_talk != NULL)
    snug_push_to_talk_release (self->push_to_talk, FALSE);
}

static void
on_handle (const char *handle, gpointer shortcut)
{
  snug_global_shortcut_bind (shortcut, handle);
}

/* Asks for the key while it is wanted in a call, and gives it back after. */
void
snug_call_page_update_talk_key (SnugCallPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  gboolean wanted = self->call != NULL && self->settings != NULL && root != NULL
                    && g_settings_get_boolean (self->settings, "push-to-talk-anywhere");

  if (wanted == (self->talk_key != NULL))
    return;
  g_clear_object (&self->talk_key);
  if (!wanted)
    return;
  /* Translators: what a key does; the desktop asks for the key with it */
  self->talk_key = snug_global_shortcut_new (SNUG_PUSH_TO_TALK_ID, _ ("Push to talk"), "CTRL+space");
  g_signal_connect_object (self->talk_key, "pressed", G_CALLBACK (on_talk_key_pressed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->talk_key, "released", G_CALLBACK (on_talk_key_released), self, G_CONNECT_SWAPPED);
  snug_desktop_window_export (GTK_WINDOW (root), on_handle, self->talk_key);
}
