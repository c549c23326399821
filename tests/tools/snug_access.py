"""What assistive technology sees of a program: its tree of accessibility, read over D-Bus as a whole.

    for app in applications(): print(app.pid())
    for node in app.walk(): print(node.role, node.name)

Level by level, with all questions of a level on their way at once: a program that is busy with pictures takes its
time for each answer, and a window has hundreds of widgets. A node is what was told of the widget when it was read;
its methods ask anew, and raise GLib.Error for what is gone. Needs Debian's own Python (python3-gi, gir1.2-atspi-2.0).
"""

import collections
import functools

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, Gio, GLib  # noqa: E402  pylint: disable=wrong-import-position

ACCESSIBLE = 'org.a11y.atspi.Accessible'
REGISTRY = 'org.a11y.atspi.Registry'
ROOT = '/org/a11y/atspi/accessible/root'
ANSWER_MILLISECONDS = 20000

Area = collections.namedtuple('Area', 'x y width height')


@functools.cache
def bus():
    """The bus of accessibility, which the session's bus knows."""
    session = Gio.bus_get_sync(Gio.BusType.SESSION)
    address = session.call_sync('org.a11y.Bus', '/org/a11y/bus', 'org.a11y.Bus', 'GetAddress', None, None,
                                Gio.DBusCallFlags.NONE, ANSWER_MILLISECONDS, None).unpack()[0]
    flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
    return Gio.DBusConnection.new_for_address_sync(address, flags, None, None)


def ask_all(questions):
    """The answers to (bus name, path, interface, method, arguments), in their order; None to what failed."""
    answers = [None] * len(questions)
    left = len(questions)

    def on_answer(connection, result, place):
        nonlocal left
        left -= 1
        try:
            answers[place] = connection.call_finish(result).unpack()
        except GLib.Error:
            # Gone between two levels.
            pass

    for place, question in enumerate(questions):
        bus().call(*question, None, Gio.DBusCallFlags.NONE, ANSWER_MILLISECONDS, None, on_answer, place)
    while left:
        GLib.MainContext.default().iteration(True)
    return answers


def ask(*question):
    """One answer, or the error."""
    return bus().call_sync(*question, None, Gio.DBusCallFlags.NONE, ANSWER_MILLISECONDS, None).unpack()


class Node:
    """A widget, or a whole program; parent: a Node, or None for what was not found from above."""

    def __init__(self, address, parent=None):
        self.address = address
        self.parent = parent
        self.name = self.role = ''
        self.states = 0
        self.children = []

    def __eq__(self, other):
        return isinstance(other, Node) and self.address == other.address

    def __hash__(self):
        return hash(self.address)

    # --- what was told ---

    def has(self, state):
        """Whether it said that of itself (an Atspi.StateType)."""
        return bool(self.states >> int(state) & 1)

    # --- what is asked now ---

    def ask(self, interface, method, arguments=None):
        """One of the questions that every accessible answers, or that of one of its kind."""
        return ask(*self.address, interface, method, arguments)

    def property(self, interface, name):
        """One of its properties."""
        return self.ask('org.freedesktop.DBus.Properties', 'Get', GLib.Variant('(ss)', (interface, name)))[0]

    def count(self):
        """How many children it has; those of a program are its windows."""
        return self.property(ACCESSIBLE, 'ChildCount')

    def description(self):
        """What it says beside its name."""
        return self.property(ACCESSIBLE, 'Description')

    def has_now(self, state):
        """As has(), asked anew."""
        self.states = join_states(self.ask(ACCESSIBLE, 'GetState')[0])
        return self.has(state)

    def role_now(self):
        """Its role, asked anew."""
        self.role = role_name(self.ask(ACCESSIBLE, 'GetRole')[0])
        return self.role

    def act(self):
        """Does what a click does; whether it could."""
        return self.ask('org.a11y.atspi.Action', 'DoAction', GLib.Variant('(i)', (0,)))[0]

    def text(self):
        """What stands in an entry or text view."""
        end = self.property('org.a11y.atspi.Text', 'CharacterCount')
        return self.ask('org.a11y.atspi.Text', 'GetText', GLib.Variant('(ii)', (0, end)))[0]

    def set_text(self, text):
        """Has that stand in it."""
        self.ask('org.a11y.atspi.EditableText', 'SetTextContents', GLib.Variant('(s)', (text,)))

    def extents(self):
        """Where it is in its window: an Area."""
        inside = GLib.Variant('(u)', (int(Atspi.CoordType.WINDOW),))
        return Area(*self.ask('org.a11y.atspi.Component', 'GetExtents', inside)[0])

    def pid(self):
        """The process it belongs to."""
        return ask('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'GetConnectionUnixProcessID',
                   GLib.Variant('(s)', (self.address[0],)))[0]

    def read(self, hidden=False):
        """All that is below it, anew; what is not visible only when asked for."""
        self.children = []
        level = [self]
        while level:
            found = []
            for node, answer in zip(level, ask_all([(*node.address, ACCESSIBLE, 'GetChildren', None) for node in level])):
                found += [Node(tuple(address), node) for address in (answer or ([],))[0]]
            told = ask_all([question for node in found for question in node.questions()])
            level = []
            for place, node in enumerate(found):
                if node.take(*told[3 * place:3 * place + 3]) and (hidden or node.has(Atspi.StateType.VISIBLE)):
                    node.parent.children.append(node)
                    level.append(node)

    def questions(self):
        """What take() wants to know."""
        return [(*self.address, ACCESSIBLE, 'GetState', None), (*self.address, ACCESSIBLE, 'GetRole', None),
                (*self.address, 'org.freedesktop.DBus.Properties', 'Get', GLib.Variant('(ss)', (ACCESSIBLE, 'Name')))]

    def take(self, states, role, name):
        """The answers to the questions; whether it is still there."""
        if states is None or role is None or name is None:
            return False
        self.states = join_states(states[0])
        self.role = role_name(role[0])
        self.name = name[0]
        return True

    def below(self):
        """What was read, depth first."""
        for child in self.children:
            yield child
            yield from child.below()

    def walk(self, hidden=False):
        """Everything below it, read anew, depth first."""
        self.read(hidden)
        return self.below()


def join_states(words):
    """One number of the two."""
    return words[0] | words[1] << 32


@functools.cache
def role_name(number):
    """As all of the field calls it: "push button"."""
    try:
        return Atspi.role_get_name(Atspi.Role(number))
    except ValueError:
        return 'unknown'


def applications():
    """The programs that talk to assistive technology."""
    return [Node(tuple(address)) for address in ask(REGISTRY, ROOT, ACCESSIBLE, 'GetChildren', None)[0]]


def listen(app, on_event):
    """Has on_event(path, name of the event, detail, data) called for what a program says unasked."""
    def on_signal(_connection, _sender, path, _interface, signal, arguments):
        detail, _, _, data = arguments.unpack()[:4]
        on_event(path, signal, detail, data)

    for event in ('object:announcement', 'object:property-change:accessible-name'):
        arguments = GLib.Variant('(sass)', (event, [], app.address[0]))
        ask(REGISTRY, '/org/a11y/atspi/registry', REGISTRY, 'RegisterEvent', arguments)
    bus().signal_subscribe(app.address[0], 'org.a11y.atspi.Event.Object', None, None, None, Gio.DBusSignalFlags.NONE,
                           on_signal)
