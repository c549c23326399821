// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What one writes in an afternoon: rooms and a relay with node's `ws`, in the messages of snug.1. With no limits.
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const { WebSocketServer } = require('ws');

const [certificate, key] = process.argv.slice(2);
const server = certificate
  ? https.createServer({ cert: fs.readFileSync(certificate), key: fs.readFileSync(key) })
  : http.createServer();
const rooms = new Map();

function join(socket, { room, name }) {
  const members = rooms.get(room) ?? new Map();
  rooms.set(room, members);
  socket.member = { id: crypto.randomBytes(16).toString('hex'), name };
  socket.members = members;
  const peers = [...members.values()].map((other) => other.member);
  socket.send(JSON.stringify({ type: 'joined', id: socket.member.id, room, peers }));
  for (const other of members.values())
    other.send(JSON.stringify({ type: 'peer-joined', ...socket.member }));
  members.set(socket.member.id, socket);
  socket.on('close', () => {
    members.delete(socket.member.id);
    for (const other of members.values())
      other.send(JSON.stringify({ type: 'peer-left', id: socket.member.id }));
    if (!members.size)
      rooms.delete(room);
  });
}

new WebSocketServer({ server, path: '/snug', perMessageDeflate: false, maxPayload: 65536 }).on('connection', (socket) => {
  socket.on('message', (data) => {
    const message = JSON.parse(data);
    if (message.type === 'join')
      join(socket, message);
    else if (message.type === 'signal')
      socket.members.get(message.to)?.send(
        JSON.stringify({ type: 'signal', from: socket.member.id, payload: message.payload }));
  });
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => console.log(`port=${server.address().port}`));
