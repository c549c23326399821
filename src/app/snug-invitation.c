/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-invitation.h"

#include <glib/gi18n.h>

enum
{
  COPIED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _SnugInvitation
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkLabel *title;
  GtkLabel *text;
  GtkLabel *room_field;
  GtkWidget *address_box;
  GtkLabel *address_text;
  GtkLabel *address_field;
  GtkWidget *copy_button;

  /* Owned */
  char *room;
  char *address;

  gboolean on_network;
  gboolean left_behind;
};

G_DEFINE_FINAL_TYPE (SnugInvitation, snug_invitation, GTK_TYPE_WIDGET)

static void
copy (SnugInvitation *self, const char *text, const char *sentence)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  g_signal_emit (self, signals[COPIED], 0, sentence);
}

static void
copy_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugInvitation *self = SNUG_INVITATION (widget);

  if (g_str_equal (action, "invitation.copy-room"))
    copy (self, self->room != NULL ? self->room : "", _ ("Room name copied."));
  else if (g_str_equal (action, "invitation.copy-address"))
    copy (self, self->address != NULL ? self->address : "", _ ("Meeting point copied."));
  else
    snug_invitation_copy (self);
}

static void
snug_invitation_dispose (GObject *object)
{
  while (gtk_widget_get_first_child (GTK_WIDGET (object)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (object)));
  G_OBJECT_CLASS (snug_invitation_parent_class)->dispose (object);
}

static void
snug_invitation_finalize (GObject *object)
{
  g_free (SNUG_INVITATION (object)->room);
  g_free (SNUG_INVITATION (object)->address);
  G_OBJECT_CLASS (snug_invitation_parent_class)->finalize (object);
}

static void
snug_invitation_class_init (SnugInvitationClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = snug_invitation_dispose;
  G_OBJECT_CLASS (klass)->finalize = snug_invitation_finalize;
  signals[COPIED] = g_signal_new ("copied", SNUG_TYPE_INVITATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-invitation.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugInvitation, title);
  gtk_widget_class_bind_template_child (widget_class, SnugInvitation, text);
  gtk_widget_class_bind_template_child (widget_class, SnugInvitation, room_field);
  gtk_widget_class_bind_template_child (widget_class, SnugInvitation, address_box);
  gtk_widget_class_bind_template_child (widget_class, SnugInvitation, address_text);
  gtk_widget_class_bind_template_child (widget_class, SnugInvitation, address_field);
  gtk_widget_class_bind_template_child (widget_class, SnugInvitation, copy_button);
  gtk_widget_class_install_action (widget_class, "invitation.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "invitation.copy-room", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "invitation.copy-address", NULL, copy_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
snug_invitation_init (SnugInvitation *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
update_words (SnugInvitation *self)
{
  gtk_label_set_label (self->title, self->left_behind  ? _ ("Everybody else has left")
                                    : self->on_network ? _ ("Nobody else is here yet")
                                                       : _ ("You are the first one here"));
  gtk_label_set_label (self->text,
                       self->on_network
                         ? _ ("Waiting for others on this network. Tell them the room name: Snug on their computers finds yours "
                              "by it. Anybody on this network who knows it can come in.")
                         : _ ("Tell the room name to the people you want to talk to. Anybody who knows it can come in."));
}

void
snug_invitation_set_room (SnugInvitation *self, const char *room, const char *address, gboolean hosted)
{
  g_return_if_fail (SNUG_IS_INVITATION (self));

  g_free (self->room);
  g_free (self->address);
  self->room = g_strdup (room);
  self->address = g_strdup (address);
  gtk_label_set_label (self->room_field, room != NULL ? room : "");
  gtk_label_set_label (self->address_field, address != NULL ? address : "");
  gtk_label_set_label (self->address_text,
                       hosted ? _ ("The room is on this computer. People on the same network set this meeting point in "
                                   "their Preferences:")
                              : _ ("They need the same meeting point in their Preferences:"));
  gtk_widget_set_visible (self->address_box, address != NULL);
}

void
snug_invitation_set_narrow (SnugInvitation *self, gboolean narrow)
{
  GtkLabel *const labels[] = { self->title, self->text, self->address_text };

  g_return_if_fail (SNUG_IS_INVITATION (self));

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      gtk_label_set_xalign (labels[i], narrow ? 0.5f : 0);
      gtk_label_set_justify (labels[i], narrow ? GTK_JUSTIFY_CENTER : GTK_JUSTIFY_LEFT);
    }
  gtk_widget_set_halign (self->copy_button, narrow ? GTK_ALIGN_FILL : GTK_ALIGN_START);
}

void
snug_invitation_set_left_behind (SnugInvitation *self, gboolean left_behind)
{
  g_return_if_fail (SNUG_IS_INVITATION (self));

  self->left_behind = left_behind;
  update_words (self);
}

void
snug_invitation_set_on_network (SnugInvitation *self, gboolean on_network)
{
  g_return_if_fail (SNUG_IS_INVITATION (self));

  self->on_network = on_network;
  update_words (self);
}

char *
snug_invitation_write (const char *room, const char *address, gboolean on_network)
{
  GString *text = g_string_new (_ ("Come into a call with Snug."));

  /* Translators: a room name */
  g_string_append_printf (text, _ ("\nRoom: %s"), room);
  if (address != NULL)
    /* Translators: the address of a server */
    g_string_append_printf (text, _ ("\nMeeting point: %s"), address);
  else if (on_network)
    g_string_append (text, _ ("\nMeeting point: this network"));
  return g_string_free (text, FALSE);
}

void
snug_invitation_copy (SnugInvitation *self)
{
  g_autofree char *text = NULL;

  g_return_if_fail (SNUG_IS_INVITATION (self));

  text = snug_invitation_write (self->room != NULL ? self->room : "", self->address, self->on_network);
  copy (self, text, _ ("Invitation copied. Send it to the people you want to talk to."));
}
