#!/usr/bin/python3
"""Whoever does not see the windows, or has no pointer: every control says what it is, and the keyboard gets to each. TAP out.

  tests/tools/desktop -- tests/e2e/test-app-access.py BUILD [TEST...]

With SNUG_PRINT_TREE in the environment the tree of accessibility of each page is written, too.
"""

import contextlib
import os
import re
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools'))
# pylint: disable=wrong-import-position
import snug_calls  # noqa: E402
from snug_access import Atspi  # noqa: E402
from snug_calls import ROOM, send  # noqa: E402
from snug_programs import Server  # noqa: E402
from snug_tap import run  # noqa: E402
from snug_ui import BUTTONS, TEXTS, Announcements, wait_until  # noqa: E402

BUILD = sys.argv[1]
# Take the focus for what is in them.
CONTAINERS = {'list', 'list box', 'list item', 'scroll pane', 'panel', 'grouping', 'filler', 'frame', 'window', 'dialog', 'viewport',
              'page tab list', 'menu', 'popup menu', 'tool bar', 'redundant object'}
# What GTK 4.8 calls a widget that has no name of its own: by its type.
TYPE_NAME = re.compile(r'(Gtk|Adw|Snug)[A-Z]\w+')
# libadwaita 1.2 gives the cross of a toast no name.
TOAST = 'AdwToastWidget'
# How long the focus may take to go on.
FOCUS_SECONDS = 20
TEXT_SECONDS = 1


@contextlib.contextmanager
def snug(server, name='Robin Vale'):
    """A window with test pictures, whose first warning is its last word."""
    with snug_calls.start(BUILD, server.uri) as app:
        app.open()
        app.ui.set_text('Your name', name)
        app.ui.set_text(ROOM, 'quiet-room')
        yield app
        app.running()


def is_control(node):
    """What the person can go to and do something with."""
    return (node.has(Atspi.StateType.FOCUSABLE) and node.role not in CONTAINERS
            or node.role in BUTTONS | TEXTS | {'combo box', 'slider', 'level bar'})


def tree(node, depth=0):
    """Its names and roles, in lines; what has no name and is no control is left out."""
    told = is_control(node) or node.name and not TYPE_NAME.fullmatch(node.name)
    if told:
        mark = ' *' if node.has(Atspi.StateType.FOCUSABLE) else ''
        yield f'{"  " * depth}{node.role}{mark} “{node.name}”'
    for child in node.children:
        yield from tree(child, depth + bool(told))


def check_names(what, ui, nameless_of_libadwaita=0):
    """Every control has a role and a name of its own."""
    if 'SNUG_PRINT_TREE' in os.environ:
        print(f'# --- {what} ---')
        ui.app.read()
        for window in ui.app.children:
            print(''.join(f'# {line}\n' for line in tree(window)), end='', flush=True)
    controls = [node for node in ui.walk() if is_control(node) and node.parent.name != TOAST]
    nameless = [f'{node.role} {node.name!r} in {node.parent.name!r}' for node in controls
                if not node.name or TYPE_NAME.fullmatch(node.name) or node.role in ('', 'unknown')]
    assert len(controls) > 5, f'{what}: only {len(controls)} controls'
    assert len(nameless) <= nameless_of_libadwaita, f'{what}: {nameless}'


def focused(ui):
    """What has the focus; None for the text of an entry row, of which GTK 4.8 does not tell it."""
    return next((node for node in ui.walk() if node.has(Atspi.StateType.FOCUSED)), None)


def path(ui, key, steps):
    """What a key goes to, one after the other, until it goes round."""
    names = []
    node = focused(ui)
    while len(names) < steps and (len(names) < 3 or names[-1] != names[0]):
        ui.press(key)
        # From one such text to the next one nothing seems to move.
        before, end = node, time.monotonic() + (FOCUS_SECONDS if node else TEXT_SECONDS)
        while (node := focused(ui)) == before and time.monotonic() < end:
            pass
        # How good three calls on one machine are is not asked here.
        names.append((node.name or node.role).replace(', weak connection', '') if node and node.role not in TEXTS else 'a text')
    if 'SNUG_PRINT_TREE' in os.environ:
        print(f'# {key}: {" > ".join(names)}', flush=True)
    return names


def in_order(names, *wanted):
    """All of the wanted are there, in that order, wherever it began."""
    names = list(dict.fromkeys(names))
    places = [names.index(name) if name in names else None for name in wanted]
    assert None not in places, f'{[name for name, place in zip(wanted, places) if place is None]} not in {names}'
    start = places.index(min(places))
    turned = places[start:] + places[:start]
    assert turned == sorted(turned), f'{names} is not in the order of {wanted}'


def lobby():
    """Names, and a way by Tab through everything."""
    with Server(BUILD) as server, snug(server) as app:
        app.ui.place(0, 0, 1280, 800)
        check_names('lobby', app.ui)
        in_order(path(app.ui, 'Tab', 24), 'Main menu', 'Turn microphone off', 'Turn camera off', 'a text', 'Join', 'Host a room here')


class Call:
    """Three windows in one room, and what is done in the first one. One call for all tests, which have to be in this order."""

    def __init__(self, stack):
        self.stack = stack
        self.robin = self.maya = self.lena = self.ui = self.heard = None

    def everybody(self):
        """Each of three sees and hears the two others; who comes is announced."""
        server = self.stack.enter_context(Server(BUILD))
        apps = [self.stack.enter_context(snug(server, name)) for name in ('Robin Vale', 'Maya Okafor', 'Lena Fischer')]
        self.robin, self.maya, self.lena = apps
        self.ui = self.robin.ui
        self.heard = Announcements(self.ui)
        self.ui.place(0, 0, 1100, 700)
        self.maya.ui.place(1120, 0, 800, 380)
        self.lena.ui.place(1120, 400, 400, 300)
        self.lena.ui.click('Turn camera off')
        self.ui.click('Join')
        self.ui.wait_for_label('You are the first one here')
        for app, name in ((self.maya, 'Maya Okafor'), (self.lena, 'Lena Fischer')):
            app.ui.click('Join')
            self.heard.wait(f'{name} joined.')
        for app in apps:
            app.wait_events(2, 'connected')
            app.wait_events(2, 'first-frame', media='audio')
        self.robin.wait_event('first-frame', media='video', name='Maya Okafor')
        self.maya.wait_event('first-frame', media='video', name='Robin Vale')
        self.lena.wait_events(2, 'first-frame', media='video')
        for name in ('Maya Okafor', 'Lena Fischer', 'You'):
            self.ui.find(lambda text, name=name: (text or '').startswith(name), {'panel', 'grouping'})
        # What follows is not about pictures, and they cost.
        for app in (self.robin, self.maya):
            app.ui.click('Turn camera off')

    def names(self):
        """Every control has one, with the panels closed and open."""
        check_names('call', self.ui)
        self.ui.click('Open chat')
        self.ui.find('Message everyone')
        check_names('call with chat', self.ui)
        self.ui.click('Show connection')
        self.ui.wait_for_label('The connection is')
        check_names('call with connection', self.ui)
        self.ui.click('Hide connection')
        self.ui.wait_gone('The connection is', {'label'})

    def regions(self):
        """F6 goes round the parts of the window, and the other way with Shift; Escape goes back to the button of the panel."""
        regions = ('Show who is speaking large', 'Maya Okafor, camera off', 'Turn microphone off', 'Close chat panel')
        self.ui.press('c')
        self.ui.find('Message everyone')
        in_order(path(self.ui, 'F6', 6), *regions)
        in_order(path(self.ui, 'shift+F6', 6), *reversed(regions))
        self.ui.press('Escape')
        self.ui.wait_gone('Message everyone')
        self.goes_to('Open chat')
        self.ui.press('i')
        self.ui.wait_for_label('The connection is')
        self.ui.press('Escape')
        self.goes_to('Show connection')

    def goes_to(self, name):
        """Until that has the focus."""
        wait_until(f'the focus on {name!r}', lambda: name == getattr(focused(self.ui), 'name', None))

    def tab(self):
        """Tab gets to every control, in the order that one reads, and past the tiles in one step."""
        in_order(path(self.ui, 'Tab', 16), 'Show who is speaking large', 'Full screen', 'Maya Okafor, camera off', 'Turn microphone off',
                 'Turn camera on', 'Share your screen', 'Reactions and raised hand', 'Open chat', 'Show connection', 'More',
                 'Leave the call')

    def keys(self):
        """Each does what the button does that names it, wherever the focus is outside a text."""
        def is_raised(name):
            return name.startswith('You') and 'hand raised' in name
        for key, done in (('m', 'Turn microphone on'), ('m', 'Turn microphone off'), ('v', 'Turn camera off'), ('v', 'Turn camera on'),
                          ('h', is_raised), ('h', 'You, camera off'), ('s', 'Your shared screen'),
                          ('s', 'Share your screen'), ('i', 'Hide connection'), ('i', 'Show connection'), ('c', 'Close chat')):
            self.ui.press(key)
            self.ui.find(done)
        # In the text they are letters.
        self.ui.press('m', 'v', 'h')
        self.ui.wait_text('Message everyone', 'mvh')
        self.ui.press('Escape')
        self.ui.find('Open chat')

    def announcements(self):
        """A raised hand, a reaction, a message and who leaves are said; who came was, above."""
        self.maya.ui.press('h')
        self.heard.wait('Maya Okafor raised a hand.')
        self.maya.ui.click('Reactions and raised hand')
        self.maya.ui.click('Thumbs up')
        self.heard.wait('Maya Okafor reacts: Thumbs up')
        self.maya.ui.click('Open chat')
        send(self.maya, 'Hello you')
        self.heard.wait('Maya Okafor: Hello you')
        self.lena.ui.click('Leave the call')
        self.heard.wait('Lena Fischer left.')


def preferences():
    """Names on every page."""
    with Server(BUILD) as server, snug(server) as app:
        app.ui.press('ctrl+comma')
        app.ui.find('Sounds')
        # The search, its button, and what shows a password: so in libadwaita 1.2.
        check_names('preferences', app.ui, nameless_of_libadwaita=3)


def main():
    """Those that are named, or all."""
    with contextlib.ExitStack() as stack:
        call = Call(stack)
        tests = (lobby, preferences, call.everybody, call.names, call.regions, call.tab, call.keys,
                 call.announcements)
        return run([test for test in tests if test.__name__ in sys.argv[2:]] or tests)


if __name__ == '__main__':
    sys.exit(main())
