// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A real relay (coturn) on an address of this machine that is not the loopback's: ICE never relays by way of that.
'use strict';

const { execFileSync } = require('node:child_process');
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

// Of a certificate for this address and its key. Answers { certificate, key }: paths.
function makeCertificate() {
  const folder = temporaryFolder();
  const certificate = path.join(folder, 'certificate.pem');
  const key = path.join(folder, 'key.pem');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj',
    '/CN=relay', '-addext', `subjectAltName=IP:${address()}`, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  return { certificate, key };
}

// What a command stands behind that is to trust no authority but this one, as if the system did.
function trusting(certificate) {
  return ['unshare', '--mount', 'sh', '-c', `mount --bind ${certificate} /etc/ssl/certs/ca-certificates.crt && exec "$0" "$@"`];
}

// user and password: the one pair that it knows; with a secret it takes the pairs of rest() instead. tcpOnly: clients
// can't come by UDP. tls: { certificate, key }: they can come by TLS only.
// port: a free one unless given. Answers { uri ({ name, word, transport }), port, lines, stop () }.
async function startRelay(user, password, { secret, tcpOnly, tls, port } = {}) {
  port ??= await freePort();
  const server = new Program('turnserver', [
    '-n', '--listening-ip', address(), '--relay-ip', address(), tls ? '--tls-listening-port' : '--listening-port', String(port), '--realm',
    REALM,
    ...(secret ? ['--use-auth-secret', '--static-auth-secret', secret]
      : ['--lt-cred-mech', '--user', `${user}:${password}`]),
    ...(tcpOnly ? ['--no-udp'] : []), ...(tls ? ['--cert', tls.certificate, '--pkey', tls.key, '--no-udp', '--no-tcp'] : ['--no-tls']),
    '--no-dtls', '--no-cli', '--pidfile', path.join(temporaryFolder(), 'pid'),
    '--log-file', 'stdout', '--verbose', '--simple-log',
  ]);
  await until('the relay listens', () => answers(port));
  const encode = encodeURIComponent;
  return {
    uri: ({ name = user, word = password, transport } = {}) => (
      `${tls ? 'turns' : 'turn'}:${encode(name)}:${encode(word)}@${address()}:${port}${transport ? `?transport=${transport}` : ''}`),
    port,
    lines: server.lines,
    stop: () => server.kill(),
  };
}

// Credentials that a web service would hand out for a while: "expiry:name" and its signature.
function rest(secret, name) {
  const user = `${Math.floor(Date.now() / 1000) + 3600}:${name}`;
  return { name: user, word: crypto.createHmac('sha1', secret).update(user).digest('base64') };
}

module.exports = { makeCertificate, relay, rest, startRelay, trusting };
