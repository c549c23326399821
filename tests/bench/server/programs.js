// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The programs of these benchmarks, each on a processor, and what they use of the machine.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const readline = require('node:readline');

const PROCESSORS = os.cpus().length;
const TICKS = 100;

/** A process with one line after the other on its standard output; alone on a processor. */
function start(processor, command, args) {
  const pinned = PROCESSORS > 1 ? ['taskset', ['-c', String(processor), command, ...args]] : [command, args];
  const child = spawn(...pinned, { stdio: ['pipe', 'pipe', process.env.SNUG_BENCH_LOG ? 'inherit' : 'ignore'] });
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = new Promise((resolve) => child.on('exit', resolve));
  return {
    child,
    async read() {
      const { value, done } = await lines.next();
      if (done)
        throw new Error(`${command} ${args.join(' ')} has ended`);
      return value;
    },
    async end() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function startSnug(build, args) {
  return start(0, path.join(build, 'src/server/snug-server'), ['--port', '0', ...args]);
}

/** The port from a server's first line. */
async function readPort(server) {
  return Number(/port=(\d+)/.exec(await server.read())[1]);
}

/** kind: snug or peerjs; security: plain or tls. */
function startLoad(build, kind, security, port, connections) {
  return start(1, path.join(build, 'tests/bench/snug-bench-load'), [kind, security, String(port), String(connections)]);
}

/** What the load or the crowd answers to one line. */
async function order(program, text) {
  program.child.stdin.write(`${text}\n`);
  return JSON.parse(await program.read());
}

/** Resident memory in bytes, and processor time in seconds, of a process. */
function look(pid) {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return { bytes: Number(/VmRSS:\s+(\d+)/.exec(status)[1]) * 1024, cpu: (Number(fields[11]) + Number(fields[12])) / TICKS };
}

function countDescriptors(pid) {
  return fs.readdirSync(`/proc/${pid}/fd`).length;
}

function median(values) {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  return sorted.length ? sorted[Math.floor((sorted.length - 1) / 2)] : NaN;
}

module.exports = { start, startSnug, startLoad, readPort, order, look, countDescriptors, median };
