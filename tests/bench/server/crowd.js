// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A crowd that no server wishes for: each comes from an address of its own network, does one kind of harm and is gone
// after a while. Beside them, members whose connections all break at once, and who all come back at once.
//   node crowd.js HOST PORT
// "stop" on standard input ends it; it answers how often it did what, and what it got.
'use strict';

const crypto = require('node:crypto');
const net = require('node:net');
const readline = require('node:readline');
const WebSocket = require('ws');

const [host, port] = process.argv.slice(2);
const NETWORK = host.split('.').slice(0, 2).join('.');
const ARRIVALS_A_SECOND = 100;
const ADDRESSES = 200;
const LONGEST_STAY_MS = 15000;
const STORM_MEMBERS = 500;
const STORM_EVERY_MS = 60000;
const REQUEST = `GET /snug HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: snug.1\r\n\r\n';

const done = {};
const storm = { members: [], breaks: 0, resumed: 0, joinedAnew: 0, lost: 0 };
const open = new Set();

function count(kind) {
  done[kind] = (done[kind] ?? 0) + 1;
}

function anyAddress() {
  return `${NETWORK}.1.${1 + Math.floor(Math.random() * ADDRESSES)}`;
}

/** A frame as clients send it, with a mask of zeros. */
function frame(first, payload) {
  const size = Buffer.byteLength(payload);
  const head = size < 126 ? Buffer.from([first, 0x80 | size]) : Buffer.from([first, 0x80 | 126, size >> 8, size & 0xff]);
  return Buffer.concat([head, Buffer.alloc(4), Buffer.from(payload)]);
}

/** None of those that the members talk in, who count from 0. */
function roomId(kind, number) {
  return kind + number.toString(16).padStart(31, '0');
}

function join() {
  return frame(0x81, JSON.stringify({ type: 'join', version: 1, room: roomId('c', Math.floor(Math.random() * 20)) }));
}

/** Connects and writes; before: what the server is asked first. Stays for a while, or until the server has had enough. */
function speak(bytes, { before = REQUEST, stays = Math.random() * LONGEST_STAY_MS } = {}) {
  const socket = net.connect({ host, port, localAddress: anyAddress() });

  open.add(socket);
  socket.on('close', () => open.delete(socket));
  socket.on('error', () => count('refused or cut'));
  socket.resume();
  for (const piece of [before, ...bytes])
    socket.write(piece);
  if (Number.isFinite(stays))
    setTimeout(() => socket.destroy(), stays);
  return socket;
}

/** Writes this and nothing more, and does not go. */
function holdOn(text) {
  speak([], { before: text, stays: Infinity });
}

function connect(room, localAddress, resume) {
  const socket = new WebSocket(`ws://${host}:${port}/snug`, 'snug.1', { localAddress });

  socket.on('open', () => socket.send(JSON.stringify({ type: 'join', version: 1, room, resume })));
  socket.on('error', () => {});
  return socket;
}

/** One who never reads, and another who sends it a megabyte. */
function doNotRead() {
  const room = roomId('d', Math.floor(Math.random() * 2 ** 31));
  const slow = connect(room, anyAddress());

  slow.once('message', () => {
    const other = connect(room, anyAddress());

    slow.pause();
    other.once('message', (data) => {
      const { peers } = JSON.parse(data);
      for (let i = 0; peers?.length && i < 50; i++)
        other.send(JSON.stringify({ type: 'signal', to: peers[0].id, payload: 'x'.repeat(20000) }));
    });
    setTimeout(() => {
      slow.terminate();
      other.terminate();
    }, LONGEST_STAY_MS);
  });
}

const KINDS = {
  'comes and is cut off': () => speak([join()]),
  'comes and leaves': () => speak([join(), frame(0x81, '{"type":"leave"}')]),
  'only connects': () => holdOn(''),
  'half a request': () => holdOn('GET /snug HTTP/1.1\r\nHost:'),
  'a body': () => holdOn(`POST /snug HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 200000000\r\n\r\n${'x'.repeat(60000)}`),
  'an endless head': () => holdOn(`GET /snug HTTP/1.1\r\nX: ${'x'.repeat(60000)}`),
  'random bytes': () => speak([], { before: crypto.randomBytes(512) }),
  'random frames': () => speak([join(), crypto.randomBytes(512)]),
  'half a message': () => speak([join(), frame(0x01, 'x'.repeat(20000))]),
  'no JSON': () => speak([frame(0x81, '['.repeat(30000))]),
  'a flood': () => speak([join(), ...Array(500).fill(frame(0x81, '{"type":"signal","to":"nobody","payload":"x"}'))]),
  'pings': () => speak([join(), ...Array(500).fill(frame(0x89, 'x'))]),
  'gone before it was answered': () => speak([join()], { stays: Infinity }).resetAndDestroy(),
  'does not read': doNotRead,
};

function arrive() {
  const names = Object.keys(KINDS);
  const kind = names[Math.floor(Math.random() * names.length)];

  count(kind);
  KINDS[kind]();
}

/** Half open connections are left to the server to end; of what it holds on to, this is the end all the same. */
function sweep() {
  for (const socket of [...open].slice(0, Math.max(0, open.size - 3000)))
    socket.destroy();
}

function comeBack(member) {
  const socket = connect(member.room, member.address, member.token);

  member.socket = socket;
  socket.on('message', (data) => {
    const message = JSON.parse(data);
    if (message.type === 'joined')
      storm[message.resumed ? 'resumed' : 'joinedAnew']++;
  });
  socket.on('close', () => {
    if (member.socket !== socket || storm.over)
      return;
    // It was not we who broke it: try again, as a client does.
    storm.lost++;
    setTimeout(comeBack, 1000 + Math.random() * 2000, member);
  });
}

function breakAll() {
  storm.breaks++;
  for (const member of storm.members) {
    const { socket } = member;
    member.socket = null;
    socket.terminate();
    comeBack(member);
  }
}

for (let i = 0; i < STORM_MEMBERS; i++) {
  storm.members.push({
    address: `${NETWORK}.2.${1 + i % ADDRESSES}`, room: roomId('b', Math.floor(i / 2)),
    token: crypto.randomBytes(16).toString('hex'),
  });
  comeBack(storm.members[i]);
}
const timers = [
  setInterval(arrive, 1000 / ARRIVALS_A_SECOND), setInterval(sweep, 1000), setInterval(breakAll, STORM_EVERY_MS),
];
readline.createInterface({ input: process.stdin }).on('line', () => {
  storm.over = true;
  timers.forEach(clearInterval);
  for (const { socket } of storm.members)
    socket?.terminate();
  for (const socket of open)
    socket.destroy();
  const { breaks, resumed, joinedAnew, lost } = storm;
  console.log(JSON.stringify({ done, breaks, resumed, joinedAnew, lost }));
});
