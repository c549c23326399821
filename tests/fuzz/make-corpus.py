#!/usr/bin/env python3
# Snug: private calls by room name.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the fuzz targets' corpora from the fixtures.

Usage: make-corpus.py SOURCE_ROOT TARGET OUTPUT_DIRECTORY"""

import base64
import hashlib
import json
import os
import re
import sys
import urllib.parse
import zlib

# Longer ones only slow the fuzzer down; the limits have tests of their own.
MAX_BYTES = 8192

NAMES = ['garden', '  Our  Garden 7 ', 'Straße', 'Cafe\u0301', 'ΟΦΟΣ', '家族', 'घर की', 'İ', 'ﬀ', 'a\u0345', '\u1fb4',
         '---', '', ' ', 'a/b', '\u202eabc', 'a\u200bb', '\u0301a', '👩\u200d👧', 'x' * 64, 'ß' * 64, 'Å']

HEADS = [
    'GET /snug HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n'
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n'
    'Sec-WebSocket-Protocol: snug.1\r\n\r\n',
    'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST /a?b=c HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
    'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: snug.1\r\n\r\n',
    'HTTP/1.1 404 Not Found\r\nA: b\r\na:c\r\n\r\n',
    'HTTP/1.0 301 \r\nLocation: /\r\n\r\n',
    'SSH-2.0-OpenSSH_9.2\r\n\r\n',
]

FILES = [
    bytes([1, 0, 0, 0, 1, 0, 0, 0, 0]) + b'piece',
    bytes([1, 0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]) + b'a',
    bytes([1, 0, 0, 0, 0, 0, 0, 0, 0]) + b'a',
    *[name.encode() for name in (
        'garden.jpg', '../../etc/passwd', 'C:\\a\\b.exe', '.bashrc', '...', '\u202efdp.exe', 'a\nb', 'Cafe\u0301.txt',
        'x' * 300 + '.tar', '👍', '👍🏽', '👩\u200d👩\u200d👧', '🇩🇪', '1\ufe0f\u20e3', '🏴\U000e0067\U000e007f', '❤\ufe0f')],
]

FRAMES = [
    bytes([0x81, 0x85, 1, 2, 3, 4]) + b'hello',
    bytes([0x01, 0x02]) + b'he' + bytes([0x89, 0x00, 0x00, 0x01]) + b'l' + bytes([0x80, 0x02]) + b'lo',
    bytes([0x82, 126, 0x01, 0x00]) + b'a' * 256,
    bytes([0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]) + b'a' * 100,
    bytes([0x88, 0x82, 0, 0, 0, 0, 3, 0xe8]),
    bytes([0x01, 0xff] + [0xff] * 8 + [0] * 4),
]

CANDIDATES = [
    'candidate:1 1 UDP 2015363327 192.0.2.7 40321 typ host',
    'a=candidate:2 1 UDP 1679819007 203.0.113.9 51002 typ srflx raddr 192.0.2.7 rport 40321',
    'candidate:3 1 TCP 1015021823 192.0.2.7 9 typ host tcptype active',
    'candidate:4 1 udp 41819902 2001:db8::1 50000 typ relay raddr :: rport 0 generation 0 ufrag abcd network-cost 50',
    'candidate:842163049 1 udp 1677729535 3f2c4b1e-0000-4000-8000-123456789abc.local 46154 typ host',
]

ROOM = '0123456789abcdef0011223344556677'


def texts(*strings):
    """An array of byte strings, as GVariant stores it (at most 255 bytes)."""
    ends, data = [], b''
    for string in strings:
        data += string.encode()
        ends.append(len(data))
    return data + bytes(ends)


ANNOUNCEMENTS = [
    f'{ROOM[:16]}-0123456789abcdef\n{address}\n'.encode() + texts(*strings)
    for address, *strings in (
        ('192.168.1.20 40001', f'room={ROOM}'),
        ('fe80::7 40001', 'newer=yes', f'ROOM={ROOM}'),
        ('fd00::7 65535', f'room={ROOM}', f'room={ROOM}'),
        ('127.0.0.1 80', 'room='),
        ('::ffff:8.8.8.8 65536',),
    )]

FINGERPRINTS = [
    'sha-256 ' + ':'.join(['AB'] * 32),
    'SHA-256 ' + ':'.join(['0c'] * 32),
    'sha-384 ' + ':'.join(['12'] * 48),
    'sha-512 ' + ':'.join(['FF'] * 64),
    'sha-1 ' + ':'.join(['00'] * 20),
]

FINGERPRINT_LINE = 'a=fingerprint:sha-256 ' + ':'.join(['AB'] * 32)

SESSION = ['v=0', 'o=- 1234567890 0 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=ice-options:trickle',
           'a=group:BUNDLE audio0 video1 video2 application3']

TRANSPORT = ['c=IN IP4 0.0.0.0', 'a=setup:actpass', 'a=ice-ufrag:abcd', 'a=ice-pwd:0123456789abcdef01234567',
             'a=rtcp-mux', 'a=rtcp-rsize', 'a=sendrecv', FINGERPRINT_LINE]

AUDIO = ['m=audio 9 UDP/TLS/RTP/SAVPF 97', *TRANSPORT, 'a=mid:audio0', 'a=rtpmap:97 OPUS/48000/2',
         'a=fmtp:97 minptime=10;useinbandfec=1', 'a=rtcp-fb:97 transport-cc',
         'a=extmap:1 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
         'a=ssrc:1001 cname:user', 'a=ssrc:1001 msid:stream track']

VIDEO = ['m=video 9 UDP/TLS/RTP/SAVPF 96 98', *TRANSPORT, 'a=rtpmap:96 VP8/90000', 'a=rtcp-fb:96 nack',
         'a=rtcp-fb:96 nack pli', 'a=rtcp-fb:96 ccm fir', 'a=rtcp-fb:96 transport-cc', 'a=rtpmap:98 rtx/90000',
         'a=fmtp:98 apt=96', 'a=ssrc-group:FID 2001 2002', 'a=ssrc:2001 cname:user', 'a=ssrc:2002 cname:user',
         'a=extmap:1 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01']

DATA = ['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', *TRANSPORT, 'a=mid:application3', 'a=sctp-port:5000',
        'a=max-message-size:262144']

DESCRIPTIONS = [
    [*SESSION, *AUDIO, *VIDEO, 'a=mid:video1', *VIDEO, 'a=mid:video2', *DATA],
    [*SESSION, *AUDIO, *DATA],
    [*SESSION, *DATA],
    [*SESSION, FINGERPRINT_LINE, 'a=setup:active', *AUDIO, *VIDEO, 'a=mid:video1'],
    [*SESSION, *VIDEO],
]

# A ServerHello in one record, behind another record: DTLS 1.2, and 1.3 by its extension.
def server_hello(extensions):
    hello = b'\xfe\xfd' + b'r' * 32 + b'\x00' + b'\xc0\x30' + b'\x00' + extensions
    size = len(hello).to_bytes(3, 'big')
    message = b'\x02' + size + b'\0\0' + b'\0\0\0' + size + hello
    return b'\x16\xfe\xfd' + bytes(8) + len(message).to_bytes(2, 'big') + message


PROBES = [b'\x02' + bytes([kind]) + (7).to_bytes(4, 'big') + bytes(10) for kind in (1, 2, 3)]

PAIRS = [
    'Agent 0x55d0 : new pair 0x7f10 : [192.0.2.2]:54712 --> [192.0.2.3]:47651',
    "Agent 0x55d0 : added a new pair 0x7f10 with foundation '1:1' and transport udp:udp to stream 1 component 1",
    'Agent 0x55d0 : new pair 0x7f20 : [fd00::2]:0 --> [fd00::3]:37475',
    "Agent 0x55d0 : added a new pair 0x7f20 with foundation '2:3' and transport tcp-act:tcp-pass to stream 1 component 1",
    'Agent 0x55d0 : pair 0x7f10 state IN_PROGRESS (priv_conn_check_initiate)',
    'Agent 0x55d0 : pair 0x7f10 state SUCCEEDED (priv_process_response_check_for_reflexive)',
    'Agent 0x55d0 : marking pair 0x7f10 (1:1) as nominated',
    'Agent 0x55d0 : pair 0x7f20 removed.',
]

COOKIE_AND_TRANSACTION = bytes.fromhex('2112a442b7e7a701bc34d686fa87dfae')


def stun(kind, *attributes):
    body = b''.join(name.to_bytes(2, 'big') + len(value).to_bytes(2, 'big') + value + bytes(-len(value) % 4)
                    for name, value in attributes)
    return kind.to_bytes(2, 'big') + len(body).to_bytes(2, 'big') + COOKIE_AND_TRANSACTION + body


STUN_MESSAGES = [
    stun(0x0101, (0x8022, b'test vector'), (0x0020, bytes.fromhex('0001a147e112a643'))),
    stun(0x0101, (0x0020, bytes.fromhex('0002a1470113a9faa5d3f179bc25f4b5bed2b9d9')),
         (0x802c, bytes.fromhex('00010d97c0000202'))),
    stun(0x0113, (0x0009, bytes.fromhex('00000401') + b'Unauthorized'), (0x0015, b'f//499k954d6OL34oL9FSTvy64sA'),
         (0x0014, b'example.org')),
    stun(0x0103, (0x0016, bytes.fromhex('0001a147e112a643')), (0x0020, bytes.fromhex('0001a147e112a643')),
         (0x000d, bytes.fromhex('00000258')), (0x0008, bytes(20))),
    stun(0x0017, (0x0012, bytes.fromhex('0001a147e112a643')), (0x0013, b'hello')),
    stun(0x0101, (0x0001, bytes.fromhex('00010d97c0000202')), (0x0020, b'')),
    stun(0x0101)[:-1],
]

DTLS_HELLOS = [
    server_hello(b''),
    b'\x14\xfe\xfd' + bytes(8) + b'\x00\x01\x01' + server_hello(b'\x00\x06\x00\x2b\x00\x02\xfe\xfc'),
    server_hello(b'\x00\x0a\x00\x0b\x00\x02\x01\x00\x00\x17\x00\x00')[:70],
]

CHAT_TEXTS = [
    'Morning! See https://snug.example/a?b=c#d, or (https://en.example/wiki/Snug_(app)).',
    'mailto:maya@snug.example and MAILTO:a@b.example?cc=c@d.example',
    '<b>bold</b> &amp; "quotes" \'too\'', 'https://user@evil.example/ http://[2001:db8::1]:80/ https://bücher.example/ä',
    'cod\u202egpj.exe \u2066\u2069\u200f\U0001f469\u200d\U0001f4bb', 'a\r\nb\rc\x0bd\x85e\u2028f\x1b[31m', 'a' + '\u0301' * 20,
]


def examples(root, sides):
    path = os.path.join(root, 'src', 'protocol', 'protocol.md')
    with open(path, encoding='utf-8') as file:
        text = file.read()
    for side in sides:
        for match in re.finditer(rf'^```json {side}\n(.*?)\n```$', text, re.MULTILINE | re.DOTALL):
            yield match.group(1).encode()


def invalid(root, sides):
    path = os.path.join(root, 'tests', 'fixtures', 'invalid-messages.json')
    with open(path, encoding='utf-8') as file:
        messages = json.load(file)['messages']
    for message in messages:
        if not set(sides) & set(message['from']):
            continue
        data = bytes.fromhex(message['hex']) if 'hex' in message else message['data'].encode()
        yield data.replace(b'@', message.get('unit', '@').encode() * message.get('repeat', 1))


def snug_text(content, length=None):
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = base64.urlsafe_b64encode(deflate.compress(content) + deflate.flush()).rstrip(b'=')
    return b'snug1:%d:%s:%s' % (length or len(body), body, hashlib.sha256(body).hexdigest()[:8].encode())


def description_texts():
    for lines in DESCRIPTIONS:
        sdp = '\r\n'.join(lines) + '\r\n'
        for kind in ('offer', 'answer', 'bye'):
            plain = json.dumps({'type': kind, 'sdp': sdp}).encode()
            yield plain
            yield base64.b64encode(plain)
            yield snug_text(json.dumps({'type': kind, 'sdp': sdp, 'name': 'Ada', 'id': 'x1'}).encode())
    good = snug_text(b'{"type":"offer","sdp":"v=0\\r\\n"}')
    yield from (b'', b' ', b'hello', b'snug://garden', good[:-1], good[:30], good.replace(b':', b' >\r\n:'), b'snug2' + good[5:],
                good[:12] + b'A' + good[13:], snug_text(b'{}'), snug_text(b'\0' * 1000000), b"'" + good + b"'", b'{"type":"offer"',
                b'snug1:', b'snug1:9999999:', base64.b64encode(b'{"type":'))


def sealed(root):
    with open(os.path.join(root, 'tests', 'fixtures', 'seal-vectors.json'), encoding='utf-8') as file:
        vectors = json.load(file)['sealed']
    for vector in vectors:
        yield vector['payload'].encode()
        # What is in the box, as the target puts it into one.
        yield (bytes.fromhex(vector['senderSession'] + vector['receiverSession'])
               + vector['sequence'].to_bytes(4, 'big') + vector['text'].encode() + b' ' * 8)


def seeds(root, target):
    if target == 'message':
        return [*examples(root, ['client', 'server']), *invalid(root, ['client', 'server'])]
    if target == 'peer-message':
        return [*examples(root, ['peer']), *invalid(root, ['peer'])]
    if target == 'seal':
        return sealed(root)
    if target == 'room-name':
        return [name.encode() for name in NAMES] + [b'\xff', b'a\xc3']
    if target == 'link':
        return [b'snug://' + urllib.parse.quote(name).encode() for name in NAMES] + [
            b'https://meet.example.org/r#caf%C3%A9', b'https://[2001:db8::1]:8443/r/#garden', b'http://192.168.0.7:8765/r#garden',
            b'http://kitchen.local/r#a%0Ab', b'https://a@b/r?c#<b>', b'https://caf\xc3\xa9.example/r#x',
            b'SNUG://a%20b/', b'snug://me@a:80/b?c#d', b'snug:a', b'snug://[::1]', b'snug://%00', b'snug://%ff']
    if target == 'description-text':
        return description_texts()
    if target == 'http-head':
        return [head.encode() for head in HEADS]
    if target == 'probe-message':
        return PROBES
    if target == 'stun-message':
        return STUN_MESSAGES
    if target == 'ice-pair':
        return ['\n'.join(PAIRS).encode()]
    if target == 'local-announcement':
        return ANNOUNCEMENTS
    if target == 'candidate':
        return [candidate.encode() for candidate in CANDIDATES]
    if target == 'fingerprint':
        return [fingerprint.encode() for fingerprint in FINGERPRINTS]
    if target == 'session-description':
        return [('\r\n'.join(lines) + '\r\n').encode() for lines in DESCRIPTIONS]
    if target == 'dtls-hello':
        return DTLS_HELLOS
    if target == 'chat-text':
        return [text.encode() for text in CHAT_TEXTS] + [b'a\xff\xc0\x80\xed\xa0\x80']
    if target == 'file':
        return FILES
    if target == 'frames':
        return FRAMES
    sys.exit(f'no corpus for {target}')


def main():
    root, target, output = sys.argv[1:]
    os.makedirs(output, exist_ok=True)
    for seed in seeds(root, target):
        if len(seed) <= MAX_BYTES:
            with open(os.path.join(output, hashlib.sha1(seed).hexdigest()), 'wb') as file:
                file.write(seed)
    # What the build looks at.
    with open(output + '.stamp', 'w', encoding='utf-8') as file:
        file.write(target)


if __name__ == '__main__':
    main()
