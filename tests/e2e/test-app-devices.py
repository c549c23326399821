#!/usr/bin/python3
"""Cameras, microphones and speakers that come, go, are chosen, are silent or refused, seen and heard from both sides. TAP out.

  tests/tools/desktop --cameras 0 -- tests/e2e/test-app-devices.py BUILD [TEST...]

Each test brings cameras of its own: PipeWire's stop when two or three viewers have come and gone.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools'))
# pylint: disable=wrong-import-position
from snug_programs import App, Program, Server  # noqa: E402
from snug_tap import run  # noqa: E402
from snug_ui import wait_until  # noqa: E402

BUILD = sys.argv[1]
TOOLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools')
CLI = os.path.join(BUILD, 'src', 'cli', 'snug-cli')
ROOM = 'Room name or invitation link'
MICROPHONE, SPEAKERS = 'snug_microphone', 'snug_speakers'
# What is heard of the voice, and what is not of a silent microphone, dBFS.
VOICE, SILENCE = -50, -80


def pactl(*words):
    """What it answers."""
    return subprocess.check_output(['pactl', *words], text=True).strip()


class Camera(Program):
    """A camera that is plugged in until it is stopped."""

    def __init__(self, number):
        super().__init__(os.path.join(TOOLS, 'virtual-media'), 'camera', str(number), '640', '360')
        wait_until(f'camera {number}', lambda: self.running() and f'"snug-camera-{number}"' in
                   subprocess.check_output(['pw-cli', 'ls', 'Node'], text=True))


class Device:
    """A device of the sound server that is plugged in until it is unplugged."""

    def __init__(self, *module):
        self.number = pactl('load-module', *module)

    def unplug(self):
        """Once, however often it is asked for."""
        if self.number:
            pactl('unload-module', self.number)
        self.number = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.unplug()


def headset(master):
    """A microphone that hears what the sink plays: the session's voice, or nothing."""
    return Device('module-remap-source', 'source_name=snug_headset', f'master={master}.monitor',
                  'source_properties=\'device.description="Virtual headset"\'')


def silence():
    """A sink that nothing is played to."""
    return Device('module-null-sink', 'sink_name=snug_silence', 'sink_properties=device.description=Silence')


class Peer(Program):
    """The other side: sends a test picture and tone, and measures what comes."""

    def __init__(self, server, room):
        super().__init__(CLI, '--server', server.uri, '--name', 'Peer', '--video', 'test', '--audio', 'test',
                         '--video-size', '320x180', '--framerate', '15', '--json', 'call', room)

    def samples(self):
        """All measurements so far."""
        events = [json.loads(line) for line in self.log().splitlines() if line.startswith('{')]
        assert not [event for event in events if event['event'] == 'left'], events[-1]
        return [event for event in events if event['event'] == 'stats']

    def wait_sample(self, what, condition):
        """A measurement from now on for which the condition is true."""
        seen = len(self.samples())
        return wait_until(what, lambda: self.running() and next(filter(condition, self.samples()[seen:]), None))

    def wait_seen(self):
        """Until new frames come."""
        self.wait_sample('frames', lambda sample: (sample['received_frames_per_second'] or 0) >= 5)

    def wait_heard(self):
        """Until the voice comes."""
        self.wait_sample('the voice', lambda sample: (sample['audio_level_dbfs'] or SILENCE) > VOICE)


@contextlib.contextmanager
def snug(server, **env):
    """A window whose first warning is its last word, and that remembers no device of a test before."""
    config = tempfile.mkdtemp(prefix='devices.', dir=os.environ['SNUG_DESKTOP'])
    with App(BUILD, server.uri, **{'G_DEBUG': 'fatal-warnings', 'GSETTINGS_BACKEND': 'keyfile', 'XDG_CONFIG_HOME': config,
                                   **env}) as app:
        app.open().place(0, 0, 1280, 800)
        yield app
        app.running()


@contextlib.contextmanager
def call():
    """A window in a call, and who is there with it."""
    with Server(BUILD) as server, snug(server) as app:
        app.ui.set_text('Your name', 'Snug')
        app.ui.set_text(ROOM, 'devices')
        app.ui.click('Join')
        app.ui.wait_for_label('You are the first one here')
        with Peer(server, 'devices') as peer:
            app.wait_event('connected')
            yield app, peer
            peer.running()
            assert not app.events('peer', change='left'), 'the call did not go on'


def preview_is(app, warm):
    """Until the preview shows the wall of camera 1, which is warm, or of camera 2, which is not."""
    preview = app.ui.find(lambda name: name in ('You', 'Snug') or (name or '').startswith('You'), {'panel', 'grouping'})

    def shows():
        red, _, blue = app.ui.color(preview, 0.06, 0.3)
        return red > blue + 10 if warm else blue > red + 10
    wait_until(f'the picture of camera {1 if warm else 2}', shows)


def names_in_the_lobby():
    """The pickers show what the devices call themselves, and where nothing is chosen, what the system takes."""
    with Camera(1), Camera(2), Server(BUILD) as server, snug(server) as app:
        for row, name in (('Camera', 'Virtual camera 1'), ('Microphone', 'Virtual microphone'),
                          ('Speakers', 'Virtual speakers')):
            wait_until(f'{name!r} in {row!r}', lambda row=row, name=name: app.ui.chosen(row) == name)
        with silence():
            pactl('set-default-sink', 'snug_silence')
            wait_until('the new default', lambda: app.ui.chosen('Speakers') == 'Silence')
            pactl('set-default-sink', SPEAKERS)
            wait_until('the old default', lambda: app.ui.chosen('Speakers') == 'Virtual speakers')


def another_camera():
    """What is chosen is what is seen."""
    with Camera(1), Camera(2), Server(BUILD) as server, snug(server) as app:
        app.ui.wait_for_label('Virtual camera 1')
        preview_is(app, warm=True)
        app.ui.choose('Camera', 'Virtual camera 2')
        preview_is(app, warm=False)


def loudest(recording):
    """Of 16-bit samples, 0 to 1."""
    samples = memoryview(recording[:len(recording) // 2 * 2]).cast('h')
    return max(map(abs, samples), default=0) / 32768


def sound_test():
    """Three seconds are recorded, played through the chosen speakers, and over by themselves; or sooner, when asked."""
    with Server(BUILD) as server, snug(server) as app, tempfile.TemporaryFile() as file:
        with subprocess.Popen(['parec', '--raw', '--format=s16le', '-d', f'{SPEAKERS}.monitor'], stdout=file) as recorder:
            app.ui.click('Test my sound')
            app.ui.wait_for_label('Say something. You will hear it in three seconds.')
            app.ui.wait_for_label('This is how you sound.')
            app.ui.wait_gone('This is how you sound.')
            app.ui.find('Test my sound')
            recorder.terminate()
        file.seek(0)
        peak = loudest(file.read())
        assert peak > 0.02, f'the speakers played nothing louder than {peak}'

        app.ui.click('Test my sound')
        app.ui.wait_for_label('Say something. You will hear it in three seconds.')
        app.ui.click('Stop the sound test')
        app.ui.wait_gone('Say something. You will hear it in three seconds.')
        app.ui.find('Test my sound')
        assert not app.ui.find_now('This is how you sound.'), 'a test that was stopped is played'


def volume():
    """Of the microphone, as the system has it."""
    return pactl('get-source-volume', MICROPHONE), pactl('get-source-mute', MICROPHONE)


def microphone_in_mid_call():
    """One that is plugged in is offered; used; and replaced when it goes. The system's volume stays as it is."""
    pactl('set-source-volume', MICROPHONE, '55%')
    before = volume()
    with silence(), Camera(1), call() as (app, peer):
        peer.wait_heard()
        with headset('snug_silence') as device:
            app.ui.wait_for_label('New microphone: “Virtual headset”')
            app.ui.click(lambda name: (name or '').startswith('Use it'))  # libadwaita 1.2 says it twice
            peer.wait_sample('silence', lambda sample: (sample['audio_level_dbfs'] or 0) < SILENCE)
            device.unplug()
            app.ui.wait_for_label('“Virtual headset” is gone. Using “Virtual microphone”.')
            peer.wait_heard()
        with headset('snug_silence'):
            app.ui.wait_for_label('Using “Virtual headset” again.')
            peer.wait_sample('silence again', lambda sample: (sample['audio_level_dbfs'] or 0) < SILENCE)
        app.ui.click('Turn microphone off')
        app.ui.click('Turn microphone on')
        peer.wait_heard()
        assert volume() == before, f'{volume()} was {before}'
    pactl('set-source-volume', MICROPHONE, '100%')


def camera_goes_in_mid_call():
    """The other one takes its place, and the others keep seeing something that moves; with the last one, only the sound is left."""
    with Camera(1) as first, Camera(2) as second, call() as (app, peer):
        peer.wait_seen()
        first.stop()
        app.ui.wait_for_label('“Virtual camera 1” is gone. Using “Virtual camera 2”.')
        peer.wait_seen()
        second.stop()
        app.ui.wait_for_label('“Virtual camera 2” is gone, and there is no other.')
        peer.wait_sample('no frames', lambda sample: not sample['received_frames_per_second'])
        peer.wait_heard()
        with Camera(1):
            peer.wait_seen()


def no_camera():
    """A sentence, and a call all the same; a camera that comes is used."""
    with Server(BUILD) as server, snug(server) as app:
        app.ui.wait_for_label('No camera was found. You can join with sound only.')
        assert 'None found' in app.ui.labels(app.ui.find('Camera', {'combo box'}))
        with Camera(1):
            app.ui.wait_gone('No camera was found. You can join with sound only.')
            preview_is(app, warm=True)


def camera_refused():
    """By whoever the portal asks."""
    env = {'SNUG_MEDIA': 'portal', 'SNUG_PORTAL_CAMERA': 'deny'}
    with Camera(1):
        script = os.path.abspath(__file__)
        result = subprocess.run([os.path.join(TOOLS, 'portal-backend'), '--', '/usr/bin/python3', script, BUILD, 'refused_by_portal'],
                                env={**os.environ, **env}, stdout=subprocess.PIPE, text=True, check=False)
    print(''.join(f'# {line}\n' for line in result.stdout.splitlines() if result.returncode), end='')
    assert result.returncode == 0


def refused_by_portal():
    """Needs a portal that refuses."""
    with Server(BUILD) as server, snug(server, SNUG_MEDIA='portal') as app:
        app.ui.wait_for_label('Snug may not use the camera. Allow it in Settings.')
        assert not app.ui.find_now('Virtual camera 1'), 'a camera that was refused'
        assert 'Not allowed' in app.ui.labels(app.ui.find('Camera', {'combo box'}))
        app.ui.set_text('Your name', 'Snug')
        app.ui.set_text(ROOM, 'refused')
        app.ui.click('Join')
        app.ui.wait_for_label('You are the first one here')


TESTS = (camera_refused, names_in_the_lobby, another_camera,
         sound_test, microphone_in_mid_call, camera_goes_in_mid_call, no_camera)


if __name__ == '__main__':
    wanted = [test for test in (*TESTS, refused_by_portal) if test.__name__ in sys.argv[2:]]
    sys.exit(run(wanted or TESTS))
