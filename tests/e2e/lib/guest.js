// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A person at the page that the server itself serves, who reads and presses what is there.
'use strict';

const { check, until, Failure } = require('./harness.js');

// Nothing that the browser says of the page may be a surprise: a refused script or a lost Promise fails the test. Servers that are gone are
// none, nor is what does not hold for a page that came without HTTPS.
const EXPECTED = /ERR_CONNECTION|WebSocket connection to|Cross-Origin-Opener-Policy header has been ignored/;
function watch(page, complaints) {
  page.on('pageerror', error => complaints.push(error.message));
  page.on('console', message => {
    if (message.type() === 'error' && !EXPECTED.test(message.text()))
      complaints.push(message.text());
  });
}

class GuestPage {
  // origin: http://HOST:PORT. options: of the browser's context, as viewport, locale, colorScheme.
  static async open(chromium, origin, { room = 'garden', name = 'Guest', path = '/r', hash = `#${encodeURIComponent(room)}`, ...options } = {}) {
    const context = await chromium.instance.newContext({ viewport: { width: 1200, height: 750 }, locale: 'en', ...options });
    const page = await context.newPage();
    const guest = new GuestPage();
    Object.assign(guest, { context, page, name, complaints: [] });
    watch(page, guest.complaints);
    page.setDefaultTimeout(60000);
    guest.response = await page.goto(`${origin}${path}${hash}`, { timeout: 120000 });
    await page.locator('#lobby').waitFor();
    await page.fill('#name', name);
    return guest;
  }

  async join() {
    await this.page.click('#join');
    await this.page.locator('#call').waitFor({ timeout: 30000 });
  }

  // What is there for somebody to see, by name.
  look() {
    return this.page.evaluate(() => {
      const { call, stage } = window.snugGuest;
      return {
        state: call?.state,
        serverConnected: call?.serverConnected,
        peers: (call?.peers || []).map(peer => {
          const video = stage?.tiles.get(`${peer.id}/camera`)?.video;
          const screen = stage?.tiles.get(`${peer.id}/screen`)?.video;
          return {
            name: peer.name, state: peer.state, failure: peer.failure, offers: peer.offers, hand: peer.handRaised, mediaState: peer.mediaState,
            generation: peer.current?.generation, channel: peer.channelOpen,
            frames: video && !video.hidden ? video.getVideoPlaybackQuality().totalVideoFrames : 0,
            screenFrames: screen ? screen.getVideoPlaybackQuality().totalVideoFrames : 0,
          };
        }),
        lines: Array.from(document.querySelectorAll('.line'), line => ({
          mine: line.classList.contains('mine'), text: line.querySelector('.bubble').textContent, state: line.querySelector('.state').textContent })),
        notice: document.getElementById('notice').textContent,
        toast: document.getElementById('toast').textContent,
      };
    });
  }

  async see(what, ask, seconds = 60) {
    let seen;
    await until(`${this.name}: ${what}`, async () => {
      check(this.complaints.length === 0, `the browser complains: ${this.complaints.join('\n')}`);
      seen = await this.look();
      return ask(seen);
    }, seconds).catch(error => { throw new Failure(`${error.message}\n${JSON.stringify(seen, null, 1)}`); });
    return seen;
  }

  async seePeer(name, what, ask, seconds) {
    const find = ({ peers }) => peers.find(peer => peer.name === name);
    return find(await this.see(`${name}: ${what}`, seen => find(seen) && ask(find(seen)), seconds));
  }

  // Pictures that go on, and sound that is heard.
  async seeAndHear(name, seconds) {
    const { frames } = await this.seePeer(name, 'a picture', peer => peer.frames > 0, seconds);
    await this.seePeer(name, 'pictures go on', peer => peer.frames > frames + 10, seconds);
    await until(`${this.name} hears ${name}`, () => this.energyOf(name), seconds);
  }

  energyOf(name) {
    return this.page.evaluate(async who => {
      const peer = window.snugGuest.call.peers.find(one => one.name === who);
      let energy = 0;
      (await peer.current.pc.getStats()).forEach(entry => {
        if (entry.type === 'inbound-rtp' && entry.kind === 'audio')
          energy = entry.totalAudioEnergy;
      });
      return energy;
    }, name);
  }

  async openChat() {
    if (await this.page.locator('#chat-page').isHidden())
      await this.page.click('#chat-button');
  }

  async say(text) {
    await this.openChat();
    await this.page.fill('#chat-text', text);
    await this.page.keyboard.press('Enter');
  }

  seeLine(text, ask = () => true) {
    return this.see(`the line ${text}`, ({ lines }) => lines.some(line => line.text === text && ask(line)));
  }

  // Where people compare their code with that person: what is shown of it.
  async findPerson(name) {
    if (await this.page.locator('#people-page').isHidden())
      await this.page.evaluate(() => window.snugGuest.stage.togglePanel('people'));
    return this.page.locator('.person').filter({ hasText: name });
  }

  // The words of the code with that person.
  async readCode(name) {
    const person = await this.findPerson(name);
    await until(`${this.name} has a code for ${name}`, () => person.locator('.code').isVisible(), 60);
    return person.locator('.code .meta').allTextContents();
  }

  // Both have the same, says the person.
  async confirm(name) {
    const person = await this.findPerson(name);
    await person.locator('button').click();
    await until(`${name} is confirmed to ${this.name}`, async () => /Confirmed/.test(await person.textContent()));
  }

  async leave() {
    await this.page.click('#leave');
    await this.page.locator('#ended').waitFor();
  }
}

// What a server's address is to a browser.
function toOrigin(url) {
  const { host } = new URL(url);
  return `http://${host}`;
}

module.exports = { GuestPage, toOrigin };
