/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a call that works went through; and one whose other side never answers.
 */
#include "snug-await.h"
#include "snug-call-story.h"
#include "snug-test-call.h"

#include <string.h>

static gboolean
has_line (SnugCallStory *story, const char *part)
{
  g_auto (GStrv) lines = snug_call_story_list (story);

  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], part) != NULL)
      return TRUE;
  return FALSE;
}

static void
print (SnugCallStory *story)
{
  g_auto (GStrv) lines = snug_call_story_list (story);

  for (guint i = 0; lines[i] != NULL; i++)
    g_test_message ("%s", lines[i]);
}

static void
test_good (void)
{
  static const char *const stages[] = { "signaling", "description", "candidates", "ICE", "DTLS", "verified", "first packet", "first frame" };
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugTestPerson) ada = snug_test_person_new (room, "Ada", TRUE);
  g_autoptr (SnugTestPerson) bob = snug_test_person_new (room, "Bob", TRUE);
  g_autoptr (SnugCallStory) story = snug_call_story_new (bob->call);

  snug_test_person_join (ada);
  snug_test_person_join (bob);
  snug_test_await_call (ada, bob);
  snug_await (!has_line (story, "not reached"));
  print (story);
  g_assert_true (has_line (story, "candidate, local: host"));
  g_assert_true (has_line (story, "candidate, remote: host"));
  g_assert_true (has_line (story, "succeeded"));
  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    {
      g_autofree char *reached = g_strdup_printf ("reached: %s", stages[i]);

      g_assert_true (has_line (story, reached));
    }
  g_assert_true (has_line (story, "first video"));
  /* Nobody's name. */
  g_assert_false (has_line (story, "Ada"));
  g_assert_false (has_line (story, "Bob"));

  snug_call_story_end (story);
  snug_call_story_end (story);
  g_assert_true (has_line (story, "first video"));
}

static void
test_alone (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugTestPerson) ada = snug_test_person_new (room, "Ada", FALSE);
  g_autoptr (SnugCallStory) story = snug_call_story_new (ada->call);

  snug_test_person_join (ada);
  g_assert_true (has_line (story, "reached: signaling: in the room, after "));
  g_assert_true (has_line (story, "not reached: signaling: somebody else there"));
  g_assert_true (has_line (story, "not reached: first frame"));
}

int
main (int argc, char *argv[])
{
  snug_test_init (&argc, &argv);

  g_test_add_func ("/engine/call-story/good", test_good);
  g_test_add_func ("/engine/call-story/alone", test_alone);

  return snug_test_run ();
}
