/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-page-header.h"

/* As wide as the window has to be for all of its buttons, pixels. */
#define WIDTH_FOR_ALL 480

/* After the window has laid itself out. */
static void
on_layout (GtkWidget *header)
{
  gboolean narrow = gtk_widget_get_width (GTK_WIDGET (gtk_widget_get_root (header))) < WIDTH_FOR_ALL;

  /* Each time it is set it asks for another layout. */
  if (narrow != (adw_header_bar_get_decoration_layout (ADW_HEADER_BAR (header)) != NULL))
    adw_header_bar_set_decoration_layout (ADW_HEADER_BAR (header), narrow ? ":close" : NULL);
}

static void
on_realize (GtkWidget *header)
{
  g_signal_connect_object (gtk_native_get_surface (gtk_widget_get_native (header)), "layout", G_CALLBACK (on_layout), header,
                           G_CONNECT_SWAPPED);
}

static void
on_unrealize (GtkWidget *header)
{
  g_signal_handlers_disconnect_by_func (gtk_native_get_surface (gtk_widget_get_native (header)), on_layout, header);
}

void
snug_page_header_follow_window (AdwHeaderBar *header)
{
  g_return_if_fail (ADW_IS_HEADER_BAR (header));

  g_signal_connect (header, "realize", G_CALLBACK (on_realize), NULL);
  g_signal_connect (header, "unrealize", G_CALLBACK (on_unrealize), NULL);
}
