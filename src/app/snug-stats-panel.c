/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-stats-panel.h"

#include "snug-code-dialog.h"
#include "snug-file-dialog.h"
#include "snug-format.h"
#include "snug-peer.h"
#include "snug-stack.h"
#include "snug-stats-graph.h"
#include "snug-stats-report.h"
#include "snug-stats-verdict.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

enum
{
  NOTICE,
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
  AdwExpanderRow *path_row;
  AdwActionRow *own_candidate_row;
  AdwActionRow *other_candidate_row;
  AdwActionRow *media_row;
  AdwActionRow *code_row;
  GtkImage *code_icon;
  AdwExpanderRow *encryption_row;
  AdwActionRow *dtls_row;
  AdwActionRow *srtp_row;
  AdwActionRow *own_certificate_row;
  AdwActionRow *other_certificate_row;
  GtkCheckButton *addresses_check;

  /* Owned */
  GListModel *peers;
  GSignalGroup *peers_signals;
  GSignalGroup *stats_signals;
  GSignalGroup *code_signals;
  SnugPeer *peer; /* nullable */
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

/* "192.0.2.7:40321, own address". */
static char *
describe_candidate (const char *type, const char *address, guint port)
{
  static const struct
  {
    const char *type;
    const char *words;
  } types[] = {
    { "host", N_ ("own address") },
    { "srflx", N_ ("address of the router") },
    { "prflx", N_ ("address that the other side saw") },
    { "relay", N_ ("address of a relay") },
  };
  const char *words = type;
  g_autofree char *place = NULL;

  if (address == NULL)
    return g_strdup ("");
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_strcmp0 (types[i].type, type) == 0)
      words = _ (types[i].words);
  place = g_strdup_printf (strchr (address, ':') != NULL ? "[%s]:%u" : "%s:%u", address, port);
  /* Translators: an address and a port, and whose they are: "192.0.2.7:40321, own address" */
  return g_strdup_printf (_ ("%s, %s"), place, words != NULL ? words : "");
}

/* A certificate's fingerprint in groups that can be read to each other. */
static char *
describe_fingerprint (const char *fingerprint)
{
  const char *hex = fingerprint != NULL ? strchr (fingerprint, ' ') : NULL;
  GString *text;

  if (hex == NULL)
    return g_strdup ("");
  text = g_string_new (NULL);
  for (guint i = 0; hex[1 + 3 * i] != '\0' && hex[2 + 3 * i] != '\0'; i++)
    {
      g_string_append_len (text, hex + 1 + 3 * i, 2);
      if (i % 2 == 1)
        g_string_append_c (text, ' ');
      if (hex[3 + 3 * i] == '\0')
        break;
    }
  return g_string_free (text, FALSE);
}

static void
show_row (AdwActionRow *row, const char *title, const char *text)
{
  if (title != NULL)
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (row, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (row), text != NULL && *text != '\0');
}

static void
show_encryption (SnugStatsPanel *self, const SnugStatsValues *values)
{
  g_autofree char *name = self->name != NULL ? snug_format_first_name (self->name) : g_strdup (_ ("the other side"));
  /* Translators: a name */
  g_autofree char *other = g_strdup_printf (_ ("Certificate of %s"), name);
  g_autofree char *own_fingerprint = describe_fingerprint (values->local_fingerprint);
  g_autofree char *other_fingerprint = describe_fingerprint (values->remote_fingerprint);
  g_autofree char *summary = values->dtls_version != NULL
                               /* Translators: a version, as in "DTLS 1.2" */
                               ? g_strdup_printf (_ ("%s, certificate checked"), values->dtls_version)
                               : g_strdup (_ ("DTLS, certificate checked"));

  adw_expander_row_set_subtitle (self->encryption_row, summary);
  show_row (self->dtls_row, NULL, values->dtls_cipher);
  show_row (self->srtp_row, NULL, values->srtp_profile);
  show_row (self->own_certificate_row, NULL, own_fingerprint);
  show_row (self->other_certificate_row, other, other_fingerprint);
}

static void
show_rows (SnugStatsPanel *self, const SnugStatsValues *values)
{
  g_autofree char *detail = NULL;
  g_autofree char *path = snug_stats_verdict_describe_path (values, &detail);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->path_row), path != NULL ? path : _ ("No path yet"));
  adw_expander_row_set_subtitle (self->path_row, detail != NULL ? detail : "");
  /* Not said of a connection that is not there. */
  gtk_widget_set_visible (GTK_WIDGET (self->encryption_row), path != NULL);
  if (path != NULL)
    {
      g_autofree char *own = describe_candidate (values->local_candidate_type, values->local_address, values->local_port);
      g_autofree char *other = describe_candidate (values->remote_candidate_type, values->remote_address,
                                                   values->remote_port);

      show_row (self->own_candidate_row, NULL, own);
      show_row (self->other_candidate_row, self->name != NULL ? self->name : _ ("The other side"), other);
      show_encryption (self, values);
    }

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
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "stats.save-report", sample != NULL);
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
show_code (SnugStatsPanel *self)
{
  SnugVerification *verification = self->peer != NULL ? snug_peer_get_verification (self->peer) : NULL;
  g_autofree char *summary = verification != NULL ? snug_code_dialog_summarize (verification) : NULL;
  SnugVerificationState state = verification != NULL ? snug_verification_get_state (verification) : SNUG_VERIFICATION_NONE;

  gtk_widget_set_visible (GTK_WIDGET (self->code_row), summary != NULL);
  adw_action_row_set_subtitle (self->code_row, summary != NULL ? summary : "");
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self->code_row), state != SNUG_VERIFICATION_BROKEN);
  gtk_image_set_from_icon_name (self->code_icon,
                                state == SNUG_VERIFICATION_CONFIRMED ? "emblem-ok-symbolic"
                                : state == SNUG_VERIFICATION_READY   ? "channel-secure-symbolic"
                                                                     : "dialog-warning-symbolic");
}

static void
on_compare (SnugStatsPanel *self)
{
  if (self->peer != NULL)
    snug_code_dialog_open (GTK_WIDGET (self), self->peer);
}

static void
on_person_selected (SnugStatsPanel *self)
{
  SnugPeer *peer = gtk_drop_down_get_selected_item (GTK_DROP_DOWN (self->person_drop_down));

  g_set_object (&self->peer, peer);
  if (self->code_signals != NULL)
    g_signal_group_set_target (self->code_signals, peer != NULL ? snug_peer_get_verification (peer) : NULL);
  show_code (self);
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

static char *
make_report (SnugStatsPanel *self)
{
  return snug_stats_report_make (G_LIST_MODEL (self->stats), gtk_check_button_get_active (self->addresses_check));
}

static void
copy_report_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugStatsPanel *self = SNUG_STATS_PANEL (widget);
  g_autofree char *report = NULL;

  if (self->stats == NULL)
    return;
  report = make_report (self);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), report);
  g_signal_emit (self, signals[NOTICE], 0,
                 gtk_check_button_get_active (self->addresses_check)
                   ? _ ("Report copied. It holds no names and no messages.")
                   : _ ("Report copied. It holds no names, addresses or messages."));
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugStatsPanel) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    g_message ("The report is not saved: %s", error->message);
  g_signal_emit (self, signals[NOTICE], 0,
                 error == NULL ? _ ("Report saved.")
                               : _ ("The report could not be saved there. Choose another folder."));
}

static void
on_save_chosen (gpointer owner, GListModel *files, gpointer user_data)
{
  SnugStatsPanel *self = SNUG_STATS_PANEL (owner);
  g_autoptr (GFile) file = g_list_model_get_item (files, 0);
  g_autoptr (GBytes) bytes = NULL;
  char *report;

  if (self->stats == NULL)
    return;
  report = make_report (self);
  bytes = g_bytes_new_take (report, strlen (report));
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, on_saved,
                                       g_object_ref (self));
}

static void
save_report_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  if (SNUG_STATS_PANEL (widget)->stats != NULL)
    snug_file_dialog_save (widget, _ ("Save a report"), "snug-connection.json", on_save_chosen, NULL);
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
  if (self->code_signals != NULL)
    g_signal_group_set_target (self->code_signals, NULL);
  g_clear_object (&self->code_signals);
  g_clear_object (&self->peer);
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
  signals[NOTICE] = g_signal_new ("notice", SNUG_TYPE_STATS_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);

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
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, code_row);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, code_icon);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, encryption_row);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, own_candidate_row);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, other_candidate_row);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, dtls_row);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, srtp_row);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, own_certificate_row);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, other_certificate_row);
  gtk_widget_class_bind_template_child (widget_class, SnugStatsPanel, addresses_check);
  gtk_widget_class_bind_template_callback (widget_class, on_person_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_compare);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "statspanel");
  gtk_widget_class_install_action (widget_class, "stats.copy-report", NULL, copy_report_action);
  gtk_widget_class_install_action (widget_class, "stats.save-report", NULL, save_report_action);
}

static void
snug_stats_panel_init (SnugStatsPanel *self)
{
  g_autoptr (GtkExpression) expression = gtk_property_expression_new (SNUG_TYPE_PEER, NULL, "name");

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drop_down_set_expression (GTK_DROP_DOWN (self->person_drop_down), expression);
  /* What takes the focus is the button within it. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->person_drop_down),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Connection to"), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (self->person_drop_down)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Connection to"), -1);

  self->peers_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->peers_signals, "items-changed", G_CALLBACK (on_peers_changed), self);
  self->stats_signals = g_signal_group_new (SNUG_TYPE_STATS);
  g_signal_group_connect_swapped (self->stats_signals, "notify::latest", G_CALLBACK (update), self);
  self->code_signals = g_signal_group_new (SNUG_TYPE_VERIFICATION);
  g_signal_group_connect_swapped (self->code_signals, "notify::state", G_CALLBACK (show_code), self);
  show_code (self);
  update (self);
}
