/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-app-fixture.h"

#include "snug-application.h"
#include "snug-await.h"
#include "snug-engine.h"

GtkApplication *
snug_app_fixture_start (void)
{
  static GtkApplication *application;
  g_autoptr (GError) error = NULL;

  if (application != NULL)
    return application;
  snug_engine_init (&error);
  g_assert_no_error (error);
  application = GTK_APPLICATION (snug_application_new ());
  g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
  return application;
}

SnugDevices *
snug_app_fixture_get_devices (void)
{
  static SnugDevices *devices;

  if (devices == NULL)
    {
      g_autoptr (GSettings) settings = g_settings_new ("io.github.snugcalls.Snug");

      snug_app_fixture_start ();
      devices = snug_devices_new (settings, TRUE);
    }
  return devices;
}

static void
on_frame (GdkFrameClock *clock, guint *frames)
{
  (*frames)++;
}

GtkWidget *
snug_app_fixture_show (GtkWidget *page, int width, int height)
{
  GtkWidget *window = adw_window_new ();
  guint frames = 0;
  GdkFrameClock *clock;
  gulong handler;

  adw_window_set_content (ADW_WINDOW (window), page);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_present (GTK_WINDOW (window));
  clock = gtk_widget_get_frame_clock (window);
  handler = g_signal_connect (clock, "after-paint", G_CALLBACK (on_frame), &frames);
  snug_await (frames > 0 && gtk_widget_get_width (page) > 0);
  snug_await_idle ();
  /* What the first layout has changed is laid out too. */
  frames = 0;
  gtk_widget_queue_draw (window);
  snug_await (frames > 0);
  g_signal_handler_disconnect (clock, handler);
  return window;
}

void
snug_app_fixture_close (GtkWidget *window)
{
  gtk_window_destroy (GTK_WINDOW (window));
  snug_await_idle ();
}

static gboolean
has_text (GtkWidget *widget, const char *text)
{
  const char *found = NULL;

  if (text == NULL)
    return TRUE;
  if (GTK_IS_LABEL (widget))
    found = gtk_label_get_text (GTK_LABEL (widget));
  else if (GTK_IS_BUTTON (widget))
    found = gtk_button_get_label (GTK_BUTTON (widget)) != NULL ? gtk_button_get_label (GTK_BUTTON (widget))
                                                               : gtk_button_get_icon_name (GTK_BUTTON (widget));
  else if (ADW_IS_PREFERENCES_ROW (widget))
    found = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget));
  return g_strcmp0 (found, text) == 0;
}

GtkWidget *
snug_app_fixture_find (GtkWidget *root, GType type, const char *text)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type) && has_text (root, text))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = snug_app_fixture_find (child, type, text);
      if (found != NULL)
        return found;
    }
  return NULL;
}

gboolean
snug_app_fixture_sees (GtkWidget *root, const char *text)
{
  if (!gtk_widget_get_mapped (root))
    return FALSE;
  if (GTK_IS_LABEL (root) && has_text (root, text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (snug_app_fixture_sees (child, text))
      return TRUE;
  return FALSE;
}

static guint
count_colours (GdkTexture *texture)
{
  int width = gdk_texture_get_width (texture);
  int height = gdk_texture_get_height (texture);
  gsize stride = (gsize) width * 4;
  g_autofree guchar *pixels = g_malloc (stride * (gsize) height);
  g_autoptr (GHashTable) colours = g_hash_table_new (NULL, NULL);

  gdk_texture_download (texture, pixels, stride);
  for (int y = 0; y < height; y += 8)
    for (int x = 0; x < width; x += 8)
      {
        guint32 pixel;

        memcpy (&pixel, pixels + (gsize) y * stride + (gsize) x * 4, sizeof pixel);
        g_hash_table_add (colours, GUINT_TO_POINTER (pixel));
      }
  return g_hash_table_size (colours);
}

typedef struct
{
  GtkWidget *widget;
  GdkPaintable *paintable;
  GskRenderNode *node;
} Picture;

/* Right after a frame is painted, what was painted is still there. */
static void
take_picture (GdkFrameClock *clock, Picture *picture)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();

  g_clear_pointer (&picture->node, gsk_render_node_unref);
  gdk_paintable_snapshot (picture->paintable, snapshot,
                          gtk_widget_get_width (picture->widget), gtk_widget_get_height (picture->widget));
  picture->node = gtk_snapshot_free_to_node (snapshot);
}

guint
snug_app_fixture_draw (GtkWidget *widget, const char *name)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  Picture picture = { widget, paintable, NULL };
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
  gulong handler = g_signal_connect (clock, "after-paint", G_CALLBACK (take_picture), &picture);
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  const char *folder = g_getenv ("SNUG_SCREENSHOTS");

  gtk_widget_queue_draw (widget);
  snug_await (picture.node != NULL);
  g_signal_handler_disconnect (clock, handler);
  node = picture.node;
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)), node, NULL);
  if (folder != NULL)
    {
      g_autofree char *file = g_strdup_printf ("%s/%s.png", folder, name);
      g_assert_true (gdk_texture_save_to_png (texture, file));
    }
  return count_colours (texture);
}

static const struct
{
  const char *name;
  int width;
  int height;
} sizes[] = { { "wide", 1080, 700 }, { "narrow", 360, 720 } };

void
snug_app_fixture_set_dark (gboolean dark)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      dark ? ADW_COLOR_SCHEME_FORCE_DARK : ADW_COLOR_SCHEME_FORCE_LIGHT);
}

void
snug_app_fixture_draw_everywhere (const char *name, GtkWidget *(*make) (void))
{
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (int dark = 0; dark <= 1; dark++)
      {
        g_autofree char *file = g_strdup_printf ("%s-%s-%s", name, sizes[i].name, dark ? "dark" : "light");
        GtkWidget *page, *window;

        snug_app_fixture_set_dark (dark);
        page = make ();
        window = snug_app_fixture_show (page, sizes[i].width, sizes[i].height);
        g_assert_cmpint (gtk_widget_get_width (page), <=, sizes[i].width);
        g_assert_cmpuint (snug_app_fixture_draw (window, file), >, 2);
        g_object_add_weak_pointer (G_OBJECT (page), (gpointer *) &page);
        snug_app_fixture_close (window);
        snug_await (page == NULL);
      }
  snug_app_fixture_set_dark (FALSE);
}
