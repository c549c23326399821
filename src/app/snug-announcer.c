/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-announcer.h"

/* How long a sentence stands before the next, and how many may wait. */
#define STAND_MILLISECONDS 800
#define MAX_WAITING 4

struct _SnugAnnouncer
{
  GtkWidget parent_instance;

  GtkWidget *label; /* owned, as a child */
  GQueue waiting;   /* (element-type utf8) */
  guint timeout_id;
};

G_DEFINE_FINAL_TYPE (SnugAnnouncer, snug_announcer, GTK_TYPE_WIDGET)

#if GTK_CHECK_VERSION(4, 14, 0)
static void
say_now (SnugAnnouncer *self, const char *text)
{
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  gtk_accessible_announce (GTK_ACCESSIBLE (self), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
  G_GNUC_END_IGNORE_DEPRECATIONS
}
#else
/* GTK has no call for it before 4.14, and tells of no widget that comes or goes. What it does tell of is the name of one that
 * has been there: an alert, whose text is what is said. */
static void
say_now (SnugAnnouncer *self, const char *text)
{
  gtk_label_set_label (GTK_LABEL (self->label), text);
}
#endif

static gboolean
on_stood (gpointer user_data)
{
  SnugAnnouncer *self = SNUG_ANNOUNCER (user_data);
  g_autofree char *text = g_queue_pop_head (&self->waiting);

  if (text != NULL)
    {
      say_now (self, text);
      return G_SOURCE_CONTINUE;
    }
  gtk_label_set_label (GTK_LABEL (self->label), "");
  self->timeout_id = 0;
  return G_SOURCE_REMOVE;
}

void
snug_announcer_say (SnugAnnouncer *self, const char *text)
{
  g_return_if_fail (SNUG_IS_ANNOUNCER (self));
  g_return_if_fail (text != NULL);

  if (self->timeout_id == 0)
    {
      say_now (self, text);
      self->timeout_id = g_timeout_add (STAND_MILLISECONDS, on_stood, self);
      return;
    }
  if (g_queue_get_length (&self->waiting) >= MAX_WAITING)
    g_free (g_queue_pop_head (&self->waiting));
  g_queue_push_tail (&self->waiting, g_strdup (text));
}

void
snug_announcer_mention (SnugAnnouncer *self, const char *text)
{
  g_return_if_fail (SNUG_IS_ANNOUNCER (self));
  g_return_if_fail (text != NULL);

  if (g_queue_is_empty (&self->waiting))
    snug_announcer_say (self, text);
}

static void
snug_announcer_dispose (GObject *object)
{
  SnugAnnouncer *self = SNUG_ANNOUNCER (object);

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_queue_clear_full (&self->waiting, g_free);
  g_clear_pointer (&self->label, gtk_widget_unparent);
  G_OBJECT_CLASS (snug_announcer_parent_class)->dispose (object);
}

static void
snug_announcer_class_init (SnugAnnouncerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = snug_announcer_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "announcer");
}

static void
snug_announcer_init (SnugAnnouncer *self)
{
  self->label = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT, "ellipsize", PANGO_ELLIPSIZE_END, "max-width-chars", 1, NULL);
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  gtk_widget_set_opacity (GTK_WIDGET (self), 0);
}
