#!/usr/bin/python3
# Snug: private calls by room name.
# SPDX-License-Identifier: GPL-3.0-or-later
"""snug-server behind the real HAProxy and the real nginx, with the configurations of data/proxy.

Usage: test-proxies.py SOURCE BUILD
Prints TAP. Only the ports, and where certificate and process ids are, differ from the files that are shipped."""

import http.client
import os
import socket
import ssl
import subprocess
import sys
import time

from snug_nodes import LIMIT, Client, Node, free_port, run_tests, start, wait_for

SOURCE, BUILD = sys.argv[1:3]
SERVER = os.path.join(BUILD, 'src/server/snug-server')


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
    nodes = [Node(SERVER, folder, f'node-{i}', '--trusted-proxy', '127.0.0.1') for i in range(3)]
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
    node = Node(SERVER, folder, 'proxied', '--trusted-proxy', '127.0.0.1', '--proxy-protocol')
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
    node = Node(SERVER, folder, 'behind-nginx', '--trusted-proxy', '127.0.0.1')
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
    for path in ('/', '/r', '/web/snug-guest.mjs'):
        page = http.client.HTTPSConnection('127.0.0.1', port, timeout=60, context=ssl._create_unverified_context())
        page.request('GET', path)
        assert page.getresponse().status == 200, path
    wait_for('the address', lambda: node.said(r'address='))
    assert not node.said('198.51.100.7')
    process.kill()


TESTS = [('haproxy', 'haproxy', test_haproxy), ('proxy-protocol', 'haproxy', test_proxy_protocol),
         ('nginx', 'nginx', test_nginx)]


def make_certificate(folder):
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
                    '-days', '2', '-subj', '/CN=localhost', '-out', f'{folder}/cert', '-keyout', f'{folder}/key'],
                   check=True, stderr=subprocess.DEVNULL)
    with open(f'{folder}/snug.pem', 'w', encoding='utf-8') as pem:
        for part in ('cert', 'key'):
            with open(f'{folder}/{part}', encoding='utf-8') as file:
                pem.write(file.read())


if __name__ == '__main__':
    sys.exit(run_tests(TESTS, make_certificate))
