/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-application.h"
#include "snug-pipeline.h"

#include <glib/gi18n.h>
#include <locale.h>

int
main (int argc, char **argv)
{
  g_autoptr (SnugApplication) application = NULL;
  int status;

  setlocale (LC_ALL, "");
  bindtextdomain (SNUG_GETTEXT_DOMAIN, SNUG_LOCALEDIR);
  bind_textdomain_codeset (SNUG_GETTEXT_DOMAIN, "UTF-8");
  textdomain (SNUG_GETTEXT_DOMAIN);
  g_set_prgname (SNUG_APP_ID);
  g_set_application_name ("Snug");

  application = snug_application_new ();
  status = g_application_run (G_APPLICATION (application), argc, argv);

  /* Each close is bounded, see snug_pipeline_close_async(). */
  while (snug_pipeline_get_n_closing () > 0)
    g_main_context_iteration (NULL, TRUE);
  return status;
}
