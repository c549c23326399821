// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Go's pion in a room with snug-cli, through the server: sealed messages, trickle ICE, both roles. pion sends no media of its own;
// it counts what comes.
'use strict';

const { check, equal, note, Program, run, snugPrograms, startCaller, startServer, test } = require('./lib/harness.js');
const { buildPion } = require('./lib/pion.js');

function startPion(server) {
  return new Program(buildPion('pion-in-room').program, [server.url, 'garden', 'Pia'], { stdin: 'pipe' });
}

for (const pionFirst of [false, true]) {
  test(`pion ${pionFirst ? 'answers' : 'offers'}`, async () => {
    const server = await startServer();
    const startAda = () => startCaller(server.url, 'garden', { name: 'Ada', echoChat: true });
    let ada;
    let pion;
    if (pionFirst) {
      pion = startPion(server);
      await pion.event('joined');
      ada = startAda();
    } else {
      ada = startAda();
      await ada.event('state', { state: 'joined' });
      pion = startPion(server);
    }
    const began = performance.now();
    await pion.event('present', { name: 'Ada' });
    await pion.event('candidate', {}, 40);
    await pion.event('connected', {}, 60);
    await ada.event('peer', { name: 'Pia', state: 'connected' }, 60);
    for (const [kind, codec] of [['audio', /opus/i], ['video', /VP8/i]])
      await pion.event('packets', { kind, codec: name => codec.test(name), packets: 50 }, 60);
    note(`sound and picture at pion after ${Math.round(performance.now() - began)} ms`);
    await ada.event('chat', { text: 'hello from pion' });
    await pion.event('acknowledged', { id: 'pion-1' });
    await pion.event('chat', { text: 'hello from pion' });
    pion.child.stdin.write('and more\n');
    await ada.event('chat', { text: 'and more' });
    pion.child.stdin.end();
    equal(await pion.exit(30), 0, 'exit code of pion');
    await ada.event('peer', { change: 'left', name: 'Pia' }, 60);
    equal(await ada.stop(), 0, 'exit code');
    check(!ada.find('peer', { state: 'failed' }), 'nobody failed');
  });
}

run({ needs: [snugPrograms, () => buildPion('pion-in-room').reason] });
