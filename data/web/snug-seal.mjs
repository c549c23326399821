// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What two members of a room say to each other through the server: the same as src/protocol/snug-seal.c; see "Sealed
// messages" in protocol.md.

import { decrypt, encrypt, randomBytes } from './snug-crypto.mjs';

const NONCE_BYTES = 12;
const SESSION_BYTES = 16;
const HEADER_BYTES = 2 * SESSION_BYTES + 4;
const TAG_BYTES = 16;
const BLOCK_BYTES = 256;
const PAYLOAD_MAX_BYTES = 48 * 1024;
const TEXT_MAX_BYTES = 35 * 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const NO_SESSION = new Uint8Array(SESSION_BYTES);

export class SealError extends Error {
  // code: 'malformed', 'key', 'session', 'order' or 'greeting'.
  constructor(code) {
    super(`A sealed message is refused: ${code}`);
    this.code = code;
  }
}

function associate(room, from, to) {
  return encoder.encode(['snug.1', room.id, from, to].join('\n'));
}

function toBase64(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

// Strictly as it is written: one text for the same bytes.
function fromBase64(text) {
  if (typeof text !== 'string' || text.length > PAYLOAD_MAX_BYTES || !/^[A-Za-z0-9+/]+={0,2}$/.test(text))
    throw new SealError('malformed');
  let bytes;
  try {
    bytes = Uint8Array.from(atob(text), character => character.charCodeAt(0));
  } catch {
    throw new SealError('malformed');
  }
  if (toBase64(bytes) !== text || bytes.length < NONCE_BYTES + HEADER_BYTES + TAG_BYTES)
    throw new SealError('malformed');
  return bytes;
}

function same(a, b) {
  return a.every((byte, index) => byte === b[index]);
}

// The box, without the rules of what is in it. inside: {senderSession, receiverSession, sequence, text}.
export async function box(room, from, to, inside, nonce = randomBytes(NONCE_BYTES)) {
  const text = encoder.encode(inside.text);
  const plain = new Uint8Array(Math.ceil((HEADER_BYTES + text.length) / BLOCK_BYTES) * BLOCK_BYTES).fill(0x20);
  plain.set(inside.senderSession);
  plain.set(inside.receiverSession, SESSION_BYTES);
  new DataView(plain.buffer).setUint32(2 * SESSION_BYTES, inside.sequence);
  plain.set(text, HEADER_BYTES);
  const sealed = await encrypt(room.key, nonce, associate(room, from, to), plain);
  const bytes = new Uint8Array(NONCE_BYTES + sealed.length);
  bytes.set(nonce);
  bytes.set(sealed, NONCE_BYTES);
  return toBase64(bytes);
}

export async function unbox(room, from, to, payload) {
  const bytes = fromBase64(payload);
  let plain;
  try {
    plain = await decrypt(room.key, bytes.subarray(0, NONCE_BYTES), associate(room, from, to), bytes.subarray(NONCE_BYTES));
  } catch {
    throw new SealError('key');
  }
  let text;
  try {
    text = decoder.decode(plain.subarray(HEADER_BYTES));
  } catch {
    throw new SealError('malformed');
  }
  return {
    senderSession: plain.slice(0, SESSION_BYTES),
    receiverSession: plain.slice(SESSION_BYTES, 2 * SESSION_BYTES),
    sequence: new DataView(plain.buffer).getUint32(2 * SESSION_BYTES),
    text,
  };
}

// One member and another, for as long as both stay. What is sealed and opened goes one after the other, in the order in which
// it was asked for.
export class SealedPair {
  // room: of deriveRoom(). greets: whether we are the newcomer, who speaks first.
  constructor(room, selfId, peerId, greets) {
    this.room = room;
    this.selfId = selfId;
    this.peerId = peerId;
    this.greets = greets;
    this.proven = false; // the peer has opened something of ours
    this.selfSession = randomBytes(SESSION_BYTES);
    this.peerSession = null;
    this.sent = 0;
    this.received = 0;
    this.sealing = Promise.resolve();
    this.opening = Promise.resolve();
  }

  // Whether both are with the same stay of the peer.
  hasSamePeer(other) {
    return !!this.peerSession && !!other?.peerSession && same(this.peerSession, other.peerSession);
  }

  // Answers the payload of a signal; it has its place in the order at once.
  seal(text) {
    if (encoder.encode(text).length > TEXT_MAX_BYTES)
      return Promise.reject(new SealError('malformed'));
    if (!this.peerSession && !(this.greets && this.sent === 0))
      return Promise.reject(new SealError('greeting'));
    const inside = {
      senderSession: this.selfSession,
      receiverSession: this.peerSession || NO_SESSION,
      sequence: ++this.sent,
      text,
    };
    const sealed = this.sealing.then(() => box(this.room, this.selfId, this.peerId, inside));
    this.sealing = sealed.catch(() => {});
    return sealed;
  }

  // Answers the text, or is rejected with a SealError; then nothing has changed.
  open(payload) {
    const opened = this.opening.then(() => this.openNow(payload));
    this.opening = opened.catch(() => {});
    return opened;
  }

  async openNow(payload) {
    const { senderSession, receiverSession, sequence, text } = await unbox(this.room, this.peerId, this.selfId, payload);
    const greeting = same(receiverSession, NO_SESSION);
    if (greeting && (this.greets || this.peerSession))
      throw new SealError('greeting');
    if (!greeting && (!same(receiverSession, this.selfSession)
                      || (this.peerSession && !same(senderSession, this.peerSession))))
      throw new SealError('session');
    if (!greeting && !this.peerSession && !this.greets)
      throw new SealError('greeting');
    if (sequence <= this.received)
      throw new SealError('order');
    if (text.includes('\0'))
      throw new SealError('malformed');
    this.received = sequence;
    this.peerSession = senderSession;
    this.proven = this.proven || !greeting;
    return text.trimEnd();
  }
}
