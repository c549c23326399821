#!/usr/bin/python3
"""Snug's windows, driven as assistive technology drives them. TAP out.

  tests/tools/desktop -- tests/e2e/test-app.py BUILD [TEST...]
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools'))
import snug_calls  # noqa: E402  pylint: disable=wrong-import-position
from snug_calls import ROOM, hear_each_other, join, write  # noqa: E402  pylint: disable=wrong-import-position
from snug_programs import Server  # noqa: E402  pylint: disable=wrong-import-position
from snug_tap import run  # noqa: E402  pylint: disable=wrong-import-position
from snug_ui import wait_until  # noqa: E402  pylint: disable=wrong-import-position

BUILD = sys.argv[1]


def start(server_uri, devices=False):
    """A window whose first warning is its last word."""
    return snug_calls.start(BUILD, server_uri, devices)


def two_people():
    """Two windows meet, write to each other, mute, look at the connection and leave."""
    with Server(BUILD) as server, start(server.uri, devices=True) as first, \
            start(server.uri, devices=True) as second:
        for number, app in enumerate((first, second)):
            app.open().place(1280 * number, 0, 1280, 800)
        second.ui.choose('Camera', 'Virtual camera 2')
        join(first, 'First')
        first.ui.wait_for_label('You are the first one here')
        # Typed as a person would: the same room all the same.
        join(second, 'Second', '  Garden Shed ')
        hear_each_other(first, second)

        first.ui.click('Open chat')
        second.ui.click('Open chat')
        write(first, second, 'Can you hear me?')
        write(second, first, 'Yes, and see you too.')
        first.ui.wait_for_delivery()

        first.ui.click('Turn microphone off')
        second.wait_event('peer', change='media', audio=False)
        first.ui.click('Turn microphone on')
        second.wait_event('peer', change='media', audio=True)
        first.ui.click('Turn camera off')
        second.wait_event('peer', change='media', video=False)

        second.ui.click('Show connection')
        second.ui.wait_for_label('The connection is')
        wait_until('numbers of the connection', lambda: second.events('stats'))

        second.ui.click('Leave the call')
        second.wait_event('left')
        second.ui.wait_for_label('The call has ended')
        second.ui.find(lambda name: (name or '').endswith(' with First'), {'label'})
        second.ui.click('Done')
        second.ui.find('Join')
        first.ui.wait_for_label('Second left')


def by_hand():
    """No server at all: an invitation and its answer, through the clipboard."""
    with start('ws://127.0.0.1:1') as first, start('ws://127.0.0.1:1') as second:
        for number, app in enumerate((first, second)):
            app.open().place(1000 * number, 0, 1000, 760)
            app.ui.set_text('Your name', ('First', 'Second')[number])
            app.ui.press('F10')
            app.ui.click('Connect by Hand…')
        first.ui.click('Invite somebody')
        first.ui.click('Copy')
        invitation = first.ui.find('Text to send').text()

        second.ui.click('Answer an invitation')
        for text, complaint in (('hello', 'neither an invitation nor an answer'),
                                (invitation[:200], 'The end of the text is missing'),
                                (invitation[:99] + '_' + invitation[99:], 'changed on the way')):
            second.ui.set_text('Text that you were sent', text)
            second.ui.click('Make the answer')
            second.ui.wait_for_label(complaint)
        second.ui.click('Paste')
        second.ui.wait_for_label('Waiting until the other side')
        first.ui.click('Paste')
        first.ui.wait_for_label('This is your own invitation')
        second.ui.click('Copy')
        first.ui.click('Paste')
        hear_each_other(first, second)

        first.ui.click('Open chat')
        second.ui.click('Open chat')
        write(second, first, 'No server was needed.')
        first.ui.click('Leave the call')
        first.ui.wait_for_label('The call has ended')
        second.ui.wait_for_label('The call has ended')


def keyboard_alone():
    """Everything by keys: into a call, mute, chat, out again."""
    with Server(BUILD) as server, start(server.uri) as app:
        app.open().place(0, 0, 1000, 700)
        app.ui.set_text('Your name', 'Keys')
        app.ui.set_text(ROOM, 'keys')
        app.ui.press('Return')
        app.ui.find('Leave the call')
        app.ui.press('m')
        app.ui.find('Turn microphone on')
        app.ui.press('c')
        app.ui.find('Message everyone')
        app.ui.press('Escape')
        app.ui.wait_gone('Message everyone')
        app.ui.press('i')
        app.ui.find('Hide connection')


def refused_names():
    """A room name that can't be one is refused where it is typed."""
    with Server(BUILD) as server, start(server.uri) as app:
        app.open()
        app.ui.set_text('Your name', 'First')
        app.ui.set_text(ROOM, 'no/such:room')
        app.ui.click('Join')
        app.ui.wait_for_label('Use letters, digits and hyphens.')
        app.ui.set_text(ROOM, 'such-a-room')
        app.ui.click('Join')
        app.ui.wait_for_label('You are the first one here')


def room_full():
    """The second one in a room for one is told so, and can go back."""
    with Server(BUILD, '--room-size', '1') as server, start(server.uri) as first, \
            start(server.uri) as second:
        first.open()
        second.open()
        join(first, 'First')
        first.ui.wait_for_label('You are the first one here')
        join(second, 'Second')
        second.ui.wait_for_label('This room is full')
        second.wait_event('error', code='room-full')
        second.ui.click('Back')
        second.ui.find('Join')


def server_down():
    """Nothing answers there: a sentence, and another try."""
    with start('ws://127.0.0.1:1/snug') as app:
        app.open()
        join(app, 'First')
        app.ui.find(lambda name: 'cannot be reached' in (name or ''), {'label'})
        app.ui.find('Try again')
        app.ui.click('Back')
        app.ui.find('Join')


def doctor():
    """From the menu and back. What it finds is up to the machine."""
    with Server(BUILD) as server, start(server.uri) as app:
        app.open()
        app.ui.press('F10')
        app.ui.click('Check Calls…')
        app.ui.find('Check again')
        app.ui.wait_for_label('What was looked at')
        app.ui.press('Escape')
        app.ui.find('Join')


def server_goes():
    """The server ends in the middle: the call goes on."""
    with Server(BUILD) as server, start(server.uri) as first, start(server.uri) as second:
        first.open()
        second.open()
        join(first, 'First')
        first.ui.wait_for_label('You are the first one here')
        join(second, 'Second')
        hear_each_other(first, second)
        server.stop()
        first.ui.click('Open chat')
        second.ui.click('Open chat')
        write(first, second, 'The server is gone, we are not.')


def hosting():
    """One window is the meeting point as well; the other comes by the address it shows."""
    with start('ws://127.0.0.1:1/snug') as host:
        host.open()
        host.ui.set_text('Your name', 'Host')
        host.ui.set_text(ROOM, 'at-home')
        host.ui.click('Host a room here')
        address = host.ui.find(lambda name: name.startswith('ws://'), {'label'}).name
        with start(address) as guest:
            guest.open()
            join(guest, 'Guest', 'at-home')
            hear_each_other(host, guest)
            guest.ui.click('Leave the call')
            host.ui.wait_for_label('Guest left')


TESTS = (two_people, by_hand, keyboard_alone, refused_names, room_full, server_down, doctor, server_goes, hosting)


if __name__ == '__main__':
    sys.exit(run([test for test in TESTS if not sys.argv[2:] or test.__name__ in sys.argv[2:]]))
