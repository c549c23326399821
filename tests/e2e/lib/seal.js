// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The guest page's own way to seal (data/web), for the tests' own programs. Each room is derived once.
'use strict';

const path = require('node:path');
const { pathToFileURL } = require('node:url');

const WEB = path.join(__dirname, '..', '..', '..', 'data', 'web');
const load = name => import(pathToFileURL(path.join(WEB, name)));
globalThis.crypto ??= require('node:crypto').webcrypto;
const modules = Promise.all([load('snug-room.mjs'), load('snug-seal.mjs')]);
const rooms = new Map();

async function deriveRoom(name) {
  const [{ deriveRoom: derive }] = await modules;
  if (!rooms.has(name))
    rooms.set(name, derive(name));
  return rooms.get(name);
}

// A SealedPair whose class need not have come yet.
class LateSealedPair {
  constructor(room, selfId, peerId, greets) {
    this.greets = greets;
    this.pair = modules.then(([, { SealedPair }]) => new SealedPair(room, selfId, peerId, greets));
  }

  async seal(text) {
    return (await this.pair).seal(text);
  }

  async open(payload) {
    return (await this.pair).open(payload);
  }
}

module.exports = {
  load,
  deriveRoom,
  SealedPair: LateSealedPair,
  box: async (...args) => (await modules)[1].box(...args),
  unbox: async (...args) => (await modules)[1].unbox(...args),
};
