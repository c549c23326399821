/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A check of the doctor that needs the main context, as a GTask: it begins on the next turn of the main loop, has one timer at a
 * time, and is told when it is to stop. Private to the doctor.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef void (*SnugDoctorTaskFunc) (GTask *task);

/* data: what g_task_get_task_data() gives. begin: to be called soon. stop: the cancellable was cancelled, and is not listened to any
 * more: it has to lead to snug_doctor_task_return(). The task owns itself until then. */
void snug_doctor_task_run (GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data,
                           gpointer data,
                           GDestroyNotify free_data,
                           SnugDoctorTaskFunc begin,
                           SnugDoctorTaskFunc stop);
/* func: in the place of the one before; NULL: of nothing. Nothing once it is to stop. */
void snug_doctor_task_set_timer (GTask *task, guint milliseconds, SnugDoctorTaskFunc func);
/* It comes to its end by itself: without the timer, and stop won't be called. */
void snug_doctor_task_end (GTask *task);
/* Ends it, if it has not yet, and calls back. */
void snug_doctor_task_return (GTask *task);

G_END_DECLS
