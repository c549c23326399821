/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What happens to this machine that a connection would notice late or never: an address goes, one comes, it has slept. Main
 * context.
 *
 * Signals: "address-lost", "address-gained": once for all that change together; "woken": from sleep, however long.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SNUG_TYPE_NETWORK_WATCH (snug_network_watch_get_type ())
G_DECLARE_FINAL_TYPE (SnugNetworkWatch, snug_network_watch, SNUG, NETWORK_WATCH, GObject)

/* Watches as long as it lives. Returns: (transfer full). */
SnugNetworkWatch *snug_network_watch_new (void);

/**
 * SnugAddressChange:
 * @SNUG_ADDRESS_SAME: nothing of interest
 * @SNUG_ADDRESS_GAINED: there are more to be reached at
 * @SNUG_ADDRESS_LOST: one at least is gone
 */
typedef enum
{
  SNUG_ADDRESS_SAME,
  SNUG_ADDRESS_GAINED,
  SNUG_ADDRESS_LOST
} SnugAddressChange;

/* before, after: sets of addresses as text. Pure. */
SnugAddressChange snug_network_watch_compare (GHashTable *before, GHashTable *after);

G_END_DECLS
