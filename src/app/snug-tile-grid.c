/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-tile-grid.h"

#include "snug-tile-geometry.h"

#include <adwaita.h>

#define MOVE_MILLISECONDS 250

/* Where a child stood last, so that it can glide to its new place. */
typedef struct
{
  SnugTileRect from;
  SnugTileRect to;
} Place;

struct _SnugTileGrid
{
  GtkLayoutManager parent_instance;

  SnugTileGridMode mode;
  GtkWidget *lead;    /* borrowed: a child */
  gboolean rearrange; /* the mode or who leads has changed since the last allocation */
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

/* Where each child belongs, in the order of the children. */
static void
arrange (SnugTileGrid *self, GtkWidget *widget, int width, int height, guint n, SnugTileRect *rects)
{
  SnugTileRect area = snug_tile_geometry_area (width, height);
  gboolean narrow = width < SNUG_TILE_NARROW_WIDTH;
  gboolean leads = self->mode == SNUG_TILE_GRID_LEAD && self->lead != NULL && gtk_widget_should_layout (self->lead);
  SnugTileSpeaker speaker = snug_tile_geometry_speaker (area.width, area.height, n - 1, narrow);
  SnugTileGeometry equal = snug_tile_geometry_compute (area.width, area.height, n, narrow);
  guint index = 0;
  guint other = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      SnugTileRect rect;

      if (!gtk_widget_should_layout (child))
        continue;
      if (self->mode == SNUG_TILE_GRID_FILL)
        rect = (SnugTileRect) { -area.x, -area.y, width, height };
      else if (leads && child == self->lead)
        rect = speaker.lead;
      else if (leads)
        {
          rect = snug_tile_geometry_place (&speaker.strip, speaker.strip_area.width, speaker.strip_area.height, n - 1,
                                           other++);
          rect.x += speaker.strip_area.x;
          rect.y += speaker.strip_area.y;
        }
      else
        rect = snug_tile_geometry_place (&equal, area.width, area.height, n, index);
      rect.x += area.x;
      rect.y += area.y;
      if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
        rect.x = width - rect.x - rect.width;
      rects[index++] = rect;
    }
}

/* Where the child goes from here. Returns: whether it has a way to go. */
static gboolean
send_to (SnugTileGrid *self, GtkWidget *child, const SnugTileRect *rect, gboolean changed)
{
  Place *place = g_hash_table_lookup (self->places, child);
  gboolean moving = FALSE;

  if (place == NULL)
    {
      place = g_new0 (Place, 1);
      place->from = place->to = *rect;
      g_hash_table_insert (self->places, child, place);
    }
  /* Only people coming and going, and another who leads, move tiles; a window that is resized carries them along. */
  if (!rect_equal (&place->to, rect))
    {
      moving = changed;
      place->from = changed ? place->to : *rect;
      place->to = *rect;
    }
  return moving;
}

static void
snug_tile_grid_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  SnugTileGrid *self = SNUG_TILE_GRID (manager);
  guint n = count_children (widget);
  gboolean changed = n != self->last_n || self->rearrange;
  gboolean moving = FALSE;
  g_autofree SnugTileRect *rects = g_new (SnugTileRect, MAX (1, n));
  guint index = 0;

  self->last_n = n;
  self->rearrange = FALSE;
  if (n == 0)
    return;

  arrange (self, widget, width, height, n, rects);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_should_layout (child))
      moving |= send_to (self, child, &rects[index++], changed);

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
      if (found)
        continue;
      if (child == self->lead)
        self->lead = NULL;
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

  object_class->dispose = snug_tile_grid_dispose;
  layout_class->get_request_mode = snug_tile_grid_get_request_mode;
  layout_class->measure = snug_tile_grid_measure;
  layout_class->allocate = snug_tile_grid_allocate;
  layout_class->unroot = snug_tile_grid_unroot;
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
snug_tile_grid_set_mode (SnugTileGrid *self, SnugTileGridMode mode, GtkWidget *lead)
{
  g_return_if_fail (SNUG_IS_TILE_GRID (self));

  if (self->mode == mode && self->lead == lead)
    return;
  self->mode = mode;
  self->lead = lead;
  self->rearrange = TRUE;
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (self));
}

SnugTileGridMode
snug_tile_grid_get_mode (SnugTileGrid *self)
{
  g_return_val_if_fail (SNUG_IS_TILE_GRID (self), SNUG_TILE_GRID_EQUAL);
  return self->mode;
}
