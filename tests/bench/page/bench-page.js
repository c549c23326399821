// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sends what media.c sends and reads what it reads, in a browser: beside the page of the end-to-end tests.
'use strict';

const BLOCKS = 40;
const RATE = 48000;
const CHUNK = 480;
const CLICK_EVERY = 500;
const CLICK_SAMPLES = 192;
const CLICK_THRESHOLD = 6000 / 32768;

const clock = () => performance.timeOrigin + performance.now();
const pause = ms => new Promise(resolve => { setTimeout(resolve, Math.max(0, ms)); });

function checkOf(code) {
  return (code ^ code >>> 8 ^ code >>> 16 ^ code >>> 24 ^ 0x5a) & 0xff;
}

function writeCode(luma, width, height, ms) {
  const code = Number(BigInt(Math.floor(ms)) & 0xffffffffn);
  const check = checkOf(code);
  for (let x = 0; x < width; x++) {
    const i = BLOCKS - 1 - Math.floor(x * BLOCKS / width);
    const bit = i < 8 ? check >>> i & 1 : code >>> (i - 8) & 1;
    luma[x] = bit ? 235 : 16;
  }
  for (let y = 1; y < Math.floor(height / 20); y++)
    luma.copyWithin(y * width, 0, width);
}

// The time that a row of luma tells, in ms of the clock, or null.
function readCode(row, width, now) {
  let code = 0;
  let check = 0;
  for (let i = 0; i < BLOCKS; i++) {
    const bit = row[Math.floor((2 * i + 1) * width / (2 * BLOCKS))] > 125 ? 1 : 0;
    if (i < 32)
      code = (code << 1 | bit) >>> 0;
    else
      check = check << 1 | bit;
  }
  if (check !== checkOf(code))
    return null;
  const low = Number(BigInt(Math.floor(now)) & 0xffffffffn);
  return now - ((low - code) >>> 0);
}

class Bench {
  constructor() {
    this.pictures = [];
    this.clicks = [];
  }

  async sendVideo(url, width, height, fps) {
    const frames = new Uint8Array(await (await fetch(url)).arrayBuffer());
    const size = width * height * 3 / 2;
    const count = Math.floor(frames.length / size);
    const generator = new MediaStreamTrackGenerator({ kind: 'video' });
    const writer = generator.writable.getWriter();
    window.snug.tracks.video = generator;
    (async () => {
      const start = clock();
      for (let n = 0; ; n++) {
        await pause(start + n * 1000 / fps - clock());
        const frame = frames.slice(n % count * size, (n % count + 1) * size);
        writeCode(frame, width, height, clock());
        const picture = new VideoFrame(frame, {
          format: 'I420', codedWidth: width, codedHeight: height, timestamp: Math.round(performance.now() * 1000),
        });
        await writer.ready;
        writer.write(picture);
      }
    })();
  }

  sendAudio() {
    const generator = new MediaStreamTrackGenerator({ kind: 'audio' });
    const writer = generator.writable.getWriter();
    window.snug.tracks.audio = generator;
    (async () => {
      const start = Math.ceil(clock() / 10) * 10;
      for (let n = 0; ; n++) {
        const first = start + n * 10;
        const data = new Float32Array(CHUNK);
        for (let i = 0; i < CHUNK; i++) {
          const since = Math.floor(first % CLICK_EVERY * RATE / 1000) + i;
          data[i] = since < CLICK_SAMPLES
            ? 20000 / 32768 * Math.sin(2 * Math.PI * 2000 * since / RATE)
            : 600 / 32768 * Math.sin(2 * Math.PI * 180 * (n * CHUNK + i) / RATE) + (Math.random() - 0.5) * 400 / 32768;
        }
        await pause(first + 10 - clock());
        writer.write(new AudioData({
          format: 'f32', sampleRate: RATE, numberOfFrames: CHUNK, numberOfChannels: 1, data,
          timestamp: Math.round(n * 10000),
        }));
      }
    })();
  }

  async watch(track) {
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    for (;;) {
      const { value: frame, done } = await reader.read();
      if (done)
        return;
      const arrived = clock();
      const { width, height } = frame.visibleRect;
      const rows = Math.max(2, Math.floor(height / 40) * 2);
      const rect = { x: 0, y: 0, width, height: rows };
      const data = new Uint8Array(frame.allocationSize({ rect }));
      const [{ offset, stride }] = await frame.copyTo(data, { rect });
      const line = Math.floor(height / 40);
      this.pictures.push([arrived, readCode(data.subarray(offset + line * stride), width, arrived)]);
      frame.close();
    }
  }

  async listen(track) {
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    let last = 0;
    for (;;) {
      const { value: sound, done } = await reader.read();
      if (done)
        return;
      const arrived = clock();
      const samples = new Float32Array(sound.numberOfFrames);
      sound.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
      for (let i = 0; i < samples.length; i++) {
        const heard = arrived - (samples.length - i) * 1000 / sound.sampleRate;
        if (Math.abs(samples[i]) < CLICK_THRESHOLD || heard < last + CLICK_EVERY / 2)
          continue;
        this.clicks.push([heard, Math.floor(heard / CLICK_EVERY) * CLICK_EVERY]);
        last = heard;
      }
      sound.close();
    }
  }

  // Pictures and sound go to the bench and not to an element, but sound is only fetched for somebody who plays it.
  receive() {
    Peer.prototype.show = function show(event) {
      const media = MEDIA[this.pc.getTransceivers().indexOf(event.transceiver)];
      if (media === 'camera') {
        window.bench.watch(event.track);
      } else if (media === 'audio') {
        const element = document.createElement('audio');
        element.srcObject = new MediaStream([event.track]);
        element.muted = true;
        element.play().catch(() => {});
        window.bench.listen(event.track);
      }
    };
  }

  connected() {
    const peers = [...window.snug.peers.values()];
    return peers.length > 0 && peers.every(({ pc }) => pc?.connectionState === 'connected');
  }

  // Nobody sends more than the others may.
  async cap(kbit) {
    for (const { pc } of window.snug.peers.values()) {
      const [, { sender }] = pc.getTransceivers();
      const parameters = sender.getParameters();
      for (const encoding of parameters.encodings)
        encoding.maxBitrate = kbit * 1000;
      await sender.setParameters(parameters);
    }
  }

  async concealed() {
    for (const { pc } of window.snug.peers.values()) {
      for (const entry of (await pc.getStats()).values()) {
        if (entry.type === 'inbound-rtp' && entry.kind === 'audio' && entry.totalSamplesReceived)
          return (entry.concealedSamples - (entry.silentConcealedSamples || 0)) / entry.totalSamplesReceived;
      }
    }
    return null;
  }
}

window.bench = new Bench();
