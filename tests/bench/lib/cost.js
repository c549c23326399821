// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a process and all its children use.
'use strict';

const fs = require('node:fs');

const TICKS = 100; // of /proc, a second

// pid -> { parent, ticks } of all there are.
function processes() {
  const found = new Map();
  for (const name of fs.readdirSync('/proc').filter(entry => /^\d+$/.test(entry))) {
    try {
      const stat = fs.readFileSync(`/proc/${name}/stat`, 'latin1');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      found.set(Number(name), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
    } catch {
      // It has ended.
    }
  }
  return found;
}

function tree(root) {
  const all = processes();
  const family = new Set([root]);
  for (let grown = true; grown;) {
    grown = false;
    for (const [pid, { parent }] of all) {
      if (family.has(parent) && !family.has(pid)) {
        family.add(pid);
        grown = true;
      }
    }
  }
  return [...family].filter(pid => all.has(pid)).map(pid => ({ pid, ticks: all.get(pid).ticks }));
}

// Core-seconds of all that live now.
function cpuSeconds(root) {
  return tree(root).reduce((sum, { ticks }) => sum + ticks / TICKS, 0);
}

// Bytes: memory that is shared is divided among those who share it.
function proportionalBytes(root) {
  return tree(root).reduce((sum, { pid }) => {
    try {
      const [, kilobytes] = /^Pss:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'));
      return sum + Number(kilobytes) * 1024;
    } catch {
      return sum;
    }
  }, 0);
}

module.exports = { cpuSeconds, proportionalBytes };
