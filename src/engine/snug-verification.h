/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether one remote person is who we think: the exchange that makes the code that both compare, and what we said of it. The rules
 * are in "Comparing codes" of protocol.md. No I/O; main context.
 *
 * Properties, with notify: "state" (SnugVerificationState).
 * Signal: "outgoing" (SnugPeerMessage): for the other side, on the channel that was opened last.
 */
#pragma once

#include "snug-peer-message.h"
#include "snug-short-code.h"

G_BEGIN_DECLS

/**
 * SnugVerificationState:
 * @SNUG_VERIFICATION_NONE: no code yet, or none with a program that knows of none
 * @SNUG_VERIFICATION_READY: there is a code to compare
 * @SNUG_VERIFICATION_CONFIRMED: somebody here said that the codes are the same
 * @SNUG_VERIFICATION_DIFFERENT: somebody here said that they differ
 * @SNUG_VERIFICATION_BROKEN: the other side broke the rules of the exchange; no code with this certificate of it
 */
typedef enum
{
  SNUG_VERIFICATION_NONE,
  SNUG_VERIFICATION_READY,
  SNUG_VERIFICATION_CONFIRMED,
  SNUG_VERIFICATION_DIFFERENT,
  SNUG_VERIFICATION_BROKEN
} SnugVerificationState;

#define SNUG_TYPE_VERIFICATION_STATE (snug_verification_state_get_type ())
GType snug_verification_state_get_type (void);

#define SNUG_TYPE_VERIFICATION (snug_verification_get_type ())
G_DECLARE_FINAL_TYPE (SnugVerification, snug_verification, SNUG, VERIFICATION, GObject)

/* confirmed: a set of strings that all people of a call share, so that who leaves and comes back with the same certificate is
 * still confirmed; filled and read here only. Returns: (transfer full). */
SnugVerification *snug_verification_new (GHashTable *confirmed);

/* A channel is open on which the other side has said that it knows of codes. own, peer: the fingerprints, as
 * snug_fingerprint_to_string() writes them. Confirmed stays who was, as long as both are the same. */
void snug_verification_open (SnugVerification *self, const char *own, const char *peer);
/* A CODE_COMMIT or CODE_REVEAL that came on the channel. */
void snug_verification_receive (SnugVerification *self, SnugPeerMessage *message);

SnugVerificationState snug_verification_get_state (SnugVerification *self);
/* FALSE: there is none, in NONE and BROKEN. code: (out caller-allocates). */
gboolean snug_verification_get_code (SnugVerification *self, SnugShortCode *code);
/* What a person says of the code; any number of times. Nothing happens without a code. */
void snug_verification_answer (SnugVerification *self, gboolean same);

G_END_DECLS
