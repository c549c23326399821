/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-media-source.h"

#include "snug-engine.h"

typedef struct
{
  const char *spec;
  SnugMediaKind kind;
  SnugMediaSourceType type;
  const char *value;
} ValidSpec;

static const ValidSpec valid_specs[] = {
  { "camera", SNUG_MEDIA_VIDEO, SNUG_MEDIA_SOURCE_DEVICE, NULL },
  { "camera:/dev/video0", SNUG_MEDIA_VIDEO, SNUG_MEDIA_SOURCE_DEVICE, "/dev/video0" },
  { "mic", SNUG_MEDIA_AUDIO, SNUG_MEDIA_SOURCE_DEVICE, NULL },
  { "mic:a:b", SNUG_MEDIA_AUDIO, SNUG_MEDIA_SOURCE_DEVICE, "a:b" },
  { "test", SNUG_MEDIA_VIDEO, SNUG_MEDIA_SOURCE_TEST, NULL },
  { "test", SNUG_MEDIA_AUDIO, SNUG_MEDIA_SOURCE_TEST, NULL },
  { "none", SNUG_MEDIA_VIDEO, SNUG_MEDIA_SOURCE_NONE, NULL },
  { "y4m:/tmp/a fifo", SNUG_MEDIA_VIDEO, SNUG_MEDIA_SOURCE_RAW, "/tmp/a fifo" },
  { "wav:-", SNUG_MEDIA_AUDIO, SNUG_MEDIA_SOURCE_RAW, "-" },
  { "film.webm", SNUG_MEDIA_VIDEO, SNUG_MEDIA_SOURCE_FILE, "film.webm" },
  { "./test", SNUG_MEDIA_AUDIO, SNUG_MEDIA_SOURCE_FILE, "./test" },
  { "a:b.ogg", SNUG_MEDIA_AUDIO, SNUG_MEDIA_SOURCE_FILE, "a:b.ogg" },
};

static void
test_parse (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (valid_specs); i++)
    {
      const ValidSpec *expected = &valid_specs[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (SnugMediaSource) source
          = snug_media_source_parse (expected->spec, expected->kind, &error);

      g_assert_no_error (error);
      g_assert_cmpint (snug_media_source_get_source_type (source), ==, expected->type);
      g_assert_cmpstr (snug_media_source_get_value (source), ==, expected->value);
    }
}

static void
test_parse_invalid (void)
{
  static const struct
  {
    const char *spec;
    SnugMediaKind kind;
  } specs[] = {
    { "", SNUG_MEDIA_VIDEO },         { "camera:", SNUG_MEDIA_VIDEO },
    { "y4m:", SNUG_MEDIA_VIDEO },     { "wav:a.wav", SNUG_MEDIA_VIDEO },
    { "mic", SNUG_MEDIA_VIDEO },      { "mic:a", SNUG_MEDIA_VIDEO },
    { "mic:", SNUG_MEDIA_AUDIO },     { "wav:", SNUG_MEDIA_AUDIO },
    { "y4m:a", SNUG_MEDIA_AUDIO },    { "camera", SNUG_MEDIA_AUDIO },
    { "camera:a", SNUG_MEDIA_AUDIO },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (specs); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SnugMediaSource) source
          = snug_media_source_parse (specs[i].spec, specs[i].kind, &error);

      g_assert_error (error, SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_SPEC);
      g_assert_null (source);
    }
}

static void
test_equal (void)
{
  g_autoptr (SnugMediaSource) any = snug_media_source_new (SNUG_MEDIA_SOURCE_DEVICE, NULL);
  g_autoptr (SnugMediaSource) empty = snug_media_source_new (SNUG_MEDIA_SOURCE_DEVICE, "");
  g_autoptr (SnugMediaSource) one = snug_media_source_new (SNUG_MEDIA_SOURCE_DEVICE, "one");
  g_autoptr (SnugMediaSource) file = snug_media_source_new (SNUG_MEDIA_SOURCE_FILE, "one");
  g_autoptr (SnugMediaSource) copy = snug_media_source_copy (one);

  g_assert_true (snug_media_source_equal (any, empty));
  g_assert_true (snug_media_source_equal (one, copy));
  g_assert_false (snug_media_source_equal (any, one));
  g_assert_false (snug_media_source_equal (one, file));
}

static void
test_boxed (void)
{
  g_autoptr (SnugMediaSource) source = snug_media_source_new (SNUG_MEDIA_SOURCE_FILE, "a");
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, SNUG_TYPE_MEDIA_SOURCE);
  g_value_set_boxed (&value, source);
  g_assert_true (snug_media_source_equal (g_value_get_boxed (&value), source));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/media-source/parse", test_parse);
  g_test_add_func ("/media-source/parse-invalid", test_parse_invalid);
  g_test_add_func ("/media-source/equal", test_equal);
  g_test_add_func ("/media-source/boxed", test_boxed);

  return g_test_run ();
}
