#!/usr/bin/python3
# Snug: private calls by room name.
# SPDX-License-Identifier: GPL-3.0-or-later
"""snug-server behind the real HAProxy and the real nginx, with the configurations of data/proxy.

Usage: test-proxies.py SOURCE BUILD
Prints TAP. Only the ports, and where certificate and process ids are, differ from the files that are shipped."""

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
import sys
import tempfile
import time

SOURCE, BUILD = sys.argv[1:3]
SERVER = os.path.join(BUILD, 'src/server/snug-server')
LIMIT = 20
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


class Node:
    """One snug-server."""

    def __init__(self, folder, name, *options):
        self.log = os.path.join(folder, f'{name}.log')
        with open(self.log, 'w', encoding='utf-8') as log:
            self.process = start([SERVER, '--bind', '127.0.0.1', '--port', '0', '--log-addresses', *options],
                                 stdout=subprocess.PIPE, stderr=log, text=True)
        self.port = int(re.search(r'port=(\d+)', self.process.stdout.readline()).group(1))

    def said(self, pattern):
        with open(self.log, encoding='utf-8') as log:
            return re.search(pattern, log.read())


class Client:
    """A WebSocket through a proxy, by hand: what goes over it is what a client of Snug sends."""

    def __init__(self, port, path, headers=''):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.socket = context.wrap_socket(socket.create_connection(('127.0.0.1', port), LIMIT))
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
            size, start = self.rest[1] & 0x7f, 2
            if size == 126:
                size, start = int.from_bytes(self.rest[2:4], 'big'), 4
            while len(self.rest) < start + size:
                self.fill()
            opcode, payload = self.rest[0] & 0xf, self.rest[start:start + size]
            self.rest = self.rest[start + size:]
            if opcode == 1:
                return json.loads(payload)
            if opcode == 8:
                raise ConnectionError('closed')

    def join(self, room):
        self.say({'type': 'join', 'version': 1, 'room': hashlib.md5(room.encode()).hexdigest()})
        answer = self.hear()
        assert answer['type'] == 'joined', answer
        return answer


def enter(port, room):
    """As a client does that has lost its server: until there is one again."""
    def attempt():
        try:
            client = Client(port, f'/snug/{room}')
            return client if client.status == 101 and client.join(room) else None
        except OSError:
            return None
    return wait_for('a place in the room', attempt)


def write_config(folder, name, replacements):
    with open(os.path.join(SOURCE, 'data/proxy', name), encoding='utf-8') as file:
        text = file.read()
    for old, new in replacements.items():
        assert old in text, old
        text = text.replace(old, new)
    path = os.path.join(folder, name)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    return path


def await_port(port):
    def attempt():
        try:
            socket.create_connection(('127.0.0.1', port), 1).close()
            return True
        except OSError:
            return False
    wait_for('the proxy', attempt)


def start_haproxy(folder, nodes):
    port = free_port()
    config = write_config(folder, 'haproxy.cfg', {
        'maxconn 20000': 'maxconn 256', 'bind :443 ': f'bind 127.0.0.1:{port} ', '/etc/haproxy/snug.pem': os.path.join(folder, 'snug.pem'),
        'server one 127.0.0.1:8765': f'server one 127.0.0.1:{nodes[0].port}',
        'server two 127.0.0.1:8766': f'server two 127.0.0.1:{nodes[1].port}',
        'server three 127.0.0.1:8767': f'server three 127.0.0.1:{nodes[2].port}',
    })
    process = start(['haproxy', '-db', '-q', '-f', config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    await_port(port)
    return process, port


def test_haproxy(folder):
    """Three nodes; one is killed, and its people are in one room again within five seconds."""
    nodes = [Node(folder, f'node-{i}', '--trusted-proxy', '127.0.0.1') for i in range(3)]
    process, port = start_haproxy(folder, nodes)
    rooms = [f'room-{i}' for i in range(12)]
    people = {room: [enter(port, room), enter(port, room)] for room in rooms}
    for room, (first, second) in people.items():
        joined = first.hear()
        assert joined['type'] == 'peer-joined', (room, joined)
        first.say({'type': 'signal', 'to': joined['id'], 'payload': room})
        assert second.hear()['payload'] == room

    def homes():
        return [node.said('event=joined') is not None for node in nodes]
    wait_for('rooms on every node', lambda: all(homes()))

    nodes[0].process.kill()
    killed = time.monotonic()
    moved = []
    for room, pair in people.items():
        pair[0].socket.settimeout(0.3)
        try:
            while True:
                pair[0].hear()
        except (TimeoutError, socket.timeout):
            pair[0].socket.settimeout(LIMIT)
        except OSError:
            moved.append(room)
    assert moved and len(moved) < len(rooms), moved
    began = time.monotonic()
    for room in moved:
        first = enter(port, room)
        second = Client(port, f'/snug/{room}')
        assert len(second.join(room)['peers']) == 1, room
        people[room] = [first, second]
    print(f'# {len(moved)} of {len(rooms)} rooms moved; in their rooms again {time.monotonic() - began:.2f} s after '
          f'they had looked, {time.monotonic() - killed:.2f} s after the node was killed')
    assert time.monotonic() - began < 5
    for room in rooms:
        if room not in moved:
            people[room][0].say({'type': 'signal', 'to': 'nobody', 'payload': 'x'})
            assert people[room][0].hear()['code'] == 'no-such-peer'
    process.kill()


def test_proxy_protocol(folder):
    """HAProxy tells by the PROXY protocol for whom it comes."""
    node = Node(folder, 'proxied', '--trusted-proxy', '127.0.0.1', '--proxy-protocol')
    port = free_port()
    config = os.path.join(folder, 'tcp.cfg')
    with open(config, 'w', encoding='utf-8') as file:
        file.write('defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 60s\n  timeout server 60s\n'
                   f'listen snug\n  bind 127.0.0.1:{port} ssl crt {folder}/snug.pem\n  source 127.0.0.1\n'
                   f'  server one 127.0.0.1:{node.port} send-proxy-v2\n')
    process = start(['haproxy', '-db', '-q', '-f', config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    await_port(port)
    client = Client(port, '/snug')
    client.join('garden')
    wait_for('the address', lambda: node.said(r'event=client-connected .* address=127\.0\.0\.1'))
    process.kill()


def test_nginx(folder):
    """nginx; what a client says of its own address is not believed."""
    node = Node(folder, 'behind-nginx', '--trusted-proxy', '127.0.0.1')
    port = free_port()
    config = write_config(folder, 'nginx.conf', {
        'listen 443 ssl': f'listen 127.0.0.1:{port} ssl', '/etc/nginx/snug.pem': os.path.join(folder, 'snug.pem'),
        'http://127.0.0.1:8765': f'http://127.0.0.1:{node.port}',
        'events {': f'daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\nevents {{',
        'access_log off;': 'access_log off;\n' + '\n'.join(
            f'    {kind}_temp_path {folder}/{kind};' for kind in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi')),
        'worker_connections 20000': 'worker_connections 256',
    })
    process = start(['nginx', '-c', config, '-e', f'{folder}/nginx.log'], stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL)
    await_port(port)
    client = Client(port, '/snug', 'X-Forwarded-For: 198.51.100.7\r\n')
    assert client.status == 101
    client.join('garden')
    other = Client(port, '/snug/garden')
    assert len(other.join('garden')['peers']) == 1
    wait_for('the address', lambda: node.said(r'address='))
    assert not node.said('198.51.100.7')
    process.kill()


TESTS = [('haproxy', 'haproxy', test_haproxy), ('proxy-protocol', 'haproxy', test_proxy_protocol),
         ('nginx', 'nginx', test_nginx)]


def main():
    failed = False
    os.environ['PATH'] += ':/usr/sbin:/sbin'
    print(f'1..{len(TESTS)}', flush=True)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
                        '-days', '2', '-subj', '/CN=localhost', '-out', f'{folder}/cert', '-keyout', f'{folder}/key'],
                       check=True, stderr=subprocess.DEVNULL)
        with open(f'{folder}/snug.pem', 'w', encoding='utf-8') as pem:
            for part in ('cert', 'key'):
                with open(f'{folder}/{part}', encoding='utf-8') as file:
                    pem.write(file.read())
        for number, (name, program, test) in enumerate(TESTS, 1):
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
                for process in processes:
                    process.send_signal(signal.SIGKILL)
                    process.wait()
                processes.clear()
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
