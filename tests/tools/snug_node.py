"""What only Node.js does for tests that are written in Python, as a program of its own: a script of tests/e2e that writes a line of JSON
for each thing it has to tell, and ends, with all that it has started, once nothing more can come in."""

import json
import os
import shutil
import subprocess

from snug_programs import Program
from snug_tap import Skip
from snug_ui import wait_until

SCRIPTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'e2e')


class NodeProgram(Program):
    """A script that runs. Skips the test where there is no Node.js."""

    def __init__(self, script, *arguments):
        if not shutil.which('node'):
            raise Skip('node is not installed')
        super().__init__('node', os.path.join(SCRIPTS, script), *arguments, stdin=subprocess.PIPE)
        self.taken = 0

    def answer(self, what, **patience):
        """The next line that it writes. patience: timeout, as for wait_until()."""
        def lines():
            said = [line for line in self.log().split('\n')[:-1] if line.startswith('{')]
            return said[self.taken:]
        line = wait_until(what, lambda: lines() or (self.running() and None), **patience)[0]
        self.taken += 1
        return json.loads(line)

    def stop(self, timeout=10):
        """What it has started has to go with it."""
        self.process.stdin.close()
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            return super().stop(timeout)
