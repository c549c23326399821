// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The protocol snug.1 with nothing but a plain RTCPeerConnection: what the tests hold Snug's own engine against. On purpose it has nothing of
// the guest page but the sealing: what both sides misread in the same way would go unnoticed.
// They drive it by snug.join(), snug.chat() and so on, and look at what snug.look() answers.
'use strict';

const MEDIA = ['audio', 'camera', 'screen'];

class Peer {
  // greets: it was there before this page.
  constructor(page, id, greets) {
    this.page = page;
    this.id = id;
    this.name = null; // until it has introduced itself
    this.greets = greets;
    this.pair = new page.seal.SealedPair(page.room, page.joined, id, greets);
    this.saying = Promise.resolve();
    this.generation = 1;
    this.candidates = []; // until there is a remote description
    this.localCandidates = [];
    this.remoteCandidates = [];
    this.mediaState = null;
    this.bye = null;
    this.left = false;
    this.knownAt = page.now();
    this.errors = [];
    this.firstFrame = {};
    this.videos = {};
    this.channelOpen = false;
    this.channelOpenAt = null;
  }

  build() {
    const { page } = this;
    this.pc = new RTCPeerConnection({
      bundlePolicy: 'max-bundle',
      iceServers: page.iceServers,
      iceTransportPolicy: page.options.relayOnly ? 'relay' : 'all',
    });
    this.pc.onicecandidate = event => {
      if (event.candidate && event.candidate.candidate) {
        this.localCandidates.push(event.candidate.candidate);
        this.say({
          type: 'candidate',
          generation: this.generation,
          sdpMLineIndex: event.candidate.sdpMLineIndex,
          sdpMid: event.candidate.sdpMid,
          candidate: event.candidate.candidate,
        });
      } else if (!event.candidate) {
        this.say({ type: 'end-of-candidates', generation: this.generation });
      }
    };
    this.pc.ontrack = event => this.show(event);
    this.channel = this.pc.createDataChannel('snug', { negotiated: true, id: 1 });
    this.channel.onopen = () => {
      this.channelOpen = true;
      this.channelOpenAt = page.now();
      this.sendMediaState();
    };
    this.channel.onclose = () => { this.channelOpen = false; };
    this.channel.onmessage = event => this.hearChannel(event.data);
  }

  // Pictures are only counted as seen once a video element has presented one.
  show(event) {
    const index = this.pc.getTransceivers().indexOf(event.transceiver);
    const media = MEDIA[index];
    const element = document.createElement(media === 'audio' ? 'audio' : 'video');
    element.muted = media !== 'audio';
    element.autoplay = true;
    element.srcObject = new MediaStream([event.track]);
    document.body.append(element);
    this.videos[media] = element;
    if (media !== 'audio') {
      element.requestVideoFrameCallback(() => { this.firstFrame[media] = this.page.now(); });
    }
    element.play().catch(() => {});
  }

  preferVp8(transceiver) {
    const { codecs } = RTCRtpReceiver.getCapabilities('video');
    const wanted = codecs.filter(codec => /\/(VP8|rtx)$/i.test(codec.mimeType));
    transceiver.setCodecPreferences(wanted);
  }

  async offer() {
    const { audio, video } = this.page.tracks;
    const direction = this.page.options.receiveOnly ? 'recvonly' : 'sendrecv';

    this.build();
    this.pc.addTransceiver(audio || 'audio', { direction });
    this.pc.addTransceiver(video || 'video', { direction });
    this.pc.addTransceiver('video', { direction });
    for (const transceiver of this.pc.getTransceivers().slice(1))
      this.preferVp8(transceiver);
    await this.pc.setLocalDescription(await this.pc.createOffer());
    this.describe();
  }

  describe() {
    const { type, sdp } = this.pc.localDescription;
    const alter = this.page.options.alterSdp;
    this.localSdp = sdp;
    this.say({
      type: 'description',
      generation: this.generation,
      sdpType: type,
      sdp: alter ? new Function('sdp', alter)(sdp) : sdp,
      videoCodecs: ['VP8'],
    });
  }

  async hearDescription({ generation, sdpType, sdp }) {
    this.generation = generation;
    this.remoteSdp = sdp;
    if (sdpType === 'offer') {
      this.build();
      await this.pc.setRemoteDescription({ type: 'offer', sdp });
      const { audio, video } = this.page.tracks;
      const transceivers = this.pc.getTransceivers();
      const direction = this.page.options.receiveOnly ? 'recvonly' : 'sendrecv';
      for (const [index, track] of [audio, video, null].entries()) {
        transceivers[index].direction = direction;
        if (track)
          await transceivers[index].sender.replaceTrack(track);
      }
      await this.pc.setLocalDescription(await this.pc.createAnswer());
      this.describe();
    } else {
      await this.pc.setRemoteDescription({ type: 'answer', sdp });
    }
    for (const candidate of this.candidates.splice(0))
      await this.pc.addIceCandidate(candidate);
  }

  async hear(message) {
    switch (message.type) {
      case 'description':
        await this.hearDescription(message);
        break;
      case 'candidate': {
        const { candidate, sdpMid, sdpMLineIndex } = message;
        this.remoteCandidates.push(candidate);
        const init = sdpMid === undefined ? { candidate, sdpMLineIndex } : { candidate, sdpMid, sdpMLineIndex };
        if (this.pc && this.pc.remoteDescription)
          await this.pc.addIceCandidate(init);
        else
          this.candidates.push(init);
        break;
      }
      case 'end-of-candidates':
        break;
      case 'media-state':
        this.mediaState = message;
        break;
      case 'introduction':
        if (this.name !== null)
          break;
        this.name = message.name;
        this.introduce();
        if (this.greets)
          await this.offer();
        break;
      // What this page has no use for, as it says no hello itself.
      case 'hello':
      case 'chat-read':
      case 'typing':
      case 'hand':
      case 'reaction':
        break;
      case 'bye':
        this.bye = message.reason;
        this.close();
        break;
      default:
        this.errors.push(`unexpected ${message.type}`);
    }
  }

  hearChannel(text) {
    const message = JSON.parse(text);
    switch (message.type) {
      case 'chat':
        this.page.chatLog.push({ from: this.name, id: message.id, text: message.text });
        this.channel.send(JSON.stringify({ type: 'chat-ack', id: message.id }));
        break;
      case 'chat-ack':
        for (const line of this.page.chatLog.filter(({ id }) => id === message.id))
          line.acknowledged = (line.acknowledged || 0) + 1;
        break;
      default:
        this.hear(message);
    }
  }

  introduce() {
    this.say({ type: 'introduction', name: this.page.name });
  }

  say(message) {
    const sealed = this.pair.seal(JSON.stringify(message));
    this.saying = this.saying.then(async () => this.page.send({ type: 'signal', to: this.id, payload: await sealed }));
  }

  sendOnChannel(message) {
    if (this.channelOpen)
      this.channel.send(JSON.stringify(message));
  }

  sendMediaState() {
    const { audio, video } = this.page.tracks;
    this.sendOnChannel({
      type: 'media-state',
      audio: !!audio && audio.enabled,
      video: !!video && video.enabled,
      screen: !!this.page.tracks.screen,
    });
  }

  close() {
    if (this.pc)
      this.pc.close();
    this.channelOpen = false;
  }

  async look() {
    const seen = {
      name: this.name,
      left: this.left,
      bye: this.bye,
      mediaState: this.mediaState,
      errors: this.errors,
      channelOpen: this.channelOpen,
      channelOpenAt: this.channelOpenAt,
      knownAt: this.knownAt,
      firstFrame: this.firstFrame,
      localCandidates: this.localCandidates,
      remoteCandidates: this.remoteCandidates,
      localSdp: this.localSdp,
      remoteSdp: this.remoteSdp,
      connection: this.pc ? this.pc.connectionState : 'none',
      inbound: {},
      outbound: {},
      pair: null,
    };
    if (!this.pc)
      return seen;
    const mids = new Map(this.pc.getTransceivers().map(({ mid }, index) => [mid, MEDIA[index]]));
    const report = await this.pc.getStats();
    report.forEach(entry => {
      if (entry.type === 'inbound-rtp') {
        seen.inbound[mids.get(entry.mid)] = {
          packets: entry.packetsReceived,
          lost: entry.packetsLost,
          decoded: entry.framesDecoded,
          width: entry.frameWidth,
          height: entry.frameHeight,
          framesPerSecond: entry.framesPerSecond,
          keyFrames: entry.keyFramesDecoded,
          freezes: entry.freezeCount,
          nacks: entry.nackCount,
          repaired: entry.retransmittedPacketsReceived,
          energy: entry.totalAudioEnergy,
          seconds: entry.totalSamplesDuration,
          codec: report.get(entry.codecId)?.mimeType,
        };
      } else if (entry.type === 'outbound-rtp') {
        seen.outbound[mids.get(entry.mid)] = {
          packets: entry.packetsSent,
          encoded: entry.framesEncoded,
          width: entry.frameWidth,
          height: entry.frameHeight,
          targetBitrate: entry.targetBitrate,
          nacks: entry.nackCount,
          repaired: entry.retransmittedPacketsSent,
          plis: entry.pliCount,
          codec: report.get(entry.codecId)?.mimeType,
        };
      } else if (entry.type === 'transport' && entry.selectedCandidatePairId) {
        const pair = report.get(entry.selectedCandidatePairId);
        const local = report.get(pair.localCandidateId);
        const remote = report.get(pair.remoteCandidateId);
        seen.pair = {
          local: local?.candidateType,
          remote: remote?.candidateType,
          protocol: local?.protocol,
          roundTrip: pair.currentRoundTripTime,
        };
        seen.dtls = entry.dtlsState;
      } else if (entry.type === 'candidate-pair' && entry.availableOutgoingBitrate) {
        seen.availableOutgoingBitrate = entry.availableOutgoingBitrate;
      } else if (entry.type === 'remote-inbound-rtp') {
        seen.reported = { ...seen.reported, [mids.get(report.get(entry.localId)?.mid)]: {
          lost: entry.packetsLost, roundTrip: entry.roundTripTime } };
      }
    });
    return seen;
  }
}

class Page {
  constructor() {
    this.peers = new Map();
    this.chatLog = [];
    this.errors = [];
    this.tracks = {};
    this.options = {};
    this.iceServers = [];
    this.serverClosed = false;
    this.joined = null;
  }

  // Milliseconds since join().
  now() {
    return performance.now() - this.start;
  }

  // A steady tone, so that at no moment the sound is silent.
  playTone() {
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const destination = audio.createMediaStreamDestination();
    tone.connect(destination);
    tone.start();
    return destination.stream.getAudioTracks()[0];
  }

  // A picture that needs no camera: for a page that may use the camera a browser does not hide addresses.
  draw(width, height) {
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext('2d');
    let n = 0;
    setInterval(() => {
      context.fillStyle = `hsl(${n * 7 % 360} 80% 50%)`;
      context.fillRect(0, 0, width, height);
      context.fillStyle = 'black';
      context.fillRect(n * 5 % width, 0, 40, height);
      n++;
    }, 33);
    return canvas.captureStream(30).getVideoTracks()[0];
  }

  // options: width, height, draw (a drawn picture instead of the camera's), receiveOnly, relayOnly,
  // alterSdp (the body of a function of sdp).
  async prepare(options) {
    this.options = { width: 640, height: 480, ...options };
    const { width, height, draw, receiveOnly } = this.options;
    if (receiveOnly)
      return;
    this.tracks.audio = this.playTone();
    if (draw) {
      this.tracks.video = this.draw(width, height);
    } else {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width, height, frameRate: 30 } });
      [this.tracks.video] = stream.getVideoTracks();
    }
  }

  async join(url, roomName, name) {
    this.start = performance.now();
    this.name = name;
    this.seal = await import('/snug-seal.mjs');
    this.room = await (await import('/snug-room.mjs')).deriveRoom(roomName);
    this.socket = new WebSocket(url, 'snug.1');
    this.socket.onopen = () => this.send({ type: 'join', version: 1, room: this.room.id });
    this.socket.onmessage = event => {
      // One after the other, as a description takes its time and candidates follow it.
      this.queue = (this.queue || Promise.resolve())
        .then(() => this.hear(JSON.parse(event.data)))
        .catch(error => this.errors.push(String(error)));
    };
    this.socket.onclose = () => { this.serverClosed = true; };
  }

  send(message) {
    if (this.socket.readyState === WebSocket.OPEN)
      this.socket.send(JSON.stringify(message));
  }

  async hear(message) {
    switch (message.type) {
      case 'joined':
        this.joined = message.id;
        this.iceServers = message.iceServers || [];
        for (const { id } of message.peers) {
          const peer = new Peer(this, id, true);
          this.peers.set(id, peer);
          peer.introduce();
        }
        break;
      case 'peer-joined':
        this.peers.set(message.id, new Peer(this, message.id, false));
        break;
      case 'peer-left':
        this.peers.get(message.id).left = true;
        this.peers.get(message.id).close();
        break;
      case 'signal': {
        const peer = this.peers.get(message.from);
        await peer.hear(JSON.parse(await peer.pair.open(message.payload)));
        break;
      }
      case 'error':
        this.errors.push(`${message.code}: ${message.message}`);
        break;
      default:
        this.errors.push(`unexpected ${message.type}`);
    }
  }

  chat(text) {
    const id = crypto.randomUUID();
    this.chatLog.push({ from: null, id, text });
    for (const peer of this.peers.values())
      peer.sendOnChannel({ type: 'chat', id, text });
  }

  // A drawn picture for a screen; nothing is negotiated anew.
  async share(width, height) {
    this.tracks.screen = this.draw(width, height);
    for (const peer of this.peers.values()) {
      await peer.pc.getTransceivers()[2].sender.replaceTrack(this.tracks.screen);
      peer.sendMediaState();
    }
  }

  setEnabled({ audio, video }) {
    if (audio !== undefined)
      this.tracks.audio.enabled = audio;
    if (video !== undefined)
      this.tracks.video.enabled = video;
    for (const peer of this.peers.values())
      peer.sendMediaState();
  }

  // As a person who presses the button: everybody hears it.
  leave() {
    for (const peer of this.peers.values()) {
      peer.sendOnChannel({ type: 'bye', generation: peer.generation, reason: 'left' });
      setTimeout(() => peer.close(), 100);
    }
    this.send({ type: 'leave' });
    this.socket.close();
  }

  async look() {
    const peers = {};
    for (const peer of this.peers.values())
      peers[peer.name] = await peer.look();
    return {
      joined: this.joined,
      serverClosed: this.serverClosed,
      errors: this.errors,
      chat: this.chatLog,
      peers,
    };
  }
}

window.snug = new Page();
