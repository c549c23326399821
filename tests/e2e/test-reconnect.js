// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two callers in network namespaces with a router between them, on which the server runs: the path goes away and comes back, an
// address changes, the server begins anew. The call goes on, and nobody has to do anything.
// SNUG_BLACKOUTS: other lengths, in seconds, as 1,3,10,30.
'use strict';

const { execFileSync } = require('node:child_process');

const {
  check, equal, note, onCleanup, Program, program, run, snugPrograms, test, until,
} = require('./lib/harness.js');

const BLACKOUTS = (process.env.SNUG_BLACKOUTS || '5').split(',').map(Number);

function ip(...args) {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

function namespaces() {
  if (process.getuid() !== 0)
    return 'network namespaces can only be made by root';
  try {
    ip('netns', 'add', `snug-try-${process.pid}`);
    ip('netns', 'del', `snug-try-${process.pid}`);
  } catch (error) {
    return `no network namespace can be made: ${String(error.stderr || error.message).trim()}`;
  }
  return null;
}

// ada - router - bob. The router's ends are r0 and r1, theirs are eth0.
class Net {
  constructor() {
    const id = `snug${process.pid % 100000}`;
    this.ends = [`${id}a`, `${id}b`];
    this.router = `${id}r`;
    for (const name of [...this.ends, this.router]) {
      ip('netns', 'add', name);
      onCleanup(() => ip('netns', 'del', name));
      ip('-n', name, 'link', 'set', 'lo', 'up');
    }
    this.ends.forEach((name, n) => {
      ip('-n', this.router, 'link', 'add', `r${n}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
      ip('-n', this.router, 'addr', 'add', `10.78.${n}.1/24`, 'dev', `r${n}`);
      ip('-n', this.router, 'link', 'set', `r${n}`, 'up');
      ip('-n', name, 'link', 'set', 'eth0', 'up');
      this.setAddress(n, 2);
    });
    this.in(this.router, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
  }

  in(name, ...command) {
    execFileSync('ip', ['netns', 'exec', name, ...command]);
  }

  setAddress(end, host) {
    ip('-n', this.ends[end], 'addr', 'flush', 'dev', 'eth0', 'scope', 'global');
    ip('-n', this.ends[end], 'addr', 'add', `10.78.${end}.${host}/24`, 'dev', 'eth0');
    ip('-n', this.ends[end], 'route', 'replace', 'default', 'via', `10.78.${end}.1`);
  }

  // Nothing passes to or from that end; its addresses stay.
  setLink(end, up) {
    ip('-n', this.router, 'link', 'set', `r${end}`, up ? 'up' : 'down');
  }

  async startServer(port = 0) {
    const server = new Program('ip', ['netns', 'exec', this.router, process.env.SNUG_SERVER, '--port', String(port),
      '--bind', '0.0.0.0'], { env: { G_DEBUG: 'fatal-warnings' } });
    const [, found] = await server.line(/^event=listening .*port=(\d+)/);
    return { port: Number(found), server };
  }

  startCaller(end, port, name) {
    return new Program('ip', ['netns', 'exec', this.ends[end], process.env.SNUG_CLI, 'call', 'garden', '--server',
      `ws://10.78.${end}.1:${port}/snug`, '--json', '--name', name, '--video', 'test', '--video-size', '320x240', '--audio', 'test',
      '--stats-interval', '0.5'], { env: { G_DEBUG: 'fatal-warnings' } });
  }
}

async function startCall() {
  const net = new Net();
  const { port, server } = await net.startServer();
  const ada = net.startCaller(0, port, 'Ada');
  await ada.event('state', { state: 'joined' });
  const bob = net.startCaller(1, port, 'Bob');
  for (const caller of [ada, bob]) {
    await caller.event('first-frame', { media: 'video' });
    await caller.event('first-frame', { media: 'audio' });
  }
  return { net, port, server, ada, bob };
}

function countPictures(caller) {
  return caller.findAll('first-frame', { media: 'video' }).length;
}

// Waits for the next first picture of each, and answers how long it took from at (performance.now()).
async function pictures(callers, counts, at, seconds) {
  const took = [];
  await until('pictures again', () => {
    callers.forEach((caller, n) => {
      if (took[n] === undefined && countPictures(caller) > counts[n])
        took[n] = performance.now() - at;
    });
    return callers.every((_, n) => took[n] !== undefined);
  }, seconds);
  return took.map(Math.round);
}

async function expectAllIsWell(callers) {
  for (const caller of callers) {
    const frames = Math.max(0, ...caller.findAll('stats').map(({ received_frames: n }) => n));
    await caller.event('stats', { received_frames: n => n > frames + 20 });
    check(!caller.find('peer', { state: 'failed' }), `${caller.name}: nobody failed`);
    equal(caller.findAll('peer', { change: 'joined' }).length, 1, 'people who came');
  }
}

for (const seconds of BLACKOUTS) {
  test(`nothing passes for ${seconds} s`, async () => {
    const { net, ada, bob } = await startCall();
    const at = performance.now();
    net.setLink(1, false);
    if (seconds > 3) {
      for (const caller of [ada, bob])
        await caller.event('peer', { state: 'interrupted' }, 10);
      note(`interrupted after ${Math.round(performance.now() - at)} ms`);
    }
    await until('the time is over', () => performance.now() - at >= seconds * 1000, seconds + 5);
    const counts = [ada, bob].map(countPictures);
    const back = performance.now();
    net.setLink(1, true);
    if (seconds > 3)
      note(`path back -> first picture: ${(await pictures([ada, bob], counts, back, 30)).join(' and ')} ms`);
    await expectAllIsWell([ada, bob]);
    for (const caller of [ada, bob])
      equal(await caller.stop(), 0, 'exit code');
  });
}

test('an address changes, of the one who offered and of the other', async () => {
  const { net, ada, bob } = await startCall();
  for (const end of [1, 0]) {
    const counts = [ada, bob].map(countPictures);
    const at = performance.now();
    net.setAddress(end, 3);
    note(`new address -> first picture: ${(await pictures([ada, bob], counts, at, 30)).join(' and ')} ms`);
    await expectAllIsWell([ada, bob]);
  }
  for (const caller of [ada, bob])
    equal(await caller.stop(), 0, 'exit code');
});

test('the server begins anew', async () => {
  const { net, port, server, ada, bob } = await startCall();
  server.signal('SIGKILL');
  await server.exit(5);
  for (const caller of [ada, bob])
    await caller.event('error', { source: 'server' }, 10);
  await net.startServer(port);
  // Somebody new sees both, and they see them; between those two nothing has changed.
  const cleo = net.startCaller(0, port, 'Cleo');
  await until('Cleo sees both', () => countPictures(cleo) === 2, 40);
  for (const caller of [ada, bob]) {
    await until('they see Cleo', () => countPictures(caller) === 2);
    check(!caller.find('peer', { state: 'interrupted' }), 'nothing was interrupted');
    check(!caller.find('peer', { change: 'left' }), 'nobody left');
  }
  equal(await cleo.stop(), 0, 'exit code');
  for (const caller of [ada, bob])
    await caller.event('peer', { change: 'left', name: 'Cleo' });
});

run({ needs: [snugPrograms, program('ip'), namespaces] });
