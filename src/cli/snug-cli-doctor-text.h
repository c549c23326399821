/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the doctor finds, in plain English: THE table of the command line. The app has its own, translated. Pure.
 */
#pragma once

#include "snug-doctor-result.h"

#include "snug-cli-exit.h"

G_BEGIN_DECLS

typedef struct
{
  const char *sentence; /* what is the matter, and what it means */
  const char *advice;   /* what to do */
} SnugCliDoctorText;

/* NULL for a fact. Static. */
const SnugCliDoctorText *snug_cli_doctor_text_lookup (SnugDoctorCode code);
const char *snug_cli_doctor_text_name_check (SnugDoctorCheck check);
/* What the program ends with when that is the worst. severity: what it is worth here. */
SnugCliExit snug_cli_doctor_text_get_exit (SnugDoctorCode code, SnugDoctorSeverity severity);

G_END_DECLS
