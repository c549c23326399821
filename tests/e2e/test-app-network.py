#!/usr/bin/python3
"""Two of Snug's windows that meet on their network, with no server but what one of them is. TAP out.

  tests/tools/desktop --no-media -- tests/e2e/test-app-network.py BUILD [FOLDER]

With a FOLDER the picture of what was seen is kept there. Needs root, for network namespaces, and Avahi.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools'))
# pylint: disable=wrong-import-position
import snug_calls  # noqa: E402
from snug_calls import hear_each_other, join, tell_time, write  # noqa: E402
from snug_network import Network  # noqa: E402
from snug_tap import run  # noqa: E402
from snug_ui import screenshot, wait_until  # noqa: E402

BUILD = sys.argv[1]
FOLDER = sys.argv[2] if len(sys.argv) > 2 else None
NAMES = ('Maya Okafor', 'Omar Haddad')
FRAMES = 20


def start(network, number):
    """A window on that machine, which has never been told of a server."""
    return snug_calls.start(BUILD, None, wrapper=network.inside(number), **network.env(number))


def see_each_other(*apps):
    """Pictures both ways, that go on."""
    hear_each_other(*apps)
    for app, other in zip(apps, NAMES[::-1]):
        app.ui.wait_for_label(other)
        wait_until(f'the pictures of {other} to go on',
                   lambda app=app: any(stats['received_frames'] > FRAMES for stats in app.events('stats')))


def this_network():
    """Found by Avahi: picture and sound both ways, chat; and once more when who held the room comes back."""
    with Network('ada', 'bob') as network, start(network, 0) as first, start(network, 1) as second:
        for number, app in enumerate((first, second)):
            app.open().place(1000 * number, 0, 1000, 760)
            assert app.ui.chosen('Meeting point') == 'This network', app.ui.chosen('Meeting point')
        join(first, NAMES[0])
        first.ui.wait_for_label('Waiting for others on this network.')
        join(second, NAMES[1], '  Garden Shed ')
        see_each_other(first, second)
        tell_time(second, NAMES[1])
        first.ui.click('Open chat')
        second.ui.click('Open chat')
        write(first, second, 'No server between us.')
        write(second, first, 'Just the two of us.')
        first.ui.wait_for_delivery()
        if FOLDER:
            screenshot(os.path.join(FOLDER, 'network.png'))

        # The room was in the first window; now the second one has it.
        first.ui.click('Leave the call')
        first.ui.wait_for_label('The call has ended')
        second.ui.wait_for_label(f'{NAMES[0]} left')
        first.ui.click('Done')
        first.ui.click('Join')
        second.wait_events(2, 'connected')
        first.wait_events(2, 'first-frame', media='video')
        second.wait_events(2, 'first-frame', media='video')


if __name__ == '__main__':
    sys.exit(run((this_network,)))
