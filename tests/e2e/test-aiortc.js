// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Calls with a peer of a third make, which shares no code with the other two.
'use strict';

const { spawnSync } = require('node:child_process');
const path = require('node:path');

const {
  Program, check, equal, note, run, snugPrograms, startCaller, startServer, test, until,
} = require('./lib/harness.js');
const { rawPeer } = require('./lib/raw-peer.js');

const PYTHON = '/usr/bin/python3';

function aiortc() {
  return spawnSync(PYTHON, ['-c', 'import aiortc']).status === 0 ? null : 'python3-aiortc is not installed';
}

// Carries what the peer says and hears between it and the room.
function connect(member, name) {
  const peer = new Program(PYTHON, [path.join(__dirname, 'aiortc-peer.py')], { stdin: 'pipe' });
  peer.child.stdin.on('error', () => {});
  const tell = message => peer.child.stdin.write(`${JSON.stringify(message)}\n`);
  member.onSignal = said => tell(said);
  peer.onEvent = message => {
    if (message.seen)
      peer.seen = message.seen;
    else
      member.say(name, message);
  };
  return { peer, tell };
}

async function expectCall(caller, peer) {
  const joined = await caller.event('state', { state: 'joined' });
  const connected = await caller.event('connected');
  const video = await caller.event('first-frame', { media: 'video' });
  const audio = await caller.event('first-frame', { media: 'audio' });
  note(`connected ${Math.round((connected.t - joined.t) * 1000)} ms, video ${Math.round((video.t - joined.t) * 1000)} ms, `
    + `audio ${Math.round((audio.t - joined.t) * 1000)} ms after joining`);
  await caller.event('stats', {
    received_width: 640,
    received_height: 480,
    received_frames: frames => frames > 30,
    audio_level_dbfs: level => level > -40,
  });
  await caller.event('chat', { outgoing: false, text: 'hello from aiortc' });
  await caller.event('chat-state', { state: 'delivered', text: 'hello' });
  await until(`aiortc sees and hears: ${JSON.stringify(peer.seen)}`, () => (
    peer.seen?.frames > 30 && peer.seen.loud && peer.seen.width === 320 && peer.seen.height === 240
    && peer.seen.chat.includes('hello') && peer.seen.acknowledged === 'greeting'));
  check(!peer.errors.some(line => /Traceback/.test(line)), peer.tail());
}

test('Snug offers to aiortc', async () => {
  const server = await startServer();
  const member = await rawPeer(server.url, 'garden', 'aiortc');
  const { peer } = connect(member, 'Ada');
  const caller = startCaller(server.url, 'garden', { name: 'Ada', sendChat: 'hello' });
  await expectCall(caller, peer);
  equal(await caller.stop(), 0, 'exit code');
});

test('aiortc offers to Snug', async () => {
  const server = await startServer();
  const caller = startCaller(server.url, 'garden', { name: 'Ada', sendChat: 'hello' });
  await caller.event('state', { state: 'joined' });
  const member = await rawPeer(server.url, 'garden', 'aiortc');
  const { peer, tell } = connect(member, 'Ada');
  tell({ type: 'offer-please' });
  await expectCall(caller, peer);
  equal(await caller.stop(), 0, 'exit code');
});

run({ needs: [snugPrograms, aiortc] });
