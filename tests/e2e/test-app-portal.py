#!/usr/bin/python3
"""What the desktop's portals do for a call, through the window: the shared screen, and a key that works from any window. TAP out.

  tests/tools/desktop --cameras 0 -- tests/tools/portal-backend -- tests/e2e/test-app-portal.py BUILD
"""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools'))
# pylint: disable=wrong-import-position
import snug_calls  # noqa: E402
from snug_calls import join  # noqa: E402
from snug_programs import Server  # noqa: E402
from snug_tap import run  # noqa: E402
from snug_ui import wait_until  # noqa: E402

BUILD = sys.argv[1]
SHARING = 'You are sharing your screen.'
SHARED = 'Robin Vale is sharing the screen'


class Portal:
    """The portal that asks nobody: tests/tools/portal-backend."""

    @staticmethod
    def tell(method, *words):
        """What it is to do next."""
        subprocess.run(['gdbus', 'call', '--session', '--dest', 'org.snug.PortalBackend', '--object-path', '/org/snug/PortalBackend',
                        '--method', f'org.snug.PortalBackend.{method}', *words], check=True, stdout=subprocess.DEVNULL)

    @staticmethod
    def calls(method):
        """What it was asked so far, of that kind."""
        with open(os.environ['SNUG_PORTAL_LOG'], encoding='utf-8') as file:
            calls = [json.loads(line) for line in file.read().split('\n')[:-1]]
        return [call for call in calls if call['method'] == method]

    def wait_calls(self, method, number):
        """So many, waited for."""
        def enough():
            calls = self.calls(method)
            return calls if len(calls) >= number else None
        return wait_until(f'{number} calls of {method}', enough)


class Sharing:
    """Two windows in one call, for all tests in their order."""

    def __init__(self, first, second):
        self.first, self.second = first, second
        self.portal = Portal()

    def key_from_any_window(self):
        """Asked for as the call began, because the settings want it: the microphone is on as long as it is held."""
        self.portal.wait_calls('BindShortcuts', 1)
        self.first.ui.click('Turn microphone off')
        self.second.wait_event('peer', change='media', audio=False)
        self.second.ui.focus()
        self.portal.tell('Press')
        self.first.ui.find('Turn microphone off')
        self.second.wait_event('peer', change='media', audio=True)
        self.portal.tell('Release')
        self.first.ui.find('Turn microphone on')

    def granted(self):
        """The dialog is the desktop's, over the window; everybody sees who shares; the second time it knows what was chosen."""
        self.first.ui.press('s')
        self.first.ui.wait_for_label(SHARING)
        start = self.portal.wait_calls('Start', 1)[0]
        assert start['parent'].startswith('x11:'), start
        self.second.ui.wait_for_label(SHARED)
        self.second.wait_event('first-frame', media='screen')
        self.first.ui.click('Stop')
        self.first.ui.wait_gone(SHARING)
        self.second.ui.wait_gone(SHARED)
        self.portal.wait_calls('Session.Close', 1)
        self.first.ui.press('s')
        self.first.ui.wait_for_label(SHARING)
        again = self.portal.wait_calls('SelectSources', 2)[1]['options']
        assert 'restore_data' in again or 'restore_token' in again, again

    def ended_by_the_system(self):
        """It says so."""
        self.portal.tell('EndSessions')
        self.first.ui.wait_for_label('Your desktop ended the sharing of your screen.')
        self.first.ui.wait_gone(SHARING)
        self.second.ui.wait_gone(SHARED)

    def refused(self):
        """Whoever closes the dialog knows it; what the system does is said."""
        self.portal.tell('Answer', 'screen', 'cancel')
        self.first.ui.press('s')
        self.portal.wait_calls('Start', 3)
        self.first.ui.find('Share your screen')
        self.portal.tell('Answer', 'screen', 'deny')
        self.first.ui.press('s')
        self.portal.wait_calls('Start', 4)
        self.first.ui.wait_for_label('Your desktop ended the sharing of your screen.')
        self.first.ui.find('Share your screen')


def main():
    """Side by side; the first one wants the key."""
    settings = os.path.join(os.environ['XDG_CONFIG_HOME'], 'glib-2.0', 'settings')
    os.makedirs(settings)
    with open(os.path.join(settings, 'keyfile'), 'w', encoding='utf-8') as file:
        file.write('[io/github/snugcalls/Snug]\npush-to-talk-anywhere=true\n')
    with Server(BUILD) as server, snug_calls.start(BUILD, server.uri, GSETTINGS_BACKEND='keyfile') as first, \
            snug_calls.start(BUILD, server.uri) as second:
        for number, (app, name) in enumerate(((first, 'Robin Vale'), (second, 'Maya Okafor'))):
            app.open().place(1000 * number, 0, 1000, 700)
            app.ui.click('Turn camera off')
            join(app, name)
            app.ui.find('Leave the call')
        for app in (first, second):
            app.wait_event('connected')
        story = Sharing(first, second)
        return run((story.key_from_any_window, story.granted, story.ended_by_the_system, story.refused))


if __name__ == '__main__':
    sys.exit(main())
