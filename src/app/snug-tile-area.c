/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-tile-area.h"

#include "snug-tile-grid.h"
#include "snug-tile-menu.h"
#include "snug-tile-person.h"

#include <glib/gi18n.h>

enum
{
  PROP_FULL_STAGE = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* The tiles of one person: children, in this order. */
typedef struct
{
  GtkWidget *screen; /* nullable: while a screen is shared */
  GtkWidget *camera;
  gulong handler;
} Person;

struct _SnugTileArea
{
  GtkWidget parent_instance;

  GListModel *people;
  GObject *scope;
  SnugSpotlight *spotlight;
  GPtrArray *persons;  /* (element-type Person): as in the list */
  GtkWidget *own_tile; /* borrowed: a child */
  gboolean own_hidden;
  gboolean full_stage;
};

G_DEFINE_FINAL_TYPE (SnugTileArea, snug_tile_area, GTK_TYPE_WIDGET)

static Person *
find_person (SnugTileArea *self, gpointer person)
{
  for (guint i = 0; i < self->persons->len; i++)
    {
      Person *found = g_ptr_array_index (self->persons, i);
      if (snug_tile_person_get (SNUG_VIDEO_TILE (found->camera)) == person)
        return found;
    }
  return NULL;
}

static gboolean
is_screen_tile (SnugTileArea *self, GtkWidget *tile)
{
  Person *person = find_person (self, snug_tile_person_get (SNUG_VIDEO_TILE (tile)));

  return person != NULL && person->screen == tile;
}

static void
update_full_stage (SnugTileArea *self)
{
  Person *only = self->persons->len == 1 ? g_ptr_array_index (self->persons, 0) : NULL;
  gboolean full = only != NULL && snug_spotlight_get_mode (self->spotlight) == SNUG_SPOTLIGHT_FILL
                  && snug_video_tile_get_showing_video (SNUG_VIDEO_TILE (only->camera));

  if (full == self->full_stage)
    return;
  self->full_stage = full;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FULL_STAGE]);
}

static void
update_mode (SnugTileArea *self)
{
  SnugTileGrid *grid = SNUG_TILE_GRID (gtk_widget_get_layout_manager (GTK_WIDGET (self)));
  SnugSpotlightMode mode = snug_spotlight_get_mode (self->spotlight);
  gboolean screen = FALSE;
  gpointer lead = snug_spotlight_get_lead (self->spotlight, &screen);
  Person *leader = lead != NULL ? find_person (self, lead) : NULL;

  snug_tile_grid_set_mode (grid,
                           mode == SNUG_SPOTLIGHT_FILL   ? SNUG_TILE_GRID_FILL
                           : mode == SNUG_SPOTLIGHT_LEAD ? SNUG_TILE_GRID_LEAD
                                                         : SNUG_TILE_GRID_EQUAL,
                           leader == NULL ? NULL
                           : screen       ? leader->screen
                                          : leader->camera);
  for (GtkWidget *tile = gtk_widget_get_first_child (GTK_WIDGET (self)); tile != NULL;
       tile = gtk_widget_get_next_sibling (tile))
    {
      gboolean pinned = snug_spotlight_is_pinned (self->spotlight, snug_tile_person_get (SNUG_VIDEO_TILE (tile)),
                                                  is_screen_tile (self, tile));

      g_object_set (tile, "fill", mode == SNUG_SPOTLIGHT_FILL, NULL);
      g_object_set (snug_video_tile_get_chips (SNUG_VIDEO_TILE (tile)), "pinned", pinned, NULL);
    }
  if (self->own_tile != NULL)
    gtk_widget_set_visible (self->own_tile,
                            self->persons->len > 0 && mode != SNUG_SPOTLIGHT_FILL && !self->own_hidden);
  update_full_stage (self);
}

static void
add_tile (SnugTileArea *self, GtkWidget *tile, GtkWidget *next)
{
  gtk_widget_set_focusable (tile, TRUE);
  gtk_widget_insert_before (tile, GTK_WIDGET (self), next);
}

static void
on_screen (SnugTileArea *self, GParamSpec *pspec, GObject *object)
{
  Person *person = find_person (self, object);
  gboolean shares;

  g_object_get (object, "screen-enabled", &shares, NULL);
  if (shares && person->screen == NULL)
    {
      person->screen = snug_tile_person_new (object, self->scope, TRUE);
      add_tile (self, person->screen, person->camera);
    }
  else if (!shares)
    g_clear_pointer (&person->screen, gtk_widget_unparent);
  update_mode (self);
}

static void
add_person (SnugTileArea *self, guint position)
{
  g_autoptr (GObject) object = g_list_model_get_item (self->people, position);
  Person *next = position < self->persons->len ? g_ptr_array_index (self->persons, position) : NULL;
  Person *person = g_new0 (Person, 1);

  person->camera = snug_tile_person_new (object, self->scope, FALSE);
  g_signal_connect_object (person->camera, "notify::showing-video", G_CALLBACK (update_full_stage), self,
                           G_CONNECT_SWAPPED);
  add_tile (self, person->camera, next == NULL           ? self->own_tile
                                  : next->screen != NULL ? next->screen
                                                         : next->camera);
  g_ptr_array_insert (self->persons, (int) position, person);
  person->handler = g_signal_connect_swapped (object, "notify::screen-enabled", G_CALLBACK (on_screen), self);
  on_screen (self, NULL, object);
}

static void
remove_person (gpointer data)
{
  Person *person = data;

  g_signal_handler_disconnect (snug_tile_person_get (SNUG_VIDEO_TILE (person->camera)), person->handler);
  g_clear_pointer (&person->screen, gtk_widget_unparent);
  gtk_widget_unparent (person->camera);
  g_free (person);
}

static void
on_people_changed (SnugTileArea *self, guint position, guint removed, guint added, GListModel *people)
{
  if (removed > 0)
    g_ptr_array_remove_range (self->persons, position, removed);
  for (guint i = 0; i < added; i++)
    add_person (self, position + i);
  update_mode (self);
}

/* From a tile to the one before or after it that is there. */
static void
step (GtkWidget *tile, gboolean forward)
{
  do
    tile = forward ? gtk_widget_get_next_sibling (tile) : gtk_widget_get_prev_sibling (tile);
  while (tile != NULL && !gtk_widget_get_visible (tile));
  if (tile != NULL)
    gtk_widget_grab_focus (tile);
}

/* Tab passes the tiles in one step; arrows go from one to the next, and never out of them. */
static gboolean
snug_tile_area_focus (GtkWidget *widget, GtkDirectionType direction)
{
  GtkWidget *inside = gtk_widget_get_focus_child (widget);
  gboolean right_to_left = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  if (inside == NULL)
    {
      for (GtkWidget *tile = gtk_widget_get_first_child (widget); tile != NULL;
           tile = gtk_widget_get_next_sibling (tile))
        if (gtk_widget_get_visible (tile))
          return gtk_widget_grab_focus (tile);
      return FALSE;
    }
  switch (direction)
    {
    case GTK_DIR_LEFT:
    case GTK_DIR_RIGHT:
      step (inside, (direction == GTK_DIR_RIGHT) != right_to_left);
      return TRUE;
    case GTK_DIR_UP:
    case GTK_DIR_DOWN:
      GTK_WIDGET_CLASS (snug_tile_area_parent_class)->focus (widget, direction);
      return TRUE;
    case GTK_DIR_TAB_FORWARD:
    case GTK_DIR_TAB_BACKWARD:
    default:
      return FALSE;
    }
}

static void
open_menu (SnugTileArea *self, GtkWidget *tile, double x, double y)
{
  snug_tile_menu_open (SNUG_VIDEO_TILE (tile), self->spotlight, snug_tile_person_get (SNUG_VIDEO_TILE (tile)),
                       is_screen_tile (self, tile), x, y);
}

static void
on_right_click (SnugTileArea *self, int n_press, double x, double y, GtkGestureClick *gesture)
{
  GtkWidget *tile = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);

  if (tile != NULL && !SNUG_IS_VIDEO_TILE (tile))
    tile = gtk_widget_get_ancestor (tile, SNUG_TYPE_VIDEO_TILE);
  if (tile == NULL)
    return;
  gtk_widget_translate_coordinates (GTK_WIDGET (self), tile, x, y, &x, &y);
  open_menu (self, tile, x, y);
}

static gboolean
menu_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  GtkWidget *tile = gtk_widget_get_focus_child (widget);

  if (tile == NULL)
    return FALSE;
  open_menu (SNUG_TILE_AREA (widget), tile, gtk_widget_get_width (tile) / 2.0, gtk_widget_get_height (tile) / 2.0);
  return TRUE;
}

static gboolean
pin_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  SnugTileArea *self = SNUG_TILE_AREA (widget);
  GtkWidget *tile = gtk_widget_get_focus_child (widget);
  gpointer person = tile != NULL ? snug_tile_person_get (SNUG_VIDEO_TILE (tile)) : NULL;
  gboolean screen;

  if (person == NULL || snug_spotlight_get_mode (self->spotlight) == SNUG_SPOTLIGHT_FILL)
    return FALSE;
  screen = is_screen_tile (self, tile);
  if (snug_spotlight_is_pinned (self->spotlight, person, screen))
    person = NULL;
  snug_spotlight_pin (self->spotlight, person, person != NULL && screen);
  return TRUE;
}

static void
snug_tile_area_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_FULL_STAGE:
      g_value_set_boolean (value, SNUG_TILE_AREA (object)->full_stage);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_tile_area_dispose (GObject *object)
{
  SnugTileArea *self = SNUG_TILE_AREA (object);

  if (self->spotlight != NULL)
    snug_tile_area_set_people (self, NULL, NULL, NULL, NULL);
  g_clear_object (&self->spotlight);
  G_OBJECT_CLASS (snug_tile_area_parent_class)->dispose (object);
}

static void
snug_tile_area_finalize (GObject *object)
{
  g_ptr_array_unref (SNUG_TILE_AREA (object)->persons);
  G_OBJECT_CLASS (snug_tile_area_parent_class)->finalize (object);
}

static void
snug_tile_area_class_init (SnugTileAreaClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = snug_tile_area_get_property;
  object_class->dispose = snug_tile_area_dispose;
  object_class->finalize = snug_tile_area_finalize;
  widget_class->focus = snug_tile_area_focus;

  properties[PROP_FULL_STAGE] = g_param_spec_boolean ("full-stage", NULL, NULL, FALSE,
                                                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, menu_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, menu_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, pin_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Enter, 0, pin_cb, NULL);
  gtk_widget_class_set_layout_manager_type (widget_class, SNUG_TYPE_TILE_GRID);
  gtk_widget_class_set_css_name (widget_class, "tilearea");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
snug_tile_area_init (SnugTileArea *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->persons = g_ptr_array_new_with_free_func (remove_person);
  self->spotlight = snug_spotlight_new ();
  g_signal_connect_object (self->spotlight, "changed", G_CALLBACK (update_mode), self, G_CONNECT_SWAPPED);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (on_right_click), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("People"), -1);
}

void
snug_tile_area_set_people (SnugTileArea *self,
                           GListModel *people,
                           GObject *scope,
                           SnugLocalMedia *media,
                           const char *display_name)
{
  g_return_if_fail (SNUG_IS_TILE_AREA (self));
  g_return_if_fail (people == NULL || G_IS_LIST_MODEL (people));
  g_return_if_fail (people == NULL || (scope != NULL && media != NULL));

  if (self->people != NULL)
    g_signal_handlers_disconnect_by_func (self->people, on_people_changed, self);
  g_ptr_array_set_size (self->persons, 0);
  g_clear_pointer (&self->own_tile, gtk_widget_unparent);
  g_set_object (&self->people, people);
  g_set_object (&self->scope, scope);
  if (people != NULL)
    {
      GtkWidget *own_tile = snug_tile_person_new_own (media, display_name);

      add_tile (self, own_tile, NULL);
      self->own_tile = own_tile;
      /* Before the spotlight hears of it: who leads has a tile. */
      g_signal_connect_object (people, "items-changed", G_CALLBACK (on_people_changed), self, G_CONNECT_SWAPPED);
      on_people_changed (self, 0, 0, g_list_model_get_n_items (people), people);
    }
  snug_spotlight_set_people (self->spotlight, people);
  update_mode (self);
}

gboolean
snug_tile_area_get_full_stage (SnugTileArea *self)
{
  g_return_val_if_fail (SNUG_IS_TILE_AREA (self), FALSE);
  return self->full_stage;
}

void
snug_tile_area_set_own_hidden (SnugTileArea *self, gboolean hidden)
{
  g_return_if_fail (SNUG_IS_TILE_AREA (self));
  self->own_hidden = hidden;
  update_mode (self);
}

GtkWidget *
snug_tile_area_get_own_tile (SnugTileArea *self)
{
  g_return_val_if_fail (SNUG_IS_TILE_AREA (self), NULL);
  return self->own_tile;
}

SnugSpotlight *
snug_tile_area_get_spotlight (SnugTileArea *self)
{
  g_return_val_if_fail (SNUG_IS_TILE_AREA (self), NULL);
  return self->spotlight;
}
