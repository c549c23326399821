/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-exit.h"

#include "snug-engine.h"
#include "snug-protocol.h"
#include "snug-signaling.h"

static SnugCliExit
from_error (GQuark domain, int code)
{
  g_autoptr (GError) error = g_error_new_literal (domain, code, "x");

  return snug_cli_exit_from_error (error);
}

static void
test_from_error (void)
{
  g_assert_cmpint (from_error (SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_UNREACHABLE), ==, 3);
  g_assert_cmpint (from_error (SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_LOST), ==, 3);
  g_assert_cmpint (from_error (SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_ROOM_FULL), ==, 3);
  g_assert_cmpint (from_error (SNUG_CALL_ERROR, SNUG_CALL_ERROR_NO_ROUTE), ==, 4);
  g_assert_cmpint (from_error (SNUG_CALL_ERROR, SNUG_CALL_ERROR_CERTIFICATE_MISMATCH), ==, 5);
  g_assert_cmpint (from_error (SNUG_CALL_ERROR, SNUG_CALL_ERROR_LOST), ==, 1);
  g_assert_cmpint (from_error (SNUG_CALL_ERROR, SNUG_CALL_ERROR_REFUSED_BY_PEER), ==, 1);
  g_assert_cmpint (from_error (G_IO_ERROR, G_IO_ERROR_FAILED), ==, 1);
}

static void
test_worse (void)
{
  /* From the mildest to the gravest. */
  static const SnugCliExit codes[] = { 0, 1, 4, 5 };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (codes); j++)
      g_assert_cmpint (snug_cli_exit_worse (codes[i], codes[j]), ==, codes[MAX (i, j)]);
}

static void
assert_outcome (guint n_peers, guint n_good, SnugCliExit worst, SnugCliExit expected)
{
  SnugCliOutcome outcome = { n_peers, n_good, worst };

  g_assert_cmpint (snug_cli_exit_from_outcome (NULL, &outcome), ==, expected);
}

static void
test_from_outcome (void)
{
  SnugCliOutcome good = { 1, 1, SNUG_CLI_EXIT_GOOD };
  g_autoptr (GError) error
      = g_error_new_literal (SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_ROOM_FULL, "x");

  assert_outcome (0, 0, 0, 0);
  assert_outcome (1, 1, 0, 0);
  assert_outcome (3, 1, 5, 0);
  assert_outcome (2, 0, 4, 4);
  assert_outcome (2, 0, 5, 5);
  assert_outcome (2, 0, 1, 1);
  /* Somebody came and went, and no connection ever came about. */
  assert_outcome (1, 0, 0, 1);
  g_assert_cmpint (snug_cli_exit_from_outcome (error, &good), ==, 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cli/exit/from-error", test_from_error);
  g_test_add_func ("/cli/exit/worse", test_worse);
  g_test_add_func ("/cli/exit/from-outcome", test_from_outcome);

  return g_test_run ();
}
