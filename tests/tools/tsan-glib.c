/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tells ThreadSanitizer what GLib's locks, counters and idle sources order: GLib is not built for it, and its locks
 * are futexes of its own. Preloaded by `./run tests --tsan`; does nothing in a program without ThreadSanitizer.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <glib.h>

void __tsan_acquire (void *address) __attribute__ ((weak));
void __tsan_release (void *address) __attribute__ ((weak));

static void
acquire (void *address)
{
  if (__tsan_acquire != NULL)
    __tsan_acquire (address);
}

static void
release (void *address)
{
  if (__tsan_release != NULL)
    __tsan_release (address);
}

/* The function that would have been called without this file. */
#define NEXT(name) \
  static __typeof__ (&name) next; \
  if (next == NULL) \
    next = (__typeof__ (&name)) dlsym (RTLD_NEXT, #name)

void
g_mutex_lock (GMutex *mutex)
{
  NEXT (g_mutex_lock);
  next (mutex);
  acquire (mutex);
}

gboolean
g_mutex_trylock (GMutex *mutex)
{
  NEXT (g_mutex_trylock);
  if (!next (mutex))
    return FALSE;
  acquire (mutex);
  return TRUE;
}

void
g_mutex_unlock (GMutex *mutex)
{
  NEXT (g_mutex_unlock);
  release (mutex);
  next (mutex);
}

void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  NEXT (g_cond_wait);
  release (mutex);
  next (cond, mutex);
  acquire (mutex);
}

gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  gboolean signalled;

  NEXT (g_cond_wait_until);
  release (mutex);
  signalled = next (cond, mutex, end_time);
  acquire (mutex);
  return signalled;
}

void
(g_atomic_ref_count_init) (gatomicrefcount *count)
{
  NEXT (g_atomic_ref_count_init);
  next (count);
  release ((void *) count);
}

void
(g_atomic_ref_count_inc) (gatomicrefcount *count)
{
  NEXT (g_atomic_ref_count_inc);
  acquire ((void *) count);
  next (count);
}

gboolean
(g_atomic_ref_count_dec) (gatomicrefcount *count)
{
  gboolean last;

  NEXT (g_atomic_ref_count_dec);
  release ((void *) count);
  last = next (count);
  if (last)
    acquire ((void *) count);
  return last;
}

typedef struct
{
  GSourceFunc func;
  gpointer data;
  GDestroyNotify notify;
} Idle;

static gboolean
run_idle (gpointer data)
{
  Idle *idle = data;

  acquire (idle);
  return idle->func (idle->data);
}

static void
free_idle (gpointer data)
{
  Idle *idle = data;

  if (idle->notify != NULL)
    idle->notify (idle->data);
  g_free (idle);
}

guint
g_idle_add_full (gint priority, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  Idle *idle;

  NEXT (g_idle_add_full);
  /* Others may look for their idle source by its data. */
  if (__tsan_release == NULL)
    return next (priority, func, data, notify);
  idle = g_new (Idle, 1);
  *idle = (Idle) { func, data, notify };
  release (idle);
  return next (priority, run_idle, idle, free_idle);
}
