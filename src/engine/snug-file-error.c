/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-file-error.h"

/* clang-format off */
G_DEFINE_QUARK (snug-file-error-quark, snug_file_error)
/* clang-format on */

static const struct
{
  GIOErrorEnum gio;
  SnugFileError code;
} gio_codes[] = {
  { G_IO_ERROR_NOT_FOUND, SNUG_FILE_ERROR_NOT_FOUND },
  { G_IO_ERROR_NOT_DIRECTORY, SNUG_FILE_ERROR_NOT_FOUND },
  { G_IO_ERROR_NOT_MOUNTED, SNUG_FILE_ERROR_NOT_FOUND },
  { G_IO_ERROR_IS_DIRECTORY, SNUG_FILE_ERROR_NOT_REGULAR },
  { G_IO_ERROR_NOT_REGULAR_FILE, SNUG_FILE_ERROR_NOT_REGULAR },
  { G_IO_ERROR_PERMISSION_DENIED, SNUG_FILE_ERROR_PERMISSION },
  { G_IO_ERROR_READ_ONLY, SNUG_FILE_ERROR_PERMISSION },
  { G_IO_ERROR_NO_SPACE, SNUG_FILE_ERROR_NO_SPACE },
};

static SnugFileError
code_from_gio (const GError *error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (gio_codes); i++)
    if (g_error_matches (error, G_IO_ERROR, (int) gio_codes[i].gio))
      return gio_codes[i].code;

  return SNUG_FILE_ERROR_FAILED;
}

GError *
snug_file_error_from_gio (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain == SNUG_FILE_ERROR)
    return g_error_copy (error);

  return g_error_new_literal (SNUG_FILE_ERROR, code_from_gio (error), error->message);
}

GError *
snug_file_error_from_reason (SnugFileCancelReason reason)
{
  switch (reason)
    {
    case SNUG_FILE_CANCEL_CHANGED:
      return g_error_new_literal (SNUG_FILE_ERROR, SNUG_FILE_ERROR_CHANGED,
                                  "The file is not what was offered any more");
    case SNUG_FILE_CANCEL_CHECKSUM:
      return g_error_new_literal (SNUG_FILE_ERROR, SNUG_FILE_ERROR_CHECKSUM,
                                  "The other side got something else than was sent");
    case SNUG_FILE_CANCEL_TOO_MANY:
      return g_error_new_literal (SNUG_FILE_ERROR, SNUG_FILE_ERROR_TOO_MANY,
                                  "The other side has too many files on their way");
    case SNUG_FILE_CANCEL_UNKNOWN:
      return g_error_new_literal (SNUG_FILE_ERROR, SNUG_FILE_ERROR_PEER_FAILED,
                                  "The other side does not know of this file");
    case SNUG_FILE_CANCEL_FAILED:
    case SNUG_FILE_CANCEL_CANCELLED:
    default:
      return g_error_new_literal (SNUG_FILE_ERROR, SNUG_FILE_ERROR_PEER_FAILED,
                                  "The other side could not read or write the file");
    }
}

GError *
snug_file_error_new_unsupported (void)
{
  return g_error_new_literal (SNUG_FILE_ERROR, SNUG_FILE_ERROR_UNSUPPORTED,
                              "The other side's program can't receive files");
}

SnugFileCancelReason
snug_file_error_to_reason (const GError *error)
{
  g_return_val_if_fail (error != NULL, SNUG_FILE_CANCEL_FAILED);

  if (error->domain != SNUG_FILE_ERROR)
    return SNUG_FILE_CANCEL_FAILED;
  if (error->code == SNUG_FILE_ERROR_CHANGED)
    return SNUG_FILE_CANCEL_CHANGED;
  if (error->code == SNUG_FILE_ERROR_CHECKSUM)
    return SNUG_FILE_CANCEL_CHECKSUM;
  if (error->code == SNUG_FILE_ERROR_TOO_MANY)
    return SNUG_FILE_CANCEL_TOO_MANY;

  return SNUG_FILE_CANCEL_FAILED;
}
