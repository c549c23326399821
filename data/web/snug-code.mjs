// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The code that two people compare, to know that nobody is between them: see "Comparing codes" in protocol.md, whose rules are
// numbered below.

import { randomBytes, sha256, toHex } from './snug-crypto.mjs';
import { Emitter } from './snug-emitter.mjs';

const BITS = 6;
const LENGTH = 6;

// They are part of the protocol, and so is their order.
export const SYMBOLS = [
  '🐶 dog', '🐱 cat', '🦁 lion', '🐴 horse', '🐷 pig', '🐰 rabbit', '🐼 panda', '🐘 elephant',
  '🐧 penguin', '🐓 rooster', '🐢 turtle', '🐟 fish', '🐙 octopus', '🦋 butterfly', '🐝 bee', '🐌 snail',
  '🌻 sunflower', '🌳 tree', '🌵 cactus', '🍄 mushroom', '🌙 moon', '⭐ star', '🌈 rainbow', '🔥 fire',
  '⛄ snowman', '🍌 banana', '🍎 apple', '🍓 strawberry', '🍒 cherry', '🌽 corn', '🥕 carrot', '🍞 bread',
  '🧀 cheese', '🍕 pizza', '🎂 cake', '🥚 egg', '🎩 hat', '👓 glasses', '👑 crown', '👢 boot',
  '☔ umbrella', '🤖 robot', '👻 ghost', '⏰ clock', '💡 bulb', '📖 book', '🔑 key', '🔨 hammer',
  '📞 phone', '🎁 gift', '🎈 balloon', '⚽ ball', '🏆 trophy', '🎸 guitar', '🎺 trumpet', '🥁 drum',
  '🔔 bell', '⚓ anchor', '🚀 rocket', '🚂 train', '🚲 bicycle', '🚌 bus', '⛵ boat', '⛺ tent',
].map(symbol => symbol.split(' ')).map(([emoji, word]) => ({ emoji, word }));

async function hash(...lines) {
  return sha256(new TextEncoder().encode(lines.join('\n')));
}

// fingerprints: as in a description: the algorithm, a space, upper-case digits.
export async function makeCommitment(fingerprint, other, nonce) {
  return toHex(await hash('snug.1 code commitment', fingerprint, other, nonce));
}

// a, b: {fingerprint, nonce}, in any order. Answers six numbers of symbols.
export async function makeCode(a, b) {
  const [lesser, greater] = a.fingerprint < b.fingerprint ? [a, b] : [b, a];
  const bytes = await hash('snug.1 code', lesser.fingerprint, lesser.nonce, greater.fingerprint, greater.nonce);
  const bits = Array.from(bytes.subarray(0, 5), byte => byte.toString(2).padStart(8, '0')).join('');
  return Array.from({ length: LENGTH }, (_, n) => parseInt(bits.slice(n * BITS, (n + 1) * BITS), 2));
}

// With one peer. state: 'unsupported', 'preparing', 'ready', 'broken'. Event: "change".
export class Verification extends Emitter {
  constructor() {
    super();
    this.state = 'unsupported';
    this.fingerprint = null;
    this.peerFingerprint = null;
    this.code = null; // six symbols
    this.confirmed = false;
    this.work = Promise.resolve();
    this.channel = { send: () => false, commits: 0, again: false, supported: false };
  }

  // One step after the other.
  run(step) {
    const { channel } = this;
    this.work = this.work.then(() => {
      if (this.channel === channel)
        return step();
      return undefined;
    });
    return this.work;
  }

  setState(state) {
    this.state = state;
    this.emit('change');
  }

  // A channel is open, to whoever has the certificate of that fingerprint. confirmed: it was before.
  open(send, fingerprint, peerFingerprint, confirmed = false) {
    this.channel = { send, commits: 0, again: false, supported: false };
    // Rule 1.
    if (this.fingerprint !== fingerprint || this.peerFingerprint !== peerFingerprint) {
      Object.assign(this, { fingerprint, peerFingerprint, nonce: null, commitment: null, confirmed: false });
      this.forgetPeer();
      this.setState('unsupported');
    }
    this.confirmed ||= confirmed;
  }

  forgetPeer() {
    Object.assign(this, { peerCommitment: null, peerNonce: null, code: null });
  }

  // Rule 2.
  hearHello(features) {
    // With oneself there is nobody to compare with.
    const alone = this.fingerprint === this.peerFingerprint;
    if (this.channel.supported || !features.includes('code') || this.state === 'broken' || alone)
      return this.work;
    this.channel.supported = true;
    if (!this.code)
      this.setState('preparing');
    return this.run(async () => {
      if (!this.commitment)
        await this.begin();
      this.commit();
    });
  }

  async begin() {
    this.nonce = toHex(randomBytes(32));
    this.commitment = await makeCommitment(this.fingerprint, this.peerFingerprint, this.nonce);
  }

  commit() {
    this.channel.send({ type: 'code-commit', commitment: this.commitment, ...(this.peerCommitment ? { known: this.peerCommitment } : {}) });
  }

  hear(message) {
    return this.run(() => {
      if (this.state === 'broken' || !this.channel.supported)
        return undefined;
      return message.type === 'code-commit' ? this.hearCommit(message) : this.hearReveal(message);
    });
  }

  async hearCommit({ commitment, known }) {
    const { channel } = this;
    channel.commits++;
    if (commitment === this.commitment || channel.commits > (channel.again ? 2 : 1) || (channel.again && known !== null)) {
      this.fail();
      return;
    }
    // Rules 3 and 4.
    const matches = channel.again || ((known === null || known === this.commitment)
      && (!this.peerCommitment || this.peerCommitment === commitment));
    if (!matches) {
      channel.again = true;
      this.forgetPeer();
      await this.begin();
      this.commit();
      this.setState('preparing');
      return;
    }
    this.peerCommitment = commitment;
    channel.send({ type: 'code-reveal', nonce: this.nonce });
  }

  // Rules 6 and 7.
  async hearReveal({ nonce }) {
    if (!this.peerCommitment
        || await makeCommitment(this.peerFingerprint, this.fingerprint, nonce) !== this.peerCommitment) {
      this.fail();
      return;
    }
    this.peerNonce = nonce;
    const code = await makeCode({ fingerprint: this.fingerprint, nonce: this.nonce }, { fingerprint: this.peerFingerprint, nonce });
    this.code = code.map(number => SYMBOLS[number]);
    this.setState('ready');
  }

  fail() {
    this.forgetPeer();
    this.confirmed = false;
    this.setState('broken');
  }

  // The person says that both have the same.
  confirm() {
    if (this.state !== 'ready')
      return;
    this.confirmed = true;
    this.setState('ready');
  }
}
