# Snug: private calls by room name.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real snug-servers and raw clients for the tests of what stands around them."""

import base64
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time

LIMIT = 80
processes = []


def start(command, **options):
    process = subprocess.Popen(command, **options)
    processes.append(process)
    return process


def wait_for(what, condition):
    end = time.monotonic() + LIMIT
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f'not in {LIMIT} s: {what}')
        time.sleep(0.02)


def free_port():
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        return listener.getsockname()[1]


def sanitized():
    """The environment; under AddressSanitizer without its slow unwinder, for thousands of messages."""
    options = os.environ.get('ASAN_OPTIONS')
    return {**os.environ, 'ASAN_OPTIONS': f'{options}:fast_unwind_on_malloc=1'} if options else None


class Node:
    """One snug-server."""

    def __init__(self, server, folder, name, *options):
        self.log = os.path.join(folder, f'{name}.log')
        with open(self.log, 'w', encoding='utf-8') as log:
            self.process = start([server, '--bind', '127.0.0.1', '--port', '0', '--log-addresses', *options],
                                 stdout=subprocess.PIPE, stderr=log, text=True, env=sanitized())
        self.port = int(re.search(r'port=(\d+)', self.process.stdout.readline()).group(1))

    def said(self, pattern):
        with open(self.log, encoding='utf-8') as log:
            return re.search(pattern, log.read())


class Client:
    """A WebSocket, by hand: what goes over it is what a client of Snug sends."""

    def __init__(self, port, path, headers='', tls=True):
        self.socket = socket.create_connection(('127.0.0.1', port), LIMIT)
        if tls:
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            self.socket = context.wrap_socket(self.socket)
        self.socket.settimeout(LIMIT)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f'GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
                             f'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n'
                             f'Sec-WebSocket-Protocol: snug.1\r\n{headers}\r\n').encode())
        self.rest = b''
        while b'\r\n\r\n' not in self.rest:
            self.fill()
        head, self.rest = self.rest.split(b'\r\n\r\n', 1)
        self.status = int(head.split()[1])

    def fill(self):
        more = self.socket.recv(65536)
        if not more:
            raise ConnectionError('closed')
        self.rest += more

    def say(self, message):
        text = json.dumps(message).encode()
        size = bytes([0x80 | len(text)]) if len(text) < 126 else bytes([0xfe]) + len(text).to_bytes(2, 'big')
        self.socket.sendall(b'\x81' + size + b'\0\0\0\0' + text)

    def hear(self):
        while True:
            while len(self.rest) < 4:
                self.fill()
            size, begin = self.rest[1] & 0x7f, 2
            if size == 126:
                size, begin = int.from_bytes(self.rest[2:4], 'big'), 4
            while len(self.rest) < begin + size:
                self.fill()
            opcode, payload = self.rest[0] & 0xf, self.rest[begin:begin + size]
            self.rest = self.rest[begin + size:]
            if opcode == 1:
                return json.loads(payload)
            if opcode == 8:
                raise ConnectionError('closed')

    def join(self, room, **fields):
        self.say({'type': 'join', 'version': 1, 'room': hashlib.md5(room.encode()).hexdigest(), **fields})
        answer = self.hear()
        assert answer['type'] == 'joined', answer
        return answer


def end_all():
    for process in processes:
        process.send_signal(signal.SIGCONT)
        process.send_signal(signal.SIGKILL)
        process.wait()
    processes.clear()


def run_tests(tests, prepare=None):
    """tests: (name, program that it needs, function of a folder). Prints TAP. Returns the exit status."""
    failed = False
    os.environ['PATH'] += ':/usr/sbin:/sbin'
    print(f'1..{len(tests)}', flush=True)
    with tempfile.TemporaryDirectory() as folder:
        if prepare:
            prepare(folder)
        for number, (name, program, test) in enumerate(tests, 1):
            if not shutil.which(program):
                print(f'ok {number} {name} # SKIP {program} is not installed', flush=True)
                continue
            try:
                test(folder)
                print(f'ok {number} {name}', flush=True)
            except (AssertionError, OSError) as error:
                failed = True
                print(f'# {type(error).__name__}: {error}\nnot ok {number} {name}', flush=True)
            finally:
                end_all()
    return 1 if failed else 0
