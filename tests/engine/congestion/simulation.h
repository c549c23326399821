/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Senders that obey the estimator, over a link of the benchmarks' model, in simulated time.
 */
#pragma once

#include "link-model.h"

G_BEGIN_DECLS

#define SIMULATION_FLOWS_MAX 8

typedef struct
{
  double at; /* s */
  LinkSettings link;
} SimulationStep;

typedef struct
{
  double from, to;    /* s, when it sends; to 0: the end */
  guint64 most;       /* bit/s */
  gboolean tcp;       /* a TCP (NewReno) that always has something to send, instead of a call */
  gboolean sound_only;
  gboolean file;      /* a file beside the call that is the first flow, to the same person, instead of a call */
} SimulationFlow;

typedef struct
{
  const SimulationStep *steps;
  guint n_steps;
  const SimulationFlow *flows;
  guint n_flows;
  double seconds;
  guint32 seed;
  double feedback_loss; /* 0 to 1, of the way back */
} SimulationCase;

typedef struct
{
  double utilisation;   /* of all flows, 5 s after each step left out; per step's rate, capped by what all may send */
  double queue_p95;     /* ms, from the fifth second on */
  double queue_max;     /* ms */
  double rates[SIMULATION_FLOWS_MAX]; /* bit/s that arrived, over the last quarter */
  double loss;          /* 0 to 1, of what was sent */
  double *per_second;   /* bit/s that arrived of the first flow, by second */
  double lean;          /* 0 to 1: seconds in which the first flow came to less than two thirds of its median */
  double *queue_per_tenth; /* ms, the longest of each 100 ms */
  guint n_seconds;
} SimulationResult;

SimulationResult *simulate (const SimulationCase *what);
void simulation_result_free (SimulationResult *result);
/* s after `from` until a second's mean first was at least that; -1: never. */
double simulation_reached (SimulationResult *result, double from, double rate);
/* s after `from` until the queue stays below 50 ms for a second. */
double simulation_drained (SimulationResult *result, double from);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SimulationResult, simulation_result_free)

G_END_DECLS
