/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the window share.
 */
#pragma once

#include "snug-attention.h"
#include "snug-call-page.h"
#include "snug-devices.h"
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
  SnugCallPage *call_page;
  SnugFailedPage *failed_page;

  /* Owned */
  GSettings *settings;
  SnugDevices *devices;
  SnugHost *host;
  SnugCall *call;
  SnugAttention *attention; /* with the call */
  SnugSounds *sounds;       /* with the devices */
  SnugEventLog *events; /* nullable: asked for by SNUG_EVENTS */
  char *server; /* for this run */
  GError *failure; /* why the call that is being left has failed */
  char *failure_name;

  /* For "Try again" */
  char *room;
  char *display_name;
  gboolean hosting;

  gboolean test_media;
  gboolean closing;
};

/* In snug-window-actions.c: what keys and menus do. */
void snug_window_install_actions (GtkWidgetClass *widget_class);
