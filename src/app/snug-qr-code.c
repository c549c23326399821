/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-qr-code.h"

#include <gtk/gtk.h>
#include <math.h>
#include <string.h>

#ifdef HAVE_QRENCODE
#include <qrencode.h>
#endif

/* What has to be left white around it (ISO/IEC 18004, 9.1), in modules. */
#define QUIET_ZONE 4
/* Of a module that nobody asked to be of another size, in pixels. */
#define MODULE_PIXELS 4

struct _SnugQrCode
{
  GObject parent_instance;

  guint size;
  guint8 *modules; /* size * size: whether dark */
};

static void
snug_qr_code_snapshot (GdkPaintable *paintable, GdkSnapshot *snapshot, double width, double height)
{
  static const GdkRGBA dark = { 0.11f, 0.09f, 0.13f, 1 };
  static const GdkRGBA light = { 1, 1, 1, 1 };
  SnugQrCode *self = SNUG_QR_CODE (paintable);
  double side = MIN (width, height);
  double module = side / snug_qr_code_get_full_size (self);
  double x, y;

  if (module >= 1)
    module = floor (module);
  x = floor ((width - module * self->size) / 2);
  y = floor ((height - module * self->size) / 2);
  gtk_snapshot_append_color (snapshot, &light, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  for (guint row = 0; row < self->size; row++)
    for (guint column = 0; column < self->size; column++)
      {
        guint n = 0;

        while (column + n < self->size && self->modules[row * self->size + column + n])
          n++;
        if (n > 0)
          gtk_snapshot_append_color (snapshot, &dark,
                                     &GRAPHENE_RECT_INIT ((float) (x + module * column), (float) (y + module * row),
                                                          (float) (module * n), (float) module));
        column += n;
      }
}

static int
snug_qr_code_get_intrinsic_size (GdkPaintable *paintable)
{
  return (int) snug_qr_code_get_full_size (SNUG_QR_CODE (paintable)) * MODULE_PIXELS;
}

static GdkPaintableFlags
snug_qr_code_get_flags (GdkPaintable *paintable)
{
  return GDK_PAINTABLE_STATIC_SIZE | GDK_PAINTABLE_STATIC_CONTENTS;
}

static void
snug_qr_code_paintable_init (GdkPaintableInterface *iface)
{
  iface->snapshot = snug_qr_code_snapshot;
  iface->get_intrinsic_width = snug_qr_code_get_intrinsic_size;
  iface->get_intrinsic_height = snug_qr_code_get_intrinsic_size;
  iface->get_flags = snug_qr_code_get_flags;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SnugQrCode, snug_qr_code, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GDK_TYPE_PAINTABLE, snug_qr_code_paintable_init))

static void
snug_qr_code_finalize (GObject *object)
{
  g_free (SNUG_QR_CODE (object)->modules);
  G_OBJECT_CLASS (snug_qr_code_parent_class)->finalize (object);
}

static void
snug_qr_code_class_init (SnugQrCodeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = snug_qr_code_finalize;
}

static void
snug_qr_code_init (SnugQrCode *self)
{
}

GdkPaintable *
snug_qr_code_new (const char *text)
{
#ifdef HAVE_QRENCODE
  SnugQrCode *self;
  QRcode *code;

  g_return_val_if_fail (text != NULL, NULL);

  if (*text == '\0' || strlen (text) > SNUG_QR_CODE_MAX_BYTES)
    return NULL;
  /* A short one has room for more that may be damaged. */
  code = QRcode_encodeString8bit (text, 0, strlen (text) <= 200 ? QR_ECLEVEL_M : QR_ECLEVEL_L);
  if (code == NULL)
    return NULL;
  self = g_object_new (SNUG_TYPE_QR_CODE, NULL);
  self->size = (guint) code->width;
  self->modules = g_malloc (self->size * self->size);
  for (guint i = 0; i < self->size * self->size; i++)
    self->modules[i] = code->data[i] & 1;
  QRcode_free (code);

  return GDK_PAINTABLE (self);
#else
  return NULL;
#endif
}

guint
snug_qr_code_get_full_size (SnugQrCode *self)
{
  g_return_val_if_fail (SNUG_IS_QR_CODE (self), 0);

  return self->size + 2 * QUIET_ZONE;
}
