"""A guest at the server's page, in a headless browser, for tests that drive Snug's windows.

    with Guest() as guest:
        guest.open(origin='http://127.0.0.1:8765', room='garden-shed', name='Bea')
        guest.call('join')

Node.js drives the browser (tests/e2e/guest-at-browser.js).
"""

import json
import os
import shutil
import subprocess

from snug_programs import Program
from snug_tap import Skip
from snug_ui import TIMEOUT, wait_until

DRIVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'e2e', 'guest-at-browser.js')
# Opening a browser, and what is waited for there, have deadlines of their own.
PATIENCE = 3 * TIMEOUT


class Guest(Program):
    """One person at one browser. Skips the test where there can be none."""

    def __init__(self):
        if not shutil.which('node'):
            raise Skip('node is not installed')
        super().__init__('node', DRIVER, stdin=subprocess.PIPE)
        self.taken = 0
        reason = self.answer()['ready']
        if reason:
            self.stop()
            raise Skip(reason)

    def answer(self):
        """The next line that it says."""
        def lines():
            said = [line for line in self.log().split('\n')[:-1] if line.startswith('{')]
            return said[self.taken:]
        line = wait_until('the browser to answer', lambda: lines() or (self.running() and None), PATIENCE)[0]
        self.taken += 1
        return json.loads(line)

    def call(self, method, *arguments):
        """What tests/e2e/lib/guest.js calls that; returns what it answers."""
        self.process.stdin.write(json.dumps([method, *arguments]).encode() + b'\n')
        self.process.stdin.flush()
        answer = self.answer()
        if 'error' in answer:
            raise AssertionError(f'the guest: {answer["error"]}')
        return answer['answer']

    def open(self, **options):
        """The page in a browser; options: origin, room, name."""
        self.call('open', options)

    def stop(self, timeout=10):
        """The browser has to go with it."""
        self.process.stdin.close()
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            return super().stop(timeout)
