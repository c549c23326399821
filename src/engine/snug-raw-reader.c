/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-raw-reader.h"

#include <errno.h>
#include <fcntl.h>
#include <gst/video/video.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "snug-engine.h"
#include "snug-pipeline.h"
#include "snug-wav.h"
#include "snug-y4m.h"

/* Sound is handed on in pieces of this length. */
#define SOUND_PIECE (10 * GST_MSECOND)
/* How far sound may be ahead of its time; beyond that it is left in the FIFO for a while. */
#define AHEAD_MAX (20 * GST_MSECOND)
/* How far it may be behind before it is stamped anew. */
#define BEHIND_MAX (60 * GST_MSECOND)
/* What stays in the FIFO for so long is delay that nobody gets back, and is thrown away. */
#define BACKLOG_MAX (60 * GST_MSECOND)
#define BACKLOG_WINDOW GST_SECOND

struct _SnugRawReader
{
  gatomicrefcount ref_count;
  SnugMediaKind kind;
  char *path;
  GstAppSrc *target;
  SnugRelay *relay;
  SnugRelayFunc error_func;
  int closed_fd; /* readable once closed */

  /* The thread's own from here on. */
  int fd;
  gboolean is_fifo;
  GstClockTime next; /* running time of what comes next, if it comes in time; NONE at first */
};

typedef enum
{
  READ_OK,
  READ_END, /* of the file, or of what this writer wrote */
  READ_STOP /* closed, or broken and reported */
} ReadResult;

static void
unref (SnugRawReader *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  close (self->closed_fd);
  gst_object_unref (self->target);
  snug_relay_unref (self->relay);
  g_free (self->path);
  g_free (self);
}

static void
free_error (gpointer error)
{
  g_error_free (error);
}

/* error: (transfer full) */
static ReadResult
report (SnugRawReader *self, GError *error)
{
  g_prefix_error (&error, "%s: ", self->path);
  snug_relay_post (self->relay, self->error_func, error, free_error);

  return READ_STOP;
}

static ReadResult
report_errno (SnugRawReader *self)
{
  return report (self,
                 g_error_new_literal (SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE, g_strerror (errno)));
}

/* FALSE: closed meanwhile. */
static gboolean
wait_until (SnugRawReader *self, GstClockTime running_time)
{
  GstClockTime now = snug_pipeline_now ();
  struct pollfd closed = { .fd = self->closed_fd, .events = POLLIN };
  struct timespec time;

  if (running_time <= now)
    return poll (&closed, 1, 0) == 0;

  GST_TIME_TO_TIMESPEC (running_time - now, time);
  return ppoll (&closed, 1, &time, NULL) == 0;
}

static ReadResult
read_exactly (SnugRawReader *self, guint8 *data, gsize length)
{
  gsize done = 0;

  while (done < length)
    {
      struct pollfd fds[] = {
        { .fd = self->closed_fd, .events = POLLIN },
        { .fd = self->fd, .events = POLLIN },
      };
      gssize n;

      if (poll (fds, G_N_ELEMENTS (fds), -1) < 0 && errno != EINTR)
        return report_errno (self);
      if (fds[0].revents != 0)
        return READ_STOP;
      if (fds[1].revents == 0)
        continue;

      n = read (self->fd, data + done, length - done);
      if (n > 0)
        done += n;
      else if (n == 0)
        return READ_END;
      else if (errno != EAGAIN && errno != EINTR)
        return report_errno (self);
    }

  return READ_OK;
}

static gboolean
open_path (SnugRawReader *self)
{
  /* Never waits for a writer. */
  int fd = open (self->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  struct stat info;

  if (fd < 0 || fstat (fd, &info) < 0)
    {
      report_errno (self);
      if (fd >= 0)
        close (fd);
      return FALSE;
    }
  if (!S_ISREG (info.st_mode) && !S_ISFIFO (info.st_mode))
    {
      report (self, g_error_new_literal (SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE,
                                         "neither a file nor a FIFO"));
      close (fd);
      return FALSE;
    }

  /* The old one goes after the new one is there, so that a FIFO has a reader all the time. */
  if (self->fd >= 0)
    close (self->fd);
  self->fd = fd;
  self->is_fifo = S_ISFIFO (info.st_mode);

  return TRUE;
}

/* A line without its line feed. For a frame's line, nearly always six bytes, one read. */
static ReadResult
read_line (SnugRawReader *self, char *line, gsize *length)
{
  static const gsize usual = sizeof "FRAME\n" - 1;
  gsize n = usual;
  ReadResult result = read_exactly (self, (guint8 *) line, usual);

  while (result == READ_OK && line[n - 1] != '\n')
    {
      if (memchr (line, '\n', n) != NULL || n > SNUG_Y4M_LINE_MAX)
        return report (self, g_error_new_literal (SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE,
                                                  "not a Y4M stream"));
      result = read_exactly (self, (guint8 *) line + n, 1);
      n++;
    }
  *length = n - 1;

  return result;
}

static void
set_picture_caps (SnugRawReader *self, const SnugY4mFormat *format)
{
  g_autoptr (GstCaps) caps = gst_caps_new_simple (
      "video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, (int) format->width,
      "height", G_TYPE_INT, (int) format->height, "framerate", GST_TYPE_FRACTION,
      (int) format->rate_n, (int) format->rate_d, "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1,
      "interlace-mode", G_TYPE_STRING, "progressive", NULL);

  gst_app_src_set_caps (self->target, caps);
}

static ReadResult
read_picture (SnugRawReader *self, const SnugY4mFormat *format, GstBuffer **picture)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, format->frame_bytes, NULL);
  gsize luma_bytes = (gsize) format->width * format->height;
  gsize chroma_bytes = (gsize) format->chroma_width * format->chroma_height;
  /* Y4M has no padding between lines, as GStreamer would have. */
  gsize offsets[GST_VIDEO_MAX_PLANES] = { 0, luma_bytes, luma_bytes + chroma_bytes };
  int strides[GST_VIDEO_MAX_PLANES]
      = { (int) format->width, (int) format->chroma_width, (int) format->chroma_width };
  GstMapInfo map;
  ReadResult result;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  result = read_exactly (self, map.data, map.size);
  gst_buffer_unmap (buffer, &map);
  if (result != READ_OK)
    return result;

  gst_buffer_add_video_meta_full (buffer, GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_FORMAT_I420,
                                  format->width, format->height, 3, offsets, strides);
  *picture = g_steal_pointer (&buffer);

  return READ_OK;
}

/* What comes next: a header, which changes format, or a frame, which becomes picture. */
static ReadResult
read_header_or_picture (SnugRawReader *self, SnugY4mFormat *format, GstBuffer **picture)
{
  g_autoptr (GError) error = NULL;
  char line[SNUG_Y4M_LINE_MAX + 2];
  gsize length = 0;
  ReadResult result = read_line (self, line, &length);

  if (result != READ_OK)
    return result;

  /* A second header begins the next stream, by a writer who came before the last one was gone. */
  if (format->width == 0 || snug_y4m_is_header (line, length))
    {
      if (!snug_y4m_parse_header (line, length, format, &error))
        return report (self, g_steal_pointer (&error));
      set_picture_caps (self, format);
      return READ_OK;
    }
  if (!snug_y4m_is_frame (line, length))
    return report (self, g_error_new_literal (SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE,
                                              "no frame where one should be"));

  return read_picture (self, format, picture);
}

/* One stream of pictures, from header to end. */
static ReadResult
read_pictures (SnugRawReader *self)
{
  SnugY4mFormat format = { 0 };
  guint64 n_pictures = 0;
  ReadResult result;

  while (TRUE)
    {
      g_autoptr (GstBuffer) picture = NULL;
      GstClockTime duration;

      result = read_header_or_picture (self, &format, &picture);
      if (result != READ_OK)
        break;
      if (picture == NULL)
        continue;

      if (!self->is_fifo && GST_CLOCK_TIME_IS_VALID (self->next) && !wait_until (self, self->next))
        return READ_STOP;

      duration = gst_util_uint64_scale (GST_SECOND, format.rate_d, format.rate_n);
      GST_BUFFER_PTS (picture) = snug_pipeline_now ();
      GST_BUFFER_DURATION (picture) = duration;
      /* Late by less than a picture is made up for, more is not. */
      if (!GST_CLOCK_TIME_IS_VALID (self->next) || self->next + duration < GST_BUFFER_PTS (picture))
        self->next = GST_BUFFER_PTS (picture);
      self->next += duration;
      gst_app_src_push_buffer (self->target, g_steal_pointer (&picture));
      n_pictures++;
    }

  if (result == READ_END && n_pictures == 0 && !self->is_fifo)
    return report (
        self, g_error_new_literal (SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE, "no picture in it"));

  return result;
}

static ReadResult
read_sound_header (SnugRawReader *self, SnugWavFormat *format)
{
  g_autoptr (GByteArray) header = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  SnugWavResult parsed;
  gsize wanted;

  while (TRUE)
    {
      gsize have = header->len;
      ReadResult result;

      parsed = snug_wav_parse_header (header->data, header->len, format, &wanted, &error);
      if (parsed != SNUG_WAV_NEED_MORE)
        break;
      g_byte_array_set_size (header, wanted);
      result = read_exactly (self, header->data + have, wanted - have);
      if (result == READ_END && (have > 0 || !self->is_fifo))
        return report (self, g_error_new_literal (SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE,
                                                  "ends within the WAV header"));
      if (result != READ_OK)
        return result;
    }

  if (parsed == SNUG_WAV_INVALID)
    return report (self, g_steal_pointer (&error));

  return READ_OK;
}

static void
set_sound_caps (SnugRawReader *self, const SnugWavFormat *format)
{
  g_autoptr (GstCaps) caps = gst_caps_new_simple (
      "audio/x-raw", "format", G_TYPE_STRING, "S16LE", "rate", G_TYPE_INT, (int) format->rate,
      "channels", G_TYPE_INT, (int) format->channels, "layout", G_TYPE_STRING, "interleaved", NULL);

  gst_app_src_set_caps (self->target, caps);
}

/* How much sound waits in the FIFO. */
static GstClockTime
get_backlog (SnugRawReader *self, const SnugWavFormat *format)
{
  int bytes = 0;

  if (!self->is_fifo || ioctl (self->fd, FIONREAD, &bytes) < 0)
    return 0;

  return gst_util_uint64_scale (bytes / format->frame_bytes, GST_SECOND, format->rate);
}

static ReadResult
skip_sound (SnugRawReader *self, const SnugWavFormat *format, GstClockTime length)
{
  gsize bytes = gst_util_uint64_scale (length, format->rate, GST_SECOND) * format->frame_bytes;
  g_autofree guint8 *data = g_malloc (bytes);

  return read_exactly (self, data, bytes);
}

static ReadResult
read_piece (SnugRawReader *self, gsize bytes, GstBuffer **piece)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, bytes, NULL);
  GstMapInfo map;
  ReadResult result;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  result = read_exactly (self, map.data, map.size);
  gst_buffer_unmap (buffer, &map);
  if (result == READ_OK)
    *piece = g_steal_pointer (&buffer);

  return result;
}

/* Stamps what has just come by counting samples, so that the stamps do not jitter as the arrival
 * does, and pushes it. */
static void
push_piece (SnugRawReader *self, GstBuffer *piece, GstClockTime now, GstClockTime duration)
{
  if (!GST_CLOCK_TIME_IS_VALID (self->next) || self->next + duration + BEHIND_MAX < now)
    {
      /* Its last sample is of now. */
      self->next = now > duration ? now - duration : 0;
      GST_BUFFER_FLAG_SET (piece, GST_BUFFER_FLAG_DISCONT);
    }

  GST_BUFFER_PTS (piece) = self->next;
  GST_BUFFER_DURATION (piece) = duration;
  self->next += duration;
  gst_app_src_push_buffer (self->target, piece);
}

/* What a writer leaves behind its samples. */
static ReadResult
skip_to_end (SnugRawReader *self)
{
  guint8 byte;
  ReadResult result;

  do
    result = read_exactly (self, &byte, 1);
  while (result == READ_OK);

  return result;
}

/* One stream of sound, from header to end. */
static ReadResult
read_sound (SnugRawReader *self)
{
  SnugWavFormat format;
  GstClockTime window_start = 0, least_backlog = 0;
  guint64 left, n_pieces = 0;
  gsize piece_bytes;
  ReadResult result = read_sound_header (self, &format);

  if (result != READ_OK)
    return result;

  set_sound_caps (self, &format);
  piece_bytes = gst_util_uint64_scale (SOUND_PIECE, format.rate, GST_SECOND) * format.frame_bytes;
  for (left = format.data_bytes; left >= format.frame_bytes; n_pieces++)
    {
      gsize bytes = MIN (piece_bytes, left - left % format.frame_bytes);
      GstClockTime duration
          = gst_util_uint64_scale (bytes / format.frame_bytes, GST_SECOND, format.rate);
      GstClockTime now, backlog;
      GstBuffer *piece = NULL;

      result = read_piece (self, bytes, &piece);
      if (result != READ_OK)
        break;
      if (left != SNUG_WAV_ENDLESS)
        left -= bytes;

      now = snug_pipeline_now ();
      push_piece (self, piece, now, duration);

      backlog = get_backlog (self, &format);
      least_backlog = MIN (least_backlog, backlog);
      if (now - window_start > BACKLOG_WINDOW)
        {
          if (window_start != 0 && least_backlog > BACKLOG_MAX)
            result = skip_sound (self, &format, least_backlog);
          if (result != READ_OK)
            break;
          window_start = now;
          least_backlog = backlog;
        }

      /* Some write a second at once and then nothing for a second. */
      if (!wait_until (self, self->next - MIN (self->next, AHEAD_MAX)))
        return READ_STOP;
    }

  if (n_pieces == 0 && result != READ_STOP && !self->is_fifo)
    return report (self,
                   g_error_new_literal (SNUG_MEDIA_ERROR, SNUG_MEDIA_ERROR_FILE, "no sound in it"));

  if (result == READ_OK && self->is_fifo)
    return skip_to_end (self);

  return result == READ_STOP ? READ_STOP : READ_END;
}

static gpointer
read_in_thread (gpointer user_data)
{
  SnugRawReader *self = user_data;
  ReadResult result = READ_END;

  while (result == READ_END && open_path (self))
    result = self->kind == SNUG_MEDIA_VIDEO ? read_pictures (self) : read_sound (self);

  if (self->fd >= 0)
    close (self->fd);
  unref (self);

  return NULL;
}

SnugRawReader *
snug_raw_reader_new (SnugMediaKind kind,
                     const char *path,
                     GstAppSrc *target,
                     SnugRelay *relay,
                     SnugRelayFunc error_func)
{
  SnugRawReader *self = g_new0 (SnugRawReader, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->path = g_strdup (path);
  self->target = gst_object_ref (target);
  self->relay = snug_relay_ref (relay);
  self->error_func = error_func;
  self->closed_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  self->fd = -1;
  self->next = GST_CLOCK_TIME_NONE;
  g_atomic_ref_count_inc (&self->ref_count);
  g_thread_unref (g_thread_new ("snug-raw-reader", read_in_thread, self));

  return self;
}

void
snug_raw_reader_close (SnugRawReader *self)
{
  g_return_if_fail (self != NULL);

  eventfd_write (self->closed_fd, 1);
  unref (self);
}
