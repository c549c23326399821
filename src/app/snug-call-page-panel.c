/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The panel beside the stage, and the focus that goes around.
 */
#include "config.h"

#include "snug-call-page-private.h"

#include "snug-stack.h"

#include <glib/gi18n.h>

#define PANEL_MILLISECONDS 220

static void
on_panel_value (double value, gpointer user_data)
{
  SnugCallPage *self = SNUG_CALL_PAGE (user_data);
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  if (layout != NULL)
    snug_split_layout_set_reveal (SNUG_SPLIT_LAYOUT (layout), value);
}

/* Out of sight is out of reach, for assistive technology too. */
static void
on_panel_done (SnugCallPage *self)
{
  if (self->panel_shown == SNUG_PANEL_NONE)
    gtk_widget_set_visible (self->panel, FALSE);
}

static void
slide_panel (SnugCallPage *self, gboolean in)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  double now = snug_split_layout_get_reveal (SNUG_SPLIT_LAYOUT (layout));

  if (in)
    gtk_widget_set_visible (self->panel, TRUE);
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      snug_split_layout_set_reveal (SNUG_SPLIT_LAYOUT (layout), in ? 1 : 0);
      on_panel_done (self);
      return;
    }
  if (self->panel_animation == NULL)
    {
      AdwAnimationTarget *target = adw_callback_animation_target_new (on_panel_value, self, NULL);
      self->panel_animation = adw_timed_animation_new (GTK_WIDGET (self), 0, 1, PANEL_MILLISECONDS, target);
      adw_timed_animation_set_easing (ADW_TIMED_ANIMATION (self->panel_animation), ADW_EASE_OUT_CUBIC);
      g_signal_connect_object (self->panel_animation, "done", G_CALLBACK (on_panel_done), self, G_CONNECT_SWAPPED);
    }
  adw_animation_pause (self->panel_animation);
  adw_timed_animation_set_value_from (ADW_TIMED_ANIMATION (self->panel_animation), now);
  adw_timed_animation_set_value_to (ADW_TIMED_ANIMATION (self->panel_animation), in ? 1 : 0);
  adw_animation_play (self->panel_animation);
}

/* The button that opened the panel that is shown; where it stands in the menu, that of the menu. */
static GtkWidget *
get_opener (SnugCallPage *self, SnugPanel panel)
{
  if (panel == SNUG_PANEL_CHAT)
    return self->chat_button;
  return snug_call_page_get_narrow (self) ? self->more_button : self->connection_button;
}

static void
set_panel_title (SnugCallPage *self, const char *title)
{
  adw_window_title_set_title (self->panel_title, title);
  gtk_label_set_label (self->panel_heading, title);
}

void
snug_call_page_show_panel (SnugCallPage *self, SnugPanel panel)
{
  SnugPanel before = self->panel_shown;

  if (before == panel)
    return;
  self->panel_shown = panel;
  snug_chat_panel_set_open (self->chat_panel, panel == SNUG_PANEL_CHAT);
  switch (panel)
    {
    case SNUG_PANEL_CHAT:
      snug_stack_show (self->panel_stack, GTK_WIDGET (self->chat_panel));
      set_panel_title (self, _ ("Chat"));
      /* What the toast says can be read here. */
      snug_call_page_dismiss_toast (self, TRUE);
      snug_call_page_name_button (self->panel_close, _ ("Close chat panel"), "Esc");
      break;
    case SNUG_PANEL_CONNECTION:
      snug_stack_show (self->panel_stack, GTK_WIDGET (self->stats_panel));
      set_panel_title (self, _ ("Connection"));
      snug_call_page_name_button (self->panel_close, _ ("Close connection panel"), "Esc");
      break;
    case SNUG_PANEL_NONE:
    default:
      break;
    }
  slide_panel (self, panel != SNUG_PANEL_NONE);
  snug_call_page_update (self);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (panel == SNUG_PANEL_CHAT)
    snug_chat_panel_focus_composer (self->chat_panel);
  else if (panel == SNUG_PANEL_CONNECTION)
    gtk_widget_child_focus (GTK_WIDGET (self->stats_panel), GTK_DIR_TAB_FORWARD);
  else
    gtk_widget_grab_focus (get_opener (self, before));
}

/* F6: header, tiles, self view, bar, panel, and round again. */
void
snug_call_page_go_to_region (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugCallPage *self = SNUG_CALL_PAGE (widget);
  GtkWidget *regions[] = { GTK_WIDGET (self->header), GTK_WIDGET (self->tiles), GTK_WIDGET (self->self_view),
                           self->bar, self->panel };
  int n = G_N_ELEMENTS (regions);
  int step = g_str_equal (action, "call.next-region") ? 1 : n - 1;
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  int now = step == 1 ? n - 1 : 0;

  for (int i = 0; i < n; i++)
    if (focus != NULL && (focus == regions[i] || gtk_widget_is_ancestor (focus, regions[i])))
      now = i;
  for (int i = 1; i <= n; i++)
    {
      GtkWidget *region = regions[(now + i * step) % n];

      if (gtk_widget_get_mapped (region)
          && (gtk_widget_get_focusable (region) ? gtk_widget_grab_focus (region)
                                                : gtk_widget_child_focus (region, GTK_DIR_TAB_FORWARD)))
        break;
    }
  if (root != NULL)
    gtk_window_set_focus_visible (GTK_WINDOW (root), TRUE);
}
