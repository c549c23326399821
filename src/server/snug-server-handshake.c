/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-server-handshake.h"

#include "snug-upgrade.h"

#include <string.h>

/* What is still read, and thrown away, of someone who was answered: closing with bytes unread would take the
 * answer back (RFC 9112, 9.6). */
#define DRAIN_BYTES (64 * 1024)
#define DRAIN_MILLISECONDS 1000

typedef struct
{
  SnugServerRespond respond;
  gpointer respond_data;
  GCancellable *cancellable; /* the caller's and the time limit's */
  GCancellable *caller;
  gulong caller_handler;
  guint timer;
  gboolean timed_out;
  gboolean upgraded;
  char *response;
  GBytes *early;
  guint8 drained[4096];
  gsize n_drained;
} Handshake;

static void
handshake_free (gpointer data)
{
  Handshake *self = data;

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->caller != NULL)
    g_signal_handler_disconnect (self->caller, self->caller_handler);
  g_clear_object (&self->caller);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->early, g_bytes_unref);
  g_free (self->response);
  g_free (self);
}

static gboolean
on_timeout (gpointer data)
{
  Handshake *self = data;

  self->timer = 0;
  self->timed_out = TRUE;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static void
start_timer (Handshake *self, guint milliseconds)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (milliseconds, on_timeout, self);
}

/* task: (transfer full) */
static void
fail (GTask *task, GError *error)
{
  Handshake *self = g_task_get_task_data (task);

  if (self->timed_out)
    {
      g_clear_error (&error);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "No request in time");
    }
  else
    g_task_return_error (task, error);
  g_object_unref (task);
}

static void drain (GTask *task);

static void
drained_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Handshake *self = g_task_get_task_data (task);
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  self->n_drained += MAX (n, 0);
  if (n > 0 && self->n_drained < DRAIN_BYTES)
    {
      drain (task);
      return;
    }
  g_task_return_boolean (task, FALSE);
  g_object_unref (task);
}

static void
drain (GTask *task)
{
  Handshake *self = g_task_get_task_data (task);
  GIOStream *connection = g_task_get_source_object (task);

  g_input_stream_read_async (g_io_stream_get_input_stream (connection),
                             self->drained,
                             sizeof self->drained,
                             G_PRIORITY_DEFAULT,
                             self->cancellable,
                             drained_cb,
                             task);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Handshake *self = g_task_get_task_data (task);
  GSocketConnection *connection = g_task_get_source_object (task);
  GError *error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    {
      fail (task, error);
      return;
    }
  if (self->upgraded)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  g_socket_shutdown (g_socket_connection_get_socket (connection), FALSE, TRUE, NULL);
  start_timer (self, DRAIN_MILLISECONDS);
  drain (task);
}

/* What is malformed is answered where it can be, without asking who knows what is served here. */
static char *
respond_to_error (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE))
    return snug_http_make_response (431, NULL, NULL);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    return snug_http_make_response (400, NULL, NULL);
  return NULL;
}

static void
head_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Handshake *self = g_task_get_task_data (task);
  GIOStream *connection = g_task_get_source_object (task);
  g_autoptr (SnugHttpHead) head = NULL;
  GError *error = NULL;

  head = snug_http_head_read_finish (G_INPUT_STREAM (source), result, &self->early, &error);
  if (head != NULL)
    self->response = self->respond (head, &self->upgraded, self->respond_data);
  else
    self->response = respond_to_error (error);
  if (self->response == NULL)
    {
      fail (task, error);
      return;
    }
  g_clear_error (&error);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (connection),
                                   self->response,
                                   strlen (self->response),
                                   G_PRIORITY_DEFAULT,
                                   self->cancellable,
                                   written_cb,
                                   task);
}

static void
on_caller_cancelled (GCancellable *caller, GCancellable *ours)
{
  g_cancellable_cancel (ours);
}

void
snug_server_handshake_async (GSocketConnection *connection,
                             guint timeout,
                             SnugServerRespond respond,
                             gpointer data,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task;
  Handshake *self;

  g_return_if_fail (G_IS_SOCKET_CONNECTION (connection));
  g_return_if_fail (respond != NULL && cancellable != NULL);

  task = g_task_new (connection, NULL, callback, user_data);
  g_task_set_source_tag (task, snug_server_handshake_async);
  self = g_new0 (Handshake, 1);
  self->respond = respond;
  self->respond_data = data;
  self->cancellable = g_cancellable_new ();
  self->caller = g_object_ref (cancellable);
  self->caller_handler
    = g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_caller_cancelled),
                        self->cancellable);
  g_task_set_task_data (task, self, handshake_free);
  start_timer (self, timeout);
  snug_http_head_read_async (g_io_stream_get_input_stream (G_IO_STREAM (connection)),
                             SNUG_HTTP_REQUEST,
                             self->cancellable,
                             head_cb,
                             task);
}

gboolean
snug_server_handshake_finish (GSocketConnection *connection,
                              GAsyncResult *result,
                              GBytes **early,
                              GError **error)
{
  Handshake *self;
  gboolean upgraded;

  g_return_val_if_fail (g_task_is_valid (result, connection), FALSE);

  self = g_task_get_task_data (G_TASK (result));
  upgraded = g_task_propagate_boolean (G_TASK (result), error);
  *early = upgraded ? g_steal_pointer (&self->early) : NULL;
  return upgraded;
}
