/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-doctor-finding.h"

typedef struct
{
  const char *nick;
  SnugDoctorSeverity severity;
} Info;

static const Info infos[] = {
  [SNUG_DOCTOR_PLUGIN] = { "plugin", SNUG_DOCTOR_NONE },
  [SNUG_DOCTOR_NO_NETWORK] = { "no-network", SNUG_DOCTOR_NONE },
  [SNUG_DOCTOR_OFFLINE] = { "offline", SNUG_DOCTOR_NONE },
  [SNUG_DOCTOR_CLOCK] = { "clock", SNUG_DOCTOR_SOME },
  [SNUG_DOCTOR_NO_SERVER] = { "no-server", SNUG_DOCTOR_NONE },
  [SNUG_DOCTOR_SERVER_ADDRESS] = { "server-address", SNUG_DOCTOR_NONE },
  [SNUG_DOCTOR_SERVER_NAME] = { "server-name", SNUG_DOCTOR_NONE },
  [SNUG_DOCTOR_SERVER_REFUSED] = { "server-refused", SNUG_DOCTOR_NONE },
  [SNUG_DOCTOR_SERVER_UNREACHABLE] = { "server-unreachable", SNUG_DOCTOR_NONE },
  [SNUG_DOCTOR_SERVER_SILENT] = { "server-silent", SNUG_DOCTOR_NONE },
  [SNUG_DOCTOR_SERVER_PROXY] = { "server-proxy", SNUG_DOCTOR_NONE },
  [SNUG_DOCTOR_SERVER_NO_TLS] = { "server-no-tls", SNUG_DOCTOR_NONE },
  [SNUG_DOCTOR_SERVER_EXPIRED] = { "server-expired", SNUG_DOCTOR_NONE },
  [SNUG_DOCTOR_SERVER_NOT_YET] = { "server-not-yet", SNUG_DOCTOR_NONE },
  [SNUG_DOCTOR_SERVER_OTHER_NAME] = { "server-other-name", SNUG_DOCTOR_NONE },
  [SNUG_DOCTOR_SERVER_UNKNOWN_ISSUER] = { "server-unknown-issuer", SNUG_DOCTOR_NONE },
  [SNUG_DOCTOR_SERVER_CERTIFICATE] = { "server-certificate", SNUG_DOCTOR_NONE },
  [SNUG_DOCTOR_SERVER_NOT_SNUG] = { "server-not-snug", SNUG_DOCTOR_NONE },
  [SNUG_DOCTOR_SERVER_VERSION] = { "server-version", SNUG_DOCTOR_NONE },
  [SNUG_DOCTOR_SERVER_NOT_ALLOWED] = { "server-not-allowed", SNUG_DOCTOR_NONE },
  [SNUG_DOCTOR_SERVER_BUSY] = { "server-busy", SNUG_DOCTOR_NONE },
  [SNUG_DOCTOR_SERVER_REFUSES] = { "server-refuses", SNUG_DOCTOR_NONE },
  [SNUG_DOCTOR_UDP_BLOCKED_NO_RELAY] = { "udp-blocked-no-relay", SNUG_DOCTOR_SOME },
  [SNUG_DOCTOR_ONLY_WEB] = { "only-web", SNUG_DOCTOR_SOME },
  [SNUG_DOCTOR_NAT_NO_RELAY] = { "nat-no-relay", SNUG_DOCTOR_SOME },
  [SNUG_DOCTOR_RELAY_ADDRESS] = { "relay-address", SNUG_DOCTOR_SOME },
  [SNUG_DOCTOR_RELAY_NAME] = { "relay-name", SNUG_DOCTOR_SOME },
  [SNUG_DOCTOR_RELAY_DOWN] = { "relay-down", SNUG_DOCTOR_SOME },
  [SNUG_DOCTOR_RELAY_CERTIFICATE] = { "relay-certificate", SNUG_DOCTOR_SOME },
  [SNUG_DOCTOR_RELAY_CREDENTIALS] = { "relay-credentials", SNUG_DOCTOR_SOME },
  [SNUG_DOCTOR_RELAY_FULL] = { "relay-full", SNUG_DOCTOR_SOME },
  [SNUG_DOCTOR_RELAY_NO_WAY_OUT] = { "relay-no-way-out", SNUG_DOCTOR_SOME },
  [SNUG_DOCTOR_RELAY_GARBAGE] = { "relay-garbage", SNUG_DOCTOR_SOME },
  [SNUG_DOCTOR_RELAY_REFUSES] = { "relay-refuses", SNUG_DOCTOR_SOME },
  [SNUG_DOCTOR_STUN_ADDRESS] = { "stun-address", SNUG_DOCTOR_SOME },
  [SNUG_DOCTOR_STUN_NAME] = { "stun-name", SNUG_DOCTOR_SOME },
  [SNUG_DOCTOR_STUN_DOWN] = { "stun-down", SNUG_DOCTOR_SOME },
  [SNUG_DOCTOR_STUN_GARBAGE] = { "stun-garbage", SNUG_DOCTOR_SOME },
  [SNUG_DOCTOR_CALL_DIRECT] = { "call-direct", SNUG_DOCTOR_SOME },
  [SNUG_DOCTOR_CALL_RELAY] = { "call-relay", SNUG_DOCTOR_SOME },
  [SNUG_DOCTOR_NO_CAMERA] = { "no-camera", SNUG_DOCTOR_LACK },
  [SNUG_DOCTOR_CAMERA_DENIED] = { "camera-denied", SNUG_DOCTOR_LACK },
  [SNUG_DOCTOR_CAMERA_BUSY] = { "camera-busy", SNUG_DOCTOR_LACK },
  [SNUG_DOCTOR_CAMERA_SILENT] = { "camera-silent", SNUG_DOCTOR_LACK },
  [SNUG_DOCTOR_CAMERA_FAILED] = { "camera-failed", SNUG_DOCTOR_LACK },
  [SNUG_DOCTOR_NO_MICROPHONE] = { "no-microphone", SNUG_DOCTOR_LACK },
  [SNUG_DOCTOR_MICROPHONE_DENIED] = { "microphone-denied", SNUG_DOCTOR_LACK },
  [SNUG_DOCTOR_MICROPHONE_BUSY] = { "microphone-busy", SNUG_DOCTOR_LACK },
  [SNUG_DOCTOR_MICROPHONE_SILENT] = { "microphone-silent", SNUG_DOCTOR_LACK },
  [SNUG_DOCTOR_MICROPHONE_FAILED] = { "microphone-failed", SNUG_DOCTOR_LACK },
  [SNUG_DOCTOR_NO_SPEAKER] = { "no-speaker", SNUG_DOCTOR_LACK },
  [SNUG_DOCTOR_SPEAKER_FAILED] = { "speaker-failed", SNUG_DOCTOR_LACK },
  [SNUG_DOCTOR_CAMERA_PLUGIN] = { "camera-plugin", SNUG_DOCTOR_LACK },
  [SNUG_DOCTOR_SOUND_PLUGIN] = { "sound-plugin", SNUG_DOCTOR_LACK },
  [SNUG_DOCTOR_ECHO_PLUGIN] = { "echo-plugin", SNUG_DOCTOR_LACK },
  [SNUG_DOCTOR_SCREEN_PLUGIN] = { "screen-plugin", SNUG_DOCTOR_NOTE },
  [SNUG_DOCTOR_TLS_PLUGIN] = { "tls-plugin", SNUG_DOCTOR_NONE },
  [SNUG_DOCTOR_UDP_BLOCKED_RELAY] = { "udp-blocked-relay", SNUG_DOCTOR_NOTE },
  [SNUG_DOCTOR_SERVER_EXPIRES] = { "server-expires", SNUG_DOCTOR_NOTE },
  [SNUG_DOCTOR_CAMERA_SLOW] = { "camera-slow", SNUG_DOCTOR_NOTE },
  [SNUG_DOCTOR_MICROPHONE_MUTE] = { "microphone-mute", SNUG_DOCTOR_NOTE },
  [SNUG_DOCTOR_LATE] = { "late", SNUG_DOCTOR_NOTE },
  [SNUG_DOCTOR_SERVER_WORKS] = { "server-works", SNUG_DOCTOR_FACT },
  [SNUG_DOCTOR_STUN_WORKS] = { "stun-works", SNUG_DOCTOR_FACT },
  [SNUG_DOCTOR_STUN_SILENT] = { "stun-silent", SNUG_DOCTOR_FACT },
  [SNUG_DOCTOR_RELAY_SET] = { "relay-set", SNUG_DOCTOR_FACT },
  [SNUG_DOCTOR_RELAY_WORKS] = { "relay-works", SNUG_DOCTOR_FACT },
  [SNUG_DOCTOR_RELAY_SILENT] = { "relay-silent", SNUG_DOCTOR_FACT },
  [SNUG_DOCTOR_UDP_PASSES] = { "udp-passes", SNUG_DOCTOR_FACT },
  [SNUG_DOCTOR_TCP_PASSES] = { "tcp-passes", SNUG_DOCTOR_FACT },
  [SNUG_DOCTOR_TCP_SILENT] = { "tcp-silent", SNUG_DOCTOR_FACT },
  [SNUG_DOCTOR_NAT_DEPENDENT] = { "nat-dependent", SNUG_DOCTOR_FACT },
};

G_STATIC_ASSERT (G_N_ELEMENTS (infos) == SNUG_DOCTOR_N_CODES);

GType
snug_doctor_code_get_type (void)
{
  static GType type;
  static GEnumValue values[SNUG_DOCTOR_N_CODES];

  if (g_once_init_enter (&type))
    {
      for (int i = 1; i < SNUG_DOCTOR_N_CODES; i++)
        values[i - 1] = (GEnumValue){ i, infos[i].nick, infos[i].nick };
      g_once_init_leave (&type, g_enum_register_static ("SnugDoctorCode", values));
    }
  return type;
}

SnugDoctorSeverity
snug_doctor_code_get_severity (SnugDoctorCode code)
{
  g_return_val_if_fail (code > 0 && code < SNUG_DOCTOR_N_CODES, SNUG_DOCTOR_FACT);

  return infos[code].severity;
}

SnugDoctorFinding *
snug_doctor_finding_new (SnugDoctorCode code, const char *subject)
{
  SnugDoctorFinding *self = g_new0 (SnugDoctorFinding, 1);

  self->code = code;
  self->subject = g_strdup (subject);
  return self;
}

void
snug_doctor_finding_free (SnugDoctorFinding *self)
{
  g_free (self->subject);
  g_free (self);
}

SnugDoctorReport *
snug_doctor_report_new (void)
{
  SnugDoctorReport *self = g_new0 (SnugDoctorReport, 1);

  self->findings = g_ptr_array_new_with_free_func ((GDestroyNotify) snug_doctor_finding_free);
  self->seen = g_ptr_array_new_with_free_func (g_free);
  self->items = g_ptr_array_new ();
  return self;
}

void
snug_doctor_report_free (SnugDoctorReport *self)
{
  g_ptr_array_unref (self->findings);
  g_ptr_array_unref (self->seen);
  g_ptr_array_unref (self->items);
  g_free (self);
}

void
snug_doctor_report_find (SnugDoctorReport *self, SnugDoctorCode code, const char *subject)
{
  g_ptr_array_add (self->findings, snug_doctor_finding_new (code, subject));
}

void
snug_doctor_report_see (SnugDoctorReport *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  /* Some of it comes from outside. */
  g_ptr_array_add (self->seen, g_utf8_make_valid (text, -1));
}

gboolean
snug_doctor_report_has (SnugDoctorReport *self, SnugDoctorCode code)
{
  for (guint i = 0; i < self->findings->len; i++)
    if (((SnugDoctorFinding *) self->findings->pdata[i])->code == code)
      return TRUE;
  return FALSE;
}

SnugDoctorSeverity
snug_doctor_report_get_severity (SnugDoctorReport *self)
{
  SnugDoctorSeverity worst = SNUG_DOCTOR_FACT;

  for (guint i = 0; i < self->findings->len; i++)
    worst = MAX (worst, snug_doctor_code_get_severity (((SnugDoctorFinding *) self->findings->pdata[i])->code));
  return worst;
}
