/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can go wrong when a file is sent or received. Any thread.
 */
#pragma once

#include <gio/gio.h>

#include "snug-peer-message.h"

G_BEGIN_DECLS

/**
 * SnugFileError:
 *
 * Why a file was not sent or not received. The message is for a log.
 */
typedef enum
{
  SNUG_FILE_ERROR_FAILED = 1,  /* reading or writing did not work, for another reason than those below */
  SNUG_FILE_ERROR_NOT_FOUND,   /* the file, or the folder it is to go to, is not there (any more) */
  SNUG_FILE_ERROR_NOT_REGULAR, /* a folder, a device: nothing that can be sent */
  SNUG_FILE_ERROR_PERMISSION,  /* reading or writing there is not allowed */
  SNUG_FILE_ERROR_NO_SPACE,    /* the disk is full, or would be */
  SNUG_FILE_ERROR_TOO_LARGE,   /* more than SNUG_FILE_MAX_BYTES */
  SNUG_FILE_ERROR_CHANGED,     /* it is not what was offered any more, or more or less came than was offered */
  SNUG_FILE_ERROR_CHECKSUM,    /* what arrived is not what was sent */
  SNUG_FILE_ERROR_NOBODY,      /* nobody is there who could get it */
  SNUG_FILE_ERROR_UNSUPPORTED, /* the other side's program can't receive files */
  SNUG_FILE_ERROR_TOO_MANY,    /* SNUG_FILE_TRANSFERS_MAX are on their way, here or there */
  SNUG_FILE_ERROR_PEER_FAILED, /* the other side could not read or write, or does not know of it any more */
  SNUG_FILE_ERROR_PEER_LEFT    /* the other side went away, or this one did */
} SnugFileError;

#define SNUG_FILE_ERROR (snug_file_error_quark ())
GQuark snug_file_error_quark (void);

/* error: of GIO. Returns: (transfer full): the same as a SNUG_FILE_ERROR. */
GError *snug_file_error_from_gio (const GError *error);
/* What a peer gave as its reason; never for SNUG_FILE_CANCEL_CANCELLED. Returns: (transfer full). */
GError *snug_file_error_from_reason (SnugFileCancelReason reason);
/* Returns: (transfer full): the peer's program knows no files. */
GError *snug_file_error_new_unsupported (void);
/* What to tell a peer. error: a SNUG_FILE_ERROR. */
SnugFileCancelReason snug_file_error_to_reason (const GError *error);

G_END_DECLS
