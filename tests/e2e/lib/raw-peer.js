// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Somebody in a room who has no media at all and says what the test wants.
'use strict';

const { onCleanup, until } = require('./harness.js');
const ws = require('./ws.js');

class RawPeer {
  constructor(end, name) {
    this.end = end;
    this.name = name;
    this.messages = [];
    this.peers = new Map(); // name -> id
    this.closed = false;
    end.on('close', () => { this.closed = true; });
    end.on('text', text => {
      const message = JSON.parse(text);
      if (message.payload !== undefined)
        message.said = JSON.parse(message.payload);
      for (const peer of message.type === 'joined' ? message.peers : [])
        this.peers.set(peer.name, peer.id);
      if (message.type === 'peer-joined')
        this.peers.set(message.name, message.id);
      this.messages.push(message);
      if (message.said && this.onSignal)
        this.onSignal(message.said);
    });
  }

  async hears(what, ask, seconds = 20) {
    return until(`${this.name} hears ${what}`, () => this.messages.find(ask), seconds);
  }

  // said: an object for a peer message, or a string for the payload as it is.
  say(name, said) {
    this.send({
      type: 'signal',
      to: this.peers.get(name),
      payload: typeof said === 'string' ? said : JSON.stringify(said),
    });
  }

  send(message) {
    this.end.send(JSON.stringify(message));
  }

  leave() {
    this.end.close();
  }
}

async function rawPeer(url, room, name) {
  const peer = new RawPeer(await ws.connect(url), name);
  onCleanup(() => peer.end.destroy());
  peer.send({ type: 'join', version: 1, room, name });
  await peer.hears('joined', ({ type }) => type === 'joined');
  return peer;
}

module.exports = { rawPeer };
