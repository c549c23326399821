// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What every end-to-end test needs: TAP, waiting for a condition with a deadline, the real programs as children
// whose lines can be waited for. The programs come from SNUG_SERVER and SNUG_CLI.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

// Machines under sanitizers or load need longer for the same.
const SLOWNESS = Number(process.env.SNUG_TEST_SLOWNESS || 1);

const tests = [];
const cleanups = [];

function note(text) {
  for (const line of String(text).split('\n'))
    console.log(`# ${line}`);
}

class Failure extends Error {}

function check(condition, what) {
  if (!condition)
    throw new Failure(what);
}

function equal(actual, expected, what) {
  if (actual !== expected)
    throw new Failure(`${what}: ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
}

// Asks again and again until the answer is true (or the value is wanted); the last one is shown in the failure.
async function until(what, ask, seconds = 20) {
  const deadline = Date.now() + seconds * 1000 * SLOWNESS;
  let answer;
  for (;;) {
    answer = await ask();
    if (answer)
      return answer;
    if (Date.now() > deadline)
      throw new Failure(`not in ${seconds} s: ${what}`);
    await new Promise(resolve => { setTimeout(resolve, 50); });
  }
}

// A time in which something must not happen: the only kind of waiting that is no condition.
async function never(what, ask, seconds) {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    if (await ask())
      throw new Failure(`must not happen: ${what}`);
    await new Promise(resolve => { setTimeout(resolve, 50); });
  }
}

function onCleanup(func) {
  cleanups.push(func);
}

async function cleanUp() {
  while (cleanups.length) {
    try {
      await cleanups.pop()();
    } catch (error) {
      note(`cleaning up: ${error.message}`);
    }
  }
}

// A child process whose output lines are kept. events: where its JSON lines come.
class Program {
  constructor(file, args, { env = {}, stdin = 'ignore', events = 'stdout' } = {}) {
    this.name = path.basename(file);
    this.lines = [];
    this.errors = [];
    this.events = [];
    this.code = undefined;
    this.waiters = new Set();
    this.started = performance.now();
    this.child = spawn(file, args, {
      env: { ...process.env, ...env },
      stdio: [stdin, 'pipe', 'pipe'],
    });
    for (const [name, kept] of [['stdout', this.lines], ['stderr', this.errors]]) {
      this._collect(this.child[name], line => {
        kept.push(line);
        if (name === events && line.startsWith('{'))
          this._take(line);
      });
    }
    this.child.on('error', error => { this.errors.push(error.message); this.code = -1; });
    this.child.on('close', (code, signal) => { this.code = code === null ? signal : code; });
    onCleanup(() => this.kill());
  }

  _collect(stream, use) {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', data => {
      const lines = (rest + data).split('\n');
      rest = lines.pop();
      lines.forEach(use);
    });
  }

  _take(line) {
    try {
      const event = JSON.parse(line);
      this.events.push(event);
      if (this.onEvent)
        this.onEvent(event);
    } catch {
      this.errors.push(`not JSON: ${line}`);
    }
  }

  get ended() {
    return this.code !== undefined;
  }

  // The first event with that name and those fields (values, or functions of the value).
  find(name, fields = {}) {
    return this.events.find(event => event.event === name && matches(event, fields));
  }

  findAll(name, fields = {}) {
    return this.events.filter(event => event.event === name && matches(event, fields));
  }

  async event(name, fields = {}, seconds = 20) {
    const what = `${this.name}: ${name} ${describe(fields)}`;
    const event = await until(what, () => {
      const found = this.find(name, fields);
      if (!found && this.ended)
        throw new Failure(`${what}: it ended with ${this.code}\n${this.tail()}`);
      return found;
    }, seconds).catch(error => { throw new Failure(`${error.message}\n${this.tail()}`); });
    return event;
  }

  async line(pattern, seconds = 20) {
    const line = await until(`${this.name}: ${pattern}`, () => {
      const found = this.lines.find(text => pattern.test(text));
      if (!found && this.ended)
        throw new Failure(`${this.name} ended with ${this.code}\n${this.tail()}`);
      return found;
    }, seconds);
    return pattern.exec(line);
  }

  signal(name) {
    this.child.kill(name);
  }

  async exit(seconds = 15) {
    await until(`${this.name} ends`, () => this.ended, seconds)
      .catch(error => { throw new Failure(`${error.message}\n${this.tail()}`); });
    // What a signal has ended said why before.
    if (typeof this.code === 'string')
      note(`${this.name} was ended by ${this.code}:\n${this.tail()}`);
    return this.code;
  }

  // Asks it to end and tells its exit code.
  async stop(seconds = 15) {
    this.signal('SIGTERM');
    return this.exit(seconds);
  }

  async kill() {
    if (!this.ended) {
      this.signal('SIGKILL');
      await until(`${this.name} is gone`, () => this.ended, 5);
    }
  }

  tail(n = 25) {
    return [...this.lines.filter(line => !/"event":\s*"stats"/.test(line)).slice(-n),
      ...this.errors.slice(-n)].join('\n');
  }
}

function matches(event, fields) {
  return Object.entries(fields).every(([key, wanted]) => (
    typeof wanted === 'function' ? wanted(event[key], event) : event[key] === wanted));
}

function describe(fields) {
  return JSON.stringify(fields, (key, value) => (typeof value === 'function' ? String(value) : value));
}

// The real server on a free port. Answers { url, program }.
async function startServer(...args) {
  const program = new Program(process.env.SNUG_SERVER, ['--port', '0', '--bind', '127.0.0.1', ...args],
    { env: { G_DEBUG: 'fatal-warnings' } });
  const [, port] = await program.line(/^event=listening .*port=(\d+)/);
  return { url: `ws://127.0.0.1:${port}/snug`, program };
}

// The real caller. options: anything of its command line, as { name: 'Ada', videoSize: '320x240', relayOnly: true }, an array: again and again; and
// inside: words that the command is to stand behind.
function startCaller(server, room, { inside = [], ...options } = {}) {
  const all = { video: 'test', audio: 'test', videoSize: '320x240', statsInterval: '0.5', ...options };
  const args = ['call', room, '--server', server, '--json'];
  for (const [key, value] of Object.entries(all)) {
    const word = `--${key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
    if (value === true)
      args.push(word);
    else if (value !== undefined && value !== false)
      [value].flat().forEach(one => args.push(word, String(one)));
  }
  const [file, ...words] = [...inside, process.env.SNUG_CLI, ...args];
  return new Program(file, words, { env: { G_DEBUG: 'fatal-warnings' } });
}

function test(name, func) {
  tests.push({ name, func });
}

function temporaryFolder() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'snug-e2e-'));
  onCleanup(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

// Runs what test() collected. needs: functions that answer with a reason to skip, or nothing.
async function run({ needs = [], setUp, tearDown } = {}) {
  for (const need of needs) {
    const reason = await need();
    if (reason) {
      console.log(`1..0 # SKIP ${reason}`);
      return;
    }
  }
  const wanted = process.argv.slice(2);
  const chosen = tests.filter(({ name }) => !wanted.length || wanted.some(word => name.includes(word)));
  let failed = 0;

  console.log('TAP version 13');
  console.log(`1..${chosen.length}`);
  if (setUp)
    await setUp();
  for (const [index, { name, func }] of chosen.entries()) {
    const start = performance.now();
    try {
      await func();
      console.log(`ok ${index + 1} ${name}`);
    } catch (error) {
      failed++;
      note(error instanceof Failure ? error.message : error.stack);
      console.log(`not ok ${index + 1} ${name}`);
    }
    await cleanUp();
    note(`${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
  if (tearDown)
    await tearDown();
  process.exit(failed ? 1 : 0);
}

// For needs: a program on the PATH.
function program(name) {
  return () => {
    const found = (process.env.PATH || '').split(':')
      .some(folder => fs.existsSync(path.join(folder, name)));
    return found ? null : `${name} is not installed`;
  };
}

function snugPrograms() {
  for (const name of ['SNUG_SERVER', 'SNUG_CLI']) {
    if (!process.env[name] || !fs.existsSync(process.env[name]))
      return `${name} does not name a program`;
  }
  return null;
}

module.exports = {
  Failure, Program, check, cleanUp, equal, until, never, note, test, run, onCleanup, startServer, startCaller,
  program, snugPrograms, temporaryFolder,
};
