/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Looks for what keeps calls from working: a GListModel of SnugDoctorResult, which grows and changes while it runs. What is
 * independent runs at the same time; every check is bounded, all of them end within a minute and a half at worst, a few seconds as
 * a rule. Main context; the checks of the network wait on threads of their own.
 *
 * Properties, with notify: "running" (gboolean); FALSE again at the end, when there is a verdict.
 */
#pragma once

#include <gio/gio.h>

#include "snug-doctor-result.h"
#include "snug-ice-server.h"

G_BEGIN_DECLS

/* Everything is copied. */
typedef struct
{
  const char *server; /* as snug_websocket_signaling_normalize_uri() made it; NULL: none is set */
  const SnugIceServer *ice_servers; /* beside those that the server names */
  gsize n_ice_servers;
  gboolean media;         /* camera, microphone, speaker, and calls of the engine with itself */
  const char *camera;     /* ids; NULL: the default one of each */
  const char *microphone;
  const char *speaker;
} SnugDoctorConfig;

#define SNUG_TYPE_DOCTOR (snug_doctor_get_type ())
G_DECLARE_FINAL_TYPE (SnugDoctor, snug_doctor, SNUG, DOCTOR, GObject)

/* Returns: (transfer full). */
SnugDoctor *snug_doctor_new (const SnugDoctorConfig *config);
/* Once. GStreamer has to be initialised; snug_engine_init() may have failed because elements are missing. */
void snug_doctor_start (SnugDoctor *self);
/* Any number of times: what still runs ends soon, without a finding. */
void snug_doctor_cancel (SnugDoctor *self);

gboolean snug_doctor_get_running (SnugDoctor *self);
/* Whether it was cancelled before its end. */
gboolean snug_doctor_get_cancelled (SnugDoctor *self);
/* What is the matter, worst first; see snug_doctor_verdict_reach(). Empty until the end. Returns: (transfer none). */
GPtrArray *snug_doctor_get_verdict (SnugDoctor *self);
/* Of the worst finding; FACT: nothing is the matter. */
SnugDoctorSeverity snug_doctor_get_severity (SnugDoctor *self);
/* Of one finding of this verdict. */
SnugDoctorSeverity snug_doctor_weigh (SnugDoctor *self, const SnugDoctorFinding *finding);

G_END_DECLS
