/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The doctor at work: what is the matter on top, what was looked at below, details folded; and a report to copy or save, without
 * addresses unless they are wanted.
 *
 * Signals: "back"; "again": start another one; "remedy" (guint SnugRemedy): lead there; "toast" (string).
 */
#pragma once

#include <adwaita.h>

#include "snug-doctor.h"

G_BEGIN_DECLS

#define SNUG_TYPE_DOCTOR_PAGE (snug_doctor_page_get_type ())
G_DECLARE_FINAL_TYPE (SnugDoctorPage, snug_doctor_page, SNUG, DOCTOR_PAGE, GtkWidget)

/* doctor: about to be started, or NULL. story: (nullable): what a call that failed went through, a line each. */
void snug_doctor_page_set_doctor (SnugDoctorPage *self, SnugDoctor *doctor, const char *const *story);
void snug_doctor_page_focus_start (SnugDoctorPage *self);
/* Returns: (transfer full): what there is now, as text. addresses: whether they stand in it. */
char *snug_doctor_page_make_report (SnugDoctorPage *self, gboolean addresses);

G_END_DECLS
