/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-tile-grid.h"

#include "snug-tile-geometry.h"

#include <adwaita.h>

#define MOVE_MILLISECONDS 250

enum
{
  PROP_FILL = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Where a child stood last, so that it can glide to its new place. */
typedef struct
{
  SnugTileRect from;
  SnugTileRect to;
  gboolean placed;
} Place;

struct _SnugTileGrid
{
  GtkLayoutManager parent_instance;

  gboolean fill;
  guint last_n;
  double progress;
  GHashTable *places; /* (element-type GtkWidget Place), keys borrowed */
  AdwAnimation *animation;
};

G_DEFINE_FINAL_TYPE (SnugTileGrid, snug_tile_grid, GTK_TYPE_LAYOUT_MANAGER)

static guint
count_children (GtkWidget *widget)
{
  guint n = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_should_layout (child))
      n++;
  return n;
}

static void
snug_tile_grid_measure (GtkLayoutManager *manager,
                        GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  /* Tiles take what there is. Children are measured all the same: GTK wants it before an allocation. */
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_should_layout (child))
      {
        int ignored;
        gtk_widget_measure (child, orientation, -1, &ignored, NULL, NULL, NULL);
      }
  *minimum = 0;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 640 : 400;
}

static int
between (int from, int to, double progress)
{
  return from + (int) ((to - from) * progress + (to >= from ? 0.5 : -0.5));
}

static void
on_animation_value (double value, gpointer user_data)
{
  SnugTileGrid *self = SNUG_TILE_GRID (user_data);
  GtkWidget *widget = gtk_layout_manager_get_widget (GTK_LAYOUT_MANAGER (self));

  self->progress = value;
  if (widget != NULL)
    gtk_widget_queue_allocate (widget);
}

static void
start_moving (SnugTileGrid *self, GtkWidget *widget)
{
  if (self->animation == NULL)
    {
      AdwAnimationTarget *target = adw_callback_animation_target_new (on_animation_value, self, NULL);
      self->animation = adw_timed_animation_new (widget, 0, 1, MOVE_MILLISECONDS, target);
      adw_timed_animation_set_easing (ADW_TIMED_ANIMATION (self->animation), ADW_EASE_OUT_CUBIC);
    }
  self->progress = 0;
  adw_animation_reset (self->animation);
  self->progress = 0;
  adw_animation_play (self->animation);
}

static gboolean
rect_equal (const SnugTileRect *a, const SnugTileRect *b)
{
  return a->x == b->x && a->y == b->y && a->width == b->width && a->height == b->height;
}

static void
snug_tile_grid_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  SnugTileGrid *self = SNUG_TILE_GRID (manager);
  guint n = count_children (widget);
  gboolean changed = n != self->last_n;
  gboolean moving = FALSE;
  SnugTileRect area = snug_tile_geometry_area (width, height);
  SnugTileGeometry geometry;
  guint index = 0;

  if (n == 0)
    {
      self->last_n = 0;
      return;
    }
  geometry = snug_tile_geometry_compute (area.width, area.height, n, width < SNUG_TILE_NARROW_WIDTH);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      SnugTileRect rect;
      Place *place;

      if (!gtk_widget_should_layout (child))
        continue;
      if (self->fill)
        rect = (SnugTileRect) { 0, 0, width, height };
      else
        {
          rect = snug_tile_geometry_place (&geometry, area.width, area.height, n, index);
          rect.x += area.x;
          rect.y += area.y;
        }
      index++;

      place = g_hash_table_lookup (self->places, child);
      if (place == NULL)
        {
          place = g_new0 (Place, 1);
          g_hash_table_insert (self->places, child, place);
        }
      /* Only people coming and going move tiles; a window that is resized carries them along. */
      if (!place->placed)
        place->from = rect;
      else if (changed && !rect_equal (&place->to, &rect))
        {
          place->from = place->to;
          moving = TRUE;
        }
      else if (!rect_equal (&place->to, &rect))
        place->from = rect;
      place->to = rect;
      place->placed = TRUE;
    }

  self->last_n = n;
  if (moving && adw_get_enable_animations (widget) && gtk_widget_get_mapped (widget))
    start_moving (self, widget);
  else if (changed)
    self->progress = 1;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      const Place *place;

      if (!gtk_widget_should_layout (child))
        continue;
      place = g_hash_table_lookup (self->places, child);
      gtk_widget_size_allocate (child,
                                &(GtkAllocation) {
                                  between (place->from.x, place->to.x, self->progress),
                                  between (place->from.y, place->to.y, self->progress),
                                  MAX (1, between (place->from.width, place->to.width, self->progress)),
                                  MAX (1, between (place->from.height, place->to.height, self->progress)),
                                },
                                -1);
    }
}

/* A tile that is gone must not be found again under a recycled address. */
static void
forget_strangers (SnugTileGrid *self, GtkWidget *widget)
{
  GHashTableIter iter;
  gpointer child;

  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, &child, NULL))
    {
      gboolean found = FALSE;
      for (GtkWidget *c = gtk_widget_get_first_child (widget); c != NULL && !found;
           c = gtk_widget_get_next_sibling (c))
        found = c == child;
      if (!found)
        g_hash_table_iter_remove (&iter);
    }
}

static GtkSizeRequestMode
snug_tile_grid_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  forget_strangers (SNUG_TILE_GRID (manager), widget);
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
snug_tile_grid_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_FILL:
      g_value_set_boolean (value, SNUG_TILE_GRID (object)->fill);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_tile_grid_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_FILL:
      snug_tile_grid_set_fill (SNUG_TILE_GRID (object), g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_tile_grid_unroot (GtkLayoutManager *manager)
{
  SnugTileGrid *self = SNUG_TILE_GRID (manager);

  if (self->animation != NULL)
    adw_animation_skip (self->animation);
  g_clear_object (&self->animation);
}

static void
snug_tile_grid_dispose (GObject *object)
{
  SnugTileGrid *self = SNUG_TILE_GRID (object);

  g_clear_object (&self->animation);
  g_clear_pointer (&self->places, g_hash_table_unref);
  G_OBJECT_CLASS (snug_tile_grid_parent_class)->dispose (object);
}

static void
snug_tile_grid_class_init (SnugTileGridClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  object_class->get_property = snug_tile_grid_get_property;
  object_class->set_property = snug_tile_grid_set_property;
  object_class->dispose = snug_tile_grid_dispose;
  layout_class->get_request_mode = snug_tile_grid_get_request_mode;
  layout_class->measure = snug_tile_grid_measure;
  layout_class->allocate = snug_tile_grid_allocate;
  layout_class->unroot = snug_tile_grid_unroot;

  properties[PROP_FILL] = g_param_spec_boolean ("fill", NULL, NULL, FALSE,
                                                G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
snug_tile_grid_init (SnugTileGrid *self)
{
  self->progress = 1;
  self->places = g_hash_table_new_full (NULL, NULL, NULL, g_free);
}

GtkLayoutManager *
snug_tile_grid_new (void)
{
  return g_object_new (SNUG_TYPE_TILE_GRID, NULL);
}

void
snug_tile_grid_set_fill (SnugTileGrid *self, gboolean fill)
{
  g_return_if_fail (SNUG_IS_TILE_GRID (self));

  fill = !!fill;
  if (self->fill == fill)
    return;
  self->fill = fill;
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILL]);
}

gboolean
snug_tile_grid_get_fill (SnugTileGrid *self)
{
  g_return_val_if_fail (SNUG_IS_TILE_GRID (self), FALSE);
  return self->fill;
}
