// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The WebSocket to the server, made again whenever it is lost. The server's limits are kept, so nothing is ever refused for haste.

import { Emitter } from './snug-emitter.mjs';
import { ProtocolError, TokenBucket, parseServerMessage } from './snug-protocol.mjs';

const PAUSE_MS = 500;
const PAUSE_MAX_MS = 15000;
// What a server takes from one client, with some left.
const RATE = 18;
const BURST = 50;
// What it may say, a second and at once; more, and it is none.
const FLOOD_RATE = 2000;
const FLOOD_BURST = 4000;
const BAD_MESSAGES_MAX = 3;

// n: how many in a row, from 0. random: 0 to 1, so that not all come back at once.
export function getPause(n, random = Math.random()) {
  return Math.min(PAUSE_MS * 2 ** Math.min(n, 10), PAUSE_MAX_MS) * (0.75 + 0.5 * random);
}

// Events: "open"; "message" (detail: what parseServerMessage() answers); "lost": it will be made again; "closed" (detail: null, or why:
// 'unreachable', 'refused', 'not-snug'): the end.
export class Signaling extends Emitter {
  // url: ws:// or wss://.
  constructor(url) {
    super();
    this.url = url;
    this.socket = null;
    this.heard = false; // a server that has ever said something is worth coming back to
    this.closed = false;
    this.pauses = 0;
    this.timer = null;
    this.queue = [];
    this.queueTimer = null;
  }

  open() {
    clearTimeout(this.timer);
    this.timer = null;
    const socket = new WebSocket(this.url, 'snug.1');
    let opened = false;
    this.socket = socket;
    this.bucket = new TokenBucket(RATE, BURST);
    this.flood = new TokenBucket(FLOOD_RATE, FLOOD_BURST);
    this.badMessages = 0;
    socket.onopen = () => {
      opened = true;
      this.emit('open');
    };
    socket.onmessage = ({ data }) => this.hear(data);
    socket.onclose = event => {
      if (this.socket !== socket)
        return;
      this.socket = null;
      this.queue = [];
      if (!this.heard)
        this.end(opened || event.code === 1008 ? 'refused' : 'unreachable');
      else if (!this.closed)
        this.pause();
    };
  }

  end(reason) {
    if (this.closed)
      return;
    this.closed = true;
    clearTimeout(this.timer);
    clearTimeout(this.queueTimer);
    this.drop();
    this.emit('closed', reason);
  }

  drop() {
    const { socket } = this;
    this.socket = null;
    this.queue = [];
    if (socket)
      socket.close();
  }

  pause() {
    this.timer = setTimeout(() => this.open(), getPause(this.pauses++));
    this.emit('lost');
  }

  hear(data) {
    if (!this.flood.take()) {
      this.end('not-snug');
      return;
    }
    let message;
    try {
      message = parseServerMessage(data);
    } catch (error) {
      if (!(error instanceof ProtocolError))
        throw error;
      if (error.code !== 'unknown-type' && ++this.badMessages >= BAD_MESSAGES_MAX)
        this.end('not-snug');
      return;
    }
    // Who answers is there.
    this.heard = true;
    this.pauses = 0;
    this.emit('message', message);
  }

  // Goes out in order, and not faster than the server wants.
  send(message) {
    if (!this.socket)
      return;
    this.queue.push(JSON.stringify(message));
    this.sendQueue();
  }

  sendQueue() {
    clearTimeout(this.queueTimer);
    while (this.queue.length && this.socket?.readyState === WebSocket.OPEN && this.bucket.take())
      this.socket.send(this.queue.shift());
    if (this.queue.length)
      this.queueTimer = setTimeout(() => this.sendQueue(), Math.max(10, this.bucket.getWait()));
  }

  // The network has changed: what there is may be dead, and would be missed late.
  renew() {
    if (this.closed || !this.heard)
      return;
    this.drop();
    this.pauses = 0;
    this.emit('lost');
    this.open();
  }

  // Says leave first, when there is somebody to say it to.
  close() {
    if (this.socket?.readyState === WebSocket.OPEN)
      this.socket.send(JSON.stringify({ type: 'leave' }));
    this.end(null);
  }
}
