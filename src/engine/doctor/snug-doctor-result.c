/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-doctor-result.h"

struct _SnugDoctorResult
{
  GObject parent_instance;

  SnugDoctorCheck check;
  char *subject;
  SnugDoctorState state;
  GPtrArray *findings;
  GPtrArray *seen; /* NULL-terminated */
  gint64 start;
  gint64 end;
};

G_DEFINE_FINAL_TYPE (SnugDoctorResult, snug_doctor_result, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (SnugDoctorCheck,
                    snug_doctor_check,
                    G_DEFINE_ENUM_VALUE (SNUG_DOCTOR_CHECK_PLUGINS, "plugins"),
                    G_DEFINE_ENUM_VALUE (SNUG_DOCTOR_CHECK_NETWORK, "network"),
                    G_DEFINE_ENUM_VALUE (SNUG_DOCTOR_CHECK_SERVER, "server"),
                    G_DEFINE_ENUM_VALUE (SNUG_DOCTOR_CHECK_STUN, "stun"),
                    G_DEFINE_ENUM_VALUE (SNUG_DOCTOR_CHECK_NAT, "nat"),
                    G_DEFINE_ENUM_VALUE (SNUG_DOCTOR_CHECK_TURN, "turn"),
                    G_DEFINE_ENUM_VALUE (SNUG_DOCTOR_CHECK_UDP, "udp"),
                    G_DEFINE_ENUM_VALUE (SNUG_DOCTOR_CHECK_MDNS, "mdns"),
                    G_DEFINE_ENUM_VALUE (SNUG_DOCTOR_CHECK_CAMERA, "camera"),
                    G_DEFINE_ENUM_VALUE (SNUG_DOCTOR_CHECK_MICROPHONE, "microphone"),
                    G_DEFINE_ENUM_VALUE (SNUG_DOCTOR_CHECK_SPEAKER, "speaker"),
                    G_DEFINE_ENUM_VALUE (SNUG_DOCTOR_CHECK_CALL, "call"),
                    G_DEFINE_ENUM_VALUE (SNUG_DOCTOR_CHECK_CALL_BY_RELAY, "call-by-relay"))

G_DEFINE_ENUM_TYPE (SnugDoctorState,
                    snug_doctor_state,
                    G_DEFINE_ENUM_VALUE (SNUG_DOCTOR_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (SNUG_DOCTOR_GOOD, "good"),
                    G_DEFINE_ENUM_VALUE (SNUG_DOCTOR_REMARK, "remark"),
                    G_DEFINE_ENUM_VALUE (SNUG_DOCTOR_BAD, "bad"),
                    G_DEFINE_ENUM_VALUE (SNUG_DOCTOR_STOPPED, "stopped"))

typedef enum
{
  PROP_CHECK = 1,
  PROP_SUBJECT,
  PROP_STATE,
  N_PROPS
} SnugDoctorResultProperty;

static GParamSpec *properties[N_PROPS];

static void
snug_doctor_result_finalize (GObject *object)
{
  SnugDoctorResult *self = SNUG_DOCTOR_RESULT (object);

  g_free (self->subject);
  g_ptr_array_unref (self->findings);
  g_ptr_array_unref (self->seen);

  G_OBJECT_CLASS (snug_doctor_result_parent_class)->finalize (object);
}

static void
snug_doctor_result_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugDoctorResult *self = SNUG_DOCTOR_RESULT (object);

  switch ((SnugDoctorResultProperty) prop_id)
    {
    case PROP_CHECK:
      g_value_set_enum (value, self->check);
      break;
    case PROP_SUBJECT:
      g_value_set_string (value, self->subject);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_doctor_result_class_init (SnugDoctorResultClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = snug_doctor_result_finalize;
  object_class->get_property = snug_doctor_result_get_property;

  properties[PROP_CHECK]
      = g_param_spec_enum ("check", NULL, NULL, SNUG_TYPE_DOCTOR_CHECK, SNUG_DOCTOR_CHECK_PLUGINS, flags);
  properties[PROP_SUBJECT] = g_param_spec_string ("subject", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, SNUG_TYPE_DOCTOR_STATE, SNUG_DOCTOR_RUNNING, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
snug_doctor_result_init (SnugDoctorResult *self)
{
  self->findings = g_ptr_array_new_with_free_func ((GDestroyNotify) snug_doctor_finding_free);
  self->seen = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->seen, NULL);
  self->start = g_get_monotonic_time ();
}

SnugDoctorResult *
snug_doctor_result_new (SnugDoctorCheck check, const char *subject)
{
  SnugDoctorResult *self = g_object_new (SNUG_TYPE_DOCTOR_RESULT, NULL);

  self->check = check;
  self->subject = g_strdup (subject);
  return self;
}

void
snug_doctor_result_end (SnugDoctorResult *self, SnugDoctorState state, SnugDoctorReport *report)
{
  g_return_if_fail (SNUG_IS_DOCTOR_RESULT (self));
  g_return_if_fail (self->state == SNUG_DOCTOR_RUNNING && state != SNUG_DOCTOR_RUNNING);

  for (guint i = 0; i < report->findings->len; i++)
    {
      const SnugDoctorFinding *finding = report->findings->pdata[i];

      g_ptr_array_add (self->findings, snug_doctor_finding_new (finding->code, finding->subject));
    }
  g_ptr_array_set_size (self->seen, 0);
  for (guint i = 0; i < report->seen->len; i++)
    g_ptr_array_add (self->seen, g_strdup (report->seen->pdata[i]));
  g_ptr_array_add (self->seen, NULL);
  self->end = g_get_monotonic_time ();
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

SnugDoctorCheck
snug_doctor_result_get_check (SnugDoctorResult *self)
{
  g_return_val_if_fail (SNUG_IS_DOCTOR_RESULT (self), SNUG_DOCTOR_CHECK_PLUGINS);

  return self->check;
}

const char *
snug_doctor_result_get_subject (SnugDoctorResult *self)
{
  g_return_val_if_fail (SNUG_IS_DOCTOR_RESULT (self), NULL);

  return self->subject;
}

SnugDoctorState
snug_doctor_result_get_state (SnugDoctorResult *self)
{
  g_return_val_if_fail (SNUG_IS_DOCTOR_RESULT (self), SNUG_DOCTOR_STOPPED);

  return self->state;
}

GPtrArray *
snug_doctor_result_get_findings (SnugDoctorResult *self)
{
  g_return_val_if_fail (SNUG_IS_DOCTOR_RESULT (self), NULL);

  return self->findings;
}

const char *const *
snug_doctor_result_get_seen (SnugDoctorResult *self)
{
  g_return_val_if_fail (SNUG_IS_DOCTOR_RESULT (self), NULL);

  return (const char *const *) self->seen->pdata;
}

double
snug_doctor_result_get_seconds (SnugDoctorResult *self)
{
  g_return_val_if_fail (SNUG_IS_DOCTOR_RESULT (self), 0);

  return ((self->end != 0 ? self->end : g_get_monotonic_time ()) - self->start) / (double) G_USEC_PER_SEC;
}
