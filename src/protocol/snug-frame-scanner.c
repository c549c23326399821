/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-frame-scanner.h"

#define OPCODE_PING 0x9
#define OPCODE_PONG 0xa

/* Whole once its length and its mask are there. */
static guint
get_header_size (const SnugFrameScanner *self)
{
  guint size = 2;

  if (self->header_size < 2)
    return size;
  if ((self->header[1] & 0x7f) == 126)
    size += 2;
  else if ((self->header[1] & 0x7f) == 127)
    size += 8;
  if (self->header[1] & 0x80)
    size += 4;
  return size;
}

static guint64
get_payload_size (const SnugFrameScanner *self)
{
  guint64 size = self->header[1] & 0x7f;
  guint n_bytes = size == 126 ? 2 : size == 127 ? 8 : 0;

  if (n_bytes == 0)
    return size;
  size = 0;
  for (guint i = 0; i < n_bytes; i++)
    size = size << 8 | self->header[2 + i];
  return size;
}

static guint64
add_saturated (guint64 a, guint64 b)
{
  return a > G_MAXUINT64 - b ? G_MAXUINT64 : a + b;
}

static void
begin_payload (SnugFrameScanner *self)
{
  guint opcode = self->header[0] & 0x0f;

  self->left = get_payload_size (self);
  self->in_control = (opcode & 0x8) != 0;
  self->in_payload = TRUE;
  if (self->in_control)
    {
      self->n_control_frames++;
      if (opcode == OPCODE_PING)
        self->ping_bytes = add_saturated (self->ping_bytes, self->left);
      else if (opcode == OPCODE_PONG)
        self->pong_bytes = add_saturated (self->pong_bytes, self->left);
      return;
    }
  self->message_size = add_saturated (self->message_size, self->left);
  self->n_fragments++;
  self->largest_message = MAX (self->largest_message, self->message_size);
  self->most_fragments = MAX (self->most_fragments, self->n_fragments);
}

static void
end_payload (SnugFrameScanner *self)
{
  gboolean last = (self->header[0] & 0x80) != 0;

  if (last && !self->in_control)
    {
      self->message_size = 0;
      self->n_fragments = 0;
    }
  self->in_payload = FALSE;
  self->header_size = 0;
}

/**
 * snug_frame_scanner_feed:
 * @self: a scanner
 * @data: (array length=size): what goes by
 * @size: its bytes
 *
 * Follows what goes by. What is malformed is left to the WebSocket.
 */
void
snug_frame_scanner_feed (SnugFrameScanner *self, const guint8 *data, gsize size)
{
  while (size > 0)
    {
      gsize step;

      if (!self->in_payload)
        {
          self->header[self->header_size++] = *data++;
          size--;
          if (self->header_size < 2 || self->header_size < get_header_size (self))
            continue;
          begin_payload (self);
        }
      step = MIN (size, self->left);
      if (!self->in_control)
        self->data_bytes += step;
      self->left -= step;
      data += step;
      size -= step;
      if (self->left == 0)
        end_payload (self);
    }
}
