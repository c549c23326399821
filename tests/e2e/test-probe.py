#!/usr/bin/python3
"""snug-cli probe between two machines, each behind a router that translates addresses. TAP out.

  tests/e2e/test-probe.py BUILD [TEST...]

The networks are snug_net.Towns, with server and coturn outside.
"""

import contextlib
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'tools'))
# pylint: disable=wrong-import-position
from snug_net import OUTSIDE, PASSWORD, TIMEOUT, USER, Towns, why_not  # noqa: E402
from snug_tap import run  # noqa: E402

BUILD = sys.argv[1]
CLI = os.path.join(BUILD, 'src', 'cli', 'snug-cli')
NO_PATH = 'No pair of candidates worked'
COUNT = 300


class Side:
    """One of the two, until its end."""

    def __init__(self, net, role, name, *options):
        self.code, self.log, self.all = None, '', []
        # Files, because nobody reads while the other one is waited for.
        self.files = [open(os.path.join(net.folder, role + end), 'w+', encoding='utf-8') for end in ('.out', '.log')]
        self.process = subprocess.Popen(
            net.command(name, CLI, 'probe', '--json', '--role', role, '--stun', f'stun:{OUTSIDE}', '--wait', '50',
                        '--count', str(COUNT), '--size', '1000', '--interval', '0', *options),
            env={**os.environ, 'G_DEBUG': 'fatal-warnings'}, stdin=subprocess.DEVNULL, stdout=self.files[0], stderr=self.files[1])
        net.stack.callback(self.process.wait)
        net.stack.callback(self.process.kill)

    def end(self):
        """Waits for it, and reads what it said."""
        self.code = self.process.wait(TIMEOUT)
        out, self.log = [file.seek(0) or file.read() for file in self.files]
        for file in self.files:
            file.close()
        self.all = [json.loads(line) for line in out.splitlines()]

    def events(self, kind, **fields):
        """Those of that kind and with these fields."""
        return [event for event in self.all if event['event'] == kind and all(event[name] == fields[name] for name in fields)]

    def last(self, kind):
        """The last one of that kind."""
        found = self.events(kind)
        assert found, f'no {kind} in {self.all} {self.log}'
        return found[-1]

    def pairs(self):
        """How each pair ended: by its addresses."""
        return {(pair['local_address'], pair['local_port'], pair['remote_address'], pair['remote_port']): pair
                for pair in self.events('pair')}

    def types(self, side):
        """Of the candidates that were gathered or received."""
        return {event['type'] for event in self.events('candidate', side=side)}


def meet(one, two, *options):
    """Both sides, at the end of their probe, with these mappings of their routers."""
    with contextlib.ExitStack() as stack:
        net = Towns(stack, BUILD, one, two)
        net.turn('outside', OUTSIDE)
        server = net.server('outside', OUTSIDE, '--plain')
        sides = [Side(net, role, name, '--server', server, *options) for role, name in (('answerer', 'two'), ('offerer', 'one'))]
        for side in sides:
            side.end()
    return sides


def note(one, two, relay, side):
    """A line of the table."""
    ends = [f'{pair["local_address"]}>{pair["remote_address"]} {pair["state"]}' for pair in side.pairs().values()]
    if side.events('path'):
        path, result = side.last('path'), side.last('result')
        said = (f'{path["local_candidate_type"]} [{path["local_address"]}]:{path["local_port"]} > '
                f'{path["remote_candidate_type"]} [{path["remote_address"]}]:{path["remote_port"]}, {path["protocol"]} | '
                f'{result["round_trip_median_seconds"] * 1000:.2f} ms, lost {result["loss_fraction"] * 100:.0f} %, '
                f'{result["throughput_bits_per_second"] / 1000:.0f} kbit/s')
    else:
        said = side.last('error')['message']
    print(f'# | {one} | {two} | {"relay" if relay else "no relay"} | exit {side.code} | {said} | {"; ".join(sorted(ends))} |', flush=True)


def look_at(sides, relay):
    """What has to hold however it ended: each candidate and each pair is there, and each pair has an end."""
    for side in sides:
        wanted = {'host', 'srflx', 'relay'} if relay else {'host', 'srflx'}
        assert side.types('local') == wanted, side.events('candidate')
        assert side.types('remote') == wanted, side.events('candidate')
        assert side.pairs(), side.all
        for pair in side.pairs().values():
            assert pair['local_address'] and pair['remote_address'] and pair['protocol'], pair


def connected(one, two, relay):
    """Both sides of a probe that came to its end."""
    sides = meet(one, two, *turn(relay))
    for side in sides:
        note(one, two, relay, side)
    look_at(sides, relay)
    for side in sides:
        assert side.code == 0, (side.code, side.all, side.log)
        result = side.last('result')
        assert result['echoed'] == result['sent'] == COUNT and result['loss_fraction'] == 0, result
        assert 0 < result['round_trip_min_seconds'] <= result['round_trip_median_seconds'] <= result['round_trip_p99_seconds'], result
        assert result['throughput_bits_per_second'] > 100000, result
        assert [pair for pair in side.pairs().values() if pair['state'] == 'succeeded'], side.pairs()
    return sides


def failed(one, two):
    """Both sides of a probe without a relay that found no path."""
    sides = meet(one, two, *turn(False))
    for side in sides:
        note(one, two, False, side)
    look_at(sides, False)
    for side in sides:
        assert side.code == 4 and re.match(NO_PATH, side.last('error')['message']), side.all[-1]
        assert not side.events('path') and not side.events('result'), side.all
        assert {pair['state'] for pair in side.pairs().values()} <= {'failed', 'dropped'}, side.pairs()


def turn(relay):
    """The options for it."""
    return ('--ice-server', f'turn:{USER}:{PASSWORD}@{OUTSIDE}') if relay else ('--with-turn', 'false')


def two_cones():
    """The addresses that the routers gave out are enough."""
    for side in connected('cone', 'cone', False):
        path = side.last('path')
        assert path['local_candidate_type'] == path['remote_candidate_type'] == 'srflx', path


def two_cones_and_a_relay():
    """It is there, and not used."""
    for side in connected('cone', 'cone', True):
        path = side.last('path')
        assert 'relay' not in (path['local_candidate_type'], path['remote_candidate_type']), path


def two_symmetric():
    """Nobody can know where the other one will come from."""
    failed('symmetric', 'symmetric')


def two_symmetric_and_a_relay():
    """It carries what goes by no other way."""
    for side in connected('symmetric', 'symmetric', True):
        path = side.last('path')
        assert 'relay' in (path['local_candidate_type'], path['remote_candidate_type']), path
        assert OUTSIDE in (path['local_address'], path['remote_address']), path


def one_of_each():
    """The cone lets in who was sent to, and that is another port."""
    failed('cone', 'symmetric')


def one_of_each_and_a_relay():
    """As with two symmetric ones."""
    for side in connected('cone', 'symmetric', True):
        path = side.last('path')
        assert 'relay' in (path['local_candidate_type'], path['remote_candidate_type']), path


TESTS = (two_cones, two_cones_and_a_relay, two_symmetric, two_symmetric_and_a_relay, one_of_each, one_of_each_and_a_relay)


def skipped(test, reason):
    """That test, which can't run here."""
    def skip():
        raise reason
    skip.__name__ = test.__name__
    return skip


if __name__ == '__main__':
    why = why_not('turnserver')
    sys.exit(run([skipped(test, why) if why else test for test in TESTS if not sys.argv[2:] or test.__name__ in sys.argv[2:]]))
