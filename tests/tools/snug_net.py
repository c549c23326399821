"""Networks of their own, made of network namespaces: what is broken there is broken nowhere else. Needs root.

    with contextlib.ExitStack() as stack:
        net = Net(stack, BUILD, 'client', 'router', 'outside')
        net.link('router', '10.79.0.1/24', 'client', '10.79.0.2/24')
        net.server('outside', '198.18.1.2')

A namespace, an interface's name in it, and what runs there end with the stack.
"""

import itertools
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time

from snug_tap import Skip

USER, PASSWORD = 'snug', 'word'
TIMEOUT = 120
# Of Towns.
OUTSIDE = '198.18.0.1'
INSIDE = {'one': '10.79.1', 'two': '10.79.2'}
STREET = {'one': '198.18.1', 'two': '198.18.2'}
MAPPINGS = {'cone': 'masquerade', 'symmetric': 'masquerade random,fully-random'}
NUMBERS = itertools.count()
LOCK = threading.Lock()


def ip(*words):
    """The program of that name."""
    subprocess.run(['ip', *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class Net:
    """Namespaces by the names that they have here; none is linked to another yet."""

    def __init__(self, stack, build, *names):
        with LOCK:
            prefix = f'snug{os.getpid()}x{next(NUMBERS)}'
        self.stack = stack
        self.build = build
        self.names = {name: prefix + name for name in names}
        self.links = dict.fromkeys(names, 0)
        self.folder = stack.enter_context(tempfile.TemporaryDirectory(prefix='snug-net.'))
        for name in self.names.values():
            ip('netns', 'add', name)
            stack.callback(ip, 'netns', 'del', name)
            ip('-n', name, 'link', 'set', 'lo', 'up')
            # An address is there at once, instead of when nobody has objected to it for a second.
            subprocess.run(['ip', 'netns', 'exec', name, 'sh', '-c', 'echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad'], check=False,
                           stderr=subprocess.DEVNULL)

    def ip(self, name, *words):
        """ip there."""
        ip('-n', self.names[name], *words)

    def command(self, name, *command):
        """What runs it there."""
        return ['ip', 'netns', 'exec', self.names[name], *command]

    def link(self, one, address, other, other_address):
        """A cable between two. Each of them calls its ends eth0, eth1, ... in the order in which they are plugged in."""
        ends = []
        for name in one, other:
            ends.append(f'eth{self.links[name]}')
            self.links[name] += 1
        self.ip(one, 'link', 'add', ends[0], 'type', 'veth', 'peer', 'name', ends[1], 'netns', self.names[other])
        for name, end, where in ((one, ends[0], address), (other, ends[1], other_address)):
            self.ip(name, 'addr', 'add', where, 'dev', end)
            self.ip(name, 'link', 'set', end, 'up')

    def gateway(self, name, address):
        """Everything else is behind that one."""
        self.ip(name, 'route', 'add', 'default', 'via', address)

    def forward(self, name):
        """It hands on what is for others."""
        subprocess.run(self.command(name, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward'), check=True)

    def rules(self, name, chain, *rules):
        """nftables: a chain of one of these hooks and its rules."""
        kind = 'nat' if chain == 'postrouting' else 'filter'
        text = '\n'.join(['table ip snug {', f'chain {chain} {{ type {kind} hook {chain} priority 0', *rules, '}', '}']) + '\n'
        subprocess.run(self.command(name, 'nft', '-f', '-'), input=text.encode(), check=True)

    def start(self, name, *command, until):
        """A program there, which is waited for: until it writes what matches, or has these sockets."""
        log = tempfile.NamedTemporaryFile(dir=self.folder, delete=False)  # pylint: disable=consider-using-with
        process = subprocess.Popen(self.command(name, *command), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
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

    def sockets(self, name):
        """What listens there: 'udp:3478' and so on."""
        tables = subprocess.check_output(self.command(name, 'sh', '-c', 'cat /proc/net/tcp; echo; cat /proc/net/udp'),
                                         text=True).split('\n\n')
        return {f'{kind}:{int(port, 16)}' for kind, table, state in (('tcp', tables[0], '0A'), ('udp', tables[1], '07'))
                for port in re.findall(rf'^ *\d+: \w+:(\w+) \w+:0000 {state}', table, re.MULTILINE)}

    def server(self, name, address, *options, port=8765):
        """snug-server there: its address."""
        self.start(name, os.path.join(self.build, 'src', 'server', 'snug-server'), '--bind', '0.0.0.0', '--port', str(port), *options,
                   until=r'event=listening')
        return f'{"wss" if "--tls-cert" in options else "ws"}://{address}:{port}'

    def turn(self, name, address, *options, port=3478):
        """coturn there."""
        tls = '--cert' in options
        auth = [] if '--use-auth-secret' in options else ['--lt-cred-mech', '--user', f'{USER}:{PASSWORD}']
        self.start(name, 'turnserver', '-n', '--listening-ip', address, '--relay-ip', address,
                   '--tls-listening-port' if tls else '--listening-port', str(port), '--realm', 'snug.test', *auth, '--no-cli',
                   *(['--no-udp', '--no-tcp'] if tls else ['--no-tls']), '--no-dtls', '--pidfile',
                   os.path.join(self.folder, address), '--log-file', 'stdout', '--simple-log', *options,
                   until={f'tcp:{port}'} if tls else {f'tcp:{port}', f'udp:{port}'})


class Towns(Net):
    """Two machines at home, each behind a router, and the world between: one - one-router - outside - two-router - two.

    A router keeps the port of each socket, whatever it sends to (endpoint-independent mapping, "cone"), or takes another
    one for each destination (address-dependent, "symmetric"). What both let in is what was sent to.
    """

    def __init__(self, stack, build, one, two):
        super().__init__(stack, build, 'one', 'one-router', 'outside', 'two-router', 'two', 'nowhere')
        self.ip('outside', 'addr', 'add', OUTSIDE + '/32', 'dev', 'lo')
        self.forward('outside')
        # What is for an address of somebody's home is lost there, as it is in the world.
        self.link('outside', '198.18.3.1/24', 'nowhere', '198.18.3.2/24')
        self.gateway('outside', '198.18.3.2')
        for name, mapping in (('one', one), ('two', two)):
            router = name + '-router'
            self.link(router, INSIDE[name] + '.1/24', name, INSIDE[name] + '.2/24')
            self.link('outside', STREET[name] + '.1/24', router, STREET[name] + '.2/24')
            self.gateway(name, INSIDE[name] + '.1')
            self.gateway(router, STREET[name] + '.1')
            self.forward(router)
            self.rules(router, 'postrouting', f'oifname "eth1" {MAPPINGS[mapping]}')
            # What nobody asked for is for nobody: it must not take the port that one inside is about to send from.
            self.rules(router, 'input', 'iifname "eth1" drop')


def why_not(*programs):
    """A Skip when there can be no such networks here, or one of these programs is missing; None when all is well."""
    if os.getuid() != 0:
        return Skip('network namespaces can only be made by root')
    for program in 'nft', *programs:
        if not shutil.which(program):
            return Skip(f'{program} is not installed')
    name = f'snug{os.getpid()}try'
    try:
        ip('netns', 'add', name)
        try:
            subprocess.run(['ip', 'netns', 'exec', name, 'nft', '-f', '-'], check=True, stderr=subprocess.PIPE,
                           input=b'table ip t { chain c { type nat hook postrouting priority 0\nmasquerade fully-random\n}\n}\n')
        finally:
            ip('netns', 'del', name)
    except (subprocess.CalledProcessError, OSError) as error:
        return Skip(f'no namespaces with rules can be made: {error}')
    return None
