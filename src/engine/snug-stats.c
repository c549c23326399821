/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-stats.h"

struct _SnugStats
{
  GObject parent_instance;

  /* A ring: the oldest sample stands at first. */
  SnugStatsSample *samples[SNUG_STATS_LENGTH];
  guint first;
  guint n_samples;
};

typedef enum
{
  PROP_LATEST = 1
} SnugStatsProperty;
#define N_PROPERTIES (PROP_LATEST + 1)

static GParamSpec *properties[N_PROPERTIES];

static void snug_stats_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SnugStats,
                               snug_stats,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      snug_stats_list_model_init))

static SnugStatsSample *
sample_at (SnugStats *self, guint position)
{
  return self->samples[(self->first + position) % SNUG_STATS_LENGTH];
}

static GType
snug_stats_get_item_type (GListModel *model)
{
  return SNUG_TYPE_STATS_SAMPLE;
}

static guint
snug_stats_get_n_items (GListModel *model)
{
  return SNUG_STATS (model)->n_samples;
}

static gpointer
snug_stats_get_item (GListModel *model, guint position)
{
  SnugStats *self = SNUG_STATS (model);

  if (position >= self->n_samples)
    return NULL;

  return g_object_ref (sample_at (self, position));
}

static void
snug_stats_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = snug_stats_get_item_type;
  iface->get_n_items = snug_stats_get_n_items;
  iface->get_item = snug_stats_get_item;
}

static void
snug_stats_finalize (GObject *object)
{
  SnugStats *self = SNUG_STATS (object);

  for (guint i = 0; i < SNUG_STATS_LENGTH; i++)
    g_clear_object (&self->samples[i]);

  G_OBJECT_CLASS (snug_stats_parent_class)->finalize (object);
}

static void
snug_stats_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugStats *self = SNUG_STATS (object);

  switch ((SnugStatsProperty) prop_id)
    {
    case PROP_LATEST:
      g_value_set_object (value, snug_stats_get_latest (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_stats_class_init (SnugStatsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = snug_stats_finalize;
  object_class->get_property = snug_stats_get_property;

  properties[PROP_LATEST]
      = g_param_spec_object ("latest", NULL, NULL, SNUG_TYPE_STATS_SAMPLE,
                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
snug_stats_init (SnugStats *self)
{
}

SnugStats *
snug_stats_new (void)
{
  return g_object_new (SNUG_TYPE_STATS, NULL);
}

SnugStatsSample *
snug_stats_get_latest (SnugStats *self)
{
  g_return_val_if_fail (SNUG_IS_STATS (self), NULL);

  if (self->n_samples == 0)
    return NULL;

  return sample_at (self, self->n_samples - 1);
}

void
snug_stats_append (SnugStats *self, SnugStatsSample *sample)
{
  g_return_if_fail (SNUG_IS_STATS (self));
  g_return_if_fail (SNUG_IS_STATS_SAMPLE (sample));

  if (self->n_samples == SNUG_STATS_LENGTH)
    {
      g_clear_object (&self->samples[self->first]);
      self->first = (self->first + 1) % SNUG_STATS_LENGTH;
      self->n_samples--;
      g_list_model_items_changed (G_LIST_MODEL (self), 0, 1, 0);
    }

  self->samples[(self->first + self->n_samples) % SNUG_STATS_LENGTH] = sample;
  self->n_samples++;
  g_list_model_items_changed (G_LIST_MODEL (self), self->n_samples - 1, 0, 1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LATEST]);
}
