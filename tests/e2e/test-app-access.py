#!/usr/bin/python3
"""Whoever does not see the windows, or has no pointer: every control says what it is, and the keyboard gets to each. TAP out.

  tests/tools/desktop -- tests/e2e/test-app-access.py BUILD [TEST...]

With SNUG_PRINT_TREE in the environment the tree of accessibility of each page is written, too.
"""

import contextlib
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools'))
# pylint: disable=wrong-import-position
from snug_programs import App, Server  # noqa: E402
from snug_tap import run  # noqa: E402
from snug_ui import BUTTONS, TEXTS, Atspi, children, wait_until  # noqa: E402

BUILD = sys.argv[1]
ROOM = 'Room name or invitation link'
# Take the focus for what is in them.
CONTAINERS = {'list', 'list box', 'list item', 'scroll pane', 'panel', 'grouping', 'filler', 'frame', 'window', 'dialog', 'viewport',
              'page tab list', 'menu', 'popup menu', 'tool bar', 'redundant object'}
# What GTK 4.8 calls a widget that has no name of its own: by its type.
TYPE_NAME = re.compile(r'(Gtk|Adw|Snug)[A-Z]\w+')
# libadwaita 1.2 gives the cross of a toast no name.
TOAST = 'AdwToastWidget'


@contextlib.contextmanager
def snug(server, name='First'):
    """A window with test pictures, whose first warning is its last word."""
    with App(BUILD, server.uri, G_DEBUG='fatal-warnings', SNUG_MEDIA='test') as app:
        app.open()
        app.ui.set_text('Your name', name)
        app.ui.set_text(ROOM, 'quiet-room')
        yield app
        app.running()


@contextlib.contextmanager
def call():
    """One of two windows in a call with each other."""
    with Server(BUILD) as server, snug(server) as first, snug(server, 'Second') as second:
        first.ui.place(0, 0, 960, 600)
        second.ui.place(1280, 0, 400, 300)
        first.ui.click('Join')
        first.ui.wait_for_label('You are the first one here')
        second.ui.click('Join')
        first.wait_event('first-frame', media='video')
        first.ui.find(lambda text: (text or '').startswith('Second'), {'panel', 'grouping'})
        yield first


def has(node, state):
    """Whether it says so of itself."""
    return node.get_state_set().contains(state)


def is_control(node):
    """What the person can go to and do something with."""
    return (has(node, Atspi.StateType.FOCUSABLE) and node.get_role_name() not in CONTAINERS
            or node.get_role_name() in BUTTONS | TEXTS | {'combo box', 'slider', 'level bar'})


def tree(node, depth=0):
    """Its names and roles, in lines; what has no name and is no control is left out."""
    name = node.get_name() or ''
    told = is_control(node) or name and not TYPE_NAME.fullmatch(name)
    if told:
        mark = ' *' if has(node, Atspi.StateType.FOCUSABLE) else ''
        yield f'{"  " * depth}{node.get_role_name()}{mark} “{name}”'
    for child in children(node):
        if child is not None and has(child, Atspi.StateType.VISIBLE):
            yield from tree(child, depth + bool(told))


def check_names(what, ui, nameless_of_libadwaita=0):
    """Every control has a role and a name of its own."""
    if 'SNUG_PRINT_TREE' in os.environ:
        print(f'# --- {what} ---')
        for window in children(ui.app):
            print(''.join(f'# {line}\n' for line in tree(window)), end='', flush=True)
    controls = [node for node in ui.walk() if is_control(node) and node.get_parent().get_name() != TOAST]
    nameless = [f'{node.get_role_name()} {node.get_name()!r} in {node.get_parent().get_name()!r}' for node in controls
                if not node.get_name() or TYPE_NAME.fullmatch(node.get_name()) or node.get_role_name() in ('', 'unknown')]
    assert len(controls) > 5, f'{what}: only {len(controls)} controls'
    assert len(nameless) <= nameless_of_libadwaita, f'{what}: {nameless}'


def focused(ui):
    """The name of what has the focus, but for a text: GTK 4.8 does not tell when it is in that of an entry row."""
    node = next((node for node in ui.walk() if has(node, Atspi.StateType.FOCUSED)), None)
    return node.get_name() or node.get_role_name() if node and node.get_role_name() not in TEXTS else 'a text'


def path(ui, key, steps):
    """What a key goes to, one after the other, until it goes round."""
    names = []
    while len(names) < steps and (len(names) < 3 or names[-1] != names[0]):
        ui.press(key)
        # What is there after a key has been acted on, once it stays.
        last = None
        while last != (last := focused(ui)):
            pass
        names.append(last)
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
        in_order(path(app.ui, 'Tab', 24), 'Main menu', 'a text', 'Turn microphone off', 'Turn camera off', 'Join', 'Host a room here')


def call_of_two():
    """Names in a call, with the panels closed and open."""
    with call() as app:
        check_names('call', app.ui)
        app.ui.click('Open chat')
        app.ui.find('Message everyone')
        check_names('call with chat', app.ui)
        app.ui.click('Show connection')
        app.ui.wait_for_label('The connection is')
        check_names('call with connection', app.ui)


def preferences():
    """Names on every page."""
    with Server(BUILD) as server, snug(server) as app:
        app.ui.press('ctrl+comma')
        app.ui.find('Sounds')
        # The search, its button, and what shows a password: so in libadwaita 1.2.
        check_names('preferences', app.ui, nameless_of_libadwaita=3)


TESTS = (lobby, call_of_two, preferences)


if __name__ == '__main__':
    sys.exit(run([test for test in TESTS if test.__name__ in sys.argv[2:]] or TESTS))
