/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * QR codes: drawn in several sizes, and read by another program.
 */
#include "config.h"

#include "snug-qr-code.h"

#include <glib/gstdio.h>
#include <gtk/gtk.h>
#include <string.h>

#define QUIET_ZONE 4

static cairo_surface_t *
draw (GdkPaintable *paintable, int width, int height)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderNode *node;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create (surface);

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  gsk_render_node_draw (node, cr);
  gsk_render_node_unref (node);
  cairo_destroy (cr);
  cairo_surface_flush (surface);

  return surface;
}

static gboolean
is_white (cairo_surface_t *surface, int x, int y)
{
  const guint8 *row = cairo_image_surface_get_data (surface) + y * cairo_image_surface_get_stride (surface);
  guint32 pixel;

  memcpy (&pixel, row + 4 * x, sizeof pixel);
  return (pixel & 0xffffff) == 0xffffff;
}

/* Returns: (transfer full) (nullable): what the other program reads. */
static char *
read_code (cairo_surface_t *surface, const char *reader)
{
  g_autofree char *folder = g_dir_make_tmp ("snug-qr-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "code.png", NULL);
  const char *argv[] = { reader, "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", path, NULL };
  char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (cairo_surface_write_to_png (surface, path), ==, CAIRO_STATUS_SUCCESS);
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &text, NULL, NULL, &error);
  g_assert_no_error (error);
  g_unlink (path);
  g_rmdir (folder);

  return text != NULL ? g_strchomp (text) : NULL;
}

static void
test_drawn (void)
{
  g_autoptr (GdkPaintable) code = snug_qr_code_new ("https://meet.example.org/r#velvet-otter-maple-anchor-noble");
  static const int sizes[] = { 174, 200, 331, 640 };

  if (code == NULL)
    {
      g_test_skip ("built without libqrencode");
      return;
    }
  g_assert_cmpint (gdk_paintable_get_intrinsic_width (code), ==, gdk_paintable_get_intrinsic_height (code));
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      int side = sizes[i];
      cairo_surface_t *surface = draw (code, side, side);
      int module = side / (int) snug_qr_code_get_full_size (SNUG_QR_CODE (code));
      gboolean dark = FALSE;

      for (int at = 0; at < side; at++)
        for (int depth = 0; depth < QUIET_ZONE * module; depth++)
          {
            g_assert_true (is_white (surface, at, depth));
            g_assert_true (is_white (surface, depth, at));
            g_assert_true (is_white (surface, at, side - 1 - depth));
            g_assert_true (is_white (surface, side - 1 - depth, at));
          }
      for (int at = 0; at < side; at++)
        dark |= !is_white (surface, at, side / 2);
      g_assert_true (dark);
      cairo_surface_destroy (surface);
    }
}

static void
test_read (void)
{
  g_autofree char *reader = g_find_program_in_path ("zbarimg");
  g_autofree char *longest = g_strnfill (SNUG_QR_CODE_MAX_BYTES, 'x');
  const char *texts[] = { "snug://garden", "https://meet.example.org/r#caf%C3%A9", longest };

  if (reader == NULL)
    {
      g_test_skip ("no zbarimg");
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GdkPaintable) code = snug_qr_code_new (texts[i]);
      cairo_surface_t *surface;
      g_autofree char *text = NULL;

      if (code == NULL)
        {
          g_test_skip ("built without libqrencode");
          return;
        }
      surface = draw (code, gdk_paintable_get_intrinsic_width (code), gdk_paintable_get_intrinsic_height (code));
      text = read_code (surface, reader);
      g_assert_cmpstr (text, ==, texts[i]);
      cairo_surface_destroy (surface);
    }
}

static void
test_too_long (void)
{
  g_autofree char *text = g_strnfill (SNUG_QR_CODE_MAX_BYTES + 1, 'x');

  g_assert_null (snug_qr_code_new (text));
  g_assert_null (snug_qr_code_new (""));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();

  g_test_add_func ("/app/qr-code/drawn", test_drawn);
  g_test_add_func ("/app/qr-code/read", test_read);
  g_test_add_func ("/app/qr-code/too-long", test_too_long);

  return g_test_run ();
}
