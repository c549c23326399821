/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An ICE candidate line (RFC 8839, 5.1), parsed and checked. Pure, any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a line says. Strings belong to the struct. */
typedef struct
{
  char *type;     /* host, srflx, prflx, relay */
  char *protocol; /* udp, tcp */
  char *address;  /* numeric, or a name that ends in .local */
  guint port;     /* 0 to 65535; 9 with tcp means "active" */
  guint component;
} SnugCandidate;

/* Takes "candidate:..." or "a=candidate:..."; at most SNUG_CANDIDATE_MAX_BYTES, printable ASCII only.
 * Returns: (transfer full): or NULL with SNUG_PROTOCOL_ERROR_TOO_LARGE or _BAD_FIELD. */
SnugCandidate *snug_candidate_parse (const char *line, GError **error);
void snug_candidate_free (SnugCandidate *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugCandidate, snug_candidate_free)

/* Whether the address is a multicast DNS name (RFC 8828), which hides a browser's address. */
gboolean snug_candidate_is_mdns (const SnugCandidate *self);

G_END_DECLS
