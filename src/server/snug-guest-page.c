/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-guest-page.h"

#include <string.h>

#include "snug-web-resources.h"

#define RESOURCE_FOLDER "/io/github/snugcalls/Snug/web/"
#define FOLDER "/web/"
#define PAGE "index.html"

/* Nothing but what this server serves itself, nothing that is written in the page, and nobody's frame. A page in the browser
 * is as good as where it comes from, so it comes from nowhere else. */
#define POLICY                                                                                      \
  "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "              \
  "img-src 'self'; media-src 'self' blob:; connect-src 'self'; base-uri 'none'; "                   \
  "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "                \
  "trusted-types 'none'\r\n"                                                                        \
  "Permissions-Policy: camera=(self), microphone=(self), display-capture=(self), "                  \
  "speaker-selection=(self), fullscreen=(self), screen-wake-lock=(self), geolocation=(), usb=(), "  \
  "payment=()\r\n"                                                                                  \
  "Cross-Origin-Opener-Policy: same-origin\r\n"                                                     \
  "Cross-Origin-Resource-Policy: same-origin\r\n"                                                   \
  "Referrer-Policy: no-referrer\r\n"                                                                \
  "X-Content-Type-Options: nosniff\r\n"

typedef struct
{
  GBytes *bytes;
  const char *type;
  char *tag; /* an entity tag (RFC 9110, 8.8.3), quoted */
} File;

static const char *
find_type (const char *name)
{
  if (g_str_has_suffix (name, ".html"))
    return "text/html; charset=utf-8";
  if (g_str_has_suffix (name, ".mjs"))
    return "text/javascript; charset=utf-8";
  if (g_str_has_suffix (name, ".css"))
    return "text/css; charset=utf-8";
  g_return_val_if_fail (g_str_has_suffix (name, ".svg"), "application/octet-stream");
  return "image/svg+xml";
}

static void
add_file (GHashTable *files, GResource *resource, const char *name)
{
  g_autofree char *path = g_strconcat (RESOURCE_FOLDER, name, NULL);
  g_autofree char *checksum = NULL;
  File *file = g_new0 (File, 1);

  file->bytes = g_resource_lookup_data (resource, path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  file->type = find_type (name);
  checksum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, file->bytes);
  file->tag = g_strdup_printf ("\"%.32s\"", checksum);
  g_hash_table_insert (files, g_strdup (name), file);
}

/* Kept until the process ends. */
static GHashTable *
get_files (void)
{
  static GHashTable *files;

  if (files == NULL)
    {
      GResource *resource = snug_web_get_resource ();
      g_auto (GStrv) names = g_resource_enumerate_children (resource, RESOURCE_FOLDER, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

      files = g_hash_table_new (g_str_hash, g_str_equal);
      for (guint i = 0; names != NULL && names[i] != NULL; i++)
        add_file (files, resource, names[i]);
    }
  return files;
}

/* A name is looked up whole, and never opened: there is nowhere to climb to. */
static const File *
find_file (const char *path)
{
  if (strcmp (path, "/") == 0 || strcmp (path, "/r") == 0)
    return g_hash_table_lookup (get_files (), PAGE);
  return g_str_has_prefix (path, FOLDER) ? g_hash_table_lookup (get_files (), path + strlen (FOLDER)) : NULL;
}

gboolean
snug_guest_page_has (const char *path)
{
  g_return_val_if_fail (path != NULL, FALSE);

  return find_file (path) != NULL;
}

/**
 * snug_guest_page_answer:
 * @head: a request, GET or HEAD
 * @path: its path, one that snug_guest_page_has()
 * @body: (out) (transfer full) (nullable): what comes behind the head
 *
 * Browsers ask each time whether what they have is still what there is (RFC 9111, 5.2.2.4), so that a server that was
 * brought up to date never has half of its page with them.
 *
 * Returns: (transfer full): the head of the answer
 */
char *
snug_guest_page_answer (const SnugHttpHead *head, const char *path, GBytes **body)
{
  const File *file = find_file (path);
  gboolean known;

  g_return_val_if_fail (file != NULL && body != NULL, NULL);

  known = snug_http_head_has_token (head, "if-none-match", file->tag)
          || g_strcmp0 (snug_http_head_get (head, "if-none-match"), "*") == 0;
  *body = known || strcmp (head->method, "HEAD") == 0 ? NULL : g_bytes_ref (file->bytes);
  if (known)
    return g_strdup_printf ("HTTP/1.1 304 Not Modified\r\n"
                            "ETag: %s\r\n"
                            "Cache-Control: no-cache\r\n"
                            "Connection: close\r\n"
                            POLICY
                            "\r\n",
                            file->tag);
  return g_strdup_printf ("HTTP/1.1 200 OK\r\n"
                          "Content-Type: %s\r\n"
                          "Content-Length: %" G_GSIZE_FORMAT "\r\n"
                          "ETag: %s\r\n"
                          "Cache-Control: no-cache\r\n"
                          "Connection: close\r\n"
                          POLICY
                          "\r\n",
                          file->type, g_bytes_get_size (file->bytes), file->tag);
}
