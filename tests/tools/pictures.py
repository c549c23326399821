#!/usr/bin/python3
"""The pictures that README.md and the app's description show: real calls of the app with people who use snug-cli.

  SNUG_STILL_CAMERA=1 tests/tools/desktop --screen 1280x800 -- tests/tools/pictures.py BUILD FOLDER [PART...]
"""

import os
import subprocess
import sys
import tempfile
import time

from snug_programs import App, Program, Server
from snug_ui import UiError, screenshot, wait_until

TOOLS = os.path.dirname(os.path.abspath(__file__))
ME = 'Robin Vale'
# Who calls, and the number of their camera.
MAYA, OMAR, LENA = ('Maya Okafor', 1), ('Omar Haddad', 3), ('Lena Fischer', 4)
# How long a call has gone on when the connection is shown: most of what the graphs hold.
GRAPH_SECONDS = 90
# X has no shadows here; this much of the window's edge would hold them.
EDGE = 5
WIDE, NARROW = (1200, 750), (360, 720)


def media(*arguments):
    """What virtual-media makes, in the last argument's file, which is returned."""
    subprocess.run([os.path.join(TOOLS, 'virtual-media'), *arguments], check=True)
    return arguments[-1]


class Person(Program):
    """Somebody who calls, and is seen on the clip of that camera."""

    def __init__(self, studio, who, room, *options, **env):
        name, number = who
        super().__init__(os.path.join(studio.build, 'src', 'cli', 'snug-cli'), 'call', room, '--json',
                         '--server', studio.server.uri, '--name', name, '--video', studio.clips[number],
                         *options, **env)


class Screen(Program):
    """A display of its own with a picture on it, for somebody to share."""

    def __init__(self, folder):
        path = os.path.join(folder, 'display')
        with open(path, 'wb') as told:
            super().__init__('sh', '-c', f'exec Xvfb -displayfd {told.fileno()} -screen 0 1280x720x24 -nolisten tcp '
                             f'-noreset {told.fileno()}>"$0"', path)
        number = wait_until('a second display', lambda: self.running() and open(path, encoding='ascii').read().strip())
        self.name = f':{number}'
        # It has drawn the root window, and says 1 all the same.
        subprocess.run(['display', '-display', self.name, '-window', 'root',
                        media('still', 'screen', os.path.join(folder, 'screen.png'))], check=False)


class Studio:
    """What all pictures are made with."""

    def __init__(self, build, folder, server, scratch):
        self.build, self.folder, self.server, self.scratch = build, folder, server, scratch
        self.clips = {number: media('clip', str(number), os.path.join(scratch, f'{number}.webm'))
                      for _, number in (MAYA, OMAR, LENA)}

    def app(self, **env):
        """The app, with settings that remember some rooms."""
        settings = os.path.join(os.environ['XDG_CONFIG_HOME'], 'glib-2.0', 'settings')
        os.makedirs(settings, exist_ok=True)
        day = 24 * 60 * 60
        rooms = [(room, int(time.time()) - ago * day, people) for room, ago, people in
                 (('garden-shed', 1, r'Maya Okafor\nOmar Haddad\nLena Fischer'), ('book-club', 3, 'Lena Fischer'),
                  ('oma-and-opa', 8, 'Walter Brandt'))]
        with open(os.path.join(settings, 'keyfile'), 'w', encoding='utf-8') as file:
            file.write('[io/github/snugcalls/Snug]\nrecent-places=[%s]\n' % ', '.join(
                f"('{room}', int64 {when}, '{people}', '')" for room, when, people in rooms))
        return App(self.build, self.server.uri, GSETTINGS_BACKEND='keyfile', **env)

    def picture(self, name, size=WIDE, window=None):
        """The window at the upper left, or the one of that X id, with as few colours as look the same."""
        path = os.path.join(self.folder, name + '.png')
        if window:
            subprocess.run(['xdotool', 'windowmove', window, '0', '0'], check=True)
            place = dict(line.split('=') for line in subprocess.check_output(
                ['xdotool', 'getwindowgeometry', '--shell', window], text=True).split())
            size = int(place['WIDTH']) - 2 * EDGE, int(place['HEIGHT']) - 2 * EDGE
        screenshot(path, '{}x{}+{}+{}'.format(*size, EDGE, EDGE))
        subprocess.run(['convert', path, '-strip', '-dither', 'FloydSteinberg', '-colors', '256',
                        '-define', 'png:exclude-chunks=date,time', '-define', 'png:compression-level=9',
                        'PNG8:' + path], check=True)
        print(f'{path}: {os.path.getsize(path) // 1000} kB', flush=True)


def place(app, size):
    """The window at the upper left, its visible part of that size."""
    app.ui.place(0, 0, size[0] + 2 * EDGE, size[1] + 2 * EDGE)


def lobby(app, room):
    """Everything filled in."""
    app.ui.set_text('Your name', ME)
    app.ui.set_text('Room name or invitation link', room)


def settle(app):
    """Until what moves has come to rest and the picture is sharp; the pointer is on the header, which keeps it from hiding."""
    window = app.ui.window()
    for x in (300, 310, 300):
        subprocess.run(['xdotool', 'mousemove', '--window', window, str(x), '30'], check=True)
    time.sleep(4)


def join(app, room, people):
    """Into the room, until everybody is seen."""
    lobby(app, room)
    before = len(app.events('first-frame', media='video'))
    app.ui.click('Join')
    app.ui.find('Leave the call')
    wait_until('everybody to be seen',
               lambda: len(app.events('first-frame', media='video')) == before + people, 120)


def call_of_two(studio, app):
    """The chat, the connection, the small window and the narrow one."""
    room = 'garden-shed'
    with Person(studio, MAYA, room, '--video-size', '960x540', '--audio', 'mic',
                '--send-chat', 'Can you see the seedlings?', '--send-chat', 'Look, the first leaves!'):
        join(app, room, 1)
        begin = time.monotonic()
        app.ui.click('Open chat')
        app.ui.wait_for_label('Look, the first leaves!')
        for text in ('Yes! They are lovely.', 'When do they go out into the garden?'):
            app.ui.set_text('Message everyone', text)
            app.ui.click('Send')
            app.ui.wait_for_label(text)
        app.ui.wait_for_delivery()
        settle(app)
        studio.picture('call')
        app.ui.click('Show connection')
        app.ui.wait_for_label('The connection is')
        time.sleep(max(0, GRAPH_SECONDS - (time.monotonic() - begin)))
        settle(app)
        studio.picture('connection')
        app.ui.click('Hide connection')
        app.ui.press('p')
        app.ui.find('Back to the large window')
        settle(app)
        studio.picture('small', window=app.ui.window())
        app.ui.click('Back to the large window')
        app.ui.wait_gone('Back to the large window')
        place(app, NARROW)
        settle(app)
        studio.picture('narrow', NARROW)


def group(studio, app):
    """Four people, and then the screen of one of them."""
    room = 'choir-planning'
    size = ('--video-size', '640x360', '--framerate', '15')
    with Person(studio, MAYA, room, *size, '--audio', 'test'), \
            Person(studio, OMAR, room, *size, '--audio', 'none'):
        with Person(studio, LENA, room, *size, '--audio', 'mic'):
            join(app, room, 3)
            settle(app)
            studio.picture('group')
        app.ui.wait_gone(LENA[0])
        with Screen(studio.scratch) as screen, Person(studio, LENA, room, *size, '--audio', 'mic', '--screen', 'x11',
                                                      DISPLAY=screen.name):
            app.ui.wait_for_label('Lena Fischer is sharing the screen')
            app.wait_event('first-frame', media='screen')
            settle(app)
            studio.picture('screen')


def preferences(studio, app):
    """Its own window."""
    main_window = app.ui.window()
    app.ui.press('ctrl+comma')
    app.ui.find('Sounds')

    def windows():
        found = subprocess.run(['xdotool', 'search', '--all', '--onlyvisible', '--pid', str(app.process.pid),
                                '--name', '.'], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
        return [window for window in found if window != main_window]
    window = wait_until('the window', windows)[0]
    settle(app)
    studio.picture('preferences', window=window)


def lobby_light(studio, app):
    """Before a call."""
    lobby(app, 'garden-shed')
    settle(app)
    studio.picture('lobby')


def lobby_dark(studio, app):
    """The same."""
    lobby(app, 'garden-shed')
    settle(app)
    studio.picture('lobby-dark')


PARTS = (lobby_light, call_of_two, group, preferences, lobby_dark)


def main(build, folder, *wanted):
    with tempfile.TemporaryDirectory(prefix='snug-pictures.') as scratch, Server(build) as server:
        studio = Studio(build, folder, server, scratch)
        for part in [part for part in PARTS if not wanted or part.__name__ in wanted]:
            scheme = 'prefer-dark' if part == lobby_dark else 'prefer-light'
            with studio.app(ADW_DEBUG_COLOR_SCHEME=scheme) as app:
                try:
                    app.open()
                    place(app, WIDE)
                    app.ui.choose('Camera', 'Virtual camera 2')
                    part(studio, app)
                except (UiError, RuntimeError) as error:
                    screenshot(os.path.join(build, 'pictures.png'))
                    print(f'pictures: {part.__name__}: {error}\nThe screen at that time: {build}/pictures.png')
                    return 1
    return 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
