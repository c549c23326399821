// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// PBKDF2, HKDF, AES-256-GCM and SHA-256, by the browser where it lets the page use its own. It does so only for a page that came
// over HTTPS (or from this machine): for the others, who can join to watch and to write, the same is in snug-plain-crypto.mjs.

const encoder = new TextEncoder();
const subtle = globalThis.crypto?.subtle;
const plain = subtle ? null : await import('./snug-plain-crypto.mjs');

export function randomBytes(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}

// 128 random bits, for ids.
export function randomId() {
  return toHex(randomBytes(16));
}

export function toHex(bytes) {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}

// Each answers a Promise of a Uint8Array.
export async function sha256(bytes) {
  return subtle ? new Uint8Array(await subtle.digest('SHA-256', bytes)) : plain.sha256(bytes);
}

// RFC 8018, with HMAC-SHA-256, 32 bytes.
export async function pbkdf2(password, salt, rounds) {
  if (!subtle)
    return plain.pbkdf2(password, salt, rounds);
  const key = await subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
  return new Uint8Array(await subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds }, key, 256));
}

// RFC 5869, with SHA-256; at most 32 bytes. salt and info: text.
export async function hkdf(secret, salt, info, bytes) {
  if (!subtle)
    return plain.hkdf(secret, encoder.encode(salt), encoder.encode(info), bytes);
  const key = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  return new Uint8Array(await subtle.deriveBits(
    { name: 'HKDF', hash: 'SHA-256', salt: encoder.encode(salt), info: encoder.encode(info) }, key, bytes * 8));
}

// A key for encrypt() and decrypt(). Of the browser's own the bytes can't be had again.
export async function importKey(bytes) {
  return subtle ? subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']) : plain.expandKey(bytes);
}

// NIST SP 800-38D; the tag of 16 bytes stands behind the ciphertext.
export async function encrypt(key, iv, additionalData, data) {
  return subtle
    ? new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv, additionalData, tagLength: 128 }, key, data))
    : plain.encrypt(key, iv, additionalData, data);
}

// Is rejected when anything was changed.
export async function decrypt(key, iv, additionalData, data) {
  return subtle
    ? new Uint8Array(await subtle.decrypt({ name: 'AES-GCM', iv, additionalData, tagLength: 128 }, key, data))
    : plain.decrypt(key, iv, additionalData, data);
}
