/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-doctor-text.h"

#define ASK_SERVER "Ask whoever runs the meeting point."
#define ASK_RELAY "Ask whoever runs the relay, or use another one."
#define CHOOSE_DEVICE "Unplug it and plug it in again, or choose another one."

static const SnugCliDoctorText texts[SNUG_DOCTOR_N_CODES] = {
  [SNUG_DOCTOR_PLUGIN] = { "Parts of GStreamer that every call needs are not installed: no call works here.",
                           "Install the packages that are named." },
  [SNUG_DOCTOR_NO_NETWORK] = { "This computer is in no network: no call works.", "Connect it to a network." },
  [SNUG_DOCTOR_OFFLINE] = { "This computer is in a network, but nothing outside of it answers: no call works.",
                            "Check the router or the cable; on a public network, open a web page and log in there." },
  [SNUG_DOCTOR_CLOCK] = { "This computer's clock is wrong, so certificates and passwords look as if their time were over.",
                          "Let the system set the time by itself." },
  [SNUG_DOCTOR_NO_SERVER] = { "No meeting point is set.", "Give its address with --server." },
  [SNUG_DOCTOR_SERVER_ADDRESS] = { "The meeting point's address is none.", "Write it like meet.example.org." },
  [SNUG_DOCTOR_SERVER_NAME] = { "The meeting point's name is not known: nobody can be found.", "Check how it is written." },
  [SNUG_DOCTOR_SERVER_REFUSED] = { "Nothing answers at the meeting point's address: it does not run, or the port is another one.",
                                   "Check the port. " ASK_SERVER },
  [SNUG_DOCTOR_SERVER_UNREACHABLE] = { "There is no way from this network to the meeting point.",
                                       "Use another network, or ask whoever looks after this one." },
  [SNUG_DOCTOR_SERVER_SILENT] = { "The meeting point does not answer.", "Try again later. " ASK_SERVER },
  [SNUG_DOCTOR_SERVER_PROXY] = { "The proxy of this network does not let Snug through to the meeting point.",
                                 "Ask whoever looks after this network." },
  [SNUG_DOCTOR_SERVER_NO_TLS] = { "What answers at the meeting point's address does not speak TLS.",
                                  "Check the port, or write ws:// if it is meant to be without." },
  [SNUG_DOCTOR_SERVER_EXPIRED] = { "The meeting point's certificate has expired.", ASK_SERVER },
  [SNUG_DOCTOR_SERVER_NOT_YET] = { "The meeting point's certificate is not valid yet.", "Check this computer's clock." },
  [SNUG_DOCTOR_SERVER_OTHER_NAME] = { "The meeting point's certificate belongs to another name: somebody may be in between.",
                                      "Check the address. " ASK_SERVER },
  [SNUG_DOCTOR_SERVER_UNKNOWN_ISSUER] = { "Nobody whom this computer trusts vouches for the meeting point's certificate.", ASK_SERVER },
  [SNUG_DOCTOR_SERVER_CERTIFICATE] = { "The meeting point's certificate is not accepted.", ASK_SERVER },
  [SNUG_DOCTOR_SERVER_NOT_SNUG] = { "Something else than a meeting point of Snug answers at its address.", "Check address and port." },
  [SNUG_DOCTOR_SERVER_VERSION] = { "The meeting point speaks another version.", "Update Snug, or ask whoever runs the meeting point to." },
  [SNUG_DOCTOR_SERVER_NOT_ALLOWED] = { "The meeting point is not open to everybody, and does not let you in.",
                                       "Ask whoever runs it for an address with a token." },
  [SNUG_DOCTOR_SERVER_BUSY] = { "The meeting point takes nobody at the moment.", "Try again in a few minutes." },
  [SNUG_DOCTOR_SERVER_REFUSES] = { "The meeting point refuses.", "Update Snug. " ASK_SERVER },
  [SNUG_DOCTOR_UDP_BLOCKED_NO_RELAY] = { "This network blocks UDP, and there is no relay that can be reached without it: calls to people "
                                         "outside this network will fail.",
                                         "Ask for a TURN server, or use another network." },
  [SNUG_DOCTOR_ONLY_WEB] = { "This network lets nothing out but the web, and no relay can be reached that way: calls to people outside "
                             "this network will fail.",
                             "Ask for a TURN server on port 443 (turns:HOST:443), or use another network." },
  [SNUG_DOCTOR_NAT_NO_RELAY] = { "This network gives out another port for each destination, and there is no relay: calls to people behind "
                                 "such networks will fail.",
                                 "Ask for a TURN server, or use another network." },
  [SNUG_DOCTOR_RELAY_ADDRESS] = { "A relay's address can't be used.", "Write turn:USER:PASSWORD@HOST or turns:USER:PASSWORD@HOST." },
  [SNUG_DOCTOR_RELAY_NAME] = { "A relay's name is not known.", "Check how it is written." },
  [SNUG_DOCTOR_RELAY_DOWN] = { "A relay does not answer: it does not run, or the port is another one.", ASK_RELAY },
  [SNUG_DOCTOR_RELAY_CERTIFICATE] = { "A relay's certificate is not accepted.", ASK_RELAY },
  [SNUG_DOCTOR_RELAY_CREDENTIALS] = { "A relay does not accept the user name and password.", "Check both. " ASK_RELAY },
  [SNUG_DOCTOR_RELAY_FULL] = { "A relay has no place left.", "Try again later. " ASK_RELAY },
  [SNUG_DOCTOR_RELAY_NO_WAY_OUT] = { "A relay lets us in, but nothing that it sends arrives anywhere.", ASK_RELAY },
  [SNUG_DOCTOR_RELAY_GARBAGE] = { "What answers at a relay's address is no TURN server.", "Check address and port." },
  [SNUG_DOCTOR_RELAY_REFUSES] = { "A relay refuses.", ASK_RELAY },
  [SNUG_DOCTOR_STUN_ADDRESS] = { "A STUN server's address can't be used.", "Write stun:HOST or stun:HOST:PORT." },
  [SNUG_DOCTOR_STUN_NAME] = { "A STUN server's name is not known.", "Check how it is written." },
  [SNUG_DOCTOR_STUN_DOWN] = { "A STUN server does not answer: people outside this network may not be reached directly.",
                              "Use another STUN server." },
  [SNUG_DOCTOR_STUN_GARBAGE] = { "What answers at a STUN server's address is no STUN server.", "Check address and port." },
  [SNUG_DOCTOR_CALL_DIRECT] = { "Snug can't call itself on this computer, though nothing else is amiss.",
                                "Check this computer's firewall, and report what is written below." },
  [SNUG_DOCTOR_CALL_RELAY] = { "Snug can't call itself by the relay, though the relay answers.", ASK_RELAY },
  [SNUG_DOCTOR_NO_CAMERA] = { "No camera was found: the others will not see you.", "Plug one in, or join with sound only." },
  [SNUG_DOCTOR_CAMERA_DENIED] = { "Snug may not use the camera.", "Allow it in the system's settings." },
  [SNUG_DOCTOR_CAMERA_BUSY] = { "Another program is using the camera.", "Close that program." },
  [SNUG_DOCTOR_CAMERA_SILENT] = { "The camera opens, but sends no picture.", CHOOSE_DEVICE },
  [SNUG_DOCTOR_CAMERA_FAILED] = { "The camera does not work.", CHOOSE_DEVICE },
  [SNUG_DOCTOR_NO_MICROPHONE] = { "No microphone was found: the others will not hear you.", "Plug one in." },
  [SNUG_DOCTOR_MICROPHONE_DENIED] = { "Snug may not use the microphone.", "Allow it in the system's settings." },
  [SNUG_DOCTOR_MICROPHONE_BUSY] = { "Another program is using the microphone.", "Close that program." },
  [SNUG_DOCTOR_MICROPHONE_SILENT] = { "The microphone opens, but sends no sound.", CHOOSE_DEVICE },
  [SNUG_DOCTOR_MICROPHONE_FAILED] = { "The microphone does not work.", CHOOSE_DEVICE },
  [SNUG_DOCTOR_NO_SPEAKER] = { "No speakers were found: you will not hear the others.", "Plug some in." },
  [SNUG_DOCTOR_SPEAKER_FAILED] = { "The speakers do not work.", "Choose others." },
  [SNUG_DOCTOR_CAMERA_PLUGIN] = { "A part of GStreamer that cameras need is not installed.", "Install the package that is named." },
  [SNUG_DOCTOR_SOUND_PLUGIN] = { "A part of GStreamer that microphones and speakers need is not installed.",
                                 "Install the package that is named." },
  [SNUG_DOCTOR_ECHO_PLUGIN] = { "The echo canceller is not installed: the others may hear themselves.",
                                "Install the package that is named, or use headphones." },
  [SNUG_DOCTOR_SCREEN_PLUGIN] = { "A part of GStreamer that sharing the screen needs is not installed.",
                                  "Install the package that is named." },
  [SNUG_DOCTOR_TLS_PLUGIN] = { "TLS is not installed: this meeting point can't be reached.", "Install the package glib-networking." },
  [SNUG_DOCTOR_UDP_BLOCKED_RELAY] = { "This network blocks UDP: calls go by way of the relay, and may be slower.",
                                      "If that is not good enough, use another network." },
  [SNUG_DOCTOR_SERVER_EXPIRES] = { "The meeting point's certificate expires soon.", ASK_SERVER },
  [SNUG_DOCTOR_CAMERA_SLOW] = { "The camera sends few pictures a second.", "Give it more light, or close other programs." },
  [SNUG_DOCTOR_MICROPHONE_MUTE] = { "The microphone sends nothing but silence.",
                                    "Look for a switch on it, and whether it is turned down in the system's settings." },
  [SNUG_DOCTOR_LATE] = { "A check took too long.", "Run the doctor again." },
};

const SnugCliDoctorText *
snug_cli_doctor_text_lookup (SnugDoctorCode code)
{
  g_return_val_if_fail (code > 0 && code < SNUG_DOCTOR_N_CODES, NULL);

  return texts[code].sentence != NULL ? &texts[code] : NULL;
}

const char *
snug_cli_doctor_text_name_check (SnugDoctorCheck check)
{
  switch (check)
    {
    case SNUG_DOCTOR_CHECK_PLUGINS:
      return "GStreamer";
    case SNUG_DOCTOR_CHECK_NETWORK:
      return "Network";
    case SNUG_DOCTOR_CHECK_SERVER:
      return "Meeting point";
    case SNUG_DOCTOR_CHECK_STUN:
      return "STUN server";
    case SNUG_DOCTOR_CHECK_NAT:
      return "Ports";
    case SNUG_DOCTOR_CHECK_TURN:
      return "Relay";
    case SNUG_DOCTOR_CHECK_UDP:
      return "UDP";
    case SNUG_DOCTOR_CHECK_MDNS:
      return "Local names";
    case SNUG_DOCTOR_CHECK_CAMERA:
      return "Camera";
    case SNUG_DOCTOR_CHECK_MICROPHONE:
      return "Microphone";
    case SNUG_DOCTOR_CHECK_SPEAKER:
      return "Speakers";
    case SNUG_DOCTOR_CHECK_CALL:
      return "Call with itself";
    case SNUG_DOCTOR_CHECK_CALL_BY_RELAY:
    default:
      return "Call by the relay";
    }
}

SnugCliExit
snug_cli_doctor_text_get_exit (SnugDoctorCode code, SnugDoctorSeverity severity)
{
  if (severity <= SNUG_DOCTOR_NOTE)
    return SNUG_CLI_EXIT_GOOD;
  if (code >= SNUG_DOCTOR_SERVER_EXPIRED && code <= SNUG_DOCTOR_SERVER_CERTIFICATE)
    return SNUG_CLI_EXIT_CERTIFICATE;
  if (code >= SNUG_DOCTOR_NO_SERVER && code <= SNUG_DOCTOR_SERVER_REFUSES)
    return SNUG_CLI_EXIT_SERVER;
  if ((code >= SNUG_DOCTOR_UDP_BLOCKED_NO_RELAY && code <= SNUG_DOCTOR_STUN_GARBAGE) || code == SNUG_DOCTOR_CALL_RELAY)
    return SNUG_CLI_EXIT_NO_ROUTE;
  if (severity == SNUG_DOCTOR_LACK)
    return SNUG_CLI_EXIT_DEVICE;
  return SNUG_CLI_EXIT_FAILED;
}
