/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The checks that need the main context: camera, microphone, speaker, and a call of the engine with itself. Each ends in
 * bounded time, or soon after its cancellable. Private to the doctor.
 */
#pragma once

#include <gio/gio.h>

#include "snug-doctor-finding.h"
#include "snug-ice-server.h"

G_BEGIN_DECLS

/* id: of the device to look at; NULL: the default one. report: has to live until callback is called. */
void snug_doctor_check_camera_async (SnugDoctorReport *report,
                                     const char *id,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
void snug_doctor_check_microphone_async (SnugDoctorReport *report,
                                         const char *id,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
/* microphone: whether there is one that works, to hear the speaker by: the default one if microphone_id is NULL. */
void snug_doctor_check_speaker_async (SnugDoctorReport *report,
                                      const char *id,
                                      gboolean microphone,
                                      const char *microphone_id,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
/* relays: (nullable): SnugIceServer, to go by one of them; NULL: directly. */
void snug_doctor_check_call_async (SnugDoctorReport *report,
                                   GPtrArray *relays,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
/* Of any of them. */
void snug_doctor_check_finish (GAsyncResult *result);

G_END_DECLS
