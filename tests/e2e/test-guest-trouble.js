// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Guests, and what may go wrong: a shared screen that is stopped, a server that begins anew, a connection that is lost, a page that did not
// come safely, hostile names and lines, and who is not let in.
'use strict';

const {
  check, equal, program, run, snugPrograms, startCaller, startServer, test, until,
} = require('./lib/harness.js');
const { browser, startBrowser } = require('./lib/browser.js');
const { GuestPage, toOrigin } = require('./lib/guest.js');

// more: arguments of the browser's own.
async function startPair(more = []) {
  const server = await startServer();
  const chromium = await startBrowser({ more });
  return { server, chromium, origin: toOrigin(server.url) };
}

test('a screen is shared, and the camera turned off', async () => {
  const { server, chromium, origin } = await startPair();
  const caller = startCaller(server.url, 'garden', { name: 'Ada' });
  const guest = await GuestPage.open(chromium, origin);
  const other = await GuestPage.open(chromium, origin, { name: 'Bea' });
  await guest.join();
  await other.join();
  await other.seePeer('Guest', 'a picture', peer => peer.frames > 0);
  // What the person would choose in the browser's dialog.
  await guest.page.evaluate(() => {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    setInterval(() => {
      context.fillStyle = `hsl(${performance.now() % 360} 80% 50%)`;
      context.fillRect(0, 0, 300, 150);
    }, 66);
    navigator.mediaDevices.getDisplayMedia = () => Promise.resolve(canvas.captureStream(15));
  });
  await guest.page.keyboard.press('s');
  await other.seePeer('Guest', 'the screen', peer => peer.screenFrames > 5);
  await caller.event('first-frame', { media: 'screen' }, 60);
  await guest.see('is told', ({ notice }) => /You are sharing your screen/.test(notice));
  await guest.page.locator('#notice button').click();
  await other.seePeer('Guest', 'no screen', peer => !peer.mediaState.screen);
  await guest.page.keyboard.press('v');
  await other.seePeer('Guest', 'no camera', peer => !peer.mediaState.video && peer.frames === 0);
  equal(await caller.stop(), 0, 'exit code');
});

test('the server begins anew', async () => {
  const { server, chromium, origin } = await startPair();
  const caller = startCaller(server.url, 'garden', { name: 'Ada', echoChat: true });
  await caller.event('state', { state: 'joined' });
  const guest = await GuestPage.open(chromium, origin);
  await guest.join();
  await guest.seeAndHear('Ada');
  server.program.signal('SIGKILL');
  await server.program.exit(5);
  await guest.see('the server is gone', ({ serverConnected, notice }) => !serverConnected && /meeting point/.test(notice));
  await guest.say('still here?');
  await guest.seeLine('still here?', line => !line.mine);
  await startServer('--port', new URL(server.url).port);
  await guest.see('the server is back', ({ serverConnected, notice }) => serverConnected && !notice, 60);
  // Somebody new meets both; between those two nothing has changed.
  const other = await GuestPage.open(chromium, origin, { name: 'Bea' });
  await other.join();
  await other.seePeer('Ada', 'a picture', peer => peer.frames > 0);
  await guest.seePeer('Bea', 'a picture', peer => peer.frames > 0);
  equal((await guest.look()).peers.find(({ name }) => name === 'Ada').generation, 1, 'connections to Ada');
  equal(await caller.stop(), 0, 'exit code');
});

test('a connection that is lost is made anew', async () => {
  const { chromium, origin } = await startPair();
  const guests = [];
  for (const name of ['Bea', 'Cleo']) {
    guests.push(await GuestPage.open(chromium, origin, { name }));
    await guests.at(-1).join();
  }
  await guests[1].seePeer('Bea', 'a picture', peer => peer.frames > 0);
  // As if the path were gone: the one who offered closes its end without a word.
  for (const [loser, other] of [[1, 0], [0, 1]]) {
    const { generation } = (await guests[loser].look()).peers[0];
    await guests[loser].page.evaluate(() => {
      const [peer] = window.snugGuest.call.peers;
      peer.current.close();
      peer.interrupt(true);
    });
    for (const n of [loser, other])
      await guests[n].seePeer(guests[1 - n].name, 'a newer connection', peer => peer.state === 'connected' && peer.generation > generation, 60);
    await guests[0].seeAndHear('Cleo', 60);
    await guests[1].seeAndHear('Bea', 60);
  }
});

test('a page that did not come safely', async () => {
  const { server, chromium } = await startPair(['--host-resolver-rules=MAP snug.test 127.0.0.1']);
  const caller = startCaller(server.url, 'garden', { name: 'Ada', echoChat: true });
  await caller.event('state', { state: 'joined' });
  const guest = await GuestPage.open(chromium, `http://snug.test:${new URL(server.url).port}`);
  check(await guest.page.locator('#insecure').isVisible(), 'the sentence is there');
  check(/neither camera nor microphone/.test(await guest.page.locator('#insecure').textContent()), 'it says what is missing');
  check(/https:/.test(await guest.page.locator('#insecure').textContent()), 'it says how to go on');
  equal(await guest.page.evaluate(() => [window.isSecureContext, typeof crypto.subtle].join()), 'false,undefined', 'what the browser gives');
  await guest.join();
  await guest.seeAndHear('Ada');
  await guest.say('only to watch');
  await guest.seeLine('only to watch', line => line.mine && /Delivered|Read/.test(line.state));
  equal(await caller.stop(), 0, 'exit code');
});

test('nothing but the page itself is let in', async () => {
  const { chromium, origin } = await startPair();
  const guest = await GuestPage.open(chromium, origin, { path: '/' });
  const policy = guest.response.headers()['content-security-policy'];
  check(/default-src 'none'/.test(policy) && !/unsafe/.test(policy), policy);
  const thrown = await guest.page.evaluate(async () => {
    window.refused = [];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => window.refused.push(effectiveDirective));
    const script = document.createElement('script');
    const errors = [];
    for (const attempt of [() => document.body.setAttribute('onclick', 'window.broken = true'), () => { script.textContent = 'window.broken = true'; }]) {
      try {
        attempt();
      } catch (error) {
        errors.push(error.name);
      }
    }
    document.body.append(script);
    document.body.click();
    await fetch('http://127.0.0.1:9/').catch(error => errors.push(error.name));
    return errors.join();
  });
  equal(thrown, 'TypeError,TypeError,TypeError', 'an attribute, a script, a request');
  // The browser tells of each, a little later.
  for (const directive of ['require-trusted-types-for', 'connect-src'])
    await until(`${directive} is told of`, () => guest.page.evaluate(word => window.refused.includes(word), directive));
  check(!await guest.page.evaluate(() => window.broken), 'nothing ran');
});

test('hostile names and lines', async () => {
  const { server, chromium, origin } = await startPair();
  const name = '<img src=x onerror=alert(1)>';
  const text = '<script>window.broken = true</script> javascript:alert(1) https://user:pw@example.org/ \u001b[31m';
  const guest = await GuestPage.open(chromium, origin, { hash: `#${encodeURIComponent('garden')}` });
  await guest.join();
  const caller = startCaller(server.url, 'garden', { name, sendChat: text });
  await guest.seePeer(name, 'a picture', peer => peer.frames > 0);
  await guest.openChat();
  await guest.seeLine(text.replace('\u001b', '\ufffd'), line => !line.mine);
  // What only a broken or hostile peer would send.
  await guest.page.evaluate(() => {
    const [peer] = window.snugGuest.call.peers;
    for (const line of ['', '{', '[]', '{"type":"chat","id":"x","text":7}', '{"type":"reaction","emoji":"<b>"}', '{"type":"hello","features":7}',
      '{"type":"bye","generation":-1,"reason":"left"}', JSON.stringify({ type: 'chat', id: 'y', text: 'x'.repeat(9000) })])
      peer.hearChannel(line);
    for (let n = 0; n < 500; n++)
      peer.hearChannel('{"type":"reaction","emoji":"\ud83d\udc4d"}');
  });
  const seen = await guest.page.evaluate(() => ({
    broken: !!window.broken,
    images: document.querySelectorAll('img, .line script, .line a').length,
    reactions: document.querySelectorAll('#reactions span').length,
    title: document.querySelector('#tiles .tile').getAttribute('aria-label'),
  }));
  equal(seen.broken, false, 'nothing ran');
  equal(seen.images, 0, 'no elements of theirs');
  check(seen.reactions <= 24, `${seen.reactions} reactions`);
  check(seen.title.startsWith(name), seen.title);
  await guest.see('goes on', ({ peers }) => peers.length === 1 && peers[0].state === 'connected');
  equal(await caller.stop(), 0, 'exit code');
});

test('who is not let in is told why', async () => {
  const server = await startServer('--room-size', '1');
  const chromium = await startBrowser();
  const origin = toOrigin(server.url);
  const first = await GuestPage.open(chromium, origin);
  await first.page.fill('#room', '');
  await first.page.click('#join');
  equal(await first.page.locator('#room-problem').textContent(), 'Which room do you want to join?', 'no room');
  await first.page.fill('#room', 'garden');
  await first.join();
  const second = await GuestPage.open(chromium, origin, { name: 'Bea' });
  await second.page.click('#join');
  await until('a sentence', async () => /This room is full/.test(await second.page.locator('#join-problem').textContent()), 60);
  await server.program.stop();
  await second.page.click('#join');
  await until('another', async () => /meeting point/.test(await second.page.locator('#join-problem').textContent()), 60);
});

run({ needs: [snugPrograms, program('chromium'), browser] });
