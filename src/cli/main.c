/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * snug-cli: a call without a window, as a program.
 */
#include "config.h"

#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "snug-cli-call.h"
#include "snug-cli-devices.h"
#include "snug-cli-doctor.h"
#include "snug-cli-options.h"
#include "snug-cli-probe.h"
#include "snug-self-test.h"

/* What was printed at once has to have arrived, as on a full disk it has not. */
static SnugCliExit
end_output (SnugCliExit code)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return code;

  fprintf (stderr, "snug-cli: Standard output can't be written.\n");
  return snug_cli_exit_worse (code, SNUG_CLI_EXIT_FAILED);
}

int
main (int argc, char *argv[])
{
  g_autoptr (SnugCliOptions) options = NULL;
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  g_set_prgname ("snug-cli");
  /* Standard output is for events. */
  g_log_writer_default_set_use_stderr (TRUE);
  /* A reader that goes away is an error of its descriptor, not the end of everything. */
  signal (SIGPIPE, SIG_IGN);

  if (argc > 1 && g_str_equal (argv[1], "doctor"))
    return end_output (snug_cli_doctor_main ((const char *const *) argv + 1));
  if (argc > 1 && g_str_equal (argv[1], "probe"))
    return end_output (snug_cli_probe_main ((const char *const *) argv + 1));

  options = snug_cli_options_parse ((const char *const *) argv,
                                    g_getenv (SNUG_CLI_SERVER_VARIABLE),
                                    isatty (STDOUT_FILENO), &error);
  if (options == NULL)
    {
      fprintf (stderr, "snug-cli: %s.\nTry \"snug-cli --help\".\n", error->message);
      return SNUG_CLI_EXIT_USAGE;
    }

  switch (options->command)
    {
    case SNUG_CLI_HELP:
      {
        g_autofree char *help = snug_cli_options_get_help ();

        fputs (help, stdout);
        return end_output (SNUG_CLI_EXIT_GOOD);
      }

    case SNUG_CLI_VERSION:
      puts ("snug-cli " SNUG_VERSION);
      return end_output (SNUG_CLI_EXIT_GOOD);

    case SNUG_CLI_SELF_TEST:
      {
        gboolean passed;
        g_autofree char *report = snug_self_test_report (options->json, &passed);

        fputs (report, stdout);
        return end_output (passed ? SNUG_CLI_EXIT_GOOD : SNUG_CLI_EXIT_FAILED);
      }

    case SNUG_CLI_DEVICES:
      return end_output (snug_cli_devices_run (options));

    case SNUG_CLI_OFFER:
    case SNUG_CLI_ANSWER:
      return end_output (snug_cli_call_run (options));

    case SNUG_CLI_CALL:
    default:
      return snug_cli_call_run (options);
    }
}
