// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One other person: the connection in use and, beside it, the one that is to take its place. Roles, generations and what comes out
// of turn are as in src/engine/snug-negotiation.c and "Reconnecting" of protocol.md.

import { Verification } from './snug-code.mjs';
import { Connection } from './snug-connection.mjs';
import { Emitter } from './snug-emitter.mjs';
import { ProtocolError, TokenBucket, mayCome, parsePeerMessage } from './snug-protocol.mjs';

const ANSWER_MS = 15000;
const CONNECT_MS = 20000;
const ATTEMPT_MS = 10000;
const PAUSE_MS = 1000;
const PAUSE_MAX_MS = 60000;
const GIVE_UP_MS = 30000;
const REQUEST_RATE = 1;
const REQUEST_BURST = 6;
const GESTURE_RATE = 4;
const GESTURE_BURST = 12;
const TYPING_MS = 6000;

// state: 'connecting', 'connected', 'interrupted', 'failed'. Events: "change": anything of it that is shown; "say" (detail: a peer
// message for the server to carry); "message" (detail: one of the channel: chat and what belongs to it); "open": the channel is; "reaction"
// (detail: emoji); "left"; "failed".
export class Peer extends Emitter {
  // host: {iceServers, hasRelay, relayOnly, certificate, confirmed (a Set of fingerprints), tracks, mediaState, handRaised}, read whenever it is needed.
  constructor({ id, name, host }) {
    super();
    this.id = id;
    this.name = name;
    this.host = host;
    this.state = 'connecting';
    this.failure = null; // a word for why
    this.offers = false;
    this.signaling = true; // the server carries what we say to it
    this.current = null;
    this.next = null;
    this.newest = 0;
    this.established = false;
    this.over = false;
    this.mediaState = { audio: true, video: true, screen: false };
    this.handRaised = false;
    this.typing = false;
    this.tracks = { audio: null, camera: null, screen: null };
    this.requests = new TokenBucket(REQUEST_RATE, REQUEST_BURST);
    this.gestures = new TokenBucket(GESTURE_RATE, GESTURE_BURST);
    this.attempts = 0;
    this.timer = null; // of the first connection, or of the attempts
    this.typingTimer = null;
    this.hopeTimer = null;
    this.work = Promise.resolve();
    this.verification = new Verification();
    this.verification.addEventListener('change', () => this.change());
  }

  change() {
    if (!this.over)
      this.emit('change');
  }

  setState(state) {
    if (this.state === state)
      return;
    this.state = state;
    this.change();
  }

  get channelOpen() {
    return !!this.current?.channelOpen;
  }

  send(message) {
    return !!this.current?.send(message);
  }

  sendMediaState() {
    this.send({ type: 'media-state', ...this.host.mediaState });
  }

  // --- making connections ---

  build(generation, relayOnly = false) {
    const connection = new Connection({
      generation,
      iceServers: this.host.iceServers,
      relayOnly: relayOnly || this.host.relayOnly,
      tracks: { ...this.host.tracks },
      certificate: this.host.certificate,
    });
    connection.addEventListener('say', ({ detail }) => this.emit('say', { generation, ...detail }));
    connection.addEventListener('state', () => this.lookAt(connection));
    connection.addEventListener('open', () => {
      if (connection === this.current)
        this.onChannel();
    });
    connection.addEventListener('text', ({ detail }) => {
      if (connection === this.current)
        this.hearChannel(detail);
    });
    if (this.established) {
      this.next?.close();
      this.next = connection;
    } else {
      this.current?.close();
      this.current = connection;
    }
    return connection;
  }

  // We came later.
  offer() {
    this.offers = true;
    this.makeOffer();
  }

  makeOffer(relayOnly = false) {
    this.newest++;
    const connection = this.build(this.newest, relayOnly);
    this.run(connection, () => connection.offer());
    if (!this.established)
      this.startTimer(ANSWER_MS, 'no-answer');
  }

  startTimer(milliseconds, failure) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fail(failure), milliseconds);
  }

  // One step after the other; what goes wrong in one ends that connection.
  run(connection, step) {
    this.work = this.work.then(async () => {
      if (connection.closed || this.over)
        return;
      try {
        await step();
      } catch {
        this.drop(connection, 'bad-description');
      }
    });
  }

  drop(connection, reason) {
    if (this.over)
      return;
    if (connection === this.next) {
      this.emit('say', { type: 'bye', generation: connection.generation, reason });
      this.endAttempt();
    } else if (connection === this.current && !this.established) {
      this.fail(reason);
    }
  }

  lookAt(connection) {
    const { state } = connection;
    if (this.over)
      return;
    if (connection === this.next) {
      if (state === 'connected')
        this.switchOver();
      else if (state === 'failed')
        this.drop(connection, 'failed');
    } else if (connection === this.current) {
      if (state === 'connecting' && !this.established)
        this.startTimer(CONNECT_MS, 'no-route');
      else if (state === 'connected')
        this.succeed();
      else if (state === 'disconnected' && this.established)
        this.interrupt();
      else if (state === 'failed' && this.established)
        this.interrupt(true);
      else if (state === 'failed')
        this.fail('no-route');
    }
  }

  succeed() {
    clearTimeout(this.timer);
    clearTimeout(this.hopeTimer);
    this.hopeTimer = null;
    this.attempts = 0;
    this.established = true;
    // It came back by itself.
    if (this.next) {
      this.emit('say', { type: 'bye', generation: this.next.generation, reason: 'failed' });
      this.next.close();
      this.next = null;
    }
    this.tracks = this.current.remoteTracks;
    this.state = 'connected';
    this.change();
  }

  switchOver() {
    const old = this.current;
    this.current = this.next;
    this.next = null;
    old?.close();
    this.succeed();
    if (this.current.channelOpen)
      this.onChannel();
  }

  // --- when the path goes ---

  interrupt(atOnce = false) {
    if (this.state !== 'interrupted') {
      this.setState('interrupted');
      this.checkHope();
      this.plan(atOnce ? 0 : 1500);
    }
  }

  plan(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.attempt(), milliseconds);
  }

  attempt() {
    if (this.over || this.state !== 'interrupted')
      return;
    // Only with a server can another connection be agreed on.
    if (!this.signaling) {
      this.plan(PAUSE_MS);
      return;
    }
    this.attempts++;
    if (this.offers)
      this.makeOffer(this.attempts % 3 === 0 && this.host.hasRelay);
    else
      this.emit('say', { type: 'reconnect', generation: this.newest });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.next)
        this.drop(this.next, 'failed');
      else
        this.endAttempt();
    }, ATTEMPT_MS);
  }

  endAttempt() {
    this.next?.close();
    this.next = null;
    clearTimeout(this.timer);
    if (this.state === 'interrupted')
      this.plan(Math.min(PAUSE_MS * 2 ** Math.max(0, this.attempts - 1), PAUSE_MAX_MS));
  }

  // The network has changed.
  renew() {
    if (!this.established || this.over)
      return;
    if (this.state === 'interrupted')
      this.plan(0);
    else if (this.signaling && this.offers)
      this.makeOffer();
    else if (this.signaling)
      this.emit('say', { type: 'reconnect', generation: this.newest });
  }

  setSignaling(signaling) {
    if (this.signaling === signaling)
      return;
    this.signaling = signaling;
    this.checkHope();
    if (signaling && this.state === 'interrupted')
      this.plan(0);
  }

  // With no way to the server there is nobody who could say that the peer has left.
  checkHope() {
    const hopeless = !this.signaling && this.state === 'interrupted';
    if (hopeless && !this.hopeTimer) {
      this.hopeTimer = setTimeout(() => this.fail('lost'), GIVE_UP_MS);
    } else if (!hopeless) {
      clearTimeout(this.hopeTimer);
      this.hopeTimer = null;
    }
  }

  fail(reason) {
    if (this.over || this.state === 'failed')
      return;
    const word = ['bad-description', 'certificate'].includes(reason) ? reason : 'failed';
    const bye = { type: 'bye', generation: this.current?.generation || 1, reason: word };
    if (!this.send(bye))
      this.emit('say', bye);
    this.failQuietly(reason);
  }

  failQuietly(reason) {
    clearTimeout(this.timer);
    clearTimeout(this.hopeTimer);
    this.next?.close();
    this.next = null;
    this.current?.close();
    this.tracks = { audio: null, camera: null, screen: null };
    this.failure = reason;
    this.setState('failed');
    this.emit('failed', reason);
  }

  // --- what the peer says by way of the server ---

  // Whether the peer begins anew, as if we had never met.
  isFreshStart({ type, sdpType, generation }) {
    return type === 'description' && sdpType === 'offer' && generation === 1 && (this.newest > 0 || this.state === 'failed');
  }

  hear(message) {
    if (this.over || this.state === 'failed')
      return;
    switch (message.type) {
      case 'description':
        if (message.sdpType === 'offer')
          this.hearOffer(message);
        else
          this.hearAnswer(message);
        break;
      case 'candidate': {
        const connection = this.find(message.generation);
        if (connection)
          this.run(connection, () => connection.addCandidate(message.candidate));
        break;
      }
      case 'reconnect':
        this.hearReconnect(message);
        break;
      case 'bye':
        this.hearBye(message);
        break;
      case 'media-state':
        this.hearMediaState(message);
        break;
      default:
    }
  }

  find(generation) {
    return [this.next, this.current].find(connection => connection && !connection.closed && connection.generation === generation);
  }

  hearOffer({ generation, sdp }) {
    if (this.offers || generation <= this.newest || !this.requests.take())
      return;
    this.newest = generation;
    const connection = this.build(generation);
    this.run(connection, () => connection.answer(sdp));
    if (!this.established)
      this.startTimer(CONNECT_MS, 'no-route');
  }

  hearAnswer({ generation, sdp }) {
    const connection = this.find(generation);
    if (!this.offers || !connection || connection.answered)
      return;
    connection.answered = true;
    this.run(connection, () => connection.accept(sdp));
    if (!this.established)
      this.startTimer(CONNECT_MS, 'no-route');
  }

  hearReconnect({ generation }) {
    if (!this.offers || !this.established || generation < this.current.generation || generation > this.newest
        || (this.next && generation < this.next.generation) || !this.requests.take())
      return;
    this.makeOffer();
  }

  hearBye({ generation, reason }) {
    if (!['failed', 'certificate', 'bad-description'].includes(reason)) {
      this.emit('left');
    } else if (this.next && generation === this.next.generation) {
      this.endAttempt();
    } else if (this.established && generation !== this.current.generation) {
      // Of an attempt that is over on this side, too.
    } else if (this.established && reason === 'failed') {
      this.current.close();
      this.interrupt(true);
    } else {
      this.failQuietly(reason === 'failed' ? 'refused' : reason);
    }
  }

  hearMediaState({ audio, video, screen }) {
    this.mediaState = { audio, video, screen };
    this.change();
  }

  // --- what it says over the channel ---

  onChannel() {
    if (!this.channelOpen)
      return;
    const { current } = this;
    const [fingerprint, peerFingerprint] = current.fingerprints;
    this.verification.open(message => current.send(message), fingerprint, peerFingerprint, this.host.confirmed.has(peerFingerprint));
    this.sendHello();
    this.sendMediaState();
    if (this.host.handRaised)
      this.send({ type: 'hand', raised: true });
    this.emit('open');
    this.change();
  }

  // Sound that is sent all the time, muted or not, is what makes silence mean something.
  sendHello() {
    this.send({ type: 'hello', features: this.host.tracks.audio ? ['code', 'reconnect'] : ['code'] });
  }

  hearChannel(text) {
    let message;
    try {
      message = parsePeerMessage(text);
    } catch (error) {
      if (!(error instanceof ProtocolError))
        throw error;
      return;
    }
    if (this.over || !mayCome(message.type, true))
      return;
    switch (message.type) {
      case 'bye':
        this.hearBye(message);
        break;
      case 'media-state':
        this.hearMediaState(message);
        break;
      case 'hand':
      case 'reaction':
      case 'typing':
        if (this.gestures.take())
          this.hearGesture(message);
        break;
      case 'hello':
        this.verification.hearHello(message.features);
        break;
      case 'code-commit':
      case 'code-reveal':
        this.verification.hear(message);
        break;
      default:
        if (message.type === 'chat')
          this.setTyping(false);
        this.emit('message', message);
    }
  }

  hearGesture(message) {
    if (message.type === 'reaction') {
      this.emit('reaction', message.emoji);
    } else if (message.type === 'typing') {
      this.setTyping(message.typing);
    } else {
      this.handRaised = message.raised;
      this.change();
    }
  }

  setTyping(typing) {
    clearTimeout(this.typingTimer);
    if (typing)
      this.typingTimer = setTimeout(() => this.setTyping(false), TYPING_MS);
    if (this.typing !== typing) {
      this.typing = typing;
      this.change();
    }
  }

  // The person has compared the codes.
  confirm() {
    this.verification.confirm();
    if (this.verification.confirmed)
      this.host.confirmed.add(this.verification.peerFingerprint);
  }

  // --- media ---

  setTrack(media, track) {
    for (const connection of [this.current, this.next]) {
      if (connection && !connection.closed)
        this.run(connection, () => connection.setTrack(media, track));
    }
  }

  // How loud it is, 0 to 1; null: not known.
  get level() {
    const source = this.current?.transceivers.audio?.receiver.getSynchronizationSources?.()[0];
    return source && performance.timeOrigin + performance.now() - source.timestamp < 500 ? source.audioLevel ?? null : null;
  }

  // reason: null: nothing is said.
  close(reason = 'left') {
    if (this.over)
      return;
    const bye = { type: 'bye', generation: this.current?.generation || 1, reason };
    const sent = reason && this.state !== 'failed' && this.send(bye);
    this.over = true;
    clearTimeout(this.timer);
    clearTimeout(this.hopeTimer);
    clearTimeout(this.typingTimer);
    this.next?.close();
    const { current } = this;
    // The goodbye has to get out.
    if (sent)
      setTimeout(() => current.close(), 200);
    else
      current?.close();
  }
}
