/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From what every path out takes to what camera, screen and microphone are encoded with (snug-rate-plan.h), over all
 * paths there are. Main context.
 *
 * Signal "planned": after every update, several times a second in a call.
 */
#pragma once

#include <glib-object.h>

#include "snug-rate-plan.h"

G_BEGIN_DECLS

typedef struct _SnugSendPath SnugSendPath;

#define SNUG_TYPE_RATE_CONTROL (snug_rate_control_get_type ())
G_DECLARE_FINAL_TYPE (SnugRateControl, snug_rate_control, SNUG, RATE_CONTROL, GObject)

/* Returns: (transfer full). */
SnugRateControl *snug_rate_control_new (void);

/* What there is to send now. */
void snug_rate_control_set_wish (SnugRateControl *self, const SnugRateWish *wish);
/* Returns: (transfer none): of now. */
const SnugRatePlan *snug_rate_control_get_plan (SnugRateControl *self);

/* path: not referenced. */
void snug_rate_control_add (SnugRateControl *self, SnugSendPath *path);
void snug_rate_control_remove (SnugRateControl *self, SnugSendPath *path);
/* A path has something new to tell. */
void snug_rate_control_update (SnugRateControl *self);

/* bit/s to begin with on a new path to that peer: somewhat less than the one before came to in the last minute; 0: nothing
 * is known. */
guint64 snug_rate_control_get_seed (SnugRateControl *self, const char *peer);

G_END_DECLS
