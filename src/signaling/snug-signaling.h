/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How messages reach the other side: one abstract channel. A call only knows this class; WebSocket, local
 * network and copy-and-paste stand behind it, and tests use a mock. Main context only.
 */
#pragma once

#include <gio/gio.h>

#include "snug-message.h"

G_BEGIN_DECLS

/**
 * SnugSignalingState:
 * @SNUG_SIGNALING_IDLE: not yet opened
 * @SNUG_SIGNALING_OPENING: on the way to the other side, for the first time or again
 * @SNUG_SIGNALING_OPEN: messages flow
 * @SNUG_SIGNALING_CLOSED: final; #SnugSignaling:error says why, NULL when it was asked for
 */
typedef enum
{
  SNUG_SIGNALING_IDLE,
  SNUG_SIGNALING_OPENING,
  SNUG_SIGNALING_OPEN,
  SNUG_SIGNALING_CLOSED
} SnugSignalingState;
GType snug_signaling_state_get_type (void);

typedef enum
{
  SNUG_SIGNALING_ERROR_ADDRESS = 1, /* the address is not one that can be used */
  SNUG_SIGNALING_ERROR_UNREACHABLE, /* no such host, refused, no network */
  SNUG_SIGNALING_ERROR_TIMED_OUT,   /* reachable, but no answer in time */
  SNUG_SIGNALING_ERROR_TLS,         /* the server's certificate is not accepted */
  SNUG_SIGNALING_ERROR_NOT_SNUG,    /* something answered, but not a Snug server of this version */
  SNUG_SIGNALING_ERROR_LOST,        /* was open, then closed without being asked */
  SNUG_SIGNALING_ERROR_FLOODED,     /* the server sent more than it may: closed */
  SNUG_SIGNALING_ERROR_NO_DISCOVERY, /* others on this network can't be looked for, or can't find us */
  SNUG_SIGNALING_ERROR_HOST_LEFT    /* who held the room on this network has left: another takes over */
} SnugSignalingError;

#define SNUG_SIGNALING_ERROR (snug_signaling_error_quark ())
GQuark snug_signaling_error_quark (void);

#define SNUG_TYPE_SIGNALING (snug_signaling_get_type ())
G_DECLARE_DERIVABLE_TYPE (SnugSignaling, snug_signaling, SNUG, SIGNALING, GObject)

/**
 * SnugSignalingClass:
 * @open: start; must end in snug_signaling_set_open() or snug_signaling_set_closed()
 * @send: only called while open
 * @close: flush what was sent, then close; must end in snug_signaling_set_closed() (NULL), bounded in time
 * @renew: nullable, see snug_signaling_renew()
 * @by_hand: people carry what is said, to exactly one other: it takes as long as it takes, and when the other has left
 *   nobody else will come
 *
 * Properties: #SnugSignaling:state (notify), #SnugSignaling:error (GError, nullable, set before the
 * notify of state CLOSED, or OPENING when it was OPEN). Signal: "message" (SnugMessage): one from the other side, parsed and checked.
 */
struct _SnugSignalingClass
{
  GObjectClass parent_class;

  void (*open) (SnugSignaling *self);
  void (*send) (SnugSignaling *self, SnugMessage *message);
  void (*close) (SnugSignaling *self);
  void (*renew) (SnugSignaling *self);

  gboolean by_hand;
};

/* The room that will be joined, so that what stands before several servers can choose one by it, and that a local network is asked for.
 * In IDLE. */
void snug_signaling_set_room_id (SnugSignaling *self, const char *room_id);
/* Once only, from IDLE. */
void snug_signaling_open (SnugSignaling *self);
/* Drops the message with a debug line when the channel is not open. */
void snug_signaling_send (SnugSignaling *self, SnugMessage *message);
/* The network has changed: a channel that comes back by itself does so now, instead of waiting until it is sure to be lost. Nothing
 * for any other, or before it was open. */
void snug_signaling_renew (SnugSignaling *self);
/* Any number of times, in any state. */
void snug_signaling_close (SnugSignaling *self);

SnugSignalingState snug_signaling_get_state (SnugSignaling *self);
/* See #SnugSignalingClass.by_hand. */
gboolean snug_signaling_get_by_hand (SnugSignaling *self);
/* Returns: (transfer none) (nullable). */
const GError *snug_signaling_get_error (SnugSignaling *self);

/* For subclasses. */
/* Returns: (transfer none) (nullable): NULL when it was not told. */
const char *snug_signaling_get_room_id (SnugSignaling *self);
void snug_signaling_set_open (SnugSignaling *self);
/* It is lost, and on its way again; from OPEN or OPENING. error: (transfer full): why. */
void snug_signaling_set_reopening (SnugSignaling *self, GError *error);
/* error: (transfer full) (nullable). */
void snug_signaling_set_closed (SnugSignaling *self, GError *error);
void snug_signaling_deliver (SnugSignaling *self, SnugMessage *message);

G_END_DECLS
