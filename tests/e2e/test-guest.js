// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Guests: the page that the server serves, in a real browser, with snug-cli and with each other.
'use strict';

const {
  check, equal, note, program, run, snugPrograms, startCaller, startServer, test, until,
} = require('./lib/harness.js');
const { browser, startBrowser } = require('./lib/browser.js');
const { GuestPage, toOrigin } = require('./lib/guest.js');

async function expectCall(caller, guest, name = 'Ada') {
  await caller.event('first-frame', { media: 'video' });
  await caller.event('first-frame', { media: 'audio' });
  await guest.seeAndHear(name);
}

async function startPair() {
  const server = await startServer();
  const chromium = await startBrowser();
  return { server, chromium, origin: toOrigin(server.url) };
}

for (const guestFirst of [false, true]) {
  test(`snug-cli and a guest, who ${guestFirst ? 'answers' : 'offers'}`, async () => {
    const { server, chromium, origin } = await startPair();
    const guest = await GuestPage.open(chromium, origin, { room: 'Garden Shed' });
    const start = () => startCaller(server.url, 'garden-shed', { name: 'Ada', echoChat: true });
    let caller;
    if (guestFirst) {
      await guest.join();
      caller = start();
    } else {
      caller = start();
      await caller.event('state', { state: 'joined' });
      await guest.join();
    }
    const began = performance.now();
    await expectCall(caller, guest);
    note(`picture and sound after ${Math.round(performance.now() - began)} ms`);
    equal((await guest.look()).peers[0].offers, !guestFirst, 'the guest offers');

    await guest.say('Hello <b>Ada</b> \u{1F44B}');
    await guest.seeLine('Hello <b>Ada</b> \u{1F44B}', line => line.mine && /Delivered|Read/.test(line.state));
    await guest.seeLine('Hello <b>Ada</b> \u{1F44B}', line => !line.mine);
    await guest.page.keyboard.press('Escape');
    await guest.page.keyboard.press('h');
    await caller.event('hand', { raised: true });
    await guest.page.click('#react');
    await guest.page.locator('#reaction-menu button').first().click();
    await caller.event('reaction', { emoji: '\u{1F44D}' });
    await guest.page.keyboard.press('v');
    await caller.event('peer', { change: 'media', video: false });
    await guest.leave();
    await caller.event('peer', { change: 'left' });
    equal(await caller.stop(), 0, 'exit code');
  });
}

run({ needs: [snugPrograms, program('chromium'), browser] });
