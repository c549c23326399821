// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the interface alone costs, beside an empty window of the same size. Under Xvfb, drawn by the processor.
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { median } = require('../lib/figures.js');

const ABOUT = 'the interface alone: four tiles of 640x360 at 30 frames/s, raw pictures, no network';
const SECONDS = 30;
const WINDOWS = { empty: 'an empty window', tiles: 'four tiles' };

function measure(build, what) {
  const program = path.join(build, 'tests/bench/snug-bench-ui');
  if (!fs.existsSync(program))
    throw new Error(`${build} was made without the app; delete it and call again`);
  const text = execFileSync(path.join(__dirname, '../../app/with-display'), [program, what, String(SECONDS)], {
    encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], timeout: (SECONDS + 60) * 1000,
    env: { ...process.env, GSETTINGS_BACKEND: 'memory', GSETTINGS_SCHEMA_DIR: path.join(build, 'data') },
  });
  const { cpu_seconds: cpu, seconds, drawn } = JSON.parse(text);
  return { what, cpu: cpu * 60 / seconds, drawn: drawn / seconds, load: os.loadavg()[0] };
}

function cell(values, digits) {
  const show = value => value.toFixed(digits);
  return `${show(median(values))} (${show(Math.min(...values))}..${show(Math.max(...values))})`;
}

// Runs of each window, taking turns; prints the table and returns all runs.
function measureUi(build, repeat) {
  const runs = [];
  for (let number = 1; number <= repeat; number++) {
    for (const what of Object.keys(WINDOWS)) {
      process.stderr.write(`ui, ${what}, ${number} of ${repeat}\n`);
      runs.push(measure(build, what));
    }
  }
  console.log(`\n### ui: ${ABOUT}\n`);
  console.log('| 1200x750 window | CPU, core-seconds a minute | pictures drawn a second |');
  console.log('|---|---|---|');
  for (const [what, name] of Object.entries(WINDOWS)) {
    const own = runs.filter(run => run.what === what);
    console.log(`| ${name} | ${cell(own.map(run => run.cpu), 2)} | ${cell(own.map(run => run.drawn), 1)} |`);
  }
  console.log(`\nLoad of the machine meanwhile: ${cell(runs.map(run => run.load), 1)}`);
  return runs;
}

module.exports = { ABOUT, SECONDS, measureUi };
