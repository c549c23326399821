// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A real browser, without a window, at the test page.
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');

const { Failure, onCleanup, until } = require('./harness.js');

const PAGE = path.join(__dirname, '..', 'page');
const WEB = path.join(__dirname, '..', '..', '..', 'data', 'web');
const CHROMIUM = process.env.SNUG_CHROMIUM || '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required',
  '--use-fake-device-for-media-stream',
];
// Whoever may use the camera gets to know addresses anyway, so nothing is hidden from such a page.
const SHOW_ADDRESSES = ['--use-fake-ui-for-media-stream', '--disable-features=WebRtcHideLocalIpsWithMdns'];

// For needs: reasons why there can be no browser.
function browser() {
  if (!fs.existsSync(CHROMIUM))
    return `${CHROMIUM} is not installed`;
  try {
    require.resolve('playwright-core');
  } catch {
    return 'playwright-core is not installed: npm ci --prefix tests/e2e';
  }
  return null;
}

async function servePage() {
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript' };
  const server = http.createServer((request, response) => {
    const name = path.basename(new URL(request.url, 'http://x').pathname) || 'index.html';
    const file = path.join(name.endsWith('.mjs') ? WEB : PAGE, name);
    if (!fs.existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': `${types[path.extname(file)]}; charset=utf-8` });
    response.end(fs.readFileSync(file));
  });
  await new Promise(resolve => { server.listen(0, '127.0.0.1', resolve); });
  onCleanup(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${server.address().port}/`;
}

// One person at a browser.
class Guest {
  constructor(page, name) {
    this.page = page;
    this.name = name;
  }

  async join(url, room) {
    await this.page.evaluate(([where, which, who]) => window.snug.join(where, which, who),
      [url, room, this.name]);
    await this.see('is let in', ({ joined }) => joined);
  }

  look() {
    return this.page.evaluate(() => window.snug.look());
  }

  // Waits until what the page sees is so.
  async see(what, ask, seconds = 20) {
    let seen;
    await until(`${this.name} at the browser: ${what}`, async () => {
      seen = await this.look();
      return ask(seen);
    }, seconds).catch(error => {
      const short = JSON.stringify(seen, (key, value) => (/Sdp$/.test(key) ? undefined : value), 1);
      throw new Failure(`${error.message}\n${short}`);
    });
    return seen;
  }

  // The same for what it sees of one peer.
  async seePeer(name, what, ask, seconds = 20) {
    const seen = await this.see(`${name}: ${what}`, ({ peers }) => peers[name] && ask(peers[name]), seconds);
    return seen.peers[name];
  }

  chat(text) {
    return this.page.evaluate(line => window.snug.chat(line), text);
  }

  share(width, height) {
    return this.page.evaluate(([w, h]) => window.snug.share(w, h), [width, height]);
  }

  setEnabled(media) {
    return this.page.evaluate(what => window.snug.setEnabled(what), media);
  }

  leave() {
    return this.page.evaluate(() => window.snug.leave());
  }
}

// hideAddresses: as a browser does for a page that may use no camera (mDNS names instead of addresses).
// more: arguments of the browser's own.
async function startBrowser({ hideAddresses = false, more = [] } = {}) {
  const { chromium } = require('playwright-core');
  const url = await servePage();
  const instance = await chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    args: [...ARGUMENTS, ...(hideAddresses ? [] : SHOW_ADDRESSES), ...more],
  });
  onCleanup(() => instance.close());
  const openPage = async () => {
    const page = await instance.newPage();
    page.on('pageerror', error => console.log(`# at the browser: ${error.message}`));
    await page.goto(url);
    return page;
  };
  return {
    // The browser itself, for those who bring their own page.
    instance,
    // The bare page, for those who bring their own script.
    page: openPage,
    // options: as of the page's prepare().
    async guest(name, options = {}) {
      const page = await openPage();
      await page.evaluate(what => window.snug.prepare(what), options);
      return new Guest(page, name);
    },
  };
}

module.exports = { CHROMIUM, browser, startBrowser };
