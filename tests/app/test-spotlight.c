/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who leads the stage, without a stage.
 */
#include "snug-spotlight.h"

#include "snug-await.h"
#include "snug-engine.h"
#include "snug-fake-person.h"

typedef struct
{
  GListStore *people;
  SnugSpotlight *spotlight;
  SnugFakePerson *maya;
  SnugFakePerson *lena;
  SnugFakePerson *omar;
  guint changes;
} Fixture;

static void
on_changed (Fixture *fixture)
{
  fixture->changes++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->people = g_list_store_new (SNUG_TYPE_FAKE_PERSON);
  fixture->maya = snug_fake_person_new ("Maya Okafor");
  fixture->lena = snug_fake_person_new ("Lena Fischer");
  fixture->omar = snug_fake_person_new ("Omar Haddad");
  fixture->spotlight = snug_spotlight_new ();
  snug_spotlight_set_people (fixture->spotlight, G_LIST_MODEL (fixture->people));
  g_signal_connect_swapped (fixture->spotlight, "changed", G_CALLBACK (on_changed), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  snug_await_finalized (fixture->spotlight);
  snug_await_finalized (fixture->people);
  snug_await_finalized (fixture->maya);
  snug_await_finalized (fixture->lena);
  snug_await_finalized (fixture->omar);
}

static void
add_all (Fixture *fixture)
{
  g_list_store_append (fixture->people, fixture->maya);
  g_list_store_append (fixture->people, fixture->lena);
  g_list_store_append (fixture->people, fixture->omar);
}

static void
assert_lead (Fixture *fixture, gpointer person, gboolean screen)
{
  gboolean is_screen;

  g_assert_cmpint (snug_spotlight_get_mode (fixture->spotlight), ==, SNUG_SPOTLIGHT_LEAD);
  g_assert_true (snug_spotlight_get_lead (fixture->spotlight, &is_screen) == person);
  g_assert_cmpint (is_screen, ==, screen);
}

static void
assert_mode (Fixture *fixture, SnugSpotlightMode mode)
{
  g_assert_cmpint (snug_spotlight_get_mode (fixture->spotlight), ==, mode);
  g_assert_null (snug_spotlight_get_lead (fixture->spotlight, NULL));
}

static void
test_few (Fixture *fixture, gconstpointer data)
{
  assert_mode (fixture, SNUG_SPOTLIGHT_EQUAL);
  g_list_store_append (fixture->people, fixture->maya);
  assert_mode (fixture, SNUG_SPOTLIGHT_FILL);
  /* There is nothing to choose between two people. */
  snug_spotlight_toggle (fixture->spotlight);
  assert_mode (fixture, SNUG_SPOTLIGHT_FILL);
  g_list_store_append (fixture->people, fixture->lena);
  assert_mode (fixture, SNUG_SPOTLIGHT_EQUAL);
  g_assert_cmpuint (fixture->changes, ==, 2);
  g_list_store_remove_all (fixture->people);
  assert_mode (fixture, SNUG_SPOTLIGHT_EQUAL);
}

static void
test_speaker (Fixture *fixture, gconstpointer data)
{
  add_all (fixture);
  g_object_set (fixture->spotlight, "speaker", fixture->lena, NULL);
  assert_mode (fixture, SNUG_SPOTLIGHT_EQUAL);
  snug_spotlight_toggle (fixture->spotlight);
  assert_lead (fixture, fixture->lena, FALSE);
  g_object_set (fixture->spotlight, "speaker", fixture->omar, NULL);
  assert_lead (fixture, fixture->omar, FALSE);
  /* Silence, and then the speaker goes. */
  g_object_set (fixture->spotlight, "speaker", NULL, NULL);
  assert_lead (fixture, fixture->omar, FALSE);
  g_list_store_remove (fixture->people, 2);
  assert_lead (fixture, fixture->maya, FALSE);
  snug_spotlight_toggle (fixture->spotlight);
  assert_mode (fixture, SNUG_SPOTLIGHT_EQUAL);
  /* Nobody that is not in the call. */
  g_object_set (fixture->spotlight, "speaker", fixture->omar, NULL);
  snug_spotlight_toggle (fixture->spotlight);
  assert_lead (fixture, fixture->maya, FALSE);
}

static void
test_pin (Fixture *fixture, gconstpointer data)
{
  add_all (fixture);
  snug_spotlight_pin (fixture->spotlight, fixture->lena, FALSE);
  assert_lead (fixture, fixture->lena, FALSE);
  g_assert_true (snug_spotlight_is_pinned (fixture->spotlight, fixture->lena, FALSE));
  g_assert_false (snug_spotlight_is_pinned (fixture->spotlight, fixture->lena, TRUE));
  /* A pin holds against speech and screens. */
  g_object_set (fixture->spotlight, "speaker", fixture->maya, NULL);
  g_object_set (fixture->omar, "screen-enabled", TRUE, NULL);
  assert_lead (fixture, fixture->lena, FALSE);
  snug_spotlight_pin (fixture->spotlight, NULL, FALSE);
  assert_lead (fixture, fixture->omar, TRUE);
  /* There is no screen to pin. */
  snug_spotlight_pin (fixture->spotlight, fixture->maya, TRUE);
  g_assert_false (snug_spotlight_is_pinned (fixture->spotlight, fixture->maya, TRUE));
  snug_spotlight_pin (fixture->spotlight, fixture->lena, FALSE);
  g_list_store_remove (fixture->people, 1);
  assert_lead (fixture, fixture->omar, TRUE);
  snug_spotlight_pin (fixture->spotlight, fixture->maya, FALSE);
  snug_spotlight_toggle (fixture->spotlight);
  assert_mode (fixture, SNUG_SPOTLIGHT_EQUAL);
}

static void
test_screens (Fixture *fixture, gconstpointer data)
{
  g_list_store_append (fixture->people, fixture->maya);
  g_object_set (fixture->maya, "screen-enabled", TRUE, NULL);
  assert_lead (fixture, fixture->maya, TRUE);
  g_object_set (fixture->maya, "screen-enabled", FALSE, NULL);
  assert_mode (fixture, SNUG_SPOTLIGHT_FILL);

  /* The latest leads; when it ends, the one before. Who shares already when they come counts, too. */
  g_object_set (fixture->omar, "screen-enabled", TRUE, NULL);
  g_list_store_append (fixture->people, fixture->lena);
  g_list_store_append (fixture->people, fixture->omar);
  assert_lead (fixture, fixture->omar, TRUE);
  g_object_set (fixture->maya, "screen-enabled", TRUE, NULL);
  assert_lead (fixture, fixture->maya, TRUE);
  g_object_set (fixture->maya, "screen-enabled", FALSE, NULL);
  assert_lead (fixture, fixture->omar, TRUE);

  /* "Show everyone the same size" holds for this screen, not for the next one. */
  snug_spotlight_toggle (fixture->spotlight);
  assert_mode (fixture, SNUG_SPOTLIGHT_EQUAL);
  g_object_set (fixture->maya, "screen-enabled", TRUE, NULL);
  assert_lead (fixture, fixture->maya, TRUE);
  /* A pinned screen that ends is not pinned any more. */
  snug_spotlight_pin (fixture->spotlight, fixture->omar, TRUE);
  assert_lead (fixture, fixture->omar, TRUE);
  g_object_set (fixture->omar, "screen-enabled", FALSE, NULL);
  assert_lead (fixture, fixture->maya, TRUE);
  g_list_store_remove_all (fixture->people);
  assert_mode (fixture, SNUG_SPOTLIGHT_EQUAL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (snug_engine_init (NULL));
#define ADD(name, test) g_test_add (name, Fixture, NULL, set_up, test, tear_down)
  ADD ("/app/spotlight/few", test_few);
  ADD ("/app/spotlight/speaker", test_speaker);
  ADD ("/app/spotlight/pin", test_pin);
  ADD ("/app/spotlight/screens", test_screens);
  return g_test_run ();
}
