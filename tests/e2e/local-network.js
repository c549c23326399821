// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A local network for tests that are not written in JavaScript (tests/tools/snug_network.py): as many machines as there are names, each
// with a real avahi-daemon. The one line out is {"machines": [{"namespace", "env"}...]}, or {"skip": "why there can be none"}. It is
// there until nothing more can come in.
'use strict';

const { cleanUp, program } = require('./lib/harness.js');
const { LocalNetwork, namespaces } = require('./lib/local-network.js');

function say(what) {
  console.log(JSON.stringify(what));
}

async function main() {
  const needs = [program('ip'), program('avahi-daemon'), program('dbus-daemon'), namespaces];
  const skip = needs.map(need => need()).find(reason => reason);
  if (skip) {
    say({ skip });
    return;
  }
  const network = new LocalNetwork();
  for (const name of process.argv.slice(2))
    await network.add(name);
  say({ machines: network.machines.map(({ namespace, env }) => ({ namespace, env })) });
  await new Promise(resolve => { process.stdin.resume().on('end', resolve); });
}

main().catch(error => say({ error: error.message })).finally(async () => {
  await cleanUp();
  process.exit(0);
});
