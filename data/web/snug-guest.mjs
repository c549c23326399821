// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The page: the lobby, the call, the end, and how one leads to the other.

import { Call } from './snug-call.mjs';
import { announce, find, translatePage } from './snug-dom.mjs';
import { LevelMeter } from './snug-level.mjs';
import { Lobby } from './snug-lobby.mjs';
import { LocalMedia } from './snug-media.mjs';
import { Stage, prepareStage } from './snug-stage.mjs';
import { isRtl, language, t } from './snug-texts.mjs';

// Why a call ended that nobody left: a title, and what to do.
const ENDS = {
  unreachable: ['unreachable', 'unreachableText'],
  silent: ['unreachable', 'unreachableText'],
  refused: ['refused', 'refusedText'],
  'not-snug': ['notSnug', 'notSnugText'],
  version: ['notSnug', 'notSnugText'],
  'room-full': ['full', 'fullText'],
  'rate-limited': ['busy', 'busyText'],
  'not-allowed': ['notAllowed', 'notAllowedText'],
};

// On the server that the page came from. A token in the page's address goes along.
function getServerUrl() {
  const url = new URL('/snug', location.href);
  const token = new URLSearchParams(location.search).get('token');
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  url.hash = '';
  if (token)
    url.searchParams.set('token', token);
  return url.href;
}

// A browser does not tell what the server answered instead of a WebSocket; but whether anything is there can be asked.
async function findReason(reason) {
  if (reason !== 'unreachable')
    return reason;
  const alive = await fetch('/healthz', { cache: 'no-store' }).then(({ ok }) => ok, () => false);
  return alive ? 'refused' : 'unreachable';
}

class Guest {
  constructor() {
    document.documentElement.lang = language;
    document.documentElement.dir = isRtl ? 'rtl' : 'ltr';
    translatePage();
    this.media = new LocalMedia();
    this.meter = new LevelMeter(this.media);
    this.lobby = new Lobby(this.media, details => this.join(details));
    prepareStage(this.media);
    find('again').addEventListener('click', () => this.join(this.last));
    find('back').addEventListener('click', () => this.showLobby());
    document.addEventListener('pointerdown', () => this.meter.wake());
    document.addEventListener('keydown', () => this.meter.wake());
    window.addEventListener('pagehide', () => this.call?.leave());
    window.addEventListener('beforeunload', event => {
      if (this.call?.state === 'joined' && this.call.peers.length)
        event.preventDefault();
    });
    setInterval(() => {
      if (!find('lobby').hidden)
        this.lobby.setLevel(this.meter.level);
    }, 100);
    this.showLobby();
  }

  show(id) {
    for (const one of ['lobby', 'call', 'ended'])
      find(one).hidden = one !== id;
  }

  showLobby() {
    this.show('lobby');
    document.title = 'Snug';
    find(find('name').value ? 'join' : 'name').focus();
    if (!this.media.tracks.audio && !this.media.tracks.camera)
      this.media.start();
  }

  async join(details) {
    this.last = details;
    this.meter.wake();
    if (!this.media.tracks.audio && !this.media.tracks.camera && find('lobby').hidden)
      await this.media.start();
    this.call = new Call({ url: getServerUrl(), ...details, media: this.media });
    this.call.addEventListener('change', () => {
      if (this.call.state === 'joined' && !this.stage)
        this.enter();
    });
    this.call.addEventListener('ended', ({ detail }) => this.end(detail));
    this.call.join();
  }

  enter() {
    this.lobby.setBusy(false);
    this.show('call');
    document.title = `${this.call.roomName} – Snug`;
    this.stage = new Stage({ call: this.call, media: this.media, meter: this.meter });
    announce(t('peopleCount', { count: this.call.peers.length + 1 }));
    this.keepAwake();
  }

  // A call is watched, even when nobody touches anything.
  async keepAwake() {
    this.wakeLock = await navigator.wakeLock?.request('screen').catch(() => null);
  }

  async end(reason) {
    const wasThere = !!this.stage;
    this.stage?.close();
    this.stage = null;
    this.wakeLock?.release().catch(() => {});
    this.media.stopSharing();
    const [title, text] = reason === null ? ['ended', 'endedText']
      : ENDS[await findReason(reason)] || ENDS['not-snug'];
    this.lobby.setBusy(false);
    if (wasThere || reason === null) {
      this.media.stop();
      this.show('ended');
      find('ended-title').textContent = t(title);
      find('ended-text').textContent = t(text);
      document.title = 'Snug';
      find('ended-title').focus();
    } else {
      find('join-problem').textContent = `${t(title)}. ${t(text)}`;
      this.show('lobby');
    }
  }
}

// For whoever looks from outside, as tests do.
window.snugGuest = new Guest();
