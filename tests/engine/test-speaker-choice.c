/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who is shown large, in simulated time. A script says who is loud in which tenths of a second.
 */
#include "snug-speaker-choice.h"

#define STEP (100 * G_GINT64_CONSTANT (1000))
#define N_PEOPLE 3

typedef struct
{
  SnugSpeakerChoice *choice;
  gint64 now;
  int people[N_PEOPLE]; /* their addresses are who they are */
  gboolean here[N_PEOPLE];
} Room;

static Room *
room_new (void)
{
  Room *room = g_new0 (Room, 1);

  room->choice = snug_speaker_choice_new ();
  for (guint i = 0; i < N_PEOPLE; i++)
    room->here[i] = TRUE;

  return room;
}

static void
room_free (Room *room)
{
  snug_speaker_choice_free (room->choice);
  g_free (room);
}

/* The letter of whoever is chosen; '-': nobody. */
static char
get_chosen (Room *room)
{
  const int *chosen = snug_speaker_choice_choose (room->choice, room->now);

  return chosen == NULL ? '-' : (char) ('a' + (chosen - room->people));
}

/* Levels in dBFS for so long; 0: silence. Returns: who is chosen then. */
static char
talk (Room *room, double a, double b, double c, double seconds)
{
  const double levels[] = { a, b, c };
  guint n = seconds * 10 + 0.5;
  char chosen = get_chosen (room);

  for (guint step = 0; step < n; step++)
    {
      room->now += STEP;
      for (guint i = 0; i < N_PEOPLE; i++)
        if (room->here[i])
          snug_speaker_choice_set_level (room->choice, &room->people[i], room->now,
                                         levels[i] == 0 ? -100 : levels[i]);
      chosen = get_chosen (room);
    }

  return chosen;
}

static void
leave (Room *room, guint who)
{
  room->here[who] = FALSE;
  snug_speaker_choice_remove (room->choice, &room->people[who]);
}

static void
test_first (void)
{
  Room *room = room_new ();

  g_assert_cmpint (get_chosen (room), ==, '-');
  g_assert_cmpint (talk (room, 0, 0, 0, 60), ==, '-');
  g_assert_cmpint (talk (room, -20, 0, 0, 1.5), ==, '-');
  g_assert_cmpint (talk (room, -20, 0, 0, 0.1), ==, 'a');
  /* Silence changes nothing. */
  g_assert_cmpint (talk (room, 0, 0, 0, 600), ==, 'a');
  room_free (room);
}

static void
test_change (void)
{
  Room *room = room_new ();

  g_assert_cmpint (talk (room, -20, 0, 0, 10), ==, 'a');
  g_assert_cmpint (talk (room, 0, -20, 0, 1.5), ==, 'a');
  g_assert_cmpint (talk (room, 0, -20, 0, 0.1), ==, 'b');
  room_free (room);
}

static void
test_stay (void)
{
  Room *room = room_new ();
  gint64 chosen_at;

  talk (room, -20, 0, 0, 1.6);
  g_assert_cmpint (get_chosen (room), ==, 'a');
  chosen_at = room->now;
  /* Somebody else begins at once: not before the three seconds are over. */
  while (talk (room, 0, -20, 0, 0.1) == 'a')
    g_assert_cmpint (room->now - chosen_at, <, SNUG_SPEAKER_STAY);
  g_assert_cmpint (get_chosen (room), ==, 'b');
  g_assert_cmpint (room->now - chosen_at, ==, SNUG_SPEAKER_STAY);
  room_free (room);
}

static void
test_interjections (void)
{
  Room *room = room_new ();

  g_assert_cmpint (talk (room, -20, 0, 0, 10), ==, 'a');
  for (guint i = 0; i < 50; i++)
    {
      /* "Mhm", a cough, a chair. */
      g_assert_cmpint (talk (room, -20, -15, 0, 0.5), ==, 'a');
      g_assert_cmpint (talk (room, -20, 0, 0, 0.8), ==, 'a');
      g_assert_cmpint (talk (room, 0, 0, -10, 0.2), ==, 'a');
      g_assert_cmpint (talk (room, -20, 0, 0, 1.0), ==, 'a');
    }
  room_free (room);
}

static void
test_pauses (void)
{
  Room *room = room_new ();
  guint n = 0;

  /* Words with pauses are speech all the same. */
  while (talk (room, -20, 0, 0, 0.3) == '-' && n < 10)
    {
      talk (room, 0, 0, 0, 0.4);
      n++;
    }
  g_assert_cmpuint (n, >=, 2);
  g_assert_cmpuint (n, <, 5);
  room_free (room);
}

static void
test_both (void)
{
  Room *room = room_new ();

  g_assert_cmpint (talk (room, -20, 0, 0, 10), ==, 'a');
  /* As loud, a little louder: whoever has it keeps it. Clearly louder: takes it. */
  g_assert_cmpint (talk (room, -20, -20, 0, 30), ==, 'a');
  g_assert_cmpint (talk (room, -20, -16, 0, 30), ==, 'a');
  g_assert_cmpint (talk (room, -20, -12, 0, 30), ==, 'b');
  /* And it does not go back and forth. */
  for (guint i = 0; i < 50; i++)
    {
      g_assert_cmpint (talk (room, -20, -18, 0, 1), ==, 'b');
      g_assert_cmpint (talk (room, -18, -20, 0, 1), ==, 'b');
    }
  room_free (room);
}

static void
test_loudest (void)
{
  Room *room = room_new ();

  g_assert_cmpint (talk (room, -30, -20, -25, 2), ==, 'b');
  room_free (room);
}

static void
test_leaving (void)
{
  Room *room = room_new ();

  /* Gone: at once nobody, or whoever has been speaking, without the stay. */
  g_assert_cmpint (talk (room, -20, 0, 0, 1.6), ==, 'a');
  leave (room, 0);
  g_assert_cmpint (get_chosen (room), ==, '-');
  g_assert_cmpint (talk (room, 0, -20, 0, 1.6), ==, 'b');
  g_assert_cmpint (talk (room, 0, -20, -25, 2), ==, 'b');
  leave (room, 1);
  g_assert_cmpint (get_chosen (room), ==, 'c');
  leave (room, 2);
  g_assert_cmpint (get_chosen (room), ==, '-');
  /* Removed twice, and unknown. */
  leave (room, 2);
  snug_speaker_choice_remove (room->choice, room);
  room_free (room);
}

static void
test_background (void)
{
  Room *room = room_new ();

  /* A fan that is loud on the meter but never loud enough. */
  g_assert_cmpint (talk (room, -46, -47, -49, 600), ==, '-');
  g_assert_cmpint (talk (room, -46, -30, -49, 2), ==, 'b');
  room_free (room);
}

/* Whatever they do: who is chosen is somebody who is here, and changes no sooner than allowed. */
static void
test_random (void)
{
  Room *room = room_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (g_test_rand_int ());
  char last = '-';
  gint64 changed = -SNUG_SPEAKER_STAY;

  for (guint step = 0; step < 20000; step++)
    {
      char chosen;

      room->now += STEP;
      for (guint i = 0; i < N_PEOPLE; i++)
        if (g_rand_int_range (random, 0, 20) > 0)
          snug_speaker_choice_set_level (
              room->choice, &room->people[i], room->now,
              (room->now / (STEP * 20) + i) % 3 == 0 ? g_rand_double_range (random, -50, -10)
                                                      : g_rand_double_range (random, -100, -40));
      chosen = get_chosen (room);
      g_assert_true (chosen == '-' || (chosen >= 'a' && chosen < 'a' + N_PEOPLE));
      if (chosen != last)
        {
          g_assert_cmpint (room->now - changed, >=, SNUG_SPEAKER_STAY);
          changed = room->now;
          last = chosen;
        }
    }
  g_assert_cmpint (last, !=, '-');
  room_free (room);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/speaker-choice/first", test_first);
  g_test_add_func ("/speaker-choice/change", test_change);
  g_test_add_func ("/speaker-choice/stay", test_stay);
  g_test_add_func ("/speaker-choice/interjections", test_interjections);
  g_test_add_func ("/speaker-choice/pauses", test_pauses);
  g_test_add_func ("/speaker-choice/both", test_both);
  g_test_add_func ("/speaker-choice/loudest", test_loudest);
  g_test_add_func ("/speaker-choice/leaving", test_leaving);
  g_test_add_func ("/speaker-choice/background", test_background);
  g_test_add_func ("/speaker-choice/random", test_random);

  return g_test_run ();
}
