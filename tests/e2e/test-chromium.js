// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Calls between snug-cli and Chromium.
'use strict';

const {
  check, equal, note, program, run, snugPrograms, startCaller, startServer, test, until,
} = require('./lib/harness.js');
const { browser, startBrowser } = require('./lib/browser.js');

// Milliseconds on the caller's own clock from one event to the other.
function between(caller, from, to) {
  return Math.round((to.t - from.t) * 1000);
}

// Picture, sound and chat, both ways.
async function expectCall(caller, guest, { width = 320, height = 240 } = {}) {
  const joined = await caller.event('state', { state: 'joined' });
  const connected = await caller.event('connected');
  const video = await caller.event('first-frame', { media: 'video' });
  const audio = await caller.event('first-frame', { media: 'audio' });
  note(`snug-cli: connected ${between(caller, joined, connected)} ms, video ${between(caller, joined, video)} ms, `
    + `audio ${between(caller, joined, audio)} ms after joining`);

  const first = await guest.seePeer('Ada', 'a picture', peer => peer.firstFrame.camera !== undefined);
  note(`Chromium: first picture ${Math.round(first.firstFrame.camera - first.knownAt)} ms after they met, `
    + `chat open ${Math.round(first.channelOpenAt - first.knownAt)} ms`);
  const before = first.inbound.camera?.decoded || 0;
  const sound = first.inbound.audio?.energy || 0;
  const seen = await guest.seePeer('Ada', 'pictures go on, sound is heard', ({ inbound }) => (
    inbound.camera?.decoded > before + 15 && inbound.audio?.energy > sound));
  equal(seen.inbound.camera.codec, 'video/VP8', 'codec');
  equal(seen.inbound.camera.width, width, 'width at Chromium');
  equal(seen.inbound.camera.height, height, 'height at Chromium');
  note(`Chromium: pair ${JSON.stringify(seen.pair)}, out ${JSON.stringify(seen.outbound.camera)}`);

  const stats = await caller.event('stats', {
    received_frames: frames => frames > 20,
    received_width: 640,
    received_height: 480,
    received_frames_per_second: rate => rate > 5,
  });
  check(stats.audio_level_dbfs !== undefined, 'an audio level');
  await caller.event('stats', { audio_level_dbfs: level => level > -60 });
  note(`snug-cli: ${stats.received_frames_per_second.toFixed(1)} frames/s, level ${stats.audio_level_dbfs}`);
}

// What RTCP carries: reports, transport feedback; and nothing is asked for again of sound. How soon Chromium's estimate rises from the
// 300 kbit/s that it begins with, and how far beyond what it sends, says more of the machine than of the feedback.
async function expectReports(caller, guest) {
  const began = performance.now();
  const { round_trip_seconds: roundTrip } = await caller.event('stats', { round_trip_seconds: time => time > 0 });
  const seen = await guest.seePeer('Ada', 'an estimate of more than 500 kbit/s', peer => (
    peer.availableOutgoingBitrate > 5e5 && peer.reported?.camera?.roundTrip !== undefined), 60);
  note(`round trip ${(roundTrip * 1000).toFixed(1)} ms, at Chromium `
    + `${(seen.reported.camera.roundTrip * 1000).toFixed(1)} ms; `
    + `its estimate ${Math.round(seen.availableOutgoingBitrate / 1000)} kbit/s after ${Math.round(performance.now() - began)} ms`);
  equal(seen.outbound.audio.nacks || 0, 0, 'requests for lost sound');
  for (const sdp of [seen.localSdp, seen.remoteSdp])
    equal(sdp.match(/^a=extmap:.*transport-wide-cc/gm)?.length, 3, 'sections with transport-wide numbers');
}

async function expectChat(caller, guest) {
  await guest.seePeer('Ada', 'the channel', peer => peer.channelOpen);
  await guest.chat('hello from the browser');
  await guest.see('its line is acknowledged', ({ chat }) => (
    chat.some(({ text, acknowledged }) => text === 'hello from the browser' && acknowledged === 1)));
  await caller.event('chat', { text: 'hello from the browser' });
  // Ada was told to echo, and to say something when the channel opens.
  await guest.see('the echo', ({ chat }) => (
    chat.some(({ from, text }) => from === 'Ada' && text === 'hello from the browser')));
  await guest.see('her greeting', ({ chat }) => (
    chat.some(({ from, text }) => from === 'Ada' && text === 'hello from Ada')));
  await caller.event('chat-state', { text: 'hello from Ada', state: 'delivered' });
}

const ada = { name: 'Ada', sendChat: 'hello from Ada', echoChat: true };

test('Snug comes second and offers; then leaves', async () => {
  const server = await startServer();
  const chromium = await startBrowser();
  const guest = await chromium.guest('Guest');
  await guest.join(server.url, 'garden');
  const caller = startCaller(server.url, 'garden', ada);
  await expectCall(caller, guest);
  await expectChat(caller, guest);
  await expectReports(caller, guest);
  equal(await caller.stop(), 0, 'exit code');
  check(caller.find('left'), 'a left event');
  await guest.seePeer('Ada', 'she left', ({ left }) => left);
  equal(await server.program.stop(), 0, "the server's exit code");
});

test('Chromium comes second and offers; then leaves', async () => {
  const server = await startServer();
  const chromium = await startBrowser();
  const guest = await chromium.guest('Guest');
  const caller = startCaller(server.url, 'garden', { ...ada, exitWhenAlone: true });
  await caller.event('state', { state: 'joined' });
  await guest.join(server.url, 'garden');
  await expectCall(caller, guest);
  await expectChat(caller, guest);
  await expectReports(caller, guest);
  await guest.leave();
  await caller.event('peer', { change: 'left' });
  equal(await caller.exit(), 0, 'exit code');
});

test('what either side switches off is seen by the other', async () => {
  const server = await startServer();
  const chromium = await startBrowser();
  const guest = await chromium.guest('Guest');
  await guest.join(server.url, 'garden');
  const caller = startCaller(server.url, 'garden', { name: 'Ada' });
  const loud = { received_width: 640, audio_level_dbfs: level => level > -30 };
  let after = 0;
  const stats = async (what, fields) => {
    const event = await caller.event('stats', { ...fields, t: t => t > after });
    after = event.t;
    note(`${what}: ${event.received_width} px, ${event.audio_level_dbfs} dBFS`);
  };

  const media = (audio, video) => (
    caller.event('peer', { change: 'media', audio, video, screen: false, t: t => t > after }));

  await stats('on', loud);
  await guest.setEnabled({ audio: false });
  await media(false, true);
  await stats('microphone off', { received_width: 640, audio_level_dbfs: level => level < -90 });
  await guest.setEnabled({ audio: true, video: false });
  await media(true, false);
  await stats('camera off', { received_width: 0, audio_level_dbfs: level => level > -30 });
  await guest.setEnabled({ video: true });
  await media(true, true);
  await stats('on again', loud);
});

for (const snugOffers of [true, false]) {
  test(`a screen beside the camera, ${snugOffers ? 'Snug' : 'Chromium'} offered`, async () => {
    const server = await startServer();
    const chromium = await startBrowser();
    const guest = await chromium.guest('Guest');
    let caller;
    if (snugOffers) {
      await guest.join(server.url, 'garden');
      caller = startCaller(server.url, 'garden', { name: 'Ada' });
    } else {
      caller = startCaller(server.url, 'garden', { name: 'Ada' });
      await caller.event('state', { state: 'joined' });
      await guest.join(server.url, 'garden');
    }
    await caller.event('stats', { received_width: 640, received_frames: frames => frames > 15 });
    await guest.seePeer('Ada', 'the channel', peer => peer.channelOpen);
    await guest.share(800, 600);
    const { t: shared } = await caller.event('peer', { change: 'media', screen: true });
    // Both are VP8, with one payload type in Chromium's offer: they must not be taken for each other.
    const { outbound, reported } = await guest.seePeer('Ada', 'reports on both pictures', peer => (
      peer.outbound.screen?.encoded > 40 && peer.reported?.screen && peer.reported.camera));
    note(`screen ${JSON.stringify(outbound.screen)}, reported ${JSON.stringify(reported)}`);
    await caller.event('stats', { t: t => t > shared + 2, received_frames_per_second: rate => rate > 5 });
    equal(caller.findAll('stats', { t: t => t > shared }).find(({ received_width: width }) => width !== 640), undefined,
      'a picture of another size in the place of the camera');
    equal(await caller.stop(), 0, 'exit code');
  });
}

test('without camera and microphone a call is a call', async () => {
  const server = await startServer();
  const chromium = await startBrowser();
  const guest = await chromium.guest('Guest');
  await guest.join(server.url, 'garden');
  const caller = startCaller(server.url, 'garden', { name: 'Ada', video: 'none', audio: 'none' });
  await caller.event('first-frame', { media: 'video' });
  await caller.event('first-frame', { media: 'audio' });
  const seen = await guest.seePeer('Ada', 'that she sends nothing', ({ mediaState }) => (
    mediaState && !mediaState.audio && !mediaState.video));
  check(!seen.inbound.camera?.decoded, 'no picture');
  equal(await caller.stop(), 0, 'exit code');
});

test('a page that only receives', async () => {
  const server = await startServer();
  const chromium = await startBrowser();
  const guest = await chromium.guest('Guest', { receiveOnly: true });
  const caller = startCaller(server.url, 'garden', ada);
  await caller.event('state', { state: 'joined' });
  await guest.join(server.url, 'garden');
  await guest.seePeer('Ada', 'pictures and sound', ({ inbound }) => (
    inbound.camera?.decoded > 20 && inbound.audio?.energy > 0));
  await expectChat(caller, guest);
  equal(caller.findAll('first-frame').length, 0, 'first frames at the caller');
  equal(await caller.stop(), 0, 'exit code');
});

test('a page that only receives is there first', async () => {
  const server = await startServer();
  const chromium = await startBrowser();
  const guest = await chromium.guest('Guest', { receiveOnly: true });
  await guest.join(server.url, 'garden');
  const caller = startCaller(server.url, 'garden', ada);
  await guest.seePeer('Ada', 'pictures and sound', ({ inbound }) => (
    inbound.camera?.decoded > 20 && inbound.audio?.energy > 0));
  await expectChat(caller, guest);
  equal(caller.findAll('first-frame').length, 0, 'first frames at the caller');
  equal(await caller.stop(), 0, 'exit code');
});

test('long and foreign chat lines', async () => {
  const server = await startServer();
  const chromium = await startBrowser();
  const guest = await chromium.guest('Guest', { receiveOnly: true });
  await guest.join(server.url, 'garden');
  const caller = startCaller(server.url, 'garden', { name: 'Ada', echoChat: true });
  await guest.seePeer('Ada', 'the channel', peer => peer.channelOpen);
  for (const text of ['x'.repeat(8192), '\u{1f44b} \u65e5\u672c\u8a9e "quoted" \\ and\nlines \u202e<b>', '\u00e9'.repeat(4096)]) {
    await guest.chat(text);
    await guest.see('the echo', ({ chat }) => chat.some(line => line.from === 'Ada' && line.text === text));
    await guest.see('the acknowledgement', ({ chat }) => (
      chat.some(line => line.from === null && line.text === text && line.acknowledged === 1)));
  }
});

test('a guest who comes and goes', async () => {
  const server = await startServer();
  const chromium = await startBrowser();
  const caller = startCaller(server.url, 'garden', ada);
  await caller.event('state', { state: 'joined' });
  for (let n = 1; n <= 4; n++) {
    const guest = await chromium.guest(`Guest ${n}`);
    await guest.join(server.url, 'garden');
    await guest.seePeer('Ada', 'pictures', ({ inbound }) => inbound.camera?.decoded > 5);
    await until(`the caller sees guest ${n}`, () => caller.findAll('first-frame', { media: 'video' }).length === n);
    // One leaves properly, one just closes the tab.
    if (n % 2)
      await guest.leave();
    else
      await guest.page.close();
    await until(`the caller notices that guest ${n} left`, () => (
      caller.findAll('peer', { change: 'left' }).length === n));
  }
  equal(await caller.stop(), 0, 'exit code');
});

test('three in a room', async () => {
  const server = await startServer();
  const chromium = await startBrowser();
  const names = ['Ada', 'Bob'];
  const callers = [startCaller(server.url, 'garden', { name: 'Ada' })];
  await callers[0].event('state', { state: 'joined' });
  const guest = await chromium.guest('Guest', { width: 320, height: 240 });
  await guest.join(server.url, 'garden');
  callers.push(startCaller(server.url, 'garden', { name: 'Bob' }));

  for (const [index, caller] of callers.entries()) {
    for (const media of ['audio', 'video']) {
      await until(`${names[index]} has the ${media} of two`, () => (
        new Set(caller.findAll('first-frame', { media }).map(({ peer }) => peer)).size === 2));
    }
  }
  for (const name of names) {
    const { inbound } = await guest.seePeer(name, 'a picture', peer => peer.firstFrame.camera !== undefined);
    await guest.seePeer(name, 'pictures go on, sound is heard', peer => (
      peer.inbound.camera?.decoded > (inbound.camera?.decoded || 0) + 15 && peer.inbound.audio?.energy > 0));
  }
  await guest.chat('hello, all');
  await guest.see('two acknowledgements', ({ chat }) => chat[0]?.acknowledged === 2);
  await guest.leave();
  for (const caller of callers) {
    await caller.event('peer', { change: 'left' });
    const { received_frames: frames } = caller.findAll('stats').pop();
    await caller.event('stats', { received_frames: n => n > frames + 15 });
  }
  equal(await callers[0].stop(), 0, 'exit code of Ada');
  await callers[1].event('peer', { name: 'Ada', change: 'left' });
  equal(await callers[1].stop(), 0, 'exit code of Bob');
});

for (const snugFirst of [true, false]) {
  test(`a browser that hides its addresses, ${snugFirst ? 'second' : 'first'}`, async () => {
    const server = await startServer();
    const chromium = await startBrowser({ hideAddresses: true });
    const guest = await chromium.guest('Guest', { draw: true });
    let caller;
    if (snugFirst) {
      caller = startCaller(server.url, 'garden', ada);
      await caller.event('state', { state: 'joined' });
      await guest.join(server.url, 'garden');
    } else {
      await guest.join(server.url, 'garden');
      caller = startCaller(server.url, 'garden', ada);
    }
    await expectCall(caller, guest);
    await expectChat(caller, guest);
    const { localCandidates } = (await guest.look()).peers.Ada;
    check(localCandidates.length > 0 && localCandidates.every(line => / [0-9a-f-]+\.local /.test(line)),
      `only mDNS names leave the browser: ${localCandidates}`);
    equal(await caller.stop(), 0, 'exit code');
  });
}

run({ needs: [snugPrograms, program('chromium'), browser] });
