/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How long a wandering picture takes, in simulated time: scaled and noisy, late, lost, and another one altogether.
 */
#include "snug-picture-delay.h"

#define FRAME_US ((gint64) 66667)
#define STEP 4
#define WIDTH 320

/* Bars like those of the test picture, moved by number steps; each pixel off by up to noise. */
static SnugVideoFrame *
make_frame (guint width, guint height, guint number, guint noise)
{
  static const guint8 bars[] = { 191, 175, 150, 130, 100, 60, 30 };
  g_autoptr (GRand) random = g_rand_new_with_seed (number + noise);
  SnugVideoFrame *frame = g_new0 (SnugVideoFrame, 1);
  guint8 *pixels = g_malloc0 ((gsize) width * height * 4);

  g_atomic_ref_count_init (&frame->ref_count);
  frame->width = width;
  frame->height = height;
  frame->stride = (gsize) width * 4;
  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      {
        guint at = (x * WIDTH / width + number * STEP) % WIDTH;

        pixels[y * frame->stride + x * 4 + 1]
            = bars[at * G_N_ELEMENTS (bars) / WIDTH] + (noise > 0 ? g_rand_int_range (random, 0, noise) : 0);
      }
  frame->bytes = g_bytes_new_take (pixels, (gsize) width * height * 4);
  return frame;
}

static void
take (SnugPictureDelay *delay, guint number)
{
  g_autoptr (SnugVideoFrame) frame = make_frame (WIDTH, 180, number, 0);

  snug_picture_delay_take (delay, frame, number * FRAME_US);
}

static gint64
arrive (SnugPictureDelay *delay, guint number, gint64 now)
{
  g_autoptr (SnugVideoFrame) frame = make_frame (160, 90, number, 20);

  return snug_picture_delay_arrive (delay, frame, now);
}

static void
test_nothing (void)
{
  g_autoptr (SnugPictureDelay) delay = snug_picture_delay_new ();

  g_assert_cmpuint (snug_picture_delay_get_n (delay), ==, 0);
  g_assert_cmpint (snug_picture_delay_get_median (delay), ==, 0);
  g_assert_cmpint (arrive (delay, 0, 1000), ==, -1);
}

/* Every second one is lost, and each takes a bit more than the one before. */
static void
test_late (void)
{
  g_autoptr (SnugPictureDelay) delay = snug_picture_delay_new ();

  for (guint i = 0; i < 60; i++)
    {
      take (delay, i);
      if (i >= 5 && i % 2 == 1)
        g_assert_cmpint (arrive (delay, i - 5, i * FRAME_US + i), ==, 5 * FRAME_US + i);
    }
  g_assert_cmpuint (snug_picture_delay_get_n (delay), ==, 28);
  g_assert_cmpint (snug_picture_delay_get_max (delay), ==, 5 * FRAME_US + 59);
  g_assert_cmpint (snug_picture_delay_get_median (delay), ==, 5 * FRAME_US + 33);
}

/* What wanders begins anew, and is taken for none of long ago. */
static void
test_around (void)
{
  g_autoptr (SnugPictureDelay) delay = snug_picture_delay_new ();

  for (guint i = 0; i < 400; i++)
    {
      take (delay, i);
      if (i >= 2)
        g_assert_cmpint (arrive (delay, i - 2, i * FRAME_US), ==, 2 * FRAME_US);
    }
}

static void
test_another (void)
{
  g_autoptr (SnugPictureDelay) delay = snug_picture_delay_new ();
  g_autoptr (SnugVideoFrame) black = g_new0 (SnugVideoFrame, 1);

  g_atomic_ref_count_init (&black->ref_count);
  black->width = 160;
  black->height = 90;
  black->stride = 640;
  black->bytes = g_bytes_new_take (g_malloc0 (160 * 90 * 4), 160 * 90 * 4);
  for (guint i = 0; i < 10; i++)
    take (delay, i);
  g_assert_cmpint (snug_picture_delay_arrive (delay, black, 10 * FRAME_US), ==, -1);
  g_assert_cmpuint (snug_picture_delay_get_n (delay), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/picture-delay/nothing", test_nothing);
  g_test_add_func ("/picture-delay/late", test_late);
  g_test_add_func ("/picture-delay/around", test_around);
  g_test_add_func ("/picture-delay/another", test_another);
  return g_test_run ();
}
