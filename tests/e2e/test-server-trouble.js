// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Servers that are down, slow, silent, strangers, full, or gone in the middle: a caller says which within a bounded
// time, and a call that runs goes on.
'use strict';

const http = require('node:http');
const net = require('node:net');

const {
  check, equal, note, onCleanup, run, snugPrograms, startCaller, startServer, test, until,
} = require('./lib/harness.js');
const { startProxy } = require('./lib/proxy.js');
const ws = require('./lib/ws.js');

async function listen(server) {
  await new Promise(resolve => { server.listen(0, '127.0.0.1', resolve); });
  onCleanup(() => server.close());
  return `ws://127.0.0.1:${server.address().port}/snug`;
}

async function fakeServer(onClient, options) {
  const server = await ws.listen(onClient, options);
  onCleanup(() => server.close());
  return server.url;
}

// The caller gives up with that error and exit code 3, not later than after so many seconds.
async function expectRefusal(url, code, seconds, options = {}) {
  const caller = startCaller(url, 'garden', { name: 'Ada', ...options });
  const error = await caller.event('error', { code }, seconds);
  note(`${error.domain} ${error.code}: ${error.message}`);
  equal(await caller.exit(5), 3, 'exit code');
}

const joined = JSON.stringify({ type: 'joined', id: 'me', room: 'garden', peers: [] });

test('nothing listens', async () => {
  const server = net.createServer();
  const url = await listen(server);
  await new Promise(resolve => { server.close(resolve); });
  await expectRefusal(url, 'unreachable', 5);
});

test('a host name that does not exist', () => expectRefusal('ws://no-such-host.invalid:9/snug', 'unreachable', 20));

test('a server that accepts and says nothing', async () => {
  const sockets = new Set();
  const url = await listen(net.createServer(socket => sockets.add(socket)));
  onCleanup(() => sockets.forEach(socket => socket.destroy()));
  await expectRefusal(url, 'timed-out', 25);
});

test('a server that upgrades and then says nothing', async () => {
  await expectRefusal(await fakeServer(() => {}), 'timed-out', 25);
});

test('a server that closes at once', async () => {
  await expectRefusal(await fakeServer(end => end.destroy()), 'lost', 5);
});

test('a web server', async () => {
  const url = await listen(http.createServer((request, response) => response.end('<html>')));
  await expectRefusal(url, 'not-snug', 5);
});

test('something that speaks no HTTP', async () => {
  const url = await listen(net.createServer(socket => {
    socket.on('error', () => {});
    socket.end('SSH-2.0-OpenSSH_9.2\r\n');
  }));
  const caller = startCaller(url, 'garden');
  await caller.event('error', {}, 25);
  equal(await caller.exit(5), 3, 'exit code');
});

for (const protocol of ['snug.2', null]) {
  test(`a server that speaks ${protocol || 'no subprotocol'}`, async () => {
    await expectRefusal(await fakeServer(() => {}, { protocol }), 'not-snug', 5);
  });
}

test('a server that refuses the version', async () => {
  const url = await fakeServer(end => {
    end.on('text', () => end.send(JSON.stringify({ type: 'error', code: 'version', message: 'only 2' })));
  });
  await expectRefusal(url, 'version', 5);
});

test('a full room', async () => {
  const server = await startServer('--room-size', '2');
  const callers = [];
  for (const name of ['Ada', 'Bob']) {
    callers.push(startCaller(server.url, 'garden', { name, video: 'none', audio: 'none' }));
    await callers.at(-1).event('state', { state: 'joined' });
  }
  await callers[0].event('connected');
  await expectRefusal(server.url, 'room-full', 5);
  check(!callers[0].find('error') && !callers[0].ended, 'Ada is not disturbed');
  await callers[1].stop();
  const late = startCaller(server.url, 'garden', { name: 'Late', video: 'none', audio: 'none' });
  await late.event('connected');
});

const NONSENSE = {
  'text that is no JSON': end => { for (let n = 0; n < 5; n++) end.send('hello'); },
  'binary frames': end => { for (let n = 0; n < 5; n++) end.sendBinary(Buffer.alloc(1000, 7)); },
  'a message of 200 kB': end => end.send(JSON.stringify({ type: 'error', code: 'x', message: 'x'.repeat(200000) })),
  'messages without end': end => {
    const timer = setInterval(() => {
      for (let n = 0; n < 500; n++)
        end.send('{"type":"nothing"}');
    }, 10);
    end.on('close', () => clearInterval(timer));
  },
};

for (const [name, talk] of Object.entries(NONSENSE)) {
  test(`a server that sends ${name}`, async () => {
    // Before the caller is in the room, and after.
    const before = startCaller(await fakeServer(talk), 'garden');
    await before.event('error', {}, 15);
    equal(await before.exit(5), 3, 'exit code');
    const after = startCaller(await fakeServer(end => {
      end.on('text', () => {
        end.send(joined);
        talk(end);
      });
    }), 'garden');
    const error = await after.event('error', {}, 15);
    note(`${error.domain} ${error.code}: ${error.message}`);
    equal(await after.exit(5), 3, 'exit code');
  });
}

async function startCall(options, { name = 'Ada' } = {}) {
  const server = await startServer();
  const bob = startCaller(server.url, 'garden', { name: 'Bob', echoChat: true });
  await bob.event('state', { state: 'joined' });
  const proxy = await startProxy(server.url, options);
  const ada = startCaller(proxy.url, 'garden', { name });
  for (const caller of [ada, bob])
    await caller.event('first-frame', { media: 'video' });
  return { server, proxy, ada, bob };
}

async function expectFrames(caller) {
  const frames = Math.max(0, ...caller.findAll('stats').map(({ received_frames: n }) => n));
  await caller.event('stats', { received_frames: n => n > frames + 20 });
}

test('a slow server', async () => {
  const { ada, bob } = await startCall({ delay: 1500 });
  await expectFrames(ada);
  equal(await ada.stop(), 0, "Ada's exit code");
  await bob.event('peer', { change: 'left' });
  equal(await bob.stop(), 0, "Bob's exit code");
});

test('the server is killed in the middle of a call', async () => {
  const { server, ada, bob } = await startCall();
  server.program.signal('SIGKILL');
  for (const caller of [ada, bob]) {
    await caller.event('error', { source: 'server' }, 5);
    await expectFrames(caller);
    check(!caller.find('peer', { change: 'left' }), 'nobody left');
  }
  // Who leaves now can only say so to the other directly. And where nobody is left, nobody can come either.
  const at = performance.now();
  equal(await ada.stop(), 0, "Ada's exit code");
  await bob.event('peer', { change: 'left' }, 10);
  note(`Bob noticed after ${Math.round(performance.now() - at)} ms`);
  check(performance.now() - at < 2000, 'at once, not when nothing comes any more');
  // A server that was killed might be started again: that is waited for, but not for ever.
  await bob.exit(40);
  equal(bob.code, 3, "Bob's exit code");
});

test('the server shuts down in the middle of a call', async () => {
  const { server, ada, bob } = await startCall();
  equal(await server.program.stop(), 0, "the server's exit code");
  for (const caller of [ada, bob]) {
    const error = await caller.event('error', { source: 'server' }, 5);
    note(`${error.code}: ${error.message}`);
    await expectFrames(caller);
  }
  equal(await ada.stop(), 0, "Ada's exit code");
  await bob.event('peer', { change: 'left' }, 10);
  equal(await bob.stop(), 0, "Bob's exit code");
});

test('only one of the two loses the server', async () => {
  const { proxy, ada, bob } = await startCall();
  proxy.cut();
  await ada.event('error', { source: 'server' }, 5);
  // The server tells Bob that Ada is gone, as it can't know better.
  await until('Bob goes on or lets her go', () => bob.find('peer', { change: 'left' }) || bob.findAll('stats').length > 8);
  note(`Bob ${bob.find('peer', { change: 'left' }) ? 'let her go' : 'went on'}`);
  await ada.stop();
  equal(await bob.stop(), 0, "Bob's exit code");
});

test('the server never comes back, and the other one dies', async () => {
  const { server, ada, bob } = await startCall();
  server.program.signal('SIGKILL');
  await bob.event('error', { source: 'server' }, 5);
  ada.signal('SIGKILL');
  const at = performance.now();
  await bob.event('error', { source: 'peer', code: 'lost' }, 90);
  note(`Bob noticed after ${((performance.now() - at) / 1000).toFixed(1)} s`);
  equal(await bob.exit(15), 1, "Bob's exit code");
});

run({ needs: [snugPrograms] });
