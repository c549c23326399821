/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-split-layout.h"

#define MINIMUM_WIDTH 360

enum
{
  PROP_REVEAL = 1,
  PROP_NARROW,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

struct _SnugSplitLayout
{
  GtkLayoutManager parent_instance;

  double reveal;
  gboolean narrow;
  guint notify_id;
};

G_DEFINE_FINAL_TYPE (SnugSplitLayout, snug_split_layout, GTK_TYPE_LAYOUT_MANAGER)

static gboolean
notify_narrow (gpointer user_data)
{
  SnugSplitLayout *self = SNUG_SPLIT_LAYOUT (user_data);

  self->notify_id = 0;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
  return G_SOURCE_REMOVE;
}

static void
snug_split_layout_measure (GtkLayoutManager *manager,
                           GtkWidget *widget,
                           GtkOrientation orientation,
                           int for_size,
                           int *minimum,
                           int *natural,
                           int *minimum_baseline,
                           int *natural_baseline)
{
  *minimum = 0;
  *natural = 0;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int child_min, child_nat;

      if (!gtk_widget_should_layout (child))
        continue;
      /* Side by side or one at a time: neither is ever narrower than the narrowest window. */
      gtk_widget_measure (child, orientation, -1, &child_min, &child_nat, NULL, NULL);
      *minimum = MAX (*minimum, child_min);
      *natural = MAX (*natural, child_nat);
    }
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = MAX (*minimum, MINIMUM_WIDTH);
  *natural = MAX (*natural, *minimum);
}

static void
snug_split_layout_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  SnugSplitLayout *self = SNUG_SPLIT_LAYOUT (manager);
  GtkWidget *stage = gtk_widget_get_first_child (widget);
  GtkWidget *panel = gtk_widget_get_next_sibling (stage);
  gboolean narrow = width < SNUG_SPLIT_NARROW_WIDTH;
  int panel_width = narrow ? width : SNUG_SPLIT_PANEL_WIDTH;
  int revealed = (int) (panel_width * self->reveal + 0.5);
  int stage_width = narrow ? width : width - revealed;
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  gtk_widget_set_child_visible (stage, !(narrow && self->reveal >= 1));
  gtk_widget_set_child_visible (panel, self->reveal > 0);
  gtk_widget_size_allocate (stage,
                            &(GtkAllocation) { rtl && !narrow ? revealed : 0, 0, stage_width, height },
                            -1);
  if (gtk_widget_should_layout (panel))
    gtk_widget_size_allocate (panel,
                              &(GtkAllocation) {
                                rtl ? revealed - panel_width : width - revealed, 0, panel_width, height },
                              -1);

  if (narrow != self->narrow)
    {
      self->narrow = narrow;
      /* Handlers show and hide widgets, which can't happen inside an allocation. */
      if (self->notify_id == 0)
        self->notify_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, notify_narrow, self, NULL);
    }
}

static GtkSizeRequestMode
snug_split_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
snug_split_layout_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugSplitLayout *self = SNUG_SPLIT_LAYOUT (object);

  switch (prop_id)
    {
    case PROP_REVEAL:
      g_value_set_double (value, self->reveal);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_split_layout_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_REVEAL:
      snug_split_layout_set_reveal (SNUG_SPLIT_LAYOUT (object), g_value_get_double (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_split_layout_dispose (GObject *object)
{
  g_clear_handle_id (&SNUG_SPLIT_LAYOUT (object)->notify_id, g_source_remove);
  G_OBJECT_CLASS (snug_split_layout_parent_class)->dispose (object);
}

static void
snug_split_layout_class_init (SnugSplitLayoutClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  object_class->get_property = snug_split_layout_get_property;
  object_class->set_property = snug_split_layout_set_property;
  object_class->dispose = snug_split_layout_dispose;
  layout_class->get_request_mode = snug_split_layout_get_request_mode;
  layout_class->measure = snug_split_layout_measure;
  layout_class->allocate = snug_split_layout_allocate;

  properties[PROP_REVEAL] = g_param_spec_double ("reveal", NULL, NULL, 0, 1, 0,
                                                 G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, TRUE,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
snug_split_layout_init (SnugSplitLayout *self)
{
  /* Until the first allocation says otherwise: what fits a narrow window fits any. */
  self->narrow = TRUE;
}

void
snug_split_layout_set_reveal (SnugSplitLayout *self, double reveal)
{
  g_return_if_fail (SNUG_IS_SPLIT_LAYOUT (self));

  if (self->reveal == reveal)
    return;
  self->reveal = reveal;
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REVEAL]);
}

double
snug_split_layout_get_reveal (SnugSplitLayout *self)
{
  g_return_val_if_fail (SNUG_IS_SPLIT_LAYOUT (self), 0);
  return self->reveal;
}

gboolean
snug_split_layout_get_narrow (SnugSplitLayout *self)
{
  g_return_val_if_fail (SNUG_IS_SPLIT_LAYOUT (self), TRUE);
  return self->narrow;
}
