#!/usr/bin/python3
"""A staged installation: everything is in its place, starts from there, and goes again. TAP out.

  tests/tools/desktop --no-media -- tests/e2e/test-install.py BUILD
"""

import fnmatch
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools'))
# pylint: disable=wrong-import-position
from gi.repository import Gio, GLib  # noqa: E402
from snug_programs import Program  # noqa: E402
from snug_tap import run  # noqa: E402
from snug_ui import TEXTS, Ui, wait_until  # noqa: E402

BUILD = sys.argv[1]
ID = 'io.github.snugcalls.Snug'
PATH = '/io/github/snugcalls/Snug'
ROOM = 'Room name or invitation link'

EXPECTED = [
    'bin/snug', 'bin/snug-cli', 'bin/snug-server',
    'lib/systemd/system/snug-server.service', 'lib/systemd/system/snug-server.socket',
    f'share/applications/{ID}.desktop',
    f'share/dbus-1/services/{ID}.service',
    f'share/glib-2.0/schemas/{ID}.gschema.xml',
    f'share/icons/hicolor/scalable/apps/{ID}.svg',
    f'share/icons/hicolor/symbolic/apps/{ID}-symbolic.svg',
    f'share/metainfo/{ID}.metainfo.xml',
    'share/man/man1/snug.1', 'share/man/man1/snug-cli.1', 'share/man/man1/snug-cli-probe.1',
    'share/man/man1/snug-cli-doctor.1', 'share/man/man1/snug-server.1',
]
# Beside those: one for each language, if any.
OPTIONAL = ['share/locale/*/LC_MESSAGES/snug.mo']

stage = tempfile.TemporaryDirectory(prefix='snug-stage.')
introspection = subprocess.check_output(['meson', 'introspect', '--buildoptions', BUILD], text=True)
prefix = re.search(r'"name": "prefix", "value": "([^"]+)"', introspection)[1]
top = stage.name + prefix


def files():
    """All that is in the stage, relative to it."""
    return sorted(os.path.relpath(os.path.join(folder, name), stage.name)
                  for folder, _, names in os.walk(stage.name) for name in names)


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def installs():
    """Everything is in its place, and nothing elsewhere."""
    subprocess.run(['meson', 'install', '-C', BUILD, '--no-rebuild', '--destdir', stage.name],
                   check=True, stdout=subprocess.DEVNULL)
    found = files()
    inside = prefix.lstrip('/') + '/'
    assert all(name.startswith(inside) for name in found), found
    found = [name[len(inside):] for name in found]
    others = [name for name in found if name not in EXPECTED
              and not any(fnmatch.fnmatch(name, pattern) for pattern in OPTIONAL)]
    assert set(EXPECTED) <= set(found), sorted(set(EXPECTED) - set(found))
    assert not others, others


def leads_to_programs():
    """What names a program names one that is there, without the stage in its path."""
    service = read(f'{top}/share/dbus-1/services/{ID}.service')
    unit = read(f'{top}/lib/systemd/system/snug-server.service')
    for text, start in ((service, r'^Exec=(\S+)'), (unit, r'^ExecStart=(\S+)')):
        program = re.search(start, text, re.MULTILINE)[1]
        assert program.startswith(prefix), program
        assert os.access(stage.name + program, os.X_OK), program
    entry = read(f'{top}/share/applications/{ID}.desktop')
    assert os.access(f'{top}/bin/' + re.search(r'^Exec=(\S+)', entry, re.MULTILINE)[1], os.X_OK)
    icon = re.search(r'^Icon=(.+)$', entry, re.MULTILINE)[1]
    assert os.path.exists(f'{top}/share/icons/hicolor/scalable/apps/{icon}.svg')
    for name in files():
        if not name.endswith(('.mo', '.svg')) and '/bin/' not in name:
            assert stage.name not in read(os.path.join(stage.name, name)), name


def finish():
    """What a package manager does after unpacking, where meson did not because of DESTDIR."""
    subprocess.run(['glib-compile-schemas', '--strict', f'{top}/share/glib-2.0/schemas'], check=True)
    subprocess.run(['update-desktop-database', f'{top}/share/applications'], check=True)
    icons = shutil.which('gtk4-update-icon-cache') or shutil.which('gtk-update-icon-cache')
    if icons:
        subprocess.run([icons, '-q', '-t', '-f', f'{top}/share/icons/hicolor'], check=True)
    assert 'x-scheme-handler/snug' in read(f'{top}/share/applications/mimeinfo.cache')


def programs_start():
    """Server and command line, started from the stage, have a call."""
    finish()
    for name in ('snug', 'snug-cli'):
        report = subprocess.run([f'{top}/bin/{name}', '--self-test'], check=True, text=True,
                                stdout=subprocess.PIPE).stdout
        assert 'Calls work here' in report, report
    with Program(f'{top}/bin/snug-server', '--bind', '127.0.0.1', '--port', '0') as server:
        port = wait_until('the server to listen', lambda: server.running() and re.search(
            r'event=listening\b.*\bport=(\d+)', server.log()))[1]
        options = ['call', 'staged', '--server', f'ws://127.0.0.1:{port}', '--exit-when-alone',
                   '--video', 'none', '--audio', 'none', '--json']
        with Program(f'{top}/bin/snug-cli', *options) as first:
            wait_until('the first to be in the room',
                       lambda: first.running() and '"state":"joined"' in first.log())
            done = subprocess.run([f'{top}/bin/snug-cli', *options, '--send-chat', 'hello',
                                   '--duration', '3'], check=False, timeout=60,
                                  stdout=subprocess.PIPE, text=True)
            assert done.returncode == 0, done.stdout
            assert first.process.wait(30) == 0, first.log()
            assert 'hello' in first.log(), first.log()


class Desktop:
    """The session bus, told of the stage as of an installation."""

    def __init__(self):
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        services = os.path.join(os.environ['XDG_DATA_HOME'], 'dbus-1', 'services')
        os.makedirs(services, exist_ok=True)
        text = read(f'{top}/share/dbus-1/services/{ID}.service')
        with open(os.path.join(services, f'{ID}.service'), 'w', encoding='utf-8') as file:
            # The stage stands before the path; and for Snug alone the first warning is the last.
            file.write(text.replace('Exec=', 'Exec=/usr/bin/env G_DEBUG=fatal-warnings '
                                    'SNUG_MEDIA=test XDG_DATA_DIRS='
                                    f'{top}/share:/usr/local/share:/usr/share {stage.name}'))
        self.ask_bus('ReloadConfig')

    def ask_bus(self, method, arguments=None):
        return self.bus.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus',
                                  'org.freedesktop.DBus', method, arguments, None,
                                  Gio.DBusCallFlags.NONE, 30000, None)

    def ask_snug(self, method, arguments):
        self.bus.call_sync(ID, PATH, 'org.freedesktop.Application', method, arguments, None,
                           Gio.DBusCallFlags.NONE, 30000, None)

    def open(self, *links):
        self.ask_snug('Open', GLib.Variant('(asa{sv})', (links, {})))

    def pid(self):
        return self.ask_bus('GetConnectionUnixProcessID', GLib.Variant('(s)', (ID,))).unpack()[0]

    def runs(self):
        return self.ask_bus('NameHasOwner', GLib.Variant('(s)', (ID,))).unpack()[0]

    def quit(self):
        self.bus.call_sync(ID, PATH, 'org.gtk.Actions', 'Activate',
                           GLib.Variant('(sava{sv})', ('quit', [], {})), None,
                           Gio.DBusCallFlags.NONE, 30000, None)
        wait_until('Snug to end', lambda: not self.runs())
        assert not re.search(rf'\({ID}:.*(CRITICAL|WARNING)', self.log()), self.log()

    @staticmethod
    def log():
        return read(os.path.join(os.environ['SNUG_DESKTOP'], 'dbus.log'))


def activates():
    """The bus starts it, and one window opens, however often it is asked."""
    desktop = Desktop()
    desktop.ask_snug('Activate', GLib.Variant('(a{sv})', ({},)))
    ui = Ui(desktop.pid())
    ui.find('Host a room here')
    desktop.ask_snug('Activate', GLib.Variant('(a{sv})', ({},)))
    ui.find('Host a room here')
    assert ui.app.count() == 1
    desktop.quit()


# What is opened, and what is said of it.
BAD_LINKS = {
    'snug://no.such.room': 'Use letters, digits and hyphens.',
    'snug://': 'does not name a room',
    'snug://a?join=1': 'asks for more than a room',
    'snug://%00': 'is damaged',
    'https://a': 'is no link into a room',
    'file:///etc/passwd': 'is no link into a room',
    'snug://' + 'a' * 5000: 'far too long',
}


def opens_links():
    """A link starts it and fills in the room; nothing is joined. A bad one gets a sentence."""
    desktop = Desktop()
    desktop.open('snug://Garden%20Shed')
    ui = Ui(desktop.pid())
    ui.wait_for_label('leads to the room “garden-shed”')
    assert ui.find(ROOM, TEXTS).text() == 'garden-shed'
    ui.find('Host a room here')

    for number, (bad, sentence) in enumerate(BAD_LINKS.items(), 1):
        desktop.open(bad)
        wait_until(f'{bad[:20]} to be refused',
                   lambda: desktop.log().count('A link was refused') == number)  # pylint: disable=W0640
        ui.wait_for_label(sentence)
        assert ui.find(ROOM, TEXTS).text() == 'garden-shed'

    # A second one goes to the same window.
    desktop.open('snug://kitchen', 'snug://cellar')
    wait_until('the other room', lambda: ui.find(ROOM, TEXTS).text() == 'kitchen')
    ui.find('Host a room here')
    assert ui.app.count() == 1
    desktop.quit()


def uninstalls():
    """Nothing is left but what finish() made."""
    for made in ('applications/mimeinfo.cache', 'glib-2.0/schemas/gschemas.compiled',
                 'icons/hicolor/icon-theme.cache'):
        if os.path.exists(f'{top}/share/{made}'):
            os.unlink(f'{top}/share/{made}')
    subprocess.run(['ninja', '-C', BUILD, 'uninstall'], check=True, stdout=subprocess.DEVNULL)
    left = [os.path.join(folder, name) for folder, folders, names in os.walk(top)
            for name in names + folders]
    assert not files(), files()
    assert not left, left


TESTS = (installs, leads_to_programs, programs_start, activates, opens_links, uninstalls)

if __name__ == '__main__':
    try:
        sys.exit(run(TESTS))
    finally:
        stage.cleanup()
