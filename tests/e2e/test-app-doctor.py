#!/usr/bin/python3
"""The doctor in the window: from the lobby, and from a call that failed, of which it shows what it saw. TAP out.

  tests/tools/desktop --no-media --screen 900x2000 -- tests/e2e/test-app-doctor.py BUILD [TEST...]
"""

import contextlib
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools'))
# pylint: disable=wrong-import-position
import snug_calls  # noqa: E402
from snug_calls import ROOM, join  # noqa: E402
from snug_net import OUTSIDE, Towns, why_not  # noqa: E402
from snug_programs import Program, Server  # noqa: E402
from snug_tap import run  # noqa: E402
from snug_ui import TEXTS, screenshot, wait_until  # noqa: E402

BUILD = sys.argv[1]
CLI = os.path.join(BUILD, 'src', 'cli', 'snug-cli')
ADDRESS = re.compile(r'\d+\.\d+\.\d+\.\d+')
# Where pictures of the page are to be kept, for whoever wants to look.
PICTURES = os.environ.get('SNUG_PICTURES')


def picture(name):
    """Of the whole screen."""
    if PICTURES:
        screenshot(os.path.join(PICTURES, name + '.png'))


def activate(app, title):
    """Clicks the row of that title, once it has come to rest. The window is as high as all of its pages are."""
    row = app.ui.find(title, {'list item'})
    places = []

    def rests():
        places.append(row.extents())
        return len(places) > 2 and places[-1] == places[-2] == places[-3] and places[-1].height > 0
    wait_until(f'{title!r} to rest', rests)
    app.ui.point(row)


def from_the_lobby():
    """A row of it leads there, Escape and the button back."""
    with Server(BUILD) as server, snug_calls.start(BUILD, server.uri) as app:
        app.open().place(0, 0, 900, 2000)
        picture('lobby')
        for back in lambda: app.ui.press('Escape'), lambda: app.ui.click('Back'):
            activate(app, 'Check calls')
            app.ui.wait_for_label('What was looked at')
            app.ui.find('Check again')
            assert not app.ui.find_now('What the call saw'), 'there was no call'
            back()
            app.ui.find('Join')


def expect_story(lines, shown):
    """What a call saw that got no further than its pairs. shown: the addresses are."""
    text = '\n'.join(lines)
    for stage in ('signaling: in the room', 'signaling: somebody else there', 'description: of both sides',
                  'candidates: the first of this side', 'candidates: the first of the other side'):
        assert re.search(rf'\d+\.\d+ s  reached: {stage}, after \d+\.\d+ s', text), f'{stage} is not in\n{text}'
    for stage in 'ICE: a pair that works', 'DTLS: handshake done', 'verified', 'first packet', 'first frame':
        assert f'not reached: {stage}' in text, f'{stage} is not in\n{text}'
    for side in 'local', 'remote':
        for kind in 'host', 'srflx':
            assert f'candidate, {side}: {kind} udp' in text, f'no {kind} of {side} in\n{text}'
    assert re.search(r'pair .*: failed', text), text
    assert bool(ADDRESS.search(text)) == shown, text
    # Told apart all the same.
    assert shown or len(set(re.findall(r'address \d+', text))) >= 4, text


def story(app):
    """The lines of it on the page."""
    return [line for line in app.ui.labels() if 'reached' in line or re.match(r' *\d+\.\d+ s ', line)]


def make_downloads():
    """The folder that is offered to save to."""
    config = os.environ['XDG_CONFIG_HOME']
    folder = os.path.join(os.environ['SNUG_DESKTOP'], 'Downloads')
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(config, 'user-dirs.dirs'), 'w', encoding='utf-8') as file:
        file.write(f'XDG_DOWNLOAD_DIR="{folder}"\n')
    return folder


def why_of_a_failed_call():
    """Two homes whose routers don't let them meet. What this call saw is shown, copied and saved, without addresses unless wanted."""
    reason = why_not('turnserver')
    if reason:
        raise reason
    with contextlib.ExitStack() as stack:
        downloads = make_downloads()
        net = Towns(stack, BUILD, 'symmetric', 'symmetric')
        net.turn('outside', OUTSIDE, '--stun-only')
        server = net.server('outside', OUTSIDE, '--plain', '--ice-server', f'stun:{OUTSIDE}') + '/snug'
        app = stack.enter_context(snug_calls.start(BUILD, server, wrapper=net.command('one')))
        app.open().place(0, 0, 900, 2000)
        join(app, 'Robin', 'far-apart')
        app.ui.wait_for_label('You are the first one here')
        stack.enter_context(Program(*net.command('two', CLI, '--server', server, '--name', 'Maya', '--video', 'test', '--audio', 'test',
                                                 '--json', 'call', 'far-apart')))
        # Or the other one gives up first.
        app.wait_event('error', source='peer')
        app.ui.find('Try again')
        picture('failed')
        activate(app, 'Why?')
        activate(app, 'Look for the cause')
        app.ui.wait_for_label('What the call saw')
        app.ui.find('Check again')
        activate(app, 'What the call saw')
        expect_story(wait_until('what the call saw', lambda: story(app)), False)
        picture('why')
        activate(app, 'What the call saw')

        activate(app, 'Copy a report')
        app.ui.wait_for_label('Report copied.')
        for shown in False, True:
            path = os.path.join(downloads, 'snug-report.txt')
            activate(app, 'Save the report…')
            app.ui.answer_file_dialog('Save the report')
            app.ui.wait_for_label('Report saved.')
            wait_until('the report', lambda: os.path.exists(path) and os.path.getsize(path) > 0)
            with open(path, encoding='utf-8') as file:
                report = file.read()
            expect_story(report.splitlines(), shown)
            # The next one does not ask whether it may take its place.
            os.unlink(path)
            assert 'Maya' not in report and 'Robin' not in report and 'far-apart' not in report, report
            activate(app, 'Show addresses')
        print(''.join(f'# {line}\n' for line in report.splitlines()), end='')

        # What was copied, in the only place that text can be pasted to.
        app.ui.click('Back')
        app.ui.find('Try again')
        app.ui.click('Back')
        entry = app.ui.find(ROOM, TEXTS)
        app.ui.point(entry)
        app.ui.press('ctrl+a', 'ctrl+v')
        expect_story(wait_until('what was copied', lambda: entry.text() if 'reached' in entry.text() else None).splitlines(), False)


TESTS = (from_the_lobby, why_of_a_failed_call)


if __name__ == '__main__':
    sys.exit(run([test for test in TESTS if not sys.argv[2:] or test.__name__ in sys.argv[2:]]))
