// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What tells others of what happens to it.

export class Emitter extends EventTarget {
  // Whoever listens finds what there is to know in the event's detail.
  emit(name, detail = null) {
    this.dispatchEvent(Object.assign(new Event(name), { detail }));
  }
}
