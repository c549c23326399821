/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-options.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#include "snug-cli-words.h"
#include "snug-emoji.h"
#include "snug-ice-server.h"
#include "snug-link.h"
#include "snug-room-name.h"
#include "snug-websocket-signaling.h"

#define DEFAULT_NAME "snug-cli"
/* What a call by hand is called, where a room has its name. */
#define BY_HAND_ROOM "by-hand"

#define MIN_SIZE 16
#define MAX_SIZE 4096
#define MAX_FRAMERATE 60
#define MIN_BITRATE 30
#define MAX_BITRATE 20000
#define MIN_STATS_INTERVAL 0.1
#define MAX_STATS_INTERVAL 60.0
#define MAX_DURATION (366.0 * 24 * 3600)

/* As they were written, before they are looked at. */
typedef struct
{
  gboolean help;
  gboolean version;
  gboolean self_test;
  gboolean json;
  char *server;
  gboolean local;
  char *format;
  char *name;
  char *video;
  char *audio;
  char *screen;
  char *screen_mode;
  char *video_size;
  char *framerate;
  char *max_bitrate;
  char *upload_limit;
  char *video_out;
  char *audio_out;
  char **send_chat;
  gboolean echo_chat;
  char **send_files;
  char *accept_files;
  gboolean raise_hand;
  gboolean confirm_codes;
  char **reactions;
  char *duration;
  gboolean exit_when_alone;
  char **ice_servers;
  gboolean relay_only;
  gboolean no_echo_cancellation;
  gboolean no_noise_suppression;
  gboolean no_gain_control;
  gboolean silence_suppression;
  char *stats_interval;
  gboolean start_on_stdin;
  char **arguments;
} Words;

static void
words_clear (Words *words)
{
  g_free (words->server);
  g_free (words->format);
  g_free (words->name);
  g_free (words->video);
  g_free (words->audio);
  g_free (words->screen);
  g_free (words->screen_mode);
  g_free (words->video_size);
  g_free (words->framerate);
  g_free (words->max_bitrate);
  g_free (words->upload_limit);
  g_free (words->video_out);
  g_free (words->audio_out);
  g_strfreev (words->send_chat);
  g_strfreev (words->send_files);
  g_free (words->accept_files);
  g_strfreev (words->reactions);
  g_free (words->duration);
  g_strfreev (words->ice_servers);
  g_free (words->stats_interval);
  g_strfreev (words->arguments);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

static const char description[]
    = "ROOM is the name that everybody gives: 1 to 64 letters, digits and hyphens.\n"
      "\"offer\" and \"answer\" need no server: one prints an invitation, the other reads it and prints an answer,\n"
      "which the first reads; both on standard input and output, events on standard error.\n"
      "\n"
      "Pictures and sound to send (camera and mic unless given):\n"
      "  camera, camera:ID     the default camera, or the one that \"snug-cli devices\" calls so\n"
      "  mic, mic:ID           the same for microphones\n"
      "  test                  a moving test picture, a soft tone\n"
      "  none                  nothing\n"
      "  y4m:PATH, wav:PATH    raw pictures (YUV4MPEG2) or sound (WAV) from a file or FIFO, as it comes\n"
      "  FILE                  any media file, looped at its own pace; ./ before a name like \"test\"\n"
      "\n"
      "ICE servers:\n"
      "  stun:HOST[:PORT]\n"
      "  turn:USER:PASSWORD@HOST[:PORT][?transport=udp|tcp], USER and PASSWORD percent-encoded\n"
      "  turns:USER:PASSWORD@HOST[:PORT], the same over TLS; the certificate is checked\n"
      "\n"
      "Environment:\n"
      "  SNUG_SERVER           the server, when --server is not given\n"
      "\n"
      "Events, one JSON object a line, each with \"t\" (seconds since the process was ready) and \"event\":\n"
      "  ready        warmed up, waits for a line on standard input (--start-on-stdin)\n"
      "  state        the call's: joining, joined, leaving, left, failed\n"
      "  peer         somebody joined, changed state (connecting, connected, interrupted,\n"
      "               failed), turned sound or picture on or off (media), or left\n"
      "  candidate    an address to try: side, type, protocol, address, port\n"
      "  connected    verified and open: the path in use\n"
      "  first-frame  the first picture, sound or screen of a peer was decoded, at first or after an\n"
      "               interruption\n"
      "  chat         a line of chat; chat-state tells what became of one's own\n"
      "  chat-read    how many people have seen an own line; typing: somebody writes one\n"
      "  hand         somebody raised a hand or took it down\n"
      "  reaction     somebody sent an emoji\n"
      "  code         the words and emoji to compare with somebody: ready, confirmed, different, or broken\n"
      "  file         a file was offered, is on its way, or is there\n"
      "  stats        one measurement of one connection, SI units in the names, null where not known\n"
      "  error        source, domain, code and message of what went wrong\n"
      "  screen-share one's own screen: off, asking, sharing, paused\n"
      "  recording    how many frames --video-out or --audio-out wrote and dropped\n"
      "  left         the call is over\n"
      "\n"
      "Exit status:\n"
      "  0  the call was good\n"
      "  1  the call failed\n"
      "  2  the command line is wrong\n"
      "  3  the server was not reached, or it refused; with --local: there is no Avahi\n"
      "  4  there was no route to a peer\n"
      "  5  a peer's certificate did not match its fingerprint\n"
      "When the connection to everybody in the room has failed, the call is left.\n"
      "\n"
      "SIGINT and SIGTERM leave the call properly; a second one ends the program at once.\n";

/* words: NULL for the help text only. */
static GOptionContext *
make_context (Words *words)
{
  static Words unused;
  Words *w = words != NULL ? words : &unused;
  /* "Filename": as the bytes they are, whatever the locale. What has to be UTF-8 is checked afterwards. */
  const GOptionEntry entries[] = {
    { "server", 0, 0, G_OPTION_ARG_FILENAME, &w->server,
      "The server (default: " SNUG_CLI_DEFAULT_SERVER ")", "URL" },
    { "local", 0, 0, G_OPTION_ARG_NONE, &w->local,
      "No server: find the others on this network, by Avahi", NULL },
    { "format", 0, 0, G_OPTION_ARG_FILENAME, &w->format,
      "Form of the text that \"offer\" and \"answer\" write (default: snug, or that of the invitation)",
      "snug|json|base64" },
    { "name", 0, 0, G_OPTION_ARG_FILENAME, &w->name,
      "What the others see (default: " DEFAULT_NAME ")", "NAME" },
    { "video", 0, 0, G_OPTION_ARG_FILENAME, &w->video,
      "Picture to send", "camera|test|none|FILE|y4m:PATH" },
    { "audio", 0, 0, G_OPTION_ARG_FILENAME, &w->audio,
      "Sound to send", "mic|test|none|FILE|wav:PATH" },
    { "screen", 0, 0, G_OPTION_ARG_FILENAME, &w->screen,
      "Show the screen, too; \"auto\" is the portal, or X11 where there is none", "auto|portal|x11|test" },
    { "screen-mode", 0, 0, G_OPTION_ARG_FILENAME, &w->screen_mode,
      "What matters of the screen: sharpness (default) or smoothness", "text|motion" },
    { "no-echo-cancellation", 0, 0, G_OPTION_ARG_NONE, &w->no_echo_cancellation,
      "Send a microphone's sound with the echo of what is played", NULL },
    { "no-noise-suppression", 0, 0, G_OPTION_ARG_NONE, &w->no_noise_suppression,
      "Send a microphone's sound with the noise around it", NULL },
    { "no-gain-control", 0, 0, G_OPTION_ARG_NONE, &w->no_gain_control,
      "Send a microphone's sound as loud as it is", NULL },
    { "silence-suppression", 0, 0, G_OPTION_ARG_NONE, &w->silence_suppression,
      "Send next to nothing while nobody speaks here", NULL },
    { "video-size", 0, 0, G_OPTION_ARG_FILENAME, &w->video_size,
      "Size of the picture, in pixels (default: 1280x720)", "WxH" },
    { "framerate", 0, 0, G_OPTION_ARG_FILENAME, &w->framerate,
      "Pictures a second, 1 to 60 (default: 30)", "N" },
    { "max-bitrate", 0, 0, G_OPTION_ARG_FILENAME, &w->max_bitrate,
      "Limit of the picture, 30 to 20000 kbit/s (default: 2500)", "KBPS" },
    { "upload-limit", 0, 0, G_OPTION_ARG_FILENAME, &w->upload_limit,
      "Limit of all that is sent, to all together, 30 to 20000 kbit/s (default: none)", "KBPS" },
    { "video-out", 0, 0, G_OPTION_ARG_FILENAME, &w->video_out,
      "Write what comes from the first remote person, to a file or FIFO", "y4m:PATH" },
    { "audio-out", 0, 0, G_OPTION_ARG_FILENAME, &w->audio_out,
      "The same for sound", "wav:PATH" },
    { "send-chat", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &w->send_chat,
      "Send this line once somebody can read it; may be repeated", "TEXT" },
    { "echo-chat", 0, 0, G_OPTION_ARG_NONE, &w->echo_chat,
      "Answer every line of chat with the same text", NULL },
    { "send-file", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &w->send_files,
      "Offer this file once somebody can take it; may be repeated", "PATH" },
    { "accept-files", 0, 0, G_OPTION_ARG_FILENAME, &w->accept_files,
      "Take every file that somebody offers, into this folder", "FOLDER" },
    { "raise-hand", 0, 0, G_OPTION_ARG_NONE, &w->raise_hand, "Raise the hand", NULL },
    { "react", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &w->reactions,
      "Send this emoji once somebody can see it; may be repeated", "EMOJI" },
    { "confirm-codes", 0, 0, G_OPTION_ARG_NONE, &w->confirm_codes,
      "Read codes on standard input, six words a line; who has one is confirmed", NULL },
    { "duration", 0, 0, G_OPTION_ARG_FILENAME, &w->duration,
      "Leave after that time in the room", "SECONDS" },
    { "exit-when-alone", 0, 0, G_OPTION_ARG_NONE, &w->exit_when_alone,
      "Leave when the last other person has left", NULL },
    { "ice-server", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &w->ice_servers,
      "STUN or TURN server, beside those the server names; may be repeated", "URI" },
    { "relay-only", 0, 0, G_OPTION_ARG_NONE, &w->relay_only,
      "Use relays only, so that nobody learns this machine's addresses", NULL },
    { "stats-interval", 0, 0, G_OPTION_ARG_FILENAME, &w->stats_interval,
      "How often to measure, 0.1 to 60 (default: 1)", "SECONDS" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &w->json,
      "JSON even on a terminal; elsewhere it is the default", NULL },
    { "start-on-stdin", 0, 0, G_OPTION_ARG_NONE, &w->start_on_stdin,
      "Warm up, say \"ready\", and join when a line arrives on standard input", NULL },
    { "self-test", 0, 0, G_OPTION_ARG_NONE, &w->self_test,
      "Tell which parts are installed; exit status 1 when no call works", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &w->version, "Print the version", NULL },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &w->help, "Print this", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &w->arguments, "", NULL },
    G_OPTION_ENTRY_NULL
  };

  return snug_cli_words_new_context ("call ROOM\n  snug-cli [OPTION...] offer\n"
                                     "  snug-cli [OPTION...] answer\n  snug-cli [OPTION...] devices\n"
                                     "  snug-cli probe [OPTION...] (\"snug-cli probe --help\" tells more)\n"
                                     "  snug-cli doctor [OPTION...] (\"snug-cli doctor --help\" tells more)\n"
                                     "  snug-cli --self-test\n\n"
                                     "Private calls by room name, without a window.",
                                     description, entries);
}

char *
snug_cli_options_get_help (void)
{
  return snug_cli_words_get_help (make_context (NULL));
}

static gboolean
parse_seconds (const char *text, double min, double max, double *value)
{
  char *end = NULL;
  double number = g_ascii_strtod (text, &end);

  if (end == text || *end != '\0' || !isfinite (number) || number < min || number > max)
    return FALSE;

  *value = number;

  return TRUE;
}

static gboolean
parse_size (const char *text, guint *width, guint *height)
{
  g_auto (GStrv) sides = g_strsplit (text, "x", 3);

  return g_strv_length (sides) == 2 && snug_cli_words_parse_uint (sides[0], MIN_SIZE, MAX_SIZE, width)
         && snug_cli_words_parse_uint (sides[1], MIN_SIZE, MAX_SIZE, height);
}

/* FALSE: it is none of the names, which end with NULL. */
static gboolean
parse_choice (const char *text, const char *const *names, guint *choice)
{
  for (*choice = 0; names[*choice] != NULL; (*choice)++)
    if (g_str_equal (text, names[*choice]))
      return TRUE;

  return FALSE;
}

static gboolean
parse_screen (SnugCliOptions *self, const Words *words, GError **error)
{
  /* In the order of SnugScreenShareWay and SnugScreenMode. */
  static const char *const ways[] = { "auto", "portal", "x11", "test", NULL };
  static const char *const modes[] = { "text", "motion", NULL };
  guint choice;

  self->share_screen = words->screen != NULL;
  if (words->screen != NULL)
    {
      if (!parse_choice (words->screen, ways, &choice))
        return snug_cli_words_refuse (error, "--screen", "auto, portal, x11 or test");
      self->screen = choice;
    }
  if (words->screen_mode != NULL)
    {
      if (!parse_choice (words->screen_mode, modes, &choice))
        return snug_cli_words_refuse (error, "--screen-mode", "text or motion");
      self->screen_mode = choice;
    }

  return TRUE;
}

static gboolean
parse_output (const char *text,
              const char *option,
              const char *prefix,
              char **path,
              GError **error)
{
  if (text == NULL)
    return TRUE;

  if (!g_str_has_prefix (text, prefix) || text[strlen (prefix)] == '\0')
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s is %sPATH", option, prefix);
      return FALSE;
    }

  *path = g_strdup (text + strlen (prefix));

  return TRUE;
}

static gboolean
parse_numbers (SnugCliOptions *self, const Words *words, GError **error)
{
  if (words->video_size != NULL && !parse_size (words->video_size, &self->width, &self->height))
    return snug_cli_words_refuse (error, "--video-size", "WIDTHxHEIGHT, each 16 to 4096 pixels");
  if (words->framerate != NULL && !snug_cli_words_parse_uint (words->framerate, 1, MAX_FRAMERATE, &self->framerate))
    return snug_cli_words_refuse (error, "--framerate", "1 to 60 pictures a second");
  if (words->max_bitrate != NULL
      && !snug_cli_words_parse_uint (words->max_bitrate, MIN_BITRATE, MAX_BITRATE, &self->max_bitrate))
    return snug_cli_words_refuse (error, "--max-bitrate", "30 to 20000 kbit/s");
  if (words->upload_limit != NULL
      && !snug_cli_words_parse_uint (words->upload_limit, MIN_BITRATE, MAX_BITRATE, &self->upload_limit))
    return snug_cli_words_refuse (error, "--upload-limit", "30 to 20000 kbit/s");
  if (words->duration != NULL
      && (!parse_seconds (words->duration, 0, MAX_DURATION, &self->duration)
          || self->duration <= 0))
    return snug_cli_words_refuse (error, "--duration", "a number of seconds, more than 0");
  if (words->stats_interval != NULL
      && !parse_seconds (words->stats_interval, MIN_STATS_INTERVAL, MAX_STATS_INTERVAL,
                         &self->stats_interval))
    return snug_cli_words_refuse (error, "--stats-interval", "0.1 to 60 seconds");

  return TRUE;
}

static gboolean
parse_chat (SnugCliOptions *self, Words *words, GError **error)
{
  self->echo_chat = words->echo_chat;
  self->send_chat = g_steal_pointer (&words->send_chat);
  if (self->send_chat == NULL)
    self->send_chat = g_new0 (char *, 1);

  for (guint i = 0; self->send_chat[i] != NULL; i++)
    {
      const char *text = self->send_chat[i];

      if (!g_utf8_validate (text, -1, NULL) || strlen (text) > SNUG_CHAT_TEXT_MAX_BYTES
          || *g_strstrip (self->send_chat[i]) == '\0')
        return snug_cli_words_refuse (error, "--send-chat", "UTF-8 text of 1 to 8192 bytes");
    }

  return TRUE;
}

static gboolean
parse_files (SnugCliOptions *self, Words *words, GError **error)
{
  self->accept_files = g_steal_pointer (&words->accept_files);
  self->send_files = g_steal_pointer (&words->send_files);
  if (self->send_files == NULL)
    self->send_files = g_new0 (char *, 1);

  for (guint i = 0; self->send_files[i] != NULL; i++)
    if (!g_file_test (self->send_files[i], G_FILE_TEST_IS_REGULAR))
      return snug_cli_words_refuse (error, "--send-file", "the path of a file");
  if (self->accept_files != NULL && !g_file_test (self->accept_files, G_FILE_TEST_IS_DIR))
    return snug_cli_words_refuse (error, "--accept-files", "a folder that is there");

  return TRUE;
}

static gboolean
parse_gestures (SnugCliOptions *self, Words *words, GError **error)
{
  self->raise_hand = words->raise_hand;
  self->reactions = g_steal_pointer (&words->reactions);
  if (self->reactions == NULL)
    self->reactions = g_new0 (char *, 1);

  for (guint i = 0; self->reactions[i] != NULL; i++)
    if (!snug_emoji_is_single (self->reactions[i]))
      return snug_cli_words_refuse (error, "--react", "one emoji");

  return TRUE;
}

static gboolean
parse_ice_servers (SnugCliOptions *self, const Words *words, GError **error)
{
  self->relay_only = words->relay_only;
  self->ice_servers = snug_cli_words_new_ice_servers ();

  return snug_cli_words_parse_ice_servers (self->ice_servers, "--ice-server", words->ice_servers, error);
}

/* By hand there is neither room nor server. */
static gboolean
parse_by_hand (SnugCliOptions *self, const Words *words, GError **error)
{
  /* In the order of SnugDescriptionFormat. */
  static const char *const formats[] = { "snug", "json", "base64", NULL };
  guint choice;

  if (words->server != NULL || words->local || words->start_on_stdin)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                           "\"offer\" and \"answer\" take neither --server nor --local nor --start-on-stdin");
      return FALSE;
    }
  self->format_given = words->format != NULL;
  if (words->format != NULL)
    {
      if (!parse_choice (words->format, formats, &choice))
        return snug_cli_words_refuse (error, "--format", "snug, json or base64");
      self->format = choice;
    }
  self->room = g_strdup (BY_HAND_ROOM);

  return TRUE;
}

static gboolean
parse_meeting_point (SnugCliOptions *self,
                     const Words *words,
                     const char *room,
                     const char *default_server,
                     GError **error)
{
  g_autoptr (SnugLink) link = NULL;
  const char *server = snug_cli_words_choose_server (words->server, default_server);

  if (words->format != NULL)
    return snug_cli_words_refuse (error, "--format", "for \"offer\" and \"answer\"");
  if (snug_link_is_link (room))
    {
      link = snug_link_parse (room, error);
      if (link == NULL)
        return FALSE;
      if (words->server == NULL && link->server != NULL)
        server = link->server;
    }
  self->room = snug_room_name_normalize (link != NULL ? link->room : room, error);
  if (self->room == NULL)
    return FALSE;
  self->local = words->local;
  if (words->local && words->server != NULL)
    return snug_cli_words_refuse (error, "--local", "in the place of --server, not beside it");
  if (words->local)
    return TRUE;
  self->server = snug_websocket_signaling_normalize_uri (server, error);

  return self->server != NULL;
}

static gboolean
parse_call (SnugCliOptions *self, Words *words, GError **error)
{
  self->name
      = snug_display_name_normalize (words->name != NULL ? words->name : DEFAULT_NAME, error);
  if (self->name == NULL)
    return FALSE;

  self->video = snug_media_source_parse (words->video != NULL ? words->video : "camera",
                                         SNUG_MEDIA_VIDEO, error);
  if (self->video == NULL)
    return FALSE;
  self->audio
      = snug_media_source_parse (words->audio != NULL ? words->audio : "mic", SNUG_MEDIA_AUDIO, error);
  if (self->audio == NULL)
    return FALSE;

  self->no_echo_cancellation = words->no_echo_cancellation;
  self->no_noise_suppression = words->no_noise_suppression;
  self->no_gain_control = words->no_gain_control;
  self->silence_suppression = words->silence_suppression;
  self->exit_when_alone = words->exit_when_alone;
  self->start_on_stdin = words->start_on_stdin;
  self->confirm_codes = words->confirm_codes;
  if (words->confirm_codes && (words->start_on_stdin || self->server == NULL))
    return snug_cli_words_refuse (error, "--confirm-codes", "the only one that reads standard input");

  return parse_numbers (self, words, error) && parse_screen (self, words, error)
         && parse_output (words->video_out, "--video-out", "y4m:", &self->video_out, error)
         && parse_output (words->audio_out, "--audio-out", "wav:", &self->audio_out, error)
         && parse_chat (self, words, error) && parse_files (self, words, error)
         && parse_gestures (self, words, error) && parse_ice_servers (self, words, error);
}

static gboolean
parse_command (SnugCliOptions *self, Words *words, const char *default_server, GError **error)
{
  guint n_arguments = words->arguments != NULL ? g_strv_length (words->arguments) : 0;

  if (words->help)
    {
      self->command = SNUG_CLI_HELP;
      return TRUE;
    }
  if (words->version)
    {
      self->command = SNUG_CLI_VERSION;
      return TRUE;
    }
  if (words->self_test)
    {
      /* For a bug report as often as for a terminal: sentences, unless asked otherwise. */
      self->command = SNUG_CLI_SELF_TEST;
      self->json = words->json;
      return TRUE;
    }
  if (n_arguments == 1 && g_str_equal (words->arguments[0], "devices"))
    {
      self->command = SNUG_CLI_DEVICES;
      return TRUE;
    }
  if (n_arguments == 2 && g_str_equal (words->arguments[0], "call"))
    {
      self->command = SNUG_CLI_CALL;
      return parse_meeting_point (self, words, words->arguments[1], default_server, error)
             && parse_call (self, words, error);
    }
  if (n_arguments == 1
      && (g_str_equal (words->arguments[0], "offer") || g_str_equal (words->arguments[0], "answer")))
    {
      self->command = *words->arguments[0] == 'o' ? SNUG_CLI_OFFER : SNUG_CLI_ANSWER;
      return parse_by_hand (self, words, error) && parse_call (self, words, error);
    }

  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                       n_arguments > 0 && g_str_equal (words->arguments[0], "call")
                           ? "\"call\" wants the name of one room"
                           : "What to do is \"call ROOM\", \"offer\", \"answer\" or \"devices\"");

  return FALSE;
}

SnugCliOptions *
snug_cli_options_parse (const char *const *argv,
                        const char *default_server,
                        gboolean terminal,
                        GError **error)
{
  g_autoptr (SnugCliOptions) self = g_new0 (SnugCliOptions, 1);
  g_auto (Words) words = { 0 };
  g_autoptr (GOptionContext) context = make_context (&words);
  g_auto (GStrv) arguments = g_strdupv ((char **) argv);

  g_return_val_if_fail (argv != NULL, NULL);

  if (!g_option_context_parse_strv (context, &arguments, error))
    return NULL;
  self->json = words.json || !terminal;
  if (!parse_command (self, &words, default_server, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
snug_cli_options_free (SnugCliOptions *self)
{
  if (self == NULL)
    return;

  g_free (self->server);
  g_free (self->room);
  g_free (self->name);
  g_clear_pointer (&self->video, snug_media_source_free);
  g_clear_pointer (&self->audio, snug_media_source_free);
  g_free (self->video_out);
  g_free (self->audio_out);
  g_strfreev (self->send_chat);
  g_strfreev (self->send_files);
  g_free (self->accept_files);
  g_strfreev (self->reactions);
  g_clear_pointer (&self->ice_servers, g_ptr_array_unref);
  g_free (self);
}
