/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-small-window.h"

#include "snug-tile-person.h"

#include <glib/gi18n.h>

enum
{
  RETURN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _SnugSmallWindow
{
  GtkWindow parent_instance;

  /* Template widgets */
  GtkOverlay *overlay;
  GtkWidget *microphone_button;
  GtkWidget *return_button;

  /* Owned */
  SnugCall *call;
  SnugSpotlight *spotlight;

  gpointer shown; /* only compared */
  gboolean shown_screen;
};

G_DEFINE_FINAL_TYPE (SnugSmallWindow, snug_small_window, GTK_TYPE_WINDOW)

static void
show_tile (SnugSmallWindow *self)
{
  GListModel *peers = snug_call_get_peers (self->call);
  gboolean screen = FALSE;
  g_autoptr (GObject) first = g_list_model_get_item (peers, 0);
  g_autoptr (GObject) speaker = NULL;
  gpointer person = snug_spotlight_get_lead (self->spotlight, &screen);
  GtkWidget *tile;

  g_object_get (self->spotlight, "speaker", &speaker, NULL);
  if (person == NULL)
    {
      person = speaker != NULL ? speaker : first;
      screen = FALSE;
    }
  if (person == self->shown && screen == self->shown_screen && gtk_overlay_get_child (self->overlay) != NULL)
    return;
  self->shown = person;
  self->shown_screen = screen;
  tile = person != NULL ? snug_tile_person_new (person, G_OBJECT (self->call), screen)
                        : snug_tile_person_new_own (snug_call_get_local_media (self->call),
                                                    snug_call_get_display_name (self->call));
  gtk_overlay_set_child (self->overlay, tile);
}

static void
update_microphone (SnugSmallWindow *self)
{
  gboolean on = snug_local_media_get_audio_enabled (snug_call_get_local_media (self->call));
  const char *name = on ? _ ("Turn microphone off") : _ ("Turn microphone on");
  g_autofree char *tooltip = g_strdup_printf ("%s (M)", name);

  gtk_button_set_icon_name (GTK_BUTTON (self->microphone_button),
                            on ? "audio-input-microphone-symbolic" : "microphone-disabled-symbolic");
  if (on)
    gtk_widget_remove_css_class (self->microphone_button, "off");
  else
    gtk_widget_add_css_class (self->microphone_button, "off");
  gtk_widget_set_tooltip_text (self->microphone_button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->microphone_button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
microphone_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugLocalMedia *media = snug_call_get_local_media (SNUG_SMALL_WINDOW (widget)->call);

  snug_local_media_set_audio_enabled (media, !snug_local_media_get_audio_enabled (media));
}

static void
leave_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  snug_call_leave (SNUG_SMALL_WINDOW (widget)->call);
}

static void
return_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_signal_emit (widget, signals[RETURN], 0);
}

static gboolean
snug_small_window_close_request (GtkWindow *window)
{
  g_signal_emit (window, signals[RETURN], 0);
  return TRUE;
}

static void
snug_small_window_dispose (GObject *object)
{
  SnugSmallWindow *self = SNUG_SMALL_WINDOW (object);

  g_clear_object (&self->spotlight);
  g_clear_object (&self->call);
  G_OBJECT_CLASS (snug_small_window_parent_class)->dispose (object);
}

static void
snug_small_window_class_init (SnugSmallWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = snug_small_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = snug_small_window_close_request;
  signals[RETURN] = g_signal_new ("return", SNUG_TYPE_SMALL_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-small-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugSmallWindow, overlay);
  gtk_widget_class_bind_template_child (widget_class, SnugSmallWindow, microphone_button);
  gtk_widget_class_bind_template_child (widget_class, SnugSmallWindow, return_button);
  gtk_widget_class_install_action (widget_class, "small.toggle-microphone", NULL, microphone_action);
  gtk_widget_class_install_action (widget_class, "small.leave", NULL, leave_action);
  gtk_widget_class_install_action (widget_class, "small.return", NULL, return_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_m, 0, "small.toggle-microphone", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_p, 0, "small.return", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "small.return", NULL);
}

static void
snug_small_window_init (SnugSmallWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
snug_small_window_new (GtkApplication *application, SnugCall *call, SnugSpotlight *spotlight)
{
  SnugSmallWindow *self;
  g_autofree char *title = NULL;

  g_return_val_if_fail (SNUG_IS_CALL (call), NULL);
  g_return_val_if_fail (SNUG_IS_SPOTLIGHT (spotlight), NULL);

  /* Translators: a room name, in the title of a window */
  title = g_strdup_printf (_ ("%s in a small window"), snug_call_get_room (call));
  self = g_object_new (SNUG_TYPE_SMALL_WINDOW, "application", application, "title", title, NULL);
  self->call = g_object_ref (call);
  self->spotlight = g_object_ref (spotlight);
  g_signal_connect_object (spotlight, "changed", G_CALLBACK (show_tile), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (spotlight, "notify::speaker", G_CALLBACK (show_tile), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (snug_call_get_peers (call), "items-changed", G_CALLBACK (show_tile), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (snug_call_get_local_media (call), "notify::audio-enabled", G_CALLBACK (update_microphone),
                           self, G_CONNECT_SWAPPED);
  show_tile (self);
  update_microphone (self);
  gtk_widget_grab_focus (self->return_button);
  return GTK_WINDOW (self);
}
