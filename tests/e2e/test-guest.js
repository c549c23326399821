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

// more: arguments of the browser's own.
async function startPair(more = []) {
  const server = await startServer();
  const chromium = await startBrowser({ more });
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
    // With the chat open there is less place.
    check(await guest.page.evaluate(() => {
      const [own, bar] = ['self-view', 'bar'].map(id => document.getElementById(id).getBoundingClientRect());
      return own.width > 0 && (own.bottom <= bar.top || own.left >= bar.right);
    }), 'one\'s own picture covers no button');
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

test('guests with each other and with snug-cli, three in a room, who compare their codes', async () => {
  const { server, chromium, origin } = await startPair();
  const first = await GuestPage.open(chromium, origin, { name: 'Bea' });
  await first.join();
  check((await first.page.locator('#waiting-title').textContent()) === 'You are the first one here', 'alone');
  // At a phone, in German.
  const second = await GuestPage.open(chromium, origin, { name: 'Cleo', locale: 'de', viewport: { width: 360, height: 720 } });
  await second.join();
  await first.seeAndHear('Cleo');
  await second.seeAndHear('Bea');
  const caller = startCaller(server.url, 'garden', { name: 'Ada', echoChat: true });
  for (const guest of [first, second])
    await guest.seeAndHear('Ada');
  await until('Ada has the pictures of two', () => caller.findAll('first-frame', { media: 'video' }).length === 2, 60);

  await second.say('hello, all');
  await first.openChat();
  await first.seeLine('hello, all', line => !line.mine);
  await second.seeLine('hello, all', line => line.mine && /Zugestellt|Gelesen/.test(line.state));

  equal((await first.readCode('Cleo')).join(' '), (await second.readCode('Bea')).join(' '), 'the code of both');
  await first.confirm('Cleo');
  await second.page.close();
  await first.see('Cleo is gone', ({ peers }) => peers.length === 1, 60);
  equal(await caller.stop(), 0, 'exit code');
  await first.see('nobody is left', ({ peers }) => peers.length === 0);
});

run({ needs: [snugPrograms, program('chromium'), browser] });
