// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The lines of chat as they are read, and the one that is being written.

import { find, make, makeName, setButton } from './snug-dom.mjs';
import { CHAT_TEXT_MAX_BYTES } from './snug-protocol.mjs';
import { isRtl, t } from './snug-texts.mjs';

const LINK = /\bhttps?:\/\/[^\s<>"']+/giu;
// What controls a terminal is shown; what turns text round, or has no width, goes.
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g; // eslint-disable-line no-control-regex
const TURNS = /[\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

// Pieces of a text: strings, and {link}: an address that may be opened. None with a user name before the host, or that can't be read.
export function splitText(text) {
  const clean = text.replace(CONTROLS, '\ufffd').replace(TURNS, '');
  const pieces = [];
  let end = 0;
  for (const match of clean.matchAll(LINK)) {
    const link = match[0].replace(/[.,;:!?)\]}]+$/, '');
    let url = null;
    try {
      url = new URL(link);
    } catch {
      // Just text.
    }
    if (!url || url.username || url.password)
      continue;
    pieces.push(clean.slice(end, match.index), { link });
    end = match.index + link.length;
  }
  pieces.push(clean.slice(end));
  return pieces.filter(piece => piece !== '');
}

function makeText(text) {
  return splitText(text).map(piece => (typeof piece === 'string' ? piece
    : make('a', { href: piece.link, target: '_blank', rel: 'noopener noreferrer', text: piece.link })));
}

export class ChatPanel {
  constructor(call) {
    this.call = call;
    this.rows = new Map(); // line -> its element
    this.list = find('chat-lines');
    this.box = find('chat-text');
    this.list.replaceChildren();
    this.listening = new AbortController();
    const { signal } = this.listening;
    call.chat.addEventListener('added', ({ detail }) => this.add(detail), { signal });
    call.chat.addEventListener('changed', ({ detail }) => this.update(detail), { signal });
    find('composer').addEventListener('submit', event => {
      event.preventDefault();
      this.send();
    }, { signal });
    this.box.addEventListener('keydown', event => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.send();
      }
    }, { signal });
    this.box.addEventListener('input', () => call.setTyping(this.box.value.trim() !== ''), { signal });
    this.box.placeholder = t('message');
    this.box.setAttribute('aria-label', t('message'));
    setButton(find('send'), 'send', t('send'));
    find('chat-empty').hidden = false;
    this.box.value = '';
  }

  close() {
    this.listening.abort();
  }

  send() {
    const text = this.box.value.trim();
    if (!text)
      return;
    if (new TextEncoder().encode(text).length > CHAT_TEXT_MAX_BYTES) {
      this.box.setCustomValidity(t('tooLong'));
      this.box.reportValidity();
      this.box.setCustomValidity('');
      return;
    }
    this.call.say(text);
    this.box.value = '';
  }

  add(line) {
    const atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 60;
    const previous = this.list.lastElementChild;
    const row = make('li', { class: line.mine ? 'line mine' : 'line' });
    const sameSender = previous && previous.dataset.peer === (line.peerId || '');
    row.dataset.peer = line.peerId || '';
    if (!line.mine && !sameSender)
      row.append(make('div', { class: 'from' }, makeName(line.from)));
    row.append(make('div', { class: 'bubble', dir: 'auto' }, ...makeText(line.text)));
    row.append(make('div', { class: 'state' }));
    this.rows.set(line, row);
    this.list.append(row);
    while (this.list.childElementCount > 500)
      this.list.firstElementChild.remove();
    find('chat-empty').hidden = true;
    this.update(line);
    if (atEnd || line.mine)
      this.list.scrollTop = this.list.scrollHeight;
  }

  update(line) {
    const state = this.rows.get(line)?.querySelector('.state');
    if (!state)
      return;
    const time = line.time.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    state.classList.toggle('bad', line.state === 'not-sent');
    if (line.state === 'not-sent') {
      const again = make('button', { type: 'button', text: t('tryAgain') });
      again.addEventListener('click', () => this.call.chat.sayAgain(line));
      state.replaceChildren(t('notSent'), ' ', again);
      return;
    }
    const words = { sending: t('sending'), delivered: line.readers.size ? t('readBy', { count: line.readers.size }) : t('delivered') };
    state.textContent = words[line.state] ? `${time}${isRtl ? '، ' : ', '}${words[line.state]}` : time;
  }

  showTyping(peers) {
    const names = peers.filter(({ typing }) => typing).map(({ name }) => name);
    const text = names.length > 1 ? t('typingMany') : names.length ? t('typing', { name: names[0] }) : '';
    if (find('typing').textContent !== text)
      find('typing').textContent = text;
  }
}
