/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-access-token.h"

#include <gio/gio.h>
#include <gnutls/crypto.h>
#include <string.h>

/* What the signature is of begins with this, so that it is good for nothing else. */
#define PURPOSE "snug-access-1."
#define MAC_BYTES 32

char **
snug_access_keys_parse (const char *text, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_strstrip (lines[i]);
      if (lines[i][0] == '\0' || lines[i][0] == '#')
        continue;
      if (strlen (lines[i]) < SNUG_ACCESS_KEY_MIN_BYTES)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       "A key of less than %d characters can be guessed", SNUG_ACCESS_KEY_MIN_BYTES);
          return NULL;
        }
      g_ptr_array_add (keys, g_strdup (lines[i]));
    }
  if (keys->len == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "There is no key in it");
      return NULL;
    }
  g_ptr_array_add (keys, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&keys), FALSE);
}

void
snug_access_keys_free (char **keys)
{
  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    explicit_bzero (keys[i], strlen (keys[i]));
  g_strfreev (keys);
}

/* RFC 4648, 5, without padding. */
static char *
encode (const void *data, gsize size)
{
  char *text = g_base64_encode (data, size);

  for (char *c = text; *c != '\0'; c++)
    {
      if (*c == '+')
        *c = '-';
      else if (*c == '/')
        *c = '_';
      else if (*c == '=')
        *c = '\0';
      if (*c == '\0')
        break;
    }
  return text;
}

static guchar *
decode (const char *text, gsize *size)
{
  gsize length = strlen (text);
  g_autoptr (GString) padded = g_string_new (text);

  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '-')
        padded->str[i] = '+';
      else if (text[i] == '_')
        padded->str[i] = '/';
      else if (!g_ascii_isalnum (text[i]))
        return NULL;
    }
  while (padded->len % 4 != 0)
    g_string_append_c (padded, '=');
  return g_base64_decode (padded->str, size);
}

static void
sign (const char *key, const char *signed_part, guint8 mac[MAC_BYTES])
{
  g_autofree char *text = g_strconcat (PURPOSE, signed_part, NULL);

  gnutls_hmac_fast (GNUTLS_MAC_SHA256, key, strlen (key), text, strlen (text), mac);
}

/* "EXPIRES.ROOM.MAC", the latter two in base64. */
char *
snug_access_token_new (const char *key, gint64 expires, const char *room)
{
  g_autofree char *encoded = room != NULL ? encode (room, strlen (room)) : g_strdup ("");
  g_autofree char *signed_part = g_strdup_printf ("%" G_GINT64_FORMAT ".%s", expires, encoded);
  g_autofree char *tail = NULL;
  guint8 mac[MAC_BYTES];

  sign (key, signed_part, mac);
  tail = encode (mac, sizeof mac);
  return g_strconcat (signed_part, ".", tail, NULL);
}

static gboolean
is_signed (const char *signed_part, const char *signature, const char *const *keys)
{
  gsize size = 0;
  g_autofree guchar *given = decode (signature, &size);
  gboolean good = FALSE;

  if (given == NULL || size != MAC_BYTES)
    return FALSE;
  /* All of them, in the same time whichever it is. */
  for (guint i = 0; keys[i] != NULL; i++)
    {
      guint8 mac[MAC_BYTES];

      sign (keys[i], signed_part, mac);
      good |= gnutls_memcmp (mac, given, sizeof mac) == 0;
    }
  return good;
}

gboolean
snug_access_token_check (const char *token, const char *const *keys, gint64 now, char **room)
{
  g_auto (GStrv) parts = NULL;
  g_autofree char *signed_part = NULL;
  gint64 expires;

  *room = NULL;
  if (strlen (token) > SNUG_ACCESS_TOKEN_MAX_BYTES)
    return FALSE;
  parts = g_strsplit (token, ".", 4);
  if (g_strv_length (parts) != 3)
    return FALSE;
  signed_part = g_strconcat (parts[0], ".", parts[1], NULL);
  if (!is_signed (signed_part, parts[2], keys)
      || !g_ascii_string_to_signed (parts[0], 10, 0, G_MAXINT64, &expires, NULL) || now >= expires)
    return FALSE;
  if (parts[1][0] != '\0')
    {
      gsize size = 0;
      g_autofree guchar *name = decode (parts[1], &size);

      if (name == NULL)
        return FALSE;
      *room = g_strndup ((const char *) name, size);
    }
  return TRUE;
}

void
snug_turn_credentials_new (const char *secret, const char *id, gint64 expires, char **username, char **password)
{
  guint8 mac[20];

  *username = g_strdup_printf ("%" G_GINT64_FORMAT ":%s", expires, id);
  /* The relay's scheme has SHA-1 in it. */
  gnutls_hmac_fast (GNUTLS_MAC_SHA1, secret, strlen (secret), *username, strlen (*username), mac);
  *password = g_base64_encode (mac, sizeof mac);
}
