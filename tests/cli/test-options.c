/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-options.h"

#include <string.h>

/* words: what stands behind the program's name, separated by single spaces. */
static SnugCliOptions *
parse_full (const char *words, const char *server, gboolean terminal, GError **error)
{
  g_autofree char *line = g_strconcat ("snug-cli ", words, NULL);
  g_auto (GStrv) argv = g_strsplit (line, " ", 0);

  return snug_cli_options_parse ((const char *const *) argv, server, terminal, error);
}

static SnugCliOptions *
parse (const char *words)
{
  g_autoptr (GError) error = NULL;
  SnugCliOptions *options = parse_full (words, NULL, FALSE, &error);

  g_assert_no_error (error);
  g_assert_nonnull (options);

  return options;
}

static void
test_commands (void)
{
  static const struct
  {
    const char *words;
    SnugCliCommand command;
  } cases[] = {
    { "call garden", SNUG_CLI_CALL },
    { "--relay-only call garden --json", SNUG_CLI_CALL },
    { "offer", SNUG_CLI_OFFER },
    { "answer --format json --name Ada", SNUG_CLI_ANSWER },
    { "devices", SNUG_CLI_DEVICES },
    { "--help", SNUG_CLI_HELP },
    { "-h", SNUG_CLI_HELP },
    { "call --help", SNUG_CLI_HELP },
    { "--version", SNUG_CLI_VERSION },
    { "--self-test", SNUG_CLI_SELF_TEST },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (SnugCliOptions) options = parse (cases[i].words);

      g_assert_cmpint (options->command, ==, cases[i].command);
    }
}

/* A room and no server, whatever the environment says. */
static void
test_local (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugCliOptions) options = parse_full ("call Garden --local", "192.168.1.5:1234", TRUE, &error);
  g_autoptr (SnugCliOptions) other = parse ("call garden");

  g_assert_no_error (error);
  g_assert_true (options->local);
  g_assert_null (options->server);
  g_assert_cmpstr (options->room, ==, "garden");
  g_assert_false (other->local);
}

/* Neither room nor server. */
static void
test_by_hand (void)
{
  static const char *const formats[] = { "snug", "json", "base64" };
  g_autoptr (SnugCliOptions) plain = parse ("offer --video test");

  g_assert_null (plain->server);
  g_assert_nonnull (plain->room);
  g_assert_false (plain->format_given);
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *words = g_strconcat ("answer --format ", formats[i], NULL);
      g_autoptr (SnugCliOptions) options = parse (words);

      g_assert_true (options->format_given);
      g_assert_cmpint (options->format, ==, i);
    }
}

/* A report is for people, wherever it goes. */
static void
test_self_test (void)
{
  g_autoptr (SnugCliOptions) text = parse ("--self-test");
  g_autoptr (SnugCliOptions) json = parse ("--self-test --json");

  g_assert_false (text->json);
  g_assert_true (json->json);
}

static void
test_defaults (void)
{
  g_autoptr (SnugCliOptions) options = parse ("call garden");

  g_assert_true (options->json);
  g_assert_cmpstr (options->room, ==, "garden");
  g_assert_cmpstr (options->name, ==, "snug-cli");
  g_assert_cmpstr (options->server, ==, "ws://127.0.0.1:8765/snug");
  g_assert_cmpint (snug_media_source_get_source_type (options->video), ==,
                   SNUG_MEDIA_SOURCE_DEVICE);
  g_assert_cmpint (snug_media_source_get_source_type (options->audio), ==,
                   SNUG_MEDIA_SOURCE_DEVICE);
  g_assert_cmpuint (options->width, ==, 0);
  g_assert_cmpuint (options->framerate, ==, 0);
  g_assert_false (options->share_screen);
  g_assert_cmpuint (options->max_bitrate, ==, 0);
  g_assert_cmpuint (options->upload_limit, ==, 0);
  g_assert_false (options->silence_suppression);
  g_assert_null (options->video_out);
  g_assert_null (options->audio_out);
  g_assert_nonnull (options->send_chat);
  g_assert_null (options->send_chat[0]);
  g_assert_false (options->echo_chat);
  g_assert_cmpfloat (options->duration, ==, 0);
  g_assert_false (options->exit_when_alone);
  g_assert_cmpuint (options->ice_servers->len, ==, 0);
  g_assert_false (options->relay_only);
  g_assert_false (options->no_echo_cancellation);
  g_assert_false (options->no_noise_suppression);
  g_assert_false (options->no_gain_control);
  g_assert_cmpfloat (options->stats_interval, ==, 0);
  g_assert_false (options->start_on_stdin);
}

static void
test_all (void)
{
  static const char *const argv[] = {
    "snug-cli", "call", " Garden  Shed ", "--server", "calls.example.org", "--name", " Grü\xc3\x9f ",
    "--screen", "x11", "--screen-mode", "motion",
    "--video", "test", "--audio=none", "--video-size", "640x360", "--framerate", "15",
    "--max-bitrate", "800", "--video-out", "y4m:/tmp/a b", "--audio-out", "wav:-", "--send-chat",
    "one", "--send-chat", "two words", "--echo-chat", "--send-file", "/proc/version", "--accept-files", "/", "--raise-hand", "--react",
    "\xf0\x9f\x91\x8d", "--duration", "1.5", "--exit-when-alone",
    "--ice-server", "stun:stun.example.org", "--ice-server",
    "turn:us%3Aer:pass%40word@turn.example.org:3479?transport=tcp", "--relay-only",
    "--no-echo-cancellation", "--no-gain-control", "--silence-suppression", "--upload-limit", "1500",
    "--stats-interval", "0.1", "--json", "--start-on-stdin", NULL
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugCliOptions) options = snug_cli_options_parse (argv, NULL, TRUE, &error);
  const SnugIceServer *server;

  g_assert_no_error (error);
  g_assert_true (options->json);
  g_assert_cmpstr (options->room, ==, "garden-shed");
  g_assert_cmpstr (options->name, ==, "Grü\xc3\x9f");
  g_assert_cmpstr (options->server, ==, "wss://calls.example.org/snug");
  g_assert_cmpint (snug_media_source_get_source_type (options->video), ==, SNUG_MEDIA_SOURCE_TEST);
  g_assert_cmpint (snug_media_source_get_source_type (options->audio), ==, SNUG_MEDIA_SOURCE_NONE);
  g_assert_cmpuint (options->width, ==, 640);
  g_assert_cmpuint (options->height, ==, 360);
  g_assert_cmpuint (options->framerate, ==, 15);
  g_assert_true (options->share_screen);
  g_assert_cmpint (options->screen, ==, SNUG_SCREEN_SHARE_X11);
  g_assert_cmpint (options->screen_mode, ==, SNUG_SCREEN_MOTION);
  g_assert_cmpuint (options->max_bitrate, ==, 800);
  g_assert_cmpuint (options->upload_limit, ==, 1500);
  g_assert_true (options->silence_suppression);
  g_assert_cmpstr (options->video_out, ==, "/tmp/a b");
  g_assert_cmpstr (options->audio_out, ==, "-");
  g_assert_cmpuint (g_strv_length (options->send_chat), ==, 2);
  g_assert_cmpstr (options->send_chat[1], ==, "two words");
  g_assert_true (options->echo_chat);
  g_assert_cmpstr (options->send_files[0], ==, "/proc/version");
  g_assert_cmpstr (options->accept_files, ==, "/");
  g_assert_true (options->raise_hand);
  g_assert_cmpstr (options->reactions[0], ==, "\xf0\x9f\x91\x8d");
  g_assert_cmpfloat (options->duration, ==, 1.5);
  g_assert_true (options->exit_when_alone);
  g_assert_cmpuint (options->ice_servers->len, ==, 2);
  server = g_ptr_array_index (options->ice_servers, 1);
  g_assert_cmpstr (server->uris[0], ==, "turn:turn.example.org:3479?transport=tcp");
  g_assert_cmpstr (server->username, ==, "us:er");
  g_assert_cmpstr (server->credential, ==, "pass@word");
  g_assert_true (options->relay_only);
  g_assert_true (options->no_echo_cancellation);
  g_assert_false (options->no_noise_suppression);
  g_assert_true (options->no_gain_control);
  g_assert_cmpfloat (options->stats_interval, ==, 0.1);
  g_assert_true (options->start_on_stdin);
}

static void
test_environment (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugCliOptions) from_environment
      = parse_full ("call garden", "192.168.1.5:1234", TRUE, &error);
  g_autoptr (SnugCliOptions) given
      = parse_full ("call garden --server localhost", "192.168.1.5:1234", TRUE, &error);
  g_autoptr (SnugCliOptions) empty = parse_full ("call garden", "", TRUE, &error);

  g_assert_no_error (error);
  g_assert_false (from_environment->json);
  g_assert_cmpstr (from_environment->server, ==, "ws://192.168.1.5:1234/snug");
  g_assert_cmpstr (given->server, ==, "ws://localhost/snug");
  g_assert_cmpstr (empty->server, ==, "ws://127.0.0.1:8765/snug");
}

/* Not UTF-8 locale, not even one: names are bytes until they are looked at. */
static void
test_any_locale (void)
{
  g_autoptr (SnugCliOptions) options = parse ("call K\xc3\xbc""che --name \xe5\xb1\xb1");

  g_assert_cmpstr (options->room, ==, "k\xc3\xbc""che");
  g_assert_cmpstr (options->name, ==, "\xe5\xb1\xb1");
}

static void
test_usage (void)
{
  static const char *const cases[] = {
    "",
    "call",
    "call one two",
    "dance garden",
    "garden",
    "devices garden",
    "call garden --unknown",
    "call garden --name",
    "call --",
    "call gar/den",
    "call \xff",
    "call garden --name \xff",
    "call garden --server http://",
    "call garden --server ftp://example.org",
    "call garden --video wav:x",
    "call garden --video mic",
    "call garden --audio camera",
    "call garden --audio y4m:x",
    "call garden --video-size 640",
    "call garden --video-size 640x",
    "call garden --video-size 640x480x2",
    "call garden --video-size 8x8",
    "call garden --video-size 9999x9999",
    "call garden --video-size -640x480",
    "call garden --framerate 0",
    "call garden --screen window",
    "call garden --screen=",
    "call garden --screen-mode film",
    "call garden --framerate 61",
    "call garden --framerate 30fps",
    "call garden --framerate 29.97",
    "call garden --max-bitrate 29",
    "call garden --max-bitrate 99999999999999999999",
    "call garden --upload-limit 0",
    "call garden --upload-limit 20001",
    "call garden --duration 0",
    "call garden --duration -1",
    "call garden --duration nan",
    "call garden --duration inf",
    "call garden --format json",
    "offer garden",
    "offer --server example.org",
    "offer --local",
    "call garden --local --server example.org",
    "answer --start-on-stdin",
    "answer --confirm-codes",
    "call garden --start-on-stdin --confirm-codes",
    "call snug://",
    "call https://me@example.org/r#garden",
    "answer --format xml",
    "call garden --duration 5s",
    "call garden --duration 1e30",
    "call garden --stats-interval 0",
    "call garden --stats-interval 0.05",
    "call garden --stats-interval 61",
    "call garden --video-out /tmp/x",
    "call garden --video-out y4m:",
    "call garden --video-out wav:/tmp/x",
    "call garden --audio-out y4m:/tmp/x",
    "call garden --send-chat \t",
    "call garden --send-chat \xff",
    "call garden --send-file /no/such/file",
    "call garden --send-file /",
    "call garden --accept-files /no/such/folder",
    "call garden --react hello",
    "call garden --react \xf0\x9f\x91\x8d\xf0\x9f\x91\x8d",
    "call garden --ice-server example.org",
    "call garden --ice-server http:example.org",
    "call garden --ice-server turn:user:pass@",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      SnugCliOptions *options = parse_full (cases[i], NULL, FALSE, &error);
      g_autofree char *words = g_strescape (cases[i], NULL);

      g_test_message ("%s", words);
      g_assert_null (options);
      g_assert_nonnull (error);
      g_assert_cmpstr (error->message, !=, "");
    }
}

static void
test_too_much (void)
{
  g_autofree char *text = g_strnfill (SNUG_CHAT_TEXT_MAX_BYTES + 1, 'x');
  g_autofree char *chat = g_strconcat ("call garden --send-chat ", text, NULL);
  g_autoptr (GString) servers = g_string_new ("call garden");

  g_assert_null (parse_full (chat, NULL, FALSE, NULL));
  for (guint i = 0; i < SNUG_ICE_SERVERS_MAX + 1; i++)
    g_string_append (servers, " --ice-server stun:example.org");
  g_assert_null (parse_full (servers->str, NULL, FALSE, NULL));
}

/* Everything that the contract names is in the help. */
/* A link names the server, too; one that is given besides is the one. */
static void
test_link (void)
{
  static const struct
  {
    const char *argv[6];
    const char *server;
  } lines[] = {
    { { "snug-cli", "call", "https://meet.example.org/r#Garden%20Shed", NULL }, "wss://meet.example.org/snug" },
    { { "snug-cli", "call", "snug://garden-shed", NULL }, "wss://default.example.org/snug" },
    { { "snug-cli", "call", "https://meet.example.org/r#garden-shed", "--server", "wss://other.example.org", NULL },
      "wss://other.example.org/snug" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SnugCliOptions) options
          = snug_cli_options_parse (lines[i].argv, "wss://default.example.org", FALSE, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (options->room, ==, "garden-shed");
      g_assert_cmpstr (options->server, ==, lines[i].server);
    }
}

static void
test_help (void)
{
  static const char *const words[] = {
    "--server",       "--name",       "--video",      "--audio",         "--video-size",
    "--framerate",    "--max-bitrate", "--send-chat", "--echo-chat",     "--duration",
    "--exit-when-alone", "--ice-server", "--relay-only", "--stats-interval", "--json",
    "--no-echo-cancellation", "--no-noise-suppression", "--no-gain-control", "--silence-suppression", "--upload-limit",
    "--send-file",    "--accept-files", "--raise-hand", "--react", "--confirm-codes",
    "--version",      "--video-out",  "--audio-out",  "--start-on-stdin", "Exit status",
    "SIGTERM",        "--format",     "answer",       "SNUG_SERVER",  "first-frame",  "call ROOM",       "devices",
  };
  g_autofree char *help = snug_cli_options_get_help ();

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_test_message ("%s", words[i]);
      g_assert_nonnull (strstr (help, words[i]));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cli/options/commands", test_commands);
  g_test_add_func ("/cli/options/local", test_local);
  g_test_add_func ("/cli/options/by-hand", test_by_hand);
  g_test_add_func ("/cli/options/self-test", test_self_test);
  g_test_add_func ("/cli/options/defaults", test_defaults);
  g_test_add_func ("/cli/options/all", test_all);
  g_test_add_func ("/cli/options/environment", test_environment);
  g_test_add_func ("/cli/options/any-locale", test_any_locale);
  g_test_add_func ("/cli/options/usage", test_usage);
  g_test_add_func ("/cli/options/too-much", test_too_much);
  g_test_add_func ("/cli/options/help", test_help);
  g_test_add_func ("/cli/options/link", test_link);

  return g_test_run ();
}
