// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Programs in Go with pion, built with what Debian has: no module is fetched.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { check } = require('./harness.js');

const GO_SOURCES = '/usr/share/gocode';
const built = new Map();

function build(name) {
  if (!fs.existsSync(path.join(GO_SOURCES, 'src/github.com/pion/webrtc')))
    return { reason: 'golang-github-pion-webrtc.v3-dev is not installed' };
  const folder = process.env.SNUG_PION_FOLDER || fs.mkdtempSync('/tmp/snug-pion-');
  const gopath = path.join(folder, `gopath-${name}`);
  const source = path.join(gopath, 'src', 'snug');
  const program = path.join(folder, name);
  fs.mkdirSync(source, { recursive: true });
  for (const file of fs.readdirSync(path.join(__dirname, '..', name)))
    fs.copyFileSync(path.join(__dirname, '..', name, file), path.join(source, file));
  fs.writeFileSync(path.join(source, 'go.mod'), 'module snug\n');
  const result = spawnSync('go', ['build', '-o', program, '.'], {
    cwd: source,
    env: {
      ...process.env, GO111MODULE: 'off', GOFLAGS: '', GOPROXY: 'off', GOPATH: `${gopath}:${GO_SOURCES}`, GOCACHE: `${folder}/cache`,
    },
  });
  if (result.error)
    return { reason: 'golang-go is not installed' };
  check(result.status === 0, String(result.stderr));
  return { program };
}

// name: of a folder beside this one. Answers {program}, or {reason} why there is none.
function buildPion(name) {
  if (!built.has(name))
    built.set(name, build(name));
  return built.get(name);
}

module.exports = { buildPion };
