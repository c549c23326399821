/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One second of one connection, in numbers. Immutable. Every field stands in one table
 * (snug_stats_sample_list_fields), from which JSON and reports are written.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Rates and counts over the time since the sample before. A double that is not known is NAN, a string NULL. */
typedef struct
{
  double time_seconds;             /* since the engine was ready, monotonic */
  double round_trip_seconds;       /* RTCP, RFC 3550 6.4.1 */
  double sent_bits_per_second;     /* all media, RTP level with headers */
  double received_bits_per_second;
  double available_bits_per_second; /* estimate of what the path to the peer takes */
  double acked_bits_per_second;    /* that arrived there lately, with all headers */
  double seed_bits_per_second;     /* what the estimate began with, from the connection before; NAN: from nothing */
  double send_queue_seconds;       /* that what is sent waits here for its turn */
  double path_queue_seconds;       /* that it waits on the path, as estimated */
  guint64 pictures_dropped;        /* since the start: times that pictures waited here for too long */
  double audio_sent_bits_per_second;
  double audio_received_bits_per_second;
  double video_sent_bits_per_second;
  double video_received_bits_per_second;
  double sent_loss_fraction;       /* 0 to 1: of what we sent, as the peer reports it */
  double received_loss_fraction;   /* 0 to 1: of what the peer sent, before repair */
  guint64 received_packets_lost;   /* since the start, after repair: gaps the decoder saw */
  guint64 received_packets_repaired; /* since the start: came by retransmission */
  double audio_jitter_seconds;     /* interarrival, RFC 3550 6.4.1 */
  double video_jitter_seconds;
  double audio_playout_seconds;    /* that what comes is held back before it is played */
  double video_playout_seconds;
  guint received_width;            /* pixels; 0: no picture */
  guint received_height;
  double received_frames_per_second;
  guint64 received_frames;         /* shown since the start */
  guint sent_width;
  guint sent_height;
  double sent_frames_per_second;
  double audio_level_dbfs;         /* of the peer's sound, -100 to 0 */
  char *bandwidth_state;           /* of the estimate: rising, draining (a queue on the path), silent (no feedback) */
  char *video_codec;               /* "VP8" */
  char *audio_codec;               /* "opus" */
  char *local_candidate_type;      /* host, srflx, prflx, relay */
  char *remote_candidate_type;
  char *protocol;                  /* udp, tcp: between us and what we talk to first */
  char *local_address;
  guint local_port;
  char *remote_address;
  guint remote_port;
  char *dtls_version;              /* "DTLS 1.2" */
  char *dtls_cipher;               /* of messages: "TLS_ECDHE_RSA_AES_256_GCM_SHA384" */
  char *srtp_profile;              /* of sound and picture (RFC 5764, 4.1.2): "AES_128_CM_HMAC_SHA1_80" */
  char *local_fingerprint;         /* of the certificates (RFC 8122, 5): "sha-256 AB:CD:..." */
  char *remote_fingerprint;        /* compared with the certificate that was really used */
} SnugStatsValues;

typedef enum
{
  SNUG_STATS_DOUBLE,
  SNUG_STATS_UINT,
  SNUG_STATS_UINT64,
  SNUG_STATS_STRING
} SnugStatsType;

typedef struct
{
  const char *name; /* "round_trip_seconds" */
  SnugStatsType type;
  gsize offset;     /* into SnugStatsValues */
} SnugStatsField;

#define SNUG_TYPE_STATS_SAMPLE (snug_stats_sample_get_type ())
G_DECLARE_FINAL_TYPE (SnugStatsSample, snug_stats_sample, SNUG, STATS_SAMPLE, GObject)

/* values: (transfer full): its strings are taken over, the struct itself is copied. */
SnugStatsSample *snug_stats_sample_new (SnugStatsValues *values);
const SnugStatsValues *snug_stats_sample_get_values (SnugStatsSample *self);
/* Every field, in the order of the struct. Static. */
const SnugStatsField *snug_stats_sample_list_fields (gsize *n_fields);

G_END_DECLS
