"""Starts Snug's programs from a build folder, and reads what they tell."""

import json
import os
import re
import subprocess
import tempfile

from snug_ui import TIMEOUT, Ui, wait_until


class Program:
    """A process with a log; `with` ends it."""

    def __init__(self, *command, stdin=subprocess.DEVNULL, **env):
        self.folder = tempfile.TemporaryDirectory(prefix='snug-program.')
        self.log_path = os.path.join(self.folder.name, 'log')
        with open(self.log_path, 'wb') as log:
            self.process = subprocess.Popen(command, env={**os.environ, **env},
                                            stdin=stdin, stdout=log,
                                            stderr=subprocess.STDOUT)

    def log(self):
        """What it has written so far."""
        with open(self.log_path, encoding='utf-8', errors='replace') as log:
            return log.read()

    def running(self):
        """Raises when it has ended too early."""
        if self.process.poll() is not None:
            raise RuntimeError(f'{self.process.args[0]} ended with {self.process.returncode}:\n'
                               f'{self.log()}')
        return True

    def stop(self, timeout=10):
        """Asks it to end and returns its exit status."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        # One that has ended by itself went wrong, whatever was waited for since.
        died = self.process.poll()
        self.stop()
        if died:
            print(f'# {os.path.basename(self.process.args[0])} had ended with {died}')
        if kind or died:
            # What it wrote last says more than what was waited for.
            for line in self.log().splitlines()[-12:]:
                print(f'# {os.path.basename(self.process.args[0])}: {line}')
        self.folder.cleanup()


class Server(Program):
    """snug-server on a free port of the loopback address."""

    def __init__(self, build, *options):
        super().__init__(os.path.join(build, 'src', 'server', 'snug-server'),
                         '--bind', '127.0.0.1', '--port', '0', *options)
        self.wait_listening()

    def wait_listening(self):
        """Until it has a port, and tells which."""
        listening = wait_until('the server to listen', lambda: self.running() and re.search(
            r'event=listening\b.*\bport=(\d+)', self.log()))
        self.port = int(listening[1])
        self.uri = f'ws://127.0.0.1:{self.port}/snug'


class App(Program):
    """One window of Snug with settings of its own, and the events that it writes down.

    Without server_uri it meets on this network."""

    def __init__(self, build, server_uri, *options, wrapper=(), **env):
        events = tempfile.mktemp(prefix='snug-events.', dir=os.environ.get('SNUG_DESKTOP'))
        self.events_path = env.get('SNUG_EVENTS', events)
        super().__init__(*wrapper, os.path.join(build, 'src', 'app', 'snug'), '--new-instance',
                         *(('--server', server_uri) if server_uri else ()), *options,
                         **{'SNUG_EVENTS': events, 'GSETTINGS_BACKEND': 'memory',
                            'GSETTINGS_SCHEMA_DIR': os.path.join(build, 'data'), **env})
        self.ui = None

    def open(self):
        """Waits for the window and returns its Ui."""
        self.ui = Ui(self.process.pid)
        return self.ui

    def events(self, kind=None, **fields):
        """The events so far: of that kind, with those fields."""
        try:
            with open(self.events_path, encoding='utf-8') as file:
                lines = file.read().split('\n')[:-1]
        except FileNotFoundError:
            return []
        events = [json.loads(line) for line in lines]
        return [event for event in events
                if kind in (None, event['event'])
                and all(event.get(name) == value for name, value in fields.items())]

    def wait_event(self, kind, timeout=TIMEOUT, **fields):
        """The first event of that kind and with those fields, waited for."""
        return self.wait_events(1, kind, timeout, **fields)[0]

    def wait_events(self, number, kind, timeout=TIMEOUT, **fields):
        """That many events of that kind and with those fields, waited for."""
        return wait_until(f'{number} events {kind} {fields or ""}', lambda: self.running() and (
            events if len(events := self.events(kind, **fields)) >= number else None), timeout)

    def __exit__(self, *args):
        super().__exit__(*args)
        if os.path.exists(self.events_path):
            os.unlink(self.events_path)
