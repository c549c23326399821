/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the window share.
 */
#pragma once

#include "snug-attention.h"
#include "snug-by-hand-page.h"
#include "snug-call-page.h"
#include "snug-call-story.h"
#include "snug-devices.h"
#include "snug-doctor-page.h"
#include "snug-ended-page.h"
#include "snug-event-log.h"
#include "snug-failed-page.h"
#include "snug-host.h"
#include "snug-lobby-page.h"
#include "snug-window.h"

struct _SnugWindow
{
  AdwApplicationWindow parent_instance;

  /* Template widgets */
  AdwToastOverlay *toasts;
  SnugAnnouncer *announcer;
  GtkStack *stack;
  SnugLobbyPage *lobby;
  SnugByHandPage *by_hand_page;
  SnugCallPage *call_page;
  SnugFailedPage *failed_page;
  SnugEndedPage *ended_page;
  SnugDoctorPage *doctor_page;

  /* Owned */
  GSettings *settings;
  SnugDevices *devices;
  SnugHost *host;
  SnugCall *call;
  SnugAttention *attention; /* with the call */
  SnugSounds *sounds;       /* with the devices */
  SnugCallStory *story; /* nullable: of the last call, until it has ended well */
  SnugEventLog *events; /* nullable: asked for by SNUG_EVENTS */
  char *server; /* for this run */
  gboolean off_server; /* it is set, but the person wants to meet on this network */
  GtkWindow *close_dialog; /* borrowed: it asks whether to leave */
  GtkWindow *small_window; /* borrowed: stands for this one, which is hidden */
  GError *failure; /* why the call that is being left has failed */
  char *failure_name;

  /* For "Try again" */
  char *room;
  char *link_server; /* the meeting point of the invitation into this room; NULL: the usual one */
  char *display_name;
  gboolean hosting;
  gboolean by_hand;
  SnugChat *broken_chat; /* nullable: of a call that has failed, whose files can go on */

  gboolean doctor_from_failure; /* where "back" leads from the doctor */
  gboolean test_media;
  gboolean closing;
};

/* In snug-window-actions.c: what keys and menus do. */
void snug_window_install_actions (GtkWidgetClass *widget_class);
/* An arrow with Ctrl, in a call. Returns: whether it moved one's own picture. */
gboolean snug_window_press_arrow (SnugWindow *self, guint keyval);

/* In snug-window.c */
void snug_window_show_page (SnugWindow *self, gpointer page);
/* Returns: (transfer full): the meeting point that is set, whether it is used or not; empty when there is none. */
char *snug_window_get_server (SnugWindow *self);
/* Whether people are met without it. */
gboolean snug_window_is_on_network (SnugWindow *self);

/* In snug-window-call.c: the call, from Join to what is said at its end. */
void snug_window_on_join (SnugWindow *self, const char *room, const char *display_name, SnugLobbyPage *lobby);
void snug_window_on_host (SnugWindow *self, const char *room, const char *display_name, SnugLobbyPage *lobby);
/* The page where descriptions are carried by hand, and the call that it asks for. */
void snug_window_connect_by_hand (SnugWindow *self);
void snug_window_on_by_hand_start (SnugWindow *self, SnugManualSignaling *signaling, SnugByHandPage *page);
void snug_window_on_by_hand_back (SnugWindow *self);
void snug_window_on_peer_failed (SnugWindow *self, SnugPeer *peer, SnugCallPage *page);
/* Joins the room that was joined last. */
void snug_window_start_call (SnugWindow *self);
void snug_window_drop_call (SnugWindow *self);
void snug_window_show_failure (SnugWindow *self, const GError *error, const char *other_name);
/* In snug-window-doctor.c. failed: with what the last call saw. Nothing while there is a call. */
void snug_window_show_doctor (SnugWindow *self, gboolean failed);
void snug_window_on_doctor_again (SnugWindow *self);
void snug_window_on_doctor_back (SnugWindow *self);
/* A small window instead of this one, and back. */
void snug_window_enter_small_window (SnugWindow *self);
void snug_window_leave_small_window (SnugWindow *self);
