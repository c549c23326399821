#!/usr/bin/python3
"""What snug-cli doctor says of devices and plugins that fail: the cause, and nothing else. TAP out.

  tests/tools/desktop --cameras 0 -- tests/e2e/test-doctor-devices.py BUILD

doctor-failures.json maps each failure to what is said. What has to do with networks is in test-doctor.py.
"""

import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'tools'))
# pylint: disable=wrong-import-position
from snug_programs import Server  # noqa: E402
from snug_tap import run  # noqa: E402

BUILD = sys.argv[1]
CLI = os.path.join(BUILD, 'src', 'cli', 'snug-cli')
SESSION = os.environ['SNUG_DESKTOP']
# That nobody speaks in this session is no failure that was made here.
QUIET = {'microphone-mute'}

with open(os.path.join(HERE, 'doctor-failures.json'), encoding='utf-8') as failures:
    EXPECTED = json.load(failures)


def check(name, quiet=(), **env):
    """Looks at what is said but for what is quiet, and gives back the checks by name."""
    with Server(BUILD) as server:
        done = subprocess.run([CLI, 'doctor', '--json', '--server', server.uri], env={**os.environ, **env}, check=False, text=True,
                              timeout=150, stdout=subprocess.PIPE)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    said = [(finding['code'], finding['sentence']) for finding in events[-1]['findings'] if finding['code'] not in QUIET.union(quiet)]
    details = '\n'.join(str(event) for event in events)
    assert said == [(EXPECTED[name]['finding'], EXPECTED[name]['sentence'])], f'said {said}\n{details}'
    assert done.returncode == EXPECTED[name]['exit'], f'exit status {done.returncode}\n{details}'
    return {event['check']: event for event in events[:-1]}


def no_camera():
    """And everything else is looked at all the same: microphone, speaker, a whole call."""
    checks = check('no-camera')
    for one in 'microphone', 'speaker', 'call':
        assert checks[one]['state'] in ('good', 'remark'), checks[one]
    for line in (*checks['speaker']['seen'], *checks['call']['seen']):
        print(f'# {line}')
    assert any('First picture' in line for line in checks['call']['seen']), checks['call']
    assert any('Round trip' in line for line in checks['call']['seen']), checks['call']


def camera_silent():
    """One that PipeWire shows, that opens, and sends nothing."""
    with subprocess.Popen([os.path.join(SESSION, 'virtual-camera'), 'snug-silent', 'Silent camera', '640', '360', '30'],
                          stdin=subprocess.PIPE) as camera:
        try:
            check('camera-silent')
        finally:
            camera.stdin.close()


def plugins_without(*missing):
    """A folder of all plugins but these, and what it takes to use it in the place of the system's."""
    plugins = subprocess.check_output(['pkg-config', '--variable=pluginsdir', 'gstreamer-1.0'], text=True).strip()
    others = tempfile.mkdtemp(prefix='doctor.', dir=SESSION)
    for name in os.listdir(plugins):
        if name.endswith('.so') and name not in missing:
            os.symlink(os.path.join(plugins, name), os.path.join(others, name))
    return others, {'GST_PLUGIN_SYSTEM_PATH_1_0': others, 'GST_PLUGIN_PATH_1_0': '', 'GST_REGISTRY_1_0': os.path.join(others, 'registry')}


def missing_plugin():
    """Without VP8 no call works; nothing that follows from it is named."""
    checks = check('missing-plugin', **plugins_without('libgstvpx.so')[1])
    assert any('gstreamer1.0-plugins-good' in line for line in checks['plugins']['seen']), checks['plugins']
    assert 'camera' not in checks and 'call' not in checks, checks


def camera_busy():
    """One that another program has, where there is no PipeWire to share it."""
    folder, env = plugins_without('libgstpipewire.so', 'libgstvideo4linux2.so')
    flags = subprocess.check_output(['pkg-config', '--cflags', '--libs', 'gstreamer-base-1.0'], text=True).split()
    subprocess.run(['cc', '-O1', '-shared', '-fPIC', '-o', os.path.join(folder, 'libgstbusycamera.so'),
                    os.path.join(HERE, '..', 'tools', 'busy-camera.c'), *flags], check=True)
    # Screens are shared by that plugin, too.
    checks = check('camera-busy', quiet={'screen-plugin'}, **env)
    assert any('Busy camera' in line for line in checks['camera']['seen']), checks['camera']
    assert any('/dev/video0' in line for line in checks['camera']['seen']), checks['camera']


sys.exit(run([test for test in (no_camera, camera_silent, camera_busy, missing_plugin)
              if not sys.argv[2:] or test.__name__ in sys.argv[2:]]))
