/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The numbers of a connection, for whoever looks after it. Pure.
 */
#pragma once

#include "snug-stats-sample.h"

G_BEGIN_DECLS

/* What may be said of an address without saying which it is: "IPv4, private", "IPv6, link-local", "name".
 * address: (nullable). Static; NULL for NULL. */
const char *snug_stats_report_redact (const char *address);

/* samples: a GListModel of SnugStatsSample. Every number of every sample as JSON, one sample to a line; no names in it, and
 * of addresses and ports only their kind unless with_addresses. Returns: (transfer full). */
char *snug_stats_report_make (GListModel *samples, gboolean with_addresses);

G_END_DECLS
