/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-stats-reader.h"

#include <math.h>

/* RTP's fixed header and the header extension block that carries the transport-wide number (RFC 3550, RFC 8285). */
#define RTP_HEADER_BYTES 20
#define AUDIO_CLOCK_RATE 48000
/* Of the other side, that are told apart: many more than a person has. */
#define MAX_SOURCES 64

enum
{
  VIDEO,
  AUDIO,
  N_KINDS
};

/* Sums over all sources of one direction and kind, since the start. */
typedef struct
{
  guint64 octets;
  guint64 packets;
} SnugTraffic;

/* One of the other side's. */
typedef struct
{
  guint32 ssrc;
  guint64 packets;
} SnugSource;

/* One reading; rates come from two. */
typedef struct
{
  double time; /* 0: there was none */
  SnugTraffic sent[N_KINDS];
  SnugTraffic received[N_KINDS];
  gint64 lost;
  gint64 arrived;
  GArray *sources; /* of SnugSource */
} SnugReading;

struct _SnugStatsReader
{
  SnugReading last;
};

/* A source keeps the jitter it had when it fell silent, and what is sent again has one of its own, which says nothing of
 * the path: of each kind the source counts of which most has come since the last reading. */
typedef struct
{
  guint64 packets;
  double jitter;
} SnugLiveliest;

SnugStatsReader *
snug_stats_reader_new (void)
{
  SnugStatsReader *self = g_new0 (SnugStatsReader, 1);

  self->last.sources = g_array_new (FALSE, FALSE, sizeof (SnugSource));

  return self;
}

void
snug_stats_reader_free (SnugStatsReader *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->last.sources);
  g_free (self);
}

static guint64
get_uint64 (const GstStructure *structure, const char *name)
{
  guint64 value = 0;

  gst_structure_get_uint64 (structure, name, &value);

  return value;
}

static void
add_traffic (SnugTraffic *traffic, guint64 octets, guint64 packets)
{
  traffic->octets += octets;
  traffic->packets += packets;
}

/* Packets of a source since the last reading. */
static guint64
count_since (const SnugReading *last, guint32 ssrc, guint64 packets)
{
  for (guint i = 0; i < last->sources->len; i++)
    {
      const SnugSource *source = &g_array_index (last->sources, SnugSource, i);

      if (source->ssrc == ssrc && source->packets <= packets)
        return packets - source->packets;
    }

  return packets;
}

static void
read_source (const GstStructure *source,
             guint32 audio_ssrc,
             const SnugReading *last,
             SnugReading *reading,
             SnugLiveliest *liveliest)
{
  gboolean internal = FALSE;
  guint ssrc = 0, jitter = 0;
  gint clock_rate = 0, lost = 0;
  guint64 since;
  SnugSource seen;
  guint kind;

  gst_structure_get_boolean (source, "internal", &internal);
  gst_structure_get_uint (source, "ssrc", &ssrc);
  gst_structure_get_int (source, "clock-rate", &clock_rate);

  if (internal)
    {
      add_traffic (&reading->sent[ssrc == audio_ssrc ? AUDIO : VIDEO], get_uint64 (source, "octets-sent"),
                   get_uint64 (source, "packets-sent"));
      return;
    }

  seen = (SnugSource){ .ssrc = ssrc, .packets = get_uint64 (source, "packets-received") };
  if (seen.packets == 0)
    return;

  kind = clock_rate == AUDIO_CLOCK_RATE ? AUDIO : VIDEO;
  add_traffic (&reading->received[kind], get_uint64 (source, "octets-received"), seen.packets);
  gst_structure_get_int (source, "packets-lost", &lost);
  gst_structure_get_uint (source, "jitter", &jitter);
  reading->lost += lost;
  reading->arrived += seen.packets;
  if (reading->sources->len < MAX_SOURCES)
    g_array_append_val (reading->sources, seen);
  since = count_since (last, ssrc, seen.packets);
  if (clock_rate > 0 && since > liveliest[kind].packets)
    liveliest[kind] = (SnugLiveliest){ .packets = since, .jitter = (double) jitter / clock_rate };
}

static double
get_bit_rate (const SnugTraffic *now, const SnugTraffic *before, double seconds)
{
  guint64 octets = now->octets - before->octets;
  guint64 packets = now->packets - before->packets;

  if (now->octets < before->octets || now->packets < before->packets)
    return 0; /* a source went, with its counts */

  return 8.0 * (octets + packets * RTP_HEADER_BYTES) / seconds;
}

static void
compute_rates (const SnugReading *now, const SnugReading *before, SnugStatsValues *values)
{
  double seconds = now->time - before->time;
  /* Less than before: a source went, with its counts. */
  gint64 lost = MAX (0, now->lost - before->lost);
  gint64 arrived = MAX (0, now->arrived - before->arrived);

  if (seconds <= 0)
    return;

  values->audio_sent_bits_per_second = get_bit_rate (&now->sent[AUDIO], &before->sent[AUDIO], seconds);
  values->video_sent_bits_per_second = get_bit_rate (&now->sent[VIDEO], &before->sent[VIDEO], seconds);
  values->audio_received_bits_per_second
      = get_bit_rate (&now->received[AUDIO], &before->received[AUDIO], seconds);
  values->video_received_bits_per_second
      = get_bit_rate (&now->received[VIDEO], &before->received[VIDEO], seconds);
  values->sent_bits_per_second
      = values->audio_sent_bits_per_second + values->video_sent_bits_per_second;
  values->received_bits_per_second
      = values->audio_received_bits_per_second + values->video_received_bits_per_second;
  if (arrived + lost > 0)
    values->received_loss_fraction = (double) lost / (arrived + lost);
}

void
snug_stats_reader_read (SnugStatsReader *self,
                        const GstStructure *session,
                        guint32 audio_ssrc,
                        double seconds,
                        SnugStatsValues *values)
{
  SnugReading reading = { .time = seconds };
  SnugLiveliest liveliest[N_KINDS] = { { 0, NAN }, { 0, NAN } };
  const GValue *value;

  g_return_if_fail (self != NULL);
  g_return_if_fail (seconds > 0);
  g_return_if_fail (values != NULL);

  reading.sources = g_array_new (FALSE, FALSE, sizeof (SnugSource));
  value = session != NULL ? gst_structure_get_value (session, "source-stats") : NULL;
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  if (value != NULL && G_VALUE_HOLDS (value, g_value_array_get_type ()))
    {
      GValueArray *sources = g_value_get_boxed (value);

      for (guint i = 0; i < sources->n_values; i++)
        read_source (g_value_get_boxed (g_value_array_get_nth (sources, i)), audio_ssrc, &self->last, &reading,
                     liveliest);
    }
  G_GNUC_END_IGNORE_DEPRECATIONS

  values->video_jitter_seconds = liveliest[VIDEO].jitter;
  values->audio_jitter_seconds = liveliest[AUDIO].jitter;
  if (self->last.time > 0)
    compute_rates (&reading, &self->last, values);
  g_array_unref (self->last.sources);
  self->last = reading;
}
