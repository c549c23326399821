/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-lobby-layout.h"

#define GAP 18
#define GAP_NARROW 14
#define GAP_COLUMNS 40
#define GAP_BUTTONS 12
#define GAP_SECTION 26
#define MAX_WIDTH 944
#define MAX_WIDTH_NARROW 560
/* Of what two columns share, the left one gets this. */
#define LEFT_SHARE (520.0 / 904.0)

struct _SnugLobbyLayout
{
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (SnugLobbyLayout, snug_lobby_layout, GTK_TYPE_LAYOUT_MANAGER)

typedef struct
{
  GtkWidget *children[SNUG_LOBBY_N_CHILDREN];
  GtkAllocation places[SNUG_LOBBY_N_CHILDREN];
  gboolean shown[SNUG_LOBBY_N_CHILDREN];
  int height;
} Plan;

static int
child_height (GtkWidget *child, int width)
{
  int minimum, natural;
  int least;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, MAX (width, least), &minimum, &natural, NULL, NULL);
  return natural;
}

/* Puts a child below what is there; y grows. */
static void
stack (Plan *plan, SnugLobbyChild which, int x, int *y, int width, int gap)
{
  int height;

  if (!plan->shown[which])
    return;
  if (which == SNUG_LOBBY_PREVIEW)
    {
      child_height (plan->children[which], width);
      height = width < MAX_WIDTH_NARROW / 4 * 3 ? width * 10 / 16 : width * 9 / 16;
    }
  else
    height = child_height (plan->children[which], width);
  if (*y > 0)
    *y += gap;
  plan->places[which] = (GtkAllocation) { x, *y, width, height };
  *y += height;
}

static void
stack_buttons (Plan *plan, int x, int *y, int width, gboolean side_by_side)
{
  int top, left_height, right_height, left, right, left_least, right_least;

  gtk_widget_measure (plan->children[SNUG_LOBBY_JOIN], GTK_ORIENTATION_HORIZONTAL, -1, &left_least, NULL, NULL, NULL);
  gtk_widget_measure (plan->children[SNUG_LOBBY_HOST], GTK_ORIENTATION_HORIZONTAL, -1, &right_least, NULL, NULL, NULL);
  if (!side_by_side || !plan->shown[SNUG_LOBBY_HOST] || left_least + right_least + GAP_BUTTONS > width)
    {
      stack (plan, SNUG_LOBBY_JOIN, x, y, width, GAP_NARROW);
      stack (plan, SNUG_LOBBY_HOST, x, y, width, GAP_NARROW);
      return;
    }
  /* Halves, unless the words of the second one need more. */
  right = MAX ((width - GAP_BUTTONS) / 2, right_least);
  left = width - GAP_BUTTONS - right;
  top = *y + GAP;
  left_height = child_height (plan->children[SNUG_LOBBY_JOIN], left);
  right_height = child_height (plan->children[SNUG_LOBBY_HOST], right);
  plan->places[SNUG_LOBBY_JOIN] = (GtkAllocation) { x, top, left, MAX (left_height, right_height) };
  plan->places[SNUG_LOBBY_HOST] = (GtkAllocation) { x + width - right, top, right, MAX (left_height, right_height) };
  *y = top + MAX (left_height, right_height);
}

static void
make_plan (Plan *plan, GtkWidget *widget, int width)
{
  gboolean wide = width >= SNUG_LOBBY_WIDE;
  int margin = wide ? SNUG_LOBBY_MARGIN : SNUG_LOBBY_MARGIN_NARROW;
  int inner = MAX (1, MIN (width - 2 * margin, wide ? MAX_WIDTH : MAX_WIDTH_NARROW));
  int x = (width - inner) / 2;
  GtkWidget *child = gtk_widget_get_first_child (widget);

  memset (plan, 0, sizeof *plan);
  for (guint i = 0; i < SNUG_LOBBY_N_CHILDREN && child != NULL; i++, child = gtk_widget_get_next_sibling (child))
    {
      plan->children[i] = child;
      plan->shown[i] = gtk_widget_should_layout (child);
    }

  if (wide)
    {
      int left = (int) ((inner - GAP_COLUMNS) * LEFT_SHARE);
      int right = inner - GAP_COLUMNS - left;
      int right_x = x + inner - right;
      int left_y = 0;
      int right_y = 0;

      stack (plan, SNUG_LOBBY_PREVIEW, x, &left_y, left, GAP);
      stack (plan, SNUG_LOBBY_DEVICES, x, &left_y, left, GAP);
      stack (plan, SNUG_LOBBY_TITLE, right_x, &right_y, right, GAP);
      stack (plan, SNUG_LOBBY_FORM, right_x, &right_y, right, GAP);
      stack (plan, SNUG_LOBBY_NOTE, right_x, &right_y, right, GAP_BUTTONS);
      stack_buttons (plan, right_x, &right_y, right, TRUE);
      stack (plan, SNUG_LOBBY_RECENT, right_x, &right_y, right, GAP_SECTION);
      plan->height = MAX (left_y, right_y);
    }
  else
    {
      int y = 0;

      plan->shown[SNUG_LOBBY_TITLE] = FALSE;
      stack (plan, SNUG_LOBBY_PREVIEW, x, &y, inner, GAP_NARROW);
      stack (plan, SNUG_LOBBY_FORM, x, &y, inner, GAP_NARROW);
      stack (plan, SNUG_LOBBY_NOTE, x, &y, inner, GAP_NARROW);
      stack_buttons (plan, x, &y, inner, FALSE);
      stack (plan, SNUG_LOBBY_RECENT, x, &y, inner, GAP_SECTION);
      stack (plan, SNUG_LOBBY_DEVICES, x, &y, inner, GAP_NARROW);
      plan->height = y;
    }
  plan->height += 2 * margin;
}

static void
snug_lobby_layout_measure (GtkLayoutManager *manager,
                           GtkWidget *widget,
                           GtkOrientation orientation,
                           int for_size,
                           int *minimum,
                           int *natural,
                           int *minimum_baseline,
                           int *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 0;
      for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
           child = gtk_widget_get_next_sibling (child))
        if (gtk_widget_should_layout (child))
          {
            int least;
            gtk_widget_measure (child, orientation, -1, &least, NULL, NULL, NULL);
            *minimum = MAX (*minimum, least + 2 * SNUG_LOBBY_MARGIN_NARROW);
          }
      *natural = MAX (*minimum, MAX_WIDTH + 2 * SNUG_LOBBY_MARGIN);
    }
  else
    {
      Plan plan;

      make_plan (&plan, widget, for_size > 0 ? for_size : MAX_WIDTH + 2 * SNUG_LOBBY_MARGIN);
      *minimum = *natural = plan.height;
    }
}

static void
snug_lobby_layout_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  Plan plan;
  int top;

  make_plan (&plan, widget, width);
  /* Centred when there is room to spare. */
  top = width >= SNUG_LOBBY_WIDE ? SNUG_LOBBY_MARGIN + MAX (0, height - plan.height) / 2
                                 : SNUG_LOBBY_MARGIN_NARROW / 3;
  for (guint i = 0; i < SNUG_LOBBY_N_CHILDREN; i++)
    {
      GtkWidget *child = plan.children[i];

      if (child == NULL)
        continue;
      gtk_widget_set_child_visible (child, plan.shown[i]);
      if (!plan.shown[i])
        continue;
      plan.places[i].y += top;
      if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
        plan.places[i].x = width - plan.places[i].x - plan.places[i].width;
      gtk_widget_size_allocate (child, &plan.places[i], -1);
    }
}

static GtkSizeRequestMode
snug_lobby_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
snug_lobby_layout_class_init (SnugLobbyLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  layout_class->get_request_mode = snug_lobby_layout_get_request_mode;
  layout_class->measure = snug_lobby_layout_measure;
  layout_class->allocate = snug_lobby_layout_allocate;
}

static void
snug_lobby_layout_init (SnugLobbyLayout *self)
{
}
