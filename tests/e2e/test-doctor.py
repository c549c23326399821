#!/usr/bin/python3
"""What snug-cli doctor says of real failures, made in network namespaces: the cause, and nothing else. TAP out.

  tests/e2e/test-doctor.py BUILD [FAILURE...]

doctor-failures.json maps each failure to what is said. What has to do with devices is in test-doctor-devices.py.
"""

import base64
import concurrent.futures
import contextlib
import hashlib
import hmac
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'tools'))
# pylint: disable=wrong-import-position
from snug_net import PASSWORD, TIMEOUT, USER, Net, why_not  # noqa: E402
from snug_tap import run  # noqa: E402

BUILD = sys.argv[1]
CLI = os.path.join(BUILD, 'src', 'cli', 'snug-cli')
# As many as two processors carry: nearly all of it is waiting.
AT_ONCE = 5
CLIENT, NEAR, FAR = '10.79.0.2', '198.18.1.2', '198.18.2.2'
SECRET = 'north'
# Of a machine that has none, which is no failure that was made here.
DEVICES = {'no-camera', 'no-microphone', 'no-speaker'}
FOLDER = tempfile.mkdtemp(prefix='snug-doctor.')


class Doctors(Net):
    """client - router - near, far: the router between three networks."""

    def __init__(self, stack):
        super().__init__(stack, BUILD, 'client', 'router', 'near', 'far')
        for name, address in (('client', CLIENT), ('near', NEAR), ('far', FAR)):
            gate = address.rsplit('.', 1)[0] + '.1'
            self.link('router', gate + '/24', name, address + '/24')
            self.gateway(name, gate)
        self.forward('router')

    def doctor(self, server, *ice_servers, trusted=None, media=False):
        """What it says, as (exit status, verdict, checks). media: with calls of the engine with itself."""
        words = []
        if trusted:
            # ip gives each its own mounts, which end with it.
            words += ['sh', '-c', f'mount --bind {trusted} /etc/ssl/certs/ca-certificates.crt && exec "$0" "$@"']
        words += [CLI, 'doctor', '--json', '--server', server, *([] if media else ['--no-media'])]
        for one in ice_servers:
            words += ['--ice-server', one]
        # There is no sound server and no PipeWire in an empty folder.
        env = {**os.environ, 'G_DEBUG': 'fatal-warnings', 'XDG_RUNTIME_DIR': self.folder}
        done = subprocess.run(self.command('client', *words), env=env, check=False, text=True,
                              timeout=TIMEOUT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        events = [json.loads(line) for line in done.stdout.splitlines()]
        assert events and events[-1]['event'] == 'verdict', done
        return done.returncode, events[-1]['findings'], events[:-1]


AUTHORITY = """[ca]
default_ca = c
[c]
database = {0}/index
rand_serial = yes
default_md = sha256
policy = p
copy_extensions = copy
new_certs_dir = {0}
[p]
commonName = supplied
"""


def certificate(name, address=NEAR, start='20200101000000Z', end='20991231000000Z'):
    """Self-signed: the paths of it and its key."""
    folder = os.path.join(FOLDER, name)
    os.mkdir(folder)
    pem, key, request, config = (os.path.join(folder, file) for file in ('pem', 'key', 'request', 'config'))
    with open(config, 'w', encoding='ascii') as file:
        file.write(AUTHORITY.format(folder))
    with open(os.path.join(folder, 'index'), 'w', encoding='ascii'):
        pass
    for command in (['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=snug', '-addext',
                     f'subjectAltName=IP:{address}', '-keyout', key, '-out', request],
                    ['ca', '-batch', '-selfsign', '-notext', '-config', config, '-keyfile', key, '-in', request, '-out', pem,
                     '-startdate', start, '-enddate', end]):
        subprocess.run(['openssl', *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return [pem, key]


FAKE = r'''
import base64, hashlib, json, re, socket, sys
listener = socket.create_server(('0.0.0.0', int(sys.argv[1])))
print('listening', flush=True)
while True:
    client = listener.accept()[0]
    request = client.recv(4096).decode()
    if sys.argv[2] == 'web':
        client.sendall(b'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')
    else:
        key = re.search(r'Sec-WebSocket-Key: (\S+)', request)[1] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        client.sendall(('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
                        f'Sec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: snug.1\r\n\r\n').encode())
        text = json.dumps({'type': 'error', 'code': 'version', 'text': 'This server speaks version 2'}).encode()
        client.sendall(bytes([0x81, len(text)]) + text)
    client.recv(4096)
    client.close()
'''

STUN = f'stun:{FAR}'
TURN = f'turn:{USER}:{PASSWORD}@{NEAR}'


def well(net):
    """A server near, a relay beside it, a STUN server far."""
    net.turn('near', NEAR)
    net.turn('far', FAR)
    return net.server('near', NEAR)


def all_is_well(net):
    return net.doctor(well(net), STUN, TURN, TURN + '?transport=tcp')


def no_network(net):
    net.ip('client', 'link', 'set', 'eth0', 'down')
    return net.doctor(f'ws://{NEAR}:8765', STUN)


def offline(net):
    net.rules('router', 'forward', 'ip saddr 10.79.0.0/24 drop')
    return net.doctor(f'ws://{NEAR}:8765', STUN)


def udp_dropped(net):
    server = well(net)
    net.rules('router', 'forward', 'meta l4proto udp drop')
    return net.doctor(server, STUN)


def udp_dropped_here(net):
    server = well(net)
    net.rules('client', 'output', 'meta l4proto udp drop')
    return net.doctor(server, STUN, TURN)


def udp_dropped_relay_by_tcp(net):
    server = well(net)
    net.rules('router', 'forward', 'ip saddr 10.79.0.0/24 meta l4proto udp drop')
    return net.doctor(server, STUN, TURN, TURN + '?transport=tcp')


def only_443(net):
    net.turn('near', NEAR)
    net.turn('far', FAR)
    server = net.server('near', NEAR, port=443)
    net.rules('router', 'forward', 'ip saddr 10.79.0.0/24 meta l4proto udp drop', 'ip saddr 10.79.0.0/24 tcp dport != 443 drop')
    return net.doctor(server, STUN, TURN, TURN + '?transport=tcp')


def only_443_relay_there(net):
    pem, key = certificate('far', FAR)
    net.turn('far', FAR, '--cert', pem, '--pkey', key, port=443)
    server = net.server('near', NEAR, port=443)
    net.rules('router', 'forward', 'ip saddr 10.79.0.0/24 meta l4proto udp drop', 'ip saddr 10.79.0.0/24 tcp dport != 443 drop')
    return net.doctor(server, STUN, f'turns:{USER}:{PASSWORD}@{FAR}:443', trusted=pem)


def address_dependent_nat(net):
    server = well(net)
    net.rules('router', 'postrouting', 'ip saddr 10.79.0.0/24 meta l4proto udp masquerade fully-random')
    return net.doctor(server, STUN, f'stun:{NEAR}')


def address_dependent_nat_relay(net):
    server = well(net)
    net.rules('router', 'postrouting', 'ip saddr 10.79.0.0/24 meta l4proto udp masquerade fully-random')
    return net.doctor(server, STUN, TURN)


def endpoint_independent_nat(net):
    """One address, and the port stays; the two networks outside would see two addresses of the router otherwise."""
    server = well(net)
    net.ip('router', 'addr', 'add', '198.18.9.1/32', 'dev', 'lo')
    for one in 'near', 'far':
        net.ip(one, 'route', 'add', '198.18.9.1', 'dev', 'eth0', 'via', '198.18.1.1' if one == 'near' else '198.18.2.1')
    net.rules('router', 'postrouting', 'ip saddr 10.79.0.0/24 meta l4proto udp snat to 198.18.9.1')
    return net.doctor(server, STUN, f'stun:{NEAR}')


def server_down(net):
    return net.doctor(f'ws://{NEAR}:8765')


def server_wrong_port(net):
    net.server('near', NEAR)
    net.start('near', '/usr/bin/python3', '-c', FAKE, '8080', 'web', until='listening')
    return net.doctor(f'ws://{NEAR}:8080')


def server_name_unknown(net):
    net.turn('far', FAR)
    return net.doctor('wss://nobody.invalid', STUN)


def server_bad_certificate(net):
    pem, key = certificate('unknown')
    return net.doctor(net.server('near', NEAR, '--tls-cert', pem, '--tls-key', key))


def server_other_name(net):
    pem, key = certificate('other', '198.18.1.99')
    return net.doctor(net.server('near', NEAR, '--tls-cert', pem, '--tls-key', key), trusted=pem)


def server_expired(net):
    pem, key = certificate('expired', end='20200201000000Z')
    return net.doctor(net.server('near', NEAR, '--tls-cert', pem, '--tls-key', key), trusted=pem)


def server_no_tls(net):
    return net.doctor(net.server('near', NEAR).replace('ws:', 'wss:'))


def server_wrong_version(net):
    net.start('near', '/usr/bin/python3', '-c', FAKE, '8765', 'version', until='listening')
    return net.doctor(f'ws://{NEAR}:8765')


def server_needs_token(net):
    keys = os.path.join(FOLDER, 'keys')
    with open(keys, 'w', encoding='ascii') as file:
        file.write(base64.b64encode(os.urandom(32)).decode() + '\n')
    os.chmod(keys, 0o600)
    return net.doctor(net.server('near', NEAR, '--access-token-file', keys))


def stun_dead(net):
    net.turn('near', NEAR)
    return net.doctor(net.server('near', NEAR), STUN)


def stun_silent(net):
    """The machine is gone; that UDP passes is seen by the server's."""
    server = net.server('near', NEAR)
    net.ip('far', 'link', 'set', 'eth0', 'down')
    net.rules('router', 'forward', f'ip daddr {FAR} drop')
    return net.doctor(server, STUN)


def turn_dead(net):
    net.turn('far', FAR)
    return net.doctor(net.server('near', NEAR), STUN, TURN)


def turn_silent(net):
    net.turn('far', FAR)
    server = net.server('near', NEAR)
    net.rules('router', 'forward', 'udp dport 3478 ip daddr 198.18.1.2 drop')
    return net.doctor(server, STUN, TURN)


def turn_wrong_password(net):
    return net.doctor(well(net), STUN, TURN.replace(PASSWORD, 'wrong'))


def turn_wrong_secret(net):
    net.turn('near', NEAR, '--use-auth-secret', '--static-auth-secret', SECRET)
    net.turn('far', FAR)
    user = f'{int(time.time()) + 3600}:ada'
    word = base64.b64encode(hmac.new(b'south', user.encode(), hashlib.sha1).digest()).decode()
    return net.doctor(net.server('near', NEAR), STUN, f'turn:{user.replace(":", "%3A")}:{word.replace("/", "%2F")}@{NEAR}')


def turn_bad_certificate(net):
    pem, key = certificate('relay')
    net.turn('near', NEAR, '--cert', pem, '--pkey', key, port=5349)
    net.turn('far', FAR)
    return net.doctor(net.server('near', NEAR), STUN, f'turns:{USER}:{PASSWORD}@{NEAR}')


def turn_no_way_out(net):
    server = well(net)
    net.rules('router', 'forward', f'ip saddr {NEAR} ip daddr {FAR} meta l4proto udp drop')
    return net.doctor(server, STUN, TURN)


def turn_refuses_all(net):
    """Nothing else is there to send to but the relay itself."""
    net.turn('near', NEAR, '--denied-peer-ip', '0.0.0.0-255.255.255.255')
    return net.doctor(net.server('near', NEAR), TURN)


def call_by_relay(net):
    """The engine calls itself, directly and by the relay."""
    code, verdict, checks = net.doctor(well(net), STUN, TURN, media=True)
    for kind, path in ('call', 'host to host'), ('call-by-relay', 'relay to relay'):
        check_of = next(one for one in checks if one['check'] == kind)
        for line in check_of['seen']:
            print(f'# {kind}: {line}', flush=True)
        for what in path, 'First picture after', 'A picture takes', 'Round trip':
            assert any(what in line for line in check_of['seen']), check_of
    return code, verdict, checks


def call_by_relay_refused(net):
    """It takes what is for others, but two who both use it don't reach each other."""
    net.turn('near', NEAR, '--denied-peer-ip', NEAR)
    net.turn('far', FAR)
    return net.doctor(net.server('near', NEAR), STUN, TURN, media=True)


def of_devices(name):
    return name in ('no-camera', 'camera-silent', 'camera-busy', 'missing-plugin')


def check(name, expected):
    """Makes the failure and looks at what is said of it."""
    with contextlib.ExitStack() as stack:
        code, verdict, checks = globals()[name.replace('-', '_')](Doctors(stack))
    said = [(finding['code'], finding['sentence']) for finding in verdict if finding['code'] not in DEVICES]
    wanted = [(expected['finding'], expected['sentence'])] if expected['finding'] else []
    details = '\n'.join(f'{one["check"]} {one["subject"]}: {one["findings"]} {one["seen"]}' for one in checks)
    assert said == wanted, f'said {said}\n{details}'
    # Without a camera it is never 0.
    wanted = 6 if len(verdict) > len(said) and not said else expected['exit']
    assert code == wanted, f'exit status {code}\n{details}'


def main():
    with open(os.path.join(HERE, 'doctor-failures.json'), encoding='utf-8') as file:
        failures = {name: expected for name, expected in json.load(file).items()
                    if not of_devices(name) and (not sys.argv[2:] or name in sys.argv[2:])}
    reason = why_not('turnserver', 'openssl')
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        futures = {} if reason else {name: pool.submit(check, name, expected) for name, expected in failures.items()}

        def make(name):
            def test():
                if reason:
                    raise reason
                futures[name].result()
            test.__name__ = name
            return test
        code = run([make(name) for name in failures])
    shutil.rmtree(FOLDER)
    return code


if __name__ == '__main__':
    sys.exit(main())
