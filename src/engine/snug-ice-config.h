/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The STUN and TURN servers of a call (RFC 8489, RFC 8656) in the form that libnice takes. Main context.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _SnugIceConfig SnugIceConfig;

SnugIceConfig *snug_ice_config_new (void);
void snug_ice_config_free (SnugIceConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugIceConfig, snug_ice_config_free)

/* One more server: "stun:host[:port]", "turn:host[:port][?transport=udp|tcp]" or "turns:host[:port][?transport=tcp]" (RFC 7064,
 * RFC 7065); user name and credential unescaped, both needed for turn. A turns: server is reached through a SnugTurnTunnel, because
 * this libnice would send it in plain text. FALSE with SNUG_CALL_ERROR_ICE_SERVER. One already there is not added twice. At most SNUG_ICE_SERVERS_MAX. */
gboolean snug_ice_config_add (SnugIceConfig *self,
                              const char *uri,
                              const char *username,
                              const char *credential,
                              GError **error);
/* Use relay candidates only. */
void snug_ice_config_set_relay_only (SnugIceConfig *self, gboolean relay_only);
gboolean snug_ice_config_get_relay_only (SnugIceConfig *self);
gboolean snug_ice_config_has_turn (SnugIceConfig *self);
/* Descriptions are carried by people: an answer takes as long as it takes, and who wrote it may be any program. */
void snug_ice_config_set_by_hand (SnugIceConfig *self, gboolean by_hand);
gboolean snug_ice_config_get_by_hand (SnugIceConfig *self);

/* The text, and that none of these relays let us in, with the reason where it is known: libnice says nothing about them. Returns:
 * (transfer full) (nullable): NULL when there is no relay. */
char *snug_ice_config_blame_relays (SnugIceConfig *self, const char *text);

/* Sets it all on a webrtcbin that is still in state NULL. relay_only: for this once, if there is a relay. */
void snug_ice_config_apply (SnugIceConfig *self, GstElement *webrtcbin, gboolean relay_only);

G_END_DECLS
