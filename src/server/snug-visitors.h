/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where people come from: how many connections one address has, and how often it may try to join. An IPv6
 * address counts with all others of its network of 64 bits. Pure: the caller says what time it is.
 */
#pragma once

#include "snug-server-address.h"
#include "snug-token-bucket.h"

G_BEGIN_DECLS

typedef struct _SnugVisitors SnugVisitors;

/* One address. It stays where it is while it has connections. */
typedef struct
{
  SnugServerAddress address; /* with the bits of the host of IPv6 cleared */
  guint n_connections;
  guint n_refusals; /* joins that were refused, since the last that was not */
  gint64 not_before; /* it may not join again */
  SnugTokenBucket joins;
} SnugVisitor;

SnugVisitors *snug_visitors_new (void);
void snug_visitors_free (SnugVisitors *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugVisitors, snug_visitors_free)

/* max: connections of one address; loopback has no limit. join_rate: joins a minute, and at once.
 * Returns: (transfer none) (nullable): NULL when it has as many as it may. */
SnugVisitor *snug_visitors_enter (SnugVisitors *self,
                                  const SnugServerAddress *address,
                                  guint max,
                                  guint join_rate,
                                  gint64 now);
/* One connection less. Remembered for a while, so that coming again is no way around a delay. */
void snug_visitors_leave (SnugVisitors *self, SnugVisitor *visitor, gint64 now);
/* How many addresses are known. */
guint snug_visitors_get_n (SnugVisitors *self);

/* Whether it may join now, which counts. */
gboolean snug_visitor_may_join (SnugVisitor *self, gint64 now);
/* What came of it. After five refusals in a row the next join has to wait: a second, then twice as long each
 * time, a minute at most. */
void snug_visitor_tell_join (SnugVisitor *self, gboolean refused, gint64 now);

G_END_DECLS
