/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-error-text.h"

#include "snug-description-text.h"
#include "snug-engine.h"
#include "snug-link.h"
#include "snug-protocol.h"
#include "snug-signaling.h"

#include <glib/gi18n.h>

typedef struct
{
  int code;
  SnugErrorText text;
} Row;

#define NOT_UNDERSTOOD N_ ("The meeting point was not understood"), \
  N_ ("It sent something that Snug cannot read. Update Snug, or ask whoever runs the meeting point.")
#define REFUSED N_ ("The meeting point refused the call"), \
  N_ ("It did not accept what Snug sent. Update Snug, or ask whoever runs the meeting point.")
#define NOT_CONNECTED N_ ("You and %s could not be connected")

static const Row call_rows[] = {
  { SNUG_CALL_ERROR_FAILED,
    { N_ ("Something in Snug failed"), N_ ("The call could not go on. Please try again."), SNUG_REMEDY_NONE } },
  { SNUG_CALL_ERROR_MISSING_PLUGIN,
    { N_ ("A part of Snug is missing"),
      N_ ("Calls need GStreamer plugins that are not installed here. The report below names them."),
      SNUG_REMEDY_NONE } },
  { SNUG_CALL_ERROR_NO_ROUTE,
    { NOT_CONNECTED, N_ ("Both of you reached the room, but your network did not let the call through."),
      SNUG_REMEDY_NETWORK } },
  { SNUG_CALL_ERROR_CERTIFICATE_MISMATCH,
    { N_ ("The call with %s was not safe"),
      N_ ("Somebody on the way may be listening, so Snug stopped. No sound, picture or message was sent."),
      SNUG_REMEDY_NONE } },
  { SNUG_CALL_ERROR_BAD_DESCRIPTION,
    { NOT_CONNECTED, N_ ("The other side offered a kind of call that Snug does not accept. Update both sides."),
      SNUG_REMEDY_NONE } },
  { SNUG_CALL_ERROR_BAD_MESSAGE,
    { NOT_CONNECTED, N_ ("The other side sent something that Snug cannot read. Update both sides."),
      SNUG_REMEDY_NONE } },
  { SNUG_CALL_ERROR_NO_ANSWER,
    { NOT_CONNECTED, N_ ("The other side did not answer. It may have lost its network. Please try again."),
      SNUG_REMEDY_NONE } },
  { SNUG_CALL_ERROR_REFUSED_BY_PEER,
    { NOT_CONNECTED, N_ ("The other side closed the connection. Please try again."), SNUG_REMEDY_NONE } },
  { SNUG_CALL_ERROR_LOST,
    { N_ ("The connection to %s was lost"), N_ ("Nothing came through any more. Check your network and try again."),
      SNUG_REMEDY_NETWORK } },
  { SNUG_CALL_ERROR_ICE_SERVER,
    { N_ ("A server address cannot be used"),
      N_ ("Write stun:host, turn:host or turns:host."), SNUG_REMEDY_NETWORK } },
};

#define NO_GOOD_LINK N_ ("This link cannot be used")

static const Row link_rows[] = {
  { SNUG_LINK_ERROR_SCHEME,
    { NO_GOOD_LINK,
      N_ ("This is no link into a room. Those begin with snug:// or with https:// and have /r# before the room."),
      SNUG_REMEDY_NONE } },
  { SNUG_LINK_ERROR_TOO_LONG,
    { NO_GOOD_LINK, N_ ("This link is far too long to lead into a room."), SNUG_REMEDY_NONE } },
  { SNUG_LINK_ERROR_CHARACTERS,
    { NO_GOOD_LINK, N_ ("This link has characters that no link has. Perhaps somebody has tampered with it."),
      SNUG_REMEDY_NONE } },
  { SNUG_LINK_ERROR_MALFORMED,
    { NO_GOOD_LINK, N_ ("This link is damaged. Ask for it once more."), SNUG_REMEDY_NONE } },
  { SNUG_LINK_ERROR_USER,
    { NO_GOOD_LINK, N_ ("This link has a user name in it, as links have that pretend to lead elsewhere. Snug does not follow it."),
      SNUG_REMEDY_NONE } },
  { SNUG_LINK_ERROR_NO_ROOM,
    { NO_GOOD_LINK, N_ ("This link does not name a room that Snug can go to."), SNUG_REMEDY_NONE } },
  { SNUG_LINK_ERROR_MORE,
    { NO_GOOD_LINK, N_ ("This link asks for more than a room. Snug does not follow it."), SNUG_REMEDY_NONE } },
  { SNUG_LINK_ERROR_PLAIN,
    { NO_GOOD_LINK, N_ ("Anybody on the way could have changed where this link leads. Ask for one that begins with https://."),
      SNUG_REMEDY_NONE } },
};

static const Row signaling_rows[] = {
  { SNUG_SIGNALING_ERROR_ADDRESS,
    { N_ ("The meeting point’s address is not right"),
      N_ ("Write it like meet.example.org. You can change it in Preferences."), SNUG_REMEDY_SERVER } },
  { SNUG_SIGNALING_ERROR_UNREACHABLE,
    { N_ ("The meeting point cannot be reached"),
      N_ ("The meeting point cannot be reached. Check your connection."), SNUG_REMEDY_SERVER } },
  { SNUG_SIGNALING_ERROR_TIMED_OUT,
    { N_ ("The meeting point does not answer"),
      N_ ("It is there, but it took too long. Try again in a moment."), SNUG_REMEDY_SERVER } },
  { SNUG_SIGNALING_ERROR_TLS,
    { N_ ("The meeting point is not who it says it is"),
      N_ ("Its certificate is not accepted, so Snug did not connect. Ask whoever runs it."), SNUG_REMEDY_SERVER } },
  { SNUG_SIGNALING_ERROR_NOT_SNUG,
    { N_ ("This is not a meeting point for Snug"),
      N_ ("Something else answers at this address, or a version that does not fit yours."), SNUG_REMEDY_SERVER } },
  { SNUG_SIGNALING_ERROR_LOST,
    { N_ ("The meeting point went away"),
      N_ ("The connection to it was closed. Check your connection and try again."), SNUG_REMEDY_NONE } },
  { SNUG_SIGNALING_ERROR_FLOODED,
    { N_ ("The meeting point sent too much"),
      N_ ("It sent more than it may, so Snug closed the connection. Try another one."), SNUG_REMEDY_SERVER } },
  { SNUG_SIGNALING_ERROR_NO_DISCOVERY,
    { N_ ("Others on this network cannot be found"),
      /* Translators: Avahi is the name of a program */
      N_ ("Avahi, which finds them, does not run on this computer, or Snug may not use it. Start it, set a server as meeting "
          "point, or connect by hand: that is in the main menu."),
      SNUG_REMEDY_SERVER } },
  { SNUG_SIGNALING_ERROR_HOST_LEFT,
    { N_ ("Another computer takes over the room"), N_ ("Your call goes on meanwhile."), SNUG_REMEDY_NONE } },
};

static const Row protocol_rows[] = {
  { SNUG_PROTOCOL_ERROR_NOT_UTF8, { NOT_UNDERSTOOD, SNUG_REMEDY_SERVER } },
  { SNUG_PROTOCOL_ERROR_NOT_JSON, { NOT_UNDERSTOOD, SNUG_REMEDY_SERVER } },
  { SNUG_PROTOCOL_ERROR_TOO_LARGE, { NOT_UNDERSTOOD, SNUG_REMEDY_SERVER } },
  { SNUG_PROTOCOL_ERROR_UNKNOWN_TYPE, { NOT_UNDERSTOOD, SNUG_REMEDY_SERVER } },
  { SNUG_PROTOCOL_ERROR_MISSING_FIELD, { NOT_UNDERSTOOD, SNUG_REMEDY_SERVER } },
  { SNUG_PROTOCOL_ERROR_BAD_FIELD, { NOT_UNDERSTOOD, SNUG_REMEDY_SERVER } },
  { SNUG_PROTOCOL_ERROR_VERSION,
    { N_ ("The versions do not fit"),
      N_ ("The meeting point speaks another version than this Snug. Update the older of the two."),
      SNUG_REMEDY_SERVER } },
  { SNUG_PROTOCOL_ERROR_ROOM_NAME,
    { N_ ("The room name was not accepted"), N_ ("Use letters, digits and hyphens."), SNUG_REMEDY_ROOM } },
  { SNUG_PROTOCOL_ERROR_DISPLAY_NAME,
    { N_ ("Your name was not accepted"), N_ ("Use 1 to 64 characters."), SNUG_REMEDY_ROOM } },
  { SNUG_PROTOCOL_ERROR_ROOM_FULL,
    { N_ ("This room is full"), N_ ("This room is full. Eight people are already in."), SNUG_REMEDY_ROOM } },
  { SNUG_PROTOCOL_ERROR_ALREADY_JOINED, { REFUSED, SNUG_REMEDY_NONE } },
  { SNUG_PROTOCOL_ERROR_NOT_JOINED, { REFUSED, SNUG_REMEDY_NONE } },
  { SNUG_PROTOCOL_ERROR_NO_SUCH_PEER,
    { N_ ("That person is not in the room any more"), N_ ("The call could not be set up. Please try again."),
      SNUG_REMEDY_NONE } },
  { SNUG_PROTOCOL_ERROR_RATE_LIMITED,
    { N_ ("The meeting point asked for a pause"),
      N_ ("Too much was sent at once, so it closed the connection. Try again in a moment."), SNUG_REMEDY_NONE } },
  { SNUG_PROTOCOL_ERROR_JOIN_TIMEOUT,
    { N_ ("Joining took too long"),
      N_ ("The meeting point did not wait any longer. Check your connection and try again."), SNUG_REMEDY_NONE } },
  { SNUG_PROTOCOL_ERROR_SHUTTING_DOWN,
    { N_ ("The meeting point was shut down"),
      N_ ("Whoever runs it has turned it off or is updating it. Try again in a moment."), SNUG_REMEDY_NONE } },
  { SNUG_PROTOCOL_ERROR_NOT_ALLOWED,
    { N_ ("This meeting point is not open to everybody"),
      N_ ("Ask whoever runs it for an address with an invitation in it that is good for this room."),
      SNUG_REMEDY_SERVER } },
  { SNUG_PROTOCOL_ERROR_UNREACHABLE, { REFUSED, SNUG_REMEDY_NONE } },
  { SNUG_PROTOCOL_ERROR_OTHER, { REFUSED, SNUG_REMEDY_NONE } },
};

/* Of a text that somebody pasted. */
static const Row pasted_rows[] = {
  { SNUG_DESCRIPTION_TEXT_ERROR_EMPTY,
    { N_ ("There is nothing to read"), N_ ("Copy the whole text that you were sent, and paste it here."),
      SNUG_REMEDY_NONE } },
  { SNUG_DESCRIPTION_TEXT_ERROR_FOREIGN,
    { N_ ("This is neither an invitation nor an answer"), N_ ("Copy the whole text that you were sent, and nothing else."),
      SNUG_REMEDY_NONE } },
  { SNUG_DESCRIPTION_TEXT_ERROR_LINK,
    { N_ ("This is a link to a room"), N_ ("Go back and paste it where the name of the room goes."), SNUG_REMEDY_NONE } },
  { SNUG_DESCRIPTION_TEXT_ERROR_TOO_LARGE,
    { N_ ("This text is too long"), N_ ("No invitation is as long as that. Copy only the text that you were sent."),
      SNUG_REMEDY_NONE } },
  { SNUG_DESCRIPTION_TEXT_ERROR_TRUNCATED,
    { N_ ("The end of the text is missing"), N_ ("Copy all of it, from the first character to the last."),
      SNUG_REMEDY_NONE } },
  { SNUG_DESCRIPTION_TEXT_ERROR_MISTYPED,
    { N_ ("The text was changed on the way"), N_ ("A character in it is wrong. Copy it again, or have it sent again."),
      SNUG_REMEDY_NONE } },
  { SNUG_DESCRIPTION_TEXT_ERROR_BOMB,
    { N_ ("This text is not safe"),
      N_ ("It would unpack to far more than an invitation holds, so Snug did not. Do not trust where it came from."),
      SNUG_REMEDY_NONE } },
  { SNUG_DESCRIPTION_TEXT_ERROR_VERSION,
    { N_ ("This text is from a newer Snug"), N_ ("Update Snug on this computer to read it."), SNUG_REMEDY_NONE } },
  { SNUG_DESCRIPTION_TEXT_ERROR_MALFORMED,
    { N_ ("There is no call in this text"), N_ ("It looks like an invitation, but it is broken. Ask for another one."),
      SNUG_REMEDY_NONE } },
  { SNUG_DESCRIPTION_TEXT_ERROR_NOT_OFFER,
    { N_ ("This is an answer"), N_ ("It belongs where the invitation was made. Paste an invitation here."),
      SNUG_REMEDY_NONE } },
  { SNUG_DESCRIPTION_TEXT_ERROR_NOT_ANSWER,
    { N_ ("This is an invitation"),
      N_ ("Paste here what the other side sends back to yours, or go back and answer this one."), SNUG_REMEDY_NONE } },
  { SNUG_DESCRIPTION_TEXT_ERROR_OWN,
    { N_ ("This is your own invitation"), N_ ("Send it to the other person, and paste here what comes back."),
      SNUG_REMEDY_NONE } },
  { SNUG_DESCRIPTION_TEXT_ERROR_OTHER,
    { N_ ("This answers another invitation"), N_ ("Ask the other person to answer the one that is shown here."),
      SNUG_REMEDY_NONE } },
};

static const Row camera_rows[] = {
  { SNUG_MEDIA_ERROR_FAILED,
    { N_ ("No picture"), N_ ("The camera does not work. You can join with sound only."), SNUG_REMEDY_DEVICES } },
  { SNUG_MEDIA_ERROR_NO_DEVICE,
    { N_ ("No picture"), N_ ("No camera was found. You can join with sound only."), SNUG_REMEDY_NONE } },
  { SNUG_MEDIA_ERROR_DENIED,
    { N_ ("No picture"), N_ ("Snug may not use the camera. Allow it in Settings."), SNUG_REMEDY_NONE } },
  { SNUG_MEDIA_ERROR_BUSY,
    { N_ ("No picture"), N_ ("Another program is using the camera."), SNUG_REMEDY_DEVICES } },
  { SNUG_MEDIA_ERROR_NO_FRAMES,
    { N_ ("No picture"), N_ ("The camera sends no picture. Unplug it and plug it in again."), SNUG_REMEDY_DEVICES } },
  { SNUG_MEDIA_ERROR_FILE, { N_ ("No picture"), N_ ("The video file cannot be read."), SNUG_REMEDY_NONE } },
  { SNUG_MEDIA_ERROR_MISSING_PLUGIN,
    { N_ ("No picture"), N_ ("A GStreamer plugin for the camera is not installed."), SNUG_REMEDY_NONE } },
  { SNUG_MEDIA_ERROR_SPEC, { N_ ("No picture"), N_ ("This cannot be used as a camera."), SNUG_REMEDY_NONE } },
};

static const Row microphone_rows[] = {
  { SNUG_MEDIA_ERROR_FAILED,
    { N_ ("No sound from you"), N_ ("The microphone does not work. The others will not hear you."),
      SNUG_REMEDY_DEVICES } },
  { SNUG_MEDIA_ERROR_NO_DEVICE,
    { N_ ("No sound from you"), N_ ("No microphone was found. The others will not hear you."), SNUG_REMEDY_NONE } },
  { SNUG_MEDIA_ERROR_DENIED,
    { N_ ("No sound from you"), N_ ("Snug may not use the microphone. Allow it in Settings."), SNUG_REMEDY_NONE } },
  { SNUG_MEDIA_ERROR_BUSY,
    { N_ ("No sound from you"), N_ ("Another program is using the microphone."), SNUG_REMEDY_DEVICES } },
  { SNUG_MEDIA_ERROR_NO_FRAMES,
    { N_ ("No sound from you"), N_ ("The microphone sends no sound. Unplug it and plug it in again."),
      SNUG_REMEDY_DEVICES } },
  { SNUG_MEDIA_ERROR_FILE, { N_ ("No sound from you"), N_ ("The sound file cannot be read."), SNUG_REMEDY_NONE } },
  { SNUG_MEDIA_ERROR_MISSING_PLUGIN,
    { N_ ("No sound from you"), N_ ("A GStreamer plugin for the microphone is not installed."), SNUG_REMEDY_NONE } },
  { SNUG_MEDIA_ERROR_SPEC,
    { N_ ("No sound from you"), N_ ("This cannot be used as a microphone."), SNUG_REMEDY_NONE } },
};

static const Row speaker_rows[] = {
  { SNUG_MEDIA_ERROR_FAILED,
    { N_ ("No sound"), N_ ("The speakers do not work. Choose others in Preferences."), SNUG_REMEDY_DEVICES } },
  { SNUG_MEDIA_ERROR_NO_DEVICE,
    { N_ ("No sound"), N_ ("No speakers were found. You will not hear the others."), SNUG_REMEDY_NONE } },
  { SNUG_MEDIA_ERROR_DENIED,
    { N_ ("No sound"), N_ ("Snug may not use the speakers. Allow it in Settings."), SNUG_REMEDY_NONE } },
  { SNUG_MEDIA_ERROR_BUSY,
    { N_ ("No sound"), N_ ("Another program is using the speakers."), SNUG_REMEDY_DEVICES } },
  { SNUG_MEDIA_ERROR_NO_FRAMES,
    { N_ ("No sound"), N_ ("The speakers take no sound. Choose others in Preferences."), SNUG_REMEDY_DEVICES } },
  { SNUG_MEDIA_ERROR_FILE, { N_ ("No sound"), N_ ("The sound file cannot be read."), SNUG_REMEDY_NONE } },
  { SNUG_MEDIA_ERROR_MISSING_PLUGIN,
    { N_ ("No sound"), N_ ("A GStreamer plugin for the speakers is not installed."), SNUG_REMEDY_NONE } },
  { SNUG_MEDIA_ERROR_SPEC, { N_ ("No sound"), N_ ("These cannot be used as speakers."), SNUG_REMEDY_NONE } },
};

#define NO_SCREEN N_ ("Your screen is not shared")

static const Row screen_rows[] = {
  { SNUG_MEDIA_ERROR_FAILED, { NO_SCREEN, N_ ("Your desktop ended the sharing of your screen."), SNUG_REMEDY_NONE } },
  { SNUG_MEDIA_ERROR_NO_DEVICE,
    { NO_SCREEN, N_ ("This desktop offers no way to share the screen."), SNUG_REMEDY_NONE } },
  { SNUG_MEDIA_ERROR_DENIED, { NO_SCREEN, N_ ("Snug may not see the screen. Allow it in Settings."), SNUG_REMEDY_NONE } },
  { SNUG_MEDIA_ERROR_BUSY, { NO_SCREEN, N_ ("Another program is using the screen."), SNUG_REMEDY_NONE } },
  { SNUG_MEDIA_ERROR_NO_FRAMES, { NO_SCREEN, N_ ("Your desktop sends no picture of the screen."), SNUG_REMEDY_NONE } },
  { SNUG_MEDIA_ERROR_FILE, { NO_SCREEN, N_ ("The video file cannot be read."), SNUG_REMEDY_NONE } },
  { SNUG_MEDIA_ERROR_MISSING_PLUGIN,
    { NO_SCREEN, N_ ("A GStreamer plugin for the screen is not installed."), SNUG_REMEDY_NONE } },
  { SNUG_MEDIA_ERROR_SPEC, { NO_SCREEN, N_ ("This cannot be shared as a screen."), SNUG_REMEDY_NONE } },
};

static const Row *
find_row (const Row *rows, gsize n_rows, int code)
{
  for (gsize i = 0; i < n_rows; i++)
    if (rows[i].code == code)
      return &rows[i];
  return NULL;
}

#define FIND(rows, code) find_row (rows, G_N_ELEMENTS (rows), code)

SnugErrorText
snug_error_text_lookup (const GError *error, SnugErrorSubject subject, gboolean *known)
{
  const Row *row = NULL;
  SnugErrorText text;

  if (error == NULL)
    ;
  else if (error->domain == SNUG_CALL_ERROR)
    row = FIND (call_rows, error->code);
  else if (error->domain == SNUG_SIGNALING_ERROR)
    row = FIND (signaling_rows, error->code);
  else if (error->domain == SNUG_PROTOCOL_ERROR)
    row = FIND (protocol_rows, error->code);
  else if (error->domain == SNUG_LINK_ERROR)
    row = FIND (link_rows, error->code);
  else if (error->domain == SNUG_DESCRIPTION_TEXT_ERROR)
    row = FIND (pasted_rows, error->code);
  else if (error->domain == SNUG_MEDIA_ERROR && subject == SNUG_ERROR_TEXT_MICROPHONE)
    row = FIND (microphone_rows, error->code);
  else if (error->domain == SNUG_MEDIA_ERROR && subject == SNUG_ERROR_TEXT_SCREEN)
    row = FIND (screen_rows, error->code);
  else if (error->domain == SNUG_MEDIA_ERROR && subject == SNUG_ERROR_TEXT_SPEAKER)
    row = FIND (speaker_rows, error->code);
  else if (error->domain == SNUG_MEDIA_ERROR)
    row = FIND (camera_rows, error->code);

  if (known != NULL)
    *known = row != NULL;
  text = row != NULL ? row->text : call_rows[0].text;
  text.title = gettext (text.title);
  text.sentence = gettext (text.sentence);
  return text;
}

char *
snug_error_text_title (const SnugErrorText *text, const char *other_name)
{
  const char *place = strstr (text->title, "%s");
  g_autoptr (GString) title = NULL;

  if (place == NULL)
    return g_strdup (text->title);
  /* Not as a format: the text comes from a translation and the name from somebody else. */
  title = g_string_new_len (text->title, place - text->title);
  g_string_append (title, other_name != NULL ? other_name : _ ("the other side"));
  g_string_append (title, place + strlen ("%s"));
  return g_string_free (g_steal_pointer (&title), FALSE);
}
