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
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'tools'))
# pylint: disable=wrong-import-position
from snug_tap import Skip, run  # noqa: E402

BUILD = sys.argv[1]
CLI = os.path.join(BUILD, 'src', 'cli', 'snug-cli')
SERVER = os.path.join(BUILD, 'src', 'server', 'snug-server')
TIMEOUT = 120
# As many as two processors carry: nearly all of it is waiting.
AT_ONCE = 5
CLIENT, NEAR, FAR = '10.79.0.2', '198.18.1.2', '198.18.2.2'
USER, PASSWORD, SECRET = 'snug', 'word', 'north'
FOLDER = tempfile.mkdtemp(prefix='snug-doctor.')
NUMBERS = iter(range(1000))
LOCK = threading.Lock()


def ip(*words):
    subprocess.run(['ip', *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class Net:
    """client - router - near, far: each a namespace, the router between three networks."""

    def __init__(self, stack):
        with LOCK:
            name = f'snugdoc{os.getpid()}x{next(NUMBERS)}'
        self.stack = stack
        self.client, self.router, self.near, self.far = (name + end for end in 'crnf')
        for one in (self.client, self.router, self.near, self.far):
            ip('netns', 'add', one)
            stack.callback(ip, 'netns', 'del', one)
            ip('-n', one, 'link', 'set', 'lo', 'up')
        for n, (one, address) in enumerate(((self.client, CLIENT), (self.near, NEAR), (self.far, FAR))):
            gate = address.rsplit('.', 1)[0] + '.1'
            ip('-n', self.router, 'link', 'add', f'r{n}', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', one)
            ip('-n', self.router, 'addr', 'add', gate + '/24', 'dev', f'r{n}')
            ip('-n', self.router, 'link', 'set', f'r{n}', 'up')
            ip('-n', one, 'addr', 'add', address + '/24', 'dev', 'eth0')
            ip('-n', one, 'link', 'set', 'eth0', 'up')
            ip('-n', one, 'route', 'add', 'default', 'via', gate)
        self.inside(self.router, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward')

    def inside(self, name, *command):
        subprocess.run(['ip', 'netns', 'exec', name, *command], check=True)

    def rules(self, name, chain, *rules):
        """nftables: a chain of one of these hooks and its rules."""
        kind = 'nat' if chain == 'postrouting' else 'filter'
        text = '\n'.join(['table ip doctor {', f'chain c {{ type {kind} hook {chain} priority 0', *rules, '}', '}']) + '\n'
        subprocess.run(['ip', 'netns', 'exec', name, 'nft', '-f', '-'], input=text.encode(), check=True)

    def start(self, name, *command, until):
        """A program in that namespace, which is waited for: until it writes what matches, or has these sockets."""
        log = tempfile.NamedTemporaryFile(dir=FOLDER, delete=False)  # pylint: disable=consider-using-with
        process = subprocess.Popen(['ip', 'netns', 'exec', name, *command], stdin=subprocess.DEVNULL, stdout=log,
                                   stderr=subprocess.STDOUT)
        self.stack.callback(process.wait)
        self.stack.callback(process.kill)
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline and process.poll() is None:
            with open(log.name, encoding='utf-8', errors='replace') as file:
                if isinstance(until, str) and re.search(until, file.read()):
                    return
            if not isinstance(until, str) and until <= self.sockets(name):
                return
            time.sleep(0.05)
        with open(log.name, encoding='utf-8', errors='replace') as file:
            raise RuntimeError(f'{command} does not start:\n{file.read()}')

    @staticmethod
    def sockets(name):
        """What listens in that namespace: 'udp:3478' and so on."""
        tables = subprocess.check_output(['ip', 'netns', 'exec', name, 'sh', '-c', 'cat /proc/net/tcp; echo; cat /proc/net/udp'],
                                         text=True).split('\n\n')
        return {f'{kind}:{int(port, 16)}' for kind, table, state in (('tcp', tables[0], '0A'), ('udp', tables[1], '07'))
                for port in re.findall(rf'^ *\d+: \w+:(\w+) \w+:0000 {state}', table, re.MULTILINE)}

    def server(self, *options, port=8765):
        """snug-server near: its address."""
        self.start(self.near, SERVER, '--bind', '0.0.0.0', '--port', str(port), *options, until=r'event=listening')
        return f'{"wss" if "--tls-cert" in options else "ws"}://{NEAR}:{port}'

    def turn(self, name, address, *options, port=3478):
        """coturn there."""
        tls = '--cert' in options
        auth = [] if '--use-auth-secret' in options else ['--lt-cred-mech', '--user', f'{USER}:{PASSWORD}']
        self.start(name, 'turnserver', '-n', '--listening-ip', address, '--relay-ip', address,
                   '--tls-listening-port' if tls else '--listening-port', str(port), '--realm', 'snug.test', *auth, '--no-cli',
                   *(['--no-udp', '--no-tcp'] if tls else ['--no-tls']), '--no-dtls', '--pidfile',
                   os.path.join(FOLDER, name + address), '--log-file', 'stdout', '--simple-log', *options,
                   until={f'tcp:{port}'} if tls else {f'tcp:{port}', f'udp:{port}'})

    def doctor(self, server, *ice_servers, trusted=None):
        """What it says, as (exit status, verdict, checks)."""
        command = ['ip', 'netns', 'exec', self.client]
        if trusted:
            # ip gives each its own mounts, which end with it.
            command += ['sh', '-c', f'mount --bind {trusted} /etc/ssl/certs/ca-certificates.crt && exec "$0" "$@"']
        command += [CLI, 'doctor', '--json', '--no-media', '--server', server]
        for one in ice_servers:
            command += ['--ice-server', one]
        done = subprocess.run(command, env={**os.environ, 'G_DEBUG': 'fatal-warnings'}, check=False, text=True,
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
    net.turn(net.near, NEAR)
    net.turn(net.far, FAR)
    return net.server()


def all_is_well(net):
    return net.doctor(well(net), STUN, TURN, TURN + '?transport=tcp')


def no_network(net):
    ip('-n', net.client, 'link', 'set', 'eth0', 'down')
    return net.doctor(f'ws://{NEAR}:8765', STUN)


def offline(net):
    net.rules(net.router, 'forward', 'ip saddr 10.79.0.0/24 drop')
    return net.doctor(f'ws://{NEAR}:8765', STUN)


def udp_dropped(net):
    server = well(net)
    net.rules(net.router, 'forward', 'meta l4proto udp drop')
    return net.doctor(server, STUN)


def udp_dropped_here(net):
    server = well(net)
    net.rules(net.client, 'output', 'meta l4proto udp drop')
    return net.doctor(server, STUN, TURN)


def udp_dropped_relay_by_tcp(net):
    server = well(net)
    net.rules(net.router, 'forward', 'ip saddr 10.79.0.0/24 meta l4proto udp drop')
    return net.doctor(server, STUN, TURN, TURN + '?transport=tcp')


def only_443(net):
    net.turn(net.near, NEAR)
    net.turn(net.far, FAR)
    server = net.server(port=443)
    net.rules(net.router, 'forward', 'ip saddr 10.79.0.0/24 meta l4proto udp drop', 'ip saddr 10.79.0.0/24 tcp dport != 443 drop')
    return net.doctor(server, STUN, TURN, TURN + '?transport=tcp')


def only_443_relay_there(net):
    pem, key = certificate('far', FAR)
    net.turn(net.far, FAR, '--cert', pem, '--pkey', key, port=443)
    server = net.server(port=443)
    net.rules(net.router, 'forward', 'ip saddr 10.79.0.0/24 meta l4proto udp drop', 'ip saddr 10.79.0.0/24 tcp dport != 443 drop')
    return net.doctor(server, STUN, f'turns:{USER}:{PASSWORD}@{FAR}:443', trusted=pem)


def address_dependent_nat(net):
    server = well(net)
    net.rules(net.router, 'postrouting', 'ip saddr 10.79.0.0/24 meta l4proto udp masquerade fully-random')
    return net.doctor(server, STUN, f'stun:{NEAR}')


def address_dependent_nat_relay(net):
    server = well(net)
    net.rules(net.router, 'postrouting', 'ip saddr 10.79.0.0/24 meta l4proto udp masquerade fully-random')
    return net.doctor(server, STUN, TURN)


def endpoint_independent_nat(net):
    """One address, and the port stays; the two networks outside would see two addresses of the router otherwise."""
    server = well(net)
    ip('-n', net.router, 'addr', 'add', '198.18.9.1/32', 'dev', 'lo')
    for one in net.near, net.far:
        ip('-n', one, 'route', 'add', '198.18.9.1', 'dev', 'eth0', 'via', f'198.18.{1 if one == net.near else 2}.1')
    net.rules(net.router, 'postrouting', 'ip saddr 10.79.0.0/24 meta l4proto udp snat to 198.18.9.1')
    return net.doctor(server, STUN, f'stun:{NEAR}')


def server_down(net):
    return net.doctor(f'ws://{NEAR}:8765')


def server_wrong_port(net):
    net.server()
    net.start(net.near, '/usr/bin/python3', '-c', FAKE, '8080', 'web', until='listening')
    return net.doctor(f'ws://{NEAR}:8080')


def server_name_unknown(net):
    net.turn(net.far, FAR)
    return net.doctor('wss://nobody.invalid', STUN)


def server_bad_certificate(net):
    pem, key = certificate('unknown')
    return net.doctor(net.server('--tls-cert', pem, '--tls-key', key))


def server_other_name(net):
    pem, key = certificate('other', '198.18.1.99')
    return net.doctor(net.server('--tls-cert', pem, '--tls-key', key), trusted=pem)


def server_expired(net):
    pem, key = certificate('expired', end='20200201000000Z')
    return net.doctor(net.server('--tls-cert', pem, '--tls-key', key), trusted=pem)


def server_no_tls(net):
    return net.doctor(net.server().replace('ws:', 'wss:'))


def server_wrong_version(net):
    net.start(net.near, '/usr/bin/python3', '-c', FAKE, '8765', 'version', until='listening')
    return net.doctor(f'ws://{NEAR}:8765')


def server_needs_token(net):
    keys = os.path.join(FOLDER, 'keys')
    with open(keys, 'w', encoding='ascii') as file:
        file.write(base64.b64encode(os.urandom(32)).decode() + '\n')
    os.chmod(keys, 0o600)
    return net.doctor(net.server('--access-token-file', keys))


def stun_dead(net):
    net.turn(net.near, NEAR)
    return net.doctor(net.server(), STUN)


def stun_silent(net):
    """The machine is gone; that UDP passes is seen by the server's."""
    server = net.server()
    ip('-n', net.far, 'link', 'set', 'eth0', 'down')
    net.rules(net.router, 'forward', f'ip daddr {FAR} drop')
    return net.doctor(server, STUN)


def turn_dead(net):
    net.turn(net.far, FAR)
    return net.doctor(net.server(), STUN, TURN)


def turn_silent(net):
    net.turn(net.far, FAR)
    server = net.server()
    net.rules(net.router, 'forward', 'udp dport 3478 ip daddr 198.18.1.2 drop')
    return net.doctor(server, STUN, TURN)


def turn_wrong_password(net):
    return net.doctor(well(net), STUN, TURN.replace(PASSWORD, 'wrong'))


def turn_wrong_secret(net):
    net.turn(net.near, NEAR, '--use-auth-secret', '--static-auth-secret', SECRET)
    net.turn(net.far, FAR)
    user = f'{int(time.time()) + 3600}:ada'
    word = base64.b64encode(hmac.new(b'south', user.encode(), hashlib.sha1).digest()).decode()
    return net.doctor(net.server(), STUN, f'turn:{user.replace(":", "%3A")}:{word.replace("/", "%2F")}@{NEAR}')


def turn_bad_certificate(net):
    pem, key = certificate('relay')
    net.turn(net.near, NEAR, '--cert', pem, '--pkey', key, port=5349)
    net.turn(net.far, FAR)
    return net.doctor(net.server(), STUN, f'turns:{USER}:{PASSWORD}@{NEAR}')


def turn_no_way_out(net):
    server = well(net)
    net.rules(net.router, 'forward', f'ip saddr {NEAR} ip daddr {FAR} meta l4proto udp drop')
    return net.doctor(server, STUN, TURN)


def of_devices(name):
    return name in ('no-camera', 'camera-silent', 'missing-plugin')


def check(name, expected):
    """Makes the failure and looks at what is said of it."""
    with contextlib.ExitStack() as stack:
        code, verdict, checks = globals()[name.replace('-', '_')](Net(stack))
    said = [(finding['code'], finding['sentence']) for finding in verdict]
    wanted = [(expected['finding'], expected['sentence'])] if expected['finding'] else []
    details = '\n'.join(f'{one["check"]} {one["subject"]}: {one["findings"]} {one["seen"]}' for one in checks)
    assert said == wanted, f'said {said}\n{details}'
    assert code == expected['exit'], f'exit status {code}\n{details}'


def can_run():
    """Or why not."""
    if os.getuid() != 0:
        raise Skip('network namespaces can only be made by root')
    for program in 'nft', 'turnserver', 'openssl':
        if not shutil.which(program):
            raise Skip(f'{program} is not installed')
    with contextlib.ExitStack() as stack:
        try:
            net = Net(stack)
            net.rules(net.router, 'postrouting', 'meta l4proto udp masquerade fully-random')
        except (subprocess.CalledProcessError, OSError) as error:
            raise Skip(f'no namespaces with rules can be made: {error}') from error


def main():
    with open(os.path.join(HERE, 'doctor-failures.json'), encoding='utf-8') as file:
        failures = {name: expected for name, expected in json.load(file).items()
                    if not of_devices(name) and (not sys.argv[2:] or name in sys.argv[2:])}
    reason = None
    try:
        can_run()
    except Skip as skip:
        reason = skip
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
