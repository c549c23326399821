/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One row of the doctor's list: a check, how far it is, what it saw. Main context.
 *
 * Properties: "check" (SnugDoctorCheck); "subject" (string, nullable): what it looks at, as an address; "state"
 * (SnugDoctorState, with notify).
 */
#pragma once

#include "snug-doctor-finding.h"

G_BEGIN_DECLS

typedef enum
{
  SNUG_DOCTOR_CHECK_PLUGINS,
  SNUG_DOCTOR_CHECK_NETWORK,
  SNUG_DOCTOR_CHECK_SERVER,
  SNUG_DOCTOR_CHECK_STUN,
  SNUG_DOCTOR_CHECK_NAT,
  SNUG_DOCTOR_CHECK_TURN,
  SNUG_DOCTOR_CHECK_UDP,
  SNUG_DOCTOR_CHECK_MDNS,
  SNUG_DOCTOR_CHECK_CAMERA,
  SNUG_DOCTOR_CHECK_MICROPHONE,
  SNUG_DOCTOR_CHECK_SPEAKER,
  SNUG_DOCTOR_CHECK_CALL,
  SNUG_DOCTOR_CHECK_CALL_BY_RELAY
} SnugDoctorCheck;

#define SNUG_TYPE_DOCTOR_CHECK (snug_doctor_check_get_type ())
GType snug_doctor_check_get_type (void);

typedef enum
{
  SNUG_DOCTOR_RUNNING,
  SNUG_DOCTOR_GOOD,
  SNUG_DOCTOR_REMARK, /* something that calls work without */
  SNUG_DOCTOR_BAD,
  SNUG_DOCTOR_STOPPED /* it was cancelled */
} SnugDoctorState;

#define SNUG_TYPE_DOCTOR_STATE (snug_doctor_state_get_type ())
GType snug_doctor_state_get_type (void);

#define SNUG_TYPE_DOCTOR_RESULT (snug_doctor_result_get_type ())
G_DECLARE_FINAL_TYPE (SnugDoctorResult, snug_doctor_result, SNUG, DOCTOR_RESULT, GObject)

SnugDoctorResult *snug_doctor_result_new (SnugDoctorCheck check, const char *subject);
/* It is over. report: (transfer none): what it holds is copied. */
void snug_doctor_result_end (SnugDoctorResult *self, SnugDoctorState state, SnugDoctorReport *report);

SnugDoctorCheck snug_doctor_result_get_check (SnugDoctorResult *self);
const char *snug_doctor_result_get_subject (SnugDoctorResult *self);
SnugDoctorState snug_doctor_result_get_state (SnugDoctorResult *self);
/* Returns: (transfer none): SnugDoctorFinding, facts among them. */
GPtrArray *snug_doctor_result_get_findings (SnugDoctorResult *self);
/* Returns: (transfer none): what was seen, in English, NULL-terminated. */
const char *const *snug_doctor_result_get_seen (SnugDoctorResult *self);
/* From its start to its end, or now. */
double snug_doctor_result_get_seconds (SnugDoctorResult *self);

G_END_DECLS
