// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A path that loses packets, without any right over the machine's network: the candidates of one side are changed,
// on their way through the proxy, to ports of this process, which pass on what comes there; the candidates of the
// other side are kept back.
'use strict';

const dgram = require('node:dgram');

const { onCleanup } = require('./harness.js');

// Every nth packet of media is lost (the first byte of RTP and RTCP is 128 to 191, RFC 7983); ICE and DTLS are not.
class Path {
  constructor(address, port, everyNth) {
    this.target = { address, port };
    this.everyNth = everyNth;
    this.counts = { there: 0, back: 0, lost: 0 };
    this.front = dgram.createSocket('udp4');
    this.backs = new Map(); // by where it came from
    this.front.on('message', (data, from) => this._there(data, from));
    this.front.on('error', () => {});
    onCleanup(() => this.close());
  }

  async listen(address) {
    await new Promise(resolve => { this.front.bind(0, address, resolve); });
    return this.front.address().port;
  }

  _lose(data, count) {
    const media = data[0] >= 128 && data[0] < 192;
    if (!media || count % this.everyNth)
      return false;
    this.counts.lost++;
    return true;
  }

  _there(data, from) {
    const key = `${from.address}:${from.port}`;
    let back = this.backs.get(key);
    if (!back) {
      back = dgram.createSocket('udp4');
      back.on('error', () => {});
      back.on('message', answer => {
        if (!this._lose(answer, ++this.counts.back))
          this.front.send(answer, from.port, from.address);
      });
      this.backs.set(key, back);
    }
    if (!this._lose(data, ++this.counts.there))
      back.send(data, this.target.port, this.target.address);
  }

  close() {
    this.front.close();
    for (const back of this.backs.values())
      back.close();
  }
}

// For startProxy: { alter, paths }. The client behind the proxy is only reached over lossy paths.
function lossy({ everyNth }) {
  const paths = [];

  // The message under the changed name, once there is a port for it.
  async function detour(message) {
    const words = message.said.candidate.split(' ');
    const path = new Path(words[4], Number(words[5]), everyNth);
    paths.push(path);
    words[5] = String(await path.listen(words[4]));
    message.said.candidate = words.join(' ');
    return message;
  }

  return {
    paths,
    alter(message, toServer) {
      const { said } = message;
      if (said?.type === 'description')
        said.sdp = said.sdp.replace(/^a=candidate:.*\r\n/gm, '');
      if (said?.type !== 'candidate')
        return message;
      if (toServer && / udp /i.test(said.candidate) && / typ host/.test(said.candidate)
          && /^[\d.]+$/.test(said.candidate.split(' ')[4]))
        return detour(message);
      return null;
    },
  };
}

module.exports = { lossy };
