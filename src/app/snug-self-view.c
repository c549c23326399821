/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-self-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define EDGE 20
#define EDGE_NARROW 12
#define TOP 72
#define BAR_GAP 20
#define SNAP_MILLISECONDS 200

struct _SnugSelfView
{
  GtkWidget parent_instance;

  GtkWidget *tile; /* owned: the child */
  AdwAnimation *animation;
  SnugSelfViewSize size;
  SnugSelfViewCorner corner;

  /* Where it was put last, and, while it is dragged or glides, how far it is from its corner. */
  GtkAllocation home;
  int stage_width;
  int stage_height;
  double offset_x;
  double offset_y;
  double from_x;
  double from_y;
};

G_DEFINE_FINAL_TYPE (SnugSelfView, snug_self_view, GTK_TYPE_WIDGET)

static void
reallocate (SnugSelfView *self)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));

  if (parent != NULL)
    gtk_widget_queue_allocate (parent);
}

static void
get_size (SnugSelfView *self, int *width, int *height)
{
  switch (self->size)
    {
    case SNUG_SELF_VIEW_SMALL:
      *width = 96;
      *height = 128;
      break;
    case SNUG_SELF_VIEW_MEDIUM:
      *width = 176;
      *height = 99;
      break;
    case SNUG_SELF_VIEW_LARGE:
    default:
      *width = 224;
      *height = 126;
      break;
    }
}

static void
on_animation_value (double value, gpointer user_data)
{
  SnugSelfView *self = SNUG_SELF_VIEW (user_data);

  self->offset_x = self->from_x * (1 - value);
  self->offset_y = self->from_y * (1 - value);
  reallocate (self);
}

/* From where it is now to its corner. */
static void
glide (SnugSelfView *self)
{
  self->from_x = self->offset_x;
  self->from_y = self->offset_y;
  if (self->animation == NULL)
    {
      AdwAnimationTarget *target = adw_callback_animation_target_new (on_animation_value, self, NULL);
      self->animation = adw_timed_animation_new (GTK_WIDGET (self), 0, 1, SNAP_MILLISECONDS, target);
      adw_timed_animation_set_easing (ADW_TIMED_ANIMATION (self->animation), ADW_EASE_OUT_CUBIC);
    }
  adw_animation_play (self->animation);
}

static void
on_drag_begin (SnugSelfView *self, double x, double y, GtkGestureDrag *gesture)
{
  if (self->animation != NULL)
    adw_animation_skip (self->animation);
}

static void
on_drag_update (SnugSelfView *self, double x, double y, GtkGestureDrag *gesture)
{
  /* The widget moves along, so the offset is counted from where it has got to. */
  if (ABS (x) + ABS (y) > 2)
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  self->offset_x += x;
  self->offset_y += y;
  reallocate (self);
}

static void
on_drag_end (SnugSelfView *self, double x, double y, GtkGestureDrag *gesture)
{
  double center_x = self->home.x + self->offset_x + self->home.width / 2.0;
  double center_y = self->home.y + self->offset_y + self->home.height / 2.0;
  SnugSelfViewCorner corner = 0;

  if (center_x < self->stage_width / 2.0)
    corner |= SNUG_SELF_VIEW_LEFT;
  if (center_y < self->stage_height / 2.0)
    corner |= SNUG_SELF_VIEW_TOP;
  if (corner == self->corner)
    glide (self);
  else
    snug_self_view_set_corner (self, corner);
}

static void
snug_self_view_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  SnugSelfView *self = SNUG_SELF_VIEW (widget);
  int width, height;

  if (self->tile != NULL)
    gtk_widget_measure (self->tile, orientation, -1, &width, NULL, NULL, NULL);
  get_size (self, &width, &height);
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? width : height;
}

static void
snug_self_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  SnugSelfView *self = SNUG_SELF_VIEW (widget);

  if (self->tile != NULL)
    gtk_widget_allocate (self->tile, width, height, -1, NULL);
}

static gboolean
move_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  snug_self_view_move (SNUG_SELF_VIEW (widget), (GtkDirectionType) g_variant_get_int32 (args));
  return TRUE;
}

static void
snug_self_view_dispose (GObject *object)
{
  SnugSelfView *self = SNUG_SELF_VIEW (object);

  g_clear_object (&self->animation);
  g_clear_pointer (&self->tile, gtk_widget_unparent);
  G_OBJECT_CLASS (snug_self_view_parent_class)->dispose (object);
}

static void
snug_self_view_class_init (SnugSelfViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = snug_self_view_dispose;
  widget_class->measure = snug_self_view_measure;
  widget_class->size_allocate = snug_self_view_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "selfview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);

  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, GDK_CONTROL_MASK, move_cb, "i", GTK_DIR_LEFT);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, GDK_CONTROL_MASK, move_cb, "i", GTK_DIR_RIGHT);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Up, GDK_CONTROL_MASK, move_cb, "i", GTK_DIR_UP);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Down, GDK_CONTROL_MASK, move_cb, "i", GTK_DIR_DOWN);
}

static void
snug_self_view_init (SnugSelfView *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  /* At first where a line of text ends, away from the names of the tiles. */
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    self->corner = SNUG_SELF_VIEW_LEFT;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Your picture"),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _ ("Ctrl and arrow keys move it"),
                                  -1);
}

void
snug_self_view_set_tile (SnugSelfView *self, GtkWidget *tile)
{
  g_return_if_fail (SNUG_IS_SELF_VIEW (self));

  if (self->tile == tile)
    return;
  g_clear_pointer (&self->tile, gtk_widget_unparent);
  self->tile = tile;
  if (tile != NULL)
    gtk_widget_set_parent (tile, GTK_WIDGET (self));
}

void
snug_self_view_set_size (SnugSelfView *self, SnugSelfViewSize size)
{
  g_return_if_fail (SNUG_IS_SELF_VIEW (self));

  if (self->size == size)
    return;
  self->size = size;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/* The upper left point at rest in a corner. */
static void
get_home (SnugSelfView *self, int bar_width, int bar_height, GtkAllocation *home)
{
  int edge = self->size == SNUG_SELF_VIEW_SMALL ? EDGE_NARROW : EDGE;

  get_size (self, &home->width, &home->height);
  home->x = self->corner & SNUG_SELF_VIEW_LEFT ? edge : self->stage_width - edge - home->width;
  home->y = self->corner & SNUG_SELF_VIEW_TOP ? TOP : self->stage_height - EDGE - home->height;

  if (!(self->corner & SNUG_SELF_VIEW_TOP))
    {
      int bar_left = (self->stage_width - bar_width) / 2;
      gboolean beside = home->x >= bar_left + bar_width || home->x + home->width <= bar_left;

      if (!beside)
        home->y = self->stage_height - EDGE - bar_height - BAR_GAP - home->height;
    }
}

void
snug_self_view_get_place (SnugSelfView *self,
                          int stage_width,
                          int stage_height,
                          int bar_width,
                          int bar_height,
                          GtkAllocation *place)
{
  g_return_if_fail (SNUG_IS_SELF_VIEW (self));

  self->stage_width = stage_width;
  self->stage_height = stage_height;
  get_home (self, bar_width, bar_height, &self->home);
  *place = self->home;
  place->x = CLAMP (place->x + (int) self->offset_x, 0, MAX (0, stage_width - place->width));
  place->y = CLAMP (place->y + (int) self->offset_y, 0, MAX (0, stage_height - place->height));
}

void
snug_self_view_set_corner (SnugSelfView *self, SnugSelfViewCorner corner)
{
  GtkAllocation before;

  g_return_if_fail (SNUG_IS_SELF_VIEW (self));

  if (self->corner == corner)
    return;
  before = self->home;
  self->corner = corner;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      /* Near enough: the next allocation knows the bar, the glide ends in the exact place. */
      get_home (self, 0, 0, &self->home);
      self->offset_x += before.x - self->home.x;
      self->offset_y += before.y - self->home.y;
      glide (self);
    }
  reallocate (self);
}

SnugSelfViewCorner
snug_self_view_get_corner (SnugSelfView *self)
{
  g_return_val_if_fail (SNUG_IS_SELF_VIEW (self), 0);
  return self->corner;
}

void
snug_self_view_move (SnugSelfView *self, GtkDirectionType direction)
{
  SnugSelfViewCorner corner;

  g_return_if_fail (SNUG_IS_SELF_VIEW (self));

  corner = self->corner;
  switch (direction)
    {
    case GTK_DIR_LEFT:
      corner |= SNUG_SELF_VIEW_LEFT;
      break;
    case GTK_DIR_RIGHT:
      corner &= ~SNUG_SELF_VIEW_LEFT;
      break;
    case GTK_DIR_UP:
      corner |= SNUG_SELF_VIEW_TOP;
      break;
    case GTK_DIR_DOWN:
      corner &= ~SNUG_SELF_VIEW_TOP;
      break;
    case GTK_DIR_TAB_FORWARD:
    case GTK_DIR_TAB_BACKWARD:
    default:
      break;
    }
  snug_self_view_set_corner (self, corner);
}
