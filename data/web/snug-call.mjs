// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The call from join to leave: the server, the people in the room, the chat. What the page and the tests hold; it knows nothing of what is
// shown.

import { Chat } from './snug-chat.mjs';
import { randomId } from './snug-crypto.mjs';
import { Emitter } from './snug-emitter.mjs';
import { Peer } from './snug-peer.mjs';
import { deriveRoom } from './snug-room.mjs';
import { Roster } from './snug-roster.mjs';
import { Signaling } from './snug-signaling.mjs';

const JOIN_MS = 15000;
const TYPING_MS = 3000;

// state: 'idle', 'joining', 'joined', 'ended'. Events: "change": state, serverConnected or peers; "peer" (detail: {peer, what}: 'joined',
// 'left', 'changed', 'failed'); "reaction" (detail: {peer, emoji}); "refused" (detail: {name, code}); "ended" (detail: null, or why, a
// word: 'unreachable', 'refused', 'not-snug', 'room-full', 'version', 'silent', 'not-allowed', ...).
export class Call extends Emitter {
  // media: {tracks: {audio, camera, screen}, mediaState: {audio, video, screen}}, with an event "tracks" (detail: which) and "state".
  constructor({ url, roomName, displayName, media, relayOnly = false }) {
    super();
    Object.assign(this, { url, roomName, displayName, media, relayOnly });
    this.state = 'idle';
    this.reason = null;
    this.serverConnected = false;
    this.peers = []; // in the order in which they came
    this.iceServers = [];
    this.handRaised = false;
    this.selfId = null;
    this.token = randomId();
    this.typingSaid = 0;
    this.arrivals = 0;
    this.certificate = null; // one for all connections: a code is for it
    this.confirmed = new Set(); // fingerprints of those whose code was compared
    this.chat = new Chat(() => this.peers.filter(({ state }) => state !== 'failed'));
    this.onTracks = ({ detail }) => this.passTracks(detail);
    this.onMediaState = () => this.passMediaState();
    this.onOnline = () => this.renew();
  }

  // roomName: normalised. Never is rejected: the end says why.
  async join() {
    this.state = 'joining';
    this.emit('change');
    this.room = await deriveRoom(this.roomName);
    this.certificate = await RTCPeerConnection.generateCertificate?.({ name: 'ECDSA', namedCurve: 'P-256' }).catch(() => null) ?? null;
    if (this.state !== 'joining')
      return;
    this.signaling = new Signaling(this.url);
    this.signaling.addEventListener('open', () => this.signaling.send(
      { type: 'join', version: 1, room: this.room.id, resume: this.token }));
    this.signaling.addEventListener('message', ({ detail }) => this.hearServer(detail));
    this.signaling.addEventListener('lost', () => this.setServerConnected(false));
    this.signaling.addEventListener('closed', ({ detail }) => this.onClosed(detail));
    this.media.addEventListener('tracks', this.onTracks);
    this.media.addEventListener('state', this.onMediaState);
    globalThis.addEventListener?.('online', this.onOnline);
    this.joinTimer = setTimeout(() => this.end('silent'), JOIN_MS);
    this.signaling.open();
  }

  setServerConnected(connected) {
    this.serverConnected = connected;
    for (const peer of this.peers)
      peer.setSignaling(connected);
    this.emit('change');
  }

  // Those whom we hear and see stay; but nobody can come.
  onClosed(reason) {
    if (this.state === 'joining')
      this.end(reason || 'unreachable');
    else if (this.state === 'joined')
      this.setServerConnected(false);
  }

  // --- the server ---

  hearServer(message) {
    if (this.state === 'ended')
      return;
    switch (message.type) {
      case 'joined':
        this.hearJoined(message);
        break;
      case 'peer-joined':
        this.roster?.add(message.id, false);
        break;
      case 'peer-left':
        this.hearLeft(message);
        break;
      case 'signal':
        this.roster?.receive(message.from, message.payload);
        break;
      case 'error':
        if (this.state === 'joining')
          this.end(message.code);
        else if (!this.serverConnected && !['rate-limited', 'shutting-down'].includes(message.code))
          this.signaling.end(message.code);
        break;
      default:
    }
  }

  hearJoined({ id, peers, iceServers, resumed }) {
    if (this.state === 'joined' && this.serverConnected)
      return;
    clearTimeout(this.joinTimer);
    // A server that knows no tokens: to everybody we are somebody new.
    if (this.selfId && this.selfId !== id) {
      for (const peer of Array.from(this.peers))
        this.remove(peer, 'left');
    }
    this.selfId = id;
    this.iceServers = iceServers;
    if (!resumed || !this.roster)
      this.makeRoster();
    else
      this.roster.retain(peers);
    this.state = 'joined';
    this.serverConnected = true;
    for (const member of peers)
      this.roster.add(member, !resumed);
    if (resumed) {
      for (const peer of Array.from(this.peers)) {
        if (peers.includes(peer.id))
          peer.setSignaling(true);
        else if (peer.state !== 'connected')
          this.remove(peer, 'left');
      }
    }
    this.emit('change');
  }

  makeRoster() {
    this.roster?.clear();
    const roster = new Roster(this.room, this.selfId, this.displayName);
    const listen = (name, func) => roster.addEventListener(name, ({ detail }) => {
      if (this.roster === roster && this.state === 'joined')
        func(detail);
    });
    this.roster = roster;
    listen('outgoing', ({ id, payload }) => this.signaling.send({ type: 'signal', to: id, payload }));
    listen('present', member => this.meet(member));
    listen('message', ({ id, message }) => this.hearPeer(id, message));
    listen('refused', detail => this.emit('refused', detail));
  }

  hearLeft({ id, lost }) {
    const peer = this.find(id);
    this.roster?.remove(id);
    if (!peer)
      return;
    // As long as their own connection lives, the call goes on.
    if (lost && peer.state === 'connected')
      peer.setSignaling(false);
    else
      this.remove(peer, 'left');
  }

  // --- people ---

  find(id) {
    return this.peers.find(peer => peer.id === id);
  }

  meet({ id, name, offer }) {
    const known = this.find(id);
    if (known && (!offer || known.state === 'connected')) {
      known.setSignaling(true);
      return;
    }
    if (known)
      this.remove(known, null);
    const peer = this.add(id, name);
    if (offer)
      peer.offer();
  }

  add(id, name) {
    const peer = new Peer({ id, name, host: this });
    peer.number = this.arrivals++;
    this.peers.push(peer);
    peer.addEventListener('say', ({ detail }) => this.roster?.send(id, detail));
    peer.addEventListener('change', () => this.emit('peer', { peer, what: 'changed' }));
    peer.addEventListener('message', ({ detail }) => this.chat.hear(peer, detail));
    peer.addEventListener('open', () => {
      this.chat.peerOpened(peer);
      this.limitCameras();
    });
    peer.addEventListener('reaction', ({ detail }) => this.emit('reaction', { peer, emoji: detail }));
    peer.addEventListener('left', () => this.remove(peer, 'left'));
    peer.addEventListener('failed', () => {
      this.chat.peerGone(peer);
      this.emit('peer', { peer, what: 'failed' });
      if (!peer.signaling)
        this.remove(peer, 'left');
    });
    this.emit('peer', { peer, what: 'joined' });
    this.emit('change');
    return peer;
  }

  // what: 'left'; null: it is there again in a moment.
  remove(peer, what) {
    const index = this.peers.indexOf(peer);
    if (index < 0)
      return;
    this.peers.splice(index, 1);
    peer.close(null);
    if (what)
      this.chat.peerGone(peer);
    this.emit('peer', { peer, what: what || 'replaced' });
    this.emit('change');
    this.limitCameras();
  }

  hearPeer(id, message) {
    let peer = this.find(id);
    if (peer?.isFreshStart(message) && !peer.offers) {
      const { name } = peer;
      this.remove(peer, null);
      peer = this.add(id, name);
    }
    peer?.hear(message);
  }

  limitCameras() {
    for (const peer of this.peers)
      peer.current?.limitCamera(this.peers.length);
  }

  // --- what a peer asks of us ---

  get tracks() {
    return this.media.tracks;
  }

  get mediaState() {
    return this.media.mediaState;
  }

  get hasRelay() {
    return this.iceServers.some(({ urls }) => urls.some(url => url.startsWith('turn')));
  }

  passTracks(media) {
    for (const peer of this.peers)
      peer.setTrack(media, this.tracks[media]);
  }

  passMediaState() {
    for (const peer of this.peers)
      peer.sendMediaState();
  }

  // --- what the person does ---

  // False: there is nothing to say.
  say(text) {
    this.typingSaid = 0;
    return text ? !!this.chat.say(text) : false;
  }

  setTyping(typing) {
    const now = performance.now();
    if (typing ? now - this.typingSaid < TYPING_MS && this.typingSaid : !this.typingSaid)
      return;
    this.typingSaid = typing ? now : 0;
    for (const peer of this.peers)
      peer.send({ type: 'typing', typing });
  }

  raiseHand(raised) {
    this.handRaised = raised;
    for (const peer of this.peers)
      peer.send({ type: 'hand', raised });
    this.emit('change');
  }

  react(emoji) {
    for (const peer of this.peers)
      peer.send({ type: 'reaction', emoji });
    this.emit('reaction', { peer: null, emoji });
  }

  renew() {
    if (this.state !== 'joined')
      return;
    this.signaling.renew();
    for (const peer of this.peers)
      peer.renew();
  }

  leave() {
    this.end(null);
  }

  end(reason) {
    if (this.state === 'ended')
      return;
    this.state = 'ended';
    this.reason = reason;
    clearTimeout(this.joinTimer);
    this.media.removeEventListener('tracks', this.onTracks);
    this.media.removeEventListener('state', this.onMediaState);
    globalThis.removeEventListener?.('online', this.onOnline);
    for (const peer of this.peers)
      peer.close('left');
    this.peers = [];
    this.serverConnected = false;
    this.signaling?.close();
    this.roster?.clear();
    this.emit('ended', reason);
    this.emit('change');
  }
}
