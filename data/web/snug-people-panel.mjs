// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who is here, and how it is with each of them.

import { find, make, makeIcon, makeName } from './snug-dom.mjs';
import { t } from './snug-texts.mjs';

const FAILURES = {
  'no-route': 'failedNoRoute', 'no-answer': 'failedNoAnswer', lost: 'failedLost', refused: 'failedRefused',
  certificate: 'failedCertificate', 'bad-description': 'failedDescription',
};

// Why there is no call with somebody, in a sentence; null: there is.
export function describeFailure(peer) {
  return peer.state === 'failed' ? t(FAILURES[peer.failure] || 'failedLost', { name: peer.name }) : null;
}

function describe(peer) {
  switch (peer.state) {
    case 'connecting':
      return t('connecting');
    case 'interrupted':
      return t('interrupted');
    case 'failed':
      return describeFailure(peer);
    default:
      return [!peer.mediaState.audio && t('micIsOff'), !peer.mediaState.video && t('cameraOffOf'), peer.handRaised && t('handIsUp')]
        .filter(Boolean).join(', ');
  }
}

// What can be compared with somebody, and whether it was.
function makeVerification(peer) {
  const { verification } = peer;
  if (verification.confirmed)
    return [make('p', { class: 'good' }, makeIcon('check'), ' ', t('verified'))];
  if (verification.state === 'broken')
    return [make('p', { class: 'problem', text: t('badCode') })];
  if (verification.state !== 'ready')
    return [make('p', { class: 'meta dim', text: t(verification.state === 'preparing' ? 'preparingCode' : 'noCode') })];
  const button = make('button', { type: 'button', class: 'pill', text: t('sameCode') });
  button.addEventListener('click', () => peer.confirm());
  return [make('p', { class: 'meta', text: t('verifyText') }),
    make('ol', { class: 'code', 'aria-label': t('verify'), lang: 'en', dir: 'ltr' }, ...verification.code.map(({ emoji, word }) => make('li', {},
      make('span', { class: 'symbol', 'aria-hidden': 'true', text: emoji }), make('span', { class: 'meta', text: word })))),
    button];
}

function makeRow(peer) {
  return make('li', { class: 'person' }, make('strong', {}, makeName(peer.name)), make('p', { class: 'meta', text: describe(peer) }),
    ...(peer.channelOpen ? makeVerification(peer) : []));
}

// Only when something of it has changed: whoever reads or presses is not disturbed.
let shown = '';

export function showPeople(call) {
  const state = JSON.stringify(call.peers.map(peer => [peer.id, peer.name, describe(peer), peer.channelOpen,
    peer.verification.state, peer.verification.confirmed, peer.verification.code]));
  if (state === shown && find('people-page').childElementCount)
    return;
  shown = state;
  find('people-page').replaceChildren(make('li', { class: 'person' },
    make('strong', {}, makeName(call.displayName), ` (${t('you')})`)), ...call.peers.map(makeRow));
}
