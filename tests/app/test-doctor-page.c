/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The doctor's page, with a doctor that finds something; its words; its report.
 */
#include "snug-app-fixture.h"
#include "snug-await.h"
#include "snug-doctor-page.h"
#include "snug-doctor-text.h"

#include <string.h>

static const char *const story[] = { "  0.310 s  reached: in the room", "not reached: a path that works",
                                     "  0.420 s  candidate, local: host udp [192.0.2.7]:40000", NULL };

/* Nothing is set, and what would be asked is no address: it is over soon, on any machine. */
static SnugDoctor *
make_doctor (void)
{
  static const char *const uris[] = { "stuns:192.0.2.9:5349", NULL };
  static const SnugIceServer server = { .uris = uris };
  const SnugDoctorConfig config = { .ice_servers = &server, .n_ice_servers = 1 };

  return snug_doctor_new (&config);
}

static GtkWidget *
make_page (void)
{
  GtkWidget *page = g_object_new (SNUG_TYPE_DOCTOR_PAGE, NULL);
  g_autoptr (SnugDoctor) doctor = make_doctor ();

  snug_doctor_page_set_doctor (SNUG_DOCTOR_PAGE (page), doctor, story);
  snug_doctor_start (doctor);
  snug_await (!snug_doctor_get_running (doctor));
  return page;
}

static void
test_draws (void)
{
  snug_app_fixture_draw_everywhere ("doctor", make_page);
}

static void
count (guint *n)
{
  (*n)++;
}

static void
test_page (void)
{
  GtkWidget *page = g_object_new (SNUG_TYPE_DOCTOR_PAGE, NULL);
  GtkWidget *window = snug_app_fixture_show (page, 640, 900);
  g_autoptr (SnugDoctor) doctor = make_doctor ();
  g_autofree char *black = NULL;
  g_autofree char *open = NULL;
  guint again = 0, back = 0, toast = 0;

  g_signal_connect_swapped (page, "again", G_CALLBACK (count), &again);
  g_signal_connect_swapped (page, "back", G_CALLBACK (count), &back);
  g_signal_connect_swapped (page, "toast", G_CALLBACK (count), &toast);
  snug_doctor_page_set_doctor (SNUG_DOCTOR_PAGE (page), doctor, story);
  snug_doctor_start (doctor);
  g_assert_true (snug_app_fixture_sees (page, "Checking what calls need…"));
  g_assert_nonnull (snug_app_fixture_find (page, GTK_TYPE_BUTTON, "Stop"));
  snug_await (!snug_doctor_get_running (doctor));
  g_assert_true (snug_app_fixture_sees (page, "Calls do not work here"));
  g_assert_true (snug_app_fixture_sees (page, "No meeting point is set"));
  g_assert_true (snug_app_fixture_sees (page, "A STUN server’s address cannot be used"));
  g_assert_true (snug_app_fixture_sees (page, "What the call saw"));

  black = snug_doctor_page_make_report (SNUG_DOCTOR_PAGE (page), FALSE);
  open = snug_doctor_page_make_report (SNUG_DOCTOR_PAGE (page), TRUE);
  g_assert_nonnull (strstr (open, "192.0.2.7"));
  g_assert_nonnull (strstr (open, "192.0.2.9"));
  g_assert_null (strstr (black, "192.0.2."));
  g_assert_nonnull (strstr (black, "No meeting point is set"));
  g_assert_nonnull (strstr (black, "not reached: a path that works"));

  gtk_widget_activate_action (page, "doctor.copy", NULL);
  g_assert_cmpuint (toast, ==, 1);
  gtk_widget_activate_action (page, "doctor.act", NULL);
  g_assert_cmpuint (again, ==, 1);
  gtk_widget_activate_action (page, "doctor.back", NULL);
  g_assert_cmpuint (back, ==, 1);
  /* Another one takes its place, with no story. */
  snug_doctor_page_set_doctor (SNUG_DOCTOR_PAGE (page), NULL, NULL);
  g_assert_false (snug_app_fixture_sees (page, "No meeting point is set"));
  g_assert_false (snug_app_fixture_sees (page, "What the call saw"));
  snug_app_fixture_close (window);
}

static void
test_stop (void)
{
  GtkWidget *page = g_object_new (SNUG_TYPE_DOCTOR_PAGE, NULL);
  GtkWidget *window = snug_app_fixture_show (page, 640, 720);
  g_autoptr (SnugDoctor) doctor = make_doctor ();

  snug_doctor_page_set_doctor (SNUG_DOCTOR_PAGE (page), doctor, NULL);
  snug_doctor_start (doctor);
  gtk_widget_activate_action (page, "doctor.act", NULL);
  snug_await (!snug_doctor_get_running (doctor));
  g_assert_true (snug_app_fixture_sees (page, "Stopped before the end"));
  snug_app_fixture_close (window);
}

static void
test_words (void)
{
  for (SnugDoctorCode code = 1; code < SNUG_DOCTOR_N_CODES; code++)
    {
      SnugDoctorText text = snug_doctor_text_lookup (code);

      if (snug_doctor_code_get_severity (code) == SNUG_DOCTOR_FACT)
        {
          g_assert_null (text.title);
          continue;
        }
      g_assert_false (g_str_has_suffix (text.title, "."));
      g_assert_true (g_str_has_suffix (text.sentence, "."));
    }
  for (SnugDoctorCheck check = SNUG_DOCTOR_CHECK_PLUGINS; check <= SNUG_DOCTOR_CHECK_CALL_BY_RELAY; check++)
    g_assert_cmpstr (snug_doctor_text_name_check (check), !=, "");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  snug_app_fixture_start ();

  g_test_add_func ("/app/doctor/words", test_words);
  g_test_add_func ("/app/doctor/page", test_page);
  g_test_add_func ("/app/doctor/stop", test_stop);
  g_test_add_func ("/app/doctor/draws", test_draws);

  return g_test_run ();
}
