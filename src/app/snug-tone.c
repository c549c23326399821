/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-tone.h"

#define N_OTHERS (SNUG_N_TONES - 1)

guint
snug_tone_for_peer (GObject *scope, const char *peer_id)
{
  GHashTable *tones;
  gpointer tone;

  g_return_val_if_fail (G_IS_OBJECT (scope), 0);
  g_return_val_if_fail (peer_id != NULL, 0);

  tones = g_object_get_data (scope, "snug-tones");
  if (tones == NULL)
    {
      tones = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_object_set_data_full (scope, "snug-tones", tones, (GDestroyNotify) g_hash_table_unref);
    }
  if (!g_hash_table_lookup_extended (tones, peer_id, NULL, &tone))
    {
      tone = GUINT_TO_POINTER (g_hash_table_size (tones) % N_OTHERS);
      g_hash_table_insert (tones, g_strdup (peer_id), tone);
    }
  return GPOINTER_TO_UINT (tone);
}

void
snug_tone_apply (GtkWidget *avatar, guint tone)
{
  g_return_if_fail (GTK_IS_WIDGET (avatar));

  for (guint i = 0; i < SNUG_N_TONES; i++)
    {
      char name[16];

      g_snprintf (name, sizeof name, "tone-%u", i);
      if (i == tone)
        gtk_widget_add_css_class (avatar, name);
      else
        gtk_widget_remove_css_class (avatar, name);
    }
}
