// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Somebody on the way between a caller and the server, who reads, alters, delays, adds and breaks. Who was told the room's
// name (room) opens what passes and seals it again, as a server could that has guessed it.
'use strict';

const { onCleanup } = require('./harness.js');
const { box, deriveRoom, unbox } = require('./seal.js');
const ws = require('./ws.js');

// alter (message, toServer): what goes on instead, or null for nothing, or a promise of either, for which what comes
// behind it waits (sealed messages are not taken out of order); message is parsed, and its payload too (where room opens
// it), as message.said. delay: milliseconds that every message waits.
async function startProxy(serverUrl, { alter = message => message, delay = 0, room: roomName } = {}) {
  const room = roomName && await deriveRoom(roomName);
  const links = [];
  const seen = [];

  // From whom to whom, as both of them know it.
  const way = (link, { from, to }) => (from ? [from, link.id] : [link.id, to]);

  async function pass(link, text, toServer) {
    let message = JSON.parse(text);
    if (message.type === 'joined')
      link.id = message.id;
    if (room && message.payload) {
      try {
        const inside = await unbox(room, ...way(link, message), message.payload);
        message.said = JSON.parse(inside.text);
        Object.defineProperty(message, 'inside', { value: inside });
      } catch {
        // Somebody talks nonsense, and the server passes it on.
      }
    }
    seen.push({ toServer, message: structuredClone(message) });
    message = await alter(message, toServer);
    if (message)
      await forward(link, toServer, message);
  }

  async function forward(link, toServer, message) {
    if (message.said?.type) {
      message.payload = await box(room, ...way(link, message),
        { ...message.inside, text: JSON.stringify(message.said) });
    }
    delete message.said;
    const send = () => (toServer ? link.server : link.client).send(JSON.stringify(message));
    if (delay)
      setTimeout(send, delay);
    else
      send();
  }

  // Each way in order.
  function enqueue(link, text, toServer) {
    const queue = toServer ? 'up' : 'down';
    link[queue] = (link[queue] || Promise.resolve()).then(() => pass(link, text, toServer));
  }

  const listener = await ws.listen(async client => {
    const early = [];
    const keep = text => early.push(text);
    client.on('text', keep);
    let server;
    try {
      server = await ws.connect(serverUrl);
    } catch {
      // Clients come back; the server may not.
      client.destroy();
      return;
    }
    const link = { client, server };
    links.push(link);
    server.on('text', text => enqueue(link, text, false));
    client.off('text', keep);
    early.forEach(text => enqueue(link, text, true));
    client.on('text', text => enqueue(link, text, true));
    // Not before what was said before.
    client.on('close', async () => { await link.up; server.close(); });
    server.on('close', async () => { await link.down; client.close(); });
  });
  onCleanup(() => listener.close());

  return {
    url: listener.url,
    seen,
    // To the client, as if the server had said it.
    inject(message) {
      for (const { client } of links)
        client.send(typeof message === 'string' ? message : JSON.stringify(message));
    },
    // Both ways at once, without a goodbye.
    cut() {
      for (const { client, server } of links) {
        client.destroy();
        server.destroy();
      }
    },
  };
}

module.exports = { startProxy };
