/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-reaction-float.h"

#include <adwaita.h>

/* Of the tile's height: where they begin, and how far they rise. Of their time: when they begin to fade. */
#define FROM 0.72
#define RISE 0.42
#define FADE 0.65
/* Of the smaller side of the tile, within bounds, in pixels. */
#define SIZE 0.17
#define SIZE_LEAST 22.0
#define SIZE_MOST 60.0

typedef struct
{
  PangoLayout *layout;
  gint64 start; /* monotonic microseconds */
  guint lane;   /* beside those that rise at the same time */
} Reaction;

struct _SnugReactionFloat
{
  GtkWidget parent_instance;

  GPtrArray *reactions; /* (element-type Reaction) */
  guint next_lane;
  guint tick_id;
  guint timeout_id;
};

G_DEFINE_FINAL_TYPE (SnugReactionFloat, snug_reaction_float, GTK_TYPE_WIDGET)

static void
reaction_free (gpointer data)
{
  Reaction *reaction = data;

  g_object_unref (reaction->layout);
  g_free (reaction);
}

static double
get_progress (const Reaction *reaction, gint64 now)
{
  return CLAMP ((double) (now - reaction->start) / (SNUG_REACTION_MILLISECONDS * 1000.0), 0, 1);
}

static void
drop_old (SnugReactionFloat *self)
{
  gint64 now = g_get_monotonic_time ();

  while (self->reactions->len > 0 && get_progress (g_ptr_array_index (self->reactions, 0), now) >= 1)
    g_ptr_array_remove_index (self->reactions, 0);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  SnugReactionFloat *self = SNUG_REACTION_FLOAT (widget);

  drop_old (self);
  if (self->reactions->len > 0)
    return G_SOURCE_CONTINUE;
  self->tick_id = 0;
  return G_SOURCE_REMOVE;
}

/* A tile that is not drawn has no frames to tell the time by. */
static gboolean
on_timeout (gpointer user_data)
{
  SnugReactionFloat *self = SNUG_REACTION_FLOAT (user_data);

  drop_old (self);
  if (self->reactions->len > 0)
    return G_SOURCE_CONTINUE;
  self->timeout_id = 0;
  return G_SOURCE_REMOVE;
}

static void
draw (SnugReactionFloat *self, GtkSnapshot *snapshot, const Reaction *reaction, double progress)
{
  GtkWidget *widget = GTK_WIDGET (self);
  double width = gtk_widget_get_width (widget);
  double height = gtk_widget_get_height (widget);
  double size = CLAMP (MIN (width, height) * SIZE, SIZE_LEAST, SIZE_MOST);
  double risen = 1 - (1 - progress) * (1 - progress);
  /* Left and right of the middle by turns: 0, 1, -1, 2, -2... */
  int side = reaction->lane % 2 == 1 ? (int) (reaction->lane + 1) / 2 : -(int) reaction->lane / 2;
  PangoFontDescription *font;
  PangoRectangle logical;
  GdkRGBA colour;

  font = pango_font_description_copy (pango_context_get_font_description (gtk_widget_get_pango_context (widget)));
  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_layout_set_font_description (reaction->layout, font);
  pango_font_description_free (font);
  pango_layout_get_pixel_extents (reaction->layout, NULL, &logical);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT ((float) (width / 2 + side * size * 1.2 - logical.width / 2.0),
                                                (float) (height * (FROM - RISE * risen) - logical.height / 2.0)));
  gtk_snapshot_push_opacity (snapshot, progress < FADE ? 1 : (1 - progress) / (1 - FADE));
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  gtk_snapshot_append_layout (snapshot, reaction->layout, &colour);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_restore (snapshot);
}

static void
snug_reaction_float_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SnugReactionFloat *self = SNUG_REACTION_FLOAT (widget);
  gboolean still = !adw_get_enable_animations (widget);
  gint64 now = g_get_monotonic_time ();

  for (guint i = 0; i < self->reactions->len; i++)
    {
      const Reaction *reaction = g_ptr_array_index (self->reactions, i);
      double progress = get_progress (reaction, now);

      if (progress < 1)
        draw (self, snapshot, reaction, still ? FADE / 2 : progress);
    }
}

static void
snug_reaction_float_dispose (GObject *object)
{
  SnugReactionFloat *self = SNUG_REACTION_FLOAT (object);

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick_id);
  self->tick_id = 0;
  g_ptr_array_set_size (self->reactions, 0);
  G_OBJECT_CLASS (snug_reaction_float_parent_class)->dispose (object);
}

static void
snug_reaction_float_finalize (GObject *object)
{
  g_ptr_array_unref (SNUG_REACTION_FLOAT (object)->reactions);
  G_OBJECT_CLASS (snug_reaction_float_parent_class)->finalize (object);
}

static void
snug_reaction_float_class_init (SnugReactionFloatClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = snug_reaction_float_dispose;
  G_OBJECT_CLASS (klass)->finalize = snug_reaction_float_finalize;
  widget_class->snapshot = snug_reaction_float_snapshot;
  gtk_widget_class_set_css_name (widget_class, "reactionfloat");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
snug_reaction_float_init (SnugReactionFloat *self)
{
  self->reactions = g_ptr_array_new_with_free_func (reaction_free);
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

void
snug_reaction_float_add (SnugReactionFloat *self, const char *emoji)
{
  Reaction *reaction;

  g_return_if_fail (SNUG_IS_REACTION_FLOAT (self));
  g_return_if_fail (emoji != NULL);

  if (self->reactions->len >= SNUG_REACTIONS_MAX)
    return;
  if (self->reactions->len == 0)
    self->next_lane = 0;
  reaction = g_new0 (Reaction, 1);
  reaction->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), emoji);
  reaction->start = g_get_monotonic_time ();
  reaction->lane = self->next_lane++ % SNUG_REACTIONS_MAX;
  g_ptr_array_add (self->reactions, reaction);
  if (self->tick_id == 0 && adw_get_enable_animations (GTK_WIDGET (self)))
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
  if (self->timeout_id == 0)
    self->timeout_id = g_timeout_add (SNUG_REACTION_MILLISECONDS / 8, on_timeout, self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

guint
snug_reaction_float_get_n (SnugReactionFloat *self)
{
  g_return_val_if_fail (SNUG_IS_REACTION_FLOAT (self), 0);
  return self->reactions->len;
}
