/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A camera of PipeWire's that shows what comes on standard input, raw I420 frames, to whoever looks, as long as there
 * is input. For the tests and the demo: pipewiresink can't take its place. After two or three viewers have come and
 * gone it stops (0.3.65), or after the first (1.4).
 *
 *   virtual-camera NAME DESCRIPTION WIDTH HEIGHT RATE
 */
#include <errno.h>
#include <fcntl.h>
#include <pipewire/pipewire.h>
#include <spa/param/video/format-utils.h>
#include <spa/pod/builder.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

typedef struct
{
  struct pw_main_loop *loop;
  struct pw_stream *stream;
  int width, height, rate;

  uint8_t *frame; /* the newest whole one */
  uint8_t *next;  /* the one that is coming in */
  size_t size;    /* of each */
  size_t filled;  /* of next */
  bool fresh;     /* frame has not been sent */
  uint64_t seq;
} Camera;

static int64_t
now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);

  return SPA_TIMESPEC_TO_NSEC (&now);
}

static void
on_process (void *data)
{
  Camera *camera = data;
  struct pw_buffer *buffer;
  struct spa_data *plane;
  struct spa_meta_header *header;

  if (!camera->fresh)
    return;
  buffer = pw_stream_dequeue_buffer (camera->stream);
  if (buffer == NULL)
    return; /* the viewer is slow */

  plane = &buffer->buffer->datas[0];
  if (plane->data != NULL && plane->maxsize >= camera->size)
    {
      memcpy (plane->data, camera->frame, camera->size);
      plane->chunk->offset = 0;
      plane->chunk->size = camera->size;
      plane->chunk->stride = camera->width;
    }
  header = spa_buffer_find_meta_data (buffer->buffer, SPA_META_Header, sizeof *header);
  if (header != NULL)
    {
      header->flags = 0;
      header->seq = camera->seq++;
      header->pts = now_ns ();
      header->dts_offset = 0;
    }
  camera->fresh = false;
  pw_stream_queue_buffer (camera->stream, buffer);
}

static void
on_state_changed (void *data, enum pw_stream_state old, enum pw_stream_state state, const char *error)
{
  Camera *camera = data;

  if (state == PW_STREAM_STATE_ERROR)
    {
      fprintf (stderr, "virtual-camera: %s\n", error);
      pw_main_loop_quit (camera->loop);
    }
  else if (state == PW_STREAM_STATE_UNCONNECTED && old != PW_STREAM_STATE_CONNECTING)
    {
      pw_main_loop_quit (camera->loop);
    }
}

static void
on_param_changed (void *data, uint32_t id, const struct spa_pod *param)
{
  Camera *camera = data;
  uint8_t memory[1024];
  struct spa_pod_builder builder = SPA_POD_BUILDER_INIT (memory, sizeof memory);
  const struct spa_pod *params[2];

  if (id != SPA_PARAM_Format || param == NULL)
    return;

  params[0] = spa_pod_builder_add_object (
      &builder, SPA_TYPE_OBJECT_ParamBuffers, SPA_PARAM_Buffers,
      SPA_PARAM_BUFFERS_buffers, SPA_POD_CHOICE_RANGE_Int (8, 2, 16),
      SPA_PARAM_BUFFERS_blocks, SPA_POD_Int (1),
      SPA_PARAM_BUFFERS_size, SPA_POD_Int ((int) camera->size),
      SPA_PARAM_BUFFERS_stride, SPA_POD_Int (camera->width),
      SPA_PARAM_BUFFERS_dataType, SPA_POD_CHOICE_FLAGS_Int (1 << SPA_DATA_MemFd));
  params[1] = spa_pod_builder_add_object (
      &builder, SPA_TYPE_OBJECT_ParamMeta, SPA_PARAM_Meta,
      SPA_PARAM_META_type, SPA_POD_Id (SPA_META_Header),
      SPA_PARAM_META_size, SPA_POD_Int (sizeof (struct spa_meta_header)));
  pw_stream_update_params (camera->stream, params, 2);
}

static const struct pw_stream_events stream_events = {
  PW_VERSION_STREAM_EVENTS,
  .state_changed = on_state_changed,
  .param_changed = on_param_changed,
  .process = on_process,
};

static void
on_input (void *data, int fd, uint32_t mask)
{
  Camera *camera = data;
  ssize_t n;

  while ((n = read (fd, camera->next + camera->filled, camera->size - camera->filled)) > 0)
    {
      uint8_t *whole = camera->next;

      camera->filled += n;
      if (camera->filled < camera->size)
        continue;
      camera->filled = 0;
      camera->next = camera->frame;
      camera->frame = whole;
      camera->fresh = true;
      /* With no viewer there is nothing to drive, and the frame is forgotten. */
      if (pw_stream_get_state (camera->stream, NULL) == PW_STREAM_STATE_STREAMING)
        pw_stream_trigger_process (camera->stream);
    }
  if (n == 0 || (errno != EAGAIN && errno != EINTR))
    pw_main_loop_quit (camera->loop);
}

int
main (int argc, char *argv[])
{
  Camera camera = { 0 };
  uint8_t memory[1024];
  struct spa_pod_builder builder = SPA_POD_BUILDER_INIT (memory, sizeof memory);
  const struct spa_pod *format;

  if (argc != 6)
    {
      fprintf (stderr, "usage: virtual-camera NAME DESCRIPTION WIDTH HEIGHT RATE\n");
      return 2;
    }
  camera.width = atoi (argv[3]);
  camera.height = atoi (argv[4]);
  camera.rate = atoi (argv[5]);
  /* Lines without padding, as GStreamer has them when the width is a multiple of 8. */
  if (camera.width < 8 || camera.width % 8 != 0 || camera.height < 2 || camera.height % 2 != 0
      || camera.rate < 1)
    {
      fprintf (stderr, "virtual-camera: no such size: %sx%s at %s/s\n", argv[3], argv[4], argv[5]);
      return 2;
    }
  camera.size = (size_t) camera.width * camera.height * 3 / 2;
  camera.frame = calloc (1, camera.size);
  camera.next = calloc (1, camera.size);

  pw_init (&argc, &argv);
  camera.loop = pw_main_loop_new (NULL);
  camera.stream = pw_stream_new_simple (
      pw_main_loop_get_loop (camera.loop), argv[1],
      pw_properties_new (PW_KEY_MEDIA_CLASS, "Video/Source", PW_KEY_MEDIA_ROLE, "Camera",
                         PW_KEY_NODE_NAME, argv[1], PW_KEY_NODE_DESCRIPTION, argv[2], NULL),
      &stream_events, &camera);
  format = spa_format_video_raw_build (
      &builder, SPA_PARAM_EnumFormat,
      &SPA_VIDEO_INFO_RAW_INIT (.format = SPA_VIDEO_FORMAT_I420,
                                .size = SPA_RECTANGLE (camera.width, camera.height),
                                .framerate = SPA_FRACTION (camera.rate, 1)));
  if (pw_stream_connect (camera.stream, PW_DIRECTION_OUTPUT, PW_ID_ANY,
                         PW_STREAM_FLAG_DRIVER | PW_STREAM_FLAG_MAP_BUFFERS, &format, 1) < 0)
    {
      fprintf (stderr, "virtual-camera: can't connect to PipeWire\n");
      return 1;
    }

  fcntl (STDIN_FILENO, F_SETFL, fcntl (STDIN_FILENO, F_GETFL) | O_NONBLOCK);
  pw_loop_add_io (pw_main_loop_get_loop (camera.loop), STDIN_FILENO, SPA_IO_IN | SPA_IO_HUP | SPA_IO_ERR, false,
                  on_input, &camera);
  pw_main_loop_run (camera.loop);

  pw_stream_destroy (camera.stream);
  pw_main_loop_destroy (camera.loop);
  pw_deinit ();
  free (camera.frame);
  free (camera.next);

  return 0;
}
