/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-error-words.h"

#include "snug-engine.h"
#include "snug-file-error.h"
#include "snug-protocol.h"
#include "snug-seal.h"
#include "snug-signaling.h"

static const char *
call_word (SnugCallError code)
{
  switch (code)
    {
    case SNUG_CALL_ERROR_FAILED:
      return "failed";
    case SNUG_CALL_ERROR_MISSING_PLUGIN:
      return "missing-plugin";
    case SNUG_CALL_ERROR_NO_ROUTE:
      return "no-route";
    case SNUG_CALL_ERROR_CERTIFICATE_MISMATCH:
      return "certificate-mismatch";
    case SNUG_CALL_ERROR_BAD_DESCRIPTION:
      return "bad-description";
    case SNUG_CALL_ERROR_BAD_MESSAGE:
      return "bad-message";
    case SNUG_CALL_ERROR_NO_ANSWER:
      return "no-answer";
    case SNUG_CALL_ERROR_REFUSED_BY_PEER:
      return "refused-by-peer";
    case SNUG_CALL_ERROR_LOST:
      return "lost";
    case SNUG_CALL_ERROR_ICE_SERVER:
      return "ice-server";
    default:
      return NULL;
    }
}

static const char *
media_word (SnugMediaError code)
{
  switch (code)
    {
    case SNUG_MEDIA_ERROR_FAILED:
      return "failed";
    case SNUG_MEDIA_ERROR_NO_DEVICE:
      return "no-device";
    case SNUG_MEDIA_ERROR_DENIED:
      return "denied";
    case SNUG_MEDIA_ERROR_BUSY:
      return "busy";
    case SNUG_MEDIA_ERROR_NO_FRAMES:
      return "no-frames";
    case SNUG_MEDIA_ERROR_FILE:
      return "file";
    case SNUG_MEDIA_ERROR_MISSING_PLUGIN:
      return "missing-plugin";
    case SNUG_MEDIA_ERROR_SPEC:
      return "spec";
    default:
      return NULL;
    }
}

static const char *
signaling_word (SnugSignalingError code)
{
  switch (code)
    {
    case SNUG_SIGNALING_ERROR_ADDRESS:
      return "address";
    case SNUG_SIGNALING_ERROR_UNREACHABLE:
      return "unreachable";
    case SNUG_SIGNALING_ERROR_TIMED_OUT:
      return "timed-out";
    case SNUG_SIGNALING_ERROR_TLS:
      return "tls";
    case SNUG_SIGNALING_ERROR_NOT_SNUG:
      return "not-snug";
    case SNUG_SIGNALING_ERROR_LOST:
      return "lost";
    case SNUG_SIGNALING_ERROR_FLOODED:
      return "flooded";
    case SNUG_SIGNALING_ERROR_NO_DISCOVERY:
      return "no-discovery";
    case SNUG_SIGNALING_ERROR_HOST_LEFT:
      return "host-left";
    default:
      return NULL;
    }
}

static const char *
seal_word (SnugSealError code)
{
  switch (code)
    {
    case SNUG_SEAL_ERROR_MALFORMED:
      return "malformed";
    case SNUG_SEAL_ERROR_KEY:
      return "key";
    case SNUG_SEAL_ERROR_SESSION:
      return "session";
    case SNUG_SEAL_ERROR_ORDER:
      return "order";
    case SNUG_SEAL_ERROR_GREETING:
      return "greeting";
    case SNUG_SEAL_ERROR_SILENT:
      return "silent";
    default:
      return NULL;
    }
}

static const char *
file_word (SnugFileError code)
{
  switch (code)
    {
    case SNUG_FILE_ERROR_FAILED:
      return "failed";
    case SNUG_FILE_ERROR_NOT_FOUND:
      return "not-found";
    case SNUG_FILE_ERROR_NOT_REGULAR:
      return "not-regular";
    case SNUG_FILE_ERROR_PERMISSION:
      return "permission";
    case SNUG_FILE_ERROR_NO_SPACE:
      return "no-space";
    case SNUG_FILE_ERROR_TOO_LARGE:
      return "too-large";
    case SNUG_FILE_ERROR_CHANGED:
      return "changed";
    case SNUG_FILE_ERROR_CHECKSUM:
      return "checksum";
    case SNUG_FILE_ERROR_NOBODY:
      return "nobody";
    case SNUG_FILE_ERROR_UNSUPPORTED:
      return "unsupported";
    case SNUG_FILE_ERROR_TOO_MANY:
      return "too-many";
    case SNUG_FILE_ERROR_PEER_FAILED:
      return "peer-failed";
    case SNUG_FILE_ERROR_PEER_LEFT:
      return "peer-left";
    default:
      return NULL;
    }
}

const char *
snug_error_domain_word (const GError *error)
{
  const char *name;

  g_return_val_if_fail (error != NULL, "");

  if (error->domain == SNUG_CALL_ERROR)
    return "call";
  if (error->domain == SNUG_MEDIA_ERROR)
    return "media";
  if (error->domain == SNUG_SIGNALING_ERROR)
    return "signaling";
  if (error->domain == SNUG_PROTOCOL_ERROR)
    return "protocol";

  if (error->domain == SNUG_FILE_ERROR)
    return "file";
  if (error->domain == SNUG_SEAL_ERROR)
    return "seal";

  name = g_quark_to_string (error->domain);

  return name != NULL ? name : "unknown";
}

char *
snug_error_code_word (const GError *error)
{
  const char *word = NULL;

  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain == SNUG_CALL_ERROR)
    word = call_word (error->code);
  else if (error->domain == SNUG_MEDIA_ERROR)
    word = media_word (error->code);
  else if (error->domain == SNUG_SIGNALING_ERROR)
    word = signaling_word (error->code);
  else if (error->domain == SNUG_PROTOCOL_ERROR)
    word = snug_protocol_error_to_string (error->code);
  else if (error->domain == SNUG_FILE_ERROR)
    word = file_word (error->code);
  else if (error->domain == SNUG_SEAL_ERROR)
    word = seal_word (error->code);

  return word != NULL ? g_strdup (word) : g_strdup_printf ("%d", error->code);
}
