// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is said over the stage for a while: a notice as long as something is so, a toast for a moment, a reaction that rises.

import { find, make, makeName } from './snug-dom.mjs';

const TOAST_MS = 5000;
const REACTION_MS = 2400;
const REACTIONS_MAX = 24;

export class Notices {
  constructor() {
    this.notices = new Map(); // why -> {title, text, button}
    this.update();
    find('toast').hidden = true;
    find('reactions').replaceChildren();
  }

  // title null: it is over. The newest is shown. button: {text, action}, nullable.
  set(why, title, text = '', button = null) {
    const before = this.notices.get(why);
    if (before ? before.title === title && before.text === text : !title)
      return;
    this.notices.delete(why);
    if (title)
      this.notices.set(why, { title, text, button });
    this.update();
  }

  update() {
    const notice = Array.from(this.notices.values()).at(-1);
    const box = find('notice');
    box.hidden = !notice;
    box.replaceChildren();
    if (!notice)
      return;
    box.append(make('strong', { text: notice.title }), notice.text);
    if (notice.button) {
      const button = make('button', { type: 'button', class: 'pill', text: notice.button.text });
      button.addEventListener('click', notice.button.action);
      box.append(button);
    }
  }

  toast(text) {
    const box = find('toast');
    box.textContent = text;
    box.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => { box.hidden = true; }, TOAST_MS);
  }

  // x: where from, in pixels of the stage.
  react(emoji, name, x) {
    const box = find('reactions');
    const one = make('span', { text: emoji }, make('small', {}, makeName(name)));
    if (box.childElementCount >= REACTIONS_MAX)
      box.firstElementChild.remove();
    one.style.left = `${x}px`;
    box.append(one);
    setTimeout(() => one.remove(), REACTION_MS);
  }
}
