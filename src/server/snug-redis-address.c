/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-redis-address.h"

#include <string.h>
#include <sys/un.h>

#define PORT_DEFAULT 6379
#define DATABASE_MAX 15
#define URI_MAX_BYTES 1024

void
snug_redis_address_free (SnugRedisAddress *self)
{
  g_free (self->host);
  g_free (self->path);
  g_free (self->user);
  if (self->password != NULL)
    explicit_bzero (self->password, strlen (self->password));
  g_free (self->password);
  g_free (self);
}

SnugRedisAddress *
snug_redis_address_copy (const SnugRedisAddress *self)
{
  SnugRedisAddress *copy = g_new0 (SnugRedisAddress, 1);

  copy->host = g_strdup (self->host);
  copy->port = self->port;
  copy->path = g_strdup (self->path);
  copy->user = g_strdup (self->user);
  copy->password = g_strdup (self->password);
  copy->database = self->database;
  return copy;
}

static SnugRedisAddress *
bad (GError **error, const char *what)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "The address of Redis %s", what);
  return NULL;
}

static gboolean
read_database (const char *text, guint *database)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 0, DATABASE_MAX, &number, NULL))
    return FALSE;
  *database = (guint) number;
  return TRUE;
}

static gboolean
read_path (SnugRedisAddress *self, GUri *uri)
{
  const char *query = g_uri_get_query (uri);

  self->path = g_strdup (g_uri_get_path (uri));
  return *self->path == '/' && strlen (self->path) < sizeof (((struct sockaddr_un *) NULL)->sun_path)
         && (g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
         && (query == NULL || (g_str_has_prefix (query, "db=") && read_database (query + 3, &self->database)));
}

static gboolean
is_host (const char *host)
{
  if (g_hostname_is_ip_address (host))
    return TRUE;
  return *host != '\0' && strspn (host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == strlen (host);
}

static gboolean
read_host (SnugRedisAddress *self, GUri *uri)
{
  const char *path = g_uri_get_path (uri);
  int port = g_uri_get_port (uri);

  if (g_uri_get_host (uri) == NULL || !is_host (g_uri_get_host (uri)) || g_uri_get_query (uri) != NULL || port == 0)
    return FALSE;
  self->host = g_strdup (g_uri_get_host (uri));
  self->port = (guint16) (port > 0 ? port : PORT_DEFAULT);
  return *path == '\0' || strcmp (path, "/") == 0 || read_database (path + 1, &self->database);
}

SnugRedisAddress *
snug_redis_address_parse (const char *text, GError **error)
{
  g_autoptr (SnugRedisAddress) self = g_new0 (SnugRedisAddress, 1);
  g_autoptr (GUri) uri = NULL;
  gboolean good;

  if (strlen (text) <= URI_MAX_BYTES)
    uri = g_uri_parse (text, G_URI_FLAGS_HAS_PASSWORD, NULL);
  if (uri == NULL)
    return bad (error, "can't be read");
  if (strcmp (g_uri_get_scheme (uri), "unix") == 0)
    good = read_path (self, uri);
  else if (strcmp (g_uri_get_scheme (uri), "redis") == 0)
    good = read_host (self, uri);
  else
    return bad (error, "begins with redis:// or unix://");
  if (!good || g_uri_get_fragment (uri) != NULL)
    return bad (error, "is redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE] or unix:///PATH[?db=DATABASE]");

  /* "redis://:secret@host" and "redis://secret@host" are both in use for a password alone. */
  self->user = g_strdup (g_uri_get_password (uri) != NULL ? g_uri_get_user (uri) : NULL);
  self->password = g_strdup (g_uri_get_password (uri) != NULL ? g_uri_get_password (uri) : g_uri_get_user (uri));
  if (self->user != NULL && *self->user == '\0')
    g_clear_pointer (&self->user, g_free);
  return g_steal_pointer (&self);
}
