/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A session description, as any member of a room may send it.
 */
#include <stddef.h>
#include <stdint.h>

#include "snug-session-description.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);

  for (SnugSdpType type = SNUG_SDP_OFFER; type <= SNUG_SDP_ANSWER; type++)
    {
      g_autoptr (SnugSessionDescription) description
          = snug_session_description_parse (text, type, NULL);

      if (description != NULL)
        {
          g_autofree char *written = gst_sdp_message_as_text (description->sdp);
          g_autoptr (SnugSessionDescription) again
              = snug_session_description_parse (written, type, NULL);

          /* What we write, we understand. */
          g_assert_nonnull (again);
        }
    }

  return 0;
}
