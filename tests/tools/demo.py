#!/usr/bin/python3
"""Two Snug windows call each other, driven through their own user interface.

  tests/tools/desktop -- tests/tools/demo.py BUILD

Writes BUILD/demo.png and prints what each side saw.
"""

import os
import statistics
import sys
import time

from snug_programs import App, Server
from snug_ui import UiError, screenshot

ROOM = 'garden-shed'
NAMES = ('Maya', 'Robin')
CALL_SECONDS = 10


def say(text):
    print(text, flush=True)


def write(sender, receiver, text):
    """One chat line, and the other side's window shows it."""
    sender.ui.set_text('Message everyone', text)
    sender.ui.click('Send')
    receiver.ui.wait_for_label(text)


def call(apps):
    """The call, from the lobby to the last look."""
    for number, app in enumerate(apps):
        app.open().place(1280 * number, 0, 1280, 800)
    apps[1].ui.choose('Camera', 'Virtual camera 2')
    for app, name in zip(apps, NAMES):
        app.ui.set_text('Your name', name)
        app.ui.set_text('Room name or invitation link', ROOM)
    for app, name in zip(apps, NAMES):
        say(f'{name} joins {ROOM}')
        app.ui.click('Join')
        app.ui.find('Leave the call')
    for app in apps:
        app.wait_event('connected')
        app.wait_event('first-frame', media='video')
    begin = time.monotonic()

    for app in apps:
        app.ui.click('Open chat')
    for text, (sender, receiver) in (('Can you see the seedlings?', apps),
                                     ('Yes! They are on the window sill.', reversed(apps))):
        write(sender, receiver, text)
        say(f'"{text}" arrived')

    time.sleep(max(0, CALL_SECONDS - (time.monotonic() - begin)))
    apps[1].ui.click('Show connection')
    apps[1].ui.find('Hide connection')
    for app in apps:
        app.ui.hover()
    time.sleep(1)


def value(stats, field, form, scale=1):
    """The median of one field over the call, in words."""
    known = [sample[field] for sample in stats if isinstance(sample.get(field), (int, float))]
    return form.format(statistics.median(known) * scale) if known else 'not known'


def report(app):
    """What one side saw: lines of (what, text)."""
    # The second second on: the first holds the start.
    stats = app.events('stats')[1:] or [{}]
    last = stats[-1]
    # From pressing Join, or from when somebody came who could be seen.
    since = max(app.events('state', state='joining')[0]['t'], app.events('peer')[0]['t'])
    types = {side: sorted({event.get('type', '?') for event in app.events('candidate', side=side)})
             for side in ('local', 'remote')}
    chat = [event.get('text') for event in app.events('chat')]
    yield 'first picture', f'{app.events("first-frame", media="video")[0]["t"] - since:.2f} s'
    yield 'first sound', f'{app.events("first-frame", media="audio")[0]["t"] - since:.2f} s' \
        if app.events('first-frame', media='audio') else 'none'
    yield 'picture', f'{last.get("received_width")}x{last.get("received_height")}, ' \
        f'{last.get("video_codec")}'
    yield 'frames', value(stats, 'received_frames_per_second', '{:.1f} / s')
    yield 'receiving', value(stats, 'received_bits_per_second', '{:.0f} kbit/s', 1e-3)
    yield 'round trip', value(stats, 'round_trip_seconds', '{:.1f} ms', 1e3)
    yield 'lost', value(stats, 'received_loss_fraction', '{:.1f} %', 100)
    yield 'path', f'{last.get("local_candidate_type")} to {last.get("remote_candidate_type")}, ' \
        f'{last.get("protocol")}'
    yield 'own candidates', ', '.join(types['local']) or 'none'
    yield 'their candidates', ', '.join(types['remote']) or 'none'
    yield 'chat lines', str(len(chat))


def main(build):
    picture = os.path.join(build, 'demo.png')
    with Server(build) as server, App(build, server.uri) as first, App(build, server.uri) as second:
        apps = (first, second)
        say(f'snug-server listens on port {server.port}')
        try:
            call(apps)
            screenshot(picture)
        except (UiError, RuntimeError) as error:
            screenshot(picture)
            say(f'demo: {error}\nThe screen at that time: {picture}')
            for name, app in zip(NAMES, apps):
                say(f'--- {name} wrote:\n{app.log()}')
            return 1
        reports = [dict(report(app)) for app in apps]
        for app in apps:
            app.ui.click('Leave the call')
            app.wait_event('left')

    say(f'\n{"":18}{NAMES[0] + " saw":26}{NAMES[1]} saw')
    for what in reports[0]:
        say(f'{what:18}{reports[0][what]:26}{reports[1][what]}')
    say(f'\nBoth windows: {picture}')
    return 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
