// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// data/web/snug-room.mjs and snug-seal.mjs against the vectors that C is held against.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { check, equal, run, test } = require('../e2e/lib/harness.js');
const { deriveRoom, load, unbox, box } = require('../e2e/lib/seal.js');

const VECTORS = JSON.parse(fs.readFileSync(path.join(__dirname, '..', 'fixtures', 'seal-vectors.json'), 'utf8'));
const fromHex = hex => Uint8Array.from(Buffer.from(hex, 'hex'));
const toHex = bytes => Buffer.from(bytes).toString('hex');

// The code that it is refused with.
async function refused(promise) {
  try {
    await promise;
  } catch (error) {
    return error.code;
  }
  return 'taken';
}

async function pairs(newcomerRoom = 'garden', memberRoom = 'garden') {
  const { SealedPair } = await load('snug-seal.mjs');
  return {
    newcomer: new SealedPair(await deriveRoom(newcomerRoom), 'new', 'old', true),
    member: new SealedPair(await deriveRoom(memberRoom), 'old', 'new', false),
  };
}

test('names', async () => {
  const { normalizeRoomName, normalizeDisplayName } = await load('snug-room.mjs');
  for (const { name } of VECTORS.rooms)
    equal(normalizeRoomName(name), name, 'a normalised name');
  for (const [typed, name] of VECTORS.names)
    equal(normalizeRoomName(typed), name, JSON.stringify(typed));
  for (const typed of VECTORS.noNames) {
    let reason = '';
    try {
      normalizeRoomName(typed);
    } catch (error) {
      ({ reason } = error);
    }
    check(reason, `${JSON.stringify(typed)} is refused`);
  }
  equal(normalizeDisplayName('  Zoe\u0308 '), 'Zo\u00eb', 'a display name');
  for (const typed of ['', ' ', '\u200d', 'a\u202eb', 'a\nb', 'x'.repeat(65)]) {
    let name = null;
    try {
      name = normalizeDisplayName(typed);
    } catch {
      // As it should be.
    }
    equal(name, null, `${JSON.stringify(typed)} as a display name`);
  }
});

test('what a name makes', async () => {
  for (const { name, id } of VECTORS.rooms)
    equal((await deriveRoom(name)).id, id, name);
});

test('sealed messages', async () => {
  for (const vector of VECTORS.sealed) {
    const room = await deriveRoom(vector.room);
    const inside = await unbox(room, vector.from, vector.to, vector.payload);
    equal(inside.text.trimEnd(), vector.text, 'text');
    equal(toHex(inside.senderSession), vector.senderSession, 'sender');
    equal(toHex(inside.receiverSession), vector.receiverSession, 'receiver');
    equal(inside.sequence, vector.sequence, 'sequence');
    equal(await box(room, vector.from, vector.to, { ...inside, text: vector.text }, fromHex(vector.nonce)),
      vector.payload, 'payload');
  }
});

test('a talk', async () => {
  const { newcomer, member } = await pairs();
  equal(await refused(member.seal('hello?')), 'greeting', 'too early');
  const greeting = await newcomer.seal('{"new":1}');
  equal(await refused(newcomer.seal('hello?')), 'greeting', 'too early');
  equal(await member.open(greeting), '{"new":1}', 'greeting');
  check(!member.proven, 'a greeting proves nothing');
  equal(await refused(member.open(greeting)), 'greeting', 'the greeting again');
  const answer = await member.seal('{"old":1}');
  equal(await newcomer.open(answer), '{"old":1}', 'answer');
  equal(await refused(newcomer.open(answer)), 'order', 'the answer again');
  const [first, second, third] = await Promise.all(['1', '2', '3'].map(text => newcomer.seal(text)));
  equal((await Promise.all([member.open(first), member.open(third)])).join(), '1,3', 'in order');
  check(member.proven, 'the newcomer is there');
  equal(await refused(member.open(second)), 'order', 'overtaken');
  equal(await refused(newcomer.seal('x'.repeat(35 * 1024 + 1))), 'malformed', 'too large');
});

test('what is refused', async () => {
  const { newcomer, member } = await pairs();
  const { member: stranger } = await pairs('garden', 'kitchen');
  const { newcomer: again, member: memberAgain } = await pairs();
  const greeting = await newcomer.seal('{}');
  equal(await refused(stranger.open(greeting)), 'key', 'another room');
  equal(await refused(newcomer.open(greeting)), 'key', 'back to its sender');
  for (const payload of ['', 'AAAA', '{}', `${greeting}=`, ` ${greeting}`, 'A'.repeat(50000), null, 7])
    equal(await refused(member.open(payload)), 'malformed', String(payload).slice(0, 20));
  const bytes = Buffer.from(greeting, 'base64');
  for (let at = 0; at < bytes.length; at += 17) {
    bytes[at] ^= 1;
    equal(await refused(member.open(bytes.toString('base64'))), 'key', `byte ${at}`);
    bytes[at] ^= 1;
  }
  equal(await member.open(greeting), '{}', 'the greeting itself');
  const answer = await member.seal('{}');
  equal(await newcomer.open(answer), '{}', 'the answer');
  const offer = await newcomer.seal('{}');
  await again.seal('{}');
  equal(await refused(again.open(answer)), 'session', 'an answer from another stay');
  equal(await refused(memberAgain.open(offer)), 'session', 'an offer from another stay');
});

run();
