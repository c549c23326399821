// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Calls by way of a real relay, and what is said when there is none that works.
'use strict';

const {
  check, equal, never, note, run, snugPrograms, startCaller, startServer, test, until,
} = require('./lib/harness.js');
const { browser, startBrowser } = require('./lib/browser.js');
const {
  makeCertificate, relay, rest, startRelay, trusting,
} = require('./lib/turn.js');

// What would end a URI, a user name or a password if it were not escaped.
const USER = 'snug@home/?&%41\u00fc';
const PASSWORD = 'p:a@s/s#w?o&r=d%20+\u00e9';

// A warning ends a caller: what it holds at a relay is given back before libnice goes, or that would warn.
async function startCallers(server, first, second) {
  const ada = startCaller(server.url, 'garden', { name: 'Ada', echoChat: true, ...first });
  await ada.event('state', { state: 'joined' });
  const bob = startCaller(server.url, 'garden', { name: 'Bob', sendChat: 'hello', ...second });
  return { ada, bob };
}

async function expectRelayed({ ada, bob }, protocol = 'udp') {
  for (const caller of [ada, bob]) {
    await caller.event('first-frame', { media: 'video' });
    await caller.event('first-frame', { media: 'audio' });
    const connected = await caller.event('connected');
    note(`${connected.local_candidate_type} to ${connected.remote_candidate_type}, ${connected.protocol}`);
    equal(connected.path, 'relay', 'path');
    equal(connected.local_candidate_type, 'relay', 'local candidate');
    equal(connected.remote_candidate_type, 'relay', 'remote candidate');
    equal(connected.protocol, protocol, 'protocol to the relay');
    check(caller.findAll('candidate', { side: 'local' }).every(({ type }) => type === 'relay'),
      'nobody is told another address');
  }
  await bob.event('chat', { outgoing: false, text: 'hello' });
  equal(await bob.stop(), 0, "Bob's exit code");
  equal(await ada.stop(), 0, "Ada's exit code");
}

test('relays only, by UDP', async () => {
  const turn = await startRelay(USER, PASSWORD);
  const server = await startServer();
  const options = { relayOnly: true, iceServer: turn.uri() };
  await expectRelayed(await startCallers(server, options, options));
});

test('relays only, by TCP', async () => {
  const turn = await startRelay(USER, PASSWORD, { tcpOnly: true });
  const server = await startServer();
  const options = { relayOnly: true, iceServer: turn.uri({ transport: 'tcp' }) };
  await expectRelayed(await startCallers(server, options, options), 'tcp');
});

test('relays only, by TLS', async () => {
  if (process.getuid() !== 0) {
    note('only root can make a certificate trusted for a moment');
    return;
  }
  const tls = makeCertificate();
  const turn = await startRelay(USER, PASSWORD, { tls });
  const server = await startServer();
  const options = { relayOnly: true, iceServer: turn.uri(), inside: trusting(tls.certificate) };
  await expectRelayed(await startCallers(server, options, options), 'tcp');
});

test('a relay whose certificate nobody trusts', async () => {
  const turn = await startRelay(USER, PASSWORD, { tls: makeCertificate() });
  const server = await startServer();
  const options = { relayOnly: true, iceServer: turn.uri() };
  const { ada, bob } = await startCallers(server, options, options);
  const named = ({ message }) => /turns:.*certificate/i.test(message);
  await until('the relay and its certificate are named', () => (
    [...ada.findAll('error'), ...bob.findAll('error')].some(named)), 30);
  note([...ada.findAll('error'), ...bob.findAll('error')].find(named).message);
  await expectNoRoute({ ada, bob });
  check(!turn.lines.some(line => line.includes('snug@home')), 'the relay never heard the user name');
});

test('credentials for a while, with a colon in the name', async () => {
  const secret = 'north';
  const turn = await startRelay(null, null, { secret });
  const server = await startServer();
  const options = { relayOnly: true, iceServer: turn.uri(rest(secret, 'ada@home')) };
  await expectRelayed(await startCallers(server, options, options));
});

test("the server's own relay", async () => {
  const turn = await startRelay(USER, PASSWORD);
  const server = await startServer('--ice-server', turn.uri());
  await expectRelayed(await startCallers(server, { relayOnly: true }, { relayOnly: true }));
});

test('one side only by relay, the other as it likes', async () => {
  const turn = await startRelay('snug', 'secret');
  const server = await startServer();
  const { ada, bob } = await startCallers(server, {}, { relayOnly: true, iceServer: turn.uri() });
  await ada.event('first-frame', { media: 'video' });
  await bob.event('first-frame', { media: 'video' });
  const connected = await bob.event('connected');
  equal(connected.local_candidate_type, 'relay', "Bob's candidate");
  equal(await bob.stop(), 0, "Bob's exit code");
  equal(await ada.stop(), 0, "Ada's exit code");
});

test('Chromium only by relay', async () => {
  const reason = browser();
  if (reason) {
    note(reason);
    return;
  }
  const turn = await startRelay(USER, PASSWORD);
  const server = await startServer('--ice-server', turn.uri());
  const chromium = await startBrowser();
  const guest = await chromium.guest('Guest', { relayOnly: true });
  await guest.join(server.url, 'garden');
  const caller = startCaller(server.url, 'garden', { name: 'Ada', relayOnly: true });
  await caller.event('first-frame', { media: 'video' });
  const { pair } = await guest.seePeer('Ada', 'pictures by relay', ({ inbound, pair: chosen }) => (
    inbound.camera?.decoded > 10 && chosen));
  note(JSON.stringify(pair));
  equal(pair.local, 'relay', "Chromium's candidate");
  equal((await caller.event('connected')).local_candidate_type, 'relay', "Ada's candidate");
});

// Neither gets through, and says so in time.
async function expectNoRoute({ ada, bob }) {
  const start = performance.now();
  for (const caller of [ada, bob]) {
    const error = await caller.event('error', { source: source => source !== 'server', code: 'no-route' }, 15);
    note(`${error.code} after ${((performance.now() - start) / 1000).toFixed(1)} s: ${error.message}`);
  }
  for (const caller of [ada, bob])
    equal(await caller.exit(10), 4, 'exit code');
  check(!ada.find('first-frame') && !bob.find('first-frame'), 'no frame');
}

test('a wrong password', async () => {
  const turn = await startRelay(USER, PASSWORD);
  const server = await startServer();
  await expectNoRoute(await startCallers(server, { relayOnly: true, iceServer: turn.uri() },
    { relayOnly: true, iceServer: turn.uri({ word: 'wrong' }) }));
});

test('a relay that is not there', async () => {
  const turn = await startRelay(USER, PASSWORD);
  await turn.stop();
  const server = await startServer();
  const options = { relayOnly: true, iceServer: turn.uri() };
  await expectNoRoute(await startCallers(server, options, options));
});

// Both are in the room still, so nobody is given up, and the call comes back without anybody's doing.
test('a relay that stops in the middle, and comes back', async () => {
  const turn = await startRelay(USER, PASSWORD);
  const server = await startServer();
  const options = { relayOnly: true, iceServer: turn.uri() };
  const callers = Object.values(await startCallers(server, options, options));
  for (const caller of callers)
    await caller.event('first-frame', { media: 'video' });
  await turn.stop();
  const stopped = performance.now();
  const interrupted = [];
  for (const caller of callers)
    interrupted.push(await caller.event('peer', { state: 'interrupted' }, 15));
  note(`interrupted after ${((performance.now() - stopped) / 1000).toFixed(1)} s`);
  // An attempt takes ten seconds at most: one at least comes to nothing meanwhile.
  await never('somebody is given up', () => callers.some(caller => (
    caller.ended || caller.find('peer', { state: 'failed' }) || caller.find('error', { source: 'peer' }))), 15);
  await startRelay(USER, PASSWORD, { port: turn.port });
  const back = performance.now();
  for (const [i, caller] of callers.entries()) {
    const later = t => t > interrupted[i].t;
    await caller.event('peer', { state: 'connected', t: later }, 60);
    await caller.event('first-frame', { media: 'video', t: later });
    equal(caller.findAll('error', { source: 'peer' }).length, 0, 'errors about the other');
    check(caller.findAll('candidate', { side: 'local' }).every(({ type }) => type === 'relay'),
      'nobody is told another address');
  }
  note(`back ${((performance.now() - back) / 1000).toFixed(1)} s after the relay`);
  for (const caller of callers)
    equal(await caller.stop(), 0, 'exit code');
});

test('relays only, and no relay', async () => {
  const server = await startServer();
  const caller = startCaller(server.url, 'garden', { name: 'Ada', relayOnly: true });
  const error = await caller.event('error', { code: 'no-route' }, 5);
  note(error.message);
  equal(await caller.exit(5), 4, 'exit code');
});

for (const uri of ['turns:u:p@192.0.2.1?transport=udp', 'turns:192.0.2.1', 'stuns:192.0.2.1', 'http://192.0.2.1', 'turn:192.0.2.1', 'turn:u:p@', 'turn:u:p@192.0.2.1:99999']) {
  test(`the address ${uri} is refused`, async () => {
    const caller = startCaller('ws://127.0.0.1:9/snug', 'garden', { iceServer: uri });
    equal(await caller.exit(5), 2, 'exit code');
    note(caller.tail(3));
  });
}

run({ needs: [snugPrograms, relay] });
