#!/usr/bin/python3
"""What people do in a call, in real windows: hands, keys, the mouse, the screen. TAP out.

  tests/tools/desktop --no-media -- tests/e2e/test-app-call.py BUILD [FOLDER]

With a FOLDER the pictures of what was seen are kept there.
"""

import contextlib
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools'))
from snug_programs import App, Server  # noqa: E402  pylint: disable=wrong-import-position
from snug_tap import run  # noqa: E402  pylint: disable=wrong-import-position
from snug_ui import screenshot, wait_until  # noqa: E402  pylint: disable=wrong-import-position

BUILD = sys.argv[1]
FOLDER = sys.argv[2] if len(sys.argv) > 2 else None
NAMES = ('Robin Vale', 'Maya Okafor')
TAP_SECONDS = 0.3


@contextlib.contextmanager
def call():
    """Two windows in one room, with test pictures; the first one in front."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(Server(BUILD))
        apps = []
        for number, name in enumerate(NAMES):
            app = stack.enter_context(App(BUILD, server.uri, G_DEBUG='fatal-warnings', SNUG_MEDIA='test'))
            app.open().place(900 * number, 0, 1000 if number == 0 else 800, 700)
            app.ui.set_text('Your name', name)
            app.ui.set_text('Room name or invitation link', 'garden-shed')
            app.ui.click('Join')
            app.ui.find('Leave the call')
            apps.append(app)
        for app in apps:
            app.wait_event('first-frame', media='video')
        yield apps


def picture(name):
    """The screen as it is now."""
    if FOLDER:
        screenshot(os.path.join(FOLDER, name + '.png'))


def area(app, name, roles=None):
    """Where something is, in its window."""
    return app.ui.find(name, roles).extents()


def xdotool(*arguments):
    """Mouse and keys, as a person moves them."""
    subprocess.run(['xdotool', *map(str, arguments)], check=True)


def hands():
    """A raised hand and a reaction get to the other side."""
    with call() as (first, second):
        first.ui.press('h')
        second.ui.wait_for_label('Hand raised')
        picture('hand')
        first.ui.press('h')
        second.ui.wait_gone('Hand raised')
        second.ui.click('Reactions and raised hand')
        second.ui.find('Thumbs up')
        picture('reactions')
        second.ui.click('Thumbs up')
        second.ui.wait_gone('Thumbs up')


def space():
    """Held, the space bar turns the microphone on, and no longer."""
    with call() as (first, second):
        first.ui.press('m')
        first.ui.find('Turn microphone on')
        second.wait_event('peer', change='media', audio=False)
        xdotool('windowfocus', '--sync', first.ui.window(), 'keydown', 'space')
        try:
            first.ui.find('Turn microphone off')
            second.wait_event('peer', change='media', audio=True)
            # On the button, which may have the focus, what is shorter is a click.
            time.sleep(TAP_SECONDS)
        finally:
            xdotool('keyup', 'space')
        first.ui.find('Turn microphone on')


def own_picture():
    """One's own picture goes with the mouse, and into the corner it was let go near."""
    with call() as (first, _):
        before = first.ui.area(first.ui.find('Your picture'))
        window = first.ui.window()
        x, y = before.x + before.width // 2, before.y + before.height // 2
        xdotool('windowfocus', '--sync', window, 'mousemove', '--window', window, x, y, 'mousedown', 1)
        for step in range(1, 21):
            xdotool('mousemove', '--window', window, x + (120 - x) * step // 20, y + (180 - y) * step // 20)
        picture('own-dragged')
        xdotool('mouseup', 1)
        wait_until('one\'s own picture in the upper left corner',
                   lambda: area(first, 'Your picture').x < 60 and area(first, 'Your picture').y < 120)
        picture('own-corner')
        first.ui.press('ctrl+Right')
        wait_until('the upper right corner', lambda: area(first, 'Your picture').x > 500)


def small_window():
    """P makes a small window of the large one; Escape brings the large one back."""
    with call() as (first, _):
        first.ui.press('p')
        first.ui.find('Back to the large window')
        first.ui.wait_gone('More')
        picture('small-window')
        first.ui.click('Turn microphone off')
        first.ui.find('Turn microphone on')
        first.ui.click('Back to the large window')
        first.ui.find('More')
        first.ui.find('Turn microphone on')
        first.ui.wait_gone('Back to the large window')
        # Leaving from the small window ends in the large one.
        first.ui.press('p')
        first.ui.find('Back to the large window')
        first.ui.click('Leave the call')
        first.ui.wait_for_label('The call has ended')
        picture('ended')


def screen():
    """S shares the screen, everybody sees who does, Stop ends it."""
    with call() as (first, second):
        first.ui.press('s')
        first.ui.wait_for_label('You are sharing your screen.')
        second.ui.wait_for_label('Robin Vale is sharing the screen')
        picture('screen')
        first.ui.click('Stop')
        second.ui.wait_gone('Robin Vale is sharing the screen')
        first.ui.wait_gone('You are sharing your screen.')


if __name__ == '__main__':
    sys.exit(run((hands, space, own_picture, small_window, screen)))
