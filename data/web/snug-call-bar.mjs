// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The buttons of a call, their menus and their keys.

import { find, make, makeIcon, setButton } from './snug-dom.mjs';
import { t } from './snug-texts.mjs';

const REACTIONS = ['👍', '❤️', '😂', '👏', '🎉', '😮'];

export class CallBar {
  // actions: {microphone, camera, share, hand, react (emoji), chat, people, devices, leave}, functions.
  constructor(actions) {
    this.actions = actions;
    this.listening = new AbortController();
    const { signal } = this.listening;
    const listen = (id, action) => find(id).addEventListener('click', action, { signal });
    find('bar').setAttribute('aria-label', t('callControls'));
    listen('mic', actions.microphone);
    listen('camera', actions.camera);
    listen('share', actions.share);
    listen('hand', actions.hand);
    listen('chat-button', actions.chat);
    listen('people-button', actions.people);
    listen('leave', actions.leave);
    listen('react', () => this.toggleMenu('reaction-menu', 'react'));
    listen('more', () => this.toggleMenu('more-menu', 'more'));
    setButton(find('react'), 'smile', t('react'));
    setButton(find('more'), 'more', t('more'));
    setButton(find('leave'), 'leave', t('leave'));
    this.fillReactions();
    document.addEventListener('keydown', event => this.onKey(event), { signal });
    document.addEventListener('pointerdown', event => {
      if (this.menu && !find(this.menu).contains(event.target) && !find(this.opener).contains(event.target))
        this.closeMenu(false);
    }, { signal });
  }

  close() {
    this.closeMenu(false);
    this.listening.abort();
  }

  fillReactions() {
    find('reaction-menu').replaceChildren(...REACTIONS.map(emoji => this.makeItem(null, emoji, () => this.actions.react(emoji))));
    find('reaction-menu').setAttribute('aria-label', t('react'));
  }

  makeItem(icon, text, action, className = '') {
    const item = make('button', { type: 'button', role: 'menuitem', class: className }, ...(icon ? [makeIcon(icon)] : []), text);
    item.addEventListener('click', () => {
      this.closeMenu();
      action();
    });
    return item;
  }

  // What does not fit into the bar of a narrow window is here, too.
  fillMore() {
    const { sharing, canShare, handRaised } = this.shown;
    find('more-menu').setAttribute('aria-label', t('more'));
    find('more-menu').replaceChildren(
      ...(canShare ? [this.makeItem('screen', t(sharing ? 'stopSharing' : 'shareScreen'), this.actions.share, 'narrow-only')] : []),
      this.makeItem('hand', t(handRaised ? 'lowerHand' : 'raiseHand'), this.actions.hand, 'narrow-only'),
      this.makeItem('smile', t('react'), () => this.toggleMenu('reaction-menu', 'more'), 'narrow-only'),
      this.makeItem('people', t('people'), this.actions.people),
      this.makeItem('settings', t('devices'), this.actions.devices));
  }

  toggleMenu(id, opener) {
    if (this.menu === id) {
      this.closeMenu();
      return;
    }
    this.closeMenu(false);
    if (id === 'more-menu')
      this.fillMore();
    this.menu = id;
    this.opener = opener;
    find(id).hidden = false;
    find(opener).setAttribute('aria-expanded', 'true');
    this.getItems()[0]?.focus();
  }

  getItems() {
    return Array.from(find(this.menu).querySelectorAll('button')).filter(item => item.offsetParent);
  }

  // focus: goes back to the button.
  closeMenu(focus = true) {
    if (!this.menu)
      return;
    find(this.menu).hidden = true;
    find(this.opener).setAttribute('aria-expanded', 'false');
    this.menu = null;
    if (focus)
      find(this.opener).focus();
  }

  onKey(event) {
    if (event.defaultPrevented)
      return;
    if (this.menu && ['ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight'].includes(event.key)) {
      const items = this.getItems();
      const step = ['ArrowDown', 'ArrowRight'].includes(event.key) ? 1 : -1;
      items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
      event.preventDefault();
      return;
    }
    if (event.key === 'Escape') {
      if (this.menu)
        this.closeMenu();
      else
        this.actions.escape();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.target.closest?.('input, textarea, select, dialog'))
      return;
    const action = { m: 'microphone', v: 'camera', s: 'share', h: 'hand', c: 'chat' }[event.key.toLowerCase()];
    if (action) {
      event.preventDefault();
      this.actions[action]();
    }
  }

  // microphone, camera: on or not; available: may be had.
  show({ microphone, camera, available, sharing, canShare, handRaised, chatOpen, unread, peopleOpen, count }) {
    this.shown = { sharing, canShare, handRaised };
    const toggle = (id, className, on, icon, label) => {
      find(id).classList.toggle(className, on);
      setButton(find(id), icon, label);
    };
    for (const id of ['mic', 'camera'])
      find(id).disabled = !available;
    toggle('mic', 'off', !microphone, microphone ? 'mic' : 'mic-off', t(microphone ? 'micOff' : 'micOn'));
    toggle('camera', 'off', !camera, camera ? 'camera' : 'camera-off', t(camera ? 'cameraOff' : 'cameraOn'));
    find('share').hidden = !canShare;
    toggle('share', 'active', sharing, 'screen', t(sharing ? 'stopSharing' : 'shareScreen'));
    toggle('hand', 'active', handRaised, 'hand', t(handRaised ? 'lowerHand' : 'raiseHand'));
    toggle('chat-button', 'active', chatOpen, 'chat', unread ? `${t('openChat')}. ${t('unread', { count: unread })}`
      : t(chatOpen ? 'closeChat' : 'openChat'));
    find('chat-button').setAttribute('aria-expanded', String(chatOpen));
    find('people-button').setAttribute('aria-expanded', String(peopleOpen));
    find('people-button').setAttribute('aria-label', t('peopleCount', { count }));
    find('people-button').title = t('people');
    find('people-count').textContent = String(count);
    this.showBadge(unread);
  }

  showBadge(unread) {
    let badge = find('chat-button').querySelector('.badge');
    if (!badge && unread) {
      badge = make('span', { class: 'badge', 'aria-hidden': 'true' });
      find('chat-button').append(badge);
    }
    if (badge) {
      badge.hidden = !unread;
      badge.textContent = unread > 99 ? '99+' : String(unread);
    }
  }
}
