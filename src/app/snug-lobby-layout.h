/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A layout manager for the lobby: picture and devices beside name, room and recent rooms, or everything in one
 * column in a window that is too narrow for two.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The children of a lobby, in this order. Hidden ones take no room. */
typedef enum
{
  SNUG_LOBBY_PREVIEW,
  SNUG_LOBBY_TITLE, /* only with two columns */
  SNUG_LOBBY_FORM,
  SNUG_LOBBY_NOTE,
  SNUG_LOBBY_JOIN,
  SNUG_LOBBY_HOST,
  SNUG_LOBBY_RECENT,
  SNUG_LOBBY_DEVICES,
  SNUG_LOBBY_N_CHILDREN
} SnugLobbyChild;

/* The page has two columns from this width on, its margins included. */
#define SNUG_LOBBY_WIDE 900
#define SNUG_LOBBY_MARGIN 28
#define SNUG_LOBBY_MARGIN_NARROW 12

#define SNUG_TYPE_LOBBY_LAYOUT (snug_lobby_layout_get_type ())
G_DECLARE_FINAL_TYPE (SnugLobbyLayout, snug_lobby_layout, SNUG, LOBBY_LAYOUT, GtkLayoutManager)

G_END_DECLS
