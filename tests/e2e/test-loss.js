// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every twentieth packet of media is lost on the way, in both directions: what is lost is asked for and sent again.
'use strict';

const {
  check, note, run, snugPrograms, startCaller, startServer, test,
} = require('./lib/harness.js');
const { browser, startBrowser } = require('./lib/browser.js');
const { lossy } = require('./lib/lossy.js');
const { startProxy } = require('./lib/proxy.js');

const EVERY_NTH = 20;

async function expectRepair(caller) {
  const stats = await caller.event('stats', {
    received_frames: frames => frames > 150,
    received_packets_repaired: packets => packets > 5,
    received_loss_fraction: fraction => fraction > 0,
  }, 40);
  note(`snug-cli: ${stats.received_frames} frames, ${stats.received_packets_repaired} packets repaired, `
    + `${stats.received_packets_lost} lost, loss ${(stats.received_loss_fraction * 100).toFixed(1)} % in, `
    + `${((stats.sent_loss_fraction ?? 0) * 100).toFixed(1)} % out`);
  await caller.event('stats', { sent_loss_fraction: fraction => fraction > 0.005 && fraction < 0.3 });
  // Half a minute of pictures is not needed to see that they go on.
  const last = caller.findAll('stats').pop();
  await caller.event('stats', { t: t => t > last.t, received_frames_per_second: rate => rate > 15 });
}

for (const snugOffers of [true, false]) {
  test(`${snugOffers ? 'Snug' : 'Chromium'} offers`, async () => {
    const server = await startServer();
    const loss = lossy({ everyNth: EVERY_NTH });
    const proxy = await startProxy(server.url, { ...loss, room: 'garden' });
    const chromium = await startBrowser();
    const guest = await chromium.guest('Guest', { width: 320, height: 240 });
    let caller;
    if (snugOffers) {
      await guest.join(proxy.url, 'garden');
      caller = startCaller(server.url, 'garden', { name: 'Ada' });
    } else {
      caller = startCaller(server.url, 'garden', { name: 'Ada' });
      await caller.event('state', { state: 'joined' });
      await guest.join(proxy.url, 'garden');
    }
    await expectRepair(caller);
    const { inbound, outbound } = await guest.seePeer('Ada', 'repair', peer => (
      peer.inbound.camera?.decoded > 150 && peer.inbound.camera.repaired > 5 && peer.outbound.camera.repaired > 5));
    note(`Chromium in: ${JSON.stringify(inbound.camera)}`);
    note(`Chromium out: ${JSON.stringify(outbound.camera)}`);
    check(loss.paths.some(({ counts }) => counts.lost > 50), 'packets were lost at all');
  });
}

test('Snug with Snug', async () => {
  const server = await startServer();
  const loss = lossy({ everyNth: EVERY_NTH });
  const proxy = await startProxy(server.url, { ...loss, room: 'garden' });
  const ada = startCaller(server.url, 'garden', { name: 'Ada' });
  await ada.event('state', { state: 'joined' });
  const bob = startCaller(proxy.url, 'garden', { name: 'Bob' });
  await expectRepair(ada);
  await expectRepair(bob);
  check(loss.paths.some(({ counts }) => counts.lost > 50), 'packets were lost at all');
});

run({ needs: [snugPrograms, browser] });
