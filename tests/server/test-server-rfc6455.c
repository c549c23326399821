/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * WebSocket frames, case by case, against a real server: the categories and numbers are those of the Autobahn test-suite
 * (1 framing, 2 pings, 3 reserved bits, 4 opcodes, 5 fragments, 6 UTF-8, 7 closing). Closing codes and sizes are in test-server-hostile.c and test-server-limits.c. A server that does not
 * echo shows what it took by the error that it has for a text that is no message.
 */
#include "snug-await.h"
#include "snug-server-fixture.h"

#include <string.h>

/* frames, with a space between them: first byte ":" payload in hexadecimal, or first byte "*" number of bytes; a "/" behind
 * it: byte by byte. answers, with a space between them: "text" (an error: for a message that is none, and before closing for a bad or large one), "pong:" payload, "pong*"
 * number, a close code (1005: an empty one); then, unless it was that, the connection must still be open. */
typedef struct
{
  const char *name;
  const char *frames;
  const char *answers;
} Case;

static const Case cases[] = {
  { "1.1.1 empty text", "81:", "text" },
  { "1.1.2 text of 125", "81*125", "text" },
  { "1.1.3 text of 126", "81*126", "text" },
  { "1.1.4 text of 127", "81*127", "text" },
  { "1.1.5 text of 128", "81*128", "text" },
  { "1.1.6 text of 65535", "81*65535", "text" },
  { "1.1.7 text of 65536", "81*65536", "text" },
  { "1.1.8 text, byte by byte", "81*300/", "text" },
  { "1.2.1 empty binary", "82:", "text" },
  { "1.2.2 binary of 125", "82*125", "text" },
  { "1.2.3 binary of 126", "82*126", "text" },
  { "1.2.6 binary of 65535", "82*65535", "text" },
  { "1.2.7 binary of 65536", "82*65536", "text" },

  { "2.1 empty ping", "89:", "pong:" },
  { "2.2 ping", "89:48656c6c6f", "pong:48656c6c6f" },
  { "2.3 ping with bytes that are no text", "89:00fffefdfcfb00ff", "pong:00fffefdfcfb00ff" },
  { "2.4 ping of 125", "89*125", "pong*125" },
  { "2.5 ping of 126", "89*126", "1002" },
  { "2.6 ping of 125, byte by byte", "89*125/", "pong*125" },
  { "2.7 pong that nobody asked for", "8a:", "" },
  { "2.8 the same with a payload", "8a:61", "" },
  { "2.9 the same, then a ping", "8a:61 89:62", "pong:62" },
  { "2.10 ten pings", "89:30 89:31 89:32 89:33 89:34 89:35 89:36 89:37 89:38 89:39",
    "pong:30 pong:31 pong:32 pong:33 pong:34 pong:35 pong:36 pong:37 pong:38 pong:39" },
  { "2.11 ten pings, byte by byte", "89:30/ 89:31/ 89:32/ 89:33/ 89:34/ 89:35/ 89:36/ 89:37/ 89:38/ 89:39/",
    "pong:30 pong:31 pong:32 pong:33 pong:34 pong:35 pong:36 pong:37 pong:38 pong:39" },

  { "3.1 reserved bit 3", "91:61", "1002" },
  { "3.2 reserved bit 2 after a good text", "81:61 a1:61 89:", "text 1002" },
  { "3.3 reserved bits 2 and 3", "81:61 b1:61 89:", "text 1002" },
  { "3.4 reserved bit 1, byte by byte", "81:61 c1:61/", "text 1002" },
  { "3.5 reserved bits 1 and 3, binary", "d2*8", "1002" },
  { "3.6 reserved bits 1 and 2, ping", "e9:61", "1002" },
  { "3.7 all reserved bits, close", "f8:03e8", "1002" },

  { "4.1.1 opcode 3", "83:", "1002" },
  { "4.1.2 opcode 4", "84:61", "1002" },
  { "4.1.3 opcode 5 after a good text", "81:61 85: 89:", "text 1002" },
  { "4.1.4 opcode 6", "81:61 86:61 89:", "text 1002" },
  { "4.1.5 opcode 7", "81:61 87:61 89:", "text 1002" },
  { "4.2.1 opcode 11", "8b:", "1002" },
  { "4.2.2 opcode 12", "8c:61", "1002" },
  { "4.2.3 opcode 13", "81:61 8d: 89:", "text 1002" },
  { "4.2.4 opcode 14", "81:61 8e:61 89:", "text 1002" },
  { "4.2.5 opcode 15", "81:61 8f:61 89:", "text 1002" },

  { "5.1 ping in fragments", "09:61 80:62", "1002" },
  { "5.2 pong in fragments", "0a:61 80:62", "1002" },
  { "5.3 text in two", "01:61 80:62", "text" },
  { "5.5 text in two, byte by byte", "01:61/ 80:62/", "text" },
  { "5.6 with a ping between them", "01:61 89:70 80:62", "pong:70 text" },
  { "5.8 the same, byte by byte", "01:61/ 89:70/ 80:62/", "pong:70 text" },
  { "5.9 continuation of nothing", "80:61 81:62", "1002" },
  { "5.12 continuation of nothing, without an end", "00:61 81:62", "1002" },
  { "5.15 once more after the end", "01:61 80:62 00:63 81:64", "text 1002" },
  { "5.16 continuations of nothing, again and again", "00:61 01:62 80:63", "1002" },
  { "5.18 text in a text", "01:61 81:62", "1002" },
  { "5.19 with pings in between", "01:61 00:62 89:70 00:63 00:64 89:71 80:65", "pong:70 pong:71 text" },
  { "5.20 the same, byte by byte", "01:61/ 00:62/ 89:70/ 00:63/ 00:64/ 89:71/ 80:65/", "pong:70 pong:71 text" },

  { "6.1.1 empty text", "81:", "text" },
  { "6.1.2 empty fragments", "01: 00: 80:", "text" },
  { "6.1.3 empty fragments around one", "01: 00:61 80:", "text" },
  { "6.2.1 good text", "81:48656c6c6f2dc2b540c39fc3b6c3a4c3bcc3a0c3a12d5554462d3821212121", "text" },
  { "6.2.2 cut between characters", "01:48656c6c6f2dc2b540c39fc3b6c3a4 80:c3bcc3a0c3a12d5554462d3821212121", "text" },
  { "6.2.3 cut within characters", "01:ce 00:ba 00:e1 00:bd 00:b9 00:cf 00:83 80:", "text" },
  { "6.2.4 good text, byte by byte", "81:cebae1bdb9cf83cebcceb5/", "text" },
  { "6.3.1 bad text", "81:cebae1bdb9cf83cebcceb5eda080656469746564", "text 1007" },
  { "6.3.2 bad text, byte by byte", "81:cebae1bdb9cf83cebcceb5eda080656469746564/", "text 1007" },
  { "6.4.1 bad in the middle fragment", "01:cebae1bdb9cf83cebcceb5 00:f4908080 80:656469746564", "text 1007" },
  { "6.4.2 bad from one fragment to the next", "01:cebae1bdb9cf83cebcceb5f4 00:90 80:", "text 1007" },
  { "6.6.1 a character that is not finished", "81:ce", "text 1007" },
  { "6.6.2 a character", "81:ceba", "text" },
  { "6.6.4 a character and a half", "81:cebae1bd", "text 1007" },
  { "6.7.1 NUL", "81:00", "text" },
  { "6.7.2 first of two bytes", "81:c280", "text" },
  { "6.7.3 first of three bytes", "81:e0a080", "text" },
  { "6.7.4 first of four bytes", "81:f0908080", "text" },
  { "6.8.1 five bytes", "81:f888808080", "text 1007" },
  { "6.8.2 six bytes", "81:fc8480808080", "text 1007" },
  { "6.9.1 last of one byte", "81:7f", "text" },
  { "6.9.2 last of two bytes", "81:dfbf", "text" },
  { "6.9.3 last of three bytes", "81:efbfbf", "text" },
  { "6.9.4 last of four bytes", "81:f48fbfbf", "text" },
  { "6.10.1 beyond Unicode", "81:f7bfbfbf", "text 1007" },
  { "6.10.2 last of five bytes", "81:fbbfbfbfbf", "text 1007" },
  { "6.10.3 last of six bytes", "81:fdbfbfbfbfbf", "text 1007" },
  { "6.11.1 before the surrogates", "81:ed9fbf", "text" },
  { "6.11.2 behind the surrogates", "81:ee8080", "text" },
  { "6.11.3 replacement character", "81:efbfbd", "text" },
  { "6.11.4 last of Unicode", "81:f48fbfbf", "text" },
  { "6.11.5 first beyond it", "81:f4908080", "text 1007" },
  { "6.12.1 continuation byte alone", "81:80", "text 1007" },
  { "6.12.2 the last of those", "81:bf", "text 1007" },
  { "6.12.4 three of them", "81:80bf80", "text 1007" },
  { "6.13.1 start bytes without the rest", "81:c020c120", "text 1007" },
  { "6.13.2 the same of three", "81:e020", "text 1007" },
  { "6.13.3 the same of four", "81:f020", "text 1007" },
  { "6.14.2 last byte of three missing", "81:e080", "text 1007" },
  { "6.14.3 last byte of four missing", "81:f08080", "text 1007" },
  { "6.16.1 bytes that never are", "81:fe", "text 1007" },
  { "6.16.2 the other one", "81:ff", "text 1007" },
  { "6.17.1 slash in two bytes", "81:c0af", "text 1007" },
  { "6.17.2 slash in three bytes", "81:e080af", "text 1007" },
  { "6.17.3 slash in four bytes", "81:f08080af", "text 1007" },
  { "6.18.1 longer than it must be: two", "81:c1bf", "text 1007" },
  { "6.18.2 three", "81:e09fbf", "text 1007" },
  { "6.18.3 four", "81:f08fbfbf", "text 1007" },
  { "6.19.1 NUL in two bytes", "81:c080", "text 1007" },
  { "6.20.1 a surrogate", "81:eda080", "text 1007" },
  { "6.20.7 the last of those", "81:edbfbf", "text 1007" },
  { "6.21.1 a pair of them", "81:eda080edb080", "text 1007" },
  { "6.22.1 no character, but UTF-8", "81:efbfbe", "text" },
  { "6.22.2 the other one", "81:efbfbf", "text" },
  { "6.23 binary need not be text", "82:ff", "text" },

  { "7.1.1 text, then close", "81:61 88:03e8", "text 1000" },
  { "7.1.2 close twice", "88:03e8 88:03e8", "1000" },
  { "7.1.3 ping after close", "88:03e8 89:61", "1000" },
  { "7.1.4 text after close", "88:03e8 81:61", "1000" },
  { "7.1.5 close within a message", "01:61 88:03e8 80:62", "1000" },
  { "7.3.1 close without anything", "88:", "1005" },
  { "7.3.2 close with half a code", "88:03", "1002" },
  { "7.3.3 close with a code", "88:03e8", "1000" },
  { "7.3.4 and a reason", "88:03e861", "1000" },
  { "7.3.5 reason of 123", "88:03e8"
    "616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161"
    "616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161"
    "616161", "1000" },
  { "7.3.6 close of 126", "88*126", "1002" },
};

/* Returns: (transfer full): bytes of "61ff" or, behind a "*", so many letters. */
static GByteArray *
read_payload (const char *text)
{
  GByteArray *bytes = g_byte_array_new ();

  if (*text == '*')
    {
      g_byte_array_set_size (bytes, (guint) g_ascii_strtoull (text + 1, NULL, 10));
      memset (bytes->data, 'x', bytes->len);
      return bytes;
    }
  for (text++; g_ascii_isxdigit (text[0]) && g_ascii_isxdigit (text[1]); text += 2)
    {
      guint8 byte = (guint8) (g_ascii_xdigit_value (text[0]) << 4 | g_ascii_xdigit_value (text[1]));

      g_byte_array_append (bytes, &byte, 1);
    }
  return bytes;
}

static void
send_frames (SnugRawPeer *peer, const char *frames)
{
  g_auto (GStrv) words = g_strsplit (frames, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      guint8 first = (guint8) g_ascii_strtoull (words[i], NULL, 16);
      g_autoptr (GByteArray) payload = read_payload (words[i] + 2);
      g_autoptr (GBytes) frame = snug_raw_peer_make_frame (first, payload->data, payload->len, TRUE);
      gsize size, step;
      const guint8 *bytes = g_bytes_get_data (frame, &size);

      step = g_str_has_suffix (words[i], "/") ? 1 : size;
      /* It may have been closed before the end. */
      for (gsize sent = 0; sent < size && snug_raw_peer_send (peer, bytes + sent, step); sent += step)
        ;
    }
}

static char *
describe (SnugRawPeer *peer, const char *expected)
{
  guint8 opcode = 0;
  gsize size = 0;
  g_autofree char *payload = snug_raw_peer_await_frame (peer, &opcode, &size);

  if (payload == NULL)
    return g_strdup ("the end");
  if (opcode == 0x1)
    return g_strdup ("text");
  if (opcode == 0x8)
    return g_strdup_printf ("%u", size >= 2 ? (guint) (guint8) payload[0] << 8 | (guint8) payload[1] : 1005);
  if (opcode == 0xa && g_str_has_prefix (expected, "pong"))
    {
      g_autoptr (GByteArray) awaited = read_payload (expected + strlen ("pong"));

      g_assert_cmpmem (payload, size, awaited->data, awaited->len);
      return g_strdup (expected);
    }
  return g_strdup_printf ("a frame of opcode %u", opcode);
}

static void
test_case (gconstpointer data)
{
  const Case *one = data;
  SnugServer *server = snug_server_fixture_start ();
  SnugRawPeer *peer = snug_server_fixture_connect (server);
  g_auto (GStrv) answers = g_strsplit (one->answers, " ", -1);
  gboolean closed = FALSE;

  send_frames (peer, one->frames);
  for (guint i = 0; answers[i] != NULL; i++)
    {
      g_autofree char *answer = describe (peer, answers[i]);
      g_auto (GStrv) good = g_strsplit (answers[i], "|", -1);

      g_test_message ("%s: %s", one->frames, answer);
      g_assert_true (g_strv_contains ((const char *const *) good, answer));
      closed = g_ascii_isdigit (*answer);
    }
  /* Whom the server has closed on is waited for, a second at most. */
  if (closed && g_str_has_prefix (one->name, "7.1"))
    {
      g_autofree char *rest = describe (peer, "");

      g_assert_cmpstr (rest, ==, "the end");
    }
  if (!closed)
    {
      g_autofree char *answer = NULL;

      snug_raw_peer_send_frame (peer, 0x89, "still there", strlen ("still there"));
      answer = describe (peer, "pong:7374696c6c207468657265");
      g_assert_cmpstr (answer, ==, "pong:7374696c6c207468657265");
    }
  snug_raw_peer_free (peer);
  snug_server_fixture_stop (server);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/server-rfc6455/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  return g_test_run ();
}
