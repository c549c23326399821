// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two network namespaces with nothing between them but a link as bad as a profile says.
'use strict';

const { execFileSync, spawn } = require('node:child_process');
const readline = require('node:readline');

const INTERFACE = 'line0';

function ip(...args) {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

class Network {
  // file: the link program. seed: makes loss and jitter the same again.
  constructor(file, seed) {
    const id = `snug${process.pid % 100000}`;
    this.namespaces = [`${id}a`, `${id}b`];
    this.addresses = ['10.77.0.1', '10.77.0.2'];
    this.log = [];
    this.timers = [];
    for (const namespace of this.namespaces)
      ip('netns', 'add', namespace);
    this.link = spawn(file, [...this.namespaces, String(seed)], { stdio: ['pipe', 'pipe', 'inherit'] });
    readline.createInterface({ input: this.link.stdout }).on('line', line => this.log.push(JSON.parse(line)));
  }

  // When the link reports, its interfaces are there.
  async ready() {
    const deadline = Date.now() + 5000;
    while (!this.log.length) {
      if (this.link.exitCode !== null || Date.now() > deadline)
        throw new Error('the link does not start');
      await new Promise(resolve => { setTimeout(resolve, 20); });
    }
    for (const [i, namespace] of this.namespaces.entries()) {
      ip('-n', namespace, 'addr', 'add', `${this.addresses[i]}/30`, 'dev', INTERFACE);
      ip('-n', namespace, 'link', 'set', 'lo', 'up');
      ip('-n', namespace, 'link', 'set', INTERFACE, 'up');
      // A browser looks for its addresses along the way to the internet.
      ip('-n', namespace, 'route', 'add', 'default', 'dev', INTERFACE);
    }
  }

  set(settings) {
    const words = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
    if (words.length)
      this.link.stdin.write(`set both ${words.join(' ')}\n`);
  }

  // From now on the steps of the profile take place. The first one should be there before anything is sent.
  start(steps) {
    this.startedAt = Date.now();
    for (const [second, settings] of steps) {
      if (second > 0)
        this.timers.push(setTimeout(() => this.set(settings), second * 1000));
    }
  }

  // What to put before a command for it to run at one end.
  inside(end) {
    return ['ip', 'netns', 'exec', this.namespaces[end]];
  }

  async close() {
    this.timers.forEach(clearTimeout);
    const gone = new Promise(resolve => { this.link.once('close', resolve); });
    this.link.stdin.end();
    if (this.link.exitCode === null)
      await gone;
    for (const namespace of this.namespaces)
      ip('netns', 'del', namespace);
  }
}

module.exports = { Network };
