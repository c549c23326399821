#!/usr/bin/python3
# Snug: private calls by room name.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rooms that three snug-servers share through the real Redis: order, a node that is killed, a Redis that is restarted.

Usage: test-redis.py BUILD
Prints TAP."""

import hashlib
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request

from snug_nodes import LIMIT, Client, Node, run_tests, start, wait_for

BUILD = sys.argv[1]
SERVER = os.path.join(BUILD, 'src/server/snug-server')
FAST = ('--message-rate', '1000000', '--message-burst', '1000000', '--send-queue-limit', '16000000')


class Redis:
    """One on a socket in the folder, that can go away and come back, with nothing in it."""

    def __init__(self, folder, *options):
        self.path = os.path.join(folder, 'redis')
        self.options = options
        self.uri = f'unix://{self.path}'
        self.start()

    def start(self):
        self.process = start(['redis-server', '--port', '0', '--unixsocket', self.path, '--save', '', '--appendonly', 'no',
                              *self.options], stdout=subprocess.DEVNULL)
        wait_for('Redis', self.answers)

    def answers(self):
        try:
            with socket.socket(socket.AF_UNIX) as link:
                link.settimeout(LIMIT)
                link.connect(self.path)
                link.sendall(b'PING\r\n')
                return link.recv(64)
        except OSError:
            return None

    def stop(self):
        self.process.kill()
        self.process.wait()

    def run(self, *words):
        command = ['redis-cli', '-s', self.path, *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Member:
    """A client in a room, and everything it has heard."""

    def __init__(self, node, room, **fields):
        self.node = node
        self.client = Client(node.port, '/snug', tls=False)
        assert self.client.status == 101
        joined = self.client.join(room, **fields)
        self.id, self.peers = joined['id'], [peer['id'] for peer in joined['peers']]
        self.heard = []
        self.closed = False
        self.lock = threading.Lock()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        self.client.socket.settimeout(None)
        try:
            while True:
                message = self.client.hear()
                with self.lock:
                    self.heard.append(message)
        except (OSError, ValueError):
            self.closed = True

    def tell(self, other, payload):
        self.client.say({'type': 'signal', 'to': other.id, 'payload': payload})

    def all(self, kind, **fields):
        with self.lock:
            return [message for message in self.heard
                    if message['type'] == kind and all(message.get(key) == value for key, value in fields.items())]

    def payloads(self, sender):
        return [message['payload'] for message in self.all('signal') if message['from'] == sender.id]

    def lost(self, other):
        """What it was told that did not arrive."""
        return len([message for message in self.all('error', code='unreachable') if other.id in message['message']])


def metric(node, name):
    with urllib.request.urlopen(f'http://127.0.0.1:{node.port}/metrics', timeout=LIMIT) as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith(f'snug_{name} '):
                return int(float(line.split()[1]))
    raise AssertionError(name)


def start_nodes(folder, redis, count=3, options=('--redis',)):
    nodes = [Node(SERVER, folder, f'node-{i}', *options, *((redis.uri,) if options == ('--redis',) else ()), *FAST)
             for i in range(count)]
    wait_for('the nodes at Redis', lambda: all(metric(node, 'redis_connected') for node in nodes))
    return nodes


def meet(members):
    """Everybody knows of everybody, and of each pair one is the newcomer."""
    for i, first in enumerate(members):
        for second in members[i + 1:]:
            wait_for('a newcomer', lambda: first.all('peer-joined', id=second.id))
            assert first.id in second.peers


def check_flow(sender, receiver, words):
    before = len(receiver.payloads(sender))
    for word in words:
        sender.tell(receiver, word)
    wait_for(f'{len(words)} messages', lambda: len(receiver.payloads(sender)) >= before + len(words))
    assert receiver.payloads(sender)[before:] == list(words)


def test_order(folder):
    """3,000 messages between three nodes, each once and in order."""
    redis = Redis(folder)
    members = [Member(node, 'garden') for node in start_nodes(folder, redis)]
    meet(members)
    began = time.monotonic()
    for number in range(500):
        for sender in members:
            for receiver in members:
                if sender is not receiver:
                    sender.tell(receiver, f'{number} "ünd"\n ' + 'x' * (number % 50))
    pairs = [(a, b) for a in members for b in members if a is not b]
    wait_for('all', lambda: all(len(b.payloads(a)) >= 500 for a, b in pairs))
    took = time.monotonic() - began
    for sender, receiver in pairs:
        assert receiver.payloads(sender) == [f'{number} "ünd"\n ' + 'x' * (number % 50) for number in range(500)]
        assert sender.lost(receiver) == 0
    print(f'# 3000 messages in {took:.2f} s, all in order, none twice')
    # Who leaves, and who is one too many.
    members[0].client.say({'type': 'leave'})
    for other in members[1:]:
        wait_for('the leaving', lambda: other.all('peer-left', id=members[0].id))
        assert not other.all('peer-left', lost=True)
    full = [Member(members[i % 3].node, 'garden') for i in range(6)]
    assert len(full[-1].peers) == 7
    late = Client(members[0].node.port, '/snug', tls=False)
    late.say({'type': 'join', 'version': 1, 'room': hashlib.md5(b'garden').hexdigest()})
    answer = late.hear()
    while answer['type'] != 'error':
        answer = late.hear()
    assert answer['code'] == 'room-full', answer


def test_kill(folder):
    """A node is killed while messages go there."""
    redis = Redis(folder)
    nodes = start_nodes(folder, redis)
    token = 'c0a5d0f6a9f24f1c8c1d1f9e7b3a5d20'
    alice = Member(nodes[0], 'garden')
    bob = Member(nodes[1], 'garden', resume=token)
    carol = Member(nodes[1], 'garden')
    dave = Member(nodes[2], 'garden')
    meet([alice, bob, carol, dave])
    for number in range(1500):
        alice.tell(bob, str(number))
        if number == 750:
            wait_for('some', lambda: len(bob.payloads(alice)) > 200)
            nodes[1].process.kill()
    killed = time.monotonic()
    wait_for('the end', lambda: bob.closed)
    arrived = [int(text) for text in bob.payloads(alice)]
    assert arrived == sorted(set(arrived))
    wait_for('to be told of the rest', lambda: alice.lost(bob) >= 1500 - len(arrived))
    told = time.monotonic() - killed

    again = Member(nodes[2], 'garden', resume=token)
    assert again.id == bob.id and {alice.id, dave.id} <= set(again.peers)
    came = time.monotonic() - killed
    for other in (alice, dave):
        wait_for('the old stay to end', lambda: other.all('peer-left', id=bob.id, lost=True))
        wait_for('the new one', lambda: len(other.all('peer-joined', id=bob.id)) == (2 if other is alice else 1))
        check_flow(other, again, [f'to {number}' for number in range(100)])
        check_flow(again, other, [f'from {number}' for number in range(100)])
    # Nobody took over for her.
    wait_for('the loss', lambda: alice.all('peer-left', id=carol.id, lost=True) and dave.all('peer-left', id=carol.id, lost=True))
    print(f'# {len(arrived)} of 1500 messages arrived at a node that was killed, {alice.lost(bob)} were reported, '
          f'{told:.2f} s after; its member was in the room again {came:.2f} s after, who did not come back was lost '
          f'{time.monotonic() - killed:.1f} s after')


def test_drain(folder):
    """A node is stopped in good order: its people go on elsewhere, and nobody is said to have left."""
    redis = Redis(folder)
    nodes = start_nodes(folder, redis, 2)
    alice = Member(nodes[0], 'garden')
    token = 'c0a5d0f6a9f24f1c8c1d1f9e7b3a5d20'
    bob = Member(nodes[1], 'garden', resume=token)
    meet([alice, bob])
    nodes[1].process.terminate()
    wait_for('the end', lambda: bob.closed)
    assert bob.all('error', code='shutting-down')
    again = Member(nodes[0], 'garden', resume=token)
    assert again.id == bob.id and again.peers == [alice.id]
    wait_for('the new stay', lambda: len(alice.all('peer-joined', id=bob.id)) == 2)
    assert alice.all('peer-left') == alice.all('peer-left', lost=True)
    check_flow(alice, again, ['hello'])
    check_flow(again, alice, ['hello'])
    assert nodes[1].process.wait(LIMIT) == 0


def test_restart(folder):
    """Redis is restarted while messages are on their way, then away for longer."""
    redis = Redis(folder)
    nodes = start_nodes(folder, redis)
    alice, amy = Member(nodes[0], 'garden'), Member(nodes[0], 'garden')
    bob = Member(nodes[1], 'garden')
    meet([alice, amy, bob])
    for number in range(3000):
        alice.tell(bob, str(number))
        if number % 10 == 0:
            alice.tell(amy, str(number))
        if number == 1000:
            wait_for('some', lambda: len(bob.payloads(alice)) > 100)
            redis.stop()
        if number == 2000:
            wait_for('to be told', lambda: alice.lost(bob) > 0)
            redis.start()
            wait_for('Redis again', lambda: metric(nodes[0], 'redis_connected') and metric(nodes[1], 'redis_connected'))
    wait_for('every message to be known of', lambda: len(bob.payloads(alice)) + alice.lost(bob) >= 3000)
    arrived = [int(text) for text in bob.payloads(alice)]
    assert arrived == sorted(set(arrived)), 'twice, or out of order'
    assert 2999 in arrived or alice.lost(bob) > 0
    wait_for('those of the same node', lambda: len(amy.payloads(alice)) == 300)
    assert alice.lost(amy) == 0
    check_flow(bob, alice, [str(number) for number in range(100)])
    for member in (alice, amy, bob):
        assert not member.all('peer-left'), member.heard
    carol = Member(nodes[2], 'garden')
    assert sorted(carol.peers) == sorted([alice.id, amy.id, bob.id])
    print(f'# of 3000 messages {len(arrived)} arrived and {alice.lost(bob)} were reported; 300 of 300 on the same node arrived')

    redis.stop()
    gone = time.monotonic()
    check_flow(alice, amy, ['still', 'here'])
    wait_for('the loss', lambda: alice.all('peer-left', id=bob.id, lost=True) and bob.all('peer-left', id=alice.id, lost=True))
    lost = time.monotonic() - gone
    dora = Member(nodes[0], 'garden')
    assert sorted(dora.peers) == sorted([alice.id, amy.id])
    seen = {member: len(member.all('peer-joined')) for member in (alice, amy, bob, carol, dora)}
    redis.start()
    back = time.monotonic()
    here = {nodes[0]: (alice, amy, dora), nodes[1]: (bob,), nodes[2]: (carol,)}
    pairs = [(a, b) for x in nodes for y in nodes if x is not y for a in here[x] for b in here[y]]
    for a, b in pairs:
        wait_for('everybody again', lambda: any(message['id'] == b.id for message in a.all('peer-joined')[seen[a]:]))
    took = time.monotonic() - back
    for a, b in pairs:
        greets = [any(message['id'] == other.id and message.get('greet') for message in one.all('peer-joined')[seen[one]:])
                  for one, other in ((a, b), (b, a))]
        assert sorted(greets) == [False, True], (greets, a.id, b.id)
        check_flow(a, b, ['hello', 'again'])
    print(f'# without Redis the others were lost {lost:.1f} s after; all were there again {took:.2f} s after Redis was')


def test_hostile(folder):
    """Passwords from a file alone, and a channel in which somebody writes nonsense."""
    redis = Redis(folder, '--requirepass', 'open sesame')
    secret = os.path.join(folder, 'redis-uri')
    with open(secret, 'w', encoding='utf-8') as file:
        file.write(f'unix://:wrong@{redis.path}\n')
    node = Node(SERVER, folder, 'refused', '--redis-file', secret)
    wait_for('the refusal', lambda: node.said('event=redis-refused code=WRONGPASS'))
    assert not node.said('wrong@') and not metric(node, 'redis_connected')
    Member(node, 'alone').tell
    command = [SERVER, '--redis', 'redis://user:secret@localhost']
    assert b'--redis-file' in subprocess.run(command, capture_output=True, check=False, timeout=LIMIT).stderr

    with open(secret, 'w', encoding='utf-8') as file:
        file.write(f'unix://:open%20sesame@{redis.path}?db=3\n')
    nodes = start_nodes(folder, redis, 2, ('--redis-file', secret))
    alice, bob = Member(nodes[0], 'garden'), Member(nodes[1], 'garden')
    meet([alice, bob])
    os.environ['REDISCLI_AUTH'] = 'open sesame'
    channels = [name for name in redis.run('PUBSUB', 'CHANNELS').split() if name.startswith('snug:to:')]
    assert len(channels) == 2
    room = hashlib.md5(b'garden').hexdigest()
    stranger = 'f' * 32
    lines = ['', 'x', 'say', f'say {stranger} 1 {alice.id} {bob.id} forged', f'say {stranger} 0 a b c', 'in ' * 1000,
             f'room {room} a b c', f'joined {room} {alice.id} 99999999999999999999', f'in {room} x {stranger}', 'ack 1 2 3',
             f'taken {stranger} {alice.id}', 'room ' + 'y' * 100000, f'beat 1 {stranger}', f'out {room} {bob.id} {stranger} 1']
    for channel in channels:
        for line in lines:
            redis.run('PUBLISH', channel, line)
    wait_for('refusals', lambda: all(metric(node, 'redis_refused_total') >= 9 for node in nodes))
    check_flow(alice, bob, ['still', 'here'])
    assert not bob.all('signal', payload='forged') and not alice.all('signal', payload='forged')
    assert not alice.all('peer-left') and not bob.all('peer-left')
    with open(nodes[0].log, encoding='utf-8') as log:
        assert 'sesame' not in log.read()


TESTS = [('order', 'redis-server', test_order), ('kill', 'redis-server', test_kill),
         ('drain', 'redis-server', test_drain), ('restart', 'redis-server', test_restart), ('hostile', 'redis-server', test_hostile)]

if __name__ == '__main__':
    sys.exit(run_tests(TESTS))
