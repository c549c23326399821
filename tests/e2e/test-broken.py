#!/usr/bin/python3
"""Snug where something of the system is missing or broken: it starts, says what, and does what it can. TAP out.

  tests/tools/desktop -- tests/e2e/test-broken.py BUILD [TEST...]
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools'))
# pylint: disable=wrong-import-position
from snug_programs import App, Program, Server  # noqa: E402
from snug_tap import Skip, run  # noqa: E402
from snug_ui import wait_until  # noqa: E402

BUILD = sys.argv[1]
CLI = os.path.join(BUILD, 'src', 'cli', 'snug-cli')
SESSION = os.environ['SNUG_DESKTOP']
ROOM = 'Room name or invitation link'
# Whoever can't be kept from writing by permissions can't write here either.
NOWHERE = '/proc/nowhere'


def folder():
    """An empty one, which goes with the session."""
    return tempfile.mkdtemp(prefix='broken.', dir=SESSION)


def accessibility():
    """The address of the session's accessibility bus, for who has no way to ask for it."""
    answer = subprocess.check_output(
        ['gdbus', 'call', '--session', '--dest', 'org.a11y.Bus', '--object-path', '/org/a11y/bus',
         '--method', 'org.a11y.Bus.GetAddress'], text=True)
    return answer.split("'")[1]


def without_plugins(*names):
    """The environment of a GStreamer that lacks these plugins."""
    plugins = subprocess.check_output(
        ['pkg-config', '--variable=pluginsdir', 'gstreamer-1.0'], text=True).strip()
    others = folder()
    for name in os.listdir(plugins):
        if name.endswith('.so') and name[len('libgst'):-len('.so')] not in names:
            os.symlink(os.path.join(plugins, name), os.path.join(others, name))
    return {'GST_PLUGIN_SYSTEM_PATH_1_0': others, 'GST_PLUGIN_PATH_1_0': '',
            'GST_REGISTRY_1_0': os.path.join(others, 'registry')}


@contextlib.contextmanager
def snug(server, fatal='fatal-warnings', **env):
    """A window, none of whose criticals goes unseen. fatal: of GLib itself, as it may warn of what is broken."""
    with App(BUILD, server.uri, G_DEBUG=fatal, **env) as app:
        try:
            yield app
        except Exception:
            print(*(f'# {line}' for line in app.log().splitlines()[-20:]), sep='\n')
            raise
        app.running()
        assert 'CRITICAL' not in app.log(), app.log()


def join(app, name, room='repairs'):
    """From the lobby into a room."""
    app.ui.set_text('Your name', name)
    app.ui.set_text(ROOM, room)
    app.ui.click('Join')


def meet(server, app, *notices):
    """A call with somebody who lacks nothing: connected, seen and written to. The notices are there meanwhile."""
    join(app, 'Broken')
    app.ui.wait_for_label('You are the first one here')
    with snug(server, SNUG_MEDIA='test') as other:
        other.open()
        join(other, 'Whole')
        other.wait_event('connected')
        for notice in notices:
            app.ui.wait_for_label(notice)
        wait_until('the picture of the other', lambda: app.events('first-frame', media='video'))
        other.ui.click('Open chat')
        other.ui.set_text('Message everyone', 'You can read me.')
        other.ui.click('Send')
        other.ui.wait_for_delivery()
    app.ui.wait_for_label('Whole left')
    app.ui.click('Leave the call')
    app.ui.wait_for_label('The call has ended')
    app.ui.click('Done')
    app.ui.find('Join')


def required_element_missing():
    """Nothing works without VP8: every program says so, with the package."""
    env = without_plugins('vpx')
    with Server(BUILD) as server, snug(server, **env) as app:
        app.open()
        app.ui.wait_for_label('A part of Snug is missing')
        # From “Try again” to “Why?”; what is in a closed row, GTK 4.8 tells of, too.
        if not app.ui.find_now(lambda name: 'Not installed: ' in (name or '')):
            app.ui.press('Tab', 'Tab', 'Return')
        app.ui.wait_for_label('Not installed: vp8dec, vp8enc')
        app.ui.wait_for_label('gstreamer1.0-plugins-good')
        app.ui.click('Try again')
        app.ui.wait_for_label('A part of Snug is missing')

        everything = {**os.environ, **env}
        for program in CLI, os.path.join(BUILD, 'src', 'app', 'snug'):
            report = subprocess.run([program, '--self-test'], env=everything, check=False, text=True,
                                    stdout=subprocess.PIPE)
            assert report.returncode == 1, report
            assert 'MISSING  vp8enc' in report.stdout, report.stdout
            assert 'gstreamer1.0-plugins-good' in report.stdout, report.stdout
        report = subprocess.run([CLI, '--self-test', '--json'], env=everything, check=False,
                                stdout=subprocess.PIPE)
        missing = [row['name'] for row in json.loads(report.stdout)['elements'] if not row['present']]
        assert missing == ['vp8dec', 'vp8enc'], missing
        call = subprocess.run([CLI, 'call', 'repairs', '--server', server.uri], env=everything,
                              check=False, text=True, stdout=subprocess.PIPE, timeout=60)
        assert call.returncode == 1 and 'vp8enc' in call.stdout, call


def optional_elements_missing():
    """No way to devices: the lobby says why, and a call works with what is left."""
    env = without_plugins('pulseaudio', 'pipewire', 'video4linux2')
    with Server(BUILD) as server, snug(server, **env) as app:
        app.open()
        app.ui.wait_for_label('A GStreamer plugin for the camera is not installed.')
        app.ui.wait_for_label('A GStreamer plugin for the microphone is not installed.')
        meet(server, app, 'A GStreamer plugin for the speakers is not installed.')


def echo_canceller_missing():
    """Nothing but echoes is to be noticed."""
    env = without_plugins('webrtcdsp')
    with Server(BUILD) as server, snug(server, SNUG_MEDIA='test', **env) as app:
        app.open()
        meet(server, app)
    report = subprocess.run([CLI, '--self-test'], env={**os.environ, **env}, check=False, text=True,
                            stdout=subprocess.PIPE)
    assert report.returncode == 0 and 'no echo cancelling' in report.stdout, report


def silent_camera():
    """PipeWire agrees on everything and sends no picture, as an old server does with a new client."""
    with subprocess.Popen([os.path.join(SESSION, 'virtual-camera'), 'snug-silent', 'Silent camera',
                           '640', '360', '30'], stdin=subprocess.PIPE) as camera:
        try:
            with Server(BUILD) as server, snug(server) as app:
                app.open().place(0, 0, 1000, 720)
                app.ui.choose('Camera', 'Silent camera')
                app.ui.wait_for_label('The camera sends no picture. Unplug it and plug it in again.')
                meet(server, app)
                # Another one brings the picture back.
                app.ui.choose('Camera', 'Virtual camera 1')
                app.ui.wait_gone(lambda name: 'sends no picture' in (name or ''))
        finally:
            camera.stdin.close()


def no_sound_or_camera_server():
    """Neither PipeWire nor PulseAudio runs."""
    with Server(BUILD) as server, snug(server, XDG_RUNTIME_DIR=folder()) as app:
        app.open()
        app.ui.wait_for_label('No camera was found. You can join with sound only.')
        app.ui.wait_for_label('No microphone was found. The others will not hear you.')
        meet(server, app, 'No speakers were found. You will not hear the others.')


def no_portal():
    """A session bus on which nobody offers anything, nor can be started."""
    config = os.path.join(folder(), 'bus.conf')
    address = f'unix:path={os.path.dirname(config)}/bus'
    with open(config, 'w', encoding='utf-8') as file:
        file.write('<busconfig><type>session</type><policy context="default">'
                   '<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>'
                   f'<allow own="*"/></policy><listen>{address}</listen></busconfig>')
    with Program('dbus-daemon', f'--config-file={config}', '--nofork', '--nopidfile'):
        wait_until('the bare bus', lambda: os.path.exists(address.split('=')[1]))
        with Server(BUILD) as server, \
                snug(server, DBUS_SESSION_BUS_ADDRESS=address, AT_SPI_BUS_ADDRESS=accessibility()) as app:
            app.open()
            app.ui.wait_for_label('Nobody sees or hears you until you join.')
            meet(server, app)


def no_session_bus():
    """Not even a bus. Without one there is no accessibility either: driven by keys, watched by its events."""
    with Server(BUILD) as server, \
            snug(server, DBUS_SESSION_BUS_ADDRESS='disabled:', SNUG_MEDIA='test', GTK_A11Y='none') as app, \
            Program(CLI, 'call', 'snug', '--server', server.uri, '--video', 'test', '--audio', 'test',
                    '--json') as other:
        wait_until('the other to be in the room', lambda: '"state":"joined"' in other.log())
        window = wait_until('the window', lambda: app.running() and subprocess.run(
            ['xdotool', 'search', '--onlyvisible', '--pid', str(app.process.pid), '--name', '.'],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False).stdout.split())[0]
        # The cursor is in the empty entry for the room.
        subprocess.run(['xdotool', 'windowfocus', '--sync', window, 'type', 'snug'], check=True)
        subprocess.run(['xdotool', 'windowfocus', '--sync', window, 'key', 'Return'], check=True)
        app.wait_event('connected')
        app.wait_event('first-frame', media='video')


def read_only_home():
    """Nothing can be written: it starts, says that settings are not kept, and calls."""
    homes = {name: NOWHERE for name in ('HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_CACHE_HOME',
                                        'XDG_STATE_HOME')}
    with Server(BUILD) as server, snug(server, 'fatal-criticals', SNUG_MEDIA='test',
                                       GSETTINGS_BACKEND='keyfile', **homes) as app:
        app.open()
        meet(server, app)
        # The toast is gone after seconds that a busy machine may not have.
        assert "Settings can't be saved" in app.log(), app.log()


def full_disk():
    """Settings and events go to a disk of a few kB that is full."""
    disk = folder()
    wrapper = ['unshare', '--mount', *([] if os.geteuid() == 0 else ['--map-root-user']), 'sh', '-c',
               'mount -t tmpfs -o size=8k,mode=700 none "$0" && '
               '{ head -c 100000 /dev/zero >"$0/ballast" 2>/dev/null; exec "$@"; }', disk]
    if not shutil.which('unshare') or subprocess.run([*wrapper, 'true'], check=False,
                                                     stderr=subprocess.DEVNULL).returncode != 0:
        raise Skip('nothing can be mounted here')
    with Server(BUILD) as server, \
            App(BUILD, server.uri, wrapper=wrapper, G_DEBUG='fatal-criticals', SNUG_MEDIA='test',
                GSETTINGS_BACKEND='keyfile', XDG_CONFIG_HOME=disk, XDG_DATA_HOME=disk,
                SNUG_EVENTS=os.path.join(disk, 'events')) as app:
        app.open()
        join(app, 'Broken')
        app.ui.wait_for_label('You are the first one here')
        assert "Settings can't be saved" in app.log(), app.log()
        app.ui.click('Leave the call')
        app.ui.find('Join')
        app.running()
        assert 'CRITICAL' not in app.log(), app.log()


def full_disk_on_the_command_line():
    """What can't be written is said on standard error, and is no success."""
    with Server(BUILD) as server, open('/dev/full', 'wb') as full:
        for options in (['--self-test'], ['--version'], ['devices', '--json'],
                        ['call', 'repairs', '--server', server.uri, '--video', 'none', '--audio',
                         'none', '--duration', '30', '--json']):
            done = subprocess.run([CLI, *options], stdout=full, stderr=subprocess.PIPE, text=True,
                                  check=False, timeout=60)
            assert done.returncode == 1, (options, done)
            assert "Standard output can't be written" in done.stderr, (options, done)


TESTS = (required_element_missing, optional_elements_missing, echo_canceller_missing, silent_camera,
         no_sound_or_camera_server, no_portal, no_session_bus, read_only_home, full_disk,
         full_disk_on_the_command_line)

if __name__ == '__main__':
    sys.exit(run([test for test in TESTS if not sys.argv[2:] or test.__name__ in sys.argv[2:]]))
