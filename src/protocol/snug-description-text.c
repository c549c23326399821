/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-description-text.h"

#include <gio/gio.h>
#include <string.h>

#include "snug-json.h"
#include "snug-link.h"
#include "snug-room-name.h"

#define MARK "snug"
#define VERSION 1
/* Of the hexadecimal SHA-256, which is enough against accidents: a malicious text is no less valid with a good one. */
#define CHECKSUM_DIGITS 8

G_DEFINE_QUARK (snug-description-text-error-quark, snug_description_text_error)

static gboolean
refuse (GError **error, SnugDescriptionTextError code, const char *text)
{
  g_set_error_literal (error, SNUG_DESCRIPTION_TEXT_ERROR, code, text);

  return FALSE;
}

/* As a URL would have it, without padding (RFC 4648, 5): nothing in it that mail or messengers change. */
static char *
encode_url (const guint8 *data, gsize size)
{
  char *text = g_base64_encode (data, size);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  *strchrnul (text, '=') = '\0';

  return text;
}

/* text: letters, digits and - _ + / alone. Returns: (transfer full). */
static guint8 *
decode (const char *text, gsize *size)
{
  g_autoptr (GString) padded = g_string_new (text);

  g_strdelimit (padded->str, "-", '+');
  g_strdelimit (padded->str, "_", '/');
  while (padded->len % 4 != 0)
    g_string_append_c (padded, '=');

  return g_base64_decode (padded->str, size);
}

static char *
checksum (const char *body)
{
  g_autofree char *digits = g_compute_checksum_for_string (G_CHECKSUM_SHA256, body, -1);

  return g_strndup (digits, CHECKSUM_DIGITS);
}

/* Returns: (transfer full): NULL with TOO_LARGE when there would be more than max bytes, or another GError. */
static GByteArray *
convert (GConverter *converter, const guint8 *data, gsize size, gsize max, GError **error)
{
  g_autoptr (GByteArray) result = g_byte_array_new ();
  GConverterResult state;

  do
    {
      guint8 chunk[4096];
      gsize n_read = 0, n_written = 0;

      state = g_converter_convert (converter, data, size, chunk, sizeof chunk,
                                   G_CONVERTER_INPUT_AT_END, &n_read, &n_written, error);
      if (state == G_CONVERTER_ERROR)
        return NULL;
      data += n_read;
      size -= n_read;
      if (n_written > max - result->len)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "Too much");
          return NULL;
        }
      g_byte_array_append (result, chunk, n_written);
    }
  while (state != G_CONVERTER_FINISHED);

  return g_steal_pointer (&result);
}

static char *
write_content (SnugSdpType type, const char *sdp, const char *name, const char *id)
{
  GString *json = g_string_new (NULL);

  snug_json_begin (json, '{');
  snug_json_write_string_field (json, "type", type == SNUG_SDP_OFFER ? "offer" : "answer");
  snug_json_write_string_field (json, "sdp", sdp);
  if (name != NULL)
    snug_json_write_string_field (json, "name", name);
  if (id != NULL)
    snug_json_write_string_field (json, "id", id);
  g_string_append_c (json, '}');

  return g_string_free (json, FALSE);
}

static char *
write_snug (const char *content)
{
  g_autoptr (GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, 9);
  g_autoptr (GByteArray) packed = convert (G_CONVERTER (compressor), (const guint8 *) content,
                                           strlen (content), G_MAXUINT, NULL);
  g_autofree char *body = encode_url (packed->data, packed->len);
  g_autofree char *digits = checksum (body);

  return g_strdup_printf (MARK "%d:%" G_GSIZE_FORMAT ":%s:%s", VERSION, strlen (body), body, digits);
}

char *
snug_description_text_write (SnugDescriptionFormat format,
                             SnugSdpType type,
                             const char *sdp,
                             const char *name,
                             const char *id)
{
  g_autofree char *content = NULL;

  g_return_val_if_fail (sdp != NULL, NULL);

  if (format == SNUG_DESCRIPTION_FORMAT_SNUG)
    {
      content = write_content (type, sdp, name, id);
      return write_snug (content);
    }
  /* Some take no other fields than these two. */
  content = write_content (type, sdp, NULL, NULL);
  if (format == SNUG_DESCRIPTION_FORMAT_BASE64)
    return g_base64_encode ((const guint8 *) content, strlen (content));

  return g_steal_pointer (&content);
}

/* A console shows a string with what has to be escaped in it: the SDP's line ends are two characters each then. */
static char *
dup_sdp (const char *text)
{
  g_auto (GStrv) parts = NULL;

  if (strchr (text, '\n') != NULL || strstr (text, "\\n") == NULL)
    return g_strdup (text);
  parts = g_strsplit (text, "\\r\\n", -1);

  return g_strjoinv ("\r\n", parts);
}

static SnugDescriptionText *
read_content (const char *content, gsize size, SnugDescriptionFormat format, GError **error)
{
  g_autoptr (SnugDescriptionText) self = g_new0 (SnugDescriptionText, 1);
  g_autoptr (JsonObject) object
      = snug_json_parse (content, size, SNUG_DESCRIPTION_TEXT_MAX_BYTES, NULL);
  const char *type = NULL, *sdp = NULL, *name = NULL, *id = NULL;

  self->format = format;
  if (object == NULL || !snug_json_read_string (object, "type", 16, SNUG_JSON_REQUIRED, &type, NULL)
      || !snug_json_read_string (object, "sdp", SNUG_SDP_MAX_BYTES, SNUG_JSON_REQUIRED, &sdp, NULL))
    {
      refuse (error, SNUG_DESCRIPTION_TEXT_ERROR_MALFORMED, "There is no session description in it");
      return NULL;
    }

  if (strcmp (type, "offer") == 0)
    self->type = SNUG_SDP_OFFER;
  else if (strcmp (type, "answer") == 0)
    self->type = SNUG_SDP_ANSWER;
  self->sdp = dup_sdp (sdp);
  if (self->type == 0 || !g_str_has_prefix (self->sdp, "v=0") || !g_str_is_ascii (self->sdp))
    {
      refuse (error, SNUG_DESCRIPTION_TEXT_ERROR_MALFORMED,
              "What is in it is no offer and no answer");
      return NULL;
    }

  if (format != SNUG_DESCRIPTION_FORMAT_SNUG)
    return g_steal_pointer (&self);
  if (!snug_json_read_string (object, "name", 4 * SNUG_DISPLAY_NAME_MAX_CHARS,
                              SNUG_JSON_OPTIONAL | SNUG_JSON_NO_CONTROLS, &name, NULL)
      || !snug_json_read_string (object, "id", SNUG_DESCRIPTION_ID_MAX_BYTES,
                                 SNUG_JSON_OPTIONAL | SNUG_JSON_TOKEN, &id, NULL)
      || (name != NULL && (self->name = snug_display_name_normalize (name, NULL)) == NULL))
    {
      refuse (error, SNUG_DESCRIPTION_TEXT_ERROR_MALFORMED, "Its name or id can't be used");
      return NULL;
    }
  self->id = g_strdup (id);

  return g_steal_pointer (&self);
}

static gboolean
is_body_character (char c)
{
  return g_ascii_isalnum (c) || c == '-' || c == '_' || c == '+' || c == '/';
}

/* What a line that was wrapped or quoted has between its characters. */
static gboolean
is_filling (char c)
{
  return g_ascii_isspace (c) || c == '>';
}

/* The next run of characters that is_wanted, without fillings, at most max of them. */
static char *
take (const char **text, gboolean (*is_wanted) (char c), gsize max)
{
  GString *taken = g_string_new (NULL);

  while (taken->len < max && (is_wanted (**text) || is_filling (**text)))
    {
      if (is_wanted (**text))
        g_string_append_c (taken, **text);
      (*text)++;
    }

  return g_string_free (taken, FALSE);
}

static gboolean
is_digit (char c)
{
  return g_ascii_isdigit (c);
}

static gboolean
is_hexadecimal (char c)
{
  return g_ascii_isxdigit (c);
}

/* What comes next has to be that; past it. At the end of the text something is missing. */
static gboolean
expect (const char **text, char wanted, GError **error)
{
  while (is_filling (**text))
    (*text)++;
  if (**text == '\0')
    return refuse (error, SNUG_DESCRIPTION_TEXT_ERROR_TRUNCATED, "Its end is missing");
  if (**text != wanted)
    return refuse (error, SNUG_DESCRIPTION_TEXT_ERROR_MISTYPED, "It was changed on the way");
  (*text)++;

  return TRUE;
}

/* Past the mark: LENGTH ':' BODY ':' CHECKSUM */
static SnugDescriptionText *
read_snug (const char *text, GError **error)
{
  g_autoptr (GZlibDecompressor) decompressor = NULL;
  g_autoptr (GByteArray) content = NULL;
  g_autoptr (GError) conversion = NULL;
  g_autofree char *length = take (&text, is_digit, 6);
  g_autofree char *body = NULL;
  g_autofree char *digits = NULL;
  g_autofree char *expected = NULL;
  g_autofree guint8 *packed = NULL;
  gsize n_packed;
  guint64 n_body = 0;

  if (!expect (&text, ':', error))
    return NULL;
  body = take (&text, is_body_character, G_MAXSIZE);
  if (!g_ascii_string_to_unsigned (length, 10, 1, SNUG_DESCRIPTION_TEXT_MAX_BYTES, &n_body, NULL)
      || strlen (body) > n_body)
    {
      refuse (error, SNUG_DESCRIPTION_TEXT_ERROR_MISTYPED, "It was changed on the way");
      return NULL;
    }
  if (strlen (body) < n_body && *text == '\0')
    {
      refuse (error, SNUG_DESCRIPTION_TEXT_ERROR_TRUNCATED, "Its end is missing");
      return NULL;
    }
  if (strlen (body) < n_body)
    {
      refuse (error, SNUG_DESCRIPTION_TEXT_ERROR_MISTYPED, "It was changed on the way");
      return NULL;
    }
  if (!expect (&text, ':', error))
    return NULL;
  digits = take (&text, is_hexadecimal, CHECKSUM_DIGITS);
  if (strlen (digits) < CHECKSUM_DIGITS && *text == '\0')
    {
      refuse (error, SNUG_DESCRIPTION_TEXT_ERROR_TRUNCATED, "Its end is missing");
      return NULL;
    }
  expected = checksum (body);
  if (g_ascii_strcasecmp (digits, expected) != 0)
    {
      refuse (error, SNUG_DESCRIPTION_TEXT_ERROR_MISTYPED, "It was changed on the way");
      return NULL;
    }

  packed = decode (body, &n_packed);
  decompressor = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW);
  content = convert (G_CONVERTER (decompressor), packed, n_packed, SNUG_DESCRIPTION_CONTENT_MAX_BYTES,
                     &conversion);
  if (content == NULL)
    {
      if (g_error_matches (conversion, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
        refuse (error, SNUG_DESCRIPTION_TEXT_ERROR_BOMB, "It unpacks to more than any description");
      else
        refuse (error, SNUG_DESCRIPTION_TEXT_ERROR_MALFORMED, "It can't be unpacked");
      return NULL;
    }

  return read_content ((const char *) content->data, content->len, SNUG_DESCRIPTION_FORMAT_SNUG, error);
}

/* The first "snugN:" that is not a part of a word; *version is N. Returns: (nullable): what follows it. */
static const char *
find_mark (const char *text, guint *version)
{
  for (const char *at = text; (at = strstr (at, MARK)) != NULL; at++)
    {
      const char *end = at + strlen (MARK);

      if ((at > text && g_ascii_isalnum (at[-1])) || !g_ascii_isdigit (*end))
        continue;
      for (*version = 0; g_ascii_isdigit (*end); end++)
        *version = MIN (*version, 1000) * 10 + (*end - '0');
      if (*end == ':')
        return end + 1;
    }

  return NULL;
}

static SnugDescriptionText *
read_json (const char *text, SnugDescriptionFormat format, GError **error)
{
  const char *end = strrchr (text, '}');

  if (end == NULL)
    {
      refuse (error, SNUG_DESCRIPTION_TEXT_ERROR_TRUNCATED, "Its end is missing");
      return NULL;
    }

  return read_content (text, end + 1 - text, format, error);
}

/* One object in base64, in either alphabet. Returns: (transfer full) (nullable): it, NUL-terminated; NULL: it is none. */
static char *
decode_json (const char *text)
{
  g_autofree char *body = take (&text, is_body_character, G_MAXSIZE);
  g_autofree guint8 *data = NULL;
  gsize size;

  while (*text == '=' || is_filling (*text))
    text++;
  if (*text != '\0' || *body == '\0')
    return NULL;
  data = decode (body, &size);
  if (size < 2 || data[0] != '{' || memchr (data, '\0', size) != NULL)
    return NULL;

  return g_strndup ((const char *) data, size);
}

SnugDescriptionText *
snug_description_text_read (const char *text, gssize length, GError **error)
{
  g_autoptr (SnugLink) link = NULL;
  g_autofree char *copy = NULL;
  g_autofree char *decoded = NULL;
  const char *start, *after;
  guint version;

  g_return_val_if_fail (text != NULL, NULL);

  if (length < 0)
    length = strnlen (text, SNUG_DESCRIPTION_TEXT_MAX_BYTES + 1);
  if (length > SNUG_DESCRIPTION_TEXT_MAX_BYTES)
    {
      refuse (error, SNUG_DESCRIPTION_TEXT_ERROR_TOO_LARGE, "It is longer than any description");
      return NULL;
    }

  copy = g_strndup (text, length);
  /* A console shows strings in quotes. */
  for (start = copy; g_ascii_isspace (*start) || *start == '"' || *start == '\'' || *start == '`';)
    start++;
  if (*start == '\0')
    {
      refuse (error, SNUG_DESCRIPTION_TEXT_ERROR_EMPTY, "There is nothing in it");
      return NULL;
    }

  if (*start == '{')
    return read_json (start, SNUG_DESCRIPTION_FORMAT_JSON, error);
  after = find_mark (start, &version);
  if (after != NULL && version == VERSION)
    return read_snug (after, error);
  if (after != NULL)
    {
      refuse (error, SNUG_DESCRIPTION_TEXT_ERROR_VERSION, "It is from another version of Snug");
      return NULL;
    }
  decoded = decode_json (start);
  if (decoded != NULL)
    return read_json (decoded, SNUG_DESCRIPTION_FORMAT_BASE64, error);

  link = snug_link_is_link (start) ? snug_link_parse (start, NULL) : NULL;
  if (link != NULL)
    refuse (error, SNUG_DESCRIPTION_TEXT_ERROR_LINK, "It is a link to a room");
  else
    refuse (error, SNUG_DESCRIPTION_TEXT_ERROR_FOREIGN, "It is neither an invitation nor an answer");

  return NULL;
}

void
snug_description_text_free (SnugDescriptionText *self)
{
  if (self == NULL)
    return;

  g_free (self->sdp);
  g_free (self->name);
  g_free (self->id);
  g_free (self);
}
