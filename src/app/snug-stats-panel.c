/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-stats-panel.h"

#include "snug-format.h"
#include "snug-peer.h"
#include "snug-stack.h"
#include "snug-stats-graph.h"
#include "snug-stats-verdict.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

enum
{
  COPIED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _SnugStatsPanel
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkStack *stack;
  GtkWidget *person_drop_down;
  GtkWidget *verdict_box;
  GtkImage *verdict_icon;
  GtkLabel *verdict_title;
  GtkLabel *verdict_text;
  SnugStatsGraph *sending_graph;
  SnugStatsGraph *receiving_graph;
  SnugStatsGraph *frames_graph;
  SnugStatsGraph *round_trip_graph;
  SnugStatsGraph *lost_graph;
  AdwActionRow *path_row;
  AdwActionRow *media_row;
  AdwActionRow *encryption_row;
  AdwActionRow *report_row;

  /* Owned */
  GListModel *peers;
  GSignalGroup *peers_signals;
  GSignalGroup *stats_signals;
  SnugStats *stats;
  char *name;
};

G_DEFINE_FINAL_TYPE (SnugStatsPanel, snug_stats_panel, GTK_TYPE_WIDGET)

static void
show_verdict (SnugStatsPanel *self, const SnugStatsValues *values)
{
  static const char *const classes[] = { "unknown", "good", "unsteady", "poor" };
  static const char *const icons[]
    = { "content-loading-symbolic", "emblem-ok-symbolic", "dialog-warning-symbolic", "dialog-warning-symbolic" };
  SnugVerdict verdict = snug_stats_verdict_judge (values);
  g_autofree char *first_name = self->name != NULL ? snug_format_first_name (self->name) : NULL;
  g_autofree char *text = snug_stats_verdict_describe (verdict, values, first_name);

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (i == verdict)
      gtk_widget_add_css_class (self->verdict_box, classes[i]);
    else
      gtk_widget_remove_css_class (self->verdict_box, classes[i]);
  gtk_image_set_from_icon_name (self->verdict_icon, icons[verdict]);
  gtk_label_set_label (self->verdict_title, snug_stats_verdict_get_title (verdict));
  gtk_label_set_label (self->verdict_text, text);
}

static char *
describe_size (guint width, guint height)
{
  if (width == 0 || height == 0)
    /* Translators: there is no picture */
    return g_strdup (_ ("no picture"));
  return g_strdup_printf ("%u×%u", width, height);
}

static void
show_rows (SnugStatsPanel *self, const SnugStatsValues *values)
{
  g_autofree char *detail = NULL;
  g_autofree char *path = snug_stats_verdict_describe_path (values, &detail);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->path_row), path != NULL ? path : _ ("No path yet"));
  adw_action_row_set_subtitle (self->path_row, detail != NULL ? detail : "");
  /* Not said of a connection that is not there. */
  gtk_widget_set_visible (GTK_WIDGET (self->encryption_row), path != NULL);

  if (values != NULL && (values->video_codec != NULL || values->audio_codec != NULL))
    {
      g_autofree char *sent = describe_size (values->sent_width, values->sent_height);
      g_autofree char *received = describe_size (values->received_width, values->received_height);
      g_autofree char *size = values->sent_height > 0
                                ? snug_format_picture_size (values->sent_width, values->sent_height)
                                : NULL;
      gboolean opus = values->audio_codec != NULL && g_ascii_strcasecmp (values->audio_codec, "opus") == 0;
      g_autofree char *title = g_strdup_printf ("%s%s%s%s%s",
                                                size != NULL ? size : "", size != NULL ? " " : "",
                                                values->video_codec != NULL ? values->video_codec : "",
                                                values->video_codec != NULL && values->audio_codec != NULL ? ", " : "",
                                                opus ? "Opus 48 kHz"
                                                : values->audio_codec != NULL ? values->audio_codec : "");
      /* Translators: picture sizes */
      g_autofree char *subtitle = g_strdup_printf (_ ("Sent %s, received %s"), sent, received);

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->media_row), title);
      adw_action_row_set_subtitle (self->media_row, subtitle);
    }
  else
    {
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->media_row), _ ("Neither picture nor sound yet"));
      adw_action_row_set_subtitle (self->media_row, "");
    }
}

static void
update (SnugStatsPanel *self)
{
  SnugStatsSample *sample = self->stats != NULL ? snug_stats_get_latest (self->stats) : NULL;
  const SnugStatsValues *values = sample != NULL ? snug_stats_sample_get_values (sample) : NULL;

  show_verdict (self, values);
  show_rows (self, values);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "stats.copy-report", sample != NULL);
}

void
snug_stats_panel_set_stats (SnugStatsPanel *self, SnugStats *stats, const char *name)
{
  GListModel *model = (GListModel *) stats;

  g_return_if_fail (SNUG_IS_STATS_PANEL (self));
  g_return_if_fail (stats == NULL || SNUG_IS_STATS (stats));

  g_free (self->name);
  self->name = g_strdup (name);
  g_set_object (&self->stats, stats);
  g_signal_group_set_target (self->stats_signals, stats);
  snug_stats_graph_set_model (self->sending_graph, model);
  snug_stats_graph_set_model (self->receiving_graph, model);
  snug_stats_graph_set_model (self->frames_graph, model);
  snug_stats_graph_set_model (self->round_trip_graph, model);
  snug_stats_graph_set_model (self->lost_graph, model);
  snug_stack_show_name (self->stack, stats != NULL ? "stats" : "empty");
  update (self);
}

static void
on_person_selected (SnugStatsPanel *self)
{
  SnugPeer *peer = gtk_drop_down_get_selected_item (GTK_DROP_DOWN (self->person_drop_down));

  if (peer != NULL)
    snug_stats_panel_set_stats (self, snug_peer_get_stats (peer), snug_peer_get_name (peer));
  else
    snug_stats_panel_set_stats (self, NULL, NULL);
}

static void
on_peers_changed (SnugStatsPanel *self)
{
  gtk_widget_set_visible (self->person_drop_down,
                          self->peers != NULL && g_list_model_get_n_items (self->peers) >= 2);
}

void
snug_stats_panel_set_peers (SnugStatsPanel *self, GListModel *peers)
{
  g_return_if_fail (SNUG_IS_STATS_PANEL (self));
  g_return_if_fail (peers == NULL || G_IS_LIST_MODEL (peers));

  g_set_object (&self->peers, peers);
  g_signal_group_set_target (self->peers_signals, peers);
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->person_drop_down), peers);
  on_peers_changed (self);
  on_person_selected (self);
}

char *
snug_stats_panel_make_report (SnugStatsSample *sample)
{
  const char *values = (const char *) snug_stats_sample_get_values (sample);
  GString *report = g_string_new ("Snug " SNUG_VERSION "\n");
  gsize n_fields;
  const SnugStatsField *fields = snug_stats_sample_list_fields (&n_fields);

  for (gsize i = 0; i < n_fields; i++)
    {
      const void *value = values + fields[i].offset;

      /* Whoever gets the report has no need to know who the two are. */
      if (g_str_has_suffix (fields[i].name, "_address") || g_str_has_suffix (fields[i].name, "_port"))
        continue;
      g_string_append_printf (report, "%s: ", fields[i].name);
      switch (fields[i].type)
        {
        case SNUG_STATS_DOUBLE:
          if (isnan (*(const double *) value))
            g_string_append (report, "unknown");
          else
            g_string_append_printf (report, "%.6g", *(const double *) value);
          break;
        case SNUG_STATS_UINT:
          g_string_append_printf (report, "%u", *(const guint *) value);
          break;
        case SNUG_STATS_UINT64:
          g_string_append_printf (report, "%" G_GUINT64_FORMAT, *(const guint64 *) value);
          break;
        case SNUG_STATS_STRING:
        default:
          g_string_append (report, *(const char *const *) value != NULL ? *(const char *const *) value : "unknown");
          break;
        }
      g_string_append_c (report, '\n');
    }
  return g_string_free (report, FALSE);
}

static void
copy_report_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugStatsPanel *self = SNUG_STATS_PANEL (widget);
  SnugStatsSample *sample = self->stats != NULL ? snug_stats_get_latest (self->stats) : NULL;
  g_autofree char *report = NULL;

  if (sample == NULL)
    return;
  report = snug_stats_panel_make_report (sample);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), report);
  g_signal_emit (self, signals[COPIED], 0);
}

static void
snug_stats_panel_dispose (GObject *object)
{
  SnugStatsPanel *self = SNUG_STATS_PANEL (object);

  if (self->stats_signals != NULL)
    g_signal_group_set_target (self->stats_signals, NULL);
  if (self->peers_signals != NULL)
    g_signal_group_set_target (self->peers_signals, NULL);
  g_clear_object (&self->stats_signals);
  g_clear_object (&self->peers_signals);
  g_clear_object (&self->stats);
  g_clear_object (&self->peers);
  g_clear_pointer (&self->name, g_free);
  while (gtk_widget_get_first_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (self)));
  G_OBJECT_CLASS (snug_stats_panel_parent_class)->dispose (object);
}

static void
snug_stats_panel_class_init (SnugStatsPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = snug_stats_panel_dispose;
  signals[COPIED] = g_signal_new ("copied", SNUG_TYPE_STATS_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);

  g_type_ensure (SNUG_TYPE_STATS_GRAPH);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-stats-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, stack);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, person_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, verdict_box);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, verdict_icon);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, verdict_title);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, verdict_text);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, sending_graph);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, receiving_graph);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, frames_graph);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, round_trip_graph);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, lost_graph);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, path_row);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, media_row);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, encryption_row);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, report_row);
  gtk_widget_class_bind_template_callback (widget_class, on_person_selected);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "statspanel");
  gtk_widget_class_install_action (widget_class, "stats.copy-report", NULL, copy_report_action);
}

static void
snug_stats_panel_init (SnugStatsPanel *self)
{
  g_autoptr (GtkExpression) expression = gtk_property_expression_new (SNUG_TYPE_PEER, NULL, "name");

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drop_down_set_expression (GTK_DROP_DOWN (self->person_drop_down), expression);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->person_drop_down),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Connection to"), -1);

  self->peers_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->peers_signals, "items-changed", G_CALLBACK (on_peers_changed), self);
  self->stats_signals = g_signal_group_new (SNUG_TYPE_STATS);
  g_signal_group_connect_swapped (self->stats_signals, "notify::latest", G_CALLBACK (update), self);
  update (self);
}
