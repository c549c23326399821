"""A guest at the server's page, in a headless browser, for tests that drive Snug's windows.

    with Guest() as guest:
        guest.open(origin='http://127.0.0.1:8765', room='garden-shed', name='Bea')
        guest.call('join')

Node.js drives the browser (tests/e2e/guest-at-browser.js).
"""

import json

from snug_node import NodeProgram
from snug_tap import Skip
from snug_ui import TIMEOUT

# Opening a browser, and what is waited for there, have deadlines of their own.
PATIENCE = 3 * TIMEOUT


class Guest(NodeProgram):
    """One person at one browser. Skips the test where there can be none."""

    def __init__(self):
        super().__init__('guest-at-browser.js')
        reason = self.tell()['ready']
        if reason:
            self.stop()
            raise Skip(reason)

    def tell(self):
        """What the browser's side says next."""
        return self.answer('the browser to answer', timeout=PATIENCE)

    def call(self, method, *arguments):
        """What tests/e2e/lib/guest.js calls that; returns what it answers."""
        self.process.stdin.write(json.dumps([method, *arguments]).encode() + b'\n')
        self.process.stdin.flush()
        answer = self.tell()
        if 'error' in answer:
            raise AssertionError(f'the guest: {answer["error"]}')
        return answer['answer']

    def open(self, **options):
        """The page in a browser; options: origin, room, name."""
        self.call('open', options)
