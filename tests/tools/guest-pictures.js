// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pictures of the guest page, of a real call with people who use snug-cli: guest.png and guest-narrow.png.
//
//   SNUG_STILL_CAMERA=1 SNUG_SERVER=... SNUG_CLI=... node tests/tools/guest-pictures.js FOLDER
'use strict';

const { execFileSync } = require('node:child_process');
const path = require('node:path');

const { run, snugPrograms, startCaller, startServer, temporaryFolder, test } = require('../e2e/lib/harness.js');
const { browser, startBrowser } = require('../e2e/lib/browser.js');
const { GuestPage, toOrigin } = require('../e2e/lib/guest.js');

const [, , folder] = process.argv;
process.argv.length = 2;
const ROOM = 'garden-shed';
const PEOPLE = [['Maya Okafor', 1], ['Omar Haddad', 3], ['Lena Fischer', 4]];

function makeClip(scratch, number) {
  const file = path.join(scratch, `${number}.webm`);
  execFileSync(path.join(__dirname, 'virtual-media'), ['clip', String(number), file], { stdio: 'ignore' });
  return file;
}

// What the browser's camera shows.
function makeCamera(scratch) {
  const file = path.join(scratch, 'camera.y4m');
  execFileSync('gst-launch-1.0', ['-q', 'filesrc', `location=${makeClip(scratch, 2)}`, '!', 'matroskademux', '!', 'vp8dec', '!', 'videoconvert', '!',
    'videoscale', '!', 'video/x-raw,format=I420,width=960,height=540', '!', 'y4menc', '!', 'filesink', `location=${file}`]);
  return file;
}

async function takePicture(guest, name) {
  const file = path.join(folder, `${name}.png`);
  // Until what comes is large, and has been for long enough to be sharp.
  await guest.page.waitForFunction(() => {
    const large = Array.from(document.querySelectorAll('#tiles video')).every(video => video.videoWidth >= 640);
    window.largeSince = large ? window.largeSince ?? performance.now() : undefined;
    return performance.now() - window.largeSince > 4000;
  }, null, { timeout: 120000 });
  await guest.page.screenshot({ path: file });
  execFileSync('convert', [file, '-strip', '-dither', 'FloydSteinberg', '-colors', '256', '-define', 'png:exclude-chunks=date,time',
    '-define', 'png:compression-level=9', `PNG8:${file}`]);
}

test('pictures', async () => {
  const scratch = temporaryFolder();
  const server = await startServer();
  const chromium = await startBrowser({ more: [`--use-file-for-fake-video-capture=${makeCamera(scratch)}`] });
  const origin = toOrigin(server.url);
  const options = { room: ROOM, name: 'Robin Vale', colorScheme: 'light' };
  const start = ([name, number], more) => startCaller(server.url, ROOM, {
    name, video: makeClip(scratch, number), videoSize: '640x360', framerate: '15', audio: 'none', ...more });
  const talk = { sendChat: ['Can you see the seedlings?', 'Look, the first leaves!'], audio: 'test' };
  const maya = start(PEOPLE[0], talk);
  const narrow = await GuestPage.open(chromium, origin, { ...options, viewport: { width: 360, height: 720 } });
  await narrow.join();
  await narrow.seePeer('Maya Okafor', 'a picture', peer => peer.frames > 30);
  await takePicture(narrow, 'guest-narrow');
  await narrow.context.close();
  await maya.stop();
  // Who says something is heard by the first one who is there.
  const wide = await GuestPage.open(chromium, origin, options);
  await wide.join();
  start(PEOPLE[0], talk);
  await wide.openChat();
  await wide.seeLine('Look, the first leaves!');
  PEOPLE.slice(1).forEach(person => start(person));
  for (const [name] of PEOPLE)
    await wide.seePeer(name, 'a picture', peer => peer.frames > 30);
  await wide.say('Yes! They are lovely.');
  await wide.seeLine('Yes! They are lovely.', line => /Delivered|Read/.test(line.state));
  await takePicture(wide, 'guest');
});

run({ needs: [snugPrograms, browser] });
