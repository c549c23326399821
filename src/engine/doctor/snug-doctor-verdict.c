/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-doctor-verdict.h"

#include <gio/gio.h>
#include <string.h>

static gboolean
has (GPtrArray *findings, SnugDoctorCode code)
{
  for (guint i = 0; i < findings->len; i++)
    if (((SnugDoctorFinding *) findings->pdata[i])->code == code)
      return TRUE;
  return FALSE;
}

static gboolean
has_between (GPtrArray *findings, SnugDoctorCode first, SnugDoctorCode last)
{
  for (SnugDoctorCode code = first; code <= last; code++)
    if (has (findings, code))
      return TRUE;
  return FALSE;
}

static gboolean
is_between (SnugDoctorCode code, SnugDoctorCode first, SnugDoctorCode last)
{
  return code >= first && code <= last;
}

static gboolean
is_of_network (SnugDoctorCode code)
{
  return is_between (code, SNUG_DOCTOR_SERVER_NAME, SNUG_DOCTOR_CALL_RELAY);
}

static void
drop (GPtrArray *findings, gboolean (*unwanted) (SnugDoctorCode code))
{
  for (guint i = findings->len; i > 0; i--)
    if (unwanted (((SnugDoctorFinding *) findings->pdata[i - 1])->code))
      g_ptr_array_remove_index (findings, i - 1);
}

static void
drop_code (GPtrArray *findings, SnugDoctorCode code)
{
  for (guint i = findings->len; i > 0; i--)
    if (((SnugDoctorFinding *) findings->pdata[i - 1])->code == code)
      g_ptr_array_remove_index (findings, i - 1);
}

/* What was only seen is called something else from here on. */
static void
rename_code (GPtrArray *findings, SnugDoctorCode from, SnugDoctorCode to)
{
  for (guint i = 0; i < findings->len; i++)
    {
      SnugDoctorFinding *finding = findings->pdata[i];

      if (finding->code == from)
        finding->code = to;
    }
}

static void
add (GPtrArray *findings, SnugDoctorCode code)
{
  g_ptr_array_add (findings, snug_doctor_finding_new (code, NULL));
}

/* The server is not heard, nor is anybody else: it is not the server. */
static gboolean
is_offline (GPtrArray *findings)
{
  gboolean server_gone = has (findings, SNUG_DOCTOR_SERVER_NAME) || has (findings, SNUG_DOCTOR_SERVER_SILENT)
                         || has (findings, SNUG_DOCTOR_SERVER_UNREACHABLE);
  gboolean others_gone = has (findings, SNUG_DOCTOR_STUN_SILENT) || has (findings, SNUG_DOCTOR_RELAY_SILENT)
                         || has (findings, SNUG_DOCTOR_STUN_NAME) || has (findings, SNUG_DOCTOR_RELAY_NAME);

  return server_gone && others_gone && !has (findings, SNUG_DOCTOR_UDP_PASSES) && !has (findings, SNUG_DOCTOR_TCP_PASSES)
         && !has (findings, SNUG_DOCTOR_SERVER_WORKS);
}

/* Wrong clocks make certificates and credentials look as if their time was over, or yet to come. */
static gboolean
follows_from_clock (SnugDoctorCode code)
{
  return code == SNUG_DOCTOR_SERVER_EXPIRED || code == SNUG_DOCTOR_SERVER_NOT_YET || code == SNUG_DOCTOR_SERVER_EXPIRES
         || code == SNUG_DOCTOR_RELAY_CREDENTIALS || code == SNUG_DOCTOR_RELAY_CERTIFICATE;
}

static gboolean
follows_from_plugin (SnugDoctorCode code)
{
  return is_between (code, SNUG_DOCTOR_CALL_DIRECT, SNUG_DOCTOR_SCREEN_PLUGIN);
}

static gboolean
is_camera_trouble (SnugDoctorCode code)
{
  return is_between (code, SNUG_DOCTOR_NO_CAMERA, SNUG_DOCTOR_CAMERA_FAILED);
}

static gboolean
is_sound_trouble (SnugDoctorCode code)
{
  return is_between (code, SNUG_DOCTOR_NO_MICROPHONE, SNUG_DOCTOR_SPEAKER_FAILED);
}

static gboolean
is_call (SnugDoctorCode code)
{
  return code == SNUG_DOCTOR_CALL_DIRECT || code == SNUG_DOCTOR_CALL_RELAY;
}

static gboolean
is_late (SnugDoctorCode code)
{
  return code == SNUG_DOCTOR_LATE;
}

/* What silence means, once it is known whether anything gets through. */
static void
explain_silence (GPtrArray *findings)
{
  gboolean silent = has (findings, SNUG_DOCTOR_STUN_SILENT) || has (findings, SNUG_DOCTOR_RELAY_SILENT);
  gboolean relay_works = has (findings, SNUG_DOCTOR_RELAY_WORKS);

  if (!silent)
    return;
  if (has (findings, SNUG_DOCTOR_UDP_PASSES) || !has (findings, SNUG_DOCTOR_SERVER_WORKS))
    {
      rename_code (findings, SNUG_DOCTOR_STUN_SILENT, SNUG_DOCTOR_STUN_DOWN);
      rename_code (findings, SNUG_DOCTOR_RELAY_SILENT, SNUG_DOCTOR_RELAY_DOWN);
      return;
    }

  /* Nobody was heard by UDP but the server works: the network keeps it back. */
  drop_code (findings, SNUG_DOCTOR_STUN_SILENT);
  drop_code (findings, SNUG_DOCTOR_RELAY_SILENT);
  if (relay_works)
    add (findings, SNUG_DOCTOR_UDP_BLOCKED_RELAY);
  else if (has (findings, SNUG_DOCTOR_TCP_SILENT) && !has (findings, SNUG_DOCTOR_TCP_PASSES))
    add (findings, SNUG_DOCTOR_ONLY_WEB);
  else if (!has_between (findings, SNUG_DOCTOR_RELAY_ADDRESS, SNUG_DOCTOR_RELAY_REFUSES))
    add (findings, SNUG_DOCTOR_UDP_BLOCKED_NO_RELAY);
  /* Otherwise the relay that would help has a trouble of its own, which is named: with it mended, calls work. */
}

static int
compare (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const SnugDoctorFinding *one = *(const SnugDoctorFinding *const *) a;
  const SnugDoctorFinding *other = *(const SnugDoctorFinding *const *) b;
  int by_weight = (int) snug_doctor_verdict_weigh (other->code, user_data) - (int) snug_doctor_verdict_weigh (one->code, user_data);

  return by_weight != 0 ? by_weight : (int) one->code - (int) other->code;
}

SnugDoctorSeverity
snug_doctor_verdict_weigh (SnugDoctorCode code, GPtrArray *findings)
{
  SnugDoctorSeverity severity = snug_doctor_code_get_severity (code);

  /* One that works is enough. */
  if ((is_between (code, SNUG_DOCTOR_RELAY_ADDRESS, SNUG_DOCTOR_RELAY_REFUSES) && has (findings, SNUG_DOCTOR_RELAY_WORKS))
      || (is_between (code, SNUG_DOCTOR_STUN_ADDRESS, SNUG_DOCTOR_STUN_GARBAGE)
          && (has (findings, SNUG_DOCTOR_STUN_WORKS) || has (findings, SNUG_DOCTOR_RELAY_WORKS))))
    return SNUG_DOCTOR_NOTE;
  return severity;
}

/* What is the same thing twice. */
static GPtrArray *
join (GPtrArray *sorted)
{
  GPtrArray *joined = g_ptr_array_new_with_free_func ((GDestroyNotify) snug_doctor_finding_free);
  SnugDoctorFinding *last = NULL;

  for (guint i = 0; i < sorted->len; i++)
    {
      const SnugDoctorFinding *finding = sorted->pdata[i];

      if (snug_doctor_code_get_severity (finding->code) == SNUG_DOCTOR_FACT)
        continue;
      if (last == NULL || last->code != finding->code)
        {
          last = snug_doctor_finding_new (finding->code, finding->subject);
          g_ptr_array_add (joined, last);
        }
      else if (finding->subject != NULL && (last->subject == NULL || strstr (last->subject, finding->subject) == NULL))
        {
          char *both = last->subject != NULL ? g_strdup_printf ("%s, %s", last->subject, finding->subject)
                                             : g_strdup (finding->subject);

          g_free (last->subject);
          last->subject = both;
        }
    }
  return joined;
}

GPtrArray *
snug_doctor_verdict_reach (GPtrArray *findings)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) snug_doctor_finding_free);
  gboolean cause;

  g_return_val_if_fail (findings != NULL, NULL);

  for (guint i = 0; i < findings->len; i++)
    {
      const SnugDoctorFinding *finding = findings->pdata[i];

      g_ptr_array_add (all, snug_doctor_finding_new (finding->code, finding->subject));
    }

  if (has (all, SNUG_DOCTOR_NO_NETWORK))
    {
      drop (all, is_of_network);
      drop_code (all, SNUG_DOCTOR_STUN_SILENT);
      drop_code (all, SNUG_DOCTOR_RELAY_SILENT);
    }
  else if (is_offline (all))
    {
      drop (all, is_of_network);
      drop_code (all, SNUG_DOCTOR_STUN_SILENT);
      drop_code (all, SNUG_DOCTOR_RELAY_SILENT);
      add (all, SNUG_DOCTOR_OFFLINE);
    }
  explain_silence (all);

  if (has (all, SNUG_DOCTOR_CLOCK))
    drop (all, follows_from_clock);
  if (has (all, SNUG_DOCTOR_PLUGIN))
    drop (all, follows_from_plugin);
  if (has (all, SNUG_DOCTOR_TLS_PLUGIN))
    drop_code (all, SNUG_DOCTOR_SERVER_NO_TLS);
  if (has (all, SNUG_DOCTOR_CAMERA_PLUGIN))
    drop (all, is_camera_trouble);
  if (has (all, SNUG_DOCTOR_SOUND_PLUGIN))
    drop (all, is_sound_trouble);

  /* Without a relay that works, a changing port is a trouble; with one that has a trouble itself, that one is named. */
  if (has (all, SNUG_DOCTOR_NAT_DEPENDENT) && !has (all, SNUG_DOCTOR_RELAY_WORKS)
      && !has_between (all, SNUG_DOCTOR_RELAY_ADDRESS, SNUG_DOCTOR_RELAY_REFUSES)
      && !has (all, SNUG_DOCTOR_UDP_BLOCKED_NO_RELAY) && !has (all, SNUG_DOCTOR_ONLY_WEB))
    add (all, SNUG_DOCTOR_NAT_NO_RELAY);

  /* That a call does not come about, or something takes long, says nothing when it is known why. */
  cause = has_between (all, SNUG_DOCTOR_PLUGIN, SNUG_DOCTOR_STUN_GARBAGE);
  if (cause)
    drop (all, is_call);
  if (cause || has_between (all, SNUG_DOCTOR_CALL_DIRECT, SNUG_DOCTOR_TLS_PLUGIN))
    drop (all, is_late);

  g_ptr_array_sort_with_data (all, compare, all);
  return join (all);
}

static gboolean
is_of_address (char c)
{
  return g_ascii_isxdigit (c) || c == '.' || c == ':';
}

/* token: characters that an address is made of. Returns: (transfer full) (nullable): what an address is called, or NULL for none. */
static char *
name_address (const char *token, GHashTable *names)
{
  g_autoptr (GInetAddress) address = NULL;
  g_autofree char *canonical = NULL;
  const char *name;

  /* A word like "bad" or a time is none. */
  if (strchr (token, '.') == NULL && strchr (token, ':') == NULL)
    return NULL;
  address = g_inet_address_new_from_string (token);
  if (address == NULL || g_inet_address_get_is_loopback (address) || g_inet_address_get_is_any (address))
    return NULL;
  canonical = g_inet_address_to_string (address);
  name = g_hash_table_lookup (names, canonical);
  if (name == NULL)
    {
      char *new_name = g_strdup_printf ("[address %u]", g_hash_table_size (names) + 1);

      g_hash_table_insert (names, g_steal_pointer (&canonical), new_name);
      name = new_name;
    }
  return g_strdup (name);
}

/* One run of such characters: an address; one with a port, or with a full stop behind it; or something else. */
static void
append_token (GString *out, const char *start, gsize size, GHashTable *names)
{
  g_autofree char *token = g_strndup (start, size);
  g_autofree char *name = NULL;
  gsize length = size;
  char *colon;

  while (length > 0 && (token[length - 1] == '.' || (token[length - 1] == ':' && (length < 2 || token[length - 2] != ':'))))
    token[--length] = '\0';
  name = name_address (token, names);
  colon = strrchr (token, ':');
  if (name == NULL && colon != NULL && strchr (token, '.') != NULL)
    {
      length = colon - token;
      *colon = '\0';
      name = name_address (token, names);
    }
  if (name != NULL)
    {
      /* One in brackets is in brackets as it is. */
      gboolean bracketed = length == size && start[size] == ']' && out->len > 0 && out->str[out->len - 1] == '[';

      g_string_append_len (out, name + bracketed, strlen (name) - 2 * bracketed);
      g_string_append_len (out, start + length, size - length);
    }
  else
    g_string_append_len (out, start, size);
}

char *
snug_doctor_black_out (const char *text)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GString *out = g_string_new (NULL);
  const char *at = text;

  g_return_val_if_fail (text != NULL, NULL);

  while (*at != '\0')
    {
      gsize size = 0;

      /* The end of a word, or what stands between it and an address. */
      while (at != text && g_ascii_isalnum (at[-1]) && g_ascii_isxdigit (*at))
        g_string_append_c (out, *at++);
      while (at[0] == ':' && at[1] != ':')
        g_string_append_c (out, *at++);
      while (is_of_address (at[size]))
        size++;
      if (*at == '\0')
        break;
      if (size == 0)
        g_string_append_c (out, *at++);
      else
        {
          append_token (out, at, size, names);
          at += size;
        }
    }
  return g_string_free (out, FALSE);
}
