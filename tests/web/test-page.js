// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What of the guest page needs no browser: its texts, the tiles, what comes over the wire, the chat.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { check, equal, run, test } = require('../e2e/lib/harness.js');
const { load } = require('../e2e/lib/seal.js');

const WEB = path.join(__dirname, '..', '..', 'data', 'web');
const read = name => fs.readFileSync(path.join(WEB, name), 'utf8');
const files = fs.readdirSync(WEB);

function refuses(parse, data) {
  try {
    parse(data);
  } catch (error) {
    return error.code || String(error);
  }
  return 'taken';
}

test('no language lacks a text', async () => {
  const { TEXTS } = await load('snug-texts.mjs');
  const keys = Object.keys(TEXTS.en).sort();
  const placeholders = text => (text.match(/\{\w+\}/g) || []).sort().join();
  equal(Object.keys(TEXTS).sort().join(), 'ar,de,en,es,fr', 'languages');
  for (const [code, texts] of Object.entries(TEXTS)) {
    equal(Object.keys(texts).sort().join(), keys.join(), `keys of ${code}`);
    for (const key of keys) {
      check(texts[key].trim() !== '', `${code}: ${key} is empty`);
      equal(placeholders(texts[key]), placeholders(TEXTS.en[key]), `placeholders of ${key} in ${code}`);
    }
    check(/\bM\b/.test(texts.mutedTalking), `${code} names the key`);
  }
});

test('every text that is asked for is there', async () => {
  const { TEXTS } = await load('snug-texts.mjs');
  const source = files.filter(name => /\.(mjs|html)$/.test(name) && name !== 'snug-texts.mjs').map(read).join('\n');
  for (const [, key] of source.matchAll(/\bt\('(\w+)'|data-text="(\w+)"/g)) {
    if (key)
      check(Object.hasOwn(TEXTS.en, key), `${key} has no text`);
  }
});

test('what is compiled in is what there is', () => {
  const listed = Array.from(read('snug-web.gresource.xml').matchAll(/<file>([^<]+)</g), ([, name]) => name).sort();
  equal(listed.join(), files.filter(name => /\.(mjs|html|css)$/.test(name)).sort().join(), 'files');
  const page = read('index.html');
  check(!/<script(?![^>]*\ssrc=)|\son\w+=|\sstyle=|<style/.test(page), 'nothing of the page is refused by its own policy');
  for (const name of files.filter(file => file.endsWith('.mjs')))
    check(!/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/.test(read(name)), `${name} makes no markup of text`);
});

test('tiles', async () => {
  const { layOutGrid, layOutSpeaker, measureGrid } = await load('snug-layout.mjs');
  // The table of the app's own layout: area, people, rows, columns, size.
  for (const [width, height, count, rows, columns, w, h] of [
    [1176, 610, 1, 1, 1, 1084, 610], [1176, 610, 2, 1, 2, 584, 438], [1176, 610, 4, 2, 2, 535, 301],
    [1176, 610, 6, 2, 3, 386, 290], [1176, 610, 8, 3, 3, 352, 198],
    [816, 610, 2, 2, 1, 535, 301], [816, 610, 5, 3, 2, 352, 198],
    [344, 580, 1, 1, 1, 344, 458], [344, 580, 2, 2, 1, 344, 286], [344, 580, 4, 2, 2, 168, 224], [344, 580, 8, 4, 2, 168, 139]]) {
    const grid = measureGrid(count, width, height, width + 24);
    const what = `${count} in ${width}x${height}`;
    equal([grid.rows, grid.columns].join(), [rows, columns].join(), what);
    check(Math.abs(grid.width - w) <= 1 && Math.abs(grid.height - h) <= 1, `${what}: ${grid.width}x${grid.height}`);
  }
  for (const rtl of [false, true]) {
    for (let count = 1; count <= 8; count++) {
      const area = { x: 12, y: 52, width: 900, height: 500 };
      for (const places of [layOutGrid(count, area, 924, rtl), layOutSpeaker(count, area, 924, rtl), layOutSpeaker(count, { ...area, width: 340 }, 360, rtl)]) {
        for (const [n, a] of places.entries()) {
          check(a.x >= 12 - 1e-6 && a.y >= 52 - 1e-6 && a.x + a.width <= 912 + 1e-6 && a.y + a.height <= 552 + 1e-6, 'inside');
          for (const b of places.slice(n + 1))
            check(a.x + a.width <= b.x + 1e-6 || b.x + b.width <= a.x + 1e-6 || a.y + a.height <= b.y + 1e-6 || b.y + b.height <= a.y + 1e-6, 'apart');
        }
      }
    }
  }
});

test('messages of protocol.md', async () => {
  const { parsePeerMessage, parseServerMessage } = await load('snug-protocol.mjs');
  const reference = fs.readFileSync(path.join(__dirname, '..', '..', 'src', 'protocol', 'protocol.md'), 'utf8');
  let count = 0;
  for (const [, kind, body] of reference.matchAll(/^```json (server|peer)\n([^]*?)^```/gm)) {
    const parse = kind === 'server' ? parseServerMessage : parsePeerMessage;
    const { type } = JSON.parse(body);
    if (type.startsWith('file-')) {
      equal(refuses(parse, body), 'unknown-type', type);
    } else if (type === 'description') {
      // The examples have no certificate.
      equal(refuses(parse, body), 'bad-field', type);
    } else {
      equal(parse(body).type, type, type);
      count++;
    }
  }
  check(count > 15, `${count} examples`);
});

test('hostile messages', async () => {
  const { TokenBucket, findFingerprint, isEmoji, parsePeerMessage, parseServerMessage } = await load('snug-protocol.mjs');
  for (const [code, data] of [
    ['not-json', ''], ['not-json', '[]'], ['not-json', 'null'], ['not-json', '{'], ['not-json', new ArrayBuffer(4)],
    ['missing-field', '{}'], ['bad-field', '{"type":7}'], ['unknown-type', '{"type":"constructor"}'], ['unknown-type', '{"type":"__proto__"}'],
    ['too-large', JSON.stringify({ type: 'chat', id: 'a', text: 'x'.repeat(70000) })],
    ['bad-field', JSON.stringify({ type: 'chat', id: 'a', text: 'x'.repeat(9000) })],
    ['bad-field', '{"type":"chat","id":"a b","text":"x"}'], ['bad-field', '{"type":"chat","id":"a","text":""}'],
    ['bad-field', '{"type":"chat","id":"a","text":"\\ud800"}'], ['bad-field', '{"type":"chat","id":"a","text":"a\\u0000b"}'],
    ['missing-field', '{"type":"chat","id":"a"}'],
    ['bad-field', '{"type":"introduction","name":"a\\u202eb"}'], ['bad-field', '{"type":"introduction","name":" "}'],
    ['bad-field', '{"type":"introduction","name":{}}'],
    ['bad-field', '{"type":"bye","generation":0,"reason":"left"}'], ['bad-field', '{"type":"bye","generation":1.5,"reason":"left"}'],
    ['bad-field', '{"type":"candidate","generation":1,"sdpMLineIndex":0,"candidate":""}'],
    ['bad-field', '{"type":"candidate","generation":1,"sdpMLineIndex":99,"candidate":"c"}'],
    ['bad-field', '{"type":"reaction","emoji":"abc"}'], ['bad-field', '{"type":"reaction","emoji":"<b>"}'],
    ['bad-field', '{"type":"media-state","audio":1,"video":true,"screen":true}'],
    ['bad-field', `{"type":"hello","features":[${'"a",'.repeat(20)}"a"]}`],
  ])
    equal(refuses(parsePeerMessage, data), code, String(data).slice(0, 60));
  for (const data of ['{"type":"joined","id":"a","peers":[null]}', '{"type":"joined","id":"a","peers":[{"id":"<"}]}',
    '{"type":"joined","id":"","peers":[]}', `{"type":"joined","id":"a","peers":[${'{"id":"b"},'.repeat(64)}{"id":"b"}]}`])
    check(refuses(parseServerMessage, data) !== 'taken', data.slice(0, 50));
  // One ICE server that is none costs the others nothing.
  const { iceServers } = parseServerMessage(JSON.stringify({ type: 'joined', id: 'a', peers: [], iceServers: [
    { urls: 'javascript:alert(1)' }, { urls: ['stun:ok'] }, { urls: 7 }, null, { urls: 'turn:x', username: 7 }] }));
  equal(JSON.stringify(iceServers), '[{"urls":["stun:ok"]}]', 'ICE servers');
  const print = `${'AB:'.repeat(31)}AB`;
  equal(findFingerprint(`v=0\r\na=fingerprint:SHA-256 ${print}\r\na=fingerprint:sha-256 ${print.toLowerCase()}\r\n`).value, print, 'one');
  for (const sdp of ['v=0', `a=fingerprint:sha-1 ${print}`, `a=fingerprint:sha-256 ${print}\na=fingerprint:sha-256 ${print}:00`, 'a=fingerprint:sha-256 x'])
    check(refuses(findFingerprint, sdp) !== 'taken', sdp);
  for (const emoji of ['\u{1F44D}', '\u{1F44D}\u{1F3FD}', '\u2764\ufe0f', '\u{1F468}\u200d\u{1F469}\u200d\u{1F467}', '\u{1F1E9}\u{1F1EA}'])
    check(isEmoji(emoji), emoji);
  for (const text of ['', 'a', '1', '\u{1F44D}\u{1F44D}', '\u200d', '\u{1F44D}'.repeat(20)])
    check(!isEmoji(text), text);
  const bucket = new TokenBucket(2, 3, 0);
  equal([0, 0, 0, 0, 499, 500, 10000].map(now => bucket.take(now)).join(), 'true,true,true,false,false,true,true', 'tokens');
});

// The same numbers every time; SNUG_SEED: others.
function makeRandom(seed) {
  let state = seed >>> 0;
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}

// A few changes to a text: cut, doubled, swapped for what parsers stumble over, or for a piece of another one.
function mutate(text, others, random) {
  const pieces = ['"', '{', '}', '[', ']', ',', ':', '\\', '\\u0000', '\ud800', '\u202e', '\0', '-1', '1e999', '0.5', 'null', 'true', '{}', '[]',
    '"__proto__":', '"constructor"', '\r\n', 'a=fingerprint:', 'https://', '@', '#', '%', '\u200d', '\u{1F44D}', 'x'.repeat(300)];
  let changed = text;
  for (let n = 1 + random(4); n > 0; n--) {
    const at = random(changed.length + 1);
    const length = random(Math.min(20, changed.length - at + 1));
    const other = others[random(others.length)];
    const from = random(other.length + 1);
    const put = ['', pieces[random(pieces.length)], changed.substr(at, length).repeat(2), other.substr(from, random(60))][random(4)];
    changed = changed.slice(0, at) + put + changed.slice(at + length);
  }
  return changed;
}

test('whatever comes is taken or refused', async () => {
  const { ProtocolError, findFingerprint, isEmoji, parsePeerMessage, parseServerMessage } = await load('snug-protocol.mjs');
  const { splitText } = await load('snug-chat-panel.mjs');
  const { readRoom } = await load('snug-lobby.mjs');
  const reference = fs.readFileSync(path.join(__dirname, '..', '..', 'src', 'protocol', 'protocol.md'), 'utf8');
  const examples = Array.from(reference.matchAll(/^```json (?:server|peer)\n([^]*?)^```/gm), ([, body]) => body.trim());
  const texts = [...examples, `v=0\r\na=fingerprint:sha-256 ${'AB:'.repeat(31)}AB\r\n`, 'see https://example.org/a?b=c, or mailto:a@b.c',
    'https://meet.example.org/r#caf%C3%A9', 'snug://garden/?x', '\u{1F468}\u200d\u{1F469}\u200d\u{1F467}'];
  const seed = Number(process.env.SNUG_SEED || 1);
  const random = makeRandom(seed);
  let taken = 0;
  let refused = 0;
  for (let n = 0; n < 20000; n++) {
    const text = mutate(texts[random(texts.length)], texts, random);
    const what = `seed ${seed}, number ${n}: ${JSON.stringify(text)}`;
    for (const parse of [parsePeerMessage, parseServerMessage, findFingerprint]) {
      try {
        parse(text);
        taken++;
      } catch (error) {
        check(error instanceof ProtocolError, `${parse.name}, ${what}: ${error.stack}`);
        refused++;
      }
    }
    equal(typeof isEmoji(text), 'boolean', what);
    equal(typeof readRoom(text), 'string', what);
    check(splitText(text).every(piece => typeof piece === 'string' || /^(https?|mailto):/i.test(piece.link)), what);
  }
  check(Object.keys(Object.prototype).length === 0, 'nothing was left in what all objects have');
  check(taken > 500 && refused > 1000, `${taken} taken, ${refused} refused`);
});

test('texts of others', async () => {
  const { splitText } = await load('snug-chat-panel.mjs');
  const look = text => splitText(text).map(piece => (typeof piece !== 'string' ? `[${piece.link}]` : piece)).join('|');
  equal(look('see https://example.org/a?b=c, or not'), 'see |[https://example.org/a?b=c]|, or not', 'a link');
  for (const text of ['javascript:alert(1)', '<a href="x">', 'data:text/html,x', 'https://user:pw@example.org/', 'https://'])
    check(splitText(text).every(piece => typeof piece === 'string'), text);
  equal(look('a\u001b[31mb\u202ec\u200bd'), 'a\ufffd[31mbcd', 'controls');
});

test('what is typed for a room', async () => {
  const { readRoom } = await load('snug-lobby.mjs');
  for (const [typed, room] of [['garden', 'garden'], ['  Garden Shed ', 'Garden Shed'], ['https://meet.example.org/r#garden-shed', 'garden-shed'],
    ['https://meet.example.org/r?token=1#caf%C3%A9', 'caf\u00e9'], ['snug://garden-shed', 'garden-shed'], ['snug://garden/?x', 'garden'],
    ['https://x/r#%zz', '%zz'], ['https://x/', 'https://x/']])
    equal(readRoom(typed), room, typed);
});

test('chat', async () => {
  const { Chat } = await load('snug-chat.mjs');
  const sent = [];
  const makePeer = id => ({ id, name: id, open: true, send(message) { sent.push([id, message.type]); return this.open; } });
  const ada = makePeer('ada');
  const bob = makePeer('bob');
  let peers = [ada, bob];
  const chat = new Chat(() => peers);
  const line = chat.say('hello');
  equal(line.state, 'sending', 'at first');
  chat.hear(ada, { type: 'chat-ack', id: line.id });
  chat.hear(makePeer('eve'), { type: 'chat-ack', id: line.id });
  equal(line.state, 'sending', 'one has it');
  chat.peerOpened(bob);
  equal(sent.filter(([id]) => id === 'bob').length, 2, 'said again');
  chat.hear(bob, { type: 'chat-ack', id: line.id });
  equal(line.state, 'delivered', 'both have it');
  chat.hear(bob, { type: 'chat-read', id: line.id });
  chat.hear(makePeer('eve'), { type: 'chat-read', id: line.id });
  equal(line.readers.size, 1, 'read by one');
  for (let n = 0; n < 2; n++)
    chat.hear(ada, { type: 'chat', id: 'x', text: 'hi' });
  equal(chat.lines.filter(({ mine }) => !mine).length, 1, 'shown once');
  equal(sent.filter(([, type]) => type === 'chat-ack').length, 2, 'acknowledged each time');
  const other = chat.say('more');
  chat.hear(ada, { type: 'chat-ack', id: other.id });
  chat.peerGone(bob);
  equal(other.state, 'delivered', 'who has left is not waited for');
  peers = [];
  equal(chat.say('anybody?').state, 'not-sent', 'nobody is there');
});

test('pauses', async () => {
  const { getPause } = await load('snug-signaling.mjs');
  equal([0, 1, 2, 5, 20].map(n => getPause(n, 0.5)).join(), '500,1000,2000,15000,15000', 'pauses');
});

run();
