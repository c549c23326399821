/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-invite-window.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* Narrower than that, one stands below the other. */
#define WIDTH 680
#define NARROW 560

static gboolean
on_escape (GtkWidget *window, GVariant *args, gpointer user_data)
{
  gtk_window_close (GTK_WINDOW (window));

  return TRUE;
}

SnugInvitation *
snug_invite_window_open (GtkWidget *parent, const char *room, const char *address, gboolean hosted, gboolean on_network)
{
  GtkWidget *root;
  GtkWidget *window;
  GtkWidget *header;
  GtkWidget *box;
  GtkWidget *scroller;
  GtkWidget *invitation;
  GtkEventController *keys;
  int width;

  g_return_val_if_fail (GTK_IS_WIDGET (parent), NULL);
  g_return_val_if_fail (room != NULL, NULL);

  root = GTK_WIDGET (gtk_widget_get_root (parent));
  width = root != NULL ? gtk_widget_get_width (root) : 0;
  width = width > 0 ? MIN (WIDTH, width) : WIDTH;
  window = adw_window_new ();
  gtk_window_set_title (GTK_WINDOW (window), _ ("Invite people"));
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (root));
  gtk_window_set_default_size (GTK_WINDOW (window), width, -1);
  gtk_widget_add_css_class (window, "invite-window");

  header = adw_header_bar_new ();
  gtk_widget_add_css_class (header, "flat");
  invitation = g_object_new (SNUG_TYPE_INVITATION, NULL);
  snug_invitation_set_on_network (SNUG_INVITATION (invitation), on_network);
  snug_invitation_set_title (SNUG_INVITATION (invitation), NULL);
  snug_invitation_set_room (SNUG_INVITATION (invitation), room, address, hosted);
  snug_invitation_set_narrow (SNUG_INVITATION (invitation), width < NARROW);
  g_signal_connect_object (invitation, "copied", G_CALLBACK (gtk_window_close), window, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), invitation);
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (box, "stage");
  if (width < NARROW)
    gtk_widget_add_css_class (box, "narrow");
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), scroller);
  adw_window_set_content (ADW_WINDOW (window), box);

  keys = gtk_shortcut_controller_new ();
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                                                          gtk_callback_action_new (on_escape, NULL, NULL)));
  gtk_widget_add_controller (window, keys);
  gtk_window_present (GTK_WINDOW (window));
  snug_invitation_focus_start (SNUG_INVITATION (invitation));

  return SNUG_INVITATION (invitation);
}
