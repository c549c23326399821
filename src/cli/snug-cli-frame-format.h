/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Decoded samples as bytes that other programs read: YUV4MPEG2 and WAV. Each object holds what the stream's first frame fixed.
 * One thread at a time.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _SnugCliY4m SnugCliY4m;
SnugCliY4m *snug_cli_y4m_new (void);
void snug_cli_y4m_free (SnugCliY4m *self);
/* header: put the stream's header before the frame. Returns: (transfer full) (nullable): NULL for what is no raw picture. */
GBytes *snug_cli_y4m_render (SnugCliY4m *self, GstSample *sample, gboolean header);

typedef struct _SnugCliWav SnugCliWav;
SnugCliWav *snug_cli_wav_new (void);
void snug_cli_wav_free (SnugCliWav *self);
/* The same for 16-bit sound. The header says that the length is not known. */
GBytes *snug_cli_wav_render (SnugCliWav *self, GstSample *sample, gboolean header);
/* Writes the length into the header, where the descriptor can go back to it. */
void snug_cli_wav_finish (SnugCliWav *self, int fd);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugCliY4m, snug_cli_y4m_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugCliWav, snug_cli_wav_free)

G_END_DECLS
