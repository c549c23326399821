// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// snug-cli at one end of the link. Pictures and sound go in and out through FIFOs.
'use strict';

const { execFileSync, spawn } = require('node:child_process');
const path = require('node:path');
const readline = require('node:readline');

const { until } = require('../../e2e/lib/harness.js');
const { cpuSeconds, proportionalBytes } = require('./cost.js');

class SnugSide {
  // bench: { programs: { cli, media }, network, folder, loop, profile, maxKbit }. end: 0 or 1.
  constructor(bench, end, { sends, receives }) {
    Object.assign(this, { bench, end, sends, receives });
    this.children = [];
    this.pictures = [];
    this.clicks = [];
    this.events = [];
    this.errors = [];
  }

  fifo(name) {
    const file = path.join(this.bench.folder, `${name}-${this.end}`);
    execFileSync('mkfifo', [file]);
    return file;
  }

  child(file, args, onLine) {
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.on('error', () => {});
    readline.createInterface({ input: child.stdout }).on('line', onLine || (() => {}));
    readline.createInterface({ input: child.stderr }).on('line', line => this.errors.push(line));
    this.children.push(child);
    return child;
  }

  media(word, args, into) {
    this.child(this.bench.programs.media, [word, ...args], line => {
      const [arrived, sent] = line.split(' ');
      into.push([Number(arrived), sent === '-' ? null : Number(sent)]);
    });
  }

  // Ready to join.
  async prepare(server, room) {
    const { bench, end } = this;
    const [width, height] = bench.size;
    const args = ['call', room, '--server', server, '--json', '--name', `side ${end}`, '--start-on-stdin',
      '--max-bitrate', String(bench.maxKbit)];
    if (this.sends) {
      const fifo = this.fifo('video-in');
      args.push('--video', `y4m:${fifo}`, '--video-size', `${width}x${height}`);
      this.media('send-video', [fifo, bench.loop, String(width), String(height), '30'], []);
    } else {
      args.push('--video', 'none');
    }
    const sound = this.fifo('audio-in');
    args.push('--audio', `wav:${sound}`);
    this.media('send-audio', [sound], []);
    if (this.receives) {
      const picture = this.fifo('video-out');
      const heard = this.fifo('audio-out');
      args.push('--video-out', `y4m:${picture}`, '--audio-out', `wav:${heard}`);
      this.media('read-video', [picture], this.pictures);
      this.media('read-audio', [heard], this.clicks);
    }
    const [file, ...before] = bench.network.inside(end);
    this.cli = this.child(file, [...before, bench.programs.cli, ...args], line => {
      if (line.startsWith('{'))
        this.events.push({ at: Date.now(), ...JSON.parse(line) });
    });
    await this.event('ready');
  }

  async event(name, fields = {}) {
    await until(`snug-cli: ${name}`, () => this.events.some(event => event.event === name
      && Object.entries(fields).every(([key, value]) => event[key] === value)), 20)
      .catch(error => { throw new Error(`${error.message}\n${this.errors.slice(-10).join('\n')}`); });
  }

  join() {
    this.cli.stdin.write('\n');
    return this.event('state', { state: 'joined' });
  }

  cpu() {
    return cpuSeconds(this.cli.pid);
  }

  memory() {
    return proportionalBytes(this.cli.pid);
  }

  // How long sound is held back after it was decoded, which is where snug-cli writes it: [when, ms].
  held() {
    return this.events.filter(event => event.event === 'stats' && event.audio_playout_seconds !== null)
      .map(event => [event.at, event.audio_playout_seconds * 1000]);
  }

  // How much of the sound was made up, 0 to 1; not told by snug-cli yet.
  async concealed() {
    const stats = this.events.filter(event => event.event === 'stats').pop();
    return stats?.received_concealed_fraction ?? null;
  }

  async close() {
    const ends = this.children.map(child => (child.exitCode !== null || child.signalCode !== null ? null
      : new Promise(resolve => { child.once('close', resolve); })));
    this.cli?.kill('SIGTERM');
    const late = setTimeout(() => this.children.forEach(child => child.kill('SIGKILL')), 8000);
    await ends[this.children.indexOf(this.cli)];
    this.children.forEach(child => child.kill('SIGTERM'));
    await Promise.all(ends);
    clearTimeout(late);
  }
}

module.exports = { SnugSide };
