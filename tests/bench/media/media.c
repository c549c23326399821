/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the benchmarks send and how they look at what arrives. Every picture carries the time at which it was handed over,
 * as a row of black and white blocks at its top that survives compression and scaling; the sound has a click at every
 * half second of the clock. Browser pages read and write the same codes (page/codes.js).
 *
 *   media loop FILE WIDTH HEIGHT         write the pictures that everybody sends, raw I420, to be played in a circle
 *   media send-video FIFO FILE WIDTH HEIGHT FPS
 *   media send-audio FIFO
 *   media read-video FIFO                a line for each picture: when it arrived, when it was sent, in ms of the clock
 *   media read-audio FIFO                a line for each click: when it was heard, when it was made
 */
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOOP_FRAMES 90
#define BITS 32
#define BLOCKS 40 /* the time, then a check */
#define RATE 48000
#define CHUNK 480 /* 10 ms */
#define CLICK_EVERY 500
#define CLICK_SAMPLES 192 /* 4 ms */
#define CLICK_THRESHOLD 6000

static void
fail (const char *what)
{
  fprintf (stderr, "media: %s: %s\n", what, strerror (errno));
  exit (1);
}

static double
now_ms (void)
{
  struct timespec t;

  clock_gettime (CLOCK_REALTIME, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void
sleep_until (double ms)
{
  struct timespec t = { (time_t) (ms / 1e3), (long) (fmod (ms, 1e3) * 1e6) };

  while (clock_nanosleep (CLOCK_REALTIME, TIMER_ABSTIME, &t, NULL) == EINTR)
    ;
}

static FILE *
open_or_fail (const char *path, const char *mode)
{
  FILE *file = fopen (path, mode);

  if (!file)
    fail (path);
  return file;
}

static void *
allocate (size_t size)
{
  void *memory = calloc (1, size);

  if (!memory)
    fail ("memory");
  return memory;
}

static size_t
frame_bytes (int width, int height)
{
  return (size_t) width * height + 2 * (size_t) ((width + 1) / 2) * ((height + 1) / 2);
}

/* --- the time in a picture ---------------------------------------------------------------------------------- */

static uint8_t
check_of (uint32_t code)
{
  return (uint8_t) (code ^ code >> 8 ^ code >> 16 ^ code >> 24 ^ 0x5a);
}

static int
code_height (int height)
{
  return height / 20;
}

static void
write_code (uint8_t *luma, int width, int height, uint32_t code)
{
  uint64_t bits = (uint64_t) code << 8 | check_of (code);

  for (int x = 0; x < width; x++)
    luma[x] = bits >> (BLOCKS - 1 - x * BLOCKS / width) & 1 ? 235 : 16;
  for (int y = 1; y < code_height (height); y++)
    memcpy (luma + (size_t) y * width, luma, width);
}

/* Whether there is one. */
static int
read_code (const uint8_t *luma, int width, int height, uint32_t *code)
{
  const uint8_t *row = luma + (size_t) (code_height (height) / 2) * width;
  uint64_t bits = 0;

  for (int i = 0; i < BLOCKS; i++)
    bits = bits << 1 | (row[(2 * i + 1) * width / (2 * BLOCKS)] > 125);
  *code = (uint32_t) (bits >> 8);
  return (uint8_t) bits == check_of (*code);
}

/* --- pictures ------------------------------------------------------------------------------------------------ */

static uint32_t
hash (uint32_t x)
{
  x ^= x >> 16;
  x *= 0x7feb352d;
  x ^= x >> 15;
  x *= 0x846ca68b;
  return x ^ x >> 16;
}

/* Smooth random texture, 0 to 1. */
static double
texture (double x, double y)
{
  int left = (int) floor (x), top = (int) floor (y);
  double u = x - left, v = y - top, corner[4];

  for (int i = 0; i < 4; i++)
    corner[i] = hash ((uint32_t) (left + i % 2) * 73856093u ^ (uint32_t) (top + i / 2) * 19349663u) / 4294967295.0;
  u = u * u * (3 - 2 * u);
  v = v * v * (3 - 2 * v);
  return (corner[0] * (1 - u) + corner[1] * u) * (1 - v) + (corner[2] * (1 - u) + corner[3] * u) * v;
}

/* A still room, somebody who moves in front of it, and a camera's noise. */
static uint8_t
luma_at (int x, int y, int width, int height, double phase, uint32_t noise)
{
  double u = (double) x / width, v = (double) y / height;
  double cx = 0.5 + 0.12 * sin (phase), cy = 0.55 + 0.04 * sin (2 * phase);
  double dx = (u - cx) / 0.17, dy = (v - cy) / 0.38, value;

  if (dx * dx + dy * dy < 1)
    value = 90 + 90 * texture (dx * 9 + 50, dy * 9 + 3 * sin (3 * phase) * dy) + 30 * texture (dx * 30, dy * 30);
  else
    value = 40 + 80 * texture (u * 12, v * 7) + 50 * texture (u * 80, v * 45);
  value += (int) (noise % 13) - 6;
  return (uint8_t) (value < 16 ? 16 : value > 235 ? 235 : value);
}

static int
write_loop (const char *path, int width, int height)
{
  size_t size = frame_bytes (width, height);
  uint8_t *frame = allocate (size);
  FILE *file = open_or_fail (path, "wb");

  for (int n = 0; n < LOOP_FRAMES; n++)
    {
      double phase = 2 * 3.14159265358979 * n / LOOP_FRAMES;
      uint8_t *chroma = frame + (size_t) width * height;

      for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
          frame[(size_t) y * width + x] = luma_at (x, y, width, height, phase, hash ((uint32_t) ((n * height + y) * width + x)));
      for (int y = 0; y < 2 * (height / 2); y++)
        for (int x = 0; x < width / 2; x++)
          chroma[(size_t) y * (width / 2) + x] = (uint8_t) (108 + 40 * texture (x * 12.0 / width + (y >= height / 2) * 20, y * 12.0 / height));
      if (fwrite (frame, size, 1, file) != 1)
        fail (path);
    }
  free (frame);
  return fclose (file) ? 1 : 0;
}

static int
send_video (const char *fifo, const char *loop, int width, int height, int fps)
{
  size_t size = frame_bytes (width, height);
  uint8_t *frames = allocate (size * LOOP_FRAMES), *frame = allocate (size);
  FILE *in = open_or_fail (loop, "rb"), *out;
  double start;

  if (fread (frames, size, LOOP_FRAMES, in) != LOOP_FRAMES)
    fail (loop);
  fclose (in);
  out = open_or_fail (fifo, "wb");
  setvbuf (out, NULL, _IONBF, 0);
  fprintf (out, "YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420jpeg\n", width, height, fps);
  start = now_ms ();
  for (long n = 0;; n++)
    {
      memcpy (frame, frames + size * (n % LOOP_FRAMES), size);
      sleep_until (start + n * 1000.0 / fps);
      write_code (frame, width, height, (uint32_t) (uint64_t) now_ms ());
      if (fwrite ("FRAME\n", 6, 1, out) != 1 || fwrite (frame, size, 1, out) != 1)
        return 0;
    }
}

static int
read_video (const char *fifo)
{
  FILE *in = open_or_fail (fifo, "rb");
  char line[256];
  int width = 0, height = 0;
  uint8_t *frame = NULL;

  setvbuf (in, NULL, _IOFBF, 1 << 16);
  setvbuf (stdout, NULL, _IOLBF, 0);
  while (fgets (line, sizeof line, in))
    {
      uint32_t code;
      double now;

      if (strncmp (line, "YUV4MPEG2", 9) == 0)
        {
          char *w = strstr (line, " W"), *h = strstr (line, " H");

          width = w ? atoi (w + 2) : 0;
          height = h ? atoi (h + 2) : 0;
          if (width < BLOCKS || height < 40 || width > 4096 || height > 4096)
            {
              fprintf (stderr, "media: %s", line);
              return 1;
            }
          free (frame);
          frame = allocate (frame_bytes (width, height));
          continue;
        }
      if (!frame || fread (frame, frame_bytes (width, height), 1, in) != 1)
        break;
      now = now_ms ();
      if (read_code (frame, width, height, &code))
        printf ("%.1f %.0f %d\n", now, now - (uint32_t) ((uint32_t) (uint64_t) now - code), width);
      else
        printf ("%.1f -\n", now);
    }
  return 0;
}

/* --- sound --------------------------------------------------------------------------------------------------- */

static void
put_le (uint8_t *to, uint32_t value, int bytes)
{
  for (int i = 0; i < bytes; i++)
    to[i] = (uint8_t) (value >> 8 * i);
}

static int
send_audio (const char *fifo)
{
  FILE *out = open_or_fail (fifo, "wb");
  uint8_t header[44] = "RIFF....WAVEfmt ";
  double start;

  setvbuf (out, NULL, _IONBF, 0);
  put_le (header + 4, 0xffffffff, 4);
  put_le (header + 16, 16, 4);
  put_le (header + 20, 1, 2);
  put_le (header + 22, 1, 2);
  put_le (header + 24, RATE, 4);
  put_le (header + 28, RATE * 2, 4);
  put_le (header + 32, 2, 2);
  put_le (header + 34, 16, 2);
  memcpy (header + 36, "data", 4);
  put_le (header + 40, 0xffffffff, 4);
  fwrite (header, sizeof header, 1, out);
  start = ceil (now_ms () / 10) * 10;
  for (long n = 0;; n++)
    {
      double first = start + n * 10.0;
      int16_t chunk[CHUNK];

      for (int i = 0; i < CHUNK; i++)
        {
          long since = (long) (fmod (first, CLICK_EVERY) * RATE / 1000) + i;
          double value = 600 * sin (2 * 3.14159265 * 180 * (n * CHUNK + i) / RATE) + (int) (hash ((uint32_t) (n * CHUNK + i)) % 400) - 200;

          if (since < CLICK_SAMPLES)
            value = 20000 * sin (2 * 3.14159265 * 2000 * since / RATE);
          chunk[i] = (int16_t) value;
        }
      sleep_until (first + 10);
      if (fwrite (chunk, sizeof chunk, 1, out) != 1)
        return 0;
    }
}

static int
read_audio (const char *fifo)
{
  FILE *in = open_or_fail (fifo, "rb");
  uint8_t header[44];
  int channels;
  double last = 0;

  setvbuf (in, NULL, _IONBF, 0);
  setvbuf (stdout, NULL, _IOLBF, 0);
  if (fread (header, sizeof header, 1, in) != 1)
    return 0;
  channels = header[22];
  if (channels < 1 || channels > 2)
    return 1;
  for (;;)
    {
      int16_t chunk[CHUNK / 4 * 2]; /* 2.5 ms: what comes is looked at soon */
      size_t samples = CHUNK / 4;
      double now;

      if (fread (chunk, sizeof (int16_t) * channels, samples, in) != samples)
        return 0;
      now = now_ms ();
      for (size_t i = 0; i < samples; i++)
        {
          double heard = now - (samples - i) * 1000.0 / RATE;

          if (abs (chunk[i * channels]) < CLICK_THRESHOLD || heard < last + CLICK_EVERY / 2)
            continue;
          printf ("%.1f %.0f\n", heard, floor (heard / CLICK_EVERY) * CLICK_EVERY);
          last = heard;
        }
    }
}

int
main (int argc, char **argv)
{
  const char *word = argc > 2 ? argv[1] : "";

  if (strcmp (word, "loop") == 0 && argc == 5)
    return write_loop (argv[2], atoi (argv[3]), atoi (argv[4]));
  if (strcmp (word, "send-video") == 0 && argc == 7)
    return send_video (argv[2], argv[3], atoi (argv[4]), atoi (argv[5]), atoi (argv[6]));
  if (strcmp (word, "send-audio") == 0 && argc == 3)
    return send_audio (argv[2]);
  if (strcmp (word, "read-video") == 0 && argc == 3)
    return read_video (argv[2]);
  if (strcmp (word, "read-audio") == 0 && argc == 3)
    return read_audio (argv[2]);
  fprintf (stderr, "usage: media loop|send-video|send-audio|read-video|read-audio ...\n");
  return 2;
}
