// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The same as the browser's own crypto.subtle, for a page to which it gives none, in as little as will do. Its tables leave traces
// in the time it takes; whoever could measure that on the way can hand out another page as well.

// --- SHA-256 (FIPS 180-4) ---

// The first 32 bits of the fraction of a root: exact enough in doubles.
function fraction(root) {
  return Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;
}

function firstPrimes(count) {
  const primes = [];
  for (let n = 2; primes.length < count; n++) {
    if (primes.every(prime => n % prime))
      primes.push(n);
  }
  return primes;
}

const ROUND_CONSTANTS = Int32Array.from(firstPrimes(64), prime => fraction(Math.cbrt(prime)));
const START = Int32Array.from(firstPrimes(8), prime => fraction(Math.sqrt(prime)));
const schedule = new Int32Array(64);

// state: 8 words, changed. words: 16, the block.
function compress(state, words) {
  const w = schedule;
  for (let t = 0; t < 16; t++)
    w[t] = words[t];
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15];
    const y = w[t - 2];
    w[t] = (w[t - 16] + w[t - 7]
      + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)
      + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10)) | 0;
  }
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let t = 0; t < 64; t++) {
    const t1 = (h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7))
      + ((e & f) ^ (~e & g)) + ROUND_CONSTANTS[t] + w[t]) | 0;
    const t2 = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10))
      + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = (state[0] + a) | 0;
  state[1] = (state[1] + b) | 0;
  state[2] = (state[2] + c) | 0;
  state[3] = (state[3] + d) | 0;
  state[4] = (state[4] + e) | 0;
  state[5] = (state[5] + f) | 0;
  state[6] = (state[6] + g) | 0;
  state[7] = (state[7] + h) | 0;
}

function toWords(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int32Array.from({ length: bytes.length / 4 }, (_, index) => view.getInt32(index * 4));
}

function toBytes(words) {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  words.forEach((word, index) => view.setInt32(index * 4, word));
  return bytes;
}

// before: bytes that state has seen already, whole blocks.
function digest(state, bytes, before = 0) {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  new DataView(padded.buffer).setUint32(padded.length - 4, (before + bytes.length) * 8);
  const words = toWords(padded);
  for (let at = 0; at < words.length; at += 16)
    compress(state, words.subarray(at, at + 16));
  return toBytes(state);
}

export function sha256(bytes) {
  return digest(START.slice(), bytes);
}

// --- HMAC, PBKDF2, HKDF ---

// The states behind the two padded keys (RFC 2104).
function prepareHmac(key) {
  const block = new Uint8Array(64);
  block.set(key.length > 64 ? sha256(key) : key);
  return [0x36, 0x5c].map(pad => {
    const state = START.slice();
    compress(state, toWords(block.map(byte => byte ^ pad)));
    return state;
  });
}

function hmac([inner, outer], data) {
  return digest(outer.slice(), digest(inner.slice(), data, 64), 64);
}

function join(...parts) {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

// Lets the page breathe now and then.
export async function pbkdf2(password, salt, rounds) {
  const states = prepareHmac(password);
  const words = new Int32Array(16);
  words.set(toWords(hmac(states, join(salt, Uint8Array.of(0, 0, 0, 1)))));
  // Behind one block of the key: 32 bytes, and the padding that belongs to them.
  words[8] = 0x80000000 | 0;
  words[15] = (64 + 32) * 8;
  const result = words.slice(0, 8);
  const state = new Int32Array(8);
  for (let round = 1; round < rounds; round++) {
    for (const start of states) {
      state.set(start);
      compress(state, words);
      words.set(state);
    }
    for (let n = 0; n < 8; n++)
      result[n] ^= words[n];
    if (round % 20000 === 0)
      await new Promise(resolve => { setTimeout(resolve, 0); });
  }
  return toBytes(result);
}

export function hkdf(secret, salt, info, bytes) {
  const pseudorandom = hmac(prepareHmac(salt), secret);
  return hmac(prepareHmac(pseudorandom), join(info, Uint8Array.of(1))).slice(0, bytes);
}

// --- AES-256 (FIPS 197), one way only: counter mode needs no other ---

const SBOX = new Uint8Array(256);

function double(byte) {
  return byte << 1 ^ (byte & 0x80 ? 0x11b : 0);
}

// Every byte but 0 is a power of 3, and a power of its inverse.
(function fillSbox() {
  let power = 1;
  let inverse = 1;
  do {
    power = power ^ double(power);
    inverse ^= inverse << 1;
    inverse ^= inverse << 2;
    inverse ^= inverse << 4;
    inverse &= 0xff;
    if (inverse & 0x80)
      inverse ^= 0x09;
    const rotated = inverse ^ (inverse << 1 | inverse >> 7) ^ (inverse << 2 | inverse >> 6)
      ^ (inverse << 3 | inverse >> 5) ^ (inverse << 4 | inverse >> 4);
    SBOX[power] = rotated ^ 0x63;
  } while (power !== 1);
  SBOX[0] = 0x63;
}());

const ROUNDS = 14;

// Answers the round keys and what authenticates.
export function expandKey(bytes) {
  const round = new Uint8Array(16 * (ROUNDS + 1));
  let constant = 1;
  round.set(bytes);
  for (let at = 32; at < round.length; at += 4) {
    let word = round.slice(at - 4, at);
    if (at % 32 === 0) {
      word = Uint8Array.of(SBOX[word[1]] ^ constant, SBOX[word[2]], SBOX[word[3]], SBOX[word[0]]);
      constant = double(constant);
    } else if (at % 32 === 16) {
      word = word.map(byte => SBOX[byte]);
    }
    for (let n = 0; n < 4; n++)
      round[at + n] = round[at + n - 32] ^ word[n];
  }
  const key = { round };
  key.hash = toWords(encryptBlock(key, new Uint8Array(16)));
  return key;
}

function encryptBlock({ round }, block) {
  let state = block.map((byte, n) => byte ^ round[n]);
  for (let r = 1; r <= ROUNDS; r++) {
    const next = new Uint8Array(16);
    for (let column = 0; column < 16; column += 4) {
      const [a, b, c, d] = [0, 5, 10, 15].map(step => SBOX[state[(column + step) % 16]]);
      const mixed = r === ROUNDS ? [a, b, c, d] : [
        double(a) ^ double(b) ^ b ^ c ^ d,
        a ^ double(b) ^ double(c) ^ c ^ d,
        a ^ b ^ double(c) ^ double(d) ^ d,
        double(a) ^ a ^ b ^ c ^ double(d),
      ];
      for (let n = 0; n < 4; n++)
        next[column + n] = mixed[n] ^ round[16 * r + column + n];
    }
    state = next;
  }
  return state;
}

// --- GCM ---

// x = (x ^ block) * hash, in the field of 2^128 elements; the first bit is the lowest power.
function absorb(x, block, hash) {
  const v = hash.slice();
  const z = new Int32Array(4);
  for (let n = 0; n < 4; n++)
    x[n] ^= block[n];
  for (let bit = 0; bit < 128; bit++) {
    if (x[bit >> 5] >>> (31 - bit % 32) & 1) {
      for (let n = 0; n < 4; n++)
        z[n] ^= v[n];
    }
    const carry = v[3] & 1;
    for (let n = 3; n > 0; n--)
      v[n] = v[n] >>> 1 | v[n - 1] << 31;
    v[0] >>>= 1;
    if (carry)
      v[0] ^= 0xe1000000;
  }
  x.set(z);
}

function pad16(bytes) {
  const padded = new Uint8Array(Math.ceil(bytes.length / 16) * 16);
  padded.set(bytes);
  return padded;
}

function makeTag(key, first, additionalData, ciphertext) {
  const lengths = new Uint8Array(16);
  const view = new DataView(lengths.buffer);
  view.setUint32(4, additionalData.length * 8);
  view.setUint32(12, ciphertext.length * 8);
  const words = toWords(join(pad16(additionalData), pad16(ciphertext), lengths));
  const x = new Int32Array(4);
  for (let at = 0; at < words.length; at += 4)
    absorb(x, words.subarray(at, at + 4), key.hash);
  const mask = encryptBlock(key, first);
  return toBytes(x).map((byte, n) => byte ^ mask[n]);
}

// iv: 12 bytes.
function makeCounter(iv) {
  const counter = new Uint8Array(16);
  counter.set(iv);
  counter[15] = 1;
  return counter;
}

function applyKeyStream(key, first, data) {
  const counter = first.slice();
  const view = new DataView(counter.buffer);
  const out = data.slice();
  for (let at = 0; at < data.length; at += 16) {
    view.setUint32(12, view.getUint32(12) + 1);
    const stream = encryptBlock(key, counter);
    for (let n = 0; n < 16 && at + n < data.length; n++)
      out[at + n] ^= stream[n];
  }
  return out;
}

export function encrypt(key, iv, additionalData, data) {
  const first = makeCounter(iv);
  const ciphertext = applyKeyStream(key, first, data);
  return join(ciphertext, makeTag(key, first, additionalData, ciphertext));
}

export function decrypt(key, iv, additionalData, data) {
  const first = makeCounter(iv);
  const ciphertext = data.slice(0, -16);
  const tag = makeTag(key, first, additionalData, ciphertext);
  if (data.length < 16 || tag.reduce((sum, byte, n) => sum | byte ^ data[ciphertext.length + n], 0) !== 0)
    throw new Error('The message was changed, or is of another key');
  return applyKeyStream(key, first, ciphertext);
}
