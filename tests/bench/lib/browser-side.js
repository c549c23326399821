// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Chromium at one end of the link, with the page of the end-to-end tests and what the bench adds to it.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { CHROMIUM } = require('../../e2e/lib/browser.js');
const { cpuSeconds, proportionalBytes } = require('./cost.js');

const E2E_PAGE = path.join(__dirname, '..', '..', 'e2e', 'page');
const BENCH_PAGE = path.join(__dirname, '..', 'page');
const WEB = path.join(__dirname, '..', '..', '..', 'data', 'web');
const ORIGIN = 'http://localhost';
const TYPES = { '.mjs': 'text/javascript' };
const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required',
  '--disable-features=WebRtcHideLocalIpsWithMdns,LocalNetworkAccessChecks', '--enable-blink-features=MediaStreamInsertableStreams',
];

class BrowserSide {
  constructor(bench, end, { sends, receives }) {
    Object.assign(this, { bench, end, sends, receives });
    this.pictures = [];
    this.clicks = [];
    this.errors = [];
  }

  // The browser runs in the namespace; what it is told comes through a pipe.
  wrapper() {
    const file = path.join(this.bench.folder, `chromium-${this.end}`);
    const command = [...this.bench.network.inside(this.end), CHROMIUM].join(' ');
    fs.writeFileSync(file, `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
    return file;
  }

  async prepare(server, room) {
    const { chromium } = require('../../e2e/node_modules/playwright-core');
    const { bench } = this;
    const [width, height] = bench.size;

    this.server = server;
    this.room = room;
    this.instance = await chromium.launchServer({ executablePath: this.wrapper(), headless: true, args: ARGUMENTS });
    const browser = await chromium.connect(this.instance.wsEndpoint());
    this.page = await browser.newPage();
    this.page.on('pageerror', error => this.errors.push(error.message));
    // There is no web server within reach; the pages come from here.
    await this.page.route(`${ORIGIN}/**`, route => {
      const name = path.basename(new URL(route.request().url()).pathname) || 'index.html';
      const file = [path.join(E2E_PAGE, name), path.join(BENCH_PAGE, name), path.join(WEB, name), bench.loop]
        .find(candidate => path.basename(candidate) === name && fs.existsSync(candidate));
      return file ? route.fulfill({ path: file, contentType: TYPES[path.extname(file)] }) : route.fulfill({ status: 404 });
    });
    await this.page.goto(`${ORIGIN}/`);
    await this.page.addScriptTag({ url: '/bench-page.js' });
    await this.page.evaluate(() => window.snug.prepare({ receiveOnly: true }));
    await this.page.evaluate(() => { window.snug.options.receiveOnly = false; window.bench.sendAudio(); });
    if (this.sends)
      await this.page.evaluate(([url, w, h]) => window.bench.sendVideo(url, w, h, 30),
        [`/${path.basename(bench.loop)}`, width, height]);
    await this.page.evaluate(() => window.bench.receive());
  }

  async join() {
    await this.page.evaluate(([url, room, name]) => window.snug.join(url, room, name),
      [this.server, this.room, `side ${this.end}`]);
    await this.page.waitForFunction(() => window.snug.joined);
  }

  // Once there is somebody; who that is must have said so before there is a connection.
  async connected() {
    await this.page.waitForFunction(() => window.bench.connected());
    if (this.sends)
      await this.page.evaluate(kbit => window.bench.cap(kbit), this.bench.maxKbit);
  }

  cpu() {
    return cpuSeconds(this.instance.process().pid);
  }

  memory() {
    return proportionalBytes(this.instance.process().pid);
  }

  async concealed() {
    return this.page.evaluate(() => window.bench.concealed());
  }

  async collect() {
    [this.pictures, this.clicks] = await this.page.evaluate(() => [window.bench.pictures, window.bench.clicks]);
    this.errors.push(...await this.page.evaluate(() => window.snug.errors));
  }

  async close() {
    await this.instance?.close();
  }
}

module.exports = { BrowserSide };
