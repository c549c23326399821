/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a portal may answer: the right thing, nothing, something else, too much.
 */
#include <gst/video/video.h>

#include "snug-picture-crop.h"
#include "snug-portal-reply.h"

/* The dict of this text in GVariant's notation. */
static GVariant *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *value = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);

  g_assert_no_error (error);

  return g_variant_take_ref (value);
}

static void
test_values (void)
{
  g_autoptr (GVariant) dict = parse ("{'u': <uint32 7>, 'b': <true>, 's': <'word'>, 'e': <''>, 'i': <7>}");
  g_autofree char *word = snug_portal_reply_dup_string (dict, "s");

  g_assert_cmpuint (snug_portal_reply_get_uint (dict, "u", 1), ==, 7);
  g_assert_cmpuint (snug_portal_reply_get_uint (dict, "i", 1), ==, 1);
  g_assert_cmpuint (snug_portal_reply_get_uint (dict, "none", 1), ==, 1);
  g_assert_true (snug_portal_reply_get_boolean (dict, "b", FALSE));
  g_assert_false (snug_portal_reply_get_boolean (dict, "u", FALSE));
  g_assert_cmpstr (word, ==, "word");
  g_assert_null (snug_portal_reply_dup_string (dict, "e"));
  g_assert_null (snug_portal_reply_dup_string (dict, "u"));
  g_assert_null (snug_portal_reply_dup_string (dict, "none"));
}

static void
test_long_string (void)
{
  g_auto (GVariantDict) builder = G_VARIANT_DICT_INIT (NULL);
  g_autofree char *text = g_strnfill (SNUG_PORTAL_STRING_MAX_BYTES + 1, 'x');
  g_autoptr (GVariant) dict = NULL;
  g_autofree char *longest = NULL;

  g_variant_dict_insert (&builder, "over", "s", text);
  g_variant_dict_insert (&builder, "at", "s", text + 1);
  dict = g_variant_ref_sink (g_variant_dict_end (&builder));
  g_assert_null (snug_portal_reply_dup_string (dict, "over"));
  longest = snug_portal_reply_dup_string (dict, "at");
  g_assert_nonnull (longest);
}

static void
test_session (void)
{
  static const char *const good[] = {
    "{'session_handle': <'/org/freedesktop/portal/desktop/session/1_5/snug1'>}",
    "{'session_handle': <objectpath '/org/freedesktop/portal/desktop/session/1_5/snug1'>}",
  };
  static const char *const bad[] = {
    "@a{sv} {}",
    "{'session_handle': <''>}",
    "{'session_handle': <'/'>}",
    "{'session_handle': <'/org/freedesktop/portal/desktop/session/'>}",
    "{'session_handle': <'/org/freedesktop/portal/desktop/session/a b'>}",
    "{'session_handle': <'/somewhere/else'>}",
    "{'session_handle': <7>}",
    "{'session_handle': <{'a': <1>}>}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GVariant) dict = parse (good[i]);
      g_autoptr (GError) error = NULL;
      g_autofree char *session = snug_portal_reply_dup_session (dict, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (session, ==, "/org/freedesktop/portal/desktop/session/1_5/snug1");
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GVariant) dict = parse (bad[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (snug_portal_reply_dup_session (dict, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    }
}

static void
test_stream (void)
{
  static const char *const bad[] = {
    "@a{sv} {}",
    "{'streams': <@a(ua{sv}) []>}",
    "{'streams': <'none of that'>}",
    "{'streams': <[(1, 2)]>}",
    "{'streams': <[(uint32 4294967295, @a{sv} {})]>}",
    "{'streams': <[(-1, @a{sv} {})]>}",
  };
  g_autoptr (GVariant) dict = parse ("{'streams': <[(uint32 42, {'size': <(1, 2)>}), (uint32 43, @a{sv} {})]>}");
  g_autoptr (GVariant) many = NULL;
  g_auto (GVariantDict) builder = G_VARIANT_DICT_INIT (NULL);
  GVariantBuilder streams = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ua{sv})"));
  guint32 node;

  g_assert_true (snug_portal_reply_get_stream (dict, &node, NULL));
  g_assert_cmpuint (node, ==, 42);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GVariant) wrong = parse (bad[i]);
      g_autoptr (GError) error = NULL;

      g_assert_false (snug_portal_reply_get_stream (wrong, &node, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    }

  for (guint i = 0; i < 10000; i++)
    g_variant_builder_add (&streams, "(ua{sv})", i, NULL);
  g_variant_dict_insert_value (&builder, "streams", g_variant_builder_end (&streams));
  many = g_variant_ref_sink (g_variant_dict_end (&builder));
  g_assert_false (snug_portal_reply_get_stream (many, &node, NULL));
}

static void
test_shortcut (void)
{
  static const struct
  {
    const char *type;
    const char *text;
    gboolean is_ours;
  } cases[] = {
    { "(osta{sv})", "('/a/b', 'talk', 7, {})", TRUE },
    { "(os)", "('/a/b', 'talk')", TRUE },
    { "(osta{sv})", "('/a/c', 'talk', 7, {})", FALSE },
    { "(osta{sv})", "('/a/b', 'other', 7, {})", FALSE },
    { "(ss)", "('/a/b', 'talk')", FALSE },
    { "(ou)", "('/a/b', 7)", FALSE },
    { "(o)", "('/a/b',)", FALSE },
    { "()", "()", FALSE },
    { "s", "'/a/b'", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) arguments
          = g_variant_parse (G_VARIANT_TYPE (cases[i].type), cases[i].text, NULL, NULL, NULL);

      g_assert_nonnull (arguments);
      g_assert_cmpint (snug_portal_reply_is_shortcut (arguments, "/a/b", "talk"), ==, cases[i].is_ours);
    }
}

/* Four by four grey pixels, each with its own number. */
static GstSample *
create_picture (const char *format, gsize size)
{
  g_autoptr (GstCaps) caps = gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, format, "width", G_TYPE_INT,
                                                  4, "height", G_TYPE_INT, 4, NULL);
  g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, size, NULL);

  for (gsize i = 0; i < size; i++)
    gst_buffer_memset (buffer, i, (guint8) i, 1);

  return gst_sample_new (buffer, caps, NULL, NULL);
}

static void
add_crop (GstSample *sample, guint x, guint y, guint width, guint height)
{
  GstVideoCropMeta *crop = gst_buffer_add_video_crop_meta (gst_sample_get_buffer (sample));

  crop->x = x;
  crop->y = y;
  crop->width = width;
  crop->height = height;
}

/* The first pixel of the first plane of what is left, and its size. */
static guint8
look_at (GstSample *sample, guint width, guint height)
{
  GstVideoInfo info;
  GstVideoFrame frame;
  guint8 first;

  g_assert_true (gst_video_info_from_caps (&info, gst_sample_get_caps (sample)));
  g_assert_cmpint (GST_VIDEO_INFO_WIDTH (&info), ==, width);
  g_assert_cmpint (GST_VIDEO_INFO_HEIGHT (&info), ==, height);
  g_assert_true (gst_video_frame_map (&frame, &info, gst_sample_get_buffer (sample), GST_MAP_READ));
  first = *(guint8 *) GST_VIDEO_FRAME_PLANE_DATA (&frame, 0);
  gst_video_frame_unmap (&frame);

  return first;
}

static void
test_crop (void)
{
  static const struct
  {
    guint crop[4];
    guint width, height; /* 0: nothing is left */
    guint8 first;        /* of BGRx */
  } cases[] = {
    { { 0, 0, 4, 4 }, 4, 4, 0 },
    { { 0, 0, 2, 3 }, 2, 3, 0 },
    { { 2, 0, 2, 4 }, 2, 4, 8 },
    { { 2, 2, 2, 2 }, 2, 2, 40 },
    { { 2, 2, 100, 100 }, 2, 2, 40 },
    { { 0, 0, G_MAXUINT, G_MAXUINT }, 4, 4, 0 },
    { { 4, 0, 1, 1 }, 0, 0, 0 },
    { { G_MAXUINT, G_MAXUINT, G_MAXUINT, G_MAXUINT }, 0, 0, 0 },
    { { 0, 0, 0, 0 }, 0, 0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GstSample) sample = create_picture ("BGRx", 64);
      g_autoptr (GstSample) part = NULL;

      add_crop (sample, cases[i].crop[0], cases[i].crop[1], cases[i].crop[2], cases[i].crop[3]);
      part = snug_picture_crop (sample);
      if (cases[i].width == 0)
        g_assert_null (part);
      else
        g_assert_cmpint (look_at (part, cases[i].width, cases[i].height), ==, cases[i].first);
    }
}

static void
test_crop_planes (void)
{
  g_autoptr (GstSample) whole = create_picture ("I420", 32);
  g_autoptr (GstSample) same = snug_picture_crop (whole);
  g_autoptr (GstSample) sample = create_picture ("I420", 32);
  g_autoptr (GstSample) part = NULL;
  GstVideoInfo info;
  GstVideoFrame frame;

  g_assert_true (same == whole);

  add_crop (sample, 2, 2, 2, 2);
  part = snug_picture_crop (sample);
  g_assert_cmpint (look_at (part, 2, 2), ==, 10);
  gst_video_info_from_caps (&info, gst_sample_get_caps (part));
  g_assert_true (gst_video_frame_map (&frame, &info, gst_sample_get_buffer (part), GST_MAP_READ));
  /* Strides are multiples of 4: the second line of U starts at 16 + 4. */
  g_assert_cmpint (*(guint8 *) GST_VIDEO_FRAME_PLANE_DATA (&frame, 1), ==, 16 + 4 + 1);
  gst_video_frame_unmap (&frame);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  g_test_add_func ("/portal-reply/values", test_values);
  g_test_add_func ("/portal-reply/long-string", test_long_string);
  g_test_add_func ("/portal-reply/session", test_session);
  g_test_add_func ("/portal-reply/stream", test_stream);
  g_test_add_func ("/portal-reply/shortcut", test_shortcut);
  g_test_add_func ("/portal-reply/crop", test_crop);
  g_test_add_func ("/portal-reply/crop-planes", test_crop_planes);

  return g_test_run ();
}
