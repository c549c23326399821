/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-file-text.h"

#include <glib/gi18n.h>
#include <math.h>

char *
snug_file_text_progress (guint64 transferred, guint64 size)
{
  double done = (double) MIN (transferred, size);

  if (size >= 1000000000)
    /* Translators: gigabytes of gigabytes */
    return g_strdup_printf (_ ("%.1f of %.1f GB"), done / 1e9, (double) size / 1e9);
  if (size >= 1000000)
    /* Translators: megabytes of megabytes */
    return g_strdup_printf (_ ("%.1f of %.1f MB"), done / 1e6, (double) size / 1e6);
  if (size >= 1000)
    /* Translators: kilobytes of kilobytes */
    return g_strdup_printf (_ ("%.0f of %.0f kB"), floor (done / 1e3), ceil ((double) size / 1e3));
  return g_strdup_printf (g_dngettext (NULL, "%u of %u byte", "%u of %u bytes", (gulong) size), (guint) done,
                          (guint) size);
}

char *
snug_file_text_time_left (guint64 transferred, guint64 size, double bytes_per_second)
{
  double seconds;
  guint n;

  if (!isfinite (bytes_per_second) || bytes_per_second < 1 || transferred > size)
    return NULL;
  seconds = ceil ((double) (size - transferred) / bytes_per_second);
  /* Longer than a call: the speed will be another one by then. */
  if (seconds > 24 * 3600)
    return NULL;
  if (seconds < 60)
    {
      n = MAX (1, (guint) seconds);
      return g_strdup_printf (g_dngettext (NULL, "%u second left", "%u seconds left", n), n);
    }
  if (seconds < 3600)
    {
      n = (guint) round (seconds / 60);
      return g_strdup_printf (g_dngettext (NULL, "%u minute left", "%u minutes left", n), n);
    }
  n = (guint) round (seconds / 3600);
  return g_strdup_printf (g_dngettext (NULL, "%u hour left", "%u hours left", n), n);
}

char *
snug_file_text_speed (double bytes_per_second)
{
  g_autofree char *size = NULL;

  if (!isfinite (bytes_per_second) || bytes_per_second < 1)
    return NULL;
  size = g_format_size ((guint64) bytes_per_second);
  /* Translators: a size, as in "680 kB": so much in a second */
  return g_strdup_printf (_ ("%s/s"), size);
}

static const char *
get_error_sentence (int code, gboolean outgoing)
{
  switch ((SnugFileError) code)
    {
    case SNUG_FILE_ERROR_NOT_FOUND:
      return outgoing ? _ ("The file is not there any more.") : _ ("The folder for it is not there.");
    case SNUG_FILE_ERROR_NOT_REGULAR:
      return _ ("Only files can be sent. Pack a folder into an archive first.");
    case SNUG_FILE_ERROR_PERMISSION:
      return outgoing ? _ ("Snug may not read this file.") : _ ("Snug may not write there. Choose another folder.");
    case SNUG_FILE_ERROR_NO_SPACE:
      return _ ("There is not enough space on the disk.");
    case SNUG_FILE_ERROR_TOO_LARGE:
      return _ ("The file is too large. Up to 2 GB can be sent.");
    case SNUG_FILE_ERROR_CHANGED:
      return _ ("The file was changed while it was sent. Send it again.");
    case SNUG_FILE_ERROR_CHECKSUM:
      return _ ("The file arrived damaged and was thrown away. Ask for it again.");
    case SNUG_FILE_ERROR_NOBODY:
      return _ ("Nobody is here who could get the file.");
    case SNUG_FILE_ERROR_UNSUPPORTED:
      return _ ("The other side’s program cannot receive files.");
    case SNUG_FILE_ERROR_TOO_MANY:
      return _ ("Too many files are on their way. Wait until one is done.");
    case SNUG_FILE_ERROR_PEER_FAILED:
      return outgoing ? _ ("The other side could not save the file.") : _ ("The other side could not read the file.");
    case SNUG_FILE_ERROR_PEER_LEFT:
      return _ ("Stopped, because the other side left.");
    case SNUG_FILE_ERROR_FAILED:
    default:
      return outgoing ? _ ("The file could not be sent.") : _ ("The file could not be saved.");
    }
}

char *
snug_file_text_error (const GError *error, gboolean outgoing)
{
  int code = error != NULL && error->domain == SNUG_FILE_ERROR ? error->code : SNUG_FILE_ERROR_FAILED;

  return g_strdup (get_error_sentence (code, outgoing));
}

static char *
describe_done (const SnugFileStatus *status)
{
  if (!status->outgoing && status->folder != NULL)
    /* Translators: the name of a folder */
    return g_strdup_printf (_ ("Saved to %s"), status->folder);
  if (!status->outgoing)
    return g_strdup (_ ("Saved"));
  if (status->n_recipients <= 1)
    return g_strdup (_ ("Sent"));
  if (status->n_done >= status->n_recipients)
    return g_strdup_printf (g_dngettext (NULL, "Received by all %u", "Received by all %u", status->n_recipients),
                            status->n_recipients);
  /* Translators: how many of how many people */
  return g_strdup_printf (_ ("Received by %u of %u"), status->n_done, status->n_recipients);
}

char *
snug_file_text_status (const SnugFileStatus *status)
{
  g_autofree char *size = g_format_size (status->size);
  g_autofree char *progress = snug_file_text_progress (status->transferred, status->size);
  g_autofree char *left = snug_file_text_time_left (status->transferred, status->size, status->bytes_per_second);

  switch (status->state)
    {
    case SNUG_FILE_TRANSFER_OFFERED:
      if (status->outgoing)
        /* Translators: a size; nobody has accepted or declined the file yet */
        return g_strdup_printf (_ ("%s, waiting for an answer"), size);
      return g_steal_pointer (&size);
    case SNUG_FILE_TRANSFER_ACTIVE:
      if (left == NULL)
        return g_steal_pointer (&progress);
      /* Translators: "4.1 of 9.6 MB" and "8 seconds left" */
      return g_strdup_printf (_ ("%s, %s"), progress, left);
    case SNUG_FILE_TRANSFER_PAUSED:
      /* Translators: "4.1 of 9.6 MB"; the connection is interrupted */
      return g_strdup_printf (_ ("%s, waiting for the connection"), progress);
    case SNUG_FILE_TRANSFER_DONE:
      return describe_done (status);
    case SNUG_FILE_TRANSFER_DECLINED:
      return g_strdup (_ ("Declined"));
    case SNUG_FILE_TRANSFER_CANCELLED:
      return g_strdup (_ ("Stopped"));
    case SNUG_FILE_TRANSFER_FAILED:
    default:
      return snug_file_text_error (status->error, status->outgoing);
    }
}
