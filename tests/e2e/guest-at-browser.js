// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A guest for tests that are not written in JavaScript (tests/tools/snug_guest.py). A line in is [METHOD, ARGUMENT...]: open with
// {origin, room, name}, then any of GuestPage, or screenshot with a path. A line out is {"answer": ...} or {"error": "why not"}; the first
// is {"ready": null}, or the reason why there can be no browser. Ends when nothing more can come in.
'use strict';

const readline = require('node:readline');

const { cleanUp } = require('./lib/harness.js');
const { browser, startBrowser } = require('./lib/browser.js');
const { GuestPage } = require('./lib/guest.js');

function say(what) {
  console.log(JSON.stringify(what));
}

const guest = {
  page: null,

  async do(method, args) {
    if (method === 'open') {
      const [{ origin, ...options }] = args;
      this.page = await GuestPage.open(await startBrowser(), origin, options);
      return null;
    }
    if (method === 'screenshot')
      return (await this.page.page.screenshot({ path: args[0] })).length;
    return this.page[method](...args);
  },
};

async function main() {
  const reason = browser();
  say({ ready: reason });
  for await (const line of reason ? [] : readline.createInterface({ input: process.stdin })) {
    const [method, ...args] = JSON.parse(line);
    try {
      say({ answer: await guest.do(method, args) ?? null });
    } catch (error) {
      say({ error: error.message });
    }
  }
  await cleanUp();
  process.exit(0);
}

main();
