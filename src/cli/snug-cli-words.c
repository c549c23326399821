/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-words.h"

#include "snug-cli-options.h"

GOptionContext *
snug_cli_words_new_context (const char *usage, const char *description, const GOptionEntry *entries)
{
  GOptionContext *context = g_option_context_new (usage);

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, entries, NULL);

  return context;
}

char *
snug_cli_words_get_help (GOptionContext *context)
{
  char *help = g_option_context_get_help (context, FALSE, NULL);

  g_option_context_free (context);

  return help;
}

gboolean
snug_cli_words_refuse (GError **error, const char *option, const char *what)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s is %s", option, what);

  return FALSE;
}

gboolean
snug_cli_words_refuse_arguments (const char *command, char **arguments, GError **error)
{
  if (arguments == NULL || arguments[0] == NULL)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "\"%s\" takes options only", command);

  return FALSE;
}

gboolean
snug_cli_words_parse_uint (const char *text, guint min, guint max, guint *value)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, min, max, &number, NULL))
    return FALSE;
  *value = number;

  return TRUE;
}

static void
ice_server_free (gpointer data)
{
  snug_ice_servers_free (data, 1);
}

GPtrArray *
snug_cli_words_new_ice_servers (void)
{
  return g_ptr_array_new_with_free_func (ice_server_free);
}

gboolean
snug_cli_words_parse_ice_servers (GPtrArray *servers, const char *option, char **texts, GError **error)
{
  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    {
      SnugIceServer *server = snug_ice_server_parse (texts[i], error);

      if (server == NULL)
        {
          g_prefix_error (error, "%s: ", option);
          return FALSE;
        }
      g_ptr_array_add (servers, server);
    }
  if (servers->len > SNUG_ICE_SERVERS_MAX)
    return snug_cli_words_refuse (error, option, "given at most 8 times");

  return TRUE;
}

const char *
snug_cli_words_choose_server (const char *text, const char *default_server)
{
  if (text != NULL)
    return text;

  return default_server != NULL && *default_server != '\0' ? default_server : SNUG_CLI_DEFAULT_SERVER;
}
