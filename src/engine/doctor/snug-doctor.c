/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-doctor.h"

#include <gst/gst.h>

#include "snug-doctor-checks.h"
#include "snug-doctor-devices.h"
#include "snug-doctor-verdict.h"
#include "snug-engine.h"
#include "snug-relay.h"

/* After that long a check that has not ended by itself is stopped. */
#define QUICK_SECONDS 5
#define SERVER_SECONDS 15
#define STUN_SECONDS 15
#define TURN_SECONDS 30
#define DEVICE_SECONDS 20
#define CALL_SECONDS 25

typedef struct _Job Job;

struct _Job
{
  SnugDoctor *doctor; /* a reference */
  SnugDoctorResult *result;
  SnugDoctorReport *report;
  SnugDoctorRun run; /* on a thread; NULL: on the main context */
  gpointer input;
  GDestroyNotify free_input;
  GCancellable *cancellable;
  guint late_id;
  gboolean late;
  SnugDoctorCode late_code;
  void (*then) (SnugDoctor *doctor, Job *job); /* nullable */
};

struct _SnugDoctor
{
  GObject parent_instance;

  char *server;
  GPtrArray *ice_servers; /* SnugIceServer, arrays of one with one address */
  gboolean media;
  char *camera;
  char *microphone;
  char *speaker;

  GPtrArray *results;
  GPtrArray *jobs;     /* borrowed: those that run */
  GPtrArray *findings; /* of all that have ended */
  GPtrArray *verdict;
  GPtrArray *relays;   /* SnugIceServer: borrowed from ice_servers: those that work */
  GArray *heard;       /* SnugStunAddress */
  guint n_devices;     /* device checks that run */
  guint n_stun;        /* likewise */
  guint n_turn;
  gboolean microphone_works;
  gboolean network_done; /* STUN and TURN are */
  gboolean direct_done;
  gboolean started;
  gboolean running;
  gboolean cancelled;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SnugDoctor,
                               snug_doctor,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

typedef enum
{
  PROP_RUNNING = 1,
  N_PROPS
} SnugDoctorProperty;

static GParamSpec *properties[N_PROPS];

static void
ice_server_free (gpointer data)
{
  snug_ice_servers_free (data, 1);
}

static void
job_free (Job *job)
{
  g_clear_handle_id (&job->late_id, g_source_remove);
  if (job->free_input != NULL && job->input != NULL)
    job->free_input (job->input);
  g_object_unref (job->result);
  g_object_unref (job->cancellable);
  snug_doctor_report_free (job->report);
  g_object_unref (job->doctor);
  g_free (job);
}

static SnugDoctorState
judge (SnugDoctor *self, SnugDoctorReport *report)
{
  SnugDoctorSeverity severity = snug_doctor_report_get_severity (report);

  if (severity >= SNUG_DOCTOR_LACK || snug_doctor_report_has (report, SNUG_DOCTOR_STUN_SILENT)
      || snug_doctor_report_has (report, SNUG_DOCTOR_RELAY_SILENT))
    return SNUG_DOCTOR_BAD;
  if (severity == SNUG_DOCTOR_NOTE || snug_doctor_report_has (report, SNUG_DOCTOR_NAT_DEPENDENT))
    return SNUG_DOCTOR_REMARK;
  return SNUG_DOCTOR_GOOD;
}

static void
end_if_done (SnugDoctor *self)
{
  if (self->jobs->len > 0 || !self->running)
    return;

  if (!self->cancelled)
    {
      g_ptr_array_unref (self->verdict);
      self->verdict = snug_doctor_verdict_reach (self->findings);
    }
  self->running = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
}

static void
end_job (Job *job)
{
  g_autoptr (SnugDoctor) self = g_object_ref (job->doctor);

  g_clear_handle_id (&job->late_id, g_source_remove);
  if (job->late && !self->cancelled && snug_doctor_report_get_severity (job->report) == SNUG_DOCTOR_FACT)
    {
      snug_doctor_report_find (job->report, job->late_code, snug_doctor_result_get_subject (job->result));
      snug_doctor_report_see (job->report, "It took too long, and was stopped");
    }
  for (guint i = 0; i < job->report->findings->len; i++)
    {
      const SnugDoctorFinding *finding = job->report->findings->pdata[i];

      g_ptr_array_add (self->findings, snug_doctor_finding_new (finding->code, finding->subject));
    }
  snug_doctor_result_end (job->result, self->cancelled ? SNUG_DOCTOR_STOPPED : judge (self, job->report), job->report);
  if (job->then != NULL && !self->cancelled)
    job->then (self, job);
  g_ptr_array_remove (self->jobs, job);
  job_free (job);
  end_if_done (self);
}

static gboolean
on_late (gpointer user_data)
{
  Job *job = user_data;

  job->late_id = 0;
  job->late = TRUE;
  g_cancellable_cancel (job->cancellable);
  return G_SOURCE_REMOVE;
}

static void
run_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;

  job->run (job->report, job->input, job->cancellable);
  g_task_return_boolean (task, TRUE);
}

static void
on_thread_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  end_job (user_data);
}

static void
on_check_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  snug_doctor_check_finish (result);
  end_job (user_data);
}

static Job *
add_job (SnugDoctor *self, SnugDoctorCheck check, const char *subject, guint seconds, SnugDoctorCode late_code)
{
  Job *job = g_new0 (Job, 1);

  job->doctor = g_object_ref (self);
  job->result = snug_doctor_result_new (check, subject);
  job->report = snug_doctor_report_new ();
  job->cancellable = g_cancellable_new ();
  job->late_code = late_code;
  job->late_id = g_timeout_add_seconds (seconds, on_late, job);
  g_ptr_array_add (self->jobs, job);
  g_ptr_array_add (self->results, g_object_ref (job->result));
  g_list_model_items_changed (G_LIST_MODEL (self), self->results->len - 1, 0, 1);
  return job;
}

/* input: (transfer full). */
static void
start_thread (Job *job, SnugDoctorRun run, gpointer input, GDestroyNotify free_input)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_thread_done, job);

  job->run = run;
  job->input = input;
  job->free_input = free_input;
  g_task_set_task_data (task, job, NULL);
  g_task_run_in_thread (task, run_in_thread);
}

/* There is nothing to wait for. */
static gboolean
on_ended_at_once (gpointer user_data)
{
  end_job (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
has_found (SnugDoctor *self, SnugDoctorCode code)
{
  for (guint i = 0; i < self->findings->len; i++)
    if (((SnugDoctorFinding *) self->findings->pdata[i])->code == code)
      return TRUE;
  return FALSE;
}

/* Once nothing else takes the processor, and the relays are known. */
static void
start_calls (SnugDoctor *self)
{
  Job *job;

  if (!self->media || has_found (self, SNUG_DOCTOR_PLUGIN) || self->n_devices > 0 || !self->direct_done || !self->network_done
      || self->relays->len == 0)
    return;
  self->direct_done = FALSE;
  job = add_job (self, SNUG_DOCTOR_CHECK_CALL_BY_RELAY, NULL, CALL_SECONDS, SNUG_DOCTOR_CALL_RELAY);
  snug_doctor_check_call_async (job->report, self->relays, job->cancellable, on_check_done, job);
}

static void
then_direct_call (SnugDoctor *self, Job *job)
{
  self->direct_done = TRUE;
  start_calls (self);
}

static void
start_direct_call (SnugDoctor *self)
{
  Job *job;

  if (self->n_devices > 0)
    return;
  job = add_job (self, SNUG_DOCTOR_CHECK_CALL, NULL, CALL_SECONDS, SNUG_DOCTOR_CALL_DIRECT);
  job->then = then_direct_call;
  snug_doctor_check_call_async (job->report, NULL, job->cancellable, on_check_done, job);
}

static void
then_device (SnugDoctor *self, Job *job)
{
  self->n_devices--;
  start_direct_call (self);
}

static void
then_microphone (SnugDoctor *self, Job *job)
{
  Job *next = add_job (self, SNUG_DOCTOR_CHECK_SPEAKER, NULL, DEVICE_SECONDS, SNUG_DOCTOR_SPEAKER_FAILED);

  self->microphone_works = snug_doctor_report_get_severity (job->report) < SNUG_DOCTOR_LACK;
  next->then = then_device;
  snug_doctor_check_speaker_async (next->report, self->speaker, self->microphone_works, self->microphone, next->cancellable,
                                   on_check_done, next);
}

static void
start_media (SnugDoctor *self)
{
  Job *camera = add_job (self, SNUG_DOCTOR_CHECK_CAMERA, NULL, DEVICE_SECONDS, SNUG_DOCTOR_CAMERA_SILENT);
  Job *microphone = add_job (self, SNUG_DOCTOR_CHECK_MICROPHONE, NULL, DEVICE_SECONDS, SNUG_DOCTOR_MICROPHONE_SILENT);

  self->n_devices = 2;
  camera->then = then_device;
  microphone->then = then_microphone;
  snug_doctor_check_camera_async (camera->report, self->camera, camera->cancellable, on_check_done, camera);
  snug_doctor_check_microphone_async (microphone->report, self->microphone, microphone->cancellable, on_check_done, microphone);
}

static void
take_heard (SnugDoctor *self, Job *job)
{
  for (guint i = 0; i < job->report->items->len; i++)
    g_array_append_vals (self->heard, job->report->items->pdata[i], 1);
}

static void
start_nat (SnugDoctor *self)
{
  SnugDoctorTarget *target;

  if (self->heard->len == 0)
    return;
  target = g_new0 (SnugDoctorTarget, 1);
  target->others = g_array_copy (self->heard);
  start_thread (add_job (self, SNUG_DOCTOR_CHECK_NAT, NULL, STUN_SECONDS, SNUG_DOCTOR_LATE), snug_doctor_check_nat, target,
                (GDestroyNotify) snug_doctor_target_free);
}

/* When nothing was heard by UDP, the machine of the server is asked, which is there. */
static void
start_udp (SnugDoctor *self)
{
  g_autoptr (GUri) uri = NULL;

  if ((!has_found (self, SNUG_DOCTOR_STUN_SILENT) && !has_found (self, SNUG_DOCTOR_RELAY_SILENT))
      || has_found (self, SNUG_DOCTOR_UDP_PASSES) || !has_found (self, SNUG_DOCTOR_SERVER_WORKS))
    return;
  uri = g_uri_parse (self->server, G_URI_FLAGS_NONE, NULL);
  start_thread (add_job (self, SNUG_DOCTOR_CHECK_UDP, NULL, QUICK_SECONDS, SNUG_DOCTOR_LATE), snug_doctor_check_udp,
                g_strdup (g_uri_get_host (uri)), g_free);
}

static void
end_of_turn (SnugDoctor *self)
{
  if (self->n_turn > 0)
    return;
  self->network_done = TRUE;
  start_nat (self);
  start_udp (self);
  start_calls (self);
}

static void
then_turn (SnugDoctor *self, Job *job)
{
  take_heard (self, job);
  if (snug_doctor_report_has (job->report, SNUG_DOCTOR_RELAY_WORKS))
    for (guint i = 0; i < self->ice_servers->len; i++)
      {
        SnugIceServer *server = self->ice_servers->pdata[i];

        if (g_str_equal (server->uris[0], snug_doctor_result_get_subject (job->result)) && self->relays->len < SNUG_ICE_SERVERS_MAX)
          {
            g_ptr_array_add (self->relays, server);
            break;
          }
      }
  self->n_turn--;
  end_of_turn (self);
}

static void then_stun (SnugDoctor *self, Job *job);

/* Starts the check of a server, or ends it at once when its address is none. */
static void
start_ice_server (SnugDoctor *self, const SnugIceServer *server, gboolean turn)
{
  Job *job = add_job (self, turn ? SNUG_DOCTOR_CHECK_TURN : SNUG_DOCTOR_CHECK_STUN, server->uris[0],
                      turn ? TURN_SECONDS : STUN_SECONDS, turn ? SNUG_DOCTOR_RELAY_SILENT : SNUG_DOCTOR_STUN_SILENT);
  SnugDoctorTarget *target = snug_doctor_target_new (server->uris[0], server->username, server->credential, job->report);

  job->then = turn ? then_turn : then_stun;
  if (target == NULL)
    {
      g_idle_add (on_ended_at_once, job);
      return;
    }
  /* Its own: there may be more by the time that it is read. */
  target->others = g_array_copy (self->heard);
  start_thread (job, turn ? snug_doctor_check_turn : snug_doctor_check_stun, target, (GDestroyNotify) snug_doctor_target_free);
}

static gboolean
is_turn (const SnugIceServer *server)
{
  return g_ascii_strncasecmp (server->uris[0], "turn", 4) == 0;
}

static void
start_turn (SnugDoctor *self)
{
  if (self->n_stun > 0)
    return;
  for (guint i = 0; i < self->ice_servers->len; i++)
    self->n_turn += is_turn (self->ice_servers->pdata[i]);
  for (guint i = 0; i < self->ice_servers->len; i++)
    if (is_turn (self->ice_servers->pdata[i]))
      start_ice_server (self, self->ice_servers->pdata[i], TRUE);
  end_of_turn (self);
}

static void
then_stun (SnugDoctor *self, Job *job)
{
  take_heard (self, job);
  self->n_stun--;
  start_turn (self);
}

static void
start_stun (SnugDoctor *self)
{
  for (guint i = 0; i < self->ice_servers->len; i++)
    self->n_stun += !is_turn (self->ice_servers->pdata[i]);
  for (guint i = 0; i < self->ice_servers->len; i++)
    if (!is_turn (self->ice_servers->pdata[i]))
      start_ice_server (self, self->ice_servers->pdata[i], FALSE);
  start_turn (self);
}

/* Each address by itself, and none twice. */
static void
add_ice_servers (SnugDoctor *self, const SnugIceServer *servers, gsize n_servers)
{
  for (gsize i = 0; i < n_servers; i++)
    for (gsize u = 0; servers[i].uris[u] != NULL; u++)
      {
        const char *uris[] = { servers[i].uris[u], NULL };
        SnugIceServer one = { uris, servers[i].username, servers[i].credential };
        gboolean known = FALSE;

        for (guint k = 0; k < self->ice_servers->len && !known; k++)
          {
            const SnugIceServer *other = self->ice_servers->pdata[k];

            known = g_str_equal (other->uris[0], uris[0]) && g_strcmp0 (other->username, one.username) == 0;
          }
        if (!known && self->ice_servers->len < 2 * SNUG_ICE_SERVERS_MAX)
          g_ptr_array_add (self->ice_servers, snug_ice_servers_copy (&one, 1));
      }
}

static void
then_server (SnugDoctor *self, Job *job)
{
  for (guint i = 0; i < job->report->items->len; i++)
    add_ice_servers (self, job->report->items->pdata[i], 1);
  start_stun (self);
}

static void
start_server (SnugDoctor *self)
{
  Job *job = add_job (self, SNUG_DOCTOR_CHECK_SERVER, self->server, SERVER_SECONDS, SNUG_DOCTOR_SERVER_SILENT);

  job->then = then_server;
  if (self->server == NULL)
    {
      snug_doctor_report_find (job->report, SNUG_DOCTOR_NO_SERVER, NULL);
      g_idle_add (on_ended_at_once, job);
      return;
    }
  start_thread (job, snug_doctor_check_server, g_strdup (self->server), g_free);
}

static void
then_plugins (SnugDoctor *self, Job *job)
{
  if (self->media && !snug_doctor_report_has (job->report, SNUG_DOCTOR_PLUGIN))
    start_media (self);
}

static void
snug_doctor_dispose (GObject *object)
{
  snug_doctor_cancel (SNUG_DOCTOR (object));

  G_OBJECT_CLASS (snug_doctor_parent_class)->dispose (object);
}

static void
snug_doctor_finalize (GObject *object)
{
  SnugDoctor *self = SNUG_DOCTOR (object);

  g_free (self->server);
  g_free (self->camera);
  g_free (self->microphone);
  g_free (self->speaker);
  g_ptr_array_unref (self->relays);
  g_ptr_array_unref (self->ice_servers);
  g_ptr_array_unref (self->results);
  g_ptr_array_unref (self->jobs);
  g_ptr_array_unref (self->findings);
  g_ptr_array_unref (self->verdict);
  g_array_unref (self->heard);

  G_OBJECT_CLASS (snug_doctor_parent_class)->finalize (object);
}

static void
snug_doctor_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((SnugDoctorProperty) prop_id)
    {
    case PROP_RUNNING:
      g_value_set_boolean (value, SNUG_DOCTOR (object)->running);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_doctor_class_init (SnugDoctorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = snug_doctor_dispose;
  object_class->finalize = snug_doctor_finalize;
  object_class->get_property = snug_doctor_get_property;

  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
snug_doctor_init (SnugDoctor *self)
{
  self->ice_servers = g_ptr_array_new_with_free_func (ice_server_free);
  self->results = g_ptr_array_new_with_free_func (g_object_unref);
  self->jobs = g_ptr_array_new ();
  self->findings = g_ptr_array_new_with_free_func ((GDestroyNotify) snug_doctor_finding_free);
  self->verdict = g_ptr_array_new ();
  self->relays = g_ptr_array_new ();
  self->heard = g_array_new (FALSE, FALSE, sizeof (SnugStunAddress));
}

static GType
get_item_type (GListModel *model)
{
  return SNUG_TYPE_DOCTOR_RESULT;
}

static guint
get_n_items (GListModel *model)
{
  return SNUG_DOCTOR (model)->results->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  SnugDoctor *self = SNUG_DOCTOR (model);

  return position < self->results->len ? g_object_ref (self->results->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

SnugDoctor *
snug_doctor_new (const SnugDoctorConfig *config)
{
  SnugDoctor *self = g_object_new (SNUG_TYPE_DOCTOR, NULL);

  self->server = g_strdup (config->server);
  self->media = config->media;
  self->camera = g_strdup (config->camera);
  self->microphone = g_strdup (config->microphone);
  self->speaker = g_strdup (config->speaker);
  add_ice_servers (self, config->ice_servers, config->n_ice_servers);
  return self;
}

void
snug_doctor_start (SnugDoctor *self)
{
  Job *job;

  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_DOCTOR (self));
  g_return_if_fail (!self->started && gst_is_initialized ());

  self->started = TRUE;
  self->running = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
  job = add_job (self, SNUG_DOCTOR_CHECK_PLUGINS, NULL, QUICK_SECONDS, SNUG_DOCTOR_LATE);
  job->then = then_plugins;
  snug_doctor_check_plugins (job->report, NULL, NULL);
  g_idle_add (on_ended_at_once, job);
  start_thread (add_job (self, SNUG_DOCTOR_CHECK_NETWORK, NULL, QUICK_SECONDS, SNUG_DOCTOR_LATE), snug_doctor_check_network, NULL,
                NULL);
  start_server (self);
  start_thread (add_job (self, SNUG_DOCTOR_CHECK_MDNS, NULL, QUICK_SECONDS, SNUG_DOCTOR_LATE), snug_doctor_check_mdns, NULL, NULL);
}

void
snug_doctor_cancel (SnugDoctor *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_DOCTOR (self));

  if (!self->running || self->cancelled)
    return;
  self->cancelled = TRUE;
  for (guint i = 0; i < self->jobs->len; i++)
    g_cancellable_cancel (((Job *) self->jobs->pdata[i])->cancellable);
}

gboolean
snug_doctor_get_running (SnugDoctor *self)
{
  g_return_val_if_fail (SNUG_IS_DOCTOR (self), FALSE);

  return self->running;
}

gboolean
snug_doctor_get_cancelled (SnugDoctor *self)
{
  g_return_val_if_fail (SNUG_IS_DOCTOR (self), FALSE);

  return self->cancelled;
}

GPtrArray *
snug_doctor_get_verdict (SnugDoctor *self)
{
  g_return_val_if_fail (SNUG_IS_DOCTOR (self), NULL);

  return self->verdict;
}

SnugDoctorSeverity
snug_doctor_weigh (SnugDoctor *self, const SnugDoctorFinding *finding)
{
  g_return_val_if_fail (SNUG_IS_DOCTOR (self), SNUG_DOCTOR_FACT);

  return snug_doctor_verdict_weigh (finding->code, self->findings);
}

SnugDoctorSeverity
snug_doctor_get_severity (SnugDoctor *self)
{
  g_return_val_if_fail (SNUG_IS_DOCTOR (self), SNUG_DOCTOR_FACT);

  return self->verdict->len > 0 ? snug_doctor_weigh (self, self->verdict->pdata[0]) : SNUG_DOCTOR_FACT;
}
