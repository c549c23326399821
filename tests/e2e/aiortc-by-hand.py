#!/usr/bin/python3
"""Another program (Python, aiortc) that signals by hand with aiortc's own copy-and-paste form: a line of JSON out, one in.

  aiortc-by-hand.py offer|answer [--data-only]

It sends a picture and a tone, and has a data channel under a name of its own on which it says plain text. After its
description it prints a JSON line for what happens: {"event": "open"}, {"event": "text"}, {"event": "media"}. It ends
when its input does.
"""

import array
import asyncio
import fractions
import json
import math
import sys

import av
from aiortc import MediaStreamTrack, RTCPeerConnection, VideoStreamTrack
from aiortc.contrib.signaling import object_from_string, object_to_string

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


def say(**event):
    print(json.dumps(event), flush=True)


def watch_channel(channel):
    """Says hello on it, and tells what comes."""
    def opened():
        say(event='open', label=channel.label)
        channel.send('hello from aiortc')

    channel.on('open', opened)
    channel.on('message', lambda text: say(event='text', text=text))
    if channel.readyState == 'open':
        opened()


async def watch_track(track):
    """Tells when it has gone on for a while."""
    loud = False
    n = 0
    while True:
        frame = await track.recv()
        if track.kind == 'audio':
            loud = loud or max(map(abs, array.array('h', bytes(frame.planes[0])))) > 1000
        n += 1
        if n == 20 or (n > 20 and n % 50 == 0):
            say(event='media', kind=track.kind, frames=n, loud=loud, width=getattr(frame, 'width', None))


async def main():
    role = sys.argv[1]
    loop = asyncio.get_event_loop()
    reader = asyncio.StreamReader(limit=1 << 20)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    connection = RTCPeerConnection()
    tasks = []
    connection.on('track', lambda track: tasks.append(asyncio.ensure_future(watch_track(track))))
    connection.on('datachannel', watch_channel)

    async def hear():
        line = await reader.readline()
        await connection.setRemoteDescription(object_from_string(line.decode()))

    if role == 'answer':
        await hear()
    if '--data-only' not in sys.argv:
        connection.addTrack(Tone())
        connection.addTrack(VideoStreamTrack())
    if role == 'offer':
        watch_channel(connection.createDataChannel('chat'))
        await connection.setLocalDescription(await connection.createOffer())
    else:
        await connection.setLocalDescription(await connection.createAnswer())
    print(object_to_string(connection.localDescription), flush=True)
    if role == 'offer':
        await hear()

    await reader.read()
    await connection.close()


asyncio.get_event_loop_policy().new_event_loop().run_until_complete(main())
