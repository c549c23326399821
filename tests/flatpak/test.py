#!/usr/bin/python3
"""Installs the built Flatpak as an ordinary user would, and uses it.

  tests/tools/desktop -- tests/tools/portal-backend -- tests/flatpak/test.py FOLDER SECONDS

FOLDER has snug.flatpak and snug.flatpakref, and gets the pictures; the log counts from
SECONDS on. The last line says what came out.
"""

import os
import re
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), 'tools'))

from snug_programs import App, Program, Server  # noqa: E402  pylint: disable=wrong-import-position
from snug_ui import Ui, UiError, screenshot, wait_until  # noqa: E402  pylint: disable=wrong-import-position

# Generous: this machine may have other things to do.
LONG = 60

ID = 'io.github.snugcalls.Snug'
DATA = os.path.expanduser(f'~/.var/app/{ID}/data')

# All that the sandbox lets out, as flatpak info prints it.
PERMISSIONS = '''
[Context]
shared=network;ipc;
sockets=x11;wayland;pulseaudio;fallback-x11;
devices=dri;

[System Bus Policy]
org.freedesktop.Avahi=talk
'''.strip()


class Failed(Exception):
    """Something that has to hold does not."""


def check(condition, what):
    if not condition:
        raise Failed(what)


def say(text):
    print(f'[{BEGIN + time.monotonic() - START:4.0f} s] {text}', flush=True)


def flatpak(*args, timeout=120):
    """Runs flatpak and returns what it wrote; fails unless it ends well."""
    done = subprocess.run(['flatpak', *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False, timeout=timeout)
    check(done.returncode == 0,
          f'flatpak {" ".join(args)} ended with {done.returncode}:\n{done.stdout}{done.stderr}')
    return done.stdout


# --- the installed programs -------------------------------------------------------------------

def processes(name):
    """The ids of all processes of that name."""
    found = set()
    for entry in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{entry}/comm', encoding='utf-8') as comm:
                if comm.read().strip() == name:
                    found.add(int(entry))
        except OSError:
            pass
    return found


def windows():
    """The X windows of all Snugs."""
    return set(subprocess.run(['xdotool', 'search', '--onlyvisible', '--class', ID], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              check=False).stdout.split())


class SandboxUi(Ui):
    """The window of a program in the sandbox.

    Such a program has other process ids inside than outside, and between it and the
    accessibility bus stands a proxy of Flatpak's. What is new since it started is its own.
    """

    def __init__(self, pid, old_proxies, old_windows):
        self.old_proxies = old_proxies
        super().__init__(pid)
        self.x_window = wait_until('the X window', lambda: windows() - old_windows).pop()

    def owns(self, pid):
        return pid in processes('xdg-dbus-proxy') - self.old_proxies

    def window(self):
        return self.x_window


class InstalledApp(App):
    """One window of the installed Snug; one is opened after the other.

    restrictions: options of flatpak run, on top of those of the manifest.
    """

    count = 0

    def __init__(self, server_uri, *restrictions):
        InstalledApp.count += 1
        self.old = (processes('xdg-dbus-proxy'), windows(), processes('snug'))
        os.makedirs(DATA, exist_ok=True)
        self.events_path = os.path.join(DATA, f'events-{InstalledApp.count}')
        Program.__init__(self, 'flatpak', 'run', f'--env=SNUG_EVENTS={self.events_path}',
                         *restrictions, ID, '--new-instance', '--server', server_uri)
        self.ui = SandboxUi(self.process.pid, *self.old[:2])
        self.pid = (processes('snug') - self.old[2]).pop()

    def stop(self, timeout=10):
        # The signal is for Snug; whoever waits for it outside ends with it.
        if self.process.poll() is None:
            os.kill(self.pid, signal.SIGTERM)
        status = super().stop(timeout)
        # The next program may be given the same number for its window.
        wait_until('the window to go', lambda: self.ui.x_window not in windows())
        return status


class InstalledCli(Program):
    """snug-cli in the sandbox, in a room."""

    def __init__(self, server_uri, room, *options):
        super().__init__('flatpak', 'run', '--command=snug-cli', ID, 'call', room,
                         '--server', server_uri, *options)

    def stop(self, timeout=10):
        for pid in processes('snug-cli'):
            os.kill(pid, signal.SIGTERM)
        return super().stop(timeout)


class InstalledServer(Server):
    """snug-server in the sandbox, on a free port of the loopback address."""

    def __init__(self, *options):
        Program.__init__(self, 'flatpak', 'run', '--command=snug-server', ID,
                         '--bind', '127.0.0.1', '--port', '0', *options)
        self.wait_listening()


# --- what has to hold -------------------------------------------------------------------------

def starts():
    """The installed app shows its lobby."""
    with InstalledApp('ws://127.0.0.1:9/snug') as app:
        app.ui.find('Room name or invitation link')


def test_reference(folder):
    """installed from the repository, through snug.flatpakref, it starts"""
    flatpak('install', '--user', '--noninteractive', os.path.join(folder, 'snug.flatpakref'))
    check(ID in flatpak('list', '--user', '--app', '--columns=application'), 'it is not listed')
    starts()
    flatpak('uninstall', '--user', '--noninteractive', '--delete-data', ID)


def test_bundle(folder):
    """installed from snug.flatpak, it starts"""
    flatpak('install', '--user', '--noninteractive', os.path.join(folder, 'snug.flatpak'))
    starts()
    # All is in the one file.
    flatpak('run', '--command=test', ID, '-e', '/app/share/locale/de/LC_MESSAGES/snug.mo')


def test_permissions(folder):
    """it may do what it has to, and nothing else"""
    found = flatpak('info', '--show-permissions', ID).strip()
    say('flatpak info --show-permissions:\n' + found)
    check(found == PERMISSIONS, f'expected were:\n{PERMISSIONS}')


def test_sandbox(folder):
    """it sees no file of the person's and no device but for drawing"""
    with open(os.path.expanduser('~/secret'), 'w', encoding='utf-8') as secret:
        secret.write('nobody may read this')
    script = '''
      [ ! -e ~/secret ] || echo 'a file of the person is there'
      [ ! -e "$XDG_RUNTIME_DIR/pipewire-0" ] || echo 'PipeWire is there without the portal'
      for device in /dev/video* /dev/snd /dev/input; do [ ! -e $device ] || echo "$device is there"; done
      touch /app/x 2>/dev/null && echo 'the program can be written'
      true'''
    found = flatpak('run', '--command=sh', ID, '-c', script)
    check(not found, found)


def test_self_test(folder):
    """the self-test finds every element that a call needs"""
    for command in 'snug-cli', 'snug':
        report = flatpak('run', f'--command={command}', ID, '--self-test')
    say('snug --self-test:\n' + report.strip())


def test_element_missing(folder):
    """where the runtime has no GStreamer plugins, the self-test fails and names them"""
    done = subprocess.run(['flatpak', 'run', '--env=GST_PLUGIN_SYSTEM_PATH=/none', '--command=snug-cli', ID,
                           '--self-test'], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                          check=False, timeout=60)
    check(done.returncode == 1, f'it ended with {done.returncode}')
    check(re.search(r'MISSING\W+webrtcbin', done.stdout, re.I), done.stdout)


def test_bare(folder):
    """with no portal and no sound server it starts, and says what is missing"""
    with InstalledApp('ws://127.0.0.1:9/snug', '--no-session-bus', '--nosocket=pulseaudio') as app:
        app.ui.wait_for_label('No camera was found.')
        app.ui.find('Join')
        screenshot(os.path.join(folder, 'bare.png'))


def test_commands(folder):
    """snug-server and snug-cli are in it"""
    for command in 'snug-server', 'snug-cli':
        check(re.match(rf'{command} \d', flatpak('run', f'--command={command}', ID, '--version')),
              f'{command} does not tell its version')


def test_activation(folder):
    """D-Bus starts it when somebody asks for it"""
    old = processes('snug'), processes('xdg-dbus-proxy'), windows()
    call = ('gdbus', 'call', '--session', '--dest', ID, '--object-path', '/' + ID.replace('.', '/'),
            '--method', 'org.freedesktop.Application.')
    subprocess.run([*call[:-1], call[-1] + 'Activate', '{}'],
                   stdout=subprocess.DEVNULL, check=True, timeout=60)
    ui = SandboxUi(None, *old[1:])
    ui.find('Room name or invitation link')
    subprocess.run([*call[:-1], call[-1] + 'ActivateAction', 'quit', '[]', '{}'],
                   stdout=subprocess.DEVNULL, check=True, timeout=60)
    wait_until('it to end', lambda: processes('snug') == old[0])


def answer(what, how):
    """Tells the portal what the person is going to say."""
    subprocess.run(['gdbus', 'call', '--session', '--dest', 'org.snug.PortalBackend',
                    '--object-path', '/org/snug/PortalBackend',
                    '--method', 'org.snug.PortalBackend.Answer', what, how],
                   stdout=subprocess.DEVNULL, check=True, timeout=60)


def test_camera_denied(folder):
    """who does not let it use the camera reads what to do, and can say yes afterwards"""
    answer('camera', 'deny')
    flatpak('permission-reset', ID)
    with InstalledApp('ws://127.0.0.1:9/snug') as app:
        app.ui.wait_for_label('Snug may not use the camera.')
        screenshot(os.path.join(folder, 'camera-denied.png'))
    answer('camera', 'grant')
    flatpak('permission-reset', ID)
    with InstalledApp('ws://127.0.0.1:9/snug') as app:
        app.ui.wait_for_label('Virtual camera')


def test_call(folder):
    """sandboxed windows call each other: cameras and screens through portals, sound, chat"""
    room = 'garden-shed'
    picture = os.path.join(folder, 'call.png')
    with InstalledServer() as server, InstalledApp(server.uri) as first:
        first.ui.place(0, 0, 1280, 800)
        with InstalledApp(server.uri) as second:
            second.ui.place(1280, 0, 1280, 800)
            apps = {'Maya': first, 'Robin': second}
            for number, app in enumerate(apps.values(), 1):
                app.ui.choose('Camera', f'Virtual camera {number}')
            for name, app in apps.items():
                app.ui.set_text('Your name', name)
                app.ui.set_text('Room name or invitation link', room)
                app.ui.click('Join')
                app.ui.find('Leave the call')
            for app in apps.values():
                app.wait_event('connected', LONG)
                app.wait_event('first-frame', LONG, media='video')
                app.wait_event('first-frame', LONG, media='audio')
                app.ui.click('Open chat')
            first.ui.set_text('Message everyone', 'Can you see the seedlings?')
            first.ui.click('Send')
            second.ui.wait_for_label('Can you see the seedlings?')
            # A camera has to move, not only to have been there once.
            for app in apps.values():
                app.wait_event('stats', LONG)
            screenshot(picture)
            say(f'the call: {picture}')
            first.ui.click('Share your screen')
            # The first one of the menu has the focus.
            first.ui.find('Share text or slides…', {'label'})
            first.ui.press('Return')
            first.ui.wait_for_label('You are sharing your screen.')
            second.ui.wait_for_label('Maya is sharing the screen')
            second.wait_event('first-frame', LONG, media='screen')
            # For the pictures alone: until nothing moves about any more.
            time.sleep(2)
            screenshot(os.path.join(folder, 'share.png'))
            first.ui.click('Stop')
            second.ui.wait_gone('Maya is sharing the screen')
            with InstalledCli(server.uri, room, '--name', 'Kim', '--video', 'none', '--audio', 'none',
                              '--screen', 'portal') as screen:
                for app, screens in ((first, 1), (second, 2)):
                    wait_until('the shared screen', lambda app=app, screens=screens: screen.running() and len(
                        app.events('first-frame', media='screen')) == screens, LONG)
                time.sleep(2)
                screenshot(os.path.join(folder, 'screen.png'))
            for app in apps.values():
                app.ui.click('Leave the call')
                app.wait_event('left', LONG)


TESTS = (test_reference, test_bundle, test_permissions, test_sandbox, test_self_test,
         test_element_missing, test_commands, test_bare, test_activation, test_camera_denied, test_call)


def main(folder):
    failures = []
    for test in TESTS:
        try:
            test(folder)
        except (Failed, UiError, RuntimeError, OSError, subprocess.SubprocessError) as error:
            picture = os.path.join(folder, f'{test.__name__}.png')
            screenshot(picture)
            failures.append(f'failed: {test.__doc__}')
            say(f'FAILED: {test.__doc__}: {error}\nThe screen at that time: {picture}')
        else:
            say(f'passed: {test.__doc__}')
    for failure in failures:
        print(failure)
    # One more has passed: it was built.
    print(f'{len(TESTS) - len(failures) + 1} passed, {len(failures)} failed, 0 skipped')
    return 1 if failures else 0


if __name__ == '__main__':
    START = time.monotonic()
    BEGIN = float(sys.argv[2])
    sys.exit(main(sys.argv[1]))
