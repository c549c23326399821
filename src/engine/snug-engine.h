/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Starting GStreamer, naming what is missing, and the error domains of the engine.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * SnugCallError:
 *
 * Why a call, or the connection to one person, did not work. Signaling and protocol errors come in
 * their own domains (SNUG_SIGNALING_ERROR, SNUG_PROTOCOL_ERROR).
 */
typedef enum
{
  SNUG_CALL_ERROR_FAILED = 1,           /* an internal failure; the message is for a log */
  SNUG_CALL_ERROR_MISSING_PLUGIN,       /* a GStreamer element that a call needs is not installed */
  SNUG_CALL_ERROR_NO_ROUTE,             /* no pair of candidates worked */
  SNUG_CALL_ERROR_CERTIFICATE_MISMATCH, /* the DTLS certificate is not the one the description named */
  SNUG_CALL_ERROR_BAD_DESCRIPTION,      /* the peer's description was refused */
  SNUG_CALL_ERROR_BAD_MESSAGE,          /* the peer sent something that is no peer message */
  SNUG_CALL_ERROR_NO_ANSWER,            /* the peer did not answer the offer in time */
  SNUG_CALL_ERROR_REFUSED_BY_PEER,      /* the peer closed the connection, see the message */
  SNUG_CALL_ERROR_LOST,                 /* was connected, then nothing arrived any more */
  SNUG_CALL_ERROR_ICE_SERVER            /* a STUN or TURN server's address can't be used */
} SnugCallError;

#define SNUG_CALL_ERROR (snug_call_error_quark ())
GQuark snug_call_error_quark (void);

/**
 * SnugMediaError:
 *
 * Why there is no picture or no sound from here. Never ends a call.
 */
typedef enum
{
  SNUG_MEDIA_ERROR_FAILED = 1,
  SNUG_MEDIA_ERROR_NO_DEVICE,      /* none is plugged in */
  SNUG_MEDIA_ERROR_DENIED,         /* the system or the person refused */
  SNUG_MEDIA_ERROR_BUSY,           /* another program has it */
  SNUG_MEDIA_ERROR_NO_FRAMES,      /* it opened, and nothing came within 3 s */
  SNUG_MEDIA_ERROR_FILE,           /* the media file can't be read */
  SNUG_MEDIA_ERROR_MISSING_PLUGIN, /* a GStreamer element is not installed */
  SNUG_MEDIA_ERROR_SPEC            /* not a media source at all */
} SnugMediaError;

#define SNUG_MEDIA_ERROR (snug_media_error_quark ())
GQuark snug_media_error_quark (void);

/* Starts GStreamer and checks that every element a call cannot do without is there. Once per process,
 * before anything else of the engine; later calls are cheap. FALSE with SNUG_CALL_ERROR_MISSING_PLUGIN,
 * whose message names every missing element and its package. Main thread. */
gboolean snug_engine_init (GError **error);

/* Loads the plugins and makes the DTLS certificate in the background, so that the first join does not
 * pay for it. Idempotent. */
void snug_engine_warm_up (void);

/* Waits until what snug_engine_warm_up() began is over: half a second as a rule. Nobody has to: exit() ends it.
 * Main thread. */
void snug_engine_wait_warm_up (void);

/* Whether this is the thread that called snug_engine_init(), on which every Snug object lives; TRUE before
 * that call. For g_return_if_fail. Any thread. */
gboolean snug_engine_is_main_thread (void);

/* For log lines and the stats of one process: microseconds on the monotonic clock since the engine
 * was ready (the end of snug_engine_init). */
gint64 snug_engine_get_uptime (void);

G_END_DECLS
