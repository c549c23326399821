/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-probe-options.h"

/* words: separated by single spaces. */
static SnugCliProbeOptions *
parse (const char *words, GError **error)
{
  g_autofree char *line = g_strconcat ("probe ", words, NULL);
  g_auto (GStrv) argv = g_strsplit (line, " ", 0);

  return snug_cli_probe_options_parse ((const char *const *) argv, "ws://127.0.0.1:1", FALSE, error);
}

static void
test_defaults (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugCliProbeOptions) options = parse ("--role offerer", &error);

  g_assert_no_error (error);
  g_assert_true (options->json);
  g_assert_true (options->config.offerer);
  g_assert_true (options->config.with_turn);
  g_assert_false (options->config.relay_only);
  g_assert_cmpstr (options->room, ==, "probe");
  g_assert_nonnull (options->server);
  g_assert_cmpuint (options->config.count, ==, 50);
  g_assert_cmpuint (options->config.size, ==, 64);
  g_assert_cmpuint (options->config.interval_ms, ==, 20);
  g_assert_cmpuint (options->config.wait_seconds, ==, 60);
  g_assert_cmpuint (options->ice_servers->len, ==, 0);
}

static void
test_all (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugCliProbeOptions) options
      = parse ("--role answerer --server example.org --room Garden --with-turn=false --stun stun:192.0.2.1 "
               "--ice-server turn:a:b@192.0.2.1 --ice-server stun:192.0.2.2:99 --count 0 --size 16384 --interval 0 --wait 3600",
               &error);

  g_assert_no_error (error);
  g_assert_false (options->config.offerer);
  g_assert_false (options->config.with_turn);
  g_assert_cmpstr (options->room, ==, "garden");
  g_assert_true (g_str_has_prefix (options->server, "wss://example.org"));
  g_assert_cmpuint (options->config.count, ==, 0);
  g_assert_cmpuint (options->config.size, ==, 16384);
  g_assert_cmpuint (options->config.interval_ms, ==, 0);
  g_assert_cmpuint (options->config.wait_seconds, ==, 3600);
  /* The relay is left out, the given STUN server comes first. */
  g_assert_cmpuint (options->ice_servers->len, ==, 2);
  g_assert_cmpstr (((const SnugIceServer *) options->ice_servers->pdata[0])->uris[0], ==, "stun:192.0.2.1");
}

static void
test_wrong (void)
{
  static const char *const cases[] = {
    "", "--role", "--role both", "garden --role offerer", "--role offerer --count -1", "--role offerer --count 100001",
    "--role offerer --size 15", "--role offerer --size 16385", "--role offerer --interval 10001", "--role offerer --wait 0",
    "--role offerer --with-turn maybe", "--role offerer --with-turn=false --relay-only", "--role offerer --stun turn:a:b@h",
    "--role offerer --stun stun:", "--role offerer --ice-server x", "--role offerer --server ://", "--role offerer --room a/b",
    "--role offerer --nothing",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cases[i]);
      g_assert_null (parse (cases[i], &error));
      g_assert_nonnull (error);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cli/probe-options/defaults", test_defaults);
  g_test_add_func ("/cli/probe-options/all", test_all);
  g_test_add_func ("/cli/probe-options/wrong", test_wrong);

  return g_test_run ();
}
