// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// data/web/snug-plain-crypto.mjs against the machine's own, and against the vectors that everything is held against.
'use strict';

const { webcrypto } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const { check, equal, run, test } = require('../e2e/lib/harness.js');
const { load } = require('../e2e/lib/seal.js');

const VECTORS = JSON.parse(fs.readFileSync(path.join(__dirname, '..', 'fixtures', 'seal-vectors.json'), 'utf8'));
const { subtle } = webcrypto;
const encode = text => new TextEncoder().encode(text);
const toHex = bytes => Buffer.from(bytes).toString('hex');
const random = size => webcrypto.getRandomValues(new Uint8Array(size));
const plain = load('snug-plain-crypto.mjs');

test('SHA-256', async () => {
  const { sha256 } = await plain;
  equal(toHex(sha256(encode('abc'))), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', 'of FIPS 180-4');
  for (const size of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]) {
    const data = random(size);
    equal(toHex(sha256(data)), toHex(await subtle.digest('SHA-256', data)), `${size} bytes`);
  }
});

test('rooms', async () => {
  const { hkdf, pbkdf2 } = await plain;
  for (const { name, id } of VECTORS.rooms.slice(0, 2)) {
    const master = await pbkdf2(encode(name), encode('snug.1 room name'), 600000);
    equal(toHex(hkdf(master, encode('snug.1'), encode('room id'), 16)), id, name);
  }
});

test('long passwords and salts', async () => {
  const { hkdf, pbkdf2 } = await plain;
  for (const size of [1, 63, 64, 65, 200]) {
    const password = random(size);
    const salt = random(size);
    const key = await subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
    equal(toHex(await pbkdf2(password, salt, 3)),
      toHex(await subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: 3 }, key, 256)), `PBKDF2, ${size}`);
    const secret = await subtle.importKey('raw', password, 'HKDF', false, ['deriveBits']);
    equal(toHex(hkdf(password, salt, encode('info'), 32)),
      toHex(await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info: encode('info') }, secret, 256)), `HKDF, ${size}`);
  }
});

test('AES-256-GCM', async () => {
  const { decrypt, encrypt, expandKey } = await plain;
  for (const size of [0, 1, 15, 16, 17, 256, 5000]) {
    const [raw, iv, additionalData, data] = [random(32), random(12), random(size % 50), random(size)];
    const key = expandKey(raw);
    const theirs = await subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt']);
    const sealed = encrypt(key, iv, additionalData, data);
    equal(toHex(sealed), toHex(await subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, theirs, data)), `${size} bytes`);
    equal(toHex(decrypt(key, iv, additionalData, sealed)), toHex(data), 'back again');
    for (const at of [0, sealed.length >> 1, sealed.length - 1]) {
      const changed = sealed.slice();
      let refused = false;
      changed[at] ^= 4;
      try {
        decrypt(key, iv, additionalData, changed);
      } catch {
        refused = true;
      }
      check(refused, `byte ${at} of ${sealed.length}`);
    }
  }
});

run();
