// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Somebody between the callers and their server has guessed the room's name, and changes the certificate's fingerprint in a description, so that he
// could sit in the middle of the call. Whoever was lied to notices before anything is seen, heard or said.
'use strict';

const {
  check, equal, never, note, run, snugPrograms, startCaller, startServer, test, until,
} = require('./lib/harness.js');
const { startProxy } = require('./lib/proxy.js');

const FINGERPRINT = /^a=fingerprint:(\S+) (\S+)\r?$/gm;

// Ada is there, Bob comes and offers. alter (said): changes the payload of what passes between Bob and the server.
async function meet(alter) {
  const server = await startServer();
  let altered = 0;
  const proxy = await startProxy(server.url, {
    room: 'garden',
    alter(message) {
      if (message.said?.type === 'description') {
        const before = message.said.sdp;
        message.said.sdp = alter(before, message.said.sdpType);
        if (message.said.sdp !== before)
          altered++;
      }
      return message;
    },
  });
  const ada = startCaller(server.url, 'garden', { name: 'Ada', sendChat: 'from Ada', echoChat: true });
  await ada.event('state', { state: 'joined' });
  const bob = startCaller(proxy.url, 'garden', { name: 'Bob', sendChat: 'from Bob', echoChat: true });
  await until('a description was altered', () => altered > 0);
  return { ada, bob };
}

// Neither so far nor a while later.
async function expectNothing(...callers) {
  await never('a first frame', () => callers.some(caller => caller.find('first-frame')), 1);
  for (const caller of callers) {
    equal(caller.findAll('first-frame').length, 0, 'first frames');
    equal(caller.findAll('chat', { outgoing: false }).length, 0, 'chat lines received');
    equal(caller.findAll('chat-state', { state: 'delivered' }).length, 0, 'chat lines delivered');
    check(!caller.findAll('stats').some(({ received_frames: frames }) => frames > 0), 'frames in the statistics');
  }
}

// One bit of the last byte.
function flip(sdp) {
  return sdp.replace(FINGERPRINT, (line, algorithm, digits) => {
    const last = digits.slice(-1);
    return `a=fingerprint:${algorithm} ${digits.slice(0, -1)}${(parseInt(last, 16) ^ 1).toString(16).toUpperCase()}\r`;
  });
}

// What each caller reports, then nothing else, then its exit code.
async function expectErrors(...expected) {
  for (const [caller, code] of expected)
    note((await caller.event('error', { code })).message);
  await expectNothing(...expected.map(([caller]) => caller));
  for (const [caller, code, exitCode] of expected)
    equal(await caller.stop(), exitCode, `exit code after ${code}`);
}

test('without anybody in the middle the same proxy changes nothing', async () => {
  const server = await startServer();
  const proxy = await startProxy(server.url, { room: 'garden' });
  const ada = startCaller(server.url, 'garden', { name: 'Ada', sendChat: 'from Ada' });
  await ada.event('state', { state: 'joined' });
  const bob = startCaller(proxy.url, 'garden', { name: 'Bob', sendChat: 'from Bob' });
  for (const caller of [ada, bob]) {
    await caller.event('first-frame', { media: 'video' });
    await caller.event('first-frame', { media: 'audio' });
    await caller.event('chat', { state: 'received' });
    await caller.event('chat-state', { state: 'delivered' });
  }
  equal(await bob.stop(), 0, "Bob's exit code");
  equal(await ada.stop(), 0, "Ada's exit code");
});

test('the offer is altered: who answers is lied to', async () => {
  const { ada, bob } = await meet((sdp, type) => (type === 'offer' ? flip(sdp) : sdp));
  await expectErrors([ada, 'certificate-mismatch', 5], [bob, 'refused-by-peer', 1]);
});

test('the answer is altered: who offered is lied to', async () => {
  const { ada, bob } = await meet((sdp, type) => (type === 'answer' ? flip(sdp) : sdp));
  await expectErrors([bob, 'certificate-mismatch', 5], [ada, 'refused-by-peer', 1]);
});

test('both are altered', async () => {
  const { ada, bob } = await meet(flip);
  // Either may be the first to notice and to say so.
  for (const caller of [ada, bob])
    await caller.event('error', { code: code => code === 'certificate-mismatch' || code === 'refused-by-peer' });
  await expectNothing(ada, bob);
  const codes = [await ada.stop(), await bob.stop()];
  check(codes.includes(5) && codes.every(code => code === 5 || code === 1), `exit codes ${codes}`);
});

const REFUSED = {
  'no fingerprint': sdp => sdp.replace(FINGERPRINT, 'a=x:y\r'),
  'a fingerprint of SHA-1': sdp => sdp.replace(FINGERPRINT, (line, algorithm, digits) => (
    `a=fingerprint:sha-1 ${digits.slice(0, 59)}\r`)),
  'a fingerprint of MD5': sdp => sdp.replace(FINGERPRINT, (line, algorithm, digits) => (
    `a=fingerprint:md5 ${digits.slice(0, 47)}\r`)),
  'a fingerprint that is cut': sdp => sdp.replace(FINGERPRINT, line => `${line.slice(0, -4)}\r`),
  'different fingerprints for its m-lines': sdp => {
    let n = 0;
    return sdp.replace(FINGERPRINT, line => (n++ === 1 ? flip(line) : line));
  },
};

for (const [name, alter] of Object.entries(REFUSED)) {
  test(`an offer with ${name} is refused`, async () => {
    const { ada, bob } = await meet((sdp, type) => (type === 'offer' ? alter(sdp) : sdp));
    await expectErrors([ada, 'bad-description', 1], [bob, 'refused-by-peer', 1]);
  });

  test(`an answer with ${name} is refused`, async () => {
    const { ada, bob } = await meet((sdp, type) => (type === 'answer' ? alter(sdp) : sdp));
    await expectErrors([bob, 'bad-description', 1], [ada, 'refused-by-peer', 1]);
  });
}

test('a peer who talks before it is verified is not heard', async () => {
  // A chat line in signaling could come from the server itself.
  const server = await startServer();
  const ada = startCaller(server.url, 'garden', { name: 'Ada', echoChat: true });
  await ada.event('state', { state: 'joined' });
  const { rawPeer } = require('./lib/raw-peer.js');
  const mallory = await rawPeer(server.url, 'garden', 'Mallory');
  mallory.say('Ada', { type: 'chat', id: 'm1', text: 'send me the money' });
  mallory.say('Ada', { type: 'chat-ack', id: 'm1' });
  await ada.event('peer', { name: 'Mallory' });
  await never('a chat line', () => ada.find('chat'), 1);
  equal(await ada.stop(), 1, "Ada's exit code, as nothing came of it");
});

run({ needs: [snugPrograms] });
