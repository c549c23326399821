/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-http-head.h"

#include <string.h>

typedef struct
{
  SnugHttpKind kind;
  GByteArray *data;
  guint8 chunk[1024];
  GBytes *early;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_byte_array_unref (reading->data);
  g_clear_pointer (&reading->early, g_bytes_unref);
  g_free (reading);
}

void
snug_http_head_free (SnugHttpHead *self)
{
  g_free (self->method);
  g_free (self->target);
  g_hash_table_unref (self->headers);
  g_free (self);
}

/**
 * snug_http_head_find_end:
 * @data: (array length=size): bytes from the network
 * @size: how many
 *
 * Returns: the bytes of the head with its empty line, 0 when that has not come yet
 */
gsize
snug_http_head_find_end (const char *data, gsize size)
{
  /* data may be NULL when there is none yet: memmem() may not be asked then. */
  const char *end = size > 0 ? memmem (data, size, "\r\n\r\n", 4) : NULL;

  return end != NULL ? (gsize) (end - data) + 4 : 0;
}

static gboolean
invalid (GError **error, const char *what)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "Not HTTP: %s", what);
  return FALSE;
}

/* RFC 9110, 5.6.2. */
static gboolean
is_token (const char *text, gsize size)
{
  for (gsize i = 0; i < size; i++)
    {
      if (!g_ascii_isalnum (text[i]) && strchr ("!#$%&'*+-.^_`|~", text[i]) == NULL)
        return FALSE;
    }
  return size > 0;
}

static gboolean
is_visible (const char *text)
{
  for (; *text != '\0'; text++)
    {
      if (!g_ascii_isgraph (*text))
        return FALSE;
    }
  return TRUE;
}

static gboolean
parse_request_line (SnugHttpHead *self, const char *line, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (line, " ", 4);

  if (g_strv_length (parts) != 3 || !is_token (parts[0], strlen (parts[0])) || parts[1][0] != '/'
      || !is_visible (parts[1]))
    return invalid (error, "no valid request line");
  if (strcmp (parts[2], "HTTP/1.1") != 0)
    return invalid (error, "not version 1.1");
  self->method = g_strdup (parts[0]);
  self->target = g_strdup (parts[1]);
  return TRUE;
}

static gboolean
parse_status_line (SnugHttpHead *self, const char *line, GError **error)
{
  if (!g_str_has_prefix (line, "HTTP/1.") || !g_ascii_isdigit (line[7]) || line[8] != ' ')
    return invalid (error, "no valid status line");
  line += 9;
  for (guint i = 0; i < 3; i++)
    {
      if (!g_ascii_isdigit (line[i]))
        return invalid (error, "no valid status line");
      self->status = self->status * 10 + g_ascii_digit_value (line[i]);
    }
  if ((line[3] != ' ' && line[3] != '\0') || self->status < 100)
    return invalid (error, "no valid status line");
  return TRUE;
}

static gboolean
parse_header (SnugHttpHead *self, const char *line, GError **error)
{
  const char *colon = strchr (line, ':');
  g_autofree char *name = NULL;
  g_autofree char *value = NULL;
  const char *before;

  /* A line that begins with white space would belong to the one before: obsolete, and refused. */
  if (colon == NULL || !is_token (line, colon - line))
    return invalid (error, "a header line without a name");
  name = g_ascii_strdown (line, colon - line);
  value = g_strstrip (g_strdup (colon + 1));
  before = g_hash_table_lookup (self->headers, name);
  if (before != NULL)
    {
      char *joined = g_strconcat (before, ", ", value, NULL);

      g_free (value);
      value = joined;
    }
  g_hash_table_insert (self->headers, g_steal_pointer (&name), g_steal_pointer (&value));
  return TRUE;
}

/* A byte that could end a line for one reader and not for another is in no head. */
static gboolean
check_byte (const char *data, gsize size, gsize at)
{
  guchar c = (guchar) data[at];

  if (c == '\r')
    return at + 1 < size && data[at + 1] == '\n';
  if (c == '\n')
    return at > 0 && data[at - 1] == '\r';
  return (c >= 0x20 || c == '\t') && c != 0x7f;
}

static gboolean
check_bytes (const char *data, gsize size)
{
  for (gsize i = 0; i < size; i++)
    {
      if (!check_byte (data, size, i))
        return FALSE;
    }
  return TRUE;
}

/**
 * snug_http_head_parse:
 * @data: (array length=size): one head with its empty line
 * @size: its bytes
 * @kind: request or response
 * @error: return location for a #GIOErrorEnum
 *
 * Returns: (transfer full): the head, or %NULL
 */
SnugHttpHead *
snug_http_head_parse (const char *data, gsize size, SnugHttpKind kind, GError **error)
{
  g_autoptr (SnugHttpHead) self = g_new0 (SnugHttpHead, 1);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint n_lines;

  self->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (size < 4 || size > SNUG_HTTP_HEAD_MAX_BYTES || snug_http_head_find_end (data, size) != size
      || !check_bytes (data, size))
    {
      invalid (error, "forbidden bytes");
      return NULL;
    }
  text = g_strndup (data, size - 4);
  lines = g_strsplit (text, "\r\n", SNUG_HTTP_HEADERS_MAX + 2);
  n_lines = g_strv_length (lines);
  if (n_lines == 0 || n_lines > SNUG_HTTP_HEADERS_MAX + 1)
    {
      invalid (error, "too many header lines");
      return NULL;
    }
  if (!(kind == SNUG_HTTP_REQUEST ? parse_request_line : parse_status_line) (self, lines[0], error))
    return NULL;
  for (guint i = 1; i < n_lines; i++)
    {
      if (!parse_header (self, lines[i], error))
        return NULL;
    }
  return g_steal_pointer (&self);
}

const char *
snug_http_head_get (const SnugHttpHead *self, const char *lower_case_name)
{
  return g_hash_table_lookup (self->headers, lower_case_name);
}

gboolean
snug_http_head_has_token (const SnugHttpHead *self, const char *lower_case_name, const char *token)
{
  const char *value = snug_http_head_get (self, lower_case_name);
  g_auto (GStrv) parts = NULL;

  if (value == NULL)
    return FALSE;
  parts = g_strsplit (value, ",", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (g_strstrip (parts[i]), token) == 0)
        return TRUE;
    }
  return FALSE;
}

static void read_more (GTask *task);

/* task: (transfer full) */
static void
on_chunk (GTask *task, gssize n)
{
  Reading *reading = g_task_get_task_data (task);
  GError *error = NULL;
  SnugHttpHead *head;
  gsize end;

  if (n == 0)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                               "Closed before the head ended");
      g_object_unref (task);
      return;
    }
  g_byte_array_append (reading->data, reading->chunk, n);
  end = snug_http_head_find_end ((const char *) reading->data->data, reading->data->len);
  if (end == 0 && reading->data->len < SNUG_HTTP_HEAD_MAX_BYTES)
    {
      read_more (task);
      return;
    }
  if (end == 0 || end > SNUG_HTTP_HEAD_MAX_BYTES)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                               "The head is too long");
      g_object_unref (task);
      return;
    }
  if (end < reading->data->len)
    reading->early = g_bytes_new (reading->data->data + end, reading->data->len - end);
  head = snug_http_head_parse ((const char *) reading->data->data, end, reading->kind, &error);
  if (head != NULL)
    g_task_return_pointer (task, head, (GDestroyNotify) snug_http_head_free);
  else
    g_task_return_error (task, error);
  g_object_unref (task);
}

static void
read_cb (GObject *stream, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  GError *error = NULL;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (stream), result, &error);

  if (n >= 0)
    {
      on_chunk (task, n);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
read_more (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);

  g_input_stream_read_async (g_task_get_source_object (task),
                             reading->chunk,
                             sizeof reading->chunk,
                             G_PRIORITY_DEFAULT,
                             g_task_get_cancellable (task),
                             read_cb,
                             task);
}

void
snug_http_head_read_async (GInputStream *stream,
                           SnugHttpKind kind,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task;
  Reading *reading;

  g_return_if_fail (G_IS_INPUT_STREAM (stream));

  task = g_task_new (stream, cancellable, callback, user_data);
  g_task_set_source_tag (task, snug_http_head_read_async);
  reading = g_new0 (Reading, 1);
  reading->kind = kind;
  reading->data = g_byte_array_new ();
  g_task_set_task_data (task, reading, reading_free);
  read_more (task);
}

SnugHttpHead *
snug_http_head_read_finish (GInputStream *stream, GAsyncResult *result, GBytes **early,
                            GError **error)
{
  Reading *reading;
  SnugHttpHead *head;

  g_return_val_if_fail (g_task_is_valid (result, stream), NULL);

  reading = g_task_get_task_data (G_TASK (result));
  head = g_task_propagate_pointer (G_TASK (result), error);
  if (early != NULL)
    *early = head != NULL ? g_steal_pointer (&reading->early) : NULL;
  return head;
}
