/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-engine.h"

#include <dlfcn.h>
#include <gst/gst.h>
#include <link.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "snug-self-test.h"

#define MALLOC_ARENAS_MAX 2
/* OPENSSL_INIT_LOAD_CRYPTO_STRINGS: asked for nothing at all it would do nothing at all. */
#define OPENSSL_LOAD_STRINGS 2

/* What the first join needs. The first dtlsdec of a process makes an RSA key, though it is given another
 * one, and that takes longer than all the rest. */
static const char *const warm_elements[] = {
  "dtlsdec",
  "webrtcbin",
  "rtpbin",
  "nicesrc",
  "srtpenc",
  "sctpenc",
  "vp8enc",
  "opusenc",
  "rtpvp8pay",
  "rtpopuspay",
  "vp8dec",
  "opusdec",
  "rtprtxsend",
  "appsrc",
  "audiomixer",
  "level",
  "audioconvert",
  "audioresample",
  "videoconvertscale",

  "rtpvp8depay",
  "volume",
  "queue",
  "pulsesink",
};

static GThread *main_thread;
static GThread *warm_up_thread;
static int warm_up_ending; /* atomic */
static gint64 ready_time;

G_DEFINE_QUARK (snug - call - error - quark, snug_call_error)
G_DEFINE_QUARK (snug - media - error - quark, snug_media_error)

gboolean
snug_engine_init (GError **error)
{
  if (ready_time != 0)
    return TRUE;

#ifdef __GLIBC__
  /* Each streaming thread would get an arena of its own, of which little is ever given back. */
  mallopt (M_ARENA_MAX, MALLOC_ARENAS_MAX);
#endif

  if (!gst_is_initialized ())
    {
      g_autoptr (GError) init_error = NULL;

      if (!gst_init_check (NULL, NULL, &init_error))
        {
          g_set_error (error, SNUG_CALL_ERROR, SNUG_CALL_ERROR_FAILED,
                       "GStreamer does not start: %s",
                       init_error != NULL ? init_error->message : "no reason given");
          return FALSE;
        }
    }

  if (!snug_self_test_check_required (error))
    return FALSE;

  main_thread = g_thread_self ();
  ready_time = g_get_monotonic_time ();

  return TRUE;
}

/* exit() while a thread makes a key: OpenSSL frees what that thread is using. So the thread is
 * ended first. */
static void
end_warm_up (void)
{
  g_atomic_int_set (&warm_up_ending, TRUE);
  g_clear_pointer (&warm_up_thread, g_thread_join);
}

static int
find_libcrypto (struct dl_phdr_info *info, size_t size, void *user_data)
{
  char **path = user_data;

  if (info->dlpi_name == NULL || strstr (info->dlpi_name, "/libcrypto.so") == NULL)
    return 0;

  *path = g_strdup (info->dlpi_name);
  return 1;
}

/* What was registered last is called first: OpenSSL, which comes with the DTLS plugin, has to
 * register its own end before ours. */
static void
register_end_after_openssl (void)
{
  GstPlugin *plugin;
  g_autofree char *path = NULL;
  gpointer library, function;
  int (*init_crypto) (guint64 options, gconstpointer settings);

  plugin = gst_plugin_load_by_name ("dtls");
  gst_clear_object (&plugin);
  dl_iterate_phdr (find_libcrypto, &path);
  library = path != NULL ? dlopen (path, RTLD_LAZY | RTLD_NOLOAD) : NULL;
  function = library != NULL ? dlsym (library, "OPENSSL_init_crypto") : NULL;
  if (function != NULL)
    {
      *(gpointer *) &init_crypto = function;
      init_crypto (OPENSSL_LOAD_STRINGS, NULL);
    }
  g_clear_pointer (&library, dlclose);

  atexit (end_warm_up);
}

static gpointer
warm_up_in_thread (gpointer user_data)
{
  register_end_after_openssl ();

  for (gsize i = 0; i < G_N_ELEMENTS (warm_elements); i++)
    {
      GstElement *element;

      if (g_atomic_int_get (&warm_up_ending))
        break;
      element = gst_element_factory_make (warm_elements[i], NULL);
      gst_clear_object (&element);
    }

  return NULL;
}

void
snug_engine_warm_up (void)
{
  static gboolean begun;

  g_return_if_fail (ready_time != 0);
  g_return_if_fail (snug_engine_is_main_thread ());

  if (begun)
    return;

  begun = TRUE;
  atexit (end_warm_up);
  warm_up_thread = g_thread_new ("snug-warm-up", warm_up_in_thread, NULL);
}

void
snug_engine_wait_warm_up (void)
{
  g_return_if_fail (snug_engine_is_main_thread ());

  g_clear_pointer (&warm_up_thread, g_thread_join);
}

gboolean
snug_engine_is_main_thread (void)
{
  return main_thread == NULL || main_thread == g_thread_self ();
}

gint64
snug_engine_get_uptime (void)
{
  return ready_time != 0 ? g_get_monotonic_time () - ready_time : 0;
}
