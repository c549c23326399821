/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-failure.h"

#include "snug-engine.h"
#include "snug-format.h"
#include "snug-protocol.h"
#include "snug-self-test.h"
#include "snug-signaling.h"

#include <glib/gi18n.h>

static void
step_free (gpointer data)
{
  SnugFailureStep *step = data;

  g_free (step->title);
  g_free (step->detail);
  g_free (step);
}

/* title and detail: (transfer full). */
static void
add (SnugFailure *self, SnugStepState state, char *title, char *detail, SnugRemedy remedy)
{
  SnugFailureStep *step = g_new0 (SnugFailureStep, 1);

  step->state = state;
  step->title = title;
  step->detail = detail;
  step->remedy = remedy;
  g_ptr_array_add (self->steps, step);
}

static void
add_found_room (SnugFailure *self, const char *first_name)
{
  add (self, SNUG_STEP_DONE, g_strdup (_ ("Found the room")),
       /* Translators: a name */
       first_name != NULL ? g_strdup_printf (_ ("%s is waiting there."), first_name) : NULL,
       SNUG_REMEDY_NONE);
}

static gboolean
is_missing (const SnugElementInfo *info)
{
  return info->without == NULL && !snug_self_test_has_element (info->name);
}

/* One step for each package that would bring something that is missing. */
static void
add_missing_steps (SnugFailure *self)
{
  const SnugElementInfo *elements = snug_self_test_list_elements ();

  for (const SnugElementInfo *info = elements; info->name != NULL; info++)
    {
      const SnugElementInfo *first = elements;
      g_autoptr (GString) names = g_string_new (NULL);

      while (first != info && !(is_missing (first) && g_str_equal (first->package, info->package)))
        first++;
      if (first != info || !is_missing (info))
        continue;
      for (const SnugElementInfo *other = info; other->name != NULL; other++)
        if (is_missing (other) && g_str_equal (other->package, info->package))
          g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", other->name);

      add (self, SNUG_STEP_FAILED,
           /* Translators: names of GStreamer elements, separated by commas */
           g_strdup_printf (_ ("Not installed: %s"), names->str),
           /* Translators: the name of a Debian package */
           g_strdup_printf (_ ("Install the package %s, or what your system calls it."), info->package),
           SNUG_REMEDY_NONE);
    }
}

static void
add_call_steps (SnugFailure *self, int code, const char *first_name, gboolean has_relay, const SnugErrorText *text)
{
  if (code == SNUG_CALL_ERROR_MISSING_PLUGIN || code == SNUG_CALL_ERROR_ICE_SERVER || code == SNUG_CALL_ERROR_FAILED)
    {
      if (code == SNUG_CALL_ERROR_MISSING_PLUGIN)
        add_missing_steps (self);
      if (self->steps->len == 0)
        add (self, SNUG_STEP_FAILED, g_strdup (text->title), g_strdup (text->sentence), text->remedy);
      return;
    }

  add_found_room (self, first_name);
  switch (code)
    {
    case SNUG_CALL_ERROR_NO_ROUTE:
      add (self, SNUG_STEP_FAILED, g_strdup (_ ("Direct path: no answer")),
           g_strdup (_ ("A network in between blocks UDP, which calls prefer.")), SNUG_REMEDY_NONE);
      if (has_relay)
        add (self, SNUG_STEP_FAILED, g_strdup (_ ("Relay: no answer")),
             g_strdup (_ ("Check the relay’s address, user name and password.")), SNUG_REMEDY_NETWORK);
      else
        add (self, SNUG_STEP_FAILED, g_strdup (_ ("Relay: not set up")),
             g_strdup (_ ("A relay would carry the call where no direct path is.")), SNUG_REMEDY_NETWORK);
      break;
    case SNUG_CALL_ERROR_CERTIFICATE_MISMATCH:
      add (self, SNUG_STEP_DONE, g_strdup (_ ("Found a path")), NULL, SNUG_REMEDY_NONE);
      add (self, SNUG_STEP_FAILED, g_strdup (_ ("Certificate: not the right one")),
           g_strdup (_ ("Do not talk about anything private until you know why.")), SNUG_REMEDY_NONE);
      break;
    case SNUG_CALL_ERROR_LOST:
      add (self, SNUG_STEP_DONE, g_strdup (_ ("Was connected")), NULL, SNUG_REMEDY_NONE);
      add (self, SNUG_STEP_FAILED, g_strdup (_ ("Then nothing arrived any more")),
           g_strdup (_ ("One of the two networks went away or changed.")), text->remedy);
      break;
    default:
      add (self, SNUG_STEP_FAILED, g_strdup (_ ("Setting up the call")), g_strdup (text->sentence), text->remedy);
      break;
    }
}

static char *
make_report (SnugFailure *self, const GError *error)
{
  GString *report = g_string_new ("Snug " SNUG_VERSION "\n");

  if (error != NULL)
    g_string_append_printf (report, "error: %s %d\n", g_quark_to_string (error->domain), error->code);
  for (guint i = 0; i < self->steps->len; i++)
    {
      const SnugFailureStep *step = g_ptr_array_index (self->steps, i);
      /* The first step's second line may hold a name. */
      gboolean quiet = step->detail == NULL || step->state == SNUG_STEP_DONE;

      g_string_append_printf (report, "%s %s%s%s\n", step->state == SNUG_STEP_DONE ? "[x]" : "[ ]", step->title,
                              quiet ? "" : ": ", quiet ? "" : step->detail);
    }
  if (error != NULL && error->domain == SNUG_CALL_ERROR && error->code == SNUG_CALL_ERROR_MISSING_PLUGIN)
    g_string_append_printf (report, "%s\n", error->message);
  return g_string_free (report, FALSE);
}

/* A sentence that stands alone elsewhere may begin with what the title says. */
static const char *
skip_title (const char *sentence, const char *title)
{
  const char *rest;

  if (!g_str_has_prefix (sentence, title) || sentence[strlen (title)] != '.')
    return sentence;
  rest = sentence + strlen (title) + 1;
  while (*rest == ' ')
    rest++;
  return *rest != '\0' ? rest : sentence;
}

SnugFailure *
snug_failure_new (const GError *error, const char *other_name, const char *server, gboolean has_relay)
{
  SnugFailure *self = g_new0 (SnugFailure, 1);
  SnugErrorText text = snug_error_text_lookup (error, SNUG_ERROR_TEXT_CALL, NULL);
  g_autofree char *first_name = other_name != NULL ? snug_format_first_name (other_name) : NULL;

  self->steps = g_ptr_array_new_with_free_func (step_free);
  self->title = snug_error_text_title (&text, first_name);
  text.sentence = skip_title (text.sentence, text.title);
  self->sentence = g_strdup (text.sentence);

  if (g_error_matches (error, SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_NO_DISCOVERY))
    add (self, SNUG_STEP_FAILED, g_strdup (_ ("This network")), g_strdup (text.sentence), text.remedy);
  else if (error != NULL && error->domain == SNUG_SIGNALING_ERROR)
    add (self, SNUG_STEP_FAILED,
         server != NULL ? g_strdup_printf (_ ("Meeting point %s"), server) : g_strdup (_ ("Meeting point")),
         g_strdup (text.sentence), text.remedy);
  else if (error != NULL && error->domain == SNUG_PROTOCOL_ERROR)
    {
      add (self, SNUG_STEP_DONE, g_strdup (_ ("Reached the meeting point")), g_strdup (server), SNUG_REMEDY_NONE);
      add (self, SNUG_STEP_FAILED, g_strdup (_ ("Going into the room")), g_strdup (text.sentence), text.remedy);
    }
  else
    add_call_steps (self, error != NULL && error->domain == SNUG_CALL_ERROR ? error->code : SNUG_CALL_ERROR_FAILED,
                    first_name, has_relay, &text);
  self->report = make_report (self, error);
  return self;
}

void
snug_failure_free (SnugFailure *self)
{
  g_free (self->title);
  g_free (self->sentence);
  g_free (self->report);
  g_ptr_array_unref (self->steps);
  g_free (self);
}
