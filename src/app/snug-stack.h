/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which page of a stack is shown, for assistive technology too: GTK 4.8 tells it about every page that is merely
 * not on top, so those are hidden.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

static inline void
snug_stack_show (GtkStack *stack, GtkWidget *page)
{
  gtk_widget_set_visible (page, TRUE);
  gtk_stack_set_visible_child (stack, page);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (stack)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (child != page)
      gtk_widget_set_visible (child, FALSE);
}

static inline void
snug_stack_show_name (GtkStack *stack, const char *name)
{
  GtkWidget *page = gtk_stack_get_child_by_name (stack, name);

  g_return_if_fail (page != NULL);
  snug_stack_show (stack, page);
}

G_END_DECLS
