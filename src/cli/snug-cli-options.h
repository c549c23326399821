/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the command line says, checked. Pure.
 */
#pragma once

#include "snug-description-text.h"
#include "snug-media-source.h"
#include "snug-message.h"
#include "snug-screen-share.h"

G_BEGIN_DECLS

/* Where snug-server listens unless it is told otherwise. */
#define SNUG_CLI_DEFAULT_SERVER "ws://127.0.0.1:8765"
/* What takes its place when it is set. */
#define SNUG_CLI_SERVER_VARIABLE "SNUG_SERVER"

typedef enum
{
  SNUG_CLI_CALL,
  SNUG_CLI_OFFER,
  SNUG_CLI_ANSWER,
  SNUG_CLI_DEVICES,
  SNUG_CLI_HELP,
  SNUG_CLI_SELF_TEST,
  SNUG_CLI_VERSION
} SnugCliCommand;

typedef struct
{
  SnugCliCommand command;
  gboolean json;

  /* For SNUG_CLI_OFFER and SNUG_CLI_ANSWER. */
  SnugDescriptionFormat format;
  gboolean format_given;

  /* For SNUG_CLI_CALL and those. */
  char *server; /* as snug_websocket_signaling_normalize_uri() made it; NULL: none, by hand or local */
  gboolean local; /* the local network, for SNUG_CLI_CALL */
  char *room;   /* normalised */
  char *name;   /* normalised */
  SnugMediaSource *video;
  SnugMediaSource *audio;
  gboolean no_echo_cancellation;
  gboolean no_noise_suppression;
  gboolean no_gain_control;
  gboolean silence_suppression;
  gboolean share_screen;
  SnugScreenShareWay screen; /* with share_screen */
  SnugScreenMode screen_mode;
  guint width; /* pixels; 0 with height: the default */
  guint height;
  guint framerate;   /* 0: the default */
  guint max_bitrate; /* kbit/s; 0: the default */
  guint upload_limit; /* kbit/s; 0: none */
  char *video_out;   /* path, nullable */
  char *audio_out;
  char **send_chat; /* NULL-terminated, never NULL */
  gboolean echo_chat;
  char **send_files;  /* paths, NULL-terminated, never NULL */
  char *accept_files; /* a folder, nullable */
  gboolean raise_hand;
  char **reactions; /* NULL-terminated, never NULL */
  double duration; /* seconds; 0: until told to leave */
  gboolean exit_when_alone;
  GPtrArray *ice_servers; /* SnugIceServer, one at each place */
  gboolean relay_only;
  double stats_interval; /* seconds; 0: the default */
  gboolean start_on_stdin;
  gboolean confirm_codes;
} SnugCliOptions;

/* argv: NULL-terminated, with the program's name at its beginning. default_server: nullable. terminal: whether standard
 * output is one. Returns: (transfer full): or NULL with a GError of any domain whose message is for people. */
SnugCliOptions *snug_cli_options_parse (const char *const *argv,
                                        const char *default_server,
                                        gboolean terminal,
                                        GError **error);
void snug_cli_options_free (SnugCliOptions *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugCliOptions, snug_cli_options_free)

/* Returns: (transfer full): all that --help says. */
char *snug_cli_options_get_help (void);

G_END_DECLS
