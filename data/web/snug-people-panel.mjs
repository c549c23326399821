// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who is here, and how it is with each of them.

import { find, make, makeName } from './snug-dom.mjs';
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

export function showPeople(call) {
  const rows = call.peers.map(peer => make('li', { class: 'person' }, make('strong', {}, makeName(peer.name)),
    make('p', { class: 'meta', text: describe(peer) })));
  find('people-page').replaceChildren(make('li', { class: 'person' },
    make('strong', {}, makeName(call.displayName), ` (${t('you')})`)), ...rows);
}
