/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pasted descriptions: what can be read can be written and read again.
 */
#include "fuzz.h"

#include <string.h>

#include "snug-description-text.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugDescriptionText) read
      = snug_description_text_read (size > 0 ? (const char *) data : "", size, &error);

  g_assert_true ((read == NULL) == (error != NULL));
  if (read == NULL)
    {
      g_assert_true (error->domain == SNUG_DESCRIPTION_TEXT_ERROR);
      return 0;
    }

  g_assert_cmpuint (strlen (read->sdp), <=, SNUG_SDP_MAX_BYTES);
  for (SnugDescriptionFormat format = SNUG_DESCRIPTION_FORMAT_SNUG;
       format <= SNUG_DESCRIPTION_FORMAT_BASE64; format++)
    {
      g_autofree char *text
          = snug_description_text_write (format, read->type, read->sdp, read->name, read->id);
      g_autoptr (SnugDescriptionText) again = snug_description_text_read (text, -1, NULL);

      g_assert_nonnull (again);
      g_assert_cmpint (again->type, ==, read->type);
      g_assert_cmpint (again->format, ==, format);
      g_assert_cmpstr (again->sdp, ==, read->sdp);
      if (format == SNUG_DESCRIPTION_FORMAT_SNUG)
        {
          g_assert_cmpstr (again->name, ==, read->name);
          g_assert_cmpstr (again->id, ==, read->id);
        }
    }
  return 0;
}
