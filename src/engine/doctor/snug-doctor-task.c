/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-doctor-task.h"

typedef struct
{
  GTask *task; /* borrowed: it owns this */
  SnugDoctorTaskFunc stop;
  SnugDoctorTaskFunc func; /* of the timer */
  guint timer;
  gulong cancel_id; /* 0: it has ended */
} Watch;

static GQuark
watch_quark (void)
{
  return g_quark_from_static_string ("snug-doctor-task");
}

static Watch *
get_watch (GTask *task)
{
  return g_object_get_qdata (G_OBJECT (task), watch_quark ());
}

static gboolean
on_timer (gpointer user_data)
{
  Watch *watch = user_data;

  watch->timer = 0;
  watch->func (watch->task);
  return G_SOURCE_REMOVE;
}

void
snug_doctor_task_set_timer (GTask *task, guint milliseconds, SnugDoctorTaskFunc func)
{
  Watch *watch = get_watch (task);

  /* It waits for its turn to stop. */
  if (watch->cancel_id != 0 && g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    return;
  g_clear_handle_id (&watch->timer, g_source_remove);
  watch->func = func;
  if (func != NULL)
    watch->timer = g_timeout_add (milliseconds, on_timer, watch);
}

void
snug_doctor_task_end (GTask *task)
{
  Watch *watch = get_watch (task);

  g_clear_handle_id (&watch->timer, g_source_remove);
  g_clear_signal_handler (&watch->cancel_id, g_task_get_cancellable (task));
}

static gboolean
on_stop (gpointer user_data)
{
  Watch *watch = user_data;

  watch->timer = 0;
  snug_doctor_task_end (watch->task);
  watch->stop (watch->task);
  return G_SOURCE_REMOVE;
}

/* Not inside of the signal: a handler can't be disconnected there. */
static void
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  Watch *watch = user_data;

  g_clear_handle_id (&watch->timer, g_source_remove);
  watch->timer = g_idle_add (on_stop, watch);
}

void
snug_doctor_task_return (GTask *task)
{
  snug_doctor_task_end (task);
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

void
snug_doctor_task_run (GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data,
                      gpointer data,
                      GDestroyNotify free_data,
                      SnugDoctorTaskFunc begin,
                      SnugDoctorTaskFunc stop)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Watch *watch = g_new0 (Watch, 1);

  watch->task = task;
  watch->stop = stop;
  g_object_set_qdata_full (G_OBJECT (task), watch_quark (), watch, g_free);
  /* What was found is in the report, also of one that was stopped. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, data, free_data);
  snug_doctor_task_set_timer (task, 0, begin);
  watch->cancel_id = g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_cancelled), watch);
}
