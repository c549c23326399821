// Snug: private calls by room name.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The PeerJS server with room for as many as are to come.
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const express = require('express');
const { ExpressPeerServer } = require('peer');

const [certificate, key] = process.argv.slice(2);
const app = express();
const server = certificate
  ? https.createServer({ cert: fs.readFileSync(certificate), key: fs.readFileSync(key) }, app)
  : http.createServer(app);
app.use('/', ExpressPeerServer(server, { path: '/', concurrent_limit: 20000, alive_timeout: 600000 }));
server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => console.log(`port=${server.address().port}`));
