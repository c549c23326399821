// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// data/web/snug-code.mjs against the vectors that C is held against, and two sides that talk to each other.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { check, equal, run, test } = require('../e2e/lib/harness.js');
const { load } = require('../e2e/lib/seal.js');

const VECTORS = JSON.parse(fs.readFileSync(path.join(__dirname, '..', 'fixtures', 'code-vectors.json'), 'utf8'));
const PRINTS = ['sha-256 AA:01', 'sha-256 BB:02', 'sha-256 CC:03'];

// Two sides, and a channel between them that a test can listen to and change.
async function makePair(change = message => [message]) {
  const { Verification } = await load('snug-code.mjs');
  const sides = [new Verification(), new Verification()];
  const queue = [];
  const open = (prints = [PRINTS[0], PRINTS[1]]) => {
    sides.forEach((side, n) => side.open(message => { queue.push([1 - n, message]); }, prints[n], prints[1 - n]));
    sides.forEach(side => side.hearHello(['code']));
  };
  const settle = async () => {
    for (let idle = 0; idle < 3;) {
      await Promise.all(sides.map(({ work }) => work));
      const next = queue.shift();
      idle = next ? 0 : idle + 1;
      for (const message of next ? change(next[1]) : [])
        sides[next[0]].hear({ known: null, ...message });
    }
  };
  return { sides, open, settle };
}

const words = side => side.code?.map(({ word }) => word).join(' ');

test('vectors', async () => {
  const { SYMBOLS, makeCode, makeCommitment } = await load('snug-code.mjs');
  equal(JSON.stringify(SYMBOLS.map(({ emoji, word }) => [emoji, word])), JSON.stringify(VECTORS.symbols), 'symbols');
  for (const { a, b, symbols } of VECTORS.codes) {
    equal(await makeCommitment(a.fingerprint, b.fingerprint, a.nonce), a.commitment, 'a');
    equal(await makeCommitment(b.fingerprint, a.fingerprint, b.nonce), b.commitment, 'b');
    equal((await makeCode(a, b)).join(), symbols.join(), 'code');
    equal((await makeCode(b, a)).join(), symbols.join(), 'the other way');
  }
});

test('both have the same', async () => {
  const { sides, open, settle } = await makePair();
  open();
  await settle();
  check(sides.every(({ state }) => state === 'ready'), 'ready');
  check(words(sides[0]) && words(sides[0]) === words(sides[1]), 'the same words');
  sides[0].confirm();
  const before = words(sides[0]);
  // Another connection with the same certificates.
  open();
  await settle();
  equal(words(sides[0]), before, 'the words stay');
  check(sides[0].confirmed && !sides[1].confirmed, 'and who has confirmed');
  // With another certificate.
  open([PRINTS[2], PRINTS[1]]);
  await settle();
  equal(words(sides[0]), words(sides[1]), 'new words');
  check(!sides[0].confirmed && words(sides[0]) !== before, 'nobody is confirmed');
});

test('one side has begun anew', async () => {
  const { Verification } = await load('snug-code.mjs');
  const { sides, open, settle } = await makePair();
  open();
  await settle();
  sides[1] = new Verification();
  open();
  await settle();
  check(sides.every(({ state }) => state === 'ready') && words(sides[0]) === words(sides[1]), 'both have the same again');
});

test('what is not as promised', async () => {
  const other = '0'.repeat(64);
  for (const [what, change] of [
    ['another nonce', message => [message.nonce ? { ...message, nonce: other } : message]],
    ['a reveal before a commitment', message => [message.nonce ? message : { type: 'code-reveal', nonce: other }]],
    ['a commitment too many', message => [message, ...(message.nonce ? [] : [{ type: 'code-commit', commitment: other }])]],
  ]) {
    const { sides, open, settle } = await makePair(change);
    open();
    await settle();
    check(sides.every(({ state, code }) => state === 'broken' && !code), what);
  }
});

test('with oneself there is nothing to compare, and nothing wrong', async () => {
  let said = 0;
  const { sides, open, settle } = await makePair(message => { said++; return [message]; });
  open([PRINTS[0], PRINTS[0]]);
  // Nor is anything taken of it.
  sides[0].hear({ type: 'code-commit', commitment: '0'.repeat(64), known: null });
  sides[0].hear({ type: 'code-reveal', nonce: '0'.repeat(64) });
  await settle();
  equal(sides.map(({ state, code }) => `${state} ${code}`).join(), 'unsupported null,unsupported null', 'states');
  equal(said, 0, 'messages');
});

run();
