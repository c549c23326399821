// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From what was seen in one call to the figures of the table. Pure.
'use strict';

// Pictures and queues are looked at from here on: before, a call finds its way.
const SETTLED = 5;
// After a step of the rate a sender has that long until it counts.
const STEP = 5;
const CLOSE_TO_FULL = 0.9;
// Nobody is asked to send more than that.
const RATE_CAP = 3e6;

function quantile(values, q) {
  if (!values.length)
    return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  return sorted[low] + (sorted[Math.ceil(at)] - sorted[low]) * (at - low);
}

function median(values) {
  return quantile(values, 0.5);
}

function sum(values) {
  return values.reduce((a, b) => a + b, 0);
}

// The gaps between pictures, and those that a person sees as a freeze: longer than three times what is usual, and than
// 150 ms above it (the definition of webrtc-stats, over the last thirty gaps).
function gaps(arrivals) {
  const recent = [];
  let frozen = 0;
  let freezes = 0;
  let longest = 0;
  for (let i = 1; i < arrivals.length; i++) {
    const gap = arrivals[i] - arrivals[i - 1];
    const mean = recent.length ? sum(recent) / recent.length : gap;
    if (gap >= Math.max(3 * mean, mean + 150)) {
      freezes++;
      frozen += gap;
    }
    longest = Math.max(longest, gap);
    recent.push(gap);
    if (recent.length > 30)
      recent.shift();
  }
  return { frozen, freezes, longest };
}

// The rate of the link at a second after the start; 0: no limit.
function capacityAt(steps, second) {
  let rate = 0;
  for (const [at, settings] of steps) {
    if (at <= second && settings.rate !== undefined)
      ({ rate } = settings);
  }
  return rate;
}

// The first second after `from` from which on the mean of a second is close to what is there.
function reached(log, steps, from, until) {
  for (let i = 0; i + 10 <= log.length; i++) {
    const second = log[i].t;
    if (second < from || second + 1 > until)
      continue;
    const rate = sum(log.slice(i, i + 10).map(({ out_bytes: bytes }) => bytes)) * 8;
    if (rate >= CLOSE_TO_FULL * Math.min(capacityAt(steps, second), RATE_CAP))
      return second + 1 - from;
  }
  return null;
}

// How long after a fall of the rate until the queue stays short for a second.
function drained(log, from) {
  let since = from;
  for (const { t, queueing_ms: queueing } of log.filter(line => line.t >= from)) {
    if (queueing >= 50)
      since = t + 0.1;
    else if (t + 0.1 - since >= 1 - 1e-6)
      return since - from;
  }
  return null;
}

// From mouth to ear, of each click. What came sooner than the fastest and what is held back was played then.
function heard(clicks, held) {
  const fastest = Math.min(...clicks.map(([arrived, sent]) => arrived - sent));
  return clicks.map(([arrived, sent]) => {
    const [, ms] = held.findLast(([at]) => at <= arrived) || held[0] || [0, 0];
    return Math.max(arrived - sent, fastest + ms);
  });
}

// profile: as in profiles.js. seen: { startedAt (ms), link (its log, forth), pictures and clicks ([arrived, sent], ms),
// held (of sound, after it arrived: [since when, ms]), cpu (core-seconds of each side), pss (bytes of each side), concealed (0 to 1 or null), seconds }.
function figures(profile, seen) {
  const { steps } = profile;
  const log = seen.link.map(line => ({ ...line, t: (line.at - seen.startedAt) / 1000 })).filter(({ t }) => t >= 0);
  const settled = seen.startedAt + SETTLED * 1000;
  const pictures = seen.pictures.filter(([arrived]) => arrived >= settled);
  const glass = pictures.filter(([, sent]) => sent !== null).map(([arrived, sent]) => arrived - sent);
  const ear = heard(seen.clicks.filter(([arrived]) => arrived >= settled), seen.held);
  const { frozen, freezes, longest } = gaps(pictures.map(([arrived]) => arrived));
  const measured = (seen.seconds - SETTLED) * 1000;
  const rated = log.filter(({ t }) => steps.every(([at]) => t < at || t >= at + STEP) && capacityAt(steps, t) > 0);
  const queueing = log.filter(({ t }) => t >= SETTLED).map(line => line.queueing_ms);
  const all = {
    'first frame': seen.pictures.length ? seen.pictures[0][0] - seen.startedAt : null,
    'glass p50': median(glass),
    'glass p95': quantile(glass, 0.95),
    'pictures/s': pictures.length / (measured / 1000),
    frozen: pictures.length ? 100 * frozen / measured : 100,
    freezes,
    'longest gap': pictures.length ? longest : measured,
    'ear p50': median(ear),
    'ear p95': quantile(ear, 0.95),
    concealed: seen.concealed === null ? null : 100 * seen.concealed,
    utilisation: rated.length
      ? sum(rated.map(line => line.out_bytes * 8)) / sum(rated.map(({ t }) => Math.min(capacityAt(steps, t), RATE_CAP) / 10))
      : null,
    'queueing p95': quantile(queueing, 0.95),
    'queueing max': quantile(queueing, 1),
    ramp: profile.rise === 0 ? reached(log, steps, 0, profile.seconds) : null,
    recovery: profile.rise > 0 ? reached(log, steps, profile.rise, profile.seconds) : null,
    drain: profile.fall ? drained(log, profile.fall) : null,
    resume: null,
    cpu: Math.max(...seen.cpu) * 60 / seen.seconds,
    memory: Math.max(...seen.pss) / 1e6,
  };
  if (profile.back) {
    const back = seen.startedAt + profile.back * 1000;
    const first = seen.pictures.find(([arrived, sent]) => arrived > back && (sent === null || sent > back - 1000));
    all.resume = first ? (first[0] - back) / 1000 : null;
  }
  return Object.fromEntries(profile.figures.map(name => [name, all[name]]));
}

const UNITS = {
  'first frame': 'ms', 'glass p50': 'ms', 'glass p95': 'ms', 'pictures/s': '', frozen: '%', 'longest gap': 'ms', 'ear p50': 'ms',
  'ear p95': 'ms', concealed: '%', utilisation: '', 'queueing p95': 'ms', 'queueing max': 'ms', ramp: 's', recovery: 's',
  drain: 's', resume: 's', cpu: 'core-s/min', memory: 'MB',
};

module.exports = { figures, gaps, heard, median, quantile, reached, drained, capacityAt, UNITS };
