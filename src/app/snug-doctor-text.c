/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-doctor-text.h"

#include <glib/gi18n.h>

#define ASK_SERVER N_ ("Ask whoever runs the meeting point.")
#define ASK_RELAY N_ ("Ask whoever runs the relay, or use another one.")
#define CHECK_SPELLING N_ ("Check how it is written.")
#define CHECK_PORT N_ ("Check the address and the port.")
#define INSTALL N_ ("Install the packages that are named here.")
#define GET_RELAY N_ ("Calls to people outside this network will fail. Set up a relay, or use another network.")
#define REPLUG N_ ("Unplug it and plug it in again, or choose another one.")
#define ALLOW N_ ("Allow it in the settings of your system.")
#define CLOSE_OTHER N_ ("Close the other program.")

static const SnugDoctorText texts[SNUG_DOCTOR_N_CODES] = {
  [SNUG_DOCTOR_PLUGIN] = { N_ ("A part of Snug is missing"), INSTALL, SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_NO_NETWORK] = { N_ ("This computer is in no network"), N_ ("Connect it to a network."), SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_OFFLINE] = { N_ ("Nothing outside this network answers"),
                            N_ ("Check the router or the cable. On a public network, open a web page and log in there."),
                            SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_CLOCK] = { N_ ("This computer’s clock is wrong"),
                          N_ ("Certificates and passwords look as if their time were over. Let the system set the time."),
                          SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_NO_SERVER] = { N_ ("No meeting point is set"), N_ ("Write its address in Preferences."), SNUG_REMEDY_SERVER },
  [SNUG_DOCTOR_SERVER_ADDRESS] = { N_ ("The meeting point’s address is not right"), CHECK_SPELLING, SNUG_REMEDY_SERVER },
  [SNUG_DOCTOR_SERVER_NAME] = { N_ ("The meeting point’s name is not known"), CHECK_SPELLING, SNUG_REMEDY_SERVER },
  [SNUG_DOCTOR_SERVER_REFUSED] = { N_ ("Nothing answers at the meeting point’s address"),
                                   N_ ("It does not run, or its port is another one. Ask whoever runs it."), SNUG_REMEDY_SERVER },
  [SNUG_DOCTOR_SERVER_UNREACHABLE] = { N_ ("There is no way from this network to the meeting point"),
                                       N_ ("Use another network, or ask whoever looks after this one."), SNUG_REMEDY_SERVER },
  [SNUG_DOCTOR_SERVER_SILENT] = { N_ ("The meeting point does not answer"), ASK_SERVER, SNUG_REMEDY_SERVER },
  [SNUG_DOCTOR_SERVER_PROXY] = { N_ ("The proxy of this network does not let Snug through"),
                                 N_ ("Ask whoever looks after this network."), SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_SERVER_NO_TLS] = { N_ ("What answers at the meeting point’s address is not encrypted"), CHECK_PORT,
                                  SNUG_REMEDY_SERVER },
  [SNUG_DOCTOR_SERVER_EXPIRED] = { N_ ("The meeting point’s certificate has expired"), ASK_SERVER, SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_SERVER_NOT_YET] = { N_ ("The meeting point’s certificate is not valid yet"),
                                   N_ ("Check this computer’s clock."), SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_SERVER_OTHER_NAME] = { N_ ("The meeting point’s certificate belongs to somebody else"),
                                      N_ ("Check the address: somebody may be in between."), SNUG_REMEDY_SERVER },
  [SNUG_DOCTOR_SERVER_UNKNOWN_ISSUER] = { N_ ("Nobody vouches for the meeting point’s certificate"), ASK_SERVER,
                                          SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_SERVER_CERTIFICATE] = { N_ ("The meeting point’s certificate is not accepted"), ASK_SERVER, SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_SERVER_NOT_SNUG] = { N_ ("This is not a meeting point for Snug"), CHECK_PORT, SNUG_REMEDY_SERVER },
  [SNUG_DOCTOR_SERVER_VERSION] = { N_ ("The meeting point speaks another version"),
                                   N_ ("Update Snug, or ask whoever runs the meeting point."), SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_SERVER_NOT_ALLOWED] = { N_ ("The meeting point does not let you in"),
                                       N_ ("Ask whoever runs it for an address that does."), SNUG_REMEDY_SERVER },
  [SNUG_DOCTOR_SERVER_BUSY] = { N_ ("The meeting point takes nobody at the moment"), N_ ("Try again in a few minutes."),
                                SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_SERVER_REFUSES] = { N_ ("The meeting point refused the call"), ASK_SERVER, SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_UDP_BLOCKED_NO_RELAY] = { N_ ("Your network blocks UDP, and no relay can be reached without it"), GET_RELAY,
                                         SNUG_REMEDY_NETWORK },
  [SNUG_DOCTOR_ONLY_WEB] = { N_ ("Your network lets nothing out but the web, and no relay is there"), GET_RELAY,
                             SNUG_REMEDY_NETWORK },
  [SNUG_DOCTOR_NAT_NO_RELAY] = { N_ ("Your network hides this computer well, and no relay is set up"),
                                 N_ ("Calls to people in networks like yours will fail. Set up a relay, or use another network."),
                                 SNUG_REMEDY_NETWORK },
  [SNUG_DOCTOR_RELAY_ADDRESS] = { N_ ("A relay’s address cannot be used"), CHECK_SPELLING, SNUG_REMEDY_NETWORK },
  [SNUG_DOCTOR_RELAY_NAME] = { N_ ("A relay’s name is not known"), CHECK_SPELLING, SNUG_REMEDY_NETWORK },
  [SNUG_DOCTOR_RELAY_DOWN] = { N_ ("A relay does not answer"), ASK_RELAY, SNUG_REMEDY_NETWORK },
  [SNUG_DOCTOR_RELAY_CERTIFICATE] = { N_ ("A relay’s certificate is not accepted"), ASK_RELAY, SNUG_REMEDY_NETWORK },
  [SNUG_DOCTOR_RELAY_CREDENTIALS] = { N_ ("A relay does not accept the user name and password"),
                                      N_ ("Check both, or ask whoever runs the relay."), SNUG_REMEDY_NETWORK },
  [SNUG_DOCTOR_RELAY_FULL] = { N_ ("A relay has no place left"), N_ ("Try again in a few minutes."), SNUG_REMEDY_NETWORK },
  [SNUG_DOCTOR_RELAY_NO_WAY_OUT] = { N_ ("Nothing that a relay sends arrives anywhere"), ASK_RELAY, SNUG_REMEDY_NETWORK },
  [SNUG_DOCTOR_RELAY_GARBAGE] = { N_ ("What answers at a relay’s address is no relay"), CHECK_PORT, SNUG_REMEDY_NETWORK },
  [SNUG_DOCTOR_RELAY_REFUSES] = { N_ ("A relay refuses"), ASK_RELAY, SNUG_REMEDY_NETWORK },
  [SNUG_DOCTOR_STUN_ADDRESS] = { N_ ("A STUN server’s address cannot be used"), CHECK_SPELLING, SNUG_REMEDY_NETWORK },
  [SNUG_DOCTOR_STUN_NAME] = { N_ ("A STUN server’s name is not known"), CHECK_SPELLING, SNUG_REMEDY_NETWORK },
  [SNUG_DOCTOR_STUN_DOWN] = { N_ ("A STUN server does not answer"),
                              N_ ("People outside this network may not be reached directly. Use another STUN server."),
                              SNUG_REMEDY_NETWORK },
  [SNUG_DOCTOR_STUN_GARBAGE] = { N_ ("What answers at a STUN server’s address is none"), CHECK_PORT, SNUG_REMEDY_NETWORK },
  [SNUG_DOCTOR_CALL_DIRECT] = { N_ ("Snug cannot call itself on this computer"),
                                N_ ("Check this computer’s firewall. The details say what happened."), SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_CALL_RELAY] = { N_ ("Snug cannot call itself through the relay"), ASK_RELAY, SNUG_REMEDY_NETWORK },
  [SNUG_DOCTOR_NO_CAMERA] = { N_ ("No camera was found"), N_ ("Plug one in, or join with sound only."), SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_CAMERA_DENIED] = { N_ ("Snug may not use the camera"), ALLOW, SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_CAMERA_BUSY] = { N_ ("Another program is using the camera"), CLOSE_OTHER, SNUG_REMEDY_DEVICES },
  [SNUG_DOCTOR_CAMERA_SILENT] = { N_ ("The camera sends no picture"), REPLUG, SNUG_REMEDY_DEVICES },
  [SNUG_DOCTOR_CAMERA_FAILED] = { N_ ("The camera does not work"), REPLUG, SNUG_REMEDY_DEVICES },
  [SNUG_DOCTOR_NO_MICROPHONE] = { N_ ("No microphone was found"), N_ ("The others will not hear you. Plug one in."),
                                  SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_MICROPHONE_DENIED] = { N_ ("Snug may not use the microphone"), ALLOW, SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_MICROPHONE_BUSY] = { N_ ("Another program is using the microphone"), CLOSE_OTHER, SNUG_REMEDY_DEVICES },
  [SNUG_DOCTOR_MICROPHONE_SILENT] = { N_ ("The microphone sends no sound"), REPLUG, SNUG_REMEDY_DEVICES },
  [SNUG_DOCTOR_MICROPHONE_FAILED] = { N_ ("The microphone does not work"), REPLUG, SNUG_REMEDY_DEVICES },
  [SNUG_DOCTOR_NO_SPEAKER] = { N_ ("No speakers were found"), N_ ("You will not hear the others. Plug some in."),
                               SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_SPEAKER_FAILED] = { N_ ("The speakers do not work"), N_ ("Choose others in Preferences."), SNUG_REMEDY_DEVICES },
  [SNUG_DOCTOR_CAMERA_PLUGIN] = { N_ ("A part that cameras need is missing"), INSTALL, SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_SOUND_PLUGIN] = { N_ ("A part that sound needs is missing"), INSTALL, SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_ECHO_PLUGIN] = { N_ ("The echo canceller is missing"), INSTALL, SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_SCREEN_PLUGIN] = { N_ ("A part that sharing the screen needs is missing"), INSTALL, SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_TLS_PLUGIN] = { N_ ("A part that encrypted meeting points need is missing"), INSTALL, SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_UDP_BLOCKED_RELAY] = { N_ ("Your network blocks UDP"), N_ ("Calls go through the relay, and may be slower."),
                                      SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_SERVER_EXPIRES] = { N_ ("The meeting point’s certificate expires soon"), ASK_SERVER, SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_CAMERA_SLOW] = { N_ ("The camera sends few pictures a second"),
                                N_ ("Give it more light, or close other programs."), SNUG_REMEDY_NONE },
  [SNUG_DOCTOR_MICROPHONE_MUTE] = { N_ ("The microphone sends nothing but silence"),
                                    N_ ("Look for a switch on it, and in the settings of your system."), SNUG_REMEDY_DEVICES },
  [SNUG_DOCTOR_LATE] = { N_ ("A check took too long"), N_ ("Check again."), SNUG_REMEDY_NONE },
};

SnugDoctorText
snug_doctor_text_lookup (SnugDoctorCode code)
{
  SnugDoctorText text = { NULL };

  g_return_val_if_fail (code > 0 && code < SNUG_DOCTOR_N_CODES, text);

  text = texts[code];
  if (text.title != NULL)
    {
      text.title = gettext (text.title);
      text.sentence = gettext (text.sentence);
    }
  return text;
}

const char *
snug_doctor_text_name_check (SnugDoctorCheck check)
{
  switch (check)
    {
    case SNUG_DOCTOR_CHECK_PLUGINS:
      return _ ("Parts of Snug");
    case SNUG_DOCTOR_CHECK_NETWORK:
      return _ ("Network");
    case SNUG_DOCTOR_CHECK_SERVER:
      return _ ("Meeting point");
    case SNUG_DOCTOR_CHECK_STUN:
      return _ ("STUN server");
    case SNUG_DOCTOR_CHECK_NAT:
      return _ ("How this network maps ports");
    case SNUG_DOCTOR_CHECK_TURN:
      return _ ("Relay");
    case SNUG_DOCTOR_CHECK_UDP:
      return _ ("Whether UDP gets through");
    case SNUG_DOCTOR_CHECK_MDNS:
      return _ ("Names on the local network");
    case SNUG_DOCTOR_CHECK_CAMERA:
      return _ ("Camera");
    case SNUG_DOCTOR_CHECK_MICROPHONE:
      return _ ("Microphone");
    case SNUG_DOCTOR_CHECK_SPEAKER:
      return _ ("Speakers");
    case SNUG_DOCTOR_CHECK_CALL:
      return _ ("A call of Snug with itself");
    case SNUG_DOCTOR_CHECK_CALL_BY_RELAY:
    default:
      return _ ("A call of Snug with itself, through the relay");
    }
}

const char *
snug_doctor_text_name_state (SnugDoctorState state)
{
  switch (state)
    {
    case SNUG_DOCTOR_RUNNING:
      return _ ("Checking…");
    case SNUG_DOCTOR_GOOD:
      return _ ("Good");
    case SNUG_DOCTOR_REMARK:
      return _ ("Works, with a remark");
    case SNUG_DOCTOR_BAD:
      return _ ("Not good");
    case SNUG_DOCTOR_STOPPED:
    default:
      return _ ("Stopped");
    }
}

const char *
snug_doctor_text_sum_up (SnugDoctorSeverity severity)
{
  switch (severity)
    {
    case SNUG_DOCTOR_FACT:
      return _ ("Calls work here");
    case SNUG_DOCTOR_NOTE:
      return _ ("Calls work here, with a remark");
    case SNUG_DOCTOR_LACK:
      return _ ("Calls work, but something is missing");
    case SNUG_DOCTOR_SOME:
      return _ ("Some calls will not work");
    case SNUG_DOCTOR_NONE:
    default:
      return _ ("Calls do not work here");
    }
}
