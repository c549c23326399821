// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One picture with its name: of a person, of a shared screen, of oneself.

import { make, makeIcon, makeName } from './snug-dom.mjs';
import { t } from './snug-texts.mjs';

const SMALL = 200;

export function getInitials(name) {
  const words = name.split(/[\s-]+/u).filter(word => /[\p{L}\p{N}]/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : ''].map(word => Array.from(word || '')[0] || '');
  return letters.join('').toUpperCase() || Array.from(name)[0] || '';
}

export class Tile {
  // tag: of its element. tone: 0 to 7.
  constructor({ tag = 'li', tone = 0, mirror = false, contain = false } = {}) {
    this.video = make('video', { playsinline: '', 'aria-hidden': 'true' });
    this.video.autoplay = true;
    this.video.muted = true; // sound comes from elsewhere
    this.avatar = make('div', { class: `avatar tone-${tone % 8}`, 'aria-hidden': 'true' });
    this.chip = make('div', { class: 'chip name-chip' });
    this.status = make('div', { class: 'chip status-chip' });
    this.hand = make('div', { class: 'chip hand-chip' }, makeIcon('hand'));
    this.element = make(tag, { class: 'tile', tabindex: '0' }, this.video, this.avatar, this.chip, this.status, this.hand);
    this.element.classList.toggle('mirror', mirror);
    this.element.classList.toggle('contain', contain);
    // Two clicks: all of it, or as much as fills the tile.
    this.element.addEventListener('dblclick', () => this.element.classList.toggle('contain'));
    this.track = null;
  }

  // All that is shown. name: as it is read; track: nullable; status: a sentence or null.
  show({ name, track, muted = false, hand = false, verified = false, status = null, interrupted = false }) {
    if (track !== this.track) {
      this.track = track;
      this.video.srcObject = track ? new MediaStream([track]) : null;
      if (track)
        this.video.play().catch(() => {});
    }
    this.video.hidden = !track;
    this.avatar.hidden = !!track;
    this.avatar.textContent = getInitials(name);
    this.chip.replaceChildren(...(muted ? [makeIcon('mic-off')] : []), makeName(name), ...(verified ? [makeIcon('check')] : []));
    this.status.hidden = !status;
    this.status.textContent = status || '';
    this.hand.hidden = !hand;
    this.element.classList.toggle('interrupted', interrupted);
    const words = [name, muted && t('micIsOff'), !track && t('cameraOffOf'), hand && t('handIsUp'), verified && t('verified'), status];
    this.element.setAttribute('aria-label', words.filter(Boolean).join(', '));
  }

  place({ x, y, width, height }, fill = false) {
    const { style, classList } = this.element;
    style.left = `${x}px`;
    style.top = `${y}px`;
    style.width = `${width}px`;
    style.height = `${height}px`;
    classList.toggle('fill', fill);
    classList.toggle('small', width < SMALL);
  }

  setSpeaking(speaking) {
    this.element.classList.toggle('speaking', speaking);
  }
}
