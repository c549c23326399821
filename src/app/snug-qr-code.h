/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A text as a QR code (ISO/IEC 18004) to draw: dark on white with the quiet zone it needs, whatever the theme, each module whole
 * pixels wide where there is room. A GdkPaintable. Without libqrencode there is none.
 */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

/* A screen holds, and a phone reads, one of at most that many bytes: 117 modules. */
#define SNUG_QR_CODE_MAX_BYTES 1367

#define SNUG_TYPE_QR_CODE (snug_qr_code_get_type ())
G_DECLARE_FINAL_TYPE (SnugQrCode, snug_qr_code, SNUG, QR_CODE, GObject)

/* text: UTF-8. Returns: (transfer full) (nullable): NULL when the text is too long, or Snug was built without. */
GdkPaintable *snug_qr_code_new (const char *text);

/* Modules of one side, with the quiet zone. */
guint snug_qr_code_get_full_size (SnugQrCode *self);

G_END_DECLS
