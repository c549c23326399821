/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-toast.h"

#include <glib/gi18n.h>

static void
name_buttons (GtkWidget *toast)
{
  for (GtkWidget *child = gtk_widget_get_first_child (toast); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      if (!GTK_IS_BUTTON (child))
        continue;
      if (gtk_button_get_icon_name (GTK_BUTTON (child)) != NULL)
        gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Dismiss"), -1);
      else
        /* The button has its label's text as a name; the label, for its mnemonic, adds itself. */
        gtk_accessible_reset_relation (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
    }
}

static void
on_children (GListModel *children, guint position, guint removed, guint added, gpointer user_data)
{
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (GtkWidget) child = g_list_model_get_item (children, position + i);

      if (g_str_equal (G_OBJECT_TYPE_NAME (child), "AdwToastWidget"))
        name_buttons (child);
    }
}

void
snug_toast_name_buttons (AdwToastOverlay *toasts)
{
  GListModel *children;

  g_return_if_fail (ADW_IS_TOAST_OVERLAY (toasts));

  children = gtk_widget_observe_children (GTK_WIDGET (toasts));
  g_signal_connect (children, "items-changed", G_CALLBACK (on_children), NULL);
  g_object_set_data_full (G_OBJECT (toasts), "snug-toast-children", children, g_object_unref);
}

AdwToast *
snug_toast_new (const char *sentence, guint seconds)
{
  g_autofree char *escaped = NULL;
  AdwToast *toast;

  g_return_val_if_fail (sentence != NULL, NULL);

  escaped = g_markup_escape_text (sentence, -1);
  toast = adw_toast_new (escaped);
  adw_toast_set_timeout (toast, seconds);
  return toast;
}

void
snug_toast_say (AdwToastOverlay *toasts, const char *sentence, guint seconds)
{
  AdwToast *toast;

  g_return_if_fail (ADW_IS_TOAST_OVERLAY (toasts));

  snug_toast_unsay (toasts);
  toast = snug_toast_new (sentence, seconds);
  g_object_set_data_full (G_OBJECT (toasts), "snug-toast-said", g_object_ref (toast), g_object_unref);
  adw_toast_overlay_add_toast (toasts, toast);
}

void
snug_toast_unsay (AdwToastOverlay *toasts)
{
  AdwToast *toast;

  g_return_if_fail (ADW_IS_TOAST_OVERLAY (toasts));

  toast = g_object_get_data (G_OBJECT (toasts), "snug-toast-said");
  if (toast == NULL)
    return;
  adw_toast_dismiss (toast);
  g_object_set_data (G_OBJECT (toasts), "snug-toast-said", NULL);
}
