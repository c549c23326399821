// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Somebody on the way between a caller and the server, who reads, alters, delays, adds and breaks.
'use strict';

const { onCleanup } = require('./harness.js');
const ws = require('./ws.js');

// alter (message, toServer, pass): what goes on instead, or null for nothing (or for what is passed later); message is
// parsed and its payload too (where it can be), as message.said. delay: milliseconds that every message waits.
async function startProxy(serverUrl, { alter = message => message, delay = 0 } = {}) {
  const links = [];
  const seen = [];

  function pass(link, text, toServer) {
    const to = toServer ? link.server : link.client;
    let message = JSON.parse(text);
    try {
      message.said = JSON.parse(message.payload);
    } catch {
      // Somebody talks nonsense, and the server passes it on.
    }
    seen.push({ toServer, message: structuredClone(message) });
    const send = altered => forward(to, altered);
    message = alter(message, toServer, send);
    if (message)
      send(message);
  }

  function forward(to, message) {
    if (message.said?.type)
      message.payload = JSON.stringify(message.said);
    delete message.said;
    if (delay)
      setTimeout(() => to.send(JSON.stringify(message)), delay);
    else
      to.send(JSON.stringify(message));
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
    server.on('text', text => pass(link, text, false));
    client.off('text', keep);
    early.forEach(text => pass(link, text, true));
    client.on('text', text => pass(link, text, true));
    client.on('close', () => server.close());
    server.on('close', () => client.close());
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
