#!/usr/bin/env python3
# Snug: private calls by room name.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that each folder of src/ includes only what it may, and that no file has grown too long.

Usage: layering.py SOURCE_ROOT
Prints TAP. The rules are in the README's map of src/; this is the short form."""

import os
import re
import sys

# Folder -> the folders of src/ that it may include headers of (its own apart).
LAYERS = {
    'protocol': [],
    'signaling': ['protocol'],
    'server': ['protocol'],
    'engine': ['protocol', 'signaling'],
    'app': ['protocol', 'signaling', 'server', 'engine'],
    'cli': ['protocol', 'signaling', 'server', 'engine'],
}

# What comes from outside -> the folders that may include it.
OUTSIDE = {
    r'(gtk|gdk|gsk|adwaita|libadwaita)(-|/|\.h)': ['app'],
    r'(libsoup/|soup\.h)': ['signaling'],
    r'wslay/': ['server'],
    r'hiredis/': ['server'],
    r'(gst/|nice/)': ['engine', 'cli'],
    r'pulse/': ['engine'],
    r'json-glib/': ['protocol', 'engine', 'cli'],
    r'gnutls/': ['protocol', 'server'],
}

# The only files that may know how GStreamer does WebRTC. Everything else goes through them.
WEBRTC = r'gst/webrtc/|nice/'
WEBRTC_FILES = [
    'engine/doctor/snug-ice-trace',
    'engine/snug-webrtcbin',
    'engine/snug-peer-connection',
    'engine/snug-data-channel',
    'engine/snug-ice-config',
    'engine/snug-remote-media',
    'engine/snug-rtp-sender',
    'engine/snug-stats-collector',
]

# The app makes no GStreamer elements, but a frame that it draws is a GstVideoFrame.
APP_GST = r'gst/(gst\.h|video/video\.h|video/video-frame\.h)'

LINES_MAX = 900

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def source_files(root):
    """Every C file of src/, as (folder, path below src/)."""
    source = os.path.join(root, 'src')
    for folder in sorted(os.listdir(source)):
        for directory, _, names in os.walk(os.path.join(source, folder)):
            for name in sorted(names):
                if name.endswith(('.c', '.h')):
                    yield folder, os.path.relpath(os.path.join(directory, name), source)


def read_lines(root, path):
    with open(os.path.join(root, 'src', path), encoding='utf-8') as file:
        return file.read().split('\n')


def check_folders(root, files):
    known = set(LAYERS)
    return [f'src/{path}: no rule for the folder {folder}' for folder, path in files if folder not in known]


def check_own_headers(root, files):
    home = {os.path.basename(path): folder for folder, path in files if path.endswith('.h')}
    wrong = []
    for folder, path in files:
        allowed = LAYERS.get(folder, []) + [folder]
        for number, line in enumerate(read_lines(root, path), 1):
            match = INCLUDE.match(line)
            owner = home.get(os.path.basename(match.group(1))) if match else None
            if owner is not None and owner not in allowed:
                wrong.append(f'src/{path}:{number}: {folder} may not use {owner}: {line.strip()}')
    return wrong


def is_allowed(folder, header):
    for pattern, folders in OUTSIDE.items():
        if re.match(pattern, header) and folder not in folders:
            return folder == 'app' and re.match(APP_GST, header) is not None
    return True


def check_outside(root, files):
    wrong = []
    for folder, path in files:
        for number, line in enumerate(read_lines(root, path), 1):
            match = INCLUDE.match(line)
            if match and not is_allowed(folder, match.group(1)):
                wrong.append(f'src/{path}:{number}: not in {folder}: {line.strip()}')
    return wrong


def check_webrtc(root, files):
    wrong = []
    for _, path in files:
        for number, line in enumerate(read_lines(root, path), 1):
            match = INCLUDE.match(line)
            if match and re.match(WEBRTC, match.group(1)) and not path.startswith(tuple(WEBRTC_FILES)):
                wrong.append(f'src/{path}:{number}: not one of the files for it: {line.strip()}')
    return wrong


def check_length(root, files):
    wrong = []
    for _, path in files:
        length = len(read_lines(root, path))
        if length > LINES_MAX:
            wrong.append(f'src/{path}: {length} lines, {LINES_MAX} at most')
    return wrong


CHECKS = [
    ('every folder has a rule', check_folders),
    ('folders use only what stands left of them', check_own_headers),
    ('libraries are included where they belong', check_outside),
    ('WebRTC is known to a few files', check_webrtc),
    ('no file is too long', check_length),
]


def main():
    root = sys.argv[1]
    files = list(source_files(root))
    failed = False
    print(f'1..{len(CHECKS)}')
    for number, (name, check) in enumerate(CHECKS, 1):
        wrong = check(root, files)
        failed = failed or bool(wrong)
        for line in wrong:
            print(f'# {line}')
        print(f'{"not ok" if wrong else "ok"} {number} {name}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
