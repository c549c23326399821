/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-reconnect-plan.h"

#define RELAY_TURN 3

void
snug_reconnect_plan_begin (SnugReconnectPlan *self, gint64 now)
{
  g_return_if_fail (self != NULL);

  if (!self->wanted)
    *self = (SnugReconnectPlan){ .wanted = TRUE, .then = now };
}

void
snug_reconnect_plan_end (SnugReconnectPlan *self)
{
  g_return_if_fail (self != NULL);

  *self = (SnugReconnectPlan){ 0 };
}

void
snug_reconnect_plan_hurry (SnugReconnectPlan *self, gint64 now)
{
  g_return_if_fail (self != NULL);

  self->running = FALSE;
  self->then = now;
  self->n_failures = 0;
}

void
snug_reconnect_plan_fail (SnugReconnectPlan *self, gint64 now)
{
  gint64 pause = SNUG_RECONNECT_PAUSE_MAX_US;

  g_return_if_fail (self != NULL);

  if (!self->running)
    return;
  if (self->n_failures < 6)
    pause = SNUG_RECONNECT_PAUSE_US << self->n_failures;
  self->running = FALSE;
  self->n_failures++;
  self->then = now + pause;
}

SnugReconnectStep
snug_reconnect_plan_step (SnugReconnectPlan *self, gint64 now)
{
  g_return_val_if_fail (self != NULL, SNUG_RECONNECT_WAIT);

  if (!self->wanted)
    return SNUG_RECONNECT_WAIT;
  if (self->running)
    {
      if (now - self->then < SNUG_RECONNECT_ATTEMPT_US)
        return SNUG_RECONNECT_WAIT;
      snug_reconnect_plan_fail (self, now);
      return SNUG_RECONNECT_ABANDON;
    }
  if (now < self->then)
    return SNUG_RECONNECT_WAIT;

  self->running = TRUE;
  self->then = now;
  self->n_attempts++;

  return SNUG_RECONNECT_ATTEMPT;
}

gboolean
snug_reconnect_plan_prefers_relay (const SnugReconnectPlan *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->n_attempts > 0 && self->n_attempts % RELAY_TURN == 0;
}
