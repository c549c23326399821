/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SNUG_TYPE_NOTIFIER (snug_notifier_get_type ())
/* The desktop's notifications of one application, where the desktop shows any. */
G_DECLARE_FINAL_TYPE (SnugNotifier, snug_notifier, SNUG, NOTIFIER, GObject)

SnugNotifier *snug_notifier_new (GApplication *application);
void snug_notifier_send (SnugNotifier *self, const char *id, GNotification *notification);
void snug_notifier_withdraw (SnugNotifier *self, const char *id);

G_END_DECLS
