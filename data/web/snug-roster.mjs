// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whom the server says to be in the room, and which of them have shown that they know its name: the same as
// src/engine/snug-roster.c; see "Sealed messages" in protocol.md.

import { Emitter } from './snug-emitter.mjs';
import { ProtocolError, mayCome, parsePeerMessage } from './snug-protocol.mjs';
import { SealError, SealedPair } from './snug-seal.mjs';

const SILENCE_MS = 10000;
const MEMBERS_MAX = 64;

// Events: "outgoing" ({id, payload}); "present" ({id, name, offer}): offer: it is ours to offer; "message" ({id, message}): from
// somebody present; "refused" ({id, name, code}): once for each member and state; name is null for who is not present.
export class Roster extends Emitter {
  // room: of deriveRoom().
  constructor(room, selfId, displayName) {
    super();
    this.room = room;
    this.selfId = selfId;
    this.displayName = displayName;
    this.members = new Map();
  }

  // greets: it was there before us.
  add(id, greets) {
    if (id === this.selfId || this.members.has(id) || this.members.size >= MEMBERS_MAX)
      return;
    const member = {
      id, greets, name: null, present: false, refused: false,
      pair: new SealedPair(this.room, this.selfId, id, greets),
      next: null, // of a new stay that is not yet proven
      work: Promise.resolve(), // one message after the other
      sending: Promise.resolve(),
      silence: setTimeout(() => this.refuse(member, 'silent'), SILENCE_MS),
    };
    this.members.set(id, member);
    if (greets)
      this.introduce(member, member.pair);
  }

  remove(id) {
    const member = this.members.get(id);
    if (member)
      clearTimeout(member.silence);
    this.members.delete(id);
  }

  retain(ids) {
    for (const id of Array.from(this.members.keys())) {
      if (!ids.includes(id))
        this.remove(id);
    }
  }

  clear() {
    this.retain([]);
  }

  refuse(member, code) {
    if (member.refused || this.members.get(member.id) !== member)
      return;
    member.refused = true;
    this.emit('refused', { id: member.id, name: member.present ? member.name : null, code });
  }

  // It has its place in the order at once.
  seal(member, pair, message) {
    const sealed = pair.seal(JSON.stringify(message));
    sealed.catch(() => {});
    member.sending = member.sending.then(async () => {
      const payload = await sealed.catch(() => null);
      if (payload && this.members.get(member.id) === member)
        this.emit('outgoing', { id: member.id, payload });
    });
  }

  introduce(member, pair) {
    this.seal(member, pair, { type: 'introduction', name: this.displayName });
  }

  // False: nobody there of that id who could open it.
  send(id, message) {
    const member = this.members.get(id);
    if (!member?.present)
      return false;
    this.seal(member, member.pair, message);
    return true;
  }

  // What came from the server.
  receive(id, payload) {
    const member = this.members.get(id);
    if (member)
      member.work = member.work.then(() => this.receiveNow(member, payload));
  }

  async receiveNow(member, payload) {
    let message;
    try {
      message = parsePeerMessage(await this.open(member, payload));
    } catch (error) {
      if (!(error instanceof SealError) && !(error instanceof ProtocolError))
        throw error;
      // A newer peer may say more.
      if (error.code !== 'unknown-type')
        this.refuse(member, error.code);
      return;
    }
    if (this.members.get(member.id) === member && mayCome(message.type, false))
      this.take(member, message);
  }

  take(member, message) {
    if (message.type === 'introduction' && member.name === null) {
      member.name = message.name;
      if (!member.greets)
        this.introduce(member, member.pair);
    }
    if (!member.present && member.name !== null && member.pair.proven) {
      clearTimeout(member.silence);
      // So that it knows at once that we are there, too, whatever is said next.
      if (member.greets)
        this.introduce(member, member.pair);
      member.present = true;
      member.refused = false;
      this.emit('present', { id: member.id, name: member.name, offer: member.greets });
    }
    if (member.present && message.type !== 'introduction')
      this.emit('message', { id: member.id, message });
  }

  async open(member, payload) {
    try {
      return await member.pair.open(payload);
    } catch (error) {
      if (!(error instanceof SealError))
        throw error;
      if (error.code === 'greeting' && (member.present || !member.greets))
        return this.openGreeting(member, payload, error);
      if (error.code === 'session' && member.next)
        return this.openNext(member, payload, error);
      throw error;
    }
  }

  // A greeting once more: of a new stay, or of this one, repeated.
  async openGreeting(member, payload, reason) {
    const next = new SealedPair(this.room, this.selfId, member.id, false);
    const text = await next.open(payload).catch(() => null);
    if (text === null || next.hasSamePeer(member.pair) || next.hasSamePeer(member.next))
      throw reason;
    member.next = next;
    this.introduce(member, next);
    return text;
  }

  // Who begins anew has shown that it is so.
  async openNext(member, payload, reason) {
    const text = await member.next.open(payload).catch(() => null);
    if (text === null)
      throw reason;
    Object.assign(member, { pair: member.next, next: null, greets: false, present: false });
    return text;
  }
}
