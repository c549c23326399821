// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A call as it is seen: the tiles and where they go, the bar, the panel beside it, and what is said when something happens.

import { CallBar } from './snug-call-bar.mjs';
import { ChatPanel } from './snug-chat-panel.mjs';
import { announce, find, keepDevices, setButton } from './snug-dom.mjs';
import { layOutGrid, layOutSpeaker } from './snug-layout.mjs';
import { Notices } from './snug-notices.mjs';
import { describeFailure, showPeople } from './snug-people-panel.mjs';
import { isRtl, t } from './snug-texts.mjs';
import { Tile } from './snug-tile.mjs';

const LOOK_MS = 200;
const SPEECH = 0.02;
const SPEECH_HOLD_MS = 600;
const NARROW = 720;
const MUTED_TALK_MS = 1500;
const SELF = 'self';

function formatDuration(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map(n => String(n).padStart(2, '0'));
  return seconds >= 3600 ? [Math.floor(seconds / 3600), ...parts].join(':') : parts.join(':');
}

export class Stage {
  constructor({ call, media, meter }) {
    this.call = call;
    this.media = media;
    this.meter = meter;
    this.tiles = new Map(); // key -> Tile
    this.sounds = new Map(); // peer -> audio element
    this.spoke = new Map(); // key -> when
    this.panel = null; // 'chat', 'people'
    this.unread = 0;
    this.started = null;
    this.talking = 0;
    this.notices = new Notices();
    this.chatPanel = new ChatPanel(call);
    this.bar = new CallBar({
      microphone: () => this.toggleMicrophone(),
      camera: () => media.setCamera(!media.tracks.camera),
      share: () => this.toggleShare(),
      hand: () => call.raiseHand(!call.handRaised),
      react: emoji => call.react(emoji),
      chat: () => this.togglePanel('chat'),
      people: () => this.togglePanel('people'),
      devices: () => find('devices-dialog').showModal(),
      leave: () => call.leave(),
      escape: () => this.togglePanel(null),
    });
    this.listening = new AbortController();
    this.listen();
    find('room-title').textContent = call.roomName;
    setButton(find('panel-close'), 'close', t('close'));
    find('tiles').setAttribute('aria-label', t('people'));
    this.togglePanel(null);
    this.observer = new ResizeObserver(() => this.layOut());
    this.observer.observe(find('stage'));
    this.ticker = setInterval(() => this.look(), LOOK_MS);
    this.update();
    find(media.available ? 'mic' : 'chat-button').focus();
  }

  listen() {
    const { signal } = this.listening;
    const on = (object, name, func) => object.addEventListener(name, ({ detail }) => func(detail), { signal });
    on(this.call, 'change', () => this.update());
    on(this.call, 'peer', detail => this.onPeer(detail));
    on(this.call, 'reaction', ({ peer, emoji }) => this.onReaction(peer, emoji));
    on(this.call, 'refused', ({ name }) => this.notices.toast(name ? t('forged', { name }) : t('wrongKey')));
    on(this.call.chat, 'added', line => this.onLine(line));
    for (const name of ['tracks', 'state', 'problem'])
      on(this.media, name, () => this.update());
    on(this.media, 'devices', () => this.setSpeaker());
    find('panel-close').addEventListener('click', () => this.togglePanel(null), { signal });
    find('copy-link').addEventListener('click', () => this.copyLink(), { signal });
    document.addEventListener('visibilitychange', () => this.markSeen(), { signal });
  }

  close() {
    find('people-page').replaceChildren();
    clearInterval(this.ticker);
    this.observer.disconnect();
    this.listening.abort();
    this.bar.close();
    this.chatPanel.close();
    if (find('devices-dialog').open)
      find('devices-dialog').close();
    for (const sound of this.sounds.values())
      sound.srcObject = null;
    for (const tile of this.tiles.values())
      tile.element.remove();
    this.tiles.clear();
  }

  // --- what the person does ---

  toggleMicrophone() {
    this.media.setMicrophone(!this.media.mediaState.audio);
    this.notices.set('muted', null);
  }

  async toggleShare() {
    if (this.media.tracks.screen)
      this.media.stopSharing();
    else if (this.media.canShare)
      await this.media.share();
    else
      this.notices.toast(t('cantShare'));
  }

  // which: 'chat', 'people', or null; the same again closes it.
  togglePanel(which) {
    const before = this.panel;
    this.panel = which === before ? null : which;
    find('panel').hidden = !this.panel;
    find('call').classList.toggle('with-panel', !!this.panel);
    find('chat-page').hidden = this.panel !== 'chat';
    find('people-page').hidden = this.panel !== 'people';
    find('panel-title').textContent = this.panel ? t(this.panel) : '';
    if (this.panel === 'chat') {
      this.unread = 0;
      find('chat-text').focus();
      find('chat-lines').scrollTop = find('chat-lines').scrollHeight;
      this.markSeen();
    } else if (this.panel === 'people') {
      find('panel-close').focus();
    } else if (before) {
      find(before === 'chat' ? 'chat-button' : 'people-button').focus();
    }
    this.update();
  }

  markSeen() {
    if (this.panel === 'chat' && !document.hidden)
      this.call.chat.markSeen();
  }

  async copyLink() {
    try {
      await navigator.clipboard.writeText(`${location.origin}/r${location.search}#${encodeURIComponent(this.call.roomName)}`);
      this.notices.toast(t('copied'));
    } catch {
      this.notices.toast(t('notCopied'));
    }
  }

  // --- what happens ---

  onPeer({ peer, what }) {
    if (what === 'joined' || what === 'left') {
      this.notices.toast(t(what, { name: peer.name }));
    } else if (what === 'failed') {
      this.notices.toast(describeFailure(peer));
    }
    if (peer.handRaised && !peer.handKnown)
      announce(t('raised', { name: peer.name }));
    peer.handKnown = peer.handRaised;
    this.update();
  }

  onReaction(peer, emoji) {
    const name = peer ? peer.name : t('you');
    const tile = this.tiles.get(peer ? `${peer.id}/camera` : SELF)?.element.getBoundingClientRect();
    const stage = find('stage').getBoundingClientRect();
    const x = tile ? tile.x - stage.x + tile.width / 2 : stage.width / 2;
    this.notices.react(emoji, name, Math.max(20, Math.min(stage.width - 60, x - 20)));
    if (peer)
      announce(t('reacted', { name, emoji }));
  }

  onLine(line) {
    if (line.mine)
      return;
    if (this.panel === 'chat') {
      this.markSeen();
    } else {
      this.unread++;
      this.notices.toast(t('says', { name: line.from, text: Array.from(line.text).slice(0, 120).join('') }));
      this.update();
    }
  }

  // --- what is shown ---

  update() {
    const { call, media } = this;
    if (call.state === 'joined' && !this.started)
      this.started = performance.now();
    this.updateTiles();
    this.updateSounds();
    this.bar.show({
      microphone: media.mediaState.audio,
      camera: !!media.tracks.camera,
      available: media.available,
      sharing: !!media.tracks.screen,
      canShare: media.canShare,
      handRaised: call.handRaised,
      chatOpen: this.panel === 'chat',
      peopleOpen: this.panel === 'people',
      unread: this.unread,
      count: call.peers.length + 1,
    });
    this.chatPanel.showTyping(call.peers);
    if (this.panel === 'people')
      showPeople(call);
    this.updateNotices();
    this.layOut();
  }

  updateNotices() {
    const { call, media } = this;
    const alone = call.state === 'joined' && call.peers.length === 0;
    find('waiting').hidden = !alone && call.state !== 'joining';
    find('waiting-title').textContent = t(call.state === 'joining' ? 'joining' : 'alone');
    find('waiting-text').textContent = alone ? t('aloneText') : '';
    find('copy-link').hidden = !alone;
    find('stage').classList.toggle('alone', !find('waiting').hidden);
    this.notices.set('server', call.state === 'joined' && !call.serverConnected ? t('serverLost') : null, t('serverLostText'));
    this.notices.set('sharing', media.tracks.screen ? t('sharing') : null, '', { text: t('stop'), action: () => media.stopSharing() });
    // Of two people, who is interrupted is the call.
    const interrupted = call.peers.length === 1 && call.peers[0].state === 'interrupted';
    this.notices.set('interrupted', interrupted ? t('interrupted') : null);
  }

  // key -> what the tile shows, in order.
  describeTiles() {
    const tiles = new Map();
    for (const peer of this.call.peers) {
      const connected = peer.state === 'connected' || peer.state === 'interrupted';
      const status = { connecting: t('connecting'), interrupted: t('interrupted'), failed: t('notConnected') }[peer.state] || null;
      if (connected && peer.mediaState.screen && peer.tracks.screen)
        tiles.set(`${peer.id}/screen`, { name: t('screenOf', { name: peer.name }), track: peer.tracks.screen, tone: peer.number, contain: true });
      tiles.set(`${peer.id}/camera`, {
        name: peer.name,
        track: connected && peer.mediaState.video ? peer.tracks.camera : null,
        muted: !peer.mediaState.audio,
        hand: peer.handRaised,
        verified: peer.verification.confirmed,
        status,
        interrupted: peer.state === 'interrupted',
        tone: peer.number + 1,
      });
    }
    tiles.set(SELF, {
      name: t('you'), track: this.media.tracks.camera, muted: !this.media.mediaState.audio, hand: this.call.handRaised, tone: 0, mirror: true });
    return tiles;
  }

  updateTiles() {
    const described = this.describeTiles();
    for (const [key, tile] of this.tiles) {
      if (!described.has(key)) {
        tile.element.remove();
        this.tiles.delete(key);
        this.spoke.delete(key);
      }
    }
    for (const [key, what] of described) {
      let tile = this.tiles.get(key);
      if (!tile) {
        tile = new Tile({ tone: what.tone, mirror: what.mirror, contain: what.contain });
        this.tiles.set(key, tile);
      }
      tile.show(what);
    }
    this.order = Array.from(described.keys());
  }

  updateSounds() {
    for (const [peer, sound] of this.sounds) {
      if (!this.call.peers.includes(peer)) {
        sound.srcObject = null;
        this.sounds.delete(peer);
      }
    }
    for (const peer of this.call.peers) {
      const { audio } = peer.tracks;
      let sound = this.sounds.get(peer);
      if (audio && !sound) {
        sound = new Audio();
        sound.autoplay = true;
        this.sounds.set(peer, sound);
        this.setSpeaker();
      }
      if (sound && sound.srcObject?.getTracks()[0] !== (audio || undefined)) {
        sound.srcObject = audio ? new MediaStream([audio]) : null;
        sound.play().catch(() => {});
      }
    }
  }

  setSpeaker() {
    for (const sound of this.sounds.values())
      sound.setSinkId?.(this.media.chosen.speaker).catch(() => {});
  }

  // A shared screen is large, one other person fills everything, more make a grid.
  layOut() {
    const stage = find('stage');
    const { clientWidth: width, clientHeight: height } = stage;
    if (!width || !height || !this.order)
      return;
    const side = window.innerWidth < NARROW ? 8 : 12;
    const area = { x: side, y: 52, width: width - 2 * side, height: height - 52 - 88 };
    const screens = this.order.filter(key => key.endsWith('/screen'));
    const cameras = this.order.filter(key => !key.endsWith('/screen'));
    const others = cameras.filter(key => key !== SELF);
    const floating = !screens.length && others.length <= 1;
    let places;
    if (screens.length) {
      const keys = [screens.at(-1), ...screens.slice(0, -1), ...cameras];
      places = layOutSpeaker(keys.length - 1, area, width, isRtl).map((place, n) => [keys[n], place]);
    } else if (floating) {
      places = others.map(key => [key, { x: 0, y: 0, width, height }]);
    } else {
      places = layOutGrid(cameras.length, area, width, isRtl).map((place, n) => [cameras[n], place]);
    }
    for (const [key, place] of places) {
      this.putTile(find('tiles'), key);
      this.tiles.get(key).place(place, floating);
    }
    find('self-view').hidden = !floating;
    if (floating) {
      this.putTile(find('self-view'), SELF);
      const { clientWidth, clientHeight } = find('self-view');
      this.tiles.get(SELF).place({ x: 0, y: 0, width: clientWidth, height: clientHeight });
    }
  }

  // Moving a picture interrupts it, so it stays where it is.
  putTile(box, key) {
    const { element } = this.tiles.get(key);
    if (element.parentElement !== box)
      box.append(element);
  }

  // --- every moment ---

  look() {
    const now = performance.now();
    if (this.started) {
      const duration = formatDuration(now - this.started);
      if (find('call-time').textContent !== duration)
        find('call-time').textContent = duration;
    }
    const { level } = this.meter;
    const microphone = this.media.mediaState.audio;
    this.hear(SELF, microphone ? level : 0, now);
    for (const peer of this.call.peers)
      this.hear(`${peer.id}/camera`, peer.mediaState.audio ? peer.level || 0 : 0, now);
    this.talking = !microphone && this.media.tracks.audio && level > SPEECH ? this.talking + LOOK_MS : 0;
    if (this.talking >= MUTED_TALK_MS)
      this.notices.set('muted', t('mutedTalking'));
    else if (microphone)
      this.notices.set('muted', null);
  }

  hear(key, level, now) {
    if (level > SPEECH)
      this.spoke.set(key, now);
    this.tiles.get(key)?.setSpeaking(now - (this.spoke.get(key) ?? -Infinity) < SPEECH_HOLD_MS);
  }
}

export function prepareStage(media) {
  keepDevices(find('call-devices'), media);
}
