/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What happens in a call, as lines for programs (JSON) or people. It only watches: properties, lists and signals that
 * everybody can see. Main context.
 *
 * Every JSON line is one object with "t", seconds since the engine was ready, and "event", one of:
 *
 *   ready                 everything is warmed up, see snug_event_log_write_ready()
 *   state                 "state": joining, joined, leaving, left, failed; "id" once joined
 *   peer                  "id", "name", "change": joined, state, left; "state": connecting, connected, interrupted, failed,
 *                         left
 *   candidate             "peer", "side": local or remote, "type", "protocol", "address", "port"
 *   connected             "peer", "name", "path": direct, reflexive or relay, "protocol", "local_candidate_type",
 *                         "remote_candidate_type", "local_address", "local_port", "remote_address", "remote_port"
 *   first-frame           "peer", "name", "media": audio, video or screen
 *   chat                  "id", "outgoing", "peer" and "name" (null when outgoing), "text", "state": received, sending,
 *                         delivered, not-sent
 *   chat-state            "id" and "text" of an outgoing line, the "state" that it has now
 *   chat-read             "id" of an outgoing line, "readers": how many people have seen it
 *   typing                "peer", "name", "typing": whether the person is writing a line
 *   hand                  "peer", "name", "raised"
 *   reaction              "peer", "name", "emoji"
 *   file                  a file, when it is offered, when its state changes and once a second while it is on its way: "id",
 *                         "outgoing", "peer" and "name" (null when outgoing), "file" (its name), "path" (null until it is
 *                         there), "size", "state", "transferred", "bytes_per_second", "code" and "message" of what went wrong
 *   stats                 "peer" and every field of a SnugStatsSample; null where it is not known
 *   error                 "source": call, server, peer, video, audio, speaker, screen, or as the program calls it; "peer" (null but for a peer), "domain",
 *                         "code", "message"
 *   screen-share          "state": off, asking, sharing, paused: of one's own screen
 *   recording             "media", "written" and "dropped": frames of the others' picture or sound, see
 *                         snug_event_log_write_recording()
 *   left                  "state": left or failed; the last line of a call
 */
#pragma once

#include "snug-call.h"

G_BEGIN_DECLS

/**
 * SnugEventLogFormat:
 * @SNUG_EVENT_LOG_JSON: every event, as JSON
 * @SNUG_EVENT_LOG_TEXT: what a person wants to know, as English sentences
 */
typedef enum
{
  SNUG_EVENT_LOG_JSON,
  SNUG_EVENT_LOG_TEXT
} SnugEventLogFormat;

/* line: without a line feed inside or at its end. error: it says what went wrong. */
typedef void (*SnugEventLogFunc) (const char *line, gboolean error, gpointer user_data);

#define SNUG_TYPE_EVENT_LOG (snug_event_log_get_type ())
G_DECLARE_FINAL_TYPE (SnugEventLog, snug_event_log, SNUG, EVENT_LOG, GObject)

/* destroy: nullable. Returns: (transfer full). */
SnugEventLog *snug_event_log_new (SnugEventLogFormat format,
                                  SnugEventLogFunc write,
                                  gpointer user_data,
                                  GDestroyNotify destroy);
/* Appends JSON lines to a file. Returns: (transfer full): or NULL with a GFileError. */
SnugEventLog *snug_event_log_new_for_path (const char *path, GError **error);

/* Whether text shows stats; not unless it is told. */
void snug_event_log_set_text_stats (SnugEventLog *self, gboolean text_stats);

/* What is there now and all that happens from now on. One call at a time: another one, or NULL, ends it. */
void snug_event_log_watch (SnugEventLog *self, SnugCall *call);

void snug_event_log_write_ready (SnugEventLog *self);
/* How a recording went that the program made. */
void snug_event_log_write_recording (SnugEventLog *self,
                                     SnugMediaKind kind,
                                     guint64 n_written,
                                     guint64 n_dropped);
/* An error that is no call's. source: as above. */
void snug_event_log_write_error (SnugEventLog *self, const char *source, const GError *error);

G_END_DECLS
