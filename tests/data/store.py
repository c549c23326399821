#!/usr/bin/python3
"""What publishing the Flatpak takes and no validator looks at: the manifest, the colours and pictures a store shows.

  store.py SOURCE
"""

import json
import os
import re
import struct
import sys
import xml.etree.ElementTree as ElementTree

ID = 'io.github.snugcalls.Snug'
SOURCE = sys.argv[1]
# Of two colours in CIELAB: below, an edge between them is hard to see.
LEAST_DIFFERENCE = 25
# What AppStream asks of a screenshot, in pixels.
LEAST_WIDTH, LEAST_HEIGHT = 620, 351

complaints = []


def check(condition, what):
    if not condition:
        complaints.append(what)


def read(*path):
    with open(os.path.join(SOURCE, *path), encoding='utf-8') as file:
        return file.read()


# --- the manifest -----------------------------------------------------------------------------

def check_sources(module):
    """Everything that is downloaded is the same for everybody, for ever."""
    for source in module['sources']:
        where = f'{module["name"]}: {source}'
        check(source['type'] == 'archive', f'is no archive: {where}')
        check(source.get('url', '').startswith('https://'), f'is not from an https address: {where}')
        check(re.fullmatch('[0-9a-f]{64}', source.get('sha256', '')), f'is not pinned: {where}')


def check_permissions(arguments):
    """No more than the README gives a reason for, and nothing that opens the sandbox."""
    section = read('README.md').partition('\n## Flatpak\n')[2].partition('\n## ')[0]
    reasons = [argument for row in re.findall(r'^\| (`--[^|]*) \|', section, re.M) for argument in re.findall('`([^`]*)`', row)]
    check(sorted(reasons) == sorted(arguments), f'README gives reasons for {reasons}, the manifest asks for {arguments}')
    for argument in arguments:
        check(not re.match('--(filesystem|device=(all|input|usb|shm)|socket=(x11|session-bus|system-bus)|persist|talk-name|own-name)',
                           argument), f'opens too much: {argument}')


def check_skipped(skipped):
    """What building and testing leaves in a checkout does not get into the build."""
    left = {'.git', '.flatpak-builder', *re.findall(r'\b_build(?:-[a-z0-9-]+)?\b', read('run') + read('tests', 'flatpak', 'run'))}
    left |= {'_build-' + name for name in re.findall(r"\bbuild\('([a-z0-9]+)'", read('tests', 'tools', 'tests'))}
    left |= {path.strip('/') for path in read('.gitignore').split() if path.endswith('node_modules')}
    check(left <= set(skipped), f'the manifest does not skip {sorted(left - set(skipped))}')
    check(skipped == sorted(skipped), 'what the manifest skips is not sorted')


def check_manifest():
    manifest = json.loads(read('flatpak', ID + '.json'))
    check(manifest['id'] == ID, f'the manifest is of {manifest["id"]}')
    *modules, snug = manifest['modules']
    for module in modules:
        check_sources(module)
    check_permissions(manifest['finish-args'])
    check([source['type'] for source in snug['sources']] == ['dir'], 'Snug is not built from the checkout')
    check_skipped(snug['sources'][0]['skip'])


# --- colours and pictures ---------------------------------------------------------------------

def lab(color):
    """CIELAB (D65) of #RRGGBB."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
              for c in (int(color[i:i + 2], 16) / 255 for i in (1, 3, 5))]
    x, y, z = (sum(weight * c for weight, c in zip(row, linear)) / white for row, white in (
        ((0.4124, 0.3576, 0.1805), 0.9505), ((0.2126, 0.7152, 0.0722), 1.0), ((0.0193, 0.1192, 0.9505), 1.089)))
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(one, other):
    return sum((a - b) ** 2 for a, b in zip(lab(one), lab(other))) ** 0.5


def check_branding(metainfo):
    """The icon stands out from the colours that a store puts behind it."""
    icon = read('data', 'icons', 'hicolor', 'scalable', 'apps', ID + '.svg')
    # What it is drawn on.
    ground = re.findall('#[0-9a-f]{6}', re.search('<linearGradient id="a".*?</linearGradient>', icon)[0])
    colors = {color.get('scheme_preference'): color.text for color in metainfo.iterfind('branding/color')}
    check(set(colors) == {'light', 'dark'}, f'there are colours for {sorted(colors)}')
    for scheme, color in colors.items():
        for edge in ground:
            found = difference(color, edge)
            check(found >= LEAST_DIFFERENCE, f'{scheme}: {color} differs from {edge} of the icon by {found:.0f}, '
                  f'less than {LEAST_DIFFERENCE}')


def check_screenshots(metainfo):
    """Each is large enough, of one size with the others, and says what it shows."""
    shots = metainfo.findall('screenshots/screenshot')
    check(3 <= len(shots) <= 10, f'there are {len(shots)} screenshots')
    check([shot.get('type') for shot in shots].count('default') == 1 and shots[0].get('type') == 'default',
          'the first screenshot is not the default')
    for shot in shots:
        name = os.path.basename(shot.findtext('image'))
        with open(os.path.join(SOURCE, 'data', 'screenshots', name), 'rb') as file:
            width, height = struct.unpack('>II', file.read(24)[16:])
        check(width >= LEAST_WIDTH and height >= LEAST_HEIGHT, f'{name} has only {width}x{height} pixels')
        caption = shot.findtext('caption') or ''
        check(0 < len(caption) <= 100 and not caption.endswith('.'), f'{name}: the caption is not one: {caption!r}')


def main():
    metainfo = ElementTree.fromstring(read('data', ID + '.metainfo.xml.in'))
    check_manifest()
    check_branding(metainfo)
    check_screenshots(metainfo)
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


if __name__ == '__main__':
    sys.exit(main())
