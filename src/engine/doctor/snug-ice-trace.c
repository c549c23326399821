/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-ice-trace.h"

#include <nice/debug.h>
#include <string.h>

#include "snug-relay.h"

struct _SnugIceTrace
{
  GObject parent_instance;

  SnugIcePairs *pairs;
};

G_DEFINE_FINAL_TYPE (SnugIceTrace, snug_ice_trace, G_TYPE_OBJECT)

enum
{
  SIGNAL_PAIR,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* All there are. Main context. */
static GPtrArray *traces;

static void
on_line (gpointer owner, gpointer data)
{
  g_autoptr (GPtrArray) now = g_ptr_array_new_with_free_func (g_object_unref);

  /* A handler may end any of them. */
  for (guint i = 0; i < traces->len; i++)
    g_ptr_array_add (now, g_object_ref (traces->pdata[i]));
  for (guint i = 0; i < now->len; i++)
    {
      SnugIceTrace *self = now->pdata[i];
      const SnugIcePair *pair = snug_ice_pairs_read (self->pairs, data);

      if (pair != NULL)
        g_signal_emit (self, signals[SIGNAL_PAIR], 0, pair);
    }
}

/* On libnice's threads, with its locks held. */
static void
on_log (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
  if (strstr (message, "pair ") != NULL)
    snug_relay_post (user_data, on_line, g_strdup (message), g_free);
  if (g_getenv ("NICE_DEBUG") != NULL)
    g_log_default_handler (domain, level, message, NULL);
}

/* The handler stays: another thread may be in it at any time. */
static void
listen (void)
{
  static SnugRelay *relay;

  if (relay == NULL)
    {
      /* An owner that is always there: lines are nobody's until they are read. */
      relay = snug_relay_new (g_object_new (G_TYPE_OBJECT, NULL));
      g_log_set_handler ("libnice", G_LOG_LEVEL_DEBUG, on_log, relay);
      traces = g_ptr_array_new ();
    }
  nice_debug_enable (FALSE);
}

void
snug_ice_trace_stop (SnugIceTrace *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_ICE_TRACE (self));

  if (g_ptr_array_remove (traces, self) && traces->len == 0 && g_getenv ("NICE_DEBUG") == NULL)
    nice_debug_disable (FALSE);
}

static void
snug_ice_trace_dispose (GObject *object)
{
  snug_ice_trace_stop (SNUG_ICE_TRACE (object));

  G_OBJECT_CLASS (snug_ice_trace_parent_class)->dispose (object);
}

static void
snug_ice_trace_finalize (GObject *object)
{
  snug_ice_pairs_free (SNUG_ICE_TRACE (object)->pairs);

  G_OBJECT_CLASS (snug_ice_trace_parent_class)->finalize (object);
}

static void
snug_ice_trace_class_init (SnugIceTraceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = snug_ice_trace_dispose;
  object_class->finalize = snug_ice_trace_finalize;

  signals[SIGNAL_PAIR] = g_signal_new ("pair", SNUG_TYPE_ICE_TRACE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
snug_ice_trace_init (SnugIceTrace *self)
{
  listen ();
  g_ptr_array_add (traces, self);
}

SnugIceTrace *
snug_ice_trace_new (gconstpointer agent)
{
  SnugIceTrace *self;

  SNUG_ASSERT_MAIN_THREAD ();
  self = g_object_new (SNUG_TYPE_ICE_TRACE, NULL);
  self->pairs = snug_ice_pairs_new (agent);

  return self;
}

SnugIcePairs *
snug_ice_trace_get_pairs (SnugIceTrace *self)
{
  g_return_val_if_fail (SNUG_IS_ICE_TRACE (self), NULL);

  return self->pairs;
}
