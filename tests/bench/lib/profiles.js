// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The links that calls are measured on. A step is [second after the start, settings of the link]; a setting that is not
// named stays. Milliseconds, bit/s. RFC 8867 gives its cases their numbers.
'use strict';

const MBPS = 1e6;

// What can be measured on a link with a known, narrow rate.
const RATE = ['utilisation', 'queueing p95', 'queueing max'];
const PICTURE = ['first frame', 'glass p50', 'glass p95', 'pictures/s', 'frozen', 'longest gap'];
const SOUND = ['ear p50', 'ear p95'];

function lossy(percent) {
  return {
    about: `${percent} % of packets lost at random, 2 Mbit/s, 50 ms`,
    seconds: 40,
    steps: [[0, { rate: 2 * MBPS, delay: 50, queue: 300, loss: percent / 100 }]],
    figures: [...PICTURE, ...SOUND, ...RATE, 'concealed'],
  };
}

function bursty(burst) {
  return {
    about: `10 % lost, ${burst} in a row on average, 2 Mbit/s, 50 ms`,
    seconds: 40,
    steps: [[0, { rate: 2 * MBPS, delay: 50, queue: 300, loss: 0.1, burst }]],
    figures: [...PICTURE, ...SOUND, ...RATE, 'concealed'],
  };
}

function blackout(seconds) {
  return {
    about: `nothing passes for ${seconds} s, 5 Mbit/s, 20 ms`,
    seconds: 20 + seconds + 15,
    steps: [[0, { rate: 5 * MBPS, delay: 20, queue: 200 }], [20, { down: 1 }], [20 + seconds, { down: 0 }]],
    figures: ['first frame', 'resume', 'longest gap'],
    back: 20 + seconds,
  };
}

const profiles = {
  clean: {
    about: 'no limit, no delay',
    seconds: 20,
    steps: [[0, {}]],
    figures: [...PICTURE, ...SOUND, 'cpu', 'memory'],
  },
  'call-720p': {
    about: '720p at 30, both ways, no limit: what a call costs',
    seconds: 40,
    size: [1280, 720],
    both: true,
    steps: [[0, {}]],
    figures: [...PICTURE, 'cpu', 'memory'],
  },
  home: {
    about: '10 Mbit/s, 20 ms, 0.1 % lost',
    seconds: 30,
    steps: [[0, { rate: 10 * MBPS, delay: 20, queue: 100, loss: 0.001 }]],
    figures: [...PICTURE, ...SOUND, 'queueing p95', 'concealed'],
  },
  'rfc8867-5.1': {
    about: '1, 2.5, 0.6, 1 Mbit/s from 0, 40, 60, 80 s, 50 ms',
    seconds: 100,
    steps: [
      [0, { rate: 1 * MBPS, delay: 50, queue: 300 }],
      [40, { rate: 2.5 * MBPS }],
      [60, { rate: 0.6 * MBPS }],
      [80, { rate: 1 * MBPS }],
    ],
    figures: [...RATE, ...PICTURE, ...SOUND, 'drain'],
    fall: 60,
  },
  ramp: {
    about: '2.5 Mbit/s, 40 ms: how soon it is used',
    seconds: 30,
    steps: [[0, { rate: 2.5 * MBPS, delay: 40, queue: 300 }]],
    figures: ['ramp', ...RATE, ...PICTURE, ...SOUND],
    rise: 0,
  },
  dip: {
    about: '2.5, 0.25, 2.5 Mbit/s from 0, 20, 30 s, 40 ms',
    seconds: 75,
    steps: [[0, { rate: 2.5 * MBPS, delay: 40, queue: 300 }], [20, { rate: 0.25 * MBPS }], [30, { rate: 2.5 * MBPS }]],
    figures: ['recovery', 'drain', ...RATE, ...PICTURE],
    rise: 30,
    fall: 20,
  },
  'loss-1': lossy(1),
  'loss-2': lossy(2),
  'loss-5': lossy(5),
  'loss-10': lossy(10),
  'loss-20': lossy(20),
  'bursts-2': bursty(2),
  'bursts-3': bursty(3),
  jitter: {
    about: 'up to 30 ms of jitter, 5 Mbit/s, 20 ms',
    seconds: 30,
    steps: [[0, { rate: 5 * MBPS, delay: 20, queue: 300, jitter: 30 }]],
    figures: [...PICTURE, ...SOUND, 'concealed'],
  },
  bufferbloat: {
    about: '1 Mbit/s with a queue of two seconds, 20 ms',
    seconds: 40,
    steps: [[0, { rate: 1 * MBPS, delay: 20, queue: 2000 }]],
    figures: [...RATE, ...PICTURE, ...SOUND],
  },
  'blackout-1': blackout(1),
  'blackout-3': blackout(3),
  'blackout-10': blackout(10),
  'blackout-30': blackout(30),
};

module.exports = { profiles };
