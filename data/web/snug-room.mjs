// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Room names, and what they make: the id that a server sees, and the key with which the members seal what they say. The
// same as src/protocol/snug-room-name.c and snug-room-key.c; see "Names" and "The room's name is the key" in protocol.md.

import { hkdf, importKey, pbkdf2, toHex } from './snug-crypto.mjs';

const ROOM_NAME_MAX_CHARS = 64;
const DISPLAY_NAME_MAX_CHARS = 64;
const TEXT_MAX_BYTES = 4096;
const ROUNDS = 600000;

// The white space of g_unichar_isspace(): the separators of Unicode, and five control characters.
const SPACE = '[\\p{Z}\\t\\n\\f\\r]';
const encoder = new TextEncoder();

export class NameError extends Error {
  // reason: 'empty', 'too-long' or 'characters'.
  constructor(reason) {
    super(`The name is not one: ${reason}`);
    this.reason = reason;
  }
}

// Letters that the two ways of JavaScript to change case do not bring to what Unicode's case folding has.
const FOLDS = new Map([['\u0131', '\u0131'], ['\u1e9e', 'ss']]);

// Full case folding: character by character, so that no sigma becomes a final one.
function foldCase(text) {
  let folded = '';
  for (const character of text) {
    folded += FOLDS.get(character) ?? Array.from(character.toUpperCase(), one => {
      const lower = one.toLowerCase();
      return lower === '\u03c2' ? '\u03c3' : lower;
    }).join('');
  }
  return folded;
}

// What people type in their own way becomes one name, as in "Names" of protocol.md. Throws a NameError.
export function normalizeRoomName(text) {
  if (encoder.encode(text).length > TEXT_MAX_BYTES)
    throw new NameError('too-long');
  let name = text.replace(new RegExp(`^${SPACE}+|${SPACE}+$`, 'gu'), '')
    .replace(new RegExp(`${SPACE}+`, 'gu'), '-').normalize('NFC');
  for (let round = 0; round < 4; round++) {
    const again = foldCase(name).normalize('NFC');
    if (again === name)
      break;
    name = again;
  }
  const length = Array.from(name).length;
  if (length === 0)
    throw new NameError('empty');
  if (length > ROOM_NAME_MAX_CHARS)
    throw new NameError('too-long');
  if (!/^(?:-|[\p{L}\p{Nd}]\p{M}*)+$/u.test(name))
    throw new NameError('characters');
  return name;
}

// The name that the others see. Throws a NameError.
export function normalizeDisplayName(text) {
  const name = text.normalize('NFC').replace(new RegExp(`^${SPACE}+|${SPACE}+$`, 'gu'), '');
  if (Array.from(name).length > DISPLAY_NAME_MAX_CHARS)
    throw new NameError('too-long');
  if (/[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/u.test(name))
    throw new NameError('characters');
  if (!/[^\p{M}\p{C}\p{Z}]/u.test(name))
    throw new NameError('empty');
  return name;
}

// name: normalised. Answers {id, key}: 32 hexadecimal digits, and a key that can't be taken out where the browser guards it.
export async function deriveRoom(name) {
  const master = await pbkdf2(encoder.encode(name), encoder.encode('snug.1 room name'), ROUNDS);
  return {
    id: toHex(await hkdf(master, 'snug.1', 'room id', 16)),
    key: await importKey(await hkdf(master, 'snug.1', 'sealing key', 32)),
  };
}
