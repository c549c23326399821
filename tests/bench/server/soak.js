// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A server with thousands of members who talk, and a crowd that does all the harm it can. The members are not to notice,
// and the server is to be afterwards what it was before.
'use strict';

const { spawnSync } = require('node:child_process');
const http = require('node:http');
const path = require('node:path');

const { start, startSnug, startLoad, readPort, order, look, countDescriptors, median } = require('./programs.js');

const MEMBERS = 5000;
const MESSAGES_A_SECOND = 200;
const STEP_SECONDS = 10;
// Loopback, but with addresses for which the server's limits count.
const CROWD_HOST = '10.77.0.1';
const SETTLED_MS = 30000;
const MOST_MEMORY = 16 * 1024 * 1024;

function get(port, file) {
  return new Promise((resolve, reject) => {
    http.get({ host: '127.0.0.1', port, path: file }, (response) => {
      let text = '';
      response.on('data', (data) => { text += data; });
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });
}

/** Runs this script again where all of CROWD_HOST's network is this machine: nobody else is met there. */
function again(args) {
  const script = `ip link set lo up && ip address add ${CROWD_HOST}/16 dev lo && exec "$@"`;
  const { status } = spawnSync('unshare', ['--map-root-user', '--net', 'sh', '-c', script, 'sh', process.execPath,
    path.join(__dirname, 'run'), ...args], { stdio: 'inherit', env: { ...process.env, SNUG_BENCH_INSIDE: '1' } });
  return status ?? 1;
}

function round(bytes) {
  return (bytes / 1e6).toFixed(1);
}

/** A row of the table: what the members felt, and what the server held after the last step. */
function tell(title, steps) {
  const of = (name) => median(steps.map((step) => step[name])).toFixed(2);
  const worst = Math.max(...steps.map((step) => step.max)).toFixed(1);
  const { bytes, descriptors } = steps.at(-1);
  console.log(`| ${title} | ${of('p50')} | ${of('p99')} | ${worst} | ${round(bytes)} | ${descriptors} |`);
}

/** What is not as it was. */
function judge(open, calm, early, steps, settled) {
  const failures = [];
  const missing = [...calm, ...steps, ...settled].reduce((sum, step) => sum + step.sent - step.received, 0);
  const kept = settled.at(-1).descriptors - calm.at(-1).descriptors;
  const grown = steps.at(-1).bytes - early.at(-1).bytes;

  if (open < MEMBERS || missing > 0)
    failures.push(`${MEMBERS - open} members did not get in, ${missing} messages did not arrive`);
  if (kept > 0)
    failures.push(`${kept} descriptors more than before`);
  if (grown > MOST_MEMORY)
    failures.push(`${round(grown)} MB more than after the first tenth`);
  return failures;
}

/** Returns the exit status: 1 when the server is not what it was. */
async function soak(build, seconds, args) {
  if (!process.env.SNUG_BENCH_INSIDE)
    return again(args);
  const server = startSnug(build, ['--max-clients', '12000']);
  const port = await readPort(server);
  const { pid } = server.child;
  const load = startLoad(build, 'snug', 'plain', port, MEMBERS);
  const step = async () => {
    const felt = await order(load, `rate ${MESSAGES_A_SECOND} ${STEP_SECONDS}`);
    return { ...felt, ...look(pid), descriptors: countDescriptors(pid) };
  };
  let crowd;
  try {
    const { open } = await order(load, 'open');
    const calm = [await step(), await step()];
    const steps = [];

    crowd = start(1, 'nice', [process.execPath, path.join(__dirname, 'crowd.js'), CROWD_HOST, String(port)]);
    for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
      steps.push(await step());
      const { p99, bytes, descriptors } = steps.at(-1);
      process.stderr.write(`${steps.length * STEP_SECONDS} s: p99 ${p99.toFixed(1)} ms, ${round(bytes)} MB, ${descriptors} descriptors\n`);
    }
    const harm = await order(crowd, 'stop');
    const metrics = await get(port, '/metrics');
    await crowd.end();
    crowd = null;
    // Their places are kept for half a minute.
    const settled = [];
    for (const end = Date.now() + SETTLED_MS; Date.now() < end;)
      settled.push(await step());
    const early = steps.slice(0, Math.ceil(steps.length / 10));

    console.log(`\n${open} members, ${MESSAGES_A_SECOND} messages a second, ${seconds} s\n`);
    console.log('| | p50 ms | p99 ms | longest ms | MB | descriptors |\n|---|---|---|---|---|---|');
    tell('before', calm);
    tell('the first tenth', early);
    tell('all of it', steps);
    tell('after', settled);
    console.log(`\n${JSON.stringify(harm)}\n`);
    console.log(metrics.split('\n').filter((line) => /^snug_(refusals|departures|joins|connections)/.test(line)).join('\n'));

    const failures = judge(open, calm, early, steps, settled);
    failures.forEach((text) => console.log(`failed: ${text}`));
    return failures.length ? 1 : 0;
  } finally {
    await crowd?.end();
    await load.end();
    await server.end();
  }
}

module.exports = { soak };
