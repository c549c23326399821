// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The lines of chat, and what became of ours: each person acknowledges each line, and says which it has seen. What is not
// acknowledged goes out again when the person's channel opens again.

import { randomId } from './snug-crypto.mjs';
import { Emitter } from './snug-emitter.mjs';

const LINES_MAX = 2000;
// Ids of what somebody said, so that a line that comes twice is shown once.
const KNOWN_MAX = 4000;

// A line: {id, mine, from (a name), peerId, text, time (Date), state ('sending', 'delivered', 'not-sent', 'received'), waiting and readers (Sets of peer
// ids)}. Events: "added" (detail: line), "changed" (detail: line).
export class Chat extends Emitter {
  // getPeers: answers those who are in the room now: {id, name, send(message)}.
  constructor(getPeers) {
    super();
    this.getPeers = getPeers;
    this.lines = [];
    this.known = new Set();
    this.seen = new Map(); // peer id -> the last line of it that a person has seen
  }

  add(line) {
    this.lines.push(line);
    if (this.lines.length > LINES_MAX)
      this.lines.shift();
    this.emit('added', line);
    return line;
  }

  say(text) {
    const line = this.add({
      id: randomId(), mine: true, from: '', peerId: null, text, time: new Date(), state: 'sending', waiting: new Set(),
      got: new Set(), readers: new Set() });
    this.sendTo(line, this.getPeers());
    return line;
  }

  // To all who are there now and have not got it.
  sayAgain(line) {
    this.sendTo(line, this.getPeers().filter(({ id }) => !line.got.has(id)));
  }

  sendTo(line, peers) {
    for (const peer of peers) {
      line.waiting.add(peer.id);
      peer.send({ type: 'chat', id: line.id, text: line.text });
    }
    this.update(line);
  }

  update(line) {
    if (line.waiting.size)
      line.state = 'sending';
    else
      line.state = line.got.size ? 'delivered' : 'not-sent';
    this.emit('changed', line);
  }

  hear(peer, message) {
    if (message.type === 'chat') {
      this.hearLine(peer, message);
      return;
    }
    const index = this.lines.findIndex(({ mine, id }) => mine && id === message.id);
    const line = this.lines[index];
    // Only of those to whom it was said.
    if (!line || !(line.waiting.has(peer.id) || line.got.has(peer.id)))
      return;
    if (message.type === 'chat-ack') {
      line.waiting.delete(peer.id);
      line.got.add(peer.id);
      this.update(line);
    } else if (message.type === 'chat-read') {
      for (const earlier of this.lines.slice(0, index + 1)) {
        if (earlier.mine && earlier.got.has(peer.id) && !earlier.readers.has(peer.id)) {
          earlier.readers.add(peer.id);
          this.emit('changed', earlier);
        }
      }
    }
  }

  hearLine(peer, { id, text }) {
    const key = `${peer.id} ${id}`;
    peer.send({ type: 'chat-ack', id });
    if (this.known.has(key))
      return;
    this.known.add(key);
    if (this.known.size > KNOWN_MAX)
      this.known.delete(this.known.values().next().value);
    this.add({ id, mine: false, from: peer.name, peerId: peer.id, text, time: new Date(), state: 'received', waiting: new Set(),
      got: new Set(), readers: new Set() });
  }

  // A person has everything before its eyes.
  markSeen() {
    for (const peer of this.getPeers()) {
      const last = this.lines.findLast(({ peerId }) => peerId === peer.id);
      if (last && this.seen.get(peer.id) !== last.id && peer.send({ type: 'chat-read', id: last.id }))
        this.seen.set(peer.id, last.id);
    }
  }

  peerOpened(peer) {
    for (const line of this.lines) {
      if (line.waiting.has(peer.id))
        peer.send({ type: 'chat', id: line.id, text: line.text });
    }
  }

  peerGone(peer) {
    this.seen.delete(peer.id);
    for (const line of this.lines) {
      if (line.waiting.delete(peer.id))
        this.update(line);
    }
  }
}
