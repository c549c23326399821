/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-fake-person.h"

#include <cairo.h>
#include <math.h>

enum
{
  PROP_ID = 1,
  PROP_NAME,
  PROP_STATE,
  PROP_VIDEO_FEED,
  PROP_SCREEN_FEED,
  PROP_AUDIO_ENABLED,
  PROP_VIDEO_ENABLED,
  PROP_SCREEN_ENABLED,
  PROP_AUDIO_LEVEL,
  PROP_VOLUME,
  PROP_HAND_RAISED,
  PROP_STATS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

struct _SnugFakePerson
{
  GObject parent_instance;

  GValue values[N_PROPS];
};

G_DEFINE_FINAL_TYPE (SnugFakePerson, snug_fake_person, G_TYPE_OBJECT)

static void
snug_fake_person_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_copy (&SNUG_FAKE_PERSON (object)->values[prop_id], value);
}

static void
snug_fake_person_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  g_value_copy (value, &SNUG_FAKE_PERSON (object)->values[prop_id]);
}

static void
snug_fake_person_finalize (GObject *object)
{
  for (guint i = 1; i < N_PROPS; i++)
    g_value_unset (&SNUG_FAKE_PERSON (object)->values[i]);
  G_OBJECT_CLASS (snug_fake_person_parent_class)->finalize (object);
}

static void
snug_fake_person_class_init (SnugFakePersonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = snug_fake_person_get_property;
  object_class->set_property = snug_fake_person_set_property;
  object_class->finalize = snug_fake_person_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, SNUG_TYPE_PEER_STATE, SNUG_PEER_CONNECTED, flags);
  properties[PROP_VIDEO_FEED] = g_param_spec_object ("video-feed", NULL, NULL, SNUG_TYPE_VIDEO_FEED, flags);
  properties[PROP_SCREEN_FEED] = g_param_spec_object ("screen-feed", NULL, NULL, SNUG_TYPE_VIDEO_FEED, flags);
  properties[PROP_AUDIO_ENABLED] = g_param_spec_boolean ("audio-enabled", NULL, NULL, TRUE, flags);
  properties[PROP_VIDEO_ENABLED] = g_param_spec_boolean ("video-enabled", NULL, NULL, FALSE, flags);
  properties[PROP_SCREEN_ENABLED] = g_param_spec_boolean ("screen-enabled", NULL, NULL, FALSE, flags);
  properties[PROP_AUDIO_LEVEL] = g_param_spec_double ("audio-level", NULL, NULL, -100, 0, -100, flags);
  properties[PROP_VOLUME] = g_param_spec_double ("volume", NULL, NULL, 0, 1.5, 1, flags);
  properties[PROP_HAND_RAISED] = g_param_spec_boolean ("hand-raised", NULL, NULL, FALSE, flags);
  properties[PROP_STATS] = g_param_spec_object ("stats", NULL, NULL, SNUG_TYPE_STATS, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  g_signal_new ("reaction", SNUG_TYPE_FAKE_PERSON, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_STRING);
}

static void
snug_fake_person_init (SnugFakePerson *self)
{
  for (guint i = 1; i < N_PROPS; i++)
    {
      g_value_init (&self->values[i], properties[i]->value_type);
      g_param_value_set_default (properties[i], &self->values[i]);
    }
}

SnugFakePerson *
snug_fake_person_new (const char *name)
{
  g_autoptr (SnugVideoFeed) camera = snug_video_feed_new ();
  g_autoptr (SnugVideoFeed) screen = snug_video_feed_new ();
  g_autoptr (SnugStats) stats = snug_stats_new ();

  return g_object_new (SNUG_TYPE_FAKE_PERSON,
                       "id", name,
                       "name", name,
                       "video-feed", camera,
                       "screen-feed", screen,
                       "stats", stats,
                       NULL);
}

static void
push (SnugVideoFeed *feed, cairo_surface_t *surface)
{
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface);
  gsize size = (gsize) cairo_image_surface_get_stride (surface) * (gsize) height;
  g_autoptr (GstCaps) caps = gst_caps_new_simple ("video/x-raw",
                                                  "format", G_TYPE_STRING, "BGRx",
                                                  "width", G_TYPE_INT, width,
                                                  "height", G_TYPE_INT, height,
                                                  "framerate", GST_TYPE_FRACTION, 0, 1,
                                                  NULL);
  g_autoptr (GstBuffer) buffer = NULL;
  g_autoptr (GstSample) sample = NULL;

  cairo_surface_flush (surface);
  buffer = gst_buffer_new_memdup (cairo_image_surface_get_data (surface), size);
  sample = gst_sample_new (buffer, caps, NULL, NULL);
  snug_video_feed_push (feed, sample);
  cairo_surface_destroy (surface);
}

/* Somebody before a window. */
void
snug_fake_person_show_camera (SnugFakePerson *self, guint tone)
{
  static const double walls[8][3] = { { .35, .26, .22 }, { .31, .37, .35 }, { .42, .36, .38 }, { .24, .27, .34 },
                                      { .38, .33, .24 }, { .28, .34, .27 }, { .36, .28, .34 }, { .30, .30, .32 } };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 640, 360);
  cairo_t *cr = cairo_create (surface);
  SnugVideoFeed *feed = g_value_get_object (&self->values[PROP_VIDEO_FEED]);

  cairo_set_source_rgb (cr, walls[tone % 8][0], walls[tone % 8][1], walls[tone % 8][2]);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, .66, .71, .74);
  cairo_rectangle (cr, 60 + 30 * (tone % 3), 30, 110, 150);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, .25 + .08 * (tone % 4), .32, .45 - .05 * (tone % 5));
  cairo_arc (cr, 320, 400, 150, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, .78 - .07 * (tone % 5), .60 - .07 * (tone % 5), .47 - .06 * (tone % 5));
  cairo_arc (cr, 320, 190, 82, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, .16 + .1 * (tone % 3), .12 + .05 * (tone % 3), .10);
  cairo_arc (cr, 320, 175, 88, G_PI, 2 * G_PI);
  cairo_fill (cr);
  cairo_destroy (cr);
  g_object_set (self, "video-enabled", TRUE, NULL);
  push (feed, surface);
}

/* A page of text, as it would be shared. */
void
snug_fake_person_show_screen (SnugFakePerson *self)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 1280, 720);
  cairo_t *cr = cairo_create (surface);
  SnugVideoFeed *feed = g_value_get_object (&self->values[PROP_SCREEN_FEED]);

  cairo_set_source_rgb (cr, .98, .98, .97);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, .14, .12, .17);
  cairo_set_font_size (cr, 44);
  cairo_move_to (cr, 80, 110);
  cairo_show_text (cr, "Autumn concert");
  cairo_set_font_size (cr, 22);
  for (int i = 0; i < 5; i++)
    {
      cairo_move_to (cr, 80, 250 + 84 * i);
      cairo_show_text (cr, "Who does what, week by week");
      cairo_rectangle (cr, 520 + 110 * i, 222 + 84 * i, 300, 40);
      cairo_fill (cr);
    }
  cairo_destroy (cr);
  g_object_set (self, "screen-enabled", TRUE, NULL);
  push (feed, surface);
}

void
snug_fake_person_measure (SnugFakePerson *self, double loss_fraction, const char *candidate_type)
{
  SnugStatsValues values = { 0 };
  gsize n_fields;
  const SnugStatsField *fields = snug_stats_sample_list_fields (&n_fields);

  for (gsize i = 0; i < n_fields; i++)
    if (fields[i].type == SNUG_STATS_DOUBLE)
      *(double *) (gpointer) ((char *) &values + fields[i].offset) = NAN;
  values.sent_loss_fraction = loss_fraction;
  values.received_loss_fraction = 0;
  values.round_trip_seconds = 0.024;
  values.local_candidate_type = g_strdup (candidate_type);
  values.remote_candidate_type = g_strdup ("host");
  snug_stats_append (g_value_get_object (&self->values[PROP_STATS]), snug_stats_sample_new (&values));
}
