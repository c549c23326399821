// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The few things that every part of the page does to the document. Text is only ever set as text.

import { t } from './snug-texts.mjs';

export function find(id) {
  return document.getElementById(id);
}

// attributes: strings; text: of it. children: nodes.
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'text')
      element.textContent = value;
    else
      element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export function makeIcon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

// A name of somebody else stands by itself, whichever way it is written.
export function makeName(name) {
  return make('bdi', { text: name });
}

// What a button is called, with the key that does the same, and what it shows.
export function setButton(button, icon, label) {
  const { key } = button.dataset;
  const name = key ? `${label} (${key})` : label;
  if (button.title === name && button.dataset.icon === icon)
    return;
  button.dataset.icon = icon;
  button.title = name;
  button.setAttribute('aria-label', label);
  if (key)
    button.setAttribute('aria-keyshortcuts', key);
  button.querySelector(':scope > svg')?.remove();
  button.prepend(makeIcon(icon));
}

export function translatePage() {
  for (const element of document.querySelectorAll('[data-text]'))
    element.textContent = t(element.dataset.text);
}

// For those who can't see what has changed.
export function announce(text) {
  const announcer = find('announcer');
  announcer.textContent = '';
  requestAnimationFrame(() => { announcer.textContent = text; });
}

const DEVICES = [['camera', 'videoinput', 'camera'], ['audio', 'audioinput', 'mic'], ['speaker', 'audiooutput', 'speaker']];

function makeDeviceRow({ kind, icon, devices, current }, media) {
  const select = make('select', {}, ...devices.map(({ deviceId, label }) => make('option', { value: deviceId, text: label })));
  if (!devices.length) {
    select.disabled = true;
    select.append(make('option', { text: t('noDevice') }));
  }
  if (current)
    select.value = current;
  select.addEventListener('change', () => media.choose(kind, select.value));
  return make('label', { class: 'device' }, makeIcon(icon), make('span', { text: t(kind) }), select);
}

// Which camera, microphone and speaker; kept up to date in a box of the page.
export function keepDevices(box, media) {
  const canChooseSpeaker = 'setSinkId' in HTMLMediaElement.prototype;
  let shown = '';
  const update = () => {
    const rows = DEVICES.filter(([kind]) => kind !== 'speaker' || canChooseSpeaker).map(([kind, type, icon]) => ({
      kind, icon,
      devices: media.devices.filter(device => device.kind === type)
        .map(({ deviceId, label }, index) => ({ deviceId, label: label || `${t(kind)} ${index + 1}` })),
      current: (kind !== 'speaker' && media.tracks[kind]?.getSettings().deviceId) || media.chosen[kind],
    }));
    const state = JSON.stringify(rows);
    if (state === shown)
      return;
    shown = state;
    const focused = Array.from(box.querySelectorAll('select')).indexOf(document.activeElement);
    box.replaceChildren(...rows.map(row => makeDeviceRow(row, media)));
    if (focused >= 0)
      box.querySelectorAll('select')[focused]?.focus();
  };
  for (const name of ['devices', 'tracks'])
    media.addEventListener(name, update);
  update();
}
