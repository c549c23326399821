/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What of GStreamer is installed here: the one list of the elements that Snug makes, and the report that
 * "--self-test" prints.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SnugElementInfo:
 *
 * One element that Snug makes somewhere.
 */
typedef struct
{
  const char *name;    /* of the element */
  const char *plugin;  /* GStreamer's name of the plugin that has it */
  const char *package; /* of Debian, where a person can get it */
  const char *without; /* what is lost without it; NULL: every call */
} SnugElementInfo;

/* Every element there is to know of, required ones first. Returns: (transfer none): ended by one with a NULL name. */
const SnugElementInfo *snug_self_test_list_elements (void);

/* Whether GStreamer knows the element. After gst_init(). */
gboolean snug_self_test_has_element (const char *name);

/* Whether everything that no call works without is registered. FALSE with SNUG_CALL_ERROR_MISSING_PLUGIN, whose
 * message names each element that is missing, and its package. After gst_init(). */
gboolean snug_self_test_check_required (GError **error);

/* Makes one element of each kind, which also finds plugins whose library does not load. Starts GStreamer when
 * nobody has. json: one JSON object in one line, instead of lines for people to read. passed: (out): whether calls
 * work here. Returns: (transfer full): the report, ended by a line feed. Main thread; half a second. */
char *snug_self_test_report (gboolean json, gboolean *passed);

G_END_DECLS
