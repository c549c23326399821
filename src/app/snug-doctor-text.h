/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * THE table from what the doctor finds to sentences that a person can act on, translated; and the names of its checks. Pure.
 */
#pragma once

#include "snug-doctor-result.h"
#include "snug-error-text.h"

G_BEGIN_DECLS

typedef struct
{
  const char *title;    /* what is the matter, without a full stop */
  const char *sentence; /* what it means, and what to do */
  SnugRemedy remedy;
} SnugDoctorText;

/* Static, translated. A fact has a NULL title. */
SnugDoctorText snug_doctor_text_lookup (SnugDoctorCode code);
const char *snug_doctor_text_name_check (SnugDoctorCheck check);
const char *snug_doctor_text_name_state (SnugDoctorState state);
/* What it comes to as a whole. */
const char *snug_doctor_text_sum_up (SnugDoctorSeverity severity);

G_END_DECLS
