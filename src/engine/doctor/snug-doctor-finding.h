/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a check of the doctor can come to, as codes, and what one check reports. Sentences belong to who shows them. Pure;
 * any thread, one at a time.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * SnugDoctorCode:
 *
 * In the order in which a verdict names them, within the same severity. The facts at the end are no problem each; the
 * verdict makes something of them.
 */
typedef enum
{
  SNUG_DOCTOR_PLUGIN = 1, /* GStreamer elements that every call needs are missing; subject: their names and packages */

  SNUG_DOCTOR_NO_NETWORK,  /* no address but the loopback's */
  SNUG_DOCTOR_OFFLINE,     /* there are addresses, and nothing outside answers */
  SNUG_DOCTOR_CLOCK,       /* this machine's clock is wrong; subject: by how much */

  SNUG_DOCTOR_NO_SERVER,            /* none is set */
  SNUG_DOCTOR_SERVER_ADDRESS,       /* what is set is no address */
  SNUG_DOCTOR_SERVER_NAME,          /* the name is not known */
  SNUG_DOCTOR_SERVER_REFUSED,       /* nothing listens there */
  SNUG_DOCTOR_SERVER_UNREACHABLE,   /* no way to that machine */
  SNUG_DOCTOR_SERVER_SILENT,        /* no answer in time */
  SNUG_DOCTOR_SERVER_PROXY,         /* the proxy of this network does not let us through */
  SNUG_DOCTOR_SERVER_NO_TLS,        /* something that does not do TLS */
  SNUG_DOCTOR_SERVER_EXPIRED,       /* the certificate's time is over */
  SNUG_DOCTOR_SERVER_NOT_YET,       /* the certificate's time is to come */
  SNUG_DOCTOR_SERVER_OTHER_NAME,    /* the certificate is somebody else's */
  SNUG_DOCTOR_SERVER_UNKNOWN_ISSUER, /* nobody known vouches for the certificate */
  SNUG_DOCTOR_SERVER_CERTIFICATE,   /* another fault of the certificate */
  SNUG_DOCTOR_SERVER_NOT_SNUG,      /* something else answers */
  SNUG_DOCTOR_SERVER_VERSION,       /* it speaks another version */
  SNUG_DOCTOR_SERVER_NOT_ALLOWED,   /* not open to everybody */
  SNUG_DOCTOR_SERVER_BUSY,          /* not now */
  SNUG_DOCTOR_SERVER_REFUSES,       /* another refusal; subject: its words */

  SNUG_DOCTOR_UDP_BLOCKED_NO_RELAY, /* no way for a call to leave this network */
  SNUG_DOCTOR_ONLY_WEB,             /* UDP and all ports but the server's are shut, and no relay is behind that one */
  SNUG_DOCTOR_NAT_NO_RELAY,         /* another port for each destination: only some can be reached */

  SNUG_DOCTOR_RELAY_ADDRESS,     /* not one that can be used; these have the relay as their subject */
  SNUG_DOCTOR_RELAY_NAME,
  SNUG_DOCTOR_RELAY_DOWN,        /* nothing answers there */
  SNUG_DOCTOR_RELAY_CERTIFICATE,
  SNUG_DOCTOR_RELAY_CREDENTIALS, /* user name or password is wrong, or their time is over */
  SNUG_DOCTOR_RELAY_FULL,
  SNUG_DOCTOR_RELAY_NO_WAY_OUT,  /* it lets us in, and nothing it sends arrives anywhere */
  SNUG_DOCTOR_RELAY_GARBAGE,     /* what answers is no TURN server */
  SNUG_DOCTOR_RELAY_REFUSES,     /* another error; subject: with its code */

  SNUG_DOCTOR_STUN_ADDRESS, /* these have the server as their subject */
  SNUG_DOCTOR_STUN_NAME,
  SNUG_DOCTOR_STUN_DOWN,
  SNUG_DOCTOR_STUN_GARBAGE,

  SNUG_DOCTOR_CALL_DIRECT, /* the engine can't call itself; subject: its error */
  SNUG_DOCTOR_CALL_RELAY,

  SNUG_DOCTOR_NO_CAMERA,
  SNUG_DOCTOR_CAMERA_DENIED,
  SNUG_DOCTOR_CAMERA_BUSY,
  SNUG_DOCTOR_CAMERA_SILENT, /* opens, and no picture comes */
  SNUG_DOCTOR_CAMERA_FAILED,
  SNUG_DOCTOR_NO_MICROPHONE,
  SNUG_DOCTOR_MICROPHONE_DENIED,
  SNUG_DOCTOR_MICROPHONE_BUSY,
  SNUG_DOCTOR_MICROPHONE_SILENT, /* opens, and no sound comes */
  SNUG_DOCTOR_MICROPHONE_FAILED,
  SNUG_DOCTOR_NO_SPEAKER,
  SNUG_DOCTOR_SPEAKER_FAILED,
  SNUG_DOCTOR_CAMERA_PLUGIN, /* an element for one thing is missing; subject: its name and package */
  SNUG_DOCTOR_SOUND_PLUGIN,
  SNUG_DOCTOR_ECHO_PLUGIN,
  SNUG_DOCTOR_SCREEN_PLUGIN,
  SNUG_DOCTOR_TLS_PLUGIN,

  SNUG_DOCTOR_UDP_BLOCKED_RELAY, /* calls go by way of the relay */
  SNUG_DOCTOR_SERVER_EXPIRES,    /* the certificate's time is over soon; subject: the day */
  SNUG_DOCTOR_CAMERA_SLOW,       /* few pictures a second */
  SNUG_DOCTOR_MICROPHONE_MUTE,   /* nothing but silence */
  SNUG_DOCTOR_LATE,              /* a check took too long; subject: which */

  /* Facts. */
  SNUG_DOCTOR_SERVER_WORKS,
  SNUG_DOCTOR_STUN_WORKS,
  SNUG_DOCTOR_STUN_SILENT,  /* subject: the server */
  SNUG_DOCTOR_RELAY_SET,    /* there is one to be tried */
  SNUG_DOCTOR_RELAY_WORKS,
  SNUG_DOCTOR_RELAY_SILENT, /* subject: the relay */
  SNUG_DOCTOR_UDP_PASSES,   /* something came back by UDP from another machine */
  SNUG_DOCTOR_TCP_PASSES,   /* something came back from a port other than the server's */
  SNUG_DOCTOR_TCP_SILENT,
  SNUG_DOCTOR_NAT_DEPENDENT,
  SNUG_DOCTOR_N_CODES
} SnugDoctorCode;

#define SNUG_TYPE_DOCTOR_CODE (snug_doctor_code_get_type ())
/* Nicks are what programs read: "relay-credentials". */
GType snug_doctor_code_get_type (void);

/* What it means for calls. */
typedef enum
{
  SNUG_DOCTOR_FACT, /* nothing by itself */
  SNUG_DOCTOR_NOTE, /* calls work, with a drawback, or part of what is set is of no use */
  SNUG_DOCTOR_LACK, /* calls work, but without picture or sound from here */
  SNUG_DOCTOR_SOME, /* some calls don't work */
  SNUG_DOCTOR_NONE  /* no call does */
} SnugDoctorSeverity;

SnugDoctorSeverity snug_doctor_code_get_severity (SnugDoctorCode code);

typedef struct
{
  SnugDoctorCode code;
  char *subject; /* nullable: what it is about, in words that need no translation */
} SnugDoctorFinding;

SnugDoctorFinding *snug_doctor_finding_new (SnugDoctorCode code, const char *subject);
void snug_doctor_finding_free (SnugDoctorFinding *self);

/* What one check comes to. */
typedef struct
{
  GPtrArray *findings; /* SnugDoctorFinding */
  GPtrArray *seen;     /* char *, in English, with addresses */
  GPtrArray *items;    /* what the next checks build on; SnugStunAddress or SnugIceServer, as its check says */
} SnugDoctorReport;

SnugDoctorReport *snug_doctor_report_new (void);
void snug_doctor_report_free (SnugDoctorReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugDoctorReport, snug_doctor_report_free)

void snug_doctor_report_find (SnugDoctorReport *self, SnugDoctorCode code, const char *subject);
void snug_doctor_report_see (SnugDoctorReport *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
gboolean snug_doctor_report_has (SnugDoctorReport *self, SnugDoctorCode code);
/* Of what it found by itself, without the facts. */
SnugDoctorSeverity snug_doctor_report_get_severity (SnugDoctorReport *self);

G_END_DECLS
