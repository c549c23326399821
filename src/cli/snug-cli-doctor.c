/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-doctor.h"

#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>

#include "snug-cli-doctor-options.h"
#include "snug-cli-doctor-text.h"
#include "snug-cli-options.h"
#include "snug-doctor.h"
#include "snug-engine.h"
#include "snug-event.h"

typedef struct
{
  SnugCliDoctorOptions *options; /* borrowed */
  SnugDoctor *doctor;
  GMainLoop *loop;
  guint n_interrupts;
} SnugCliDoctor;

static const char *
get_nick (GType type, int value)
{
  GEnumClass *class = g_type_class_ref (type);
  const char *nick = g_enum_get_value (class, value)->value_nick;

  g_type_class_unref (class);
  return nick;
}

static const char *
name_severity (SnugDoctorSeverity severity)
{
  static const char *const names[] = { "fact", "note", "lack", "some", "none" };

  return names[severity];
}

/* builder: (transfer full). */
static void
print_json (JsonBuilder *builder)
{
  g_autoptr (JsonObject) event = snug_event_end (builder);
  g_autofree char *line = snug_event_to_json (event);

  puts (line);
  fflush (stdout);
}

static void
print_result_json (SnugDoctorResult *result)
{
  JsonBuilder *builder = snug_event_begin ("check");
  GPtrArray *findings = snug_doctor_result_get_findings (result);
  const char *const *seen = snug_doctor_result_get_seen (result);

  snug_event_add_enum (builder, "check", SNUG_TYPE_DOCTOR_CHECK, snug_doctor_result_get_check (result));
  snug_event_add_string (builder, "subject", snug_doctor_result_get_subject (result));
  snug_event_add_enum (builder, "state", SNUG_TYPE_DOCTOR_STATE, snug_doctor_result_get_state (result));
  snug_event_add_double (builder, "seconds", snug_doctor_result_get_seconds (result));
  json_builder_set_member_name (builder, "findings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < findings->len; i++)
    json_builder_add_string_value (builder, get_nick (SNUG_TYPE_DOCTOR_CODE, ((SnugDoctorFinding *) findings->pdata[i])->code));
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "seen");
  json_builder_begin_array (builder);
  for (guint i = 0; seen[i] != NULL; i++)
    json_builder_add_string_value (builder, seen[i]);
  json_builder_end_array (builder);
  print_json (builder);
}

static void
print_result_text (SnugDoctorResult *result)
{
  static const char *const marks[] = { "....", "good", "note", "BAD ", "----" };
  const char *const *seen = snug_doctor_result_get_seen (result);
  const char *subject = snug_doctor_result_get_subject (result);

  printf ("%s  %s%s%s\n", marks[snug_doctor_result_get_state (result)],
          snug_cli_doctor_text_name_check (snug_doctor_result_get_check (result)), subject != NULL ? "  " : "",
          subject != NULL ? subject : "");
  for (guint i = 0; seen[i] != NULL; i++)
    printf ("        %s\n", seen[i]);
  fflush (stdout);
}

static void
on_result_state (SnugCliDoctor *self, GParamSpec *pspec, SnugDoctorResult *result)
{
  if (self->options->json)
    print_result_json (result);
  else
    print_result_text (result);
}

static void
on_results (SnugCliDoctor *self, guint position, guint removed, guint added, GListModel *results)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (SnugDoctorResult) result = g_list_model_get_item (results, i);

      g_signal_connect_swapped (result, "notify::state", G_CALLBACK (on_result_state), self);
    }
}

static void
print_verdict_json (SnugCliDoctor *self)
{
  GPtrArray *verdict = snug_doctor_get_verdict (self->doctor);
  JsonBuilder *builder = snug_event_begin ("verdict");

  snug_event_add_boolean (builder, "complete", !snug_doctor_get_cancelled (self->doctor));
  json_builder_set_member_name (builder, "findings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < verdict->len; i++)
    {
      const SnugDoctorFinding *finding = verdict->pdata[i];
      const SnugCliDoctorText *text = snug_cli_doctor_text_lookup (finding->code);

      json_builder_begin_object (builder);
      snug_event_add_string (builder, "code", get_nick (SNUG_TYPE_DOCTOR_CODE, finding->code));
      snug_event_add_string (builder, "severity", name_severity (snug_doctor_weigh (self->doctor, finding)));
      snug_event_add_string (builder, "subject", finding->subject);
      snug_event_add_string (builder, "sentence", text->sentence);
      snug_event_add_string (builder, "advice", text->advice);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  print_json (builder);
}

static void
print_verdict_text (SnugCliDoctor *self)
{
  GPtrArray *verdict = snug_doctor_get_verdict (self->doctor);

  puts ("");
  if (snug_doctor_get_cancelled (self->doctor))
    puts ("Stopped before the end.");
  else if (verdict->len == 0)
    puts ("Nothing is the matter: calls work here.");
  else if (snug_doctor_get_severity (self->doctor) == SNUG_DOCTOR_NOTE)
    puts ("Calls work here, but:");
  for (guint i = 0; i < verdict->len; i++)
    {
      const SnugDoctorFinding *finding = verdict->pdata[i];
      const SnugCliDoctorText *text = snug_cli_doctor_text_lookup (finding->code);

      printf ("* %s%s%s%s\n  %s\n", text->sentence, finding->subject != NULL ? " [" : "",
              finding->subject != NULL ? finding->subject : "", finding->subject != NULL ? "]" : "", text->advice);
    }
  fflush (stdout);
}

static void
on_running (SnugCliDoctor *self)
{
  if (snug_doctor_get_running (self->doctor))
    return;
  if (self->options->json)
    print_verdict_json (self);
  else
    print_verdict_text (self);
  g_main_loop_quit (self->loop);
}

static gboolean
on_signal (gpointer user_data)
{
  SnugCliDoctor *self = user_data;

  if (self->n_interrupts++ == 0)
    snug_doctor_cancel (self->doctor);
  else
    g_main_loop_quit (self->loop);

  return G_SOURCE_CONTINUE;
}

static SnugCliExit
get_exit (SnugCliDoctor *self)
{
  GPtrArray *verdict = snug_doctor_get_verdict (self->doctor);

  if (snug_doctor_get_running (self->doctor) || snug_doctor_get_cancelled (self->doctor))
    return SNUG_CLI_EXIT_FAILED;
  if (verdict->len == 0)
    return SNUG_CLI_EXIT_GOOD;
  return snug_cli_doctor_text_get_exit (((SnugDoctorFinding *) verdict->pdata[0])->code,
                                        snug_doctor_get_severity (self->doctor));
}

static SnugCliExit
run (SnugCliDoctorOptions *options)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  g_autofree SnugIceServer *servers = g_new0 (SnugIceServer, options->ice_servers->len + 1);
  SnugCliDoctor self = { .options = options, .loop = loop };
  SnugDoctorConfig config = {
    .server = options->server,
    .ice_servers = servers,
    .n_ice_servers = options->ice_servers->len,
    .media = options->media,
  };
  guint interrupt_id, terminate_id;
  SnugCliExit code;

  /* Elements that are missing are one of the things to be found. */
  if (!snug_engine_init (&error) && !g_error_matches (error, SNUG_CALL_ERROR, SNUG_CALL_ERROR_MISSING_PLUGIN))
    {
      fprintf (stderr, "snug-cli: %s.\n", error->message);
      return SNUG_CLI_EXIT_FAILED;
    }

  for (guint i = 0; i < options->ice_servers->len; i++)
    servers[i] = *(SnugIceServer *) options->ice_servers->pdata[i];
  self.doctor = snug_doctor_new (&config);
  interrupt_id = g_unix_signal_add (SIGINT, on_signal, &self);
  terminate_id = g_unix_signal_add (SIGTERM, on_signal, &self);
  g_signal_connect_swapped (self.doctor, "items-changed", G_CALLBACK (on_results), &self);
  g_signal_connect_swapped (self.doctor, "notify::running", G_CALLBACK (on_running), &self);
  snug_doctor_start (self.doctor);
  g_main_loop_run (loop);

  code = get_exit (&self);
  g_signal_handlers_disconnect_by_data (self.doctor, &self);
  g_object_unref (self.doctor);
  g_source_remove (interrupt_id);
  g_source_remove (terminate_id);

  return code;
}

SnugCliExit
snug_cli_doctor_main (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugCliDoctorOptions) options
      = snug_cli_doctor_options_parse (argv, g_getenv (SNUG_CLI_SERVER_VARIABLE), &error);

  if (options == NULL)
    {
      fprintf (stderr, "snug-cli: %s.\nTry \"snug-cli doctor --help\".\n", error->message);
      return SNUG_CLI_EXIT_USAGE;
    }
  if (options->help)
    {
      g_autofree char *help = snug_cli_doctor_options_get_help ();

      fputs (help, stdout);
      return SNUG_CLI_EXIT_GOOD;
    }

  return run (options);
}
