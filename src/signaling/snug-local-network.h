/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who announces one room on the local network, and announcing it oneself: Avahi, spoken to over D-Bus. What others announce is
 * checked (snug-local-announcement.h) and bounded in number here. Main context only.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What Avahi tells of is kept up to this number: a host is told once for each interface and kind of address. */
#define SNUG_LOCAL_ITEMS_MAX 256
/* Addresses of one host, at most. */
#define SNUG_LOCAL_ADDRESSES_MAX 8
/* Questions to Avahi at the same time. */
#define SNUG_LOCAL_RESOLVES_MAX 8

/* What a network tells its owner, never before snug_local_network_new() returns. The owner may free it in any of them. */
typedef struct
{
  /* A host has an address, or one more. */
  void (*found) (const char *name, gpointer data);
  /* It has none any more. */
  void (*gone) (const char *name, gpointer data);
  /* What was known to the network by now has been told. Again when Avahi was started anew. */
  void (*complete) (gpointer data);
  /* The own announcement has a name that is taken: make another one. */
  void (*collided) (gpointer data);
  /* There is no Avahi, or it does not let us: SNUG_SIGNALING_ERROR_NO_DISCOVERY. One that ends later is waited for instead. */
  void (*failed) (const GError *error, gpointer data);
} SnugLocalNetworkFuncs;

typedef struct _SnugLocalNetwork SnugLocalNetwork;

/* Begins to look. funcs: static. Returns: (transfer full). */
SnugLocalNetwork *snug_local_network_new (const char *room_id, const SnugLocalNetworkFuncs *funcs, gpointer data);
/* Ends the announcement, too. */
void snug_local_network_free (SnugLocalNetwork *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugLocalNetwork, snug_local_network_free)

/* Returns: (transfer full) (element-type GInetSocketAddress): where a host can be reached; empty when it is not known. */
GPtrArray *snug_local_network_list_addresses (SnugLocalNetwork *self, const char *name);

/* name: of snug_local_announcement_make_name(). In the place of any other announcement of ours; it is not told of by "found". */
void snug_local_network_announce (SnugLocalNetwork *self, const char *name, guint16 port);
void snug_local_network_withdraw (SnugLocalNetwork *self);

G_END_DECLS
