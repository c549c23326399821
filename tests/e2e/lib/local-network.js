// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A local network: a bridge, and machines at it that are network namespaces, each with a system bus and an avahi-daemon of
// its own.
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { Program, onCleanup, temporaryFolder, until } = require('./harness');

const BUS_CONFIG = socket => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

let created = 0;

function ip(...args) {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

// For needs.
function namespaces() {
  if (process.getuid() !== 0)
    return 'network namespaces can only be made by root';
  const name = `snug-try-${process.pid}`;
  try {
    ip('netns', 'add', name);
    ip('-n', name, 'link', 'add', 'br0', 'type', 'bridge');
  } catch (error) {
    return `no network namespace with a bridge can be made: ${String(error.stderr || error.message).trim()}`;
  } finally {
    try {
      ip('netns', 'del', name);
    } catch {
      // It was not made.
    }
  }
  return null;
}

// One computer. ipv4: FALSE: it has only the address that IPv6 gives everybody.
class Machine {
  constructor(network, name, number, { ipv4 = true, avahi = true } = {}) {
    this.network = network;
    this.name = name;
    this.namespace = `${network.id}${number}`;
    this.port = `p${number}`;
    this.folder = path.join(network.folder, this.namespace);
    this.bus = path.join(this.folder, 'bus');
    fs.mkdirSync(this.folder, { mode: 0o755 });
    ip('netns', 'add', this.namespace);
    onCleanup(() => ip('netns', 'del', this.namespace));
    ip('-n', network.bridge, 'link', 'add', this.port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', this.namespace);
    ip('-n', network.bridge, 'link', 'set', this.port, 'master', 'br0', 'up');
    ip('-n', this.namespace, 'link', 'set', 'lo', 'up');
    if (ipv4)
      ip('-n', this.namespace, 'addr', 'add', `10.79.0.${number}/24`, 'dev', 'eth0');
    this.setLink(true);
    this.hasAvahi = avahi;
  }

  get env() {
    return { DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${this.bus}`, G_DEBUG: 'fatal-warnings' };
  }

  // The cable.
  setLink(up) {
    ip('-n', this.namespace, 'link', 'set', 'eth0', up ? 'up' : 'down');
  }

  // What comes through the cable; nobody here is told.
  setReach(up) {
    ip('-n', this.network.bridge, 'link', 'set', this.port, up ? 'up' : 'down');
  }

  run(file, args, options = {}) {
    return new Program('ip', ['netns', 'exec', this.namespace, file, ...args],
      { ...options, env: { ...this.env, ...options.env } });
  }

  // The bus, and Avahi on it.
  async start() {
    const busConfig = path.join(this.folder, 'bus.conf');
    fs.writeFileSync(busConfig, BUS_CONFIG(this.bus));
    this.run('dbus-daemon', [`--config-file=${busConfig}`, '--nofork', '--nopidfile']);
    await until(`the bus of ${this.name}`, () => fs.existsSync(this.bus));
    if (!this.hasAvahi)
      return;
    const config = path.join(this.folder, 'avahi.conf');
    fs.writeFileSync(config, `[server]\nhost-name=${this.name}\nuse-ipv4=yes\nuse-ipv6=yes\nratelimit-interval-usec=1000000\nratelimit-burst=1000\n`);
    // It keeps the number of its process where all others of the machine would.
    this.avahi = this.run('sh', ['-c', 'mount -t tmpfs tmpfs /run && mkdir /run/avahi-daemon && exec avahi-daemon "$@"', 'sh',
      '-f', config, '--no-drop-root', '--no-chroot', '--no-rlimits']);
    await until(`Avahi of ${this.name}`, () => this.avahi.errors.some(line => /Server startup complete/.test(line)));
  }

  call(room, name, ...options) {
    return this.run(process.env.SNUG_CLI, ['call', room, '--local', '--json', '--name', name, '--video', 'test', '--video-size',
      '320x240', '--audio', 'test', '--stats-interval', '0.1', ...options],
    { env: { G_MESSAGES_DEBUG: 'snug-signaling snug-server' } });
  }

  // Announces something, as anybody may.
  async announce(service, port, ...texts) {
    const program = this.run('avahi-publish-service', [service, '_snug._tcp', String(port), ...texts]);
    await until(`${service} is announced`, () => program.errors.some(line => /Established under name/.test(line)));
    return program;
  }
}

class LocalNetwork {
  constructor() {
    created++;
    this.id = `snugavahi${process.pid % 100000}x${created}m`;
    this.bridge = `${this.id}0`;
    this.folder = temporaryFolder();
    fs.chmodSync(this.folder, 0o755);
    this.machines = [];
    ip('netns', 'add', this.bridge);
    onCleanup(() => ip('netns', 'del', this.bridge));
    ip('-n', this.bridge, 'link', 'add', 'br0', 'type', 'bridge');
    ip('-n', this.bridge, 'link', 'set', 'br0', 'up');
  }

  async add(name, options) {
    const machine = new Machine(this, name, this.machines.length + 1, options);
    this.machines.push(machine);
    await machine.start();
    return machine;
  }
}

module.exports = { LocalNetwork, namespaces };
