/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-app-fixture.h"

#include "snug-await.h"
#include "snug-toast.h"

#define SECONDS 60

/* Of the newest only, at once; and what is taken back before it has come in whole goes. */
static void
test_say (void)
{
  GtkWidget *toasts = adw_toast_overlay_new ();
  GtkWidget *window;

  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (toasts), gtk_label_new ("Below"));
  window = snug_app_fixture_show (toasts, 600, 400);
  snug_toast_unsay (ADW_TOAST_OVERLAY (toasts));
  snug_toast_say (ADW_TOAST_OVERLAY (toasts), "One", SECONDS);
  snug_await (snug_app_fixture_sees (toasts, "One"));
  snug_toast_say (ADW_TOAST_OVERLAY (toasts), "<b>Two</b> & all", SECONDS);
  g_assert_true (snug_app_fixture_sees (toasts, "<b>Two</b> & all"));
  snug_toast_unsay (ADW_TOAST_OVERLAY (toasts));
  snug_await (!snug_app_fixture_sees (toasts, "One") && !snug_app_fixture_sees (toasts, "<b>Two</b> & all"));
  snug_toast_unsay (ADW_TOAST_OVERLAY (toasts));
  snug_app_fixture_close (window);
}

/* What is not said but added waits, and is not lost. */
static void
test_wait (void)
{
  const char *texts[] = { "Camera gone", "Microphone gone", "Copied" };
  GtkWidget *toasts = adw_toast_overlay_new ();
  GtkWidget *window;

  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (toasts), gtk_label_new ("Below"));
  window = snug_app_fixture_show (toasts, 600, 400);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (toasts), snug_toast_new (texts[0], SECONDS));
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (toasts), snug_toast_new (texts[1], SECONDS));
  snug_toast_say (ADW_TOAST_OVERLAY (toasts), texts[2], SECONDS);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      /* The one before it takes a moment to fade, and has the same button. */
      snug_await (snug_app_fixture_sees (toasts, texts[i]) && (i == 0 || !snug_app_fixture_sees (toasts, texts[i - 1])));
      g_signal_emit_by_name (snug_app_fixture_find (toasts, GTK_TYPE_BUTTON, "window-close-symbolic"), "clicked");
    }
  snug_app_fixture_close (window);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  snug_app_fixture_start ();
  g_test_add_func ("/app/toast/say", test_say);
  g_test_add_func ("/app/toast/wait", test_wait);
  return g_test_run ();
}
