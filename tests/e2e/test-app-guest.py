#!/usr/bin/python3
"""Snug's window and a guest in a real browser, in one call. TAP out.

  tests/tools/desktop --no-media -- tests/e2e/test-app-guest.py BUILD [FOLDER]

With a FOLDER the pictures of what both saw are kept there.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools'))
# pylint: disable=wrong-import-position
import snug_calls  # noqa: E402
from snug_calls import join, send, tell_time  # noqa: E402
from snug_guest import Guest  # noqa: E402
from snug_programs import Server  # noqa: E402
from snug_tap import run  # noqa: E402
from snug_ui import screenshot, wait_until  # noqa: E402

BUILD = sys.argv[1]
FOLDER = sys.argv[2] if len(sys.argv) > 2 else None
ROOM, PERSON, GUEST = 'garden-shed', 'Maya Okafor', 'Bea'
# Pictures that go on, and not the one that opened the decoder.
FRAMES = 20


def meet(app, guest, guest_first):
    """Into the same room, in that order; whoever comes later offers."""
    if guest_first:
        guest.call('join')
        join(app, PERSON, ROOM)
    else:
        join(app, PERSON, ROOM)
        app.ui.wait_for_label('You are the first one here')
        guest.call('join')


def see_and_hear(app, guest):
    """Picture and sound, both ways, that go on."""
    app.wait_event('connected', name=GUEST)
    app.wait_event('first-frame', media='video')
    app.wait_event('first-frame', media='audio')
    wait_until('the guest\'s pictures to go on', lambda: any(
        stats['received_frames'] > FRAMES for stats in app.events('stats')))
    guest.call('seeAndHear', PERSON)


def write(app, guest):
    """A line each way, read on the other screen, and known to be there."""
    app.ui.click('Open chat')
    send(app, 'Can you <b>hear</b> me?')
    guest.call('openChat')
    guest.call('seeLine', 'Can you <b>hear</b> me?')
    app.ui.wait_for_delivery()
    guest.call('say', 'Yes, and see you \U0001f44b')
    app.ui.wait_for_label('Yes, and see you \U0001f44b')


def compare(app, guest):
    """The same six words on both screens, and confirmed on both."""
    words = guest.call('readCode', PERSON)
    assert len(words) == 6, words
    app.ui.click('Show connection')
    row = app.ui.find(lambda name: ' '.join(words) in name, {'label'})
    if FOLDER:
        screenshot(os.path.join(FOLDER, 'code-window.png'))
        guest.call('screenshot', os.path.join(FOLDER, 'code-guest.png'))
    app.ui.point(row)
    # The grid of the dialog goes by the same words; its button has the letter to press before its name.
    app.ui.find(' '.join(words), {'panel', 'generic', 'filler'})
    app.ui.click(lambda name: name.endswith('It Is the Same'))
    app.ui.wait_for_label('Confirmed: nobody sits between you')
    guest.call('confirm', PERSON)


def call(guest_first):
    """From two lobbies to the goodbye."""
    with Server(BUILD) as server, snug_calls.start(BUILD, server.uri) as app, Guest() as guest:
        app.open().place(0, 0, 1200, 760)
        guest.open(origin=f'http://127.0.0.1:{server.port}', room='Garden Shed', name=GUEST)
        meet(app, guest, guest_first)
        see_and_hear(app, guest)
        if guest_first:
            tell_time(app, PERSON)
        write(app, guest)
        compare(app, guest)
        if guest_first:
            guest.call('leave')
            app.ui.wait_for_label(f'{GUEST} left')
        else:
            app.ui.click('Leave the call')
            app.ui.wait_for_label('The call has ended')
            app.ui.find(lambda name: name.endswith(f' with {GUEST}'), {'label'})


def guest_offers():
    """The guest comes into the window's room."""
    call(guest_first=False)


def window_offers():
    """The window comes into the guest's room."""
    call(guest_first=True)


def window_serves():
    """The window holds the room, and the guest comes to the page at the address that it shows: without a camera where that is not encrypted."""
    with snug_calls.start(BUILD, 'ws://127.0.0.1:1/snug') as app, Guest() as guest:
        app.open().place(0, 0, 1200, 760)
        app.ui.set_text('Your name', PERSON)
        app.ui.set_text(snug_calls.ROOM, ROOM)
        app.ui.click('Host a room here')
        address = app.ui.find(lambda name: name.startswith('ws://'), {'label'}).name
        guest.open(origin='http://' + address.removeprefix('ws://').split('/')[0], room=ROOM, name=GUEST)
        guest.call('join')
        app.wait_event('connected', name=GUEST)
        guest.call('seeAndHear', PERSON)
        write(app, guest)
        guest.call('leave')
        app.ui.wait_for_label(f'{GUEST} left')


if __name__ == '__main__':
    sys.exit(run((guest_offers, window_offers, window_serves)))
