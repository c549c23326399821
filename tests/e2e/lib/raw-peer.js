// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Somebody in a room who has no media at all and says what the test wants.
'use strict';

const { onCleanup, until } = require('./harness.js');
const { deriveRoom, SealedPair } = require('./seal.js');
const ws = require('./ws.js');

class RawPeer {
  constructor(end, name, room) {
    this.end = end;
    this.name = name;
    this.room = room;
    this.messages = [];
    this.peers = new Map(); // name -> id
    this.pairs = new Map(); // id -> SealedPair
    this.closed = false;
    this.hearing = Promise.resolve();
    this.saying = Promise.resolve();
    end.on('close', () => { this.closed = true; });
    end.on('text', text => {
      this.hearing = this.hearing.then(() => this.hear(JSON.parse(text)));
    });
  }

  async hear(message) {
    if (message.type === 'joined') {
      this.id = message.id;
      for (const { id } of message.peers) {
        this.pairs.set(id, new SealedPair(this.room, this.id, id, true));
        this.introduce(id);
      }
    } else if (message.type === 'peer-joined') {
      this.pairs.set(message.id, new SealedPair(this.room, this.id, message.id, false));
    } else if (message.type === 'signal') {
      const pair = this.pairs.get(message.from);
      message.said = await pair.open(message.payload).then(JSON.parse, () => undefined);
      if (message.said?.type === 'introduction' && !pair.introduced) {
        pair.introduced = true;
        this.peers.set(message.said.name, message.from);
        this.introduce(message.from); // an answer, or a confirmation
      }
    }
    this.messages.push(message);
    if (message.said && this.onSignal)
      this.onSignal(message.said);
  }

  introduce(id) {
    this.sayTo(id, { type: 'introduction', name: this.name });
  }

  // Sealed, for whoever passes it on. said: an object for a peer message, or a string for its text as it is.
  seal(id, said) {
    return this.pairs.get(id).seal(typeof said === 'string' ? said : JSON.stringify(said));
  }

  sayTo(id, said) {
    const sealed = this.seal(id, said);
    sealed.catch(() => {});
    this.saying = this.saying.then(async () => this.send({ type: 'signal', to: id, payload: await sealed }));
    return this.saying;
  }

  async hears(what, ask, seconds = 20) {
    return until(`${this.name} hears ${what}`, () => this.messages.find(ask), seconds);
  }

  // Waits until that person is known here.
  meets(name) {
    return until(`${this.name} meets ${name}`, () => this.peers.get(name));
  }

  say(name, said) {
    return this.sayTo(this.peers.get(name), said);
  }

  send(message) {
    this.end.send(JSON.stringify(message));
  }

  leave() {
    this.end.close();
  }
}

// In the room once everybody who was there has answered.
async function rawPeer(url, roomName, name) {
  const room = await deriveRoom(roomName);
  const peer = new RawPeer(await ws.connect(url), name, room);
  onCleanup(() => peer.end.destroy());
  peer.send({ type: 'join', version: 1, room: room.id });
  const { peers } = await peer.hears('joined', ({ type }) => type === 'joined');
  for (const { id } of peers)
    await peer.hears('an introduction', ({ from, said }) => from === id && said?.type === 'introduction');
  return peer;
}

module.exports = { rawPeer };
