// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// As much of WebSocket (RFC 6455) as the tests need, on both sides: text frames, close, ping. Unlike a library
// it can also misbehave on request.
'use strict';

const crypto = require('node:crypto');
const { EventEmitter } = require('node:events');
const http = require('node:http');

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

// One end of an upgraded connection. Emits 'text' (string), 'close'.
class WebSocketEnd extends EventEmitter {
  constructor(socket, isClient, head) {
    super();
    this.socket = socket;
    this.isClient = isClient;
    this.buffer = head && head.length ? head : Buffer.alloc(0);
    this.fragments = [];
    this.open = true;
    socket.setNoDelay(true);
    socket.on('data', data => this._read(data));
    socket.on('error', () => {});
    socket.on('close', () => this._closed());
    if (this.buffer.length)
      setImmediate(() => this._read(Buffer.alloc(0)));
  }

  send(text) {
    this._write(TEXT, Buffer.from(text, 'utf8'));
  }

  sendBinary(bytes) {
    this._write(BINARY, bytes);
  }

  // Says goodbye, then closes.
  close(code = 1000) {
    const body = Buffer.alloc(2);
    body.writeUInt16BE(code);
    this._write(CLOSE, body);
    this.socket.end();
  }

  // Is gone from one moment to the next.
  destroy() {
    this.socket.destroy();
  }

  _closed() {
    if (!this.open)
      return;
    this.open = false;
    this.emit('close');
  }

  _write(opcode, body) {
    if (this.socket.destroyed || this.socket.writableEnded)
      return;
    const mask = this.isClient ? 0x80 : 0;
    let head;
    if (body.length < 126) {
      head = Buffer.from([0x80 | opcode, mask | body.length]);
    } else if (body.length < 65536) {
      head = Buffer.from([0x80 | opcode, mask | 126, 0, 0]);
      head.writeUInt16BE(body.length, 2);
    } else {
      head = Buffer.alloc(10);
      head[0] = 0x80 | opcode;
      head[1] = mask | 127;
      head.writeBigUInt64BE(BigInt(body.length), 2);
    }
    if (mask) {
      const key = crypto.randomBytes(4);
      const masked = Buffer.from(body);
      for (let i = 0; i < masked.length; i++)
        masked[i] ^= key[i & 3];
      this.socket.write(Buffer.concat([head, key, masked]));
    } else {
      this.socket.write(Buffer.concat([head, body]));
    }
  }

  _read(data) {
    this.buffer = data.length ? Buffer.concat([this.buffer, data]) : this.buffer;
    for (;;) {
      const { buffer } = this;
      if (buffer.length < 2)
        return;
      let length = buffer[1] & 0x7f;
      let at = 2;
      if (length === 126) {
        if (buffer.length < 4)
          return;
        length = buffer.readUInt16BE(2);
        at = 4;
      } else if (length === 127) {
        if (buffer.length < 10)
          return;
        length = Number(buffer.readBigUInt64BE(2));
        at = 10;
      }
      const masked = buffer[1] & 0x80;
      const end = at + (masked ? 4 : 0) + length;
      if (buffer.length < end)
        return;
      const body = Buffer.from(buffer.subarray(end - length, end));
      if (masked) {
        for (let i = 0; i < body.length; i++)
          body[i] ^= buffer[at + (i & 3)];
      }
      this.buffer = buffer.subarray(end);
      this._frame(buffer[0] & 0x0f, (buffer[0] & 0x80) !== 0, body);
    }
  }

  _frame(opcode, final, body) {
    switch (opcode) {
      case 0:
      case TEXT:
      case BINARY:
        this.fragments.push(body);
        if (final) {
          const whole = Buffer.concat(this.fragments);
          this.fragments = [];
          this.emit('text', whole.toString('utf8'));
        }
        break;
      case PING:
        this._write(PONG, body);
        break;
      case CLOSE:
        this._write(CLOSE, body);
        this.socket.end();
        break;
      default:
        break;
    }
  }
}

// Resolves to an open WebSocketEnd, or rejects.
function connect(url, { protocol = 'snug.1' } = {}) {
  const { hostname, port, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: hostname,
      port,
      path: pathname + search,
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': crypto.randomBytes(16).toString('base64'),
        ...(protocol ? { 'Sec-WebSocket-Protocol': protocol } : {}),
      },
    });
    request.on('upgrade', (response, socket, head) => resolve(new WebSocketEnd(socket, true, head)));
    request.on('response', response => {
      response.resume();
      reject(new Error(`the server answered ${response.statusCode}`));
    });
    request.on('error', reject);
    request.end();
  });
}

// Listens on a free port of the loopback interface and hands every WebSocket to onClient. options.protocol is
// what the answer names; null names none. options.delay holds the answer to the upgrade back.
async function listen(onClient, { protocol = 'snug.1', delay = 0 } = {}) {
  const ends = new Set();
  const server = http.createServer((request, response) => {
    response.writeHead(404);
    response.end();
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {});
    const accept = crypto.createHash('sha1')
      .update(request.headers['sec-websocket-key'] + GUID).digest('base64');
    const answer = () => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
        + `Sec-WebSocket-Accept: ${accept}\r\n`
        + (protocol ? `Sec-WebSocket-Protocol: ${protocol}\r\n` : '') + '\r\n');
      const end = new WebSocketEnd(socket, false, head);
      ends.add(end);
      end.on('close', () => ends.delete(end));
      onClient(end, request);
    };
    if (delay)
      setTimeout(answer, delay);
    else
      answer();
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${server.address().port}/snug`,
    ends,
    close() {
      for (const end of ends)
        end.destroy();
      server.close();
      server.closeAllConnections();
    },
  };
}

module.exports = { WebSocketEnd, connect, listen };
