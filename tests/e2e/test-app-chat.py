#!/usr/bin/python3
"""Chat, files, and what draws attention, between two real windows that stay in one call. TAP out.

  tests/tools/desktop --no-media -- tests/e2e/test-app-chat.py BUILD
"""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools'))
# pylint: disable=wrong-import-position
import snug_calls  # noqa: E402
from snug_calls import join, send, write  # noqa: E402
from snug_programs import Server  # noqa: E402
from snug_tap import run  # noqa: E402
from snug_ui import Announcements, wait_until  # noqa: E402

BUILD = sys.argv[1]
FOLDER = os.environ['SNUG_DESKTOP']
DOWNLOADS = os.path.join(FOLDER, 'Downloads')
# Some names look like markup.
FIRST, SECOND = 'Maya Okafor', '<b>Omar</b> Haddad'


class Desktop:
    """Who shows notifications and keeps the session awake: tests/tools/mock-desktop."""

    @staticmethod
    def calls(call, **fields):
        """What it was told so far, of that kind."""
        with open(os.path.join(FOLDER, 'mock-desktop.log'), encoding='utf-8') as file:
            calls = [json.loads(line) for line in file.read().split('\n')[:-1] if line.startswith('{')]
        return [entry for entry in calls
                if entry['call'] == call and all(entry.get(key) == value for key, value in fields.items())]

    def wait_call(self, call, **fields):
        """The last one of that kind, waited for."""
        return wait_until(f'{call} {fields}', lambda: self.calls(call, **fields))[-1]

    @staticmethod
    def press(notification):
        """As a person presses a notification."""
        subprocess.run(['gdbus', 'call', '--session', '--dest', 'org.freedesktop.Notifications', '--object-path',
                        '/org/freedesktop/Notifications', '--method', 'org.snug.Desktop.Press', str(notification['id']), 'default'],
                       check=True, stdout=subprocess.DEVNULL)


def make_file(name, size):
    """A file of bytes that do not repeat."""
    path = os.path.join(FOLDER, name)
    with open(path, 'wb') as file:
        file.write(os.urandom(size))
    return path


def read(path):
    """All of a file."""
    with open(path, 'rb') as file:
        return file.read()


def offer(app, path):
    """By the button, and the path typed into the dialog."""
    app.ui.click('Send files')
    app.ui.answer_file_dialog('Send files', path)
    app.ui.wait_for_label(os.path.basename(path))


class Conversation:
    """The tests, in their order: each begins where the one before it ended."""

    def __init__(self, first, second):
        self.first, self.second = first, second
        self.heard = Announcements(first.ui)
        self.desktop = Desktop()
        self.kept = self.joined = None

    def arriving(self):
        """Who comes while the window is behind others is announced; the machine stays awake as long as the call."""
        join(self.first, FIRST)
        self.first.ui.wait_for_label('You are the first one here')
        self.kept = self.desktop.wait_call('inhibit', reason='In a call')
        # Suspend is 4, idle is 8.
        assert self.kept['flags'] & 12 == 12, self.kept
        self.second.ui.focus()
        join(self.second, SECOND)
        self.heard.wait(f'{SECOND} joined.')
        self.joined = self.desktop.wait_call('notify', summary=f'{SECOND} joined the call', body='garden-shed')
        for app in (self.first, self.second):
            app.wait_event('connected')

    def unread(self):
        """Messages that come then: said, notified, counted and shown in passing; then below a line that says where they begin."""
        self.second.ui.click('Open chat')
        send(self.second, '<b>One</b> & all')
        self.heard.wait(f'{SECOND}: <b>One</b> & all')
        self.first.ui.wait_for_label(f'{SECOND}: <b>One</b> & all')
        message = self.desktop.wait_call('notify', summary=SECOND)
        send(self.second, 'Two')
        chat = self.first.ui.find('Open chat')
        wait_until('two unread messages', lambda: chat.description() == '2 unread messages')
        # What is not in front has not been read.
        self.second.ui.wait_for_label(', delivered')
        self.desktop.press(message)
        self.first.ui.find('Message everyone')
        self.first.ui.find('New', {'label'})
        self.first.ui.focus()
        self.second.ui.wait_for_label(', read')
        # Whoever looks needs no notification.
        self.desktop.wait_call('close', id=self.joined['id'])
        assert chat.description() == '', chat.description()

    def both_ways(self):
        """Who is typing, what was read, an address, and lines within a message."""
        self.first.ui.set_text('Message everyone', 'Can you')
        self.second.ui.wait_for_label('Maya is typing…')
        write(self.first, self.second, 'Can you open https://snug.example/?a=1&b=<2>?')
        self.second.ui.wait_gone('Maya is typing…', {'label'})
        # Enter sends, Shift+Enter does not.
        self.second.ui.focus()
        self.second.ui.press('T', 'shift+Return', 'U', 'Return')
        self.first.ui.wait_for_label('T\nU')
        self.first.ui.wait_for_label(', read')

    def hostile_texts(self):
        """What turns text around or looks like markup is shown harmlessly; what is too much is not sent, or folded."""
        send(self.first, '<b>cod\u202egpj.exe</b> & \u2066x')
        self.second.ui.find('<b>codgpj.exe</b> & x', {'label'})
        self.first.ui.set_text('Message everyone', 'x' * 8193)
        self.first.ui.find('This message is too long to send.')
        assert not self.first.ui.is_sensitive(self.first.ui.find('Send')), 'it can be sent'
        send(self.first, 'a\n' * 500 + '.')
        self.second.ui.find('Show all')

    def files(self):
        """Offered by the button, accepted into the downloads, and the same byte for byte; declined; stopped."""
        path = make_file('Trail map.pdf', 3_000_000)
        offer(self.first, path)
        self.second.ui.wait_for_label('Trail map.pdf')
        self.second.ui.click('Accept')
        self.second.ui.answer_file_dialog('Save the file')
        self.second.ui.wait_for_label('Saved to Downloads')
        self.first.ui.wait_for_label('Sent')
        assert read(os.path.join(DOWNLOADS, 'Trail map.pdf')) == read(path), 'what arrived is not what was sent'
        offer(self.first, make_file('Unwanted.txt', 5000))
        self.second.ui.wait_for_label('Unwanted.txt')
        self.second.ui.click('Decline')
        self.first.ui.wait_for_label('Declined')
        offer(self.second, make_file('Too late.txt', 5000))
        self.first.ui.wait_for_label('Too late.txt')
        self.second.ui.click('Stop this file')
        self.first.ui.wait_for_label('Stopped')

    def report(self):
        """The connection's numbers, saved from the panel, without addresses."""
        self.first.ui.click('Show connection')
        self.first.ui.wait_for_label('DTLS 1.2, certificate checked')
        self.first.ui.wait_for_label('Direct, over IPv')
        self.first.ui.point(self.first.ui.find('Save a report…', {'label'}))
        self.first.ui.answer_file_dialog('Save a report')
        path = os.path.join(DOWNLOADS, 'snug-connection.json')
        wait_until('the report', lambda: os.path.exists(path) and os.path.getsize(path) > 0)
        sample = json.loads(read(path))['samples'][-1]
        assert 'IPv' in sample['local_address'] and 'local_port' not in sample, sample

    def leaving(self):
        """Said as coming is, and the machine may sleep again."""
        self.second.ui.click('Leave the call')
        self.heard.wait(f'{SECOND} left.')
        self.first.ui.click('Leave the call')
        self.desktop.wait_call('uninhibit', cookie=self.kept['cookie'])


def main():
    """A folder for downloads, as desktops have one, and the windows side by side."""
    os.makedirs(DOWNLOADS, exist_ok=True)
    with open(os.path.join(os.environ['XDG_CONFIG_HOME'], 'user-dirs.dirs'), 'w', encoding='utf-8') as file:
        file.write(f'XDG_DOWNLOAD_DIR="{DOWNLOADS}"\n')
    with Server(BUILD) as server, snug_calls.start(BUILD, server.uri) as first, \
            snug_calls.start(BUILD, server.uri) as second:
        for number, app in enumerate((first, second)):
            app.open().place(1000 * number, 0, 1000, 780)
            # Nobody looks at pictures here.
            app.ui.click('Turn camera off')
        story = Conversation(first, second)
        return run((story.arriving, story.unread, story.both_ways, story.hostile_texts, story.files, story.report,
                    story.leaving))


if __name__ == '__main__':
    sys.exit(main())
