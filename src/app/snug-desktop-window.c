/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-desktop-window.h"

#ifdef GDK_WINDOWING_WAYLAND
#include <gdk/wayland/gdkwayland.h>
#endif
#if defined (GDK_WINDOWING_X11) && defined (HAVE_X11)
#include <gdk/x11/gdkx.h>
#define WITH_X11
#endif

#ifdef GDK_WINDOWING_WAYLAND
typedef struct
{
  SnugDesktopWindowFunc func;
  GObject *object;
} Export;

static void
export_free (gpointer data)
{
  Export *export = data;

  g_object_unref (export->object);
  g_free (export);
}

static void
on_exported (GdkToplevel *toplevel, const char *handle, gpointer data)
{
  Export *export = data;
  g_autofree char *name = g_strdup_printf ("wayland:%s", handle);

  /* A surface is exported once; the name stays good as long as the surface. */
  g_object_set_data_full (G_OBJECT (toplevel), "snug-handle", g_strdup (name), g_free);
  export->func (name, export->object);
}

static void
export_wayland (GdkSurface *surface, SnugDesktopWindowFunc func, gpointer object)
{
  const char *known = g_object_get_data (G_OBJECT (surface), "snug-handle");
  Export *export;

  if (known != NULL)
    {
      func (known, object);
      return;
    }
  export = g_new0 (Export, 1);
  export->func = func;
  export->object = g_object_ref (object);
  if (!gdk_wayland_toplevel_export_handle (GDK_TOPLEVEL (surface), on_exported, export, export_free))
    func (NULL, object);
}
#endif

void
snug_desktop_window_export (GtkWindow *window, SnugDesktopWindowFunc func, gpointer object)
{
  GdkSurface *surface;

  g_return_if_fail (GTK_IS_WINDOW (window));
  g_return_if_fail (func != NULL);

  surface = gtk_native_get_surface (GTK_NATIVE (window));
#ifdef GDK_WINDOWING_WAYLAND
  if (GDK_IS_WAYLAND_TOPLEVEL (surface))
    {
      export_wayland (surface, func, object);
      return;
    }
#endif
#ifdef WITH_X11
  if (GDK_IS_X11_SURFACE (surface))
    {
      g_autofree char *name = g_strdup_printf ("x11:%lx", gdk_x11_surface_get_xid (surface));

      func (name, object);
      return;
    }
#endif
  func (NULL, object);
}

gboolean
snug_desktop_window_keep_above (GtkWindow *window)
{
#ifdef WITH_X11
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (window));

  if (surface != NULL && GDK_IS_X11_SURFACE (surface))
    {
      GdkDisplay *display = gdk_surface_get_display (surface);
      Display *xdisplay = gdk_x11_display_get_xdisplay (display);
      XEvent event = { 0 };

      /* EWMH, _NET_WM_STATE: 1 adds, and the request comes from a normal application. */
      event.xclient.type = ClientMessage;
      event.xclient.window = gdk_x11_surface_get_xid (surface);
      event.xclient.message_type = gdk_x11_get_xatom_by_name_for_display (display, "_NET_WM_STATE");
      event.xclient.format = 32;
      event.xclient.data.l[0] = 1;
      event.xclient.data.l[1] = (long) gdk_x11_get_xatom_by_name_for_display (display, "_NET_WM_STATE_ABOVE");
      event.xclient.data.l[3] = 1;
      XSendEvent (xdisplay, gdk_x11_display_get_xrootwindow (display), False,
                  SubstructureRedirectMask | SubstructureNotifyMask, &event);
      return TRUE;
    }
#endif
  return FALSE;
}
