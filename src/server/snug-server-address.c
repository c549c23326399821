/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-server-address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static const guint8 mapped_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

static void
set_ipv4 (SnugServerAddress *self, const void *bytes)
{
  memcpy (self->bytes, mapped_prefix, sizeof mapped_prefix);
  memcpy (self->bytes + 12, bytes, 4);
}

static gboolean
is_ipv4 (const SnugServerAddress *self)
{
  return memcmp (self->bytes, mapped_prefix, sizeof mapped_prefix) == 0;
}

gboolean
snug_server_address_from_native (SnugServerAddress *self, const struct sockaddr *native)
{
  const void *address = native;

  if (native->sa_family == AF_INET)
    set_ipv4 (self, &((const struct sockaddr_in *) address)->sin_addr);
  else if (native->sa_family == AF_INET6)
    memcpy (self->bytes, &((const struct sockaddr_in6 *) address)->sin6_addr, sizeof self->bytes);
  else
    return FALSE;
  return TRUE;
}

gboolean
snug_server_address_from_string (SnugServerAddress *self, const char *text)
{
  char host[INET6_ADDRSTRLEN];
  const char *colon = strchr (text, ':');
  gsize size;
  struct in_addr ipv4;

  if (text[0] == '[')
    {
      text++;
      size = strcspn (text, "]");
      if (text[size] != ']')
        return FALSE;
    }
  else
    size = colon != NULL && strchr (colon + 1, ':') == NULL ? (gsize) (colon - text) : strlen (text);
  if (size >= sizeof host)
    return FALSE;
  memcpy (host, text, size);
  host[size] = '\0';
  if (inet_pton (AF_INET, host, &ipv4) == 1)
    {
      set_ipv4 (self, &ipv4);
      return TRUE;
    }
  return inet_pton (AF_INET6, host, self->bytes) == 1;
}

char *
snug_server_address_to_string (const SnugServerAddress *self)
{
  char text[INET6_ADDRSTRLEN];

  if (is_ipv4 (self))
    inet_ntop (AF_INET, self->bytes + 12, text, sizeof text);
  else
    inet_ntop (AF_INET6, self->bytes, text, sizeof text);
  return g_strdup (text);
}

guint
snug_server_address_hash (gconstpointer address)
{
  const SnugServerAddress *self = address;
  guint hash = 5381;

  for (guint i = 0; i < sizeof self->bytes; i++)
    hash = hash * 33 + self->bytes[i];
  return hash;
}

gboolean
snug_server_address_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (SnugServerAddress)) == 0;
}

static gboolean
is_in (const SnugServerAddress *self, const SnugServerNetwork *network)
{
  guint whole = network->n_bits / 8, rest = network->n_bits % 8;

  if (memcmp (self->bytes, network->address.bytes, whole) != 0)
    return FALSE;
  return rest == 0 || (self->bytes[whole] ^ network->address.bytes[whole]) >> (8 - rest) == 0;
}

gboolean
snug_server_networks_contain (const SnugServerNetwork *networks, guint n_networks, const SnugServerAddress *address)
{
  for (guint i = 0; i < n_networks; i++)
    {
      if (is_in (address, &networks[i]))
        return TRUE;
    }
  return FALSE;
}

gboolean
snug_server_address_is_loopback (const SnugServerAddress *self)
{
  static const guint8 one[16] = { [15] = 1 };

  return is_ipv4 (self) ? self->bytes[12] == 127 : memcmp (self->bytes, one, sizeof one) == 0;
}

gboolean
snug_server_address_is_private (const SnugServerAddress *self)
{
  static const SnugServerNetwork networks[] = {
    { { { [10] = 0xff, 0xff, 127 } }, 96 + 8 },
    { { { [10] = 0xff, 0xff, 10 } }, 96 + 8 },
    { { { [10] = 0xff, 0xff, 172, 16 } }, 96 + 12 },
    { { { [10] = 0xff, 0xff, 192, 168 } }, 96 + 16 },
    { { { [10] = 0xff, 0xff, 169, 254 } }, 96 + 16 },
    { { { [10] = 0xff, 0xff, 100, 64 } }, 96 + 10 },
    { { { [15] = 1 } }, 128 },
    { { { 0xfe, 0x80 } }, 10 },
    { { { 0xfc } }, 7 },
  };

  return snug_server_networks_contain (networks, G_N_ELEMENTS (networks), self);
}

SnugServerAddress
snug_server_address_get_network (const SnugServerAddress *self)
{
  SnugServerAddress network = *self;

  /* Loopback is one address, not a network. */
  if (!is_ipv4 (self) && !snug_server_address_is_loopback (self))
    memset (network.bytes + 8, 0, 8);
  return network;
}

gboolean
snug_server_network_parse (SnugServerNetwork *self, const char *text, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, "/", 2);
  guint64 n_bits, max;

  if (parts[0] == NULL || !snug_server_address_from_string (&self->address, parts[0]))
    goto bad;
  max = is_ipv4 (&self->address) ? 32 : 128;
  n_bits = max;
  if (parts[1] != NULL && !g_ascii_string_to_unsigned (parts[1], 10, 0, max, &n_bits, NULL))
    goto bad;
  self->n_bits = (guint) (n_bits + 128 - max);
  return TRUE;

bad:
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "\"%s\" is no address, and no network such as 10.0.0.0/8", text);
  return FALSE;
}

/* "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n", 107 bytes at most. */
static gsize
parse_version_1 (const guint8 *data, gsize size, SnugServerAddress *address)
{
  const guint8 *end = memmem (data, MIN (size, 107), "\r\n", 2);
  g_autofree char *line = NULL;
  g_auto (GStrv) words = NULL;
  SnugServerAddress source;

  if (end == NULL)
    return 0;
  line = g_strndup ((const char *) data, (gsize) (end - data));
  words = g_strsplit (line, " ", 7);
  if (g_strv_length (words) < 2)
    return 0;
  if (strcmp (words[1], "UNKNOWN") != 0)
    {
      if (g_strv_length (words) != 6 || (strcmp (words[1], "TCP4") != 0 && strcmp (words[1], "TCP6") != 0)
          || !snug_server_address_from_string (&source, words[2]))
        return 0;
      *address = source;
    }
  return (gsize) (end - data) + 2;
}

static gsize
parse_version_2 (const guint8 *data, gsize size, SnugServerAddress *address)
{
  gsize length;

  if (size < 16 || data[12] >> 4 != 2)
    return 0;
  length = 16 + ((gsize) data[14] << 8 | data[15]);
  if (length > size)
    return 0;
  switch (data[12] & 0x0f)
    {
    case 0: /* the proxy itself, to see whether the server is there */
      return length;
    case 1:
      break;
    default:
      return 0;
    }
  if (data[13] == 0x11 && length >= 16 + 12)
    set_ipv4 (address, data + 16);
  else if (data[13] == 0x21 && length >= 16 + 36)
    memcpy (address->bytes, data + 16, sizeof address->bytes);
  return length;
}

gsize
snug_proxy_header_parse (const guint8 *data, gsize size, SnugServerAddress *address)
{
  static const guint8 signature[12] = { 0x0d, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a };

  if (size >= 6 && memcmp (data, "PROXY ", 6) == 0)
    return parse_version_1 (data, size, address);
  if (size >= sizeof signature && memcmp (data, signature, sizeof signature) == 0)
    return parse_version_2 (data, size, address);
  return 0;
}

gboolean
snug_forwarded_for_parse (const char *header,
                          const SnugServerNetwork *trusted,
                          guint n_trusted,
                          SnugServerAddress *address)
{
  g_auto (GStrv) parts = g_strsplit (header, ",", -1);

  for (guint i = g_strv_length (parts); i > 0; i--)
    {
      SnugServerAddress one;

      /* What stands before something that is no address, anybody can have written. */
      if (!snug_server_address_from_string (&one, g_strstrip (parts[i - 1])))
        return FALSE;
      if (!snug_server_networks_contain (trusted, n_trusted, &one))
        {
          *address = one;
          return TRUE;
        }
    }
  return FALSE;
}
