/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From everything that was found to what is the matter: causes only, without what merely follows from them, the worst first.
 * Pure.
 */
#pragma once

#include "snug-doctor-finding.h"

G_BEGIN_DECLS

/* findings: SnugDoctorFinding of all checks, in any order. Returns: (transfer full): an array of SnugDoctorFinding without facts; the
 * same code once, with its subjects joined by ", ". Empty: nothing is the matter. */
GPtrArray *snug_doctor_verdict_reach (GPtrArray *findings);

/* How bad it is here, where something else may take its place. */
SnugDoctorSeverity snug_doctor_verdict_weigh (SnugDoctorCode code, GPtrArray *findings);

/* text: any. Returns: (transfer full): with every IPv4 and IPv6 address, but those of the loopback, replaced by "[address 1]",
 * "[address 2]", ...: the same one by the same. */
char *snug_doctor_black_out (const char *text);

G_END_DECLS
