"""A local network with real avahi-daemons, for tests that drive Snug's windows.

    with Network('ada', 'bob') as network:
        App(build, None, wrapper=network.inside(0), **network.env(0))

Node.js makes it (tests/e2e/local-network.js): each machine is a network namespace, so this needs root.
"""

from snug_node import NodeProgram
from snug_tap import Skip


class Network(NodeProgram):
    """Machines of those names at one bridge. Skips the test where there can be none."""

    def __init__(self, *names):
        super().__init__('local-network.js', *names)
        told = self.answer('the local network')
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
