// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What comes over the wire, looked at once: a message is either what protocol.md says, with nothing else in it, or refused.
// Servers and peers are strangers alike.

import { normalizeDisplayName } from './snug-room.mjs';

export const MESSAGE_MAX_BYTES = 64 * 1024;
const PAYLOAD_MAX_BYTES = 48 * 1024;
const SDP_MAX_BYTES = 32 * 1024;
const CANDIDATE_MAX_BYTES = 1024;
export const CHAT_TEXT_MAX_BYTES = 8192;
const EMOJI_MAX_BYTES = 64;
const GENERATION_MAX = 2147483647;
const PEERS_MAX = 63;
const ICE_SERVERS_MAX = 8;
const ICE_FIELD_MAX_BYTES = 512;
export const CANDIDATES_MAX = 64;

const encoder = new TextEncoder();

export class ProtocolError extends Error {
  // code: as in "Errors" of protocol.md; 'unknown-type' may be a newer program's.
  constructor(code, field = '') {
    super(`A message is refused: ${code} ${field}`);
    this.code = code;
  }
}

function bytesOf(text) {
  return encoder.encode(text).length;
}

function bad(field) {
  return new ProtocolError('bad-field', field);
}

// --- fields: each answers the value, or throws ---

function text(message, field, { min = 0, max, pattern } = {}) {
  const value = message[field];
  if (typeof value !== 'string')
    throw value === undefined ? new ProtocolError('missing-field', field) : bad(field);
  if (value.length < min || bytesOf(value) > max || value.includes('\0') || !isWellFormed(value) || (pattern && !pattern.test(value)))
    throw bad(field);
  return value;
}

// No half of a surrogate pair.
function isWellFormed(value) {
  return !/[\ud800-\udfff]/u.test(value);
}

function whole(message, field, min, max) {
  const value = message[field];
  if (!Number.isInteger(value) || value < min || value > max)
    throw value === undefined ? new ProtocolError('missing-field', field) : bad(field);
  return value;
}

function yesNo(message, field) {
  if (typeof message[field] !== 'boolean')
    throw message[field] === undefined ? new ProtocolError('missing-field', field) : bad(field);
  return message[field];
}

function list(message, field, max) {
  const value = message[field];
  if (!Array.isArray(value) || value.length > max)
    throw value === undefined ? new ProtocolError('missing-field', field) : bad(field);
  return value;
}

function isMissing(message, field) {
  return message[field] === undefined || message[field] === null;
}

const TOKEN = /^[A-Za-z0-9._-]+$/;

function id(message, field) {
  return text(message, field, { min: 1, max: 64, pattern: TOKEN });
}

function generation(message) {
  return whole(message, 'generation', 1, GENERATION_MAX);
}

function parseObject(data, max) {
  if (typeof data !== 'string')
    throw new ProtocolError('not-json');
  if (data.length > max || bytesOf(data) > max)
    throw new ProtocolError('too-large');
  let message;
  try {
    message = JSON.parse(data);
  } catch {
    throw new ProtocolError('not-json');
  }
  if (message === null || typeof message !== 'object' || Array.isArray(message))
    throw new ProtocolError('not-json');
  return message;
}

function read(readers, data, max) {
  const message = parseObject(data, max);
  const type = text(message, 'type', { max: 64 });
  if (!Object.hasOwn(readers, type))
    throw new ProtocolError('unknown-type', type);
  return { type, ...readers[type](message) };
}

// --- from the server ---

function readPeers(message) {
  return list(message, 'peers', PEERS_MAX).map(peer => {
    if (peer === null || typeof peer !== 'object')
      throw bad('peers');
    return id(peer, 'id');
  });
}

// One that is none is left out: the call may do without it.
function readIceServers(message) {
  if (isMissing(message, 'iceServers'))
    return [];
  const field = { min: 1, max: ICE_FIELD_MAX_BYTES };
  return list(message, 'iceServers', ICE_SERVERS_MAX).flatMap(server => {
    try {
      const urls = typeof server.urls === 'string' ? [server.urls] : list(server, 'urls', ICE_SERVERS_MAX);
      const some = urls.filter(url => /^(stun|turns?):[^\s]+$/.test(text({ url }, 'url', field)));
      const secret = isMissing(server, 'username') ? {}
        : { username: text(server, 'username', field), credential: text(server, 'credential', field) };
      return some.length ? [{ urls: some, ...secret }] : [];
    } catch {
      return [];
    }
  });
}

const SERVER_READERS = {
  joined: message => ({
    id: id(message, 'id'),
    peers: readPeers(message),
    iceServers: readIceServers(message),
    resumed: !isMissing(message, 'resumed') && yesNo(message, 'resumed'),
  }),
  'peer-joined': message => ({ id: id(message, 'id') }),
  'peer-left': message => ({ id: id(message, 'id'), lost: !isMissing(message, 'lost') && yesNo(message, 'lost') }),
  signal: message => ({ from: id(message, 'from'), payload: text(message, 'payload', { max: PAYLOAD_MAX_BYTES }) }),
  error: message => ({ code: text(message, 'code', { max: 64 }) }),
};

export function parseServerMessage(data) {
  return read(SERVER_READERS, data, MESSAGE_MAX_BYTES);
}

// --- from a peer ---

// The fingerprint of the one certificate that a description names, as {algorithm, value}. Throws when there is none, more than one, or one
// of an algorithm that is too weak.
export function findFingerprint(sdp) {
  const lines = new Set((sdp.match(/^a=fingerprint:.*$/gm) || []).map(line => line.trim().slice('a=fingerprint:'.length)));
  const found = Array.from(lines, line => /^(sha-256|sha-384|sha-512) ((?:[0-9a-f]{2}:)+[0-9a-f]{2})$/i.exec(line));
  const values = new Set(found.map(match => match && match[0].toUpperCase()));
  if (found.some(match => !match) || values.size !== 1)
    throw bad('sdp');
  return { algorithm: found[0][1].toLowerCase(), value: found[0][2].toUpperCase() };
}

function readDescription(message) {
  const sdp = text(message, 'sdp', { min: 1, max: SDP_MAX_BYTES });
  findFingerprint(sdp);
  return { generation: generation(message), sdpType: text(message, 'sdpType', { max: 16, pattern: /^(offer|answer)$/ }), sdp };
}

function readCandidate(message) {
  const printable = /^[^\x00-\x1f\x7f]*$/; // eslint-disable-line no-control-regex
  const candidate = {
    candidate: text(message, 'candidate', { min: 1, max: CANDIDATE_MAX_BYTES, pattern: printable }),
    sdpMLineIndex: whole(message, 'sdpMLineIndex', 0, 63),
  };
  if (!isMissing(message, 'sdpMid'))
    candidate.sdpMid = text(message, 'sdpMid', { max: 32, pattern: printable });
  return { generation: generation(message), candidate };
}

function readName(message) {
  try {
    return { name: normalizeDisplayName(text(message, 'name', { max: 1024 })) };
  } catch {
    throw bad('name');
  }
}

let emojiPattern;
try {
  emojiPattern = new RegExp('^\\p{RGI_Emoji}$', 'v');
} catch {
  // A browser that does not know sequences of emoji (UTS #51): near enough.
  emojiPattern = /^(?:\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3|\p{Emoji_Presentation}[\p{M}\p{Emoji_Modifier}\u200d\p{Extended_Pictographic}]*|\p{Extended_Pictographic}[\p{M}\p{Emoji_Modifier}\u200d\p{Extended_Pictographic}]*)$/u;
}

export function isEmoji(value) {
  return bytesOf(value) <= EMOJI_MAX_BYTES && (emojiPattern.test(value) || emojiPattern.test(`${value}\ufe0f`));
}

function readReaction(message) {
  const emoji = text(message, 'emoji', { min: 1, max: EMOJI_MAX_BYTES });
  if (!isEmoji(emoji))
    throw bad('emoji');
  return { emoji };
}

// A SHA-256, or a nonce.
const DIGITS = { max: 64, pattern: /^[0-9a-f]{64}$/ };

const PEER_READERS = {
  introduction: readName,
  description: readDescription,
  candidate: readCandidate,
  'end-of-candidates': message => ({ generation: generation(message) }),
  reconnect: message => ({ generation: generation(message) }),
  bye: message => ({ generation: generation(message), reason: text(message, 'reason', { max: 64 }) }),
  'media-state': message => ({
    audio: yesNo(message, 'audio'), video: yesNo(message, 'video'), screen: yesNo(message, 'screen') }),
  chat: message => ({ id: id(message, 'id'), text: text(message, 'text', { min: 1, max: CHAT_TEXT_MAX_BYTES }) }),
  'chat-ack': message => ({ id: id(message, 'id') }),
  'chat-read': message => ({ id: id(message, 'id') }),
  hello: message => ({ features: list(message, 'features', 16).map(feature => text({ feature }, 'feature', { max: 32, pattern: TOKEN })) }),
  typing: message => ({ typing: yesNo(message, 'typing') }),
  hand: message => ({ raised: yesNo(message, 'raised') }),
  reaction: readReaction,
  'code-commit': message => ({
    commitment: text(message, 'commitment', DIGITS), known: isMissing(message, 'known') ? null : text(message, 'known', DIGITS) }),
  'code-reveal': message => ({ nonce: text(message, 'nonce', DIGITS) }),
};

export function parsePeerMessage(data) {
  return read(PEER_READERS, data, MESSAGE_MAX_BYTES);
}

// Which of the two ways a message may come; see the table in "Messages between peers".
const BY_SIGNALING = ['introduction', 'description', 'candidate', 'end-of-candidates', 'reconnect', 'bye', 'media-state'];
const BY_CHANNEL = ['bye', 'media-state', 'hello', 'chat', 'chat-ack', 'chat-read', 'typing', 'hand', 'reaction',
  'code-commit', 'code-reveal'];

export function mayCome(type, byChannel) {
  return (byChannel ? BY_CHANNEL : BY_SIGNALING).includes(type);
}

// So many a second, and so many at once.
export class TokenBucket {
  constructor(rate, burst, now = performance.now()) {
    this.rate = rate;
    this.burst = burst;
    this.left = burst;
    this.then = now;
  }

  take(now = performance.now()) {
    this.left = Math.min(this.burst, this.left + (now - this.then) / 1000 * this.rate);
    this.then = now;
    if (this.left < 1)
      return false;
    this.left--;
    return true;
  }

  // Milliseconds until the next one.
  getWait(now = performance.now()) {
    const left = Math.min(this.burst, this.left + (now - this.then) / 1000 * this.rate);
    return left >= 1 ? 0 : Math.ceil((1 - left) / this.rate * 1000);
  }
}
