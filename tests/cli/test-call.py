#!/usr/bin/python3
"""snug-cli against snug-cli, through a real snug-server.

  test-call.py SNUG_CLI SNUG_SERVER [CLASS[.TEST]...]
"""

import base64
import json
import os
import pty
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools'))
from snug_capture import Capture, messages  # pylint: disable=wrong-import-position

# Seconds until a wait fails. Generous: the machine may be busy, and what is right comes at once.
TIMEOUT = 60

SNUG_CLI, SNUG_SERVER = sys.argv[1:3]

SMALL = ('--video-size', '320x180', '--framerate', '15')
TEST = ('--video', 'test', '--audio', 'test', *SMALL)
NOTHING = ('--video', 'none', '--audio', 'none')


class Program:
    """A process whose standard output is read line by line."""

    # Whether what it says on standard error belongs into the test's log.
    complains = True

    def __init__(self, *command, stdin=subprocess.DEVNULL):
        self.lines = []
        self.changed = threading.Condition()
        self.ended = False
        self.process = subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.errors = b''
        self.threads = [threading.Thread(target=self.read_lines),
                        threading.Thread(target=self.read_errors)]
        for thread in self.threads:
            thread.start()

    def read_lines(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.decode())
                self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def read_errors(self):
        self.errors = self.process.stderr.read()

    def wait_for(self, what, look):
        """Waits until look() returns something true, which is returned."""
        deadline = time.monotonic() + TIMEOUT
        with self.changed:
            while not (found := look()):
                left = deadline - time.monotonic()
                if self.ended or left <= 0:
                    raise AssertionError(f'waited for {what} in vain:\n{"".join(self.lines)}')
                self.changed.wait(left)
        return found

    def finish(self):
        """Waits for its end: the exit status."""
        code = self.process.wait(TIMEOUT)
        for thread in self.threads:
            thread.join(TIMEOUT)
        self.process.stdout.close()
        self.process.stderr.close()
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.finish()
        if self.process.stdin:
            self.process.stdin.close()
        if self.errors and self.complains:
            sys.stderr.write(self.errors.decode(errors='replace'))


class Server(Program):
    complains = False

    def __init__(self, *options):
        super().__init__(SNUG_SERVER, '--bind', '127.0.0.1', '--port', '0', *options)
        listening = self.wait_for('the server', lambda: self.lines and re.search(
            r'port=(\d+)', self.lines[0]))
        self.uri = f'ws://127.0.0.1:{listening[1]}'


class Call(Program):
    """snug-cli call, with its events."""

    def __init__(self, server, *options, room='garden', **kwargs):
        uri = server if isinstance(server, str) else server.uri
        super().__init__(SNUG_CLI, 'call', room, '--server', uri, '--stats-interval', '0.5', *options,
                         **kwargs)

    def events(self, kind=None, **fields):
        events = [json.loads(line) for line in self.lines]
        return [event for event in events if kind in (None, event['event'])
                and all(event.get(name) == value for name, value in fields.items())]

    def wait_event(self, kind, count=1, **fields):
        """The last of the first count events of that kind and with those fields."""
        return self.wait_for(f'{count} of {kind} {fields}', lambda: (
            len(found := self.events(kind, **fields)) >= count and found))[count - 1]

    def leave(self):
        self.process.send_signal(signal.SIGTERM)
        return self.finish()


class TestCase(unittest.TestCase):
    def start(self, program):
        """It ends with the test."""
        program.__enter__()
        self.addCleanup(program.__exit__, None, None, None)
        return program

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix='snug-cli-test.')
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def fifo(self, name):
        os.mkfifo(self.path(name))
        return self.path(name)

    def assert_proper(self, call):
        """What every log of a call has to have: times that never go back, and one end."""
        events = call.events()
        times = [event['t'] for event in events]
        self.assertEqual(times, sorted(times))
        self.assertEqual(events[-1]['event'], 'left')
        self.assertEqual(len(call.events('left')), 1)


class Calls(TestCase):
    def test_two_people(self):
        server = self.start(Server())
        ada = self.start(Call(server, *TEST, '--name', 'Ada', '--echo-chat', '--exit-when-alone'))
        ada.wait_event('state', state='joined')
        bea = self.start(Call(server, *TEST, '--name', 'Bea', '--send-chat', 'good day',
                              '--send-chat', 'grüß dich'))
        for call, other in ((ada, 'Bea'), (bea, 'Ada')):
            self.assertEqual(call.wait_event('peer', change='joined')['name'], other)
            connected = call.wait_event('connected')
            self.assertEqual(connected['name'], other)
            self.assertEqual(connected['path'], 'direct')
            self.assertIn(connected['protocol'], ('udp', 'tcp'))
            call.wait_event('first-frame', media='audio')
            call.wait_event('first-frame', media='video')
            for side in ('local', 'remote'):
                candidate = call.wait_event('candidate', side=side)
                self.assertEqual(candidate['type'], 'host')
                self.assertTrue(candidate['address'])

        # Said once each way; an echo has no echo.
        for text in ('good day', 'grüß dich'):
            ada.wait_event('chat', outgoing=False, text=text)
            ada.wait_event('chat', outgoing=True, text=text)
            bea.wait_event('chat', outgoing=False, text=text)
            bea.wait_event('chat-state', state='delivered', text=text)

        for call in (ada, bea):
            stats = call.wait_event('stats', count=6)
            self.assertGreater(stats['received_frames'], 5)
            self.assertEqual((stats['received_width'], stats['received_height']), (320, 180))
            self.assertEqual((stats['video_codec'], stats['audio_codec'].lower()), ('VP8', 'opus'))
            self.assertGreater(stats['received_bits_per_second'], 1000)

        self.assertEqual(bea.leave(), 0)
        self.assertEqual(ada.finish(), 0)
        self.assertTrue(ada.events('peer', change='left', name='Bea'))
        for call in (ada, bea):
            self.assert_proper(call)
            self.assertEqual(call.events('error'), [])
            self.assertEqual(len(call.events('chat')), 4)

    def test_files(self):
        inbox = self.path('inbox')
        os.mkdir(inbox)
        contents = os.urandom(3_000_000)
        for name in ('picture.bin', 'empty'):
            with open(self.path(name), 'wb') as file:
                file.write(contents if name == 'picture.bin' else b'')
        # A name that is taken gets a number; what is there stays.
        with open(os.path.join(inbox, 'picture.bin'), 'wb') as file:
            file.write(b'other')
        server = self.start(Server())
        ada = self.start(Call(server, *NOTHING, '--name', 'Ada', '--accept-files', inbox,
                              '--exit-when-alone'))
        bea = self.start(Call(server, *NOTHING, '--name', 'Bea', '--send-file', self.path('picture.bin'),
                              '--send-file', self.path('empty'), '--raise-hand', '--react', '👍'))
        self.assertTrue(ada.wait_event('hand', name='Bea')['raised'])
        self.assertEqual(ada.wait_event('reaction', name='Bea')['emoji'], '👍')
        for name, path in (('picture.bin', 'picture (2).bin'), ('empty', 'empty')):
            offered = ada.wait_event('file', file=name, state='offered')
            self.assertEqual((offered['name'], offered['outgoing']), ('Bea', False))
            done = ada.wait_event('file', file=name, state='done')
            self.assertEqual(done['path'], os.path.join(inbox, path))
            self.assertEqual(done['transferred'], done['size'])
            self.assertTrue(bea.wait_event('file', file=name, state='done')['outgoing'])
        with open(os.path.join(inbox, 'picture (2).bin'), 'rb') as file:
            self.assertEqual(file.read(), contents)
        self.assertEqual(sorted(os.listdir(inbox)), ['empty', 'picture (2).bin', 'picture.bin'])
        self.assertEqual(bea.leave(), 0)
        self.assertEqual(ada.finish(), 0)
        for call in (ada, bea):
            self.assert_proper(call)
            self.assertEqual(call.events('error'), [])

    def test_two_echoers(self):
        server = self.start(Server())
        ada = self.start(Call(server, *NOTHING, '--echo-chat', '--exit-when-alone'))
        bea = self.start(Call(server, *NOTHING, '--echo-chat', '--send-chat', 'hello'))
        bea.wait_event('chat', outgoing=False, text='hello')
        bea.wait_event('stats', count=len(bea.events('stats')) + 2)
        self.assertEqual(len(bea.events('chat')), 2)
        self.assertEqual(bea.leave(), 0)
        self.assertEqual(ada.finish(), 0)
        self.assertEqual(len(ada.events('chat')), 2)

    def test_interrupted(self):
        server = self.start(Server())
        ada = self.start(Call(server, *NOTHING))
        bea = self.start(Call(server, *NOTHING))
        ada.wait_event('connected')
        bea.wait_event('connected')
        bea.process.send_signal(signal.SIGINT)
        self.assertEqual(bea.finish(), 0)
        self.assert_proper(bea)
        ada.wait_event('peer', change='left')
        # Without being told to, nobody leaves because the others have.
        self.assertIsNone(ada.process.poll())
        self.assertEqual(ada.leave(), 0)
        self.assert_proper(ada)

    def test_interrupted_alone(self):
        server = self.start(Server())
        ada = self.start(Call(server, *TEST))
        ada.wait_event('state', state='joined')
        self.assertEqual(ada.leave(), 0)
        self.assert_proper(ada)

    def test_duration(self):
        server = self.start(Server())
        ada = self.start(Call(server, *NOTHING, '--duration', '1'))
        self.assertEqual(ada.finish(), 0)
        joined, = ada.events('state', state='joined')
        leaving, = ada.events('state', state='leaving')
        self.assertGreaterEqual(leaving['t'] - joined['t'], 0.99)
        self.assert_proper(ada)

    def test_start_on_stdin(self):
        server = self.start(Server())
        ada = self.start(Call(server, *TEST, '--start-on-stdin', stdin=subprocess.PIPE))
        ada.wait_event('ready')
        self.assertEqual([event['event'] for event in ada.events()], ['ready'])
        ada.process.stdin.write(b'go\n')
        ada.process.stdin.flush()
        ada.wait_event('state', state='joined')
        self.assertEqual(ada.leave(), 0)
        self.assert_proper(ada)

    def test_stdin_ends(self):
        server = self.start(Server())
        ada = self.start(Call(server, *NOTHING, '--start-on-stdin'))
        self.assertEqual(ada.finish(), 0)
        self.assertEqual([event['event'] for event in ada.events()][0], 'ready')
        self.assertEqual(ada.events('state', state='joined'), [])

    def test_ready_and_terminated(self):
        server = self.start(Server())
        ada = self.start(Call(server, *NOTHING, '--start-on-stdin', stdin=subprocess.PIPE))
        ada.wait_event('ready')
        self.assertEqual(ada.leave(), 0)

    def test_terminal(self):
        """Sentences for people; what went wrong on standard error."""
        server = self.start(Server())
        master, slave = pty.openpty()
        process = subprocess.Popen([SNUG_CLI, 'call', 'garden', '--server', server.uri,
                                    '--video', '/nonexistent/film.webm', '--audio', 'none',
                                    '--duration', '1'], stdin=subprocess.DEVNULL, stdout=slave,
                                   stderr=subprocess.PIPE)
        os.close(slave)
        output = b''
        try:
            while chunk := os.read(master, 4096):
                output += chunk
        except OSError:
            # How a terminal says that nobody has it open any more.
            pass
        os.close(master)
        errors = process.stderr.read().decode()
        process.stderr.close()
        self.assertEqual(process.wait(TIMEOUT), 0)
        self.assertIn('In the room.', output.decode())
        self.assertNotIn('{', output.decode())
        self.assertEqual(len([line for line in errors.splitlines() if 'film.webm' in line]), 1)

    def test_output_closed(self):
        """Nobody listens: leaves, properly."""
        server = self.start(Server())
        ada = self.start(Call(server, *NOTHING))
        read_end, write_end = os.pipe()
        process = subprocess.Popen([SNUG_CLI, 'call', 'garden', '--server', server.uri, *NOTHING],
                                   stdin=subprocess.DEVNULL, stdout=write_end)
        os.close(write_end)
        ada.wait_event('connected')
        os.close(read_end)
        self.assertEqual(process.wait(TIMEOUT), 0)
        ada.wait_event('peer', change='left')
        self.assertEqual(ada.leave(), 0)


class Privacy(TestCase):
    """What the others are sure of, and what the server never learns."""

    def test_codes(self):
        server = self.start(Server())
        ada = self.start(Call(server, *NOTHING, '--name', 'Ada', '--confirm-codes', '--exit-when-alone',
                              stdin=subprocess.PIPE))
        bea = self.start(Call(server, *NOTHING, '--name', 'Bea'))
        code = ada.wait_event('code', state='ready', name='Bea')
        self.assertEqual(len(code['words'].split()), 6)
        self.assertEqual(len(code['emoji'].split()), 6)
        other = bea.wait_event('code', state='ready', name='Ada')
        self.assertEqual((code['words'], code['emoji']), (other['words'], other['emoji']))

        ada.process.stdin.write(b'dog cat lion horse pig\n')
        ada.process.stdin.flush()
        self.assertIn('Nobody', ada.wait_event('error', source='code')['message'])
        self.assertEqual(ada.events('code', state='confirmed'), [])
        ada.process.stdin.write(f'  {other["words"].upper().replace(" ", ", ")}\n'.encode())
        ada.process.stdin.flush()
        self.assertEqual(ada.wait_event('code', state='confirmed')['words'], code['words'])
        self.assertEqual(bea.leave(), 0)
        self.assertEqual(ada.finish(), 0)
        # That is Ada's own business.
        self.assertEqual(bea.events('code', state='confirmed'), [])

    def test_capture(self):
        """A whole call, and every byte that the server saw of it."""
        room, names, line = 'velvet-otter-maple', ('Ada Lovelace', 'Bea Grün'), 'The cat sleeps in the garden.'
        with open(self.path('secret-plan.txt'), 'w', encoding='utf-8') as file:
            file.write('Nobody knows of this.')
        server = self.start(Server())
        wire = Capture(int(server.uri.rsplit(':', 1)[1]))
        self.addCleanup(wire.close)
        ada = self.start(Call(wire.uri, *TEST, '--name', names[0], '--accept-files', self.folder, '--echo-chat',
                              '--raise-hand', room=room))
        bea = self.start(Call(wire.uri, *TEST, '--name', names[1], '--send-chat', line, '--react', '🎉',
                              '--send-file', self.path('secret-plan.txt'), room=room))
        for call in (ada, bea):
            call.wait_event('first-frame', media='video')
            call.wait_event('code', state='ready')
        ada.wait_event('file', state='done')
        bea.wait_event('chat', outgoing=False, text=line)
        ada.wait_event('stats', count=2)
        self.assertEqual(bea.leave(), 0)
        self.assertEqual(ada.leave(), 0)

        # What nobody is to read, as the two of them know it.
        secrets = {room, *names, line, 'secret-plan.txt', 'Nobody knows of this.', '🎉',
                   ada.wait_event('code', state='ready')['words'],
                   'v=0\r\n', 'm=audio', 'm=video', 'a=rtpmap', 'candidate', 'fingerprint', 'sha-256', 'typ host',
                   'introduction', 'description', 'generation', 'media-state'}
        addresses = {event['address'] for event in ada.events('candidate') + bea.events('candidate')}
        self.assertTrue(addresses)
        secrets |= addresses
        for stats in (ada.events('stats')[-1], bea.events('stats')[-1]):
            digits = stats['local_fingerprint'].split(' ')[1]
            secrets |= {digits, digits.replace(':', ''), digits.lower()}

        self.assertEqual(len(wire.connections), 2)
        sealed, kinds, everything = [], set(), b''
        for to_server, from_server in wire.connections:
            for stream in (to_server, from_server):
                head, texts = messages(stream)
                self.assertTrue(texts)
                for secret in secrets - addresses:
                    self.assertNotIn(secret.encode(), head)
                everything += b'\n'.join(texts)
                for message in map(json.loads, texts):
                    kinds.add(message['type'])
                    self.assertLessEqual(set(message), {'type', 'version', 'room', 'resume', 'id', 'peers', 'iceServers',
                                                        'resumed', 'to', 'from', 'payload', 'lost'})
                    if 'payload' in message:
                        sealed.append(base64.b64decode(message['payload'], validate=True))
        self.assertLessEqual({'join', 'joined', 'peer-joined', 'signal', 'leave'}, kinds)
        self.assertIn(b'"room":"', everything)
        self.assertGreater(len(sealed), 20)
        self.assertEqual(len(set(sealed)), len(sealed) // 2, 'each is sent once, and seen on both ways')
        everything += b''.join(sealed)
        for secret in secrets:
            for form in (secret, secret.lower(), urllib.parse.quote(secret), json.dumps(secret)[1:-1]):
                for encoding in ('utf-8', 'utf-16-le'):
                    self.assertNotIn(form.encode(encoding), everything, 'the server can read it')
                # Shorter ones are there by chance.
                if len(form) > 8:
                    self.assertNotIn(base64.b64encode(form.encode())[:-4], everything)
        # Nothing of what is sealed has a form, and no length tells of a name.
        once = b''.join(set(sealed))
        self.assertGreater(len(zlib.compress(once, 9)), 0.99 * len(once))
        for box in sealed:
            self.assertEqual((len(box) - 12 - 16) % 256, 0)


class Errors(TestCase):
    def run_cli(self, *arguments):
        return subprocess.run([SNUG_CLI, *arguments], stdin=subprocess.DEVNULL, timeout=TIMEOUT,
                              capture_output=True, check=False)

    def test_usage(self):
        for arguments in ((), ('call',), ('call', 'a', 'b'), ('call', 'gar/den'),
                          ('call', 'garden', '--framerate', 'many'),
                          ('call', 'garden', '--no-such-option'),
                          ('call', 'garden', '--ice-server', 'turns:u:p@127.0.0.1?transport=udp', *NOTHING)):
            result = self.run_cli(*arguments)
            self.assertEqual(result.returncode, 2, arguments)
            if 'turns' not in ''.join(arguments):
                self.assertEqual(result.stdout, b'')
                self.assertIn(b'--help', result.stderr)

    def test_help_and_version(self):
        result = self.run_cli('--help')
        self.assertEqual(result.returncode, 0)
        self.assertIn(b'--exit-when-alone', result.stdout)
        result = self.run_cli('--version')
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stdout, rb'^snug-cli \d+\.\d+')

    def test_server_down(self):
        with Server() as server:
            uri = server.uri
            server.process.terminate()
            server.finish()
        ada = self.start(Call(uri, *NOTHING))
        self.assertEqual(ada.finish(), 3)
        error, = ada.events('error')
        self.assertEqual((error['source'], error['domain'], error['code']),
                         ('call', 'signaling', 'unreachable'))
        self.assertTrue(ada.events('state', state='failed'))
        self.assert_proper(ada)

    def test_room_full(self):
        server = self.start(Server('--room-size', '1'))
        ada = self.start(Call(server, *NOTHING))
        ada.wait_event('state', state='joined')
        bea = self.start(Call(server, *NOTHING))
        self.assertEqual(bea.finish(), 3)
        error, = bea.events('error')
        self.assertEqual((error['domain'], error['code']), ('protocol', 'room-full'))
        self.assertEqual(ada.events('peer'), [])
        self.assertEqual(ada.leave(), 0)

    def test_server_goes(self):
        """The call goes on without its server, and ends when the other leaves."""
        server = self.start(Server())
        ada = self.start(Call(server, *NOTHING, '--exit-when-alone'))
        bea = self.start(Call(server, *NOTHING))
        ada.wait_event('connected')
        bea.wait_event('connected')
        server.process.terminate()
        self.assertEqual(server.finish(), 0)
        ada.wait_event('error', source='server')
        ada.wait_event('stats', count=len(ada.events('stats')) + 2)
        bea.leave()
        ada.finish()
        self.assert_proper(ada)

    def test_unreadable_media(self):
        """No picture is no reason not to talk."""
        with open(self.path('text.webm'), 'w', encoding='utf-8') as file:
            file.write('This is no film. ' * 100)
        server = self.start(Server())
        ada = self.start(Call(server, '--video', self.path('text.webm'), '--audio', 'test'))
        bea = self.start(Call(server, '--video', self.path('missing.webm'), '--audio',
                              self.path('missing.ogg'), '--exit-when-alone'))
        bea.wait_event('first-frame', media='audio')
        self.assertEqual(ada.wait_event('error', source='video')['code'], 'file')
        self.assertEqual(bea.wait_event('error', source='video')['code'], 'file')
        self.assertEqual(bea.wait_event('error', source='audio')['code'], 'file')
        self.assertEqual(ada.leave(), 0)
        self.assertEqual(bea.finish(), 0)

    def test_unwritable_output(self):
        server = self.start(Server())
        ada = self.start(Call(server, *TEST, '--video-out', 'y4m:/nonexistent/out.y4m',
                              '--exit-when-alone'))
        bea = self.start(Call(server, *TEST))
        self.assertEqual(ada.wait_event('error', source='video-out')['code'], 'file')
        ada.wait_event('stats')
        self.assertEqual(bea.leave(), 0)
        self.assertEqual(ada.finish(), 0)
        recording, = ada.events('recording')
        self.assertEqual((recording['media'], recording['written']), ('video', 0))


class Y4mWriter(threading.Thread):
    """Writes pictures into a FIFO at their pace until nobody reads them."""

    def __init__(self, path, width, height, rate):
        super().__init__()
        self.path, self.width, self.height, self.rate = path, width, height, rate
        self.stop = threading.Event()
        self.start()

    def run(self):
        header = f'YUV4MPEG2 W{self.width} H{self.height} F{self.rate}:1 Ip A1:1 C420jpeg\n'
        chroma = bytes([128]) * (self.width // 2 * self.height // 2)
        try:
            with open(self.path, 'wb', buffering=0) as file:
                file.write(header.encode())
                number = 0
                while not self.stop.wait(1 / self.rate):
                    luma = bytes([64 + number % 128]) * (self.width * self.height)
                    file.write(b'FRAME\n' + luma + chroma * 2)
                    number += 1
        except BrokenPipeError:
            pass


class WavWriter(threading.Thread):
    """A square wave of 20 ms blocks, mono, 48 kHz."""

    def __init__(self, path):
        super().__init__()
        self.path = path
        self.stop = threading.Event()
        self.start()

    def run(self):
        def number(value, size):
            return value.to_bytes(size, 'little')

        header = (b'RIFF' + number(0xffffffff, 4) + b'WAVEfmt ' + number(16, 4) + number(1, 2)
                  + number(1, 2) + number(48000, 4) + number(96000, 4) + number(2, 2) + number(16, 2)
                  + b'data' + number(0xffffffff, 4))
        block = (number(8000, 2) * 48 + number(0x10000 - 8000, 2) * 48) * 10
        try:
            with open(self.path, 'wb', buffering=0) as file:
                file.write(header)
                while not self.stop.wait(0.02):
                    file.write(block)
        except BrokenPipeError:
            pass


class Media(TestCase):
    def feed(self, writer):
        def stop():
            writer.stop.set()
            writer.join(TIMEOUT)
        self.addCleanup(stop)

    def test_through_fifos(self):
        """Pictures and sound from FIFOs on one side, into FIFOs on the other."""
        picture_in, picture_out = self.fifo('in.y4m'), self.fifo('out.y4m')
        sound_in, sound_out = self.fifo('in.wav'), self.fifo('out.wav')
        server = self.start(Server())
        ada = self.start(Call(server, '--video', f'y4m:{picture_in}', '--audio', f'wav:{sound_in}',
                              '--video-size', '160x120', '--framerate', '15'))
        self.feed(Y4mWriter(picture_in, 160, 120, 15))
        self.feed(WavWriter(sound_in))
        bea = self.start(Call(server, *NOTHING, '--video-out', f'y4m:{picture_out}',
                              '--audio-out', f'wav:{sound_out}'))
        with open(picture_out, 'rb') as file:
            header = file.readline()
            self.assertRegex(header, rb'^YUV4MPEG2 W160 H120 F\d+:\d+ .*C420jpeg\n$')
            levels = []
            for _ in range(15):
                self.assertEqual(file.readline(), b'FRAME\n')
                picture = file.read(160 * 120 * 3 // 2)
                self.assertEqual(len(picture), 160 * 120 * 3 // 2)
                levels.append(sum(picture[:160 * 120]) / (160 * 120))
        # What was flat has stayed so, and has moved.
        self.assertTrue(all(50 < level < 200 for level in levels), levels)
        self.assertGreater(len({round(level) for level in levels}), 5)
        with open(sound_out, 'rb') as file:
            self.assertEqual(file.read(4), b'RIFF')
            file.read(40)
            loud = 0
            while loud < 5:
                block = file.read(1920 * 2)
                samples = memoryview(block).cast('h')
                loud += max(samples) > 3000
        self.assertEqual(bea.leave(), 0)
        recordings = {event['media']: event for event in bea.events('recording')}
        self.assertGreater(recordings['video']['written'], 10)
        self.assertGreater(recordings['audio']['written'], 0)
        self.assertEqual(ada.leave(), 0)

    def test_into_files(self):
        server = self.start(Server())
        ada = self.start(Call(server, *TEST))
        bea = self.start(Call(server, *NOTHING, '--video-out', f'y4m:{self.path("out.y4m")}',
                              '--audio-out', f'wav:{self.path("out.wav")}', '--exit-when-alone'))
        bea.wait_event('first-frame', media='video')
        bea.wait_event('first-frame', media='audio')
        bea.wait_event('stats', count=len(bea.events('stats')) + 2)
        self.assertEqual(ada.leave(), 0)
        self.assertEqual(bea.finish(), 0)
        with open(self.path('out.y4m'), 'rb') as file:
            self.assertTrue(file.readline().startswith(b'YUV4MPEG2 W320 H180 '))
            pictures = file.read()
        size = 6 + 320 * 180 * 3 // 2
        self.assertEqual(len(pictures) % size, 0)
        recordings = {event['media']: event for event in bea.events('recording')}
        self.assertEqual(len(pictures) // size, recordings['video']['written'])
        with open(self.path('out.wav'), 'rb') as file:
            sound = file.read()
        self.assertEqual(int.from_bytes(sound[40:44], 'little'), len(sound) - 44)
        self.assertGreater(len(sound), 1000)

    def test_stalled_reader(self):
        """It opens both FIFOs and never reads: the call goes on as if it were not there."""
        picture_out, sound_out = self.fifo('out.y4m'), self.fifo('out.wav')
        readers = [os.open(path, os.O_RDONLY | os.O_NONBLOCK) for path in (picture_out, sound_out)]
        server = self.start(Server())
        ada = self.start(Call(server, '--video', 'test', '--audio', 'test', '--send-chat', 'hello',
                              '--video-size', '640x480', '--framerate', '15', '--exit-when-alone'))
        bea = self.start(Call(server, *TEST, '--echo-chat', '--video-out', f'y4m:{picture_out}',
                              '--audio-out', f'wav:{sound_out}'))
        ada.wait_event('chat', outgoing=False, text='hello')
        first = bea.wait_event('stats', count=4)
        last = bea.wait_event('stats', count=12)
        # Frames are decoded as before, four seconds after a FIFO of one megabyte was full.
        rate = ((last['received_frames'] - first['received_frames'])
                / (last['time_seconds'] - first['time_seconds']))
        self.assertGreater(rate, 5)
        self.assertEqual(bea.leave(), 0)
        self.assertEqual(ada.finish(), 0)
        for reader in readers:
            os.close(reader)
        recordings = {event['media']: event for event in bea.events('recording')}
        self.assertGreater(recordings['video']['dropped'], 10)

    def test_no_reader(self):
        """A FIFO that nobody opens, on both sides of the call."""
        server = self.start(Server())
        ada = self.start(Call(server, '--video', f'y4m:{self.fifo("in.y4m")}', '--audio', 'test',
                              '--video-out', f'y4m:{self.fifo("out.y4m")}'))
        bea = self.start(Call(server, *TEST, '--exit-when-alone'))
        bea.wait_event('first-frame', media='audio')
        ada.wait_event('first-frame', media='video')
        self.assertEqual(ada.leave(), 0)
        self.assertEqual(bea.finish(), 0)
        self.assertEqual(ada.events('recording')[0]['written'], 0)


class Probe(Program):
    """snug-cli probe, with its events."""

    events = Call.events
    wait_event = Call.wait_event

    def __init__(self, uri, role, *options):
        super().__init__(SNUG_CLI, 'probe', '--role', role, '--server', uri, *options)


class Probes(unittest.TestCase):
    def start(self, program):
        return self.enterContext(program)

    def enterContext(self, context):
        value = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return value

    def test_exchange(self):
        server = self.start(Server())
        options = ('--count', '40', '--size', '1000', '--interval', '0')
        probes = [self.start(Probe(server.uri, role, *options)) for role in ('offerer', 'answerer')]
        for probe in probes:
            self.assertEqual(probe.finish(), 0)
            result, = probe.events('result')
            self.assertEqual((result['sent'], result['echoed'], result['received']), (40, 40, 40))
            self.assertEqual(result['loss_fraction'], 0)
            times = [result[f'round_trip_{name}_seconds'] for name in ('min', 'median', 'p99', 'max')]
            self.assertEqual(times, sorted(times))
            self.assertGreater(result['throughput_bits_per_second'], 0)
            for side in ('local', 'remote'):
                self.assertTrue(probe.events('candidate', side=side, type='host'))
            nominated = probe.events('pair', nominated=True, state='succeeded')
            path, = probe.events('path')
            self.assertIn((path['local_address'], path['remote_address']), [
                (pair['local_address'], pair['remote_address']) for pair in nominated])
            self.assertEqual([event['state'] for event in probe.events('state')], [
                'joining', 'waiting', 'connecting', 'verified', 'exchanging'])

    def test_same_role(self):
        server = self.start(Server())
        probes = [self.start(Probe(server.uri, 'offerer')) for _ in range(2)]
        # The first to be told gives up, and the other loses it or is told as well.
        for probe in probes:
            self.assertEqual(probe.finish(), 1)
        self.assertTrue([probe for probe in probes if probe.events('error', code='bad-message')])

    def test_nobody(self):
        server = self.start(Server())
        probe = self.start(Probe(server.uri, 'answerer', '--wait', '1'))
        self.assertEqual(probe.finish(), 1)
        self.assertEqual(probe.events('error')[0]['code'], 'no-answer')

    def test_interrupted(self):
        server = self.start(Server())
        probe = self.start(Probe(server.uri, 'answerer'))
        probe.wait_event('state', state='waiting')
        probe.process.send_signal(signal.SIGINT)
        self.assertEqual(probe.finish(), 1)

    def test_no_server(self):
        probe = self.start(Probe('ws://127.0.0.1:1', 'offerer'))
        self.assertEqual(probe.finish(), 3)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
