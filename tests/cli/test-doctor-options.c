/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-doctor-options.h"
#include "snug-cli-doctor-text.h"

#include <string.h>

static SnugCliDoctorOptions *
parse (const char *const *argv, GError **error)
{
  return snug_cli_doctor_options_parse (argv, NULL, error);
}

static void
test_good (void)
{
  static const char *const plain[] = { "doctor", NULL };
  static const char *const all[] = { "doctor", "--json", "--no-media", "--server", "meet.example.org", "--ice-server", "stun:a.example",
                                     "--ice-server", "turn:me:word@b.example?transport=tcp", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugCliDoctorOptions) first = parse (plain, &error);
  g_autoptr (SnugCliDoctorOptions) second = NULL;

  g_assert_no_error (error);
  g_assert_true (first->media);
  g_assert_false (first->json);
  g_assert_cmpuint (first->ice_servers->len, ==, 0);
  g_assert_nonnull (first->server);

  second = parse (all, &error);
  g_assert_no_error (error);
  g_assert_false (second->media);
  g_assert_true (second->json);
  g_assert_cmpstr (second->server, ==, "wss://meet.example.org/snug");
  g_assert_cmpuint (second->ice_servers->len, ==, 2);
  g_assert_cmpstr (((SnugIceServer *) second->ice_servers->pdata[1])->uris[0], ==, "turn:b.example?transport=tcp");
  g_assert_cmpstr (((SnugIceServer *) second->ice_servers->pdata[1])->credential, ==, "word");
}

static void
test_bad (void)
{
  static const char *const bad[][8] = {
    { "doctor", "--nonsense" },
    { "doctor", "garden" },
    { "doctor", "--server", "ftp://a" },
    { "doctor", "--ice-server", "example.org" },
    { "doctor", "--ice-server", "stun:good.example", "--ice-server", "turn:user@a" },
    { "doctor", "--ice-server" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (bad[i], &error));
      g_assert_nonnull (error);
    }
}

/* Every finding has its words, every fact none, and each its exit status. */
static void
test_words (void)
{
  for (SnugDoctorCode code = 1; code < SNUG_DOCTOR_N_CODES; code++)
    {
      const SnugCliDoctorText *text = snug_cli_doctor_text_lookup (code);
      SnugDoctorSeverity severity = snug_doctor_code_get_severity (code);
      SnugCliExit exit = snug_cli_doctor_text_get_exit (code, severity);

      if (severity == SNUG_DOCTOR_FACT)
        {
          g_assert_null (text);
          continue;
        }
      g_assert_true (g_str_has_suffix (text->sentence, "."));
      g_assert_true (g_str_has_suffix (text->advice, "."));
      g_assert_true ((exit == SNUG_CLI_EXIT_GOOD) == (severity == SNUG_DOCTOR_NOTE));
      g_assert_cmpint (exit, !=, SNUG_CLI_EXIT_USAGE);
    }
  g_assert_cmpint (snug_cli_doctor_text_get_exit (SNUG_DOCTOR_SERVER_EXPIRED, SNUG_DOCTOR_NONE), ==, SNUG_CLI_EXIT_CERTIFICATE);
  g_assert_cmpint (snug_cli_doctor_text_get_exit (SNUG_DOCTOR_SERVER_REFUSED, SNUG_DOCTOR_NONE), ==, SNUG_CLI_EXIT_SERVER);
  g_assert_cmpint (snug_cli_doctor_text_get_exit (SNUG_DOCTOR_RELAY_DOWN, SNUG_DOCTOR_SOME), ==, SNUG_CLI_EXIT_NO_ROUTE);
  g_assert_cmpint (snug_cli_doctor_text_get_exit (SNUG_DOCTOR_RELAY_DOWN, SNUG_DOCTOR_NOTE), ==, SNUG_CLI_EXIT_GOOD);
  g_assert_cmpint (snug_cli_doctor_text_get_exit (SNUG_DOCTOR_CAMERA_BUSY, SNUG_DOCTOR_LACK), ==, SNUG_CLI_EXIT_DEVICE);
  g_assert_cmpint (snug_cli_doctor_text_get_exit (SNUG_DOCTOR_PLUGIN, SNUG_DOCTOR_NONE), ==, SNUG_CLI_EXIT_FAILED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cli/doctor-options/good", test_good);
  g_test_add_func ("/cli/doctor-options/bad", test_bad);
  g_test_add_func ("/cli/doctor-options/words", test_words);

  return g_test_run ();
}
