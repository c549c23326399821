/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-voice-filter.h"

gboolean
snug_voice_filter_is_available (void)
{
  return FALSE;
}
