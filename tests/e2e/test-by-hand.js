// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Calls without any server, by descriptions that are carried by hand: between two snug-cli, and with other programs that
// know nothing of Snug and write what their own examples write. Each has what it has: here a picture and sound, there a data
// channel alone, under a name of its own.
'use strict';

const { spawnSync } = require('node:child_process');
const path = require('node:path');

const {
  Failure, Program, check, equal, note, run, snugPrograms, test, until,
} = require('./lib/harness.js');
const { browser, startBrowser } = require('./lib/browser.js');
const { buildPion } = require('./lib/pion.js');

const PYTHON = '/usr/bin/python3';
const HELLO = 'hello from Snug';

// snug-cli, whose events come on standard error; its level is read out of step with a browser's beeps, of which there is one a second.
function startByHand(role, options = []) {
  const program = new Program(process.env.SNUG_CLI, [
    role, '--json', '--video', 'test', '--audio', 'test', '--video-size', '320x240', '--stats-interval', '0.13',
    '--name', 'Ada', '--send-chat', HELLO, ...options,
  ], { env: { G_DEBUG: 'fatal-warnings' }, stdin: 'pipe', events: 'stderr' });
  program.child.stdin.on('error', () => {});
  return program;
}

function startStranger(file, args) {
  const program = new Program(file, args, { stdin: 'pipe' });
  program.child.stdin.on('error', () => {});
  return program;
}

// What a program prints as its description.
async function description(program) {
  const [line] = await program.line(/^(snug1:|\{"(type|sdp)"|eyJ).*/);
  return line;
}

async function carry(inviter, answerer) {
  answerer.child.stdin.write(`${await description(inviter)}\n`);
  inviter.child.stdin.write(`${await description(answerer)}\n`);
}

async function expectMedia(caller) {
  const connected = await caller.event('connected');
  const video = await caller.event('first-frame', { media: 'video' });
  await caller.event('first-frame', { media: 'audio' });
  await caller.event('stats', { received_frames: frames => frames > 15 });
  // A browser's false microphone beeps once in a while.
  await caller.event('stats', { audio_level_dbfs: level => level > -60 });
  note(`connected ${Math.round(connected.t * 1000)} ms and first picture ${Math.round(video.t * 1000)} ms after the start`);
}

// Lines of chat, both ways.
async function expectChat(caller, text) {
  await caller.event('chat', { outgoing: false, text });
  await caller.event('chat-state', { state: 'delivered', text: HELLO });
}

async function expectTextAt(stranger) {
  await stranger.event('open');
  await stranger.event('text', { text: HELLO });
  check(!stranger.events.some(({ event, text }) => event === 'text' && text !== HELLO), 'nothing but chat is sent');
}

test('two snug-cli, in each form', async () => {
  const calls = ['snug', 'json', 'base64'].map(format => [
    startByHand('offer', ['--format', format, '--exit-when-alone']), startByHand('answer', ['--exit-when-alone'])]);
  await Promise.all(calls.map(async ([inviter, answerer]) => {
    // What can't be used is said, and the next text is waited for.
    answerer.child.stdin.write('rubbish\n\n');
    await until('a complaint', () => answerer.errors.some(line => /neither an invitation/.test(line)));
    const invitation = await description(inviter);
    answerer.child.stdin.write(`${invitation.slice(0, -9)}\n\n`);
    inviter.child.stdin.write(`${invitation}\n`);
    await until('a complaint', () => inviter.errors.some(line => /own invitation/.test(line)));
    await carry(inviter, answerer);
    for (const caller of [inviter, answerer]) {
      await expectMedia(caller);
      await expectChat(caller, HELLO);
    }
    equal(await inviter.stop(), 0, 'exit code');
    equal(await answerer.exit(), 0, 'exit code of the one who stays');
  }));
});

test('no answer comes', async () => {
  const inviter = startByHand('offer');
  await description(inviter);
  inviter.child.stdin.end('{"type": "offer"');
  equal(await inviter.exit(), 1, 'exit code');
  const answerer = startByHand('answer');
  answerer.child.stdin.end('snug1:9:abc');
  equal(await answerer.exit(), 1, 'exit code');
});

function withAiortc(name, func) {
  if (spawnSync(PYTHON, ['-c', 'import aiortc']).status !== 0)
    note(`${name}: python3-aiortc is not installed`);
  else
    test(name, func);
}

const aiortc = (...args) => startStranger(PYTHON, [path.join(__dirname, 'aiortc-by-hand.py'), ...args]);

async function expectAiortcMedia(stranger) {
  await stranger.event('media', { kind: 'audio', loud: true });
  await stranger.event('media', { kind: 'video', width: 320 });
  check(!stranger.errors.some(line => /Traceback/.test(line)), stranger.tail());
}

withAiortc('aiortc offers', async () => {
  const stranger = aiortc('offer');
  const caller = startByHand('answer');
  await carry(stranger, caller);
  await expectMedia(caller);
  await expectChat(caller, 'hello from aiortc');
  await expectTextAt(stranger);
  await expectAiortcMedia(stranger);
  equal(await caller.stop(), 0, 'exit code');
});

withAiortc('aiortc answers', async () => {
  const stranger = aiortc('answer');
  const caller = startByHand('offer', ['--format', 'json']);
  await carry(caller, stranger);
  await expectMedia(caller);
  await expectChat(caller, 'hello from aiortc');
  await expectTextAt(stranger);
  await expectAiortcMedia(stranger);
  equal(await caller.stop(), 0, 'exit code');
});

withAiortc('aiortc offers a data channel alone', async () => {
  const stranger = aiortc('offer', '--data-only');
  const caller = startByHand('answer');
  await carry(stranger, caller);
  await caller.event('peer', { state: 'connected', video: false, audio: false });
  await expectChat(caller, 'hello from aiortc');
  await expectTextAt(stranger);
  equal(await caller.stop(), 0, 'exit code');
});

function withPion(name, func) {
  test(name, async () => {
    const { program: pionProgram, reason } = buildPion('pion-by-hand');
    if (reason)
      note(`skipped: ${reason}`);
    else
      await func(pionProgram);
  });
}

withPion('pion offers a data channel', async pionProgram => {
  const stranger = startStranger(pionProgram, ['offer']);
  const caller = startByHand('answer', ['--exit-when-alone']);
  await carry(stranger, caller);
  await caller.event('peer', { state: 'connected', video: false, audio: false });
  await expectChat(caller, 'hello from pion');
  await expectTextAt(stranger);
  stranger.child.stdin.end();
  equal(await caller.exit(), 0, 'exit code when pion has left');
});

withPion('pion answers', async pionProgram => {
  const stranger = startStranger(pionProgram, ['answer']);
  const caller = startByHand('offer', ['--format', 'base64']);
  await carry(caller, stranger);
  await caller.event('connected');
  await expectChat(caller, 'hello from pion');
  await expectTextAt(stranger);
  equal(await caller.stop(), 0, 'exit code');
});

// A page that knows nothing: what one types into the console.
async function console(page, { offer }) {
  return page.evaluate(async invitation => {
    const connection = new RTCPeerConnection();
    const seen = { texts: [] };
    window.seen = seen;
    window.connection = connection;
    const watch = channel => {
      channel.onopen = () => { seen.label = channel.label; channel.send('hello from Chromium'); };
      channel.onmessage = ({ data }) => seen.texts.push(data);
    };
    connection.ondatachannel = ({ channel }) => watch(channel);
    connection.ontrack = ({ streams }) => {
      const element = document.createElement('video');
      [element.srcObject] = streams;
      element.autoplay = true;
      document.body.append(element);
    };
    if (invitation)
      await connection.setRemoteDescription(JSON.parse(invitation));
    // What cleans a microphone takes beeps for noise or an echo.
    const audio = { autoGainControl: false, echoCancellation: false, noiseSuppression: false };
    const stream = await navigator.mediaDevices.getUserMedia({ audio, video: { width: 320, height: 240 } });
    for (const track of stream.getTracks())
      connection.addTrack(track, stream);
    if (!invitation)
      watch(connection.createDataChannel('talk'));
    await connection.setLocalDescription();
    await new Promise(resolve => {
      connection.onicecandidate = ({ candidate }) => candidate || resolve();
    });
    return JSON.stringify(connection.localDescription);
  }, offer);
}

async function expectAtConsole(page) {
  let seen;
  await until('the page sees, hears and reads', async () => {
    seen = await page.evaluate(async () => {
      let frames = 0;
      let energy = 0;
      (await window.connection.getStats()).forEach(report => {
        if (report.type === 'inbound-rtp') {
          frames += report.framesDecoded || 0;
          energy += report.totalAudioEnergy || 0;
        }
      });
      return { ...window.seen, frames, energy };
    });
    return seen.frames > 15 && seen.energy > 0 && seen.texts.length > 0;
  }).catch(error => { throw new Failure(`${error.message}: ${JSON.stringify(seen)}`); });
  equal(seen.texts.join('|'), HELLO, 'lines of text');
}

if (browser()) {
  note(`Chromium: ${browser()}`);
} else {
  test('Chromium offers, and answers', async () => {
    const { page: makePage } = await startBrowser();
    for (const role of ['answer', 'offer']) {
      const page = await makePage();
      const caller = startByHand(role, role === 'offer' ? ['--format', 'json'] : []);
      const offer = role === 'offer' ? await description(caller) : null;
      const said = await console(page, { offer });
      caller.child.stdin.write(`${said}\n`);
      if (role === 'answer') {
        const answer = await description(caller);
        await page.evaluate(text => window.connection.setRemoteDescription(JSON.parse(text)), answer);
      }
      await expectMedia(caller);
      await expectChat(caller, 'hello from Chromium');
      await expectAtConsole(page);
      equal(await caller.stop(), 0, 'exit code');
      await page.close();
    }
  });
}

run({ needs: [snugPrograms] });
