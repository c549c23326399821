/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One key that works whichever window is in front, by way of the GlobalShortcuts portal: push to talk. Which key it is, the person tells
 * the desktop. Main context.
 *
 * Properties, with notify: "available" (gboolean): the desktop can do this; asked when it is first read. "bound" (gboolean): the
 * key works now; turns FALSE when the desktop ends it.
 * Signals: "pressed" and "released": in turns, beginning with "pressed"; what is held down when it ends is released.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SNUG_TYPE_GLOBAL_SHORTCUT (snug_global_shortcut_get_type ())
G_DECLARE_FINAL_TYPE (SnugGlobalShortcut, snug_global_shortcut, SNUG, GLOBAL_SHORTCUT, GObject)

/* id: ASCII, the same in each run: the desktop remembers the key by it. description: for the desktop's dialog, translated.
 * preferred_trigger: (nullable): as the XDG shortcuts specification writes it, "CTRL+space". Returns: (transfer full). */
SnugGlobalShortcut *snug_global_shortcut_new (const char *id, const char *description, const char *preferred_trigger);

/* Asks the desktop for the key; nothing happens while bound or being bound. What comes of it is told by "bound".
 * parent_window: (nullable): as for snug_screen_share_start(). */
void snug_global_shortcut_bind (SnugGlobalShortcut *self, const char *parent_window);
/* Gives the key back. */
void snug_global_shortcut_unbind (SnugGlobalShortcut *self);

gboolean snug_global_shortcut_get_available (SnugGlobalShortcut *self);
gboolean snug_global_shortcut_get_bound (SnugGlobalShortcut *self);

G_END_DECLS
