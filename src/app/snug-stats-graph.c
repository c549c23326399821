/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-stats-graph.h"

#include "snug-format.h"
#include "snug-stats.h"

#include <glib/gi18n.h>
#include <math.h>

enum
{
  PROP_MODEL = 1,
  PROP_FIELD,
  PROP_TITLE,
  PROP_UNIT,
  PROP_AXIS,
  PROP_LIMIT_FIELD,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* How a unit is written, and the least that fills the scale, so that a quiet line looks quiet. */
typedef struct
{
  const char *name;
  char *(*format) (double value);
  double least;
} Unit;

static const Unit units[] = {
  { "bits", snug_format_bit_rate, 500e3 },
  { "milliseconds", snug_format_milliseconds, 0.1 },
  { "percent", snug_format_percent, 0.05 },
  { "frames", snug_format_frame_rate, 30 },
};

struct _SnugStatsGraph
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkWidget *box;
  GtkLabel *title_label;
  GtkWidget *limit_box;
  GtkWidget *limit_dash;
  GtkLabel *limit_label;
  GtkLabel *value_label;
  GtkWidget *curve;
  GtkWidget *axis_box;

  /* Owned */
  GListModel *model;
  GSignalGroup *model_signals;

  const SnugStatsField *field;
  const SnugStatsField *limit_field; /* nullable */
  const Unit *unit;
};

G_DEFINE_FINAL_TYPE (SnugStatsGraph, snug_stats_graph, GTK_TYPE_WIDGET)

double
snug_stats_graph_choose_scale (double largest, double least)
{
  double power, scale;

  if (!isfinite (largest) || largest <= least)
    return least;
  power = pow (10, floor (log10 (largest)));
  for (guint i = 0; i < 4; i++)
    {
      static const double steps[] = { 1, 2, 5, 10 };
      scale = steps[i] * power;
      /* A little air above the curve. */
      if (scale >= largest * 1.02)
        return MAX (scale, least);
    }
  return 20 * power;
}

static double
get_value (const SnugStatsField *field, SnugStatsSample *sample)
{
  const char *values = (const char *) snug_stats_sample_get_values (sample);

  if (field == NULL)
    return NAN;
  switch (field->type)
    {
    case SNUG_STATS_DOUBLE:
      return *(const double *) (const void *) (values + field->offset);
    case SNUG_STATS_UINT:
      return *(const guint *) (const void *) (values + field->offset);
    case SNUG_STATS_UINT64:
      return (double) *(const guint64 *) (const void *) (values + field->offset);
    case SNUG_STATS_STRING:
    default:
      return NAN;
    }
}

static double
get_nth (SnugStatsGraph *self, const SnugStatsField *field, guint position)
{
  g_autoptr (SnugStatsSample) sample = g_list_model_get_item (self->model, position);

  return sample == NULL ? NAN : get_value (field, sample);
}

static void
on_samples (SnugStatsGraph *self)
{
  guint n = self->model == NULL ? 0 : g_list_model_get_n_items (self->model);
  g_autofree char *text = NULL;
  g_autofree char *spoken = NULL;
  double limit = n > 0 ? get_nth (self, self->limit_field, n - 1) : NAN;

  gtk_widget_set_visible (self->limit_box, !isnan (limit));
  if (!isnan (limit))
    {
      g_autofree char *number = self->unit->format (limit);
      /* Translators: how much the connection could take, as in "Available 2.7 Mbit/s" */
      g_autofree char *available = g_strdup_printf (_ ("Available %s"), number);
      gtk_label_set_label (self->limit_label, available);
    }
  text = self->unit->format (n > 0 ? get_nth (self, self->field, n - 1) : NAN);
  gtk_label_set_label (self->value_label, text);
  spoken = g_strdup_printf ("%s: %s", gtk_label_get_label (self->title_label), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* A horizontal line of the grid. */
static void
draw_rule (cairo_t *cr, double y, double width)
{
  cairo_move_to (cr, 0, floor (y) + 0.5);
  cairo_line_to (cr, width, floor (y) + 0.5);
  cairo_stroke (cr);
}

/* The curve from the first known value from start on to the last before a gap. Returns where to go on. */
static guint
draw_stretch (SnugStatsGraph *self, const SnugStatsField *field, cairo_t *cr, const GdkRGBA *color, guint start, guint n,
              double scale, double width, double height)
{
  double step = width / (SNUG_STATS_LENGTH - 1);
  double first_x = 0, x = 0;
  guint i;

  cairo_new_path (cr);
  for (i = start; i < n; i++)
    {
      double value = get_nth (self, field, i);

      if (isnan (value))
        break;
      /* The newest stands at the right edge, however many there are. */
      x = width - (n - 1 - i) * step;
      if (i == start)
        first_x = x;
      cairo_line_to (cr, x, height - 1 - CLAMP (value / scale, 0, 1) * (height - 4));
    }
  if (i == start)
    return start + 1;

  gdk_cairo_set_source_rgba (cr, color);
  cairo_set_line_width (cr, 2);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  if (field == self->limit_field)
    {
      static const double dashes[] = { 4, 4 };

      cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
      cairo_stroke (cr);
      cairo_set_dash (cr, NULL, 0, 0);
      return i + 1;
    }
  cairo_stroke_preserve (cr);
  cairo_line_to (cr, x, height);
  cairo_line_to (cr, first_x, height);
  cairo_close_path (cr);
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, 0.15 * color->alpha);
  cairo_fill (cr);
  return i + 1;
}

static void
snug_stats_graph_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SnugStatsGraph *self = SNUG_STATS_GRAPH (widget);
  guint n = self->model == NULL ? 0 : g_list_model_get_n_items (self->model);
  graphene_rect_t bounds;
  GdkRGBA color, text_color;
  double scale, largest = 0;
  cairo_t *cr;

  GTK_WIDGET_CLASS (snug_stats_graph_parent_class)->snapshot (widget, snapshot);
  if (!gtk_widget_compute_bounds (self->curve, widget, &bounds) || bounds.size.width < 2 || bounds.size.height < 8)
    return;

  gtk_style_context_get_color (gtk_widget_get_style_context (self->curve), &color);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &text_color);
  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  cairo_translate (cr, bounds.origin.x, bounds.origin.y);

  text_color.alpha *= 0.15f;
  gdk_cairo_set_source_rgba (cr, &text_color);
  cairo_set_line_width (cr, 1);
  draw_rule (cr, 0, bounds.size.width);
  draw_rule (cr, bounds.size.height / 2, bounds.size.width);

  for (guint i = 0; i < n; i++)
    largest = fmax (largest, fmax (get_nth (self, self->field, i), get_nth (self, self->limit_field, i)));
  scale = snug_stats_graph_choose_scale (largest, self->unit->least);
  for (guint i = 0; i < n;)
    i = draw_stretch (self, self->field, cr, &color, i, n, scale, bounds.size.width, bounds.size.height);
  gtk_style_context_get_color (gtk_widget_get_style_context (self->limit_dash), &color);
  for (guint i = 0; i < n && self->limit_field != NULL;)
    i = draw_stretch (self, self->limit_field, cr, &color, i, n, scale, bounds.size.width, bounds.size.height);
  cairo_destroy (cr);
}

static const SnugStatsField *
find_field (const char *name)
{
  gsize n_fields;
  const SnugStatsField *fields = snug_stats_sample_list_fields (&n_fields);

  for (gsize i = 0; i < n_fields; i++)
    if (g_strcmp0 (fields[i].name, name) == 0)
      return &fields[i];
  return NULL;
}

static void
snug_stats_graph_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugStatsGraph *self = SNUG_STATS_GRAPH (object);

  switch (prop_id)
    {
    case PROP_MODEL:
      g_value_set_object (value, self->model);
      break;
    case PROP_FIELD:
      g_value_set_string (value, self->field != NULL ? self->field->name : NULL);
      break;
    case PROP_TITLE:
      g_value_set_string (value, gtk_label_get_label (self->title_label));
      break;
    case PROP_UNIT:
      g_value_set_string (value, self->unit->name);
      break;
    case PROP_LIMIT_FIELD:
      g_value_set_string (value, self->limit_field != NULL ? self->limit_field->name : NULL);
      break;
    case PROP_AXIS:
      g_value_set_boolean (value, gtk_widget_get_visible (self->axis_box));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_stats_graph_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SnugStatsGraph *self = SNUG_STATS_GRAPH (object);

  switch (prop_id)
    {
    case PROP_MODEL:
      snug_stats_graph_set_model (self, g_value_get_object (value));
      break;
    case PROP_FIELD:
      self->field = find_field (g_value_get_string (value));
      on_samples (self);
      break;
    case PROP_LIMIT_FIELD:
      self->limit_field = find_field (g_value_get_string (value));
      on_samples (self);
      break;
    case PROP_TITLE:
      gtk_label_set_label (self->title_label, g_value_get_string (value));
      on_samples (self);
      break;
    case PROP_UNIT:
      for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
        if (g_strcmp0 (units[i].name, g_value_get_string (value)) == 0)
          self->unit = &units[i];
      on_samples (self);
      break;
    case PROP_AXIS:
      gtk_widget_set_visible (self->axis_box, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_stats_graph_dispose (GObject *object)
{
  SnugStatsGraph *self = SNUG_STATS_GRAPH (object);

  if (self->model_signals != NULL)
    g_signal_group_set_target (self->model_signals, NULL);
  g_clear_object (&self->model_signals);
  g_clear_object (&self->model);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (snug_stats_graph_parent_class)->dispose (object);
}

static void
snug_stats_graph_class_init (SnugStatsGraphClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = snug_stats_graph_get_property;
  object_class->set_property = snug_stats_graph_set_property;
  object_class->dispose = snug_stats_graph_dispose;
  widget_class->snapshot = snug_stats_graph_snapshot;

  properties[PROP_MODEL] = g_param_spec_object ("model", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_FIELD] = g_param_spec_string ("field", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_UNIT] = g_param_spec_string ("unit", NULL, NULL, "bits", flags);
  properties[PROP_AXIS] = g_param_spec_boolean ("axis", NULL, NULL, FALSE, flags);
  properties[PROP_LIMIT_FIELD] = g_param_spec_string ("limit-field", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-stats-graph.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugStatsGraph, box);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsGraph, title_label);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsGraph, limit_box);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsGraph, limit_dash);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsGraph, limit_label);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsGraph, value_label);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsGraph, curve);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsGraph, axis_box);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "statsgraph");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
snug_stats_graph_init (SnugStatsGraph *self)
{
  self->unit = &units[0];
  gtk_widget_init_template (GTK_WIDGET (self));
  /* Time runs from left to right in every language, and what says so with it. */
  gtk_widget_set_direction (self->axis_box, GTK_TEXT_DIR_LTR);
  for (GtkWidget *label = gtk_widget_get_first_child (self->axis_box); label != NULL;
       label = gtk_widget_get_next_sibling (label))
    gtk_widget_set_direction (label, GTK_TEXT_DIR_LTR);
  self->model_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->model_signals, "items-changed", G_CALLBACK (on_samples), self);
}

void
snug_stats_graph_set_model (SnugStatsGraph *self, GListModel *model)
{
  g_return_if_fail (SNUG_IS_STATS_GRAPH (self));
  g_return_if_fail (model == NULL || G_IS_LIST_MODEL (model));

  if (!g_set_object (&self->model, model))
    return;
  g_signal_group_set_target (self->model_signals, model);
  on_samples (self);
}
