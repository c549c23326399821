/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Runs a fuzz target over the files of directories, and over each with one byte wrong here and there.
 */
#include "fuzz.h"

#include <stdio.h>

static void
run_exact (const guint8 *data, gsize size)
{
  /* Not one byte more than there is, so that reading past the end shows. */
  g_autofree guint8 *exact = g_memdup2 (data, size);

  LLVMFuzzerTestOneInput (exact, size);
}

static void
run_file (const char *path)
{
  g_autofree char *data = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  if (!g_file_get_contents (path, &data, &size, &error))
    g_error ("%s", error->message);
  run_exact ((guint8 *) data, size);
  for (gsize step = MAX (size / 16, 1), i = 0; i < size; i += step)
    {
      char old = data[i];

      run_exact ((guint8 *) data, i);
      data[i] = (char) (old ^ (1 << i % 8));
      run_exact ((guint8 *) data, size);
      data[i] = old;
    }
}

static guint
run_directory (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) directory = g_dir_open (path, 0, &error);
  const char *name;
  guint n = 0;

  if (directory == NULL)
    g_error ("%s", error->message);
  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      run_file (file);
      n++;
    }
  return n;
}

int
main (int argc, char **argv)
{
  guint n = 0;

  for (int i = 1; i < argc; i++)
    n += run_directory (argv[i]);
  printf ("%u files\n", n);
  return n > 0 ? 0 : 1;
}
