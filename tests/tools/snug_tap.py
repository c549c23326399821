"""Runs functions as tests, one after the other, and writes TAP."""

import traceback


class Skip(Exception):
    """The test can't run here; the text says why."""


def run(tests):
    """The exit status is for whoever does not read TAP."""
    failed = 0
    print(f'1..{len(tests)}', flush=True)
    for number, test in enumerate(tests, 1):
        try:
            test()
            print(f'ok {number} {test.__name__}', flush=True)
        except Skip as reason:
            print(f'ok {number} {test.__name__} # SKIP {reason}', flush=True)
        except Exception:  # pylint: disable=broad-except
            failed += 1
            for line in traceback.format_exc().splitlines():
                print(f'# {line}')
            print(f'not ok {number} {test.__name__}', flush=True)
    return 1 if failed else 0
