/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Short sounds made of notes that are struck and ring out. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One note of a chime. */
typedef struct
{
  double hertz;
  double start;   /* seconds */
  double seconds; /* until it has fallen by 60 dB */
  double peak;    /* 0 to 1 of full scale */
} SnugChimeNote;

/* Returns: (transfer full): 48 kHz mono S16 in the machine's byte order, until the last note has rung out. It begins and ends at
 * zero, and never clips. */
GBytes *snug_chime_render (const SnugChimeNote *notes, gsize n_notes);

G_END_DECLS
