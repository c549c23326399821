"""A local network with real avahi-daemons, for tests that drive Snug's windows.

    with Network('ada', 'bob') as network:
        App(build, None, wrapper=network.inside(0), **network.env(0))

Node.js makes it (tests/e2e/local-network.js): each machine is a network namespace, so this needs root.
"""

import json
import os
import shutil
import subprocess

from snug_programs import Program
from snug_tap import Skip
from snug_ui import wait_until

MAKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'e2e', 'local-network.js')


class Network(Program):
    """Machines of those names at one bridge. Skips the test where there can be none."""

    def __init__(self, *names):
        if not shutil.which('node'):
            raise Skip('node is not installed')
        super().__init__('node', MAKER, *names, stdin=subprocess.PIPE)
        told = json.loads(wait_until('the local network', lambda: [
            line for line in self.log().split('\n')[:-1] if line.startswith('{')] or (self.running() and None))[0])
        if 'machines' not in told:
            self.stop()
            if 'skip' in told:
                raise Skip(told['skip'])
            raise RuntimeError(told['error'])
        self.machines = told['machines']

    def inside(self, number):
        """The words that a command stands behind to run on that machine."""
        return 'ip', 'netns', 'exec', self.machines[number]['namespace']

    def env(self, number):
        """Where its system bus is."""
        return {'DBUS_SYSTEM_BUS_ADDRESS': self.machines[number]['env']['DBUS_SYSTEM_BUS_ADDRESS']}

    def stop(self, timeout=10):
        """The namespaces have to go with it."""
        self.process.stdin.close()
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            return super().stop(timeout)
