/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-invitation.h"

#include "snug-link.h"
#include "snug-menu-item.h"
#include "snug-qr-code.h"

#include <glib/gi18n.h>

/* At most, as long as a module has three. */
#define QR_PIXELS 198

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
  GtkWidget *box;
  GtkLabel *title;
  GtkLabel *text;
  GtkWidget *link_box;
  GtkLabel *link_field;
  GtkWidget *address_box;
  GtkLabel *address_text;
  GtkLabel *address_field;
  GtkWidget *buttons;
  GtkWidget *copy_button;
  GtkWidget *qr_box;
  GtkPicture *qr_picture;

  /* Owned */
  char *room;
  char *link;
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

  if (g_str_equal (action, "invitation.copy-link"))
    copy (self, self->link != NULL ? self->link : "", _ ("Link copied."));
  else if (g_str_equal (action, "invitation.copy-address"))
    copy (self, self->address != NULL ? self->address : "", _ ("Meeting point copied."));
  else
    snug_invitation_copy (self);
}

static void
on_mail (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugInvitation) self = user_data;
  g_autoptr (GError) error = NULL;

  if (gtk_show_uri_full_finish (GTK_WINDOW (source), result, &error))
    return;
  g_message ("No mail can be written: %s", error->message);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[COPIED], 0, _ ("No mail program could be opened. Copy the invitation instead."));
}

/* Whatever the desktop has for mail: there the person chooses to whom. There is no portal to share text with other programs
 * (issue 12 of xdg-desktop-portal); for those there is the clipboard. */
static void
mail_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugInvitation *self = SNUG_INVITATION (widget);
  g_autofree char *text = snug_invitation_write (self->room != NULL ? self->room : "", self->address, self->on_network);
  g_autofree char *body = g_uri_escape_string (text, NULL, FALSE);
  g_autofree char *subject = g_uri_escape_string (_ ("A call with Snug"), NULL, FALSE);
  g_autofree char *uri = g_strconcat ("mailto:?subject=", subject, "&body=", body, NULL);

  gtk_show_uri_full (GTK_WINDOW (gtk_widget_get_root (widget)), uri, GDK_CURRENT_TIME, NULL, on_mail, g_object_ref (self));
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
  g_free (SNUG_INVITATION (object)->link);
  g_free (SNUG_INVITATION (object)->address);
  G_OBJECT_CLASS (snug_invitation_parent_class)->finalize (object);
}

static void
snug_invitation_class_init (SnugInvitationClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = snug_invitation_dispose;
  G_OBJECT_CLASS (klass)->finalize = snug_invitation_finalize;
  g_type_ensure (SNUG_TYPE_MENU_ITEM);
  signals[COPIED] = g_signal_new ("copied", SNUG_TYPE_INVITATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-invitation.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugInvitation, title);
  gtk_widget_class_bind_template_child (widget_class, SnugInvitation, text);
  gtk_widget_class_bind_template_child (widget_class, SnugInvitation, link_box);
  gtk_widget_class_bind_template_child (widget_class, SnugInvitation, link_field);
  gtk_widget_class_bind_template_child (widget_class, SnugInvitation, address_box);
  gtk_widget_class_bind_template_child (widget_class, SnugInvitation, address_text);
  gtk_widget_class_bind_template_child (widget_class, SnugInvitation, address_field);
  gtk_widget_class_bind_template_child (widget_class, SnugInvitation, box);
  gtk_widget_class_bind_template_child (widget_class, SnugInvitation, buttons);
  gtk_widget_class_bind_template_child (widget_class, SnugInvitation, copy_button);
  gtk_widget_class_bind_template_child (widget_class, SnugInvitation, qr_box);
  gtk_widget_class_bind_template_child (widget_class, SnugInvitation, qr_picture);
  gtk_widget_class_install_action (widget_class, "invitation.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "invitation.copy-link", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "invitation.mail", NULL, mail_action);
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
                         : _ ("Send the link to the people you want to talk to, or tell them the name of the room. Anybody "
                              "who knows it can come in."));
}

/* By hand there is nowhere to go to. */
static void
update_visible (SnugInvitation *self)
{
  gboolean somewhere = self->address != NULL || self->on_network;

  gtk_widget_set_visible (GTK_WIDGET (self->text), somewhere);
  gtk_widget_set_visible (self->link_box, somewhere);
  gtk_widget_set_visible (self->buttons, somewhere);
}

void
snug_invitation_set_room (SnugInvitation *self, const char *room, const char *address, gboolean hosted)
{
  g_autoptr (GdkPaintable) code = NULL;

  g_return_if_fail (SNUG_IS_INVITATION (self));

  g_free (self->room);
  g_free (self->link);
  g_free (self->address);
  self->room = g_strdup (room);
  self->link = snug_link_write (room != NULL ? room : "", address);
  self->address = g_strdup (address);
  code = address != NULL ? snug_qr_code_new (self->link) : NULL;
  gtk_picture_set_paintable (self->qr_picture, code);
  if (code != NULL)
    {
      int size = (int) snug_qr_code_get_full_size (SNUG_QR_CODE (code));
      int side = size * MAX (QR_PIXELS / size, 3);

      gtk_widget_set_size_request (GTK_WIDGET (self->qr_picture), side, side);
    }
  gtk_widget_set_visible (self->qr_box, code != NULL);
  gtk_label_set_label (self->link_field, self->link);
  gtk_label_set_label (self->address_field, address != NULL ? address : "");
  gtk_label_set_label (self->address_text,
                       hosted ? _ ("The room is on this computer. People on the same network set this meeting point in "
                                   "their Preferences:")
                              : _ ("They need the same meeting point in their Preferences:"));
  update_visible (self);
  /* The other links lead there by themselves. */
  gtk_widget_set_visible (self->address_box, address != NULL && g_str_has_prefix (self->link, SNUG_LINK_SCHEME ":"));
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
  gtk_widget_set_halign (self->buttons, narrow ? GTK_ALIGN_CENTER : GTK_ALIGN_START);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->box),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}

void
snug_invitation_focus_start (SnugInvitation *self)
{
  g_return_if_fail (SNUG_IS_INVITATION (self));
  gtk_widget_grab_focus (self->copy_button);
}

void
snug_invitation_set_title (SnugInvitation *self, const char *title)
{
  g_return_if_fail (SNUG_IS_INVITATION (self));
  gtk_label_set_label (self->title, title != NULL ? title : "");
  gtk_widget_set_visible (GTK_WIDGET (self->title), title != NULL);
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
  update_visible (self);
}

char *
snug_invitation_write (const char *room, const char *address, gboolean on_network)
{
  GString *text = g_string_new (_ ("Come into a call with Snug."));
  g_autofree char *link = snug_link_write (room, address);

  g_string_append_printf (text, "\n%s", link);
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
