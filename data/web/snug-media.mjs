// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// This browser's camera, microphone and screen, and which of them are on. A microphone that is off gives silence; a camera that is
// off is let go, so that its light goes out.

import { Emitter } from './snug-emitter.mjs';

const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };
const SCREEN = { frameRate: { ideal: 15, max: 30 } };

// What went wrong, in a word that has a sentence.
function getProblem(kind, error) {
  switch (error.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return `${kind}-denied`;
    case 'NotFoundError':
    case 'OverconstrainedError':
      return `${kind}-missing`;
    default:
      return `${kind}-busy`;
  }
}

// Events: "tracks" (detail: 'audio', 'camera' or 'screen'): another one, or none; "state": what is on; "devices"; "problem".
export class LocalMedia extends Emitter {
  constructor() {
    super();
    this.tracks = { audio: null, camera: null, screen: null };
    this.wanted = { audio: true, camera: true };
    this.chosen = { audio: '', camera: '', speaker: '' }; // device ids; '': the browser's choice
    this.problems = { audio: null, camera: null };
    this.devices = [];
    this.opening = { audio: 0, camera: 0 }; // the last one that was begun counts
    // Only a page that came safely gets any of it.
    this.available = !!navigator.mediaDevices?.getUserMedia;
    this.canShare = !!navigator.mediaDevices?.getDisplayMedia;
    navigator.mediaDevices?.addEventListener?.('devicechange', () => this.listDevices());
  }

  // What is being sent, as peers are told.
  get mediaState() {
    return {
      audio: !!this.tracks.audio && this.wanted.audio,
      video: !!this.tracks.camera,
      screen: !!this.tracks.screen,
    };
  }

  async start() {
    if (!this.available)
      return;
    if (!this.wanted.camera) {
      await this.open('audio');
      return;
    }
    // Both at once, so that the browser asks once; each alone when that fails.
    const both = await this.ask({ audio: this.getConstraints('audio'), video: this.getConstraints('camera') });
    if (both) {
      this.take('audio', both.getAudioTracks()[0]);
      this.take('camera', both.getVideoTracks()[0]);
    } else {
      await this.open('audio');
      await this.open('camera');
    }
    await this.listDevices();
  }

  ask(constraints) {
    return navigator.mediaDevices.getUserMedia(constraints).catch(() => null);
  }

  getConstraints(kind) {
    const device = this.chosen[kind] ? { deviceId: { exact: this.chosen[kind] } } : {};
    return kind === 'audio'
      ? { ...device, echoCancellation: true, noiseSuppression: true, autoGainControl: true }
      : { ...device, ...SIZE, ...(this.chosen.camera ? {} : { facingMode: 'user' }) };
  }

  async open(kind) {
    if (!this.available)
      return;
    const turn = ++this.opening[kind];
    try {
      const [track] = (await this.openStream(kind)).getTracks();
      // A microphone that is off is kept, and gives silence.
      if (turn === this.opening[kind] && (kind === 'audio' || this.wanted[kind]))
        this.take(kind, track);
      else
        track.stop();
    } catch (error) {
      if (turn === this.opening[kind]) {
        this.problems[kind] = getProblem(kind === 'audio' ? 'microphone' : 'camera', error);
        this.emit('problem');
      }
    }
    await this.listDevices();
  }

  // A phone opens one camera at a time.
  async openStream(kind) {
    const constraints = kind === 'audio' ? { audio: this.getConstraints(kind) } : { video: this.getConstraints(kind) };
    try {
      return await navigator.mediaDevices.getUserMedia(constraints);
    } catch (error) {
      if (error.name !== 'NotReadableError' || !this.tracks[kind])
        throw error;
      this.take(kind, null);
      return navigator.mediaDevices.getUserMedia(constraints);
    }
  }

  // track: nullable.
  take(kind, track) {
    const old = this.tracks[kind];
    this.tracks[kind] = track || null;
    if (track) {
      track.onended = () => this.lose(kind, track);
      if (kind === 'audio')
        track.enabled = this.wanted.audio;
      if (kind in this.problems)
        this.problems[kind] = null;
    }
    this.emit('tracks', kind);
    this.emit('state');
    if (old && old !== track) {
      old.onended = null;
      old.stop();
    }
  }

  // It was unplugged, or the browser's own button ended it.
  lose(kind, track) {
    if (this.tracks[kind] !== track)
      return;
    this.take(kind, null);
    if (kind in this.chosen && this.chosen[kind]) {
      this.chosen[kind] = '';
      this.open(kind);
    } else if (kind in this.problems) {
      this.problems[kind] = kind === 'audio' ? 'microphone-missing' : 'camera-missing';
      this.emit('problem');
    }
  }

  setMicrophone(on) {
    this.wanted.audio = on;
    if (this.tracks.audio)
      this.tracks.audio.enabled = on;
    else if (on)
      this.open('audio');
    this.emit('state');
  }

  setCamera(on) {
    this.wanted.camera = on;
    this.opening.camera++;
    if (on && !this.tracks.camera)
      this.open('camera');
    else if (!on && this.tracks.camera)
      this.take('camera', null);
    this.emit('state');
  }

  // kind: 'audio', 'camera', 'speaker'.
  async choose(kind, deviceId) {
    this.chosen[kind] = deviceId;
    if (kind === 'speaker')
      this.emit('devices');
    else if (kind === 'audio' || this.wanted.camera)
      await this.open(kind);
  }

  async listDevices() {
    if (!navigator.mediaDevices?.enumerateDevices)
      return;
    this.devices = (await navigator.mediaDevices.enumerateDevices().catch(() => [])).filter(({ deviceId }) => deviceId);
    this.emit('devices');
  }

  // False: the person did not choose one, or the browser will not.
  async share() {
    let stream;
    try {
      stream = await navigator.mediaDevices.getDisplayMedia({ video: SCREEN, audio: false });
    } catch {
      return false;
    }
    const [track] = stream.getVideoTracks();
    track.contentHint = 'detail';
    this.take('screen', track);
    return true;
  }

  stopSharing() {
    if (this.tracks.screen)
      this.take('screen', null);
  }

  stop() {
    for (const kind of Object.keys(this.tracks)) {
      this.opening[kind]++;
      this.take(kind, null);
    }
  }
}
