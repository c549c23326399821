/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-server-token.h"

#include <gio/gio.h>
#include <string.h>

#include "snug-access-token.h"
#include "snug-room-key.h"
#include "snug-room-name.h"
#include "snug-server-config.h"

#define EXIT_USAGE 2

/* "12h", "7d": 0 when it is none. */
static gint64
parse_duration (const char *text)
{
  static const struct
  {
    char letter;
    gint64 seconds;
  } units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
  char *end;
  gint64 n = g_ascii_strtoll (text, &end, 10);

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      if (end != text && end[0] == units[i].letter && end[1] == '\0' && n > 0 && n <= 100000000)
        return n * units[i].seconds;
    }
  return 0;
}

static int
fail (const char *text)
{
  g_printerr ("snug-server: %s\nSee snug-server token --help.\n", text);
  return EXIT_USAGE;
}

int
snug_server_token_main (int argc, char **argv)
{
  g_autofree char *file = NULL;
  g_autofree char *valid = NULL;
  g_autofree char *typed_room = NULL;
  g_autofree char *room = NULL;
  g_autoptr (SnugRoomKey) key = NULL;
  g_autofree char *token = NULL;
  const GOptionEntry entries[] = {
    { "access-token-file", 0, 0, G_OPTION_ARG_FILENAME, &file, "The file with the key, as snug-server has it", "FILE" },
    { "valid", 0, 0, G_OPTION_ARG_STRING, &valid, "How long it is good, such as 12h or 30d (default: 7d)", "TIME" },
    { "room", 0, 0, G_OPTION_ARG_STRING, &typed_room, "The only room that it is good for", "NAME" },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- make an access token");
  g_autoptr (SnugServerConfig) config = snug_server_config_new ();
  g_autoptr (GError) error = NULL;
  gint64 seconds;

  g_option_context_set_description (context, "People write it behind the server's address: meet.example.org?token=TOKEN\n"
                                             "A key is any line of 16 characters or more: head -c 32 /dev/urandom | base64\n");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return fail (error->message);
  if (argc > 1 || file == NULL)
    return fail ("token needs --access-token-file, and nothing besides its options");
  seconds = parse_duration (valid != NULL ? valid : "7d");
  if (seconds == 0)
    return fail ("--valid is a number with s, m, h or d");
  if (typed_room != NULL)
    {
      room = snug_room_name_normalize (typed_room, &error);
      if (room == NULL)
        return fail (error->message);
      /* That is all that the server gets to know of it. */
      key = snug_room_key_derive (room);
    }
  if (!snug_server_config_load_access_keys (config, file, &error))
    return fail (error->message);
  token = snug_access_token_new (config->access_keys[0], g_get_real_time () / G_USEC_PER_SEC + seconds,
                                 key != NULL ? snug_room_key_get_room_id (key) : NULL);
  g_print ("%s\n", token);
  return 0;
}
