// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Calls without a server: machines on one network find each other by the real Avahi.
'use strict';

const net = require('node:net');

const { check, equal, note, onCleanup, program, run, snugPrograms, test, until } = require('./lib/harness');
const { LocalNetwork, namespaces } = require('./lib/local-network');
const { deriveRoom } = require('./lib/seal');

const ROOM = 'garden';
const PATIENCE = 60;

function countPictures(caller) {
  return caller.findAll('first-frame', { media: 'video' }).length;
}

// From the join to the first picture of somebody else, in milliseconds.
function timeToPicture(caller) {
  const joining = caller.find('state', { state: 'joining' });
  const picture = caller.find('first-frame', { media: 'video' });
  return Math.round((picture.t - joining.t) * 1000);
}

async function see(caller, number) {
  await until(`${caller.name} sees ${number}: ${caller.tail()}`, () => {
    if (caller.ended)
      throw new Error(`it ended with ${caller.code}: ${caller.tail()}`);
    return countPictures(caller) >= number;
  }, PATIENCE);
}

function logged(caller, pattern) {
  return caller.errors.concat(caller.lines).some(line => pattern.test(line));
}

async function waitLogged(caller, pattern) {
  await until(`${pattern} in the log: ${caller.tail()}`, () => logged(caller, pattern), PATIENCE);
}

// The longest time without a new picture of that peer between two moments (of the caller's clock), in milliseconds.
function longestGap(caller, id, from, to) {
  let last = from;
  let frames = -1;
  let longest = 0;
  for (const { t, peer, received_frames: n } of caller.findAll('stats')) {
    if (peer !== id || t < from || t > to)
      continue;
    if (n !== frames) {
      longest = Math.max(longest, t - last);
      last = t;
      frames = n;
    }
  }
  return Math.round(Math.max(longest, to - last) * 1000);
}

function latest(caller) {
  return caller.events[caller.events.length - 1].t;
}

test('two meet, a third comes, who held the room leaves and a fourth still finds it', async () => {
  const network = new LocalNetwork();
  const machines = [];
  for (const name of ['ada', 'bob', 'cleo', 'dora'])
    machines.push(await network.add(name));
  const ada = machines[0].call(ROOM, 'Ada');
  await ada.event('state', { state: 'joined' }, PATIENCE);
  await waitLogged(ada, /event=local-host /);
  const bob = machines[1].call(ROOM, 'Bob');
  await see(bob, 1);
  await see(ada, 1);
  const cleo = machines[2].call(ROOM, 'Cleo');
  for (const caller of [ada, bob, cleo])
    await see(caller, 2);
  note(`join -> first picture: ${timeToPicture(bob)} and ${timeToPicture(cleo)} ms`);
  for (const caller of [bob, cleo])
    check(!logged(caller, /event=local-host /), 'only one holds the room');

  const others = [bob, cleo];
  const ids = [cleo, bob].map((peer, n) => others[n].find('peer', { change: 'joined', name: n ? 'Bob' : 'Cleo' }).id);
  const before = others.map(latest);
  equal(await ada.stop(), 0, 'exit code');
  for (const caller of others)
    await caller.event('peer', { change: 'left', name: 'Ada' }, PATIENCE);
  const left = performance.now();
  const frames = others.map((caller, n) => Math.max(0, ...caller.findAll('stats', { peer: ids[n] }).map(event => event.received_frames)));
  await until('one of them takes over', () => others.some(caller => logged(caller, /event=local-host /)), PATIENCE);
  await until('the other is there', () => others.some(caller => (
    caller.errors.concat(caller.lines).filter(line => /event=local-member/.test(line)).length > 1)), PATIENCE);
  note(`Ada has left -> both are in the room of another: ${Math.round(performance.now() - left)} ms`);

  const dora = machines[3].call(ROOM, 'Dora');
  await see(dora, 2);
  note(`join -> first picture at the new host: ${timeToPicture(dora)} ms`);
  for (const [n, caller] of others.entries()) {
    await see(caller, 3);
    await caller.event('stats', { peer: ids[n], received_frames: count => count > frames[n] + 20 }, PATIENCE);
    note(`${n ? 'Cleo' : 'Bob'}: longest time without a picture: ${longestGap(caller, ids[n], before[n], latest(caller))} ms`);
    check(!caller.find('peer', { state: 'interrupted' }), 'nothing was interrupted');
    check(!caller.find('peer', { change: 'left', name: n ? 'Bob' : 'Cleo' }), 'nobody else left');
  }
  for (const caller of [bob, cleo, dora])
    equal(await caller.stop(), 0, 'exit code');
});

test('two who hold the room settle on one when they find each other, without IPv4', async () => {
  const network = new LocalNetwork();
  const machines = [];
  for (const name of ['ada', 'bob'])
    machines.push(await network.add(name, { ipv4: false }));
  machines.forEach(machine => machine.setLink(false));
  const callers = machines.map((machine, n) => machine.call(ROOM, n ? 'Bob' : 'Ada'));
  for (const caller of callers)
    await waitLogged(caller, /event=local-host /);
  const at = performance.now();
  machines.forEach(machine => machine.setLink(true));
  for (const caller of callers)
    await see(caller, 1);
  note(`together -> pictures: ${Math.round(performance.now() - at)} ms`);
  equal(callers.filter(caller => logged(caller, /event=local-member/)).length, 1, 'how many went to the other');
  for (const caller of callers)
    equal(await caller.stop(), 0, 'exit code');
});

test('two who come at the same moment meet', async () => {
  const network = new LocalNetwork();
  const machines = [await network.add('ada'), await network.add('bob')];
  const callers = machines.map((machine, n) => machine.call(ROOM, n ? 'Bob' : 'Ada'));
  for (const caller of callers)
    await see(caller, 1);
  note(`join -> first picture: ${callers.map(timeToPicture).join(' and ')} ms`);
  for (const caller of callers)
    equal(await caller.stop(), 0, 'exit code');
});

test('announcements that lie, and one whose machine is gone, are passed over', async () => {
  const network = new LocalNetwork();
  const { id: roomId } = await deriveRoom(ROOM);
  const half = roomId.slice(0, 16);
  const [eve, zoe, ada, bob] = [await network.add('eve'), await network.add('zoe'), await network.add('ada'), await network.add('bob')];

  // First in order, and: nobody there, somebody silent, something else, a port of a service, another room.
  const silent = eve.run(process.execPath, ['-e', 'require("net").createServer(() => {}).listen(4001)']);
  const web = eve.run(process.execPath, ['-e',
    'require("http").createServer((q, s) => s.end("hello")).on("upgrade", (q, s) => s.end("HTTP/1.1 200 OK\\r\\n\\r\\n")).listen(4002)']);
  await eve.announce(`${half}-0000000000000000`, 4000, `room=${roomId}`);
  await eve.announce(`${half}-0000000000000001`, 4001, `room=${roomId}`);
  await eve.announce(`${half}-0000000000000002`, 4002, `room=${roomId}`);
  await eve.announce(`${half}-0000000000000003`, 22, `room=${roomId}`);
  await eve.announce(`${half}-0000000000000004`, 4004, 'room=00000000000000000000000000000000');
  await zoe.announce(`${half}-0000000000000005`, 4005, `room=${roomId}`);
  const cache = ada.run('avahi-browse', ['-r', '_snug._tcp']);
  await until('Zoe is known', () => cache.lines.some(line => /0000000000000005/.test(line)), PATIENCE);
  zoe.setReach(false);

  const caller = ada.call(ROOM, 'Ada');
  await caller.event('state', { state: 'joined' }, PATIENCE);
  await waitLogged(caller, /event=local-host /);
  const joining = caller.find('state', { state: 'joining' }).t;
  note(`join -> in the room: ${Math.round((caller.find('state', { state: 'joined' }).t - joining) * 1000)} ms`);
  const other = bob.call(ROOM, 'Bob');
  await see(other, 1);
  await see(caller, 1);
  note(`join -> first picture: ${timeToPicture(other)} ms`);
  for (const one of [silent, web])
    check(!one.ended, 'who lies was there all the time');
  for (const one of [caller, other])
    equal(await one.stop(), 0, 'exit code');
});

test('without Avahi it says so', async () => {
  const network = new LocalNetwork();
  const ada = await network.add('ada', { avahi: false });
  for (const env of [{}, { DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/nowhere/at/all' }]) {
    const caller = ada.run(process.env.SNUG_CLI, ['call', ROOM, '--local', '--json', '--video', 'none', '--audio', 'none'], { env });
    await caller.event('error', { domain: 'signaling', code: 'no-discovery' }, PATIENCE);
    equal(await caller.exit(PATIENCE), 3, 'exit code');
  }
});

run({ needs: [snugPrograms, program('ip'), program('avahi-daemon'), program('avahi-publish-service'), program('dbus-daemon'), namespaces] });
