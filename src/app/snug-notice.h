/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one notice at the top of the stage. It pushes nothing and goes when what it says is over.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SNUG_TYPE_NOTICE (snug_notice_get_type ())
G_DECLARE_FINAL_TYPE (SnugNotice, snug_notice, SNUG, NOTICE, GtkWidget)

typedef enum
{
  SNUG_NOTICE_PLAIN,
  SNUG_NOTICE_WARNING,
  SNUG_NOTICE_WAITING /* with a spinner */
} SnugNoticeKind;

/* sentence: NULL takes the notice away. detail: (nullable): a second, smaller line. */
void snug_notice_show (SnugNotice *self,
                       SnugNoticeKind kind,
                       const char *icon_name,
                       const char *sentence,
                       const char *detail);
/* Where there is little room, what waits by itself has no button. */
void snug_notice_set_narrow (SnugNotice *self, gboolean narrow);
/* A button beside it, until the next notice. label: NULL for none. */
void snug_notice_set_action (SnugNotice *self, const char *label, const char *action_name);
gboolean snug_notice_is_shown (SnugNotice *self);

G_END_DECLS
