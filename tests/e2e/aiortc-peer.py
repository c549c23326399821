#!/usr/bin/python3
"""A peer of another make (aiortc). It reads peer messages of snug.1 as lines and prints its own, and what it sees.

Lines that it reads and prints: peer messages, as they go into a signal's payload. Others that it prints:
{"seen": {"frames": N, "width": W, "height": H, "audio": N, "loud": true, "chat": [...]}}.
Read {"type": "offer-please"} makes it offer.
"""

import array
import asyncio
import fractions
import json
import math
import re
import sys

import av
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription, VideoStreamTrack
from aiortc.sdp import candidate_from_sdp

RATE = 48000
SAMPLES = 960


class Tone(MediaStreamTrack):
    """440 Hz, 20 ms at a time."""

    kind = 'audio'

    def __init__(self):
        super().__init__()
        self.at = 0
        self.start = None

    async def recv(self):
        loop = asyncio.get_event_loop()
        if self.start is None:
            self.start = loop.time()
        await asyncio.sleep(max(0, self.start + self.at / RATE - loop.time()))
        frame = av.AudioFrame(format='s16', layout='mono', samples=SAMPLES)
        samples = array.array('h', (int(12000 * math.sin(2 * math.pi * 440 * (self.at + n) / RATE))
                                    for n in range(SAMPLES)))
        frame.planes[0].update(samples.tobytes())
        frame.pts = self.at
        frame.sample_rate = RATE
        frame.time_base = fractions.Fraction(1, RATE)
        self.at += SAMPLES
        return frame


def modernise(sdp):
    """Its offers have a transport for each m-line, where the protocol wants one, and a data channel as drafts had it."""
    sdp = re.sub(r'(m=application \d+) DTLS/SCTP \d+', r'\1 UDP/DTLS/SCTP webrtc-datachannel', sdp)
    sdp = re.sub(r'a=sctpmap:(\d+) .*', r'a=sctp-port:\1\r', sdp)
    head, first, *others = re.split('(?=^m=)', sdp, flags=re.M)
    transport = ''.join(re.findall(r'^a=(?:ice-ufrag|ice-pwd):.*\n', first, flags=re.M))
    own = re.compile(r'^a=(?:candidate|end-of-candidates|ice-ufrag|ice-pwd)\b.*\n', flags=re.M)
    return head + first + ''.join(own.sub('', other) + transport for other in others)


class Peer:
    def __init__(self):
        self.pc = RTCPeerConnection()
        self.seen = {'frames': 0, 'audio': 0, 'loud': False, 'chat': []}
        self.tasks = []
        self.waiting = []
        self.channel = None
        self.pc.on('track', lambda track: self.tasks.append(asyncio.ensure_future(self.watch(track))))

    @staticmethod
    def say(**message):
        print(json.dumps(message), flush=True)

    def show(self):
        self.say(seen=self.seen)

    async def watch(self, track):
        while True:
            frame = await track.recv()
            if track.kind == 'audio':
                self.seen['audio'] += 1
                samples = array.array('h', bytes(frame.planes[0]))
                self.seen['loud'] = self.seen['loud'] or max(map(abs, samples)) > 1000
            else:
                self.seen.update(frames=self.seen['frames'] + 1, width=frame.width, height=frame.height)
            if self.seen['frames'] % 10 == 0:
                self.show()

    def open_channel(self):
        self.channel = self.pc.createDataChannel('snug', negotiated=True, id=1)

        def send(**message):
            self.channel.send(json.dumps(message))

        def opened():
            send(type='media-state', audio=True, video=True, screen=False)
            send(type='chat', id='greeting', text='hello from aiortc')

        def heard(text):
            message = json.loads(text)
            if message['type'] == 'chat':
                self.seen['chat'].append(message['text'])
                send(type='chat-ack', id=message['id'])
            elif message['type'] == 'chat-ack':
                self.seen['acknowledged'] = message['id']
            self.show()

        self.channel.on('open', opened)
        self.channel.on('message', heard)

    async def describe(self):
        make = self.pc.createAnswer if self.pc.remoteDescription else self.pc.createOffer
        await self.pc.setLocalDescription(await make())
        local = self.pc.localDescription
        sdp = modernise(local.sdp) if local.type == 'offer' else local.sdp
        self.say(type='description', generation=1, sdpType=local.type, sdp=sdp, videoCodecs=['VP8'])

    async def hear(self, message):
        kind = message['type']
        if kind == 'offer-please':
            self.pc.addTransceiver(Tone(), direction='sendrecv')
            self.pc.addTransceiver(VideoStreamTrack(), direction='sendrecv')
            self.pc.addTransceiver('video', direction='sendrecv')
            self.open_channel()
            await self.describe()
        elif kind == 'description':
            if message['sdpType'] == 'offer':
                self.open_channel()
            await self.pc.setRemoteDescription(RTCSessionDescription(message['sdp'], message['sdpType']))
            for candidate in self.waiting:
                await self.pc.addIceCandidate(candidate)
            if message['sdpType'] == 'offer':
                self.pc.addTrack(Tone())
                self.pc.addTrack(VideoStreamTrack())
                await self.describe()
        elif kind == 'candidate':
            candidate = candidate_from_sdp(message['candidate'].split(':', 1)[1])
            candidate.sdpMid = message.get('sdpMid')
            candidate.sdpMLineIndex = message['sdpMLineIndex']
            if self.pc.remoteDescription:
                await self.pc.addIceCandidate(candidate)
            else:
                self.waiting.append(candidate)

    async def run(self):
        loop = asyncio.get_event_loop()
        reader = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while True:
            line = await reader.readline()
            if not line:
                break
            await self.hear(json.loads(line))
        await self.pc.close()


asyncio.get_event_loop_policy().new_event_loop().run_until_complete(Peer().run())
