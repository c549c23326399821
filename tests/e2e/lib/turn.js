// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A real relay (coturn) on an address of this machine that is not the loopback's: ICE never relays by way of that.
'use strict';

const crypto = require('node:crypto');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');

const { Program, program, temporaryFolder, until } = require('./harness.js');

const REALM = 'snug.test';

function address() {
  const all = Object.values(os.networkInterfaces()).flat();
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}

// For needs.
function relay() {
  return program('turnserver')() || (address() ? null : 'no network interface but the loopback');
}

async function freePort() {
  const server = net.createServer();
  await new Promise(resolve => { server.listen(0, address(), resolve); });
  const { port } = server.address();
  await new Promise(resolve => { server.close(resolve); });
  return port;
}

function answers(port) {
  return new Promise(resolve => {
    const socket = net.connect(port, address(), () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

// user and password: the one pair that it knows; with a secret it takes the pairs of rest() instead. tcpOnly: clients
// can't come by UDP.
// Answers { uri ({ name, word, transport }), lines, stop () }.
async function startRelay(user, password, { secret, tcpOnly } = {}) {
  const port = await freePort();
  const server = new Program('turnserver', [
    '-n', '--listening-ip', address(), '--relay-ip', address(), '--listening-port', String(port), '--realm', REALM,
    ...(secret ? ['--use-auth-secret', '--static-auth-secret', secret]
      : ['--lt-cred-mech', '--user', `${user}:${password}`]),
    ...(tcpOnly ? ['--no-udp'] : []), '--no-tls', '--no-dtls', '--no-cli', '--pidfile', path.join(temporaryFolder(), 'pid'),
    '--log-file', 'stdout', '--verbose', '--simple-log',
  ]);
  await until('the relay listens', () => answers(port));
  const encode = encodeURIComponent;
  return {
    uri: ({ name = user, word = password, transport } = {}) => (
      `turn:${encode(name)}:${encode(word)}@${address()}:${port}${transport ? `?transport=${transport}` : ''}`),
    lines: server.lines,
    stop: () => server.kill(),
  };
}

// Credentials that a web service would hand out for a while: "expiry:name" and its signature.
function rest(secret, name) {
  const user = `${Math.floor(Date.now() / 1000) + 3600}:${name}`;
  return { name: user, word: crypto.createHmac('sha1', secret).update(user).digest('base64') };
}

module.exports = { relay, rest, startRelay };
