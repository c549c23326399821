// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How loud it is at this microphone, also while nobody is sent it: so that a person who talks is told that it is off.

export class LevelMeter {
  constructor(media) {
    this.media = media;
    this.samples = new Float32Array(1024);
    this.clone = null;
    media.addEventListener('tracks', ({ detail }) => {
      if (detail === 'audio')
        this.listen();
    });
    this.listen();
  }

  listen() {
    this.source?.disconnect();
    this.source = null;
    this.clone?.stop();
    this.clone = null;
    const { audio } = this.media.tracks;
    if (!audio || !globalThis.AudioContext)
      return;
    this.context ??= new AudioContext();
    this.analyser ??= new AnalyserNode(this.context, { fftSize: 2048 });
    this.clone = audio.clone();
    this.clone.enabled = true;
    this.source = this.context.createMediaStreamSource(new MediaStream([this.clone]));
    this.source.connect(this.analyser);
  }

  // After the person has done something, the browser lets it run.
  wake() {
    if (this.context?.state === 'suspended')
      this.context.resume().catch(() => {});
  }

  // 0 to 1: the root of the mean square of the last moment.
  get level() {
    if (!this.source)
      return 0;
    this.analyser.getFloatTimeDomainData(this.samples);
    return Math.sqrt(this.samples.reduce((sum, sample) => sum + sample * sample, 0) / this.samples.length);
  }
}
