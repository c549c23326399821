/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-ice-config.h"

#include "snug-engine.h"

static void
test_good (void)
{
  static const char *const stuns[] = { "stun:stun.example.org", "stun:192.0.2.1:3478",
                                       "stun:[2001:db8::1]:3479", NULL };
  static const char *const turns[] = { "turn:relay.example.org", "turn:192.0.2.1:5349?transport=tcp",
                                       "turn:[2001:db8::1]?transport=udp", "turns:relay.example.org",
                                       "turns:[2001:db8::1]:443?transport=tcp", NULL };
  g_autoptr (SnugIceConfig) config = snug_ice_config_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; stuns[i] != NULL; i++)
    g_assert_true (snug_ice_config_add (config, stuns[i], NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (snug_ice_config_has_turn (config));
  for (guint i = 0; turns[i] != NULL; i++)
    g_assert_true (snug_ice_config_add (config, turns[i], "us:er@", "p%ss:word", &error));
  g_assert_no_error (error);
  g_assert_true (snug_ice_config_has_turn (config));
}

static void
test_bad (void)
{
  static const char *const uris[] = {
    "",
    "relay.example.org",
    "http://relay.example.org",
    "turn:",
    "turn:host:0",
    "turn:host:70000",
    "turn:ho st",
    "turn:host?transport=sctp",
    "turn:host?something=else",
    "stun:host?transport=udp",
    "turns:host?transport=udp",
    "turns:",
    "turns:ho/st",
    "stuns:host",
    "turn:a@b",
    "turn:\xff",
  };
  g_autoptr (SnugIceConfig) config = snug_ice_config_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (uris); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%" G_GSIZE_FORMAT, i);
      g_assert_false (snug_ice_config_add (config, uris[i], "user", "password", &error));
      g_assert_error (error, SNUG_CALL_ERROR, SNUG_CALL_ERROR_ICE_SERVER);
    }
  g_assert_false (snug_ice_config_add (config, "turn:host", NULL, NULL, NULL));
  g_assert_false (snug_ice_config_add (config, "turn:host", "user", "", NULL));
  g_assert_false (snug_ice_config_has_turn (config));
}

static void
test_blame (void)
{
  g_autoptr (SnugIceConfig) config = snug_ice_config_new ();
  g_autofree char *nobody = snug_ice_config_blame_relays (config, "No way");
  g_autofree char *both = NULL;

  g_assert_null (nobody);
  g_assert_true (snug_ice_config_add (config, "turn:one.example.org", "user", "secret", NULL));
  g_assert_true (snug_ice_config_add (config, "turns:two.example.org", "user", "secret", NULL));
  /* The same again. */
  g_assert_true (snug_ice_config_add (config, "turns:two.example.org:5349?transport=tcp", "user", "secret", NULL));
  both = snug_ice_config_blame_relays (config, "No way");
  g_assert_cmpstr (both, ==, "No way; no relay let us in: turn:one.example.org, turns:two.example.org");
}

static void
test_many (void)
{
  g_autoptr (SnugIceConfig) config = snug_ice_config_new ();
  guint n_added = 0;

  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *uri = g_strdup_printf ("turn:host%u", i);

      n_added += snug_ice_config_add (config, uri, "user", "password", NULL);
    }
  g_assert_cmpuint (n_added, ==, 8);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ice-config/good", test_good);
  g_test_add_func ("/ice-config/bad", test_bad);
  g_test_add_func ("/ice-config/many", test_many);
  g_test_add_func ("/ice-config/blame", test_blame);

  return g_test_run ();
}
