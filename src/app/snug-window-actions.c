/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What keys and menus do, on whichever page is shown.
 */
#include "config.h"

#include "snug-window-private.h"

#include <glib/gi18n.h>

/* A key that reached the window, with nothing on the way that wanted it. */
static gboolean
key_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  SnugWindow *self = SNUG_WINDOW (widget);
  const char *call_action, *lobby_action;

  g_variant_get (args, "(&s&s)", &call_action, &lobby_action);
  if (gtk_stack_get_visible_child (self->stack) == GTK_WIDGET (self->call_page))
    return gtk_widget_activate_action (GTK_WIDGET (self->call_page), call_action, NULL);
  if (gtk_stack_get_visible_child (self->stack) == GTK_WIDGET (self->lobby) && *lobby_action != '\0')
    return gtk_widget_activate_action (GTK_WIDGET (self->lobby), lobby_action, NULL);
  return FALSE;
}

/* Ctrl and an arrow. Not a binding: a window's own ones for these keys come first, and move the focus. */
gboolean
snug_window_press_arrow (SnugWindow *self, guint keyval)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  int direction;

  switch (keyval)
    {
    case GDK_KEY_Left:
      direction = GTK_DIR_LEFT;
      break;
    case GDK_KEY_Right:
      direction = GTK_DIR_RIGHT;
      break;
    case GDK_KEY_Up:
      direction = GTK_DIR_UP;
      break;
    case GDK_KEY_Down:
      direction = GTK_DIR_DOWN;
      break;
    default:
      return FALSE;
    }
  /* In a text these go from word to word. */
  if (focus != NULL && (GTK_IS_EDITABLE (focus) || GTK_IS_TEXT_VIEW (focus)))
    return FALSE;
  return gtk_widget_activate_action (GTK_WIDGET (self->call_page), "call.move-own-picture", "i", direction);
}

static void
toggle_fullscreen_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  if (gtk_window_is_fullscreen (GTK_WINDOW (widget)))
    gtk_window_unfullscreen (GTK_WINDOW (widget));
  else
    gtk_window_fullscreen (GTK_WINDOW (widget));
}

static void
small_window_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  snug_window_enter_small_window (SNUG_WINDOW (widget));
}

static void
preferences_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  snug_window_show_preferences (SNUG_WINDOW (widget),
                                g_str_equal (action, "win.preferences-devices") ? "devices" : NULL);
}

static void
connect_by_hand_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  snug_window_connect_by_hand (SNUG_WINDOW (widget));
}

static void
doctor_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  snug_window_show_doctor (SNUG_WINDOW (widget), g_str_equal (action, "win.doctor-of-call"));
}

static void
about_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  adw_show_about_window (GTK_WINDOW (widget),
                         "application-name", "Snug",
                         "application-icon", SNUG_APP_ID,
                         "version", SNUG_VERSION,
                         "developer-name", _ ("The Snug contributors"),
                         "comments", _ ("Private audio and video calls by room name."),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         NULL);
}

void
snug_window_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.toggle-fullscreen", NULL, toggle_fullscreen_action);
  gtk_widget_class_install_action (widget_class, "win.small-window", NULL, small_window_action);
  gtk_widget_class_install_action (widget_class, "win.preferences", NULL, preferences_action);
  gtk_widget_class_install_action (widget_class, "win.preferences-devices", NULL, preferences_action);
  gtk_widget_class_install_action (widget_class, "win.connect-by-hand", NULL, connect_by_hand_action);
  gtk_widget_class_install_action (widget_class, "win.doctor", NULL, doctor_action);
  gtk_widget_class_install_action (widget_class, "win.doctor-of-call", NULL, doctor_action);
  gtk_widget_class_install_action (widget_class, "win.about", NULL, about_action);

  /* In the bubble phase: what is typed into a text never gets here. */
  gtk_widget_class_add_binding (widget_class, GDK_KEY_m, 0, key_cb, "(ss)", "call.toggle-microphone",
                                "lobby.toggle-microphone");
  gtk_widget_class_add_binding (widget_class, GDK_KEY_v, 0, key_cb, "(ss)", "call.toggle-camera",
                                "lobby.toggle-camera");
  gtk_widget_class_add_binding (widget_class, GDK_KEY_c, 0, key_cb, "(ss)", "call.toggle-chat", "");
  gtk_widget_class_add_binding (widget_class, GDK_KEY_i, 0, key_cb, "(ss)", "call.toggle-connection", "");
  gtk_widget_class_add_binding (widget_class, GDK_KEY_s, 0, key_cb, "(ss)", "call.toggle-share", "");
  gtk_widget_class_add_binding (widget_class, GDK_KEY_h, 0, key_cb, "(ss)", "call.toggle-hand", "");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_p, 0, "win.small-window", NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_g, 0, key_cb, "(ss)", "call.toggle-layout", "");
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, key_cb, "(ss)", "call.close-panel", "");
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F6, 0, key_cb, "(ss)", "call.next-region", "");
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F6, GDK_SHIFT_MASK, key_cb, "(ss)", "call.previous-region", "");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F11, 0, "win.toggle-fullscreen", NULL);
}
