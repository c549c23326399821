/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The checks of the network: each runs on a thread of its own and waits there, touches nothing but its input and its report, and
 * ends in bounded time or with its cancellable. Private to the doctor.
 */
#pragma once

#include <gio/gio.h>

#include "snug-doctor-finding.h"
#include "snug-ice-server.h"
#include "snug-stun-message.h"

G_BEGIN_DECLS

/* input: as each says. */
typedef void (*SnugDoctorRun) (SnugDoctorReport *report, gconstpointer input, GCancellable *cancellable);

/* A STUN or TURN server, taken apart. */
typedef struct
{
  char *uri;
  char *host;
  guint16 port;
  gboolean turn;
  gboolean tcp; /* to the server; TLS too */
  gboolean tls;
  char *user;     /* nullable */
  char *password; /* nullable */
  GArray *others; /* SnugStunAddress: servers that were heard; nullable */
} SnugDoctorTarget;

/* Returns: (transfer full) (nullable): NULL with a finding and the reason in report. */
SnugDoctorTarget *snug_doctor_target_new (const char *uri, const char *user, const char *password, SnugDoctorReport *report);
void snug_doctor_target_free (SnugDoctorTarget *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugDoctorTarget, snug_doctor_target_free)

/* input: const char *, a ws:// or wss:// address. Name, TCP, certificate, upgrade, version, clock. Items: SnugIceServer (transfer
 * full, arrays of one) that the server names. */
void snug_doctor_check_server (SnugDoctorReport *report, gconstpointer input, GCancellable *cancellable);
/* input: NULL. Interfaces and addresses. */
void snug_doctor_check_network (SnugDoctorReport *report, gconstpointer input, GCancellable *cancellable);
/* input: NULL. Avahi. */
void snug_doctor_check_mdns (SnugDoctorReport *report, gconstpointer input, GCancellable *cancellable);
/* input: SnugDoctorTarget. Each address of it. Items: SnugStunAddress (g_malloc) of those that were heard. */
void snug_doctor_check_stun (SnugDoctorReport *report, gconstpointer input, GCancellable *cancellable);
/* input: SnugDoctorTarget, of which others are asked from one port: whether they see the same. */
void snug_doctor_check_nat (SnugDoctorReport *report, gconstpointer input, GCancellable *cancellable);
/* input: const char *, a host that is there: whether anything comes back from it by UDP. */
void snug_doctor_check_udp (SnugDoctorReport *report, gconstpointer input, GCancellable *cancellable);
/* input: SnugDoctorTarget. Allocation, way out, throughput. Items: SnugStunAddress (g_malloc) of one that is reached by UDP. */
void snug_doctor_check_turn (SnugDoctorReport *report, gconstpointer input, GCancellable *cancellable);
/* input: NULL. GStreamer's elements. Main context. */
void snug_doctor_check_plugins (SnugDoctorReport *report, gconstpointer input, GCancellable *cancellable);

G_END_DECLS
