// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One connection to a peer: an RTCPeerConnection as in "Media" of protocol.md. The browser itself compares the certificate with the
// fingerprint of the description before anything passes.

import { Emitter } from './snug-emitter.mjs';
import { CANDIDATES_MAX, MESSAGE_MAX_BYTES, findFingerprint } from './snug-protocol.mjs';

export const MEDIA = ['audio', 'camera', 'screen'];
const CAMERA_BITRATE = 1700000;
const CAMERA_BITRATE_OF_MANY = 700000;
const EARLY_MAX = 32; // more than anybody says at first

function preferVp8(transceiver) {
  const codecs = RTCRtpReceiver.getCapabilities?.('video')?.codecs || [];
  const wanted = codecs.filter(({ mimeType }) => /\/(VP8|rtx)$/i.test(mimeType));
  if (wanted.length && transceiver.setCodecPreferences)
    transceiver.setCodecPreferences(wanted);
}

// Which transceiver is for what follows from its place among those of its kind.
function sortTransceivers(transceivers) {
  const videos = transceivers.filter(({ receiver }) => receiver.track.kind === 'video');
  return {
    audio: transceivers.find(({ receiver }) => receiver.track.kind === 'audio'),
    camera: videos[0],
    screen: videos[1],
  };
}

// Events: "say" (detail: a peer message without its generation); "state": up, lost or failed may have changed; "open": the channel,
// once; "text" (detail: string), over the channel.
export class Connection extends Emitter {
  // tracks: {audio, camera, screen}, each nullable.
  constructor({ generation, iceServers, relayOnly, tracks, certificate = null }) {
    super();
    this.generation = generation;
    this.tracks = tracks;
    this.transceivers = {};
    this.candidates = []; // until there is a remote description
    this.candidateCount = 0;
    this.closed = false;
    this.answered = false;
    this.work = Promise.resolve();
    this.pc = new RTCPeerConnection({
      bundlePolicy: 'max-bundle', iceServers, iceTransportPolicy: relayOnly ? 'relay' : 'all',
      ...(certificate ? { certificates: [certificate] } : {}) });
    this.pc.onicecandidate = ({ candidate }) => this.tellCandidate(candidate);
    this.pc.onconnectionstatechange = () => this.emit('state');
    this.channel = this.pc.createDataChannel('snug', { negotiated: true, id: 1 });
    this.early = []; // texts that came before the channel counted as open
    this.channel.onopen = () => this.tellOpen();
    this.channel.onmessage = ({ data }) => {
      if (typeof data !== 'string' || data.length > MESSAGE_MAX_BYTES)
        return;
      if (!this.early)
        this.emit('text', data);
      else if (this.early.length < EARLY_MAX)
        this.early.push(data);
    };
  }

  emit(name, detail = null) {
    if (!this.closed)
      super.emit(name, detail);
  }

  get state() {
    return this.closed ? 'closed' : this.pc.connectionState;
  }

  // A channel may open while the promise of the description that opened it is still on its way; what is said over it is about
  // both descriptions, so it counts as open once there are both.
  get channelOpen() {
    return !this.closed && this.channel.readyState === 'open' && !!this.pc.localDescription && !!this.pc.remoteDescription;
  }

  tellOpen() {
    if (!this.early || !this.channelOpen)
      return;
    const texts = this.early;
    this.early = null;
    this.emit('open');
    for (const text of texts)
      this.emit('text', text);
  }

  // Of the one that has been received. {audio, camera, screen}, each nullable.
  get remoteTracks() {
    return Object.fromEntries(MEDIA.map(media => [media, this.transceivers[media]?.receiver.track || null]));
  }

  // Of both certificates, as descriptions write them: [ours, the peer's], once the channel is open.
  get fingerprints() {
    return [this.pc.localDescription, this.pc.remoteDescription].map(({ sdp }) => {
      const { algorithm, value } = findFingerprint(sdp);
      return `${algorithm} ${value}`;
    });
  }

  tellCandidate(candidate) {
    if (candidate?.candidate) {
      const { sdpMLineIndex, sdpMid } = candidate;
      this.emit('say', { type: 'candidate', sdpMLineIndex, sdpMid, candidate: candidate.candidate });
    } else if (!candidate) {
      this.emit('say', { type: 'end-of-candidates' });
    }
  }

  async offer() {
    for (const media of MEDIA) {
      const kind = media === 'audio' ? 'audio' : 'video';
      this.transceivers[media] = this.pc.addTransceiver(this.tracks[media] || kind, { direction: 'sendrecv' });
      if (kind === 'video')
        preferVp8(this.transceivers[media]);
    }
    await this.describe(await this.pc.createOffer());
  }

  async answer(sdp) {
    await this.pc.setRemoteDescription({ type: 'offer', sdp });
    this.transceivers = sortTransceivers(this.pc.getTransceivers());
    for (const media of MEDIA) {
      const transceiver = this.transceivers[media];
      if (transceiver) {
        transceiver.direction = 'sendrecv';
        await transceiver.sender.replaceTrack(this.tracks[media]);
      }
    }
    await this.describe(await this.pc.createAnswer());
    await this.addQueued();
  }

  async describe(description) {
    await this.pc.setLocalDescription(description);
    const { type, sdp } = this.pc.localDescription;
    this.emit('say', { type: 'description', sdpType: type, sdp, videoCodecs: ['VP8'] });
    this.tellOpen();
  }

  async accept(sdp) {
    await this.pc.setRemoteDescription({ type: 'answer', sdp });
    this.tellOpen();
    await this.addQueued();
  }

  async addQueued() {
    for (const candidate of this.candidates.splice(0))
      await this.addNow(candidate);
  }

  // One that is of no use is not worth an error; those beyond the limit are not looked at.
  async addNow(candidate) {
    await this.pc.addIceCandidate(candidate).catch(() => {});
  }

  async addCandidate(candidate) {
    if (++this.candidateCount > CANDIDATES_MAX || this.closed)
      return;
    if (this.pc.remoteDescription)
      await this.addNow(candidate);
    else
      this.candidates.push(candidate);
  }

  // Another camera, a screen, or null; nothing is negotiated.
  async setTrack(media, track) {
    this.tracks = { ...this.tracks, [media]: track };
    await this.transceivers[media]?.sender.replaceTrack(track).catch(() => {});
  }

  // Pictures are encoded for each peer, and leave over one line.
  async limitCamera(peers) {
    const sender = this.transceivers.camera?.sender;
    const parameters = sender?.getParameters();
    if (!parameters?.encodings?.length)
      return;
    parameters.encodings[0].maxBitrate = peers > 2 ? CAMERA_BITRATE_OF_MANY : CAMERA_BITRATE;
    await sender.setParameters(parameters).catch(() => {});
  }

  // False: the channel is not open, or has too much to do.
  send(message) {
    if (!this.channelOpen)
      return false;
    try {
      this.channel.send(JSON.stringify(message));
    } catch {
      return false;
    }
    return true;
  }

  close() {
    if (this.closed)
      return;
    this.closed = true;
    this.pc.close();
  }
}
