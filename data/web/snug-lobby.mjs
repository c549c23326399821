// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Before the call: what others will see and hear, under which name, and in which room. Never joins by itself.

import { find, keepDevices, make, setButton } from './snug-dom.mjs';
import { NameError, normalizeDisplayName, normalizeRoomName } from './snug-room.mjs';
import { t } from './snug-texts.mjs';

const NAME_KEY = 'snug-name';

const PROBLEMS = {
  'camera-denied': 'cameraDenied', 'camera-missing': 'cameraMissing', 'camera-busy': 'cameraBusy',
  'microphone-denied': 'microphoneDenied', 'microphone-missing': 'microphoneMissing', 'microphone-busy': 'microphoneBusy',
};
const NAME_PROBLEMS = { empty: 'nameEmpty', 'too-long': 'nameLong', characters: 'nameBad' };
const ROOM_PROBLEMS = { empty: 'roomEmpty', 'too-long': 'roomLong', characters: 'roomBad' };

// A room's name, or a link that has one: snug://NAME, https://SERVER/r#NAME. Answers the name as it was typed.
export function readRoom(text) {
  const typed = text.trim();
  const link = /^(?:https?:\/\/[^#]*#|snug:(?:\/\/)?)(.*)$/is.exec(typed);
  if (!link)
    return typed;
  const rest = /^snug:/i.test(typed) ? link[1].replace(/[/?#].*$/s, '') : link[1];
  try {
    return decodeURIComponent(rest);
  } catch {
    return rest;
  }
}

function recallName() {
  try {
    return localStorage.getItem(NAME_KEY) || '';
  } catch {
    return '';
  }
}

function keepName(name) {
  try {
    localStorage.setItem(NAME_KEY, name);
  } catch {
    // A browser that keeps nothing.
  }
}

export class Lobby {
  // onJoin ({roomName, displayName}): both normalised.
  constructor(media, onJoin) {
    this.media = media;
    this.onJoin = onJoin;
    this.video = find('preview-video');
    find('insecure').hidden = window.isSecureContext && media.available;
    find('name').value = recallName();
    this.readFragment();
    window.addEventListener('hashchange', () => this.readFragment());
    find('lobby-mic').addEventListener('click', () => media.setMicrophone(!media.wanted.audio));
    find('lobby-camera').addEventListener('click', () => media.setCamera(!media.wanted.camera));
    find('join-form').addEventListener('submit', event => {
      event.preventDefault();
      this.join();
    });
    for (const name of ['name', 'room'])
      find(name).addEventListener('input', () => { find(`${name}-problem`).textContent = ''; });
    for (const name of ['tracks', 'state', 'problem'])
      media.addEventListener(name, () => this.update());
    keepDevices(find('lobby-devices'), media);
    find('lobby-devices').hidden = !media.available;
    this.update();
  }

  readFragment() {
    if (location.hash.length > 1)
      find('room').value = readRoom(`https://x/r${location.hash}`);
  }

  update() {
    const { audio, camera } = this.media.tracks;
    const { wanted, available, problems } = this.media;
    if (this.track !== camera) {
      this.track = camera;
      this.video.srcObject = camera ? new MediaStream([camera]) : null;
      if (camera)
        this.video.play().catch(() => {});
    }
    this.video.hidden = !camera;
    find('preview-text').textContent = camera || !available ? '' : t(PROBLEMS[problems.camera] || 'cameraIsOff');
    for (const [id, on, kind, names] of [['lobby-mic', audio && wanted.audio, 'mic', ['micOn', 'micOff']],
      ['lobby-camera', !!camera, 'camera', ['cameraOn', 'cameraOff']]]) {
      const button = find(id);
      button.disabled = !available;
      button.classList.toggle('off', !on);
      setButton(button, on ? kind : `${kind}-off`, t(names[on ? 1 : 0]));
    }
    find('problems').replaceChildren(...(problems.audio ? [make('p', { class: 'note', text: t(PROBLEMS[problems.audio]) })] : []));
  }

  // What was typed in a field, normalised; null, with a sentence below it.
  check(id, normalize, problems) {
    try {
      return normalize(find(id).value);
    } catch (error) {
      if (!(error instanceof NameError))
        throw error;
      find(`${id}-problem`).textContent = t(problems[error.reason]);
      find(id).focus();
      return null;
    }
  }

  join() {
    find('join-problem').textContent = '';
    if (!globalThis.RTCPeerConnection) {
      find('join-problem').textContent = t('noWebRtc');
      return;
    }
    const roomName = this.check('room', text => normalizeRoomName(readRoom(text)), ROOM_PROBLEMS);
    const displayName = this.check('name', normalizeDisplayName, NAME_PROBLEMS);
    if (roomName === null || displayName === null)
      return;
    keepName(displayName);
    this.setBusy(true);
    this.onJoin({ roomName, displayName });
  }

  setBusy(busy) {
    find('join').disabled = busy;
    find('join').textContent = t(busy ? 'joining' : 'join');
  }

  setLevel(level) {
    find('meter').value = Math.min(1, level * 4);
  }
}
