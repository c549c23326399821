/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-event-text.h"

#include <math.h>
#include <string.h>

static const char *
get_string (JsonObject *event, const char *member)
{
  return json_object_get_string_member_with_default (event, member, "");
}

/* NAN for null. */
static double
get_double (JsonObject *event, const char *member)
{
  if (!json_object_has_member (event, member) || json_object_get_null_member (event, member))
    return NAN;

  return json_object_get_double_member (event, member);
}

static gboolean
is (JsonObject *event, const char *member, const char *value)
{
  return strcmp (get_string (event, member), value) == 0;
}

static char *
format_state (JsonObject *event)
{
  if (is (event, "state", "joining"))
    return g_strdup ("Joining...");
  if (is (event, "state", "joined"))
    return g_strdup ("In the room.");
  if (is (event, "state", "leaving"))
    return g_strdup ("Leaving...");

  return NULL;
}

static char *
format_peer (JsonObject *event, const char *name)
{
  if (is (event, "change", "joined"))
    return g_strdup_printf ("%s is here.", name);
  if (is (event, "change", "left"))
    return g_strdup_printf ("%s left.", name);
  if (is (event, "change", "state") && is (event, "state", "interrupted"))
    return g_strdup_printf ("The connection to %s is interrupted.", name);

  return NULL;
}

static char *
format_connected (JsonObject *event, const char *name)
{
  const char *path = get_string (event, "path");
  const char *protocol = get_string (event, "protocol");

  if (*path == '\0')
    return g_strdup_printf ("Connected to %s.", name);

  return g_strdup_printf ("Connected to %s: %s, over %s.", name, path, protocol);
}

static char *
format_chat (JsonObject *event, const char *name)
{
  if (json_object_get_boolean_member_with_default (event, "outgoing", FALSE))
    return g_strdup_printf ("You: %s", get_string (event, "text"));

  return g_strdup_printf ("%s: %s", name, get_string (event, "text"));
}

static char *
format_file (JsonObject *event, const char *name)
{
  const char *file = get_string (event, "file");
  gboolean outgoing = json_object_get_boolean_member_with_default (event, "outgoing", FALSE);
  double size = get_double (event, "size");

  if (is (event, "state", "offered") && !outgoing)
    return g_strdup_printf ("%s offers %s, %.1f MB.", name, file, size / 1e6);
  if (is (event, "state", "active"))
    return g_strdup_printf ("%s: %.0f %%, %.1f MB a second.", file,
                            size > 0 ? 100 * get_double (event, "transferred") / size : 100.0,
                            get_double (event, "bytes_per_second") / 1e6);
  if (is (event, "state", "failed"))
    return g_strdup_printf ("%s: %s.", file, get_string (event, "message"));

  return g_strdup_printf ("%s: %s.", file, get_string (event, "state"));
}

static char *
format_code (JsonObject *event, const char *name)
{
  if (is (event, "state", "confirmed"))
    return g_strdup_printf ("%s is confirmed.", name);
  if (is (event, "state", "different"))
    return g_strdup_printf ("The code of %s differs: somebody may sit between you.", name);
  if (is (event, "state", "broken"))
    return g_strdup_printf ("%s shows something else than it promised: there is no code to compare.", name);

  return g_strdup_printf ("Compare with %s: %s  %s", name, get_string (event, "emoji"), get_string (event, "words"));
}

static char *
format_stats (JsonObject *event, const char *name)
{
  GString *text = g_string_new (name);
  double round_trip = get_double (event, "round_trip_seconds");
  double received = get_double (event, "received_bits_per_second");
  double sent = get_double (event, "sent_bits_per_second");
  double loss = get_double (event, "received_loss_fraction");
  double width = get_double (event, "received_width");
  double height = get_double (event, "received_height");
  double rate = get_double (event, "received_frames_per_second");

  g_string_append_c (text, ':');
  if (!isnan (round_trip))
    g_string_append_printf (text, " round trip %.0f ms,", round_trip * 1000);
  if (!isnan (received))
    g_string_append_printf (text, " in %.0f kbit/s,", received / 1000);
  if (!isnan (sent))
    g_string_append_printf (text, " out %.0f kbit/s,", sent / 1000);
  if (!isnan (loss))
    g_string_append_printf (text, " loss %.1f %%,", loss * 100);
  if (width > 0 && !isnan (rate))
    g_string_append_printf (text, " %.0fx%.0f at %.0f a second,", width, height, rate);
  g_string_truncate (text, text->len - 1);

  return g_string_free (text, FALSE);
}

static char *
format_event (JsonObject *event, const char *name)
{
  if (is (event, "event", "ready"))
    return g_strdup ("Ready: press Return to join.");
  if (is (event, "event", "state"))
    return format_state (event);
  if (is (event, "event", "peer"))
    return format_peer (event, name);
  if (is (event, "event", "connected"))
    return format_connected (event, name);
  if (is (event, "event", "first-frame"))
    return g_strdup_printf (is (event, "media", "video")    ? "You see %s."
                            : is (event, "media", "screen") ? "You see the screen of %s."
                                                            : "You hear %s.",
                            name);
  if (is (event, "event", "screen-share"))
    return is (event, "state", "sharing") ? g_strdup ("Your screen is shared.")
           : is (event, "state", "off")   ? g_strdup ("Your screen is not shared any more.")
                                          : NULL;
  if (is (event, "event", "chat"))
    return format_chat (event, name);
  if (is (event, "event", "chat-state") && is (event, "state", "not-sent"))
    return g_strdup_printf ("Nobody got: %s", get_string (event, "text"));
  if (is (event, "event", "hand"))
    return g_strdup_printf (json_object_get_boolean_member_with_default (event, "raised", FALSE)
                                ? "%s raises a hand."
                                : "%s takes the hand down.",
                            name);
  if (is (event, "event", "reaction"))
    return g_strdup_printf ("%s: %s", name, get_string (event, "emoji"));
  if (is (event, "event", "code"))
    return format_code (event, name);
  if (is (event, "event", "file"))
    return format_file (event, name);
  if (is (event, "event", "recording"))
    return g_strdup_printf ("Wrote %.0f blocks of %s, dropped %.0f.", get_double (event, "written"),
                            get_string (event, "media"), get_double (event, "dropped"));
  if (is (event, "event", "stats"))
    return format_stats (event, name);
  if (is (event, "event", "error"))
    {
      if (is (event, "source", "peer"))
        return g_strdup_printf ("%s: %s.", name, get_string (event, "message"));
      return g_strdup_printf ("%s.", get_string (event, "message"));
    }
  if (is (event, "event", "left"))
    return is (event, "state", "left") ? g_strdup ("Left the room.") : NULL;

  return NULL;
}

/* Others chose their names and words: nothing of them may speak to the terminal. */
static char *
disarm (const char *text)
{
  GString *clean = g_string_new (NULL);

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      if (character == '\n' || character == '\t')
        g_string_append_c (clean, ' ');
      else if (g_unichar_iscntrl (character)
               || (g_unichar_type (character) == G_UNICODE_FORMAT && character != 0x200d))
        g_string_append (clean, "\xef\xbf\xbd");
      else
        g_string_append_unichar (clean, character);
    }

  return g_string_free (clean, FALSE);
}

char *
snug_event_text_format (JsonObject *event, const char *name)
{
  g_autofree char *sentence = NULL;

  g_return_val_if_fail (event != NULL, NULL);

  sentence = format_event (event, name != NULL ? name : "Somebody");

  return sentence != NULL ? disarm (sentence) : NULL;
}
