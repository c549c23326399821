/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which losses are the path's own, whatever is sent, and which come from sending too much: the bandwidth and the inherent
 * loss that explain best what was seen at different rates. Pure.
 */
#pragma once

#include "snug-packet-result.h"

G_BEGIN_DECLS

typedef struct _SnugLossModel SnugLossModel;

SnugLossModel *snug_loss_model_new (void);
void snug_loss_model_free (SnugLossModel *self);
void snug_loss_model_add (SnugLossModel *self, const SnugPacketResult *result);
void snug_loss_model_reset (SnugLossModel *self);

/* bit/s above which more is lost; G_MAXUINT64: nothing says so. */
guint64 snug_loss_model_get_limit (SnugLossModel *self);
/* 0 to 1: what is lost in any case. */
double snug_loss_model_get_inherent (SnugLossModel *self);
/* 0 to 1: what was lost in the last two seconds. */
double snug_loss_model_get_recent (SnugLossModel *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugLossModel, snug_loss_model_free)

G_END_DECLS
