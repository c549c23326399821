/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-call-chrome.h"

#define STILL_SECONDS 3

struct _SnugCallChrome
{
  GObject parent_instance;

  /* Borrowed */
  GtkWidget *stage;
  GtkWidget *parts[2];
  SnugNotice *notice;
  GtkEventController *pointers[2];

  guint timeout_id;
  double last_x;
  double last_y;
  gboolean may_hide;
  gboolean hidden;
};

G_DEFINE_FINAL_TYPE (SnugCallChrome, snug_call_chrome, G_TYPE_OBJECT)

static void
set_hidden (SnugCallChrome *self, gboolean hidden)
{
  if (self->hidden == hidden)
    return;
  self->hidden = hidden;
  /* Faded by the style sheet, not unmapped: the keyboard and assistive technology still find every control. */
  for (guint i = 0; i < G_N_ELEMENTS (self->parts); i++)
    {
      if (hidden)
        gtk_widget_add_css_class (self->parts[i], "away");
      else
        gtk_widget_remove_css_class (self->parts[i], "away");
      gtk_widget_set_can_target (self->parts[i], !hidden);
    }
}

/* Of a button below, or of a tile that has the focus. */
static gboolean
has_open_menu (GtkWidget *widget)
{
  if (GTK_IS_POPOVER (widget))
    return gtk_widget_get_visible (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_open_menu (child))
      return TRUE;
  return FALSE;
}

static gboolean
is_in_use (SnugCallChrome *self)
{
  GtkRoot *root = gtk_widget_get_root (self->stage);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (snug_notice_is_shown (self->notice) || has_open_menu (self->stage))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (self->parts); i++)
    {
      if (gtk_event_controller_motion_contains_pointer (GTK_EVENT_CONTROLLER_MOTION (self->pointers[i])))
        return TRUE;
      if (focus != NULL && gtk_window_get_focus_visible (GTK_WINDOW (root))
          && gtk_widget_is_ancestor (focus, self->parts[i]))
        return TRUE;
    }
  return FALSE;
}

static gboolean
on_still (gpointer user_data)
{
  SnugCallChrome *self = SNUG_CALL_CHROME (user_data);

  if (is_in_use (self))
    return G_SOURCE_CONTINUE;
  self->timeout_id = 0;
  set_hidden (self, TRUE);
  return G_SOURCE_REMOVE;
}

void
snug_call_chrome_wake (SnugCallChrome *self)
{
  g_return_if_fail (SNUG_IS_CALL_CHROME (self));

  set_hidden (self, FALSE);
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  if (self->may_hide)
    self->timeout_id = g_timeout_add_seconds (STILL_SECONDS, on_still, self);
}

static void
on_motion (SnugCallChrome *self, double x, double y, GtkEventControllerMotion *controller)
{
  /* Widgets moving under a still pointer cause motion events too. */
  if (ABS (x - self->last_x) < 1 && ABS (y - self->last_y) < 1)
    return;
  self->last_x = x;
  self->last_y = y;
  snug_call_chrome_wake (self);
}

static gboolean
on_event (SnugCallChrome *self, GdkEvent *event, GtkEventControllerLegacy *controller)
{
  GdkEventType type = gdk_event_get_event_type (event);

  if (type == GDK_BUTTON_PRESS || type == GDK_TOUCH_BEGIN || type == GDK_SCROLL)
    snug_call_chrome_wake (self);
  return GDK_EVENT_PROPAGATE;
}

static void
snug_call_chrome_dispose (GObject *object)
{
  g_clear_handle_id (&SNUG_CALL_CHROME (object)->timeout_id, g_source_remove);
  G_OBJECT_CLASS (snug_call_chrome_parent_class)->dispose (object);
}

static void
snug_call_chrome_class_init (SnugCallChromeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = snug_call_chrome_dispose;
}

static void
snug_call_chrome_init (SnugCallChrome *self)
{
}

SnugCallChrome *
snug_call_chrome_new (GtkWidget *stage, GtkWidget *header, GtkWidget *bar, SnugNotice *notice)
{
  SnugCallChrome *self = g_object_new (SNUG_TYPE_CALL_CHROME, NULL);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *legacy = gtk_event_controller_legacy_new ();

  self->stage = stage;
  self->parts[0] = header;
  self->parts[1] = bar;
  self->notice = notice;
  for (guint i = 0; i < G_N_ELEMENTS (self->parts); i++)
    {
      self->pointers[i] = gtk_event_controller_motion_new ();
      gtk_widget_add_controller (self->parts[i], self->pointers[i]);
    }

  gtk_event_controller_set_propagation_phase (motion, GTK_PHASE_CAPTURE);
  g_signal_connect_object (motion, "motion", G_CALLBACK (on_motion), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (stage, motion);
  gtk_event_controller_set_propagation_phase (legacy, GTK_PHASE_CAPTURE);
  g_signal_connect_object (legacy, "event", G_CALLBACK (on_event), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (stage, legacy);
  return self;
}

void
snug_call_chrome_set_may_hide (SnugCallChrome *self, gboolean may_hide)
{
  g_return_if_fail (SNUG_IS_CALL_CHROME (self));

  if (self->may_hide == may_hide)
    return;
  self->may_hide = may_hide;
  snug_call_chrome_wake (self);
}

gboolean
snug_call_chrome_get_hidden (SnugCallChrome *self)
{
  g_return_val_if_fail (SNUG_IS_CALL_CHROME (self), FALSE);
  return self->hidden;
}
