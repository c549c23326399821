// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The figures of the benchmarks, from calls whose figures are known.
'use strict';

const { check, equal, run, test } = require('../e2e/lib/harness.js');
const { capacityAt, drained, figures, gaps, heard, median, quantile, reached } = require('./lib/figures.js');
const { profiles } = require('./lib/profiles.js');

const START = 1e12;

// A line of the link's log every 100 ms.
function log(seconds, rateAt, queueingAt = () => 0) {
  return Array.from({ length: seconds * 10 }, (_, i) => ({
    at: START + i * 100, t: i / 10, out_bytes: rateAt(i / 10) / 80, queueing_ms: queueingAt(i / 10),
  }));
}

function pictures(from, to, every, delay) {
  const all = [];
  for (let at = from; at < to; at += every)
    all.push([START + at + delay, START + at]);
  return all;
}

test('quantiles', () => {
  equal(median([3, 1, 2]), 2, 'median');
  equal(quantile([0, 10], 0.95), 9.5, 'between two');
  equal(quantile([], 0.5), null, 'of nothing');
});

test('a freeze is three times and 150 ms more than usual', () => {
  const steady = Array.from({ length: 100 }, (_, i) => i * 33);
  equal(gaps(steady).freezes, 0, 'steady');
  equal(gaps([...steady, 99 * 33 + 182]).freezes, 0, 'just not');
  const { freezes, frozen, longest } = gaps([...steady, 99 * 33 + 184]);
  equal(freezes, 1, 'just so');
  equal(frozen, 184, 'how long');
  equal(longest, 184, 'the longest');
});

test('the rate of a profile by its second', () => {
  const { steps } = profiles['rfc8867-5.1'];
  equal(capacityAt(steps, 0), 1e6, 'at first');
  equal(capacityAt(steps, 40), 2.5e6, 'at a step');
  equal(capacityAt(steps, 79.9), 0.6e6, 'before one');
  equal(capacityAt([[0, {}]], 3), 0, 'without limit');
});

test('when the rate is used', () => {
  const steps = [[0, { rate: 2e6 }]];
  equal(reached(log(10, t => (t < 4 ? 1e6 : 2e6)), steps, 0, 10).toFixed(1), '4.8', 'nine tenths in a second');
  equal(reached(log(10, () => 1e6), steps, 0, 10), null, 'never');
});

test('when a queue is gone', () => {
  equal(drained(log(30, () => 1e6, t => (t >= 20 && t < 23 ? 200 : 5)), 20).toFixed(1), '3.0', 'after three seconds');
  equal(drained(log(30, () => 1e6), 20), 0, 'there was none');
});

test('sound is heard when it is played', () => {
  const clicks = [[START + 60, START], [START + 590, START + 500], [START + 1055, START + 1000]];
  equal(heard(clicks, []).join(), '60,90,55', 'as it comes');
  equal(heard(clicks, [[START, 20]]).join(), '75,90,75', 'held back after the fastest; what is later is late');
  equal(heard(clicks, [[START + 100, 20], [START + 900, 50]]).join(), '75,90,105', 'more, later');
  equal(heard([], []).length, 0, 'nothing');
});

test('a whole call', () => {
  const profile = profiles['blackout-3'];
  const { resume, 'first frame': first, 'longest gap': longest } = figures(profile, {
    startedAt: START, seconds: profile.seconds, link: log(profile.seconds, () => 1e6), clicks: [], held: [], cpu: [1, 2], pss: [1, 2],
    concealed: null, pictures: [...pictures(400, 20000, 33, 20), ...pictures(23500, 38000, 33, 20)],
  });
  equal(first, 420, 'first frame');
  check(Math.abs(resume - 0.52) < 0.001, `resume after ${resume}`);
  check(longest > 3400 && longest < 3600, `longest gap ${longest}`);
});

test('a call without a picture', () => {
  const profile = profiles['rfc8867-5.1'];
  const seen = figures(profile, {
    startedAt: START, seconds: profile.seconds, link: log(100, t => capacityAt(profile.steps, t) / 2), clicks: [], held: [],
    cpu: [1, 1], pss: [1, 1], concealed: null, pictures: [],
  });
  equal(seen['first frame'], null, 'first frame');
  equal(seen.frozen, 100, 'frozen');
  check(Math.abs(seen.utilisation - 0.5) < 0.001, `utilisation ${seen.utilisation}`);
});

run();
