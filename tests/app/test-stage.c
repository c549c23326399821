/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tiles of a call with people who are not there: one to eight, in a grid, one before the others, with a screen.
 * With SNUG_SCREENSHOTS=FOLDER the pictures are kept.
 */
#include "snug-app-fixture.h"

#include "snug-await.h"
#include "snug-fake-person.h"
#include "snug-reaction-float.h"
#include "snug-tile-area.h"
#include "snug-tile-person.h"

static const char *const names[] = { "Maya Okafor", "Lena Fischer", "Omar Haddad", "Jonas Lind",
                                     "Amina Yusuf", "Walter Brandt", "Priya Nair" };

static const struct
{
  const char *name;
  int width;
  int height;
} sizes[] = { { "wide", 1200, 750 }, { "narrow", 360, 720 } };

typedef struct
{
  GListStore *people;
  SnugTileArea *area;
  GtkWidget *window;
} Stage;

static SnugFakePerson *
nth (Stage *stage, guint i)
{
  g_autoptr (SnugFakePerson) person = g_list_model_get_item (G_LIST_MODEL (stage->people), i);
  return person;
}

static void
open_stage (Stage *stage, guint n_others, int width, int height)
{
  SnugLocalMedia *media = snug_devices_get_local_media (snug_app_fixture_get_devices ());

  stage->people = g_list_store_new (SNUG_TYPE_FAKE_PERSON);
  for (guint i = 0; i < n_others; i++)
    {
      g_autoptr (SnugFakePerson) person = snug_fake_person_new (names[i]);
      g_list_store_append (stage->people, person);
    }
  stage->area = g_object_new (SNUG_TYPE_TILE_AREA, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (stage->area), "stage");
  snug_local_media_set_video_enabled (media, FALSE);
  snug_tile_area_set_people (stage->area, G_LIST_MODEL (stage->people), G_OBJECT (stage->people), media, "Robin Vale");
  stage->window = snug_app_fixture_show (GTK_WIDGET (stage->area), width, height);
}

static void
close_stage (Stage *stage)
{
  GtkWidget *area = GTK_WIDGET (stage->area);

  g_object_add_weak_pointer (G_OBJECT (area), (gpointer *) &area);
  snug_app_fixture_close (stage->window);
  snug_await (area == NULL);
  snug_await_finalized (stage->people);
}

/* The n-th tile that is seen. */
static GtkWidget *
nth_tile (Stage *stage, guint n)
{
  for (GtkWidget *tile = gtk_widget_get_first_child (GTK_WIDGET (stage->area)); tile != NULL;
       tile = gtk_widget_get_next_sibling (tile))
    if (gtk_widget_get_visible (tile) && n-- == 0)
      return tile;
  return NULL;
}

static void G_GNUC_PRINTF (2, 3)
settle (Stage *stage, const char *format, ...)
{
  va_list args;
  g_autofree char *name = NULL;

  va_start (args, format);
  name = g_strdup_vprintf (format, args);
  va_end (args);
  /* Twice: what the first layout changes is laid out, too. */
  snug_app_fixture_draw (stage->window, name);
  g_assert_cmpuint (snug_app_fixture_draw (stage->window, name), >, 2);
}

static void
test_grid (void)
{
  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (guint n = 1; n <= 7; n++)
      {
        Stage stage;

        open_stage (&stage, n, sizes[s].width, sizes[s].height);
        for (guint i = 0; i < n; i++)
          if (i != 2)
            snug_fake_person_show_camera (nth (&stage, i), i);
        snug_await (snug_video_tile_get_showing_video (SNUG_VIDEO_TILE (nth_tile (&stage, 0))));
        g_object_set (nth (&stage, 0), "audio-level", -20.0, NULL);
        if (n > 1)
          g_object_set (nth (&stage, 1), "audio-enabled", FALSE, NULL);
        if (n > 2)
          g_object_set (nth (&stage, 2), "hand-raised", TRUE, NULL);
        if (n > 3)
          for (guint i = 0; i < SNUG_WEAKNESS_SECONDS; i++)
            snug_fake_person_measure (nth (&stage, 3), 0.12, "relay");
        settle (&stage, "stage-grid-%u-%s", n + 1, sizes[s].name);
        /* Two people: the other fills the stage; more: all of one size, oneself last. */
        g_assert_cmpint (snug_tile_area_get_full_stage (stage.area), ==, n == 1);
        if (n > 1)
          {
            GtkWidget *own = nth_tile (&stage, n);

            g_assert_true (own == snug_tile_area_get_own_tile (stage.area));
            g_assert_cmpint (gtk_widget_get_width (own), ==, gtk_widget_get_width (nth_tile (&stage, 0)));
          }
        close_stage (&stage);
      }
}

static void
test_speaker_view (void)
{
  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (guint n = 2; n <= 7; n += n == 2 ? 3 : 2)
      {
        Stage stage;
        SnugSpotlight *spotlight;

        open_stage (&stage, n, sizes[s].width, sizes[s].height);
        spotlight = snug_tile_area_get_spotlight (stage.area);
        for (guint i = 0; i < n; i++)
          snug_fake_person_show_camera (nth (&stage, i), i);
        g_object_set (nth (&stage, 0), "hand-raised", TRUE, NULL);
        g_object_set (spotlight, "speaker", nth (&stage, 1), NULL);
        snug_spotlight_toggle (spotlight);
        snug_await (snug_video_tile_get_showing_video (SNUG_VIDEO_TILE (nth_tile (&stage, 1))));
        settle (&stage, "stage-speaker-%u-%s", n + 1, sizes[s].name);
        g_assert_cmpint (gtk_widget_get_width (nth_tile (&stage, 1)), >, gtk_widget_get_width (nth_tile (&stage, 0)));
        close_stage (&stage);
      }
}

static void
test_screen (void)
{
  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      Stage stage;
      GtkWidget *screen;

      open_stage (&stage, 3, sizes[s].width, sizes[s].height);
      for (guint i = 0; i < 3; i++)
        snug_fake_person_show_camera (nth (&stage, i), i);
      snug_fake_person_show_screen (nth (&stage, 1));
      g_object_set (nth (&stage, 1), "audio-level", -20.0, NULL);
      screen = nth_tile (&stage, 1);
      snug_await (snug_video_tile_get_showing_video (SNUG_VIDEO_TILE (screen)));
      g_assert_true (snug_video_tile_get_contain (SNUG_VIDEO_TILE (screen)));
      g_assert_true (snug_app_fixture_sees (screen, "Lena Fischer is sharing the screen"));
      settle (&stage, "stage-screen-%s", sizes[s].name);
      g_assert_cmpint (gtk_widget_get_width (screen), >, gtk_widget_get_width (nth_tile (&stage, 0)));
      g_object_set (nth (&stage, 1), "screen-enabled", FALSE, NULL);
      g_assert_true (snug_tile_person_get (SNUG_VIDEO_TILE (nth_tile (&stage, 1))) == nth (&stage, 1));
      close_stage (&stage);
    }
}

/* Everything that can be the matter with one person, on a large and on a small tile. */
static void
test_states (void)
{
  Stage stage;
  SnugFakePerson *maya;
  SnugTileChips *chips;
  g_autofree char *words = NULL;

  open_stage (&stage, 5, 1200, 750);
  maya = nth (&stage, 0);
  chips = snug_video_tile_get_chips (SNUG_VIDEO_TILE (nth_tile (&stage, 0)));

  g_object_set (maya, "state", SNUG_PEER_CONNECTING, NULL);
  g_assert_true (snug_app_fixture_sees (GTK_WIDGET (chips), "Connecting…"));
  g_object_set (maya, "state", SNUG_PEER_FAILED, NULL);
  g_assert_true (snug_app_fixture_sees (GTK_WIDGET (chips), "Not connected"));
  g_object_set (maya, "state", SNUG_PEER_CONNECTED, NULL);

  snug_fake_person_measure (maya, 0.12, "host");
  g_assert_false (snug_app_fixture_sees (GTK_WIDGET (chips), "Weak connection"));
  for (guint i = 0; i < SNUG_WEAKNESS_SECONDS; i++)
    snug_fake_person_measure (maya, 0.12, "relay");
  g_assert_true (snug_app_fixture_sees (GTK_WIDGET (chips), "Weak connection"));
  g_object_set (maya, "hand-raised", TRUE, "audio-enabled", FALSE, NULL);
  g_assert_true (snug_app_fixture_sees (GTK_WIDGET (chips), "Hand raised"));
  snug_spotlight_pin (snug_tile_area_get_spotlight (stage.area), maya, FALSE);
  words = snug_tile_chips_describe (chips);
  g_assert_cmpstr (words, ==,
                   "Maya Okafor, microphone off, weak connection, connected through a relay, hand raised, pinned");
  settle (&stage, "stage-states-large");
  snug_spotlight_pin (snug_tile_area_get_spotlight (stage.area), nth (&stage, 1), FALSE);
  settle (&stage, "stage-states-small");
  /* A small tile keeps the icons. */
  g_assert_false (snug_app_fixture_sees (GTK_WIDGET (chips), "Weak connection"));
  g_assert_false (snug_app_fixture_sees (GTK_WIDGET (chips), "Hand raised"));
  close_stage (&stage);
}

/* Those who come and go find and leave their places. */
static void
test_people (void)
{
  Stage stage;

  open_stage (&stage, 4, 1200, 750);
  snug_fake_person_show_screen (nth (&stage, 2));
  snug_spotlight_pin (snug_tile_area_get_spotlight (stage.area), nth (&stage, 1), FALSE);
  g_list_store_remove (stage.people, 1);
  g_assert_true (snug_tile_person_get (SNUG_VIDEO_TILE (nth_tile (&stage, 1))) == nth (&stage, 1));
  g_assert_true (snug_tile_person_get (SNUG_VIDEO_TILE (nth_tile (&stage, 2))) == nth (&stage, 1));
  settle (&stage, "stage-people");
  {
    g_autoptr (SnugFakePerson) priya = snug_fake_person_new ("Priya Nair");
    g_list_store_insert (stage.people, 1, priya);
  }
  g_assert_true (snug_app_fixture_sees (nth_tile (&stage, 1), "Priya Nair"));
  g_list_store_remove (stage.people, 2);
  snug_tile_area_set_own_hidden (stage.area, TRUE);
  settle (&stage, "stage-own-hidden");
  g_assert_null (nth_tile (&stage, 3));
  g_list_store_remove_all (stage.people);
  g_assert_null (nth_tile (&stage, 0));
  close_stage (&stage);
}

/* Arrows go from tile to tile in their order, past one that is hidden, and not out of them; Tab does. */
static void
test_arrows (void)
{
  Stage stage;
  GtkWidget *area;

  open_stage (&stage, 3, 1200, 750);
  area = GTK_WIDGET (stage.area);
  gtk_widget_grab_focus (nth_tile (&stage, 0));
  for (guint i = 1; i <= 3; i++)
    {
      g_assert_true (gtk_widget_child_focus (area, GTK_DIR_RIGHT));
      g_assert_true (gtk_widget_get_focus_child (area) == nth_tile (&stage, i));
    }
  g_assert_true (gtk_widget_child_focus (area, GTK_DIR_RIGHT));
  g_assert_true (gtk_widget_get_focus_child (area) == nth_tile (&stage, 3));
  g_assert_true (gtk_widget_child_focus (area, GTK_DIR_LEFT));
  g_assert_true (gtk_widget_get_focus_child (area) == nth_tile (&stage, 2));
  g_assert_true (gtk_widget_child_focus (area, GTK_DIR_UP));
  g_assert_true (gtk_widget_get_focus_child (area) == nth_tile (&stage, 0));
  snug_tile_area_set_own_hidden (stage.area, TRUE);
  gtk_widget_grab_focus (nth_tile (&stage, 2));
  g_assert_true (gtk_widget_child_focus (area, GTK_DIR_RIGHT));
  g_assert_true (gtk_widget_get_focus_child (area) == nth_tile (&stage, 2));
  g_assert_false (gtk_widget_child_focus (area, GTK_DIR_TAB_FORWARD));
  close_stage (&stage);
}

static void
test_reactions (void)
{
  Stage stage;
  GtkWidget *floats;

  open_stage (&stage, 2, 1200, 750);
  floats = snug_app_fixture_find (nth_tile (&stage, 0), SNUG_TYPE_REACTION_FLOAT, NULL);
  g_signal_emit_by_name (nth (&stage, 0), "reaction", "🎉");
  g_signal_emit_by_name (nth (&stage, 0), "reaction", "👍");
  settle (&stage, "stage-reactions");
  g_assert_cmpuint (snug_reaction_float_get_n (SNUG_REACTION_FLOAT (floats)), ==, 2);
  for (guint i = 0; i < 1000; i++)
    g_signal_emit_by_name (nth (&stage, 0), "reaction", "👏");
  g_assert_cmpuint (snug_reaction_float_get_n (SNUG_REACTION_FLOAT (floats)), ==, SNUG_REACTIONS_MAX);
  snug_await (snug_reaction_float_get_n (SNUG_REACTION_FLOAT (floats)) == 0);
  close_stage (&stage);
}

static void
test_weakness (void)
{
  SnugWeakness weakness = { 0 };

  g_assert_false (snug_weakness_note (&weakness, SNUG_VERDICT_POOR));
  g_assert_false (snug_weakness_note (&weakness, SNUG_VERDICT_UNSTEADY));
  g_assert_true (snug_weakness_note (&weakness, SNUG_VERDICT_POOR));
  /* Nor does one good second make it strong. */
  g_assert_true (snug_weakness_note (&weakness, SNUG_VERDICT_GOOD));
  g_assert_true (snug_weakness_note (&weakness, SNUG_VERDICT_GOOD));
  g_assert_true (snug_weakness_note (&weakness, SNUG_VERDICT_POOR));
  g_assert_true (snug_weakness_note (&weakness, SNUG_VERDICT_GOOD));
  g_assert_true (snug_weakness_note (&weakness, SNUG_VERDICT_UNKNOWN));
  g_assert_true (snug_weakness_note (&weakness, SNUG_VERDICT_GOOD));
  g_assert_true (snug_weakness_note (&weakness, SNUG_VERDICT_GOOD));
  g_assert_false (snug_weakness_note (&weakness, SNUG_VERDICT_GOOD));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  snug_app_fixture_start ();
  g_test_add_func ("/app/stage/grid", test_grid);
  g_test_add_func ("/app/stage/speaker-view", test_speaker_view);
  g_test_add_func ("/app/stage/screen", test_screen);
  g_test_add_func ("/app/stage/states", test_states);
  g_test_add_func ("/app/stage/people", test_people);
  g_test_add_func ("/app/stage/arrows", test_arrows);
  g_test_add_func ("/app/stage/reactions", test_reactions);
  g_test_add_func ("/app/stage/weakness", test_weakness);
  return g_test_run ();
}
