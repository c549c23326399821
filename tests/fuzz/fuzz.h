/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A fuzz target is one function. With -Dfuzz=true libFuzzer calls it; without, fuzz-driver.c feeds it the
 * files of its corpus, which makes it an ordinary test.
 */
#pragma once

#include <glib.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);
