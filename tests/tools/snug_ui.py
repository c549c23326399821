"""Drives a program's windows through AT-SPI, as assistive technology does.

    ui = Ui(pid)
    ui.set_text('Your name', 'Ada')
    ui.click('Join')
    ui.wait_for_label('Hello')

What is asked for is waited for, with a deadline, and has to be showing; names are
the accessible ones. Needs Debian's own Python (python3-gi, gir1.2-atspi-2.0) and
a session such as tests/tools/desktop makes.
"""

import contextlib
import os
import subprocess
import time

from gi.repository import GLib
from snug_access import Atspi, Node, applications, listen

# Long enough for a machine that does many things at once.
TIMEOUT = float(os.environ.get('SNUG_UI_TIMEOUT', '60'))
POLL = 0.05

# AT-SPI has renamed some roles over the years.
BUTTONS = {'push button', 'button', 'toggle button', 'switch', 'check box', 'menu item'}
TEXTS = {'text', 'entry', 'password text'}
ALERTS = {'alert', 'notification'}


class UiError(Exception):
    """What was waited for did not come."""


def wait_until(what, condition, timeout=TIMEOUT):
    """Polls until condition() is truthy and returns that; what names it in the error."""
    deadline = time.monotonic() + timeout
    while True:
        # What listens for events hears them here.
        while GLib.MainContext.default().iteration(False):
            pass
        try:
            result = condition()
        except GLib.Error:
            # The widget went away between two questions about it.
            result = None
        if result:
            return result
        if time.monotonic() > deadline:
            raise UiError(f'waited {timeout:g} s for {what}')
        time.sleep(POLL)


class Ui:
    """All windows of one process."""

    def __init__(self, pid, timeout=TIMEOUT):
        self.pid = pid
        self.app = wait_until(f'process {pid} to show up in accessibility', self._find_app, timeout)
        wait_until(f'a window of process {pid}', self.app.count, timeout)

    def _find_app(self):
        for app in applications():
            # One that is gone may still be in the list.
            with contextlib.suppress(GLib.Error):
                if self.owns(app.pid()):
                    return app
        return None

    def owns(self, pid):
        """Whether the process that accessibility talks to is the program's."""
        return pid == self.pid

    # --- looking ---

    def walk(self, node=None, hidden=False):
        """Every accessible below node, depth first; hidden ones only when asked for.

        GTK 4.8 also tells of the pages of a stack that are not in front, and calls only windows "showing".
        """
        return (node or self.app).walk(hidden)

    def find_now(self, name=None, roles=None, within=None):
        """The first match, or None. name: a string, or a function of the name."""
        matches = name if callable(name) else lambda found: name in (None, found)
        for node in self.walk(within):
            if (roles is None or node.role in roles) and matches(node.name):
                return node
        return None

    def find(self, name=None, roles=None, within=None, timeout=TIMEOUT, what=None):  # pylint: disable=R0913
        """The first match, waited for; what names it in the error."""
        what = what or f'{" or ".join(sorted(roles or ["anything"]))} named {name!r}'
        try:
            return wait_until(what, lambda: self.find_now(name, roles, within), timeout)
        except UiError as error:
            raise UiError(f'{error}; showing were: {self.describe()}') from None

    def wait_gone(self, name, roles=None, timeout=TIMEOUT):
        """Until nothing of that name is showing."""
        wait_until(f'{name!r} to go', lambda: not self.find_now(name, roles), timeout)

    def labels(self, within=None):
        """The texts of all labels that are showing, from top to bottom."""
        return [node.name for node in self.walk(within) if node.role == 'label']

    def wait_for_label(self, text, timeout=TIMEOUT):
        """Until a label holds the text, and its whole text."""
        return self.find(lambda name: text in name, {'label'}, timeout=timeout, what=f'a label with {text!r}').name

    def wait_for_delivery(self, timeout=TIMEOUT):
        """Until a line of chat has reached somebody, who may have read it already."""
        self.find(lambda name: name.endswith((', delivered', ', read')), {'label'}, timeout=timeout)

    def describe(self):
        """The named controls and labels, for error messages."""
        return '; '.join(f'{node.role} {node.name!r}' for node in self.walk()
                         if node.name and node.role in BUTTONS | TEXTS | {'label'})

    # --- doing ---

    def is_sensitive(self, node):
        """Whether the control can be used now."""
        return node.has_now(Atspi.StateType.SENSITIVE)

    def click(self, name, timeout=TIMEOUT):
        """Presses the button of that name as soon as it can be pressed."""
        def press():
            node = self.find_now(name, BUTTONS)
            return node and node.has(Atspi.StateType.SENSITIVE) and node.act()
        try:
            wait_until(f'button {name!r} to be pressed', press, timeout)
        except UiError as error:
            raise UiError(f'{error}; showing were: {self.describe()}') from None

    def set_text(self, name, text, timeout=TIMEOUT):
        """Fills the entry or text view of that name."""
        node = self.find(name, TEXTS, timeout=timeout)
        wait_until(f'{name!r} to take {text!r}',
                   lambda: node.text() == text or node.set_text(text), timeout)

    def wait_text(self, name, text, timeout=TIMEOUT):
        """Until that is what stands in the entry or text view of that name."""
        node = self.find(name, TEXTS, timeout=timeout)
        wait_until(f'{text!r} in {name!r}', lambda: node.text() == text, timeout)

    # --- the window, through X ---

    def window(self):
        """The X id of the window."""
        def search():
            found = subprocess.run(
                ['xdotool', 'search', '--all', '--onlyvisible', '--pid', str(self.pid), '--name', '.'],
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
            return found.stdout.split()
        return wait_until(f'the X window of process {self.pid}', search)[0]

    def place(self, x, y, width, height):
        """Moves and resizes the window."""
        window = self.window()
        wanted = f'X={x}\nY={y}\nWIDTH={width}\nHEIGHT={height}'

        def placed():
            subprocess.run(['xdotool', 'windowsize', window, str(width), str(height),
                            'windowmove', window, str(x), str(y)], check=True)
            return wanted in subprocess.check_output(
                ['xdotool', 'getwindowgeometry', '--shell', window], text=True)
        wait_until(f'window {window} at {x},{y} with {width}x{height}', placed)

    def area(self, node):
        """Where a widget is in the X window: an Area."""
        geometry = dict(line.split('=') for line in subprocess.check_output(
            ['xdotool', 'getwindowgeometry', '--shell', self.window()], text=True).split())
        frame = self.find(roles={'frame'}).extents()
        area = node.extents()
        # Around the frame the X window holds its shadow, the same on both sides.
        return area._replace(x=(int(geometry['WIDTH']) - frame.width) // 2 + area.x,
                             y=(int(geometry['HEIGHT']) - frame.height) // 2 + area.y)

    def point(self, node):
        """Clicks the middle of a widget with the mouse: for what has no action of its own."""
        window = self.window()
        x, y, width, height = self.area(node)
        subprocess.run(['xdotool', 'windowfocus', window, 'mousemove', '--window', window,
                        str(x + width // 2), str(y + height // 2), 'click', '1'], check=True)

    def color(self, node, x, y):
        """What a widget shows at a place in it, each 0 to 1: red, green, blue, 0 to 255."""
        left, top, width, height = self.area(node)
        place = f'1x1+{left + int(width * x)}+{top + int(height * y)}'
        picture = subprocess.check_output(
            ['import', '-silent', '-window', self.window(), '-crop', place, '-depth', '8', 'rgb:-'])
        return tuple(picture[:3])

    def hover(self):
        """Moves the pointer over the window, which brings back what hides itself."""
        window = self.window()
        for x in (400, 410, 400):
            subprocess.run(['xdotool', 'mousemove', '--window', window, str(x), '300'], check=True)

    def chosen(self, name):
        """What the drop-down row of that name shows."""
        return self.labels(self.find(name, {'combo box'}))[-1]

    def choose(self, name, item):
        """Opens the drop-down row of that name and takes the item."""
        row = self.find(name, {'combo box'})
        self.point(row)

        def items():
            lists = [node for node in self.walk(row) if node.role in ('list', 'list box')]
            return [labels[0] for labels in map(self.labels, lists[-1].children) if labels]
        wait_until(f'the choice of {item!r} in {name!r}', lambda: item in items())
        steps = items().index(item)
        self.press('Home', *['Down'] * steps, 'Return')

    def focus(self):
        """Brings the window to the front."""
        subprocess.run(['xdotool', 'windowfocus', '--sync', self.window()], check=True)

    def answer_file_dialog(self, title, path=None):
        """Types a path into the file dialog of that title, or takes what stands there, and Enter.

        Accessibility does not know the dialog's widgets in GTK 4.8.
        """
        def search():
            found = subprocess.run(['xdotool', 'search', '--all', '--onlyvisible', '--pid', str(self.pid),
                                    '--name', f'^{title}$'],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
            return found.stdout.split()
        window = wait_until(f'the dialog {title!r}', search)[0]
        subprocess.run(['xdotool', 'windowfocus', '--sync', window], check=True)
        if path:
            # The entry comes into focus with the first key, and the others follow in order.
            subprocess.run(['xdotool', 'key', 'ctrl+l', 'type', '--delay', '30', path], check=True)

        def answered():
            # The first Enter may only close what completes the path.
            subprocess.run(['xdotool', 'windowfocus', window, 'key', 'Return'], check=False, stderr=subprocess.DEVNULL)
            time.sleep(1)
            return not search()
        wait_until(f'{title!r} to go', answered)

    def press(self, *keys):
        """Types keys such as 'Escape' or 'ctrl+comma' into the window."""
        subprocess.run(['xdotool', 'windowfocus', '--sync', self.window(), 'key', *keys],
                       check=True)


class Announcements:
    """What a program says to assistive technology unasked, as a screen reader hears it.

    From GTK 4.14 on these are announcements; before, an alert that is always there gets another name.
    """

    def __init__(self, ui):
        self.app = ui.app
        self.heard = []
        self.renamed = []
        listen(ui.app, self._on_event)
        # GTK tells of what somebody has asked for once.
        ui.find_now(roles=ALERTS)

    def _on_event(self, path, event, detail, data):
        if event == 'Announcement':
            self.heard.append(data)
        elif event == 'PropertyChange' and detail == 'accessible-name':
            self.renamed.append((path, data))

    def _sort(self):
        """Of what got another name, that of alerts was said."""
        renamed, self.renamed = self.renamed, []
        for path, name in renamed:
            node = Node((self.app.address[0], path))
            if node.role_now() in ALERTS:
                self.heard.append(name)
        return self.heard

    def wait(self, text, timeout=TIMEOUT):
        """Until that has been said."""
        try:
            wait_until(f'{text!r} to be announced', lambda: text in self._sort(), timeout)
        except UiError as error:
            raise UiError(f'{error}; heard were: {self.heard}') from None


def screenshot(path, crop=None):
    """The whole screen, or a part such as '1280x800+0+0', as a picture."""
    part = ['-crop', crop, '+repage'] if crop else []
    subprocess.run(['import', '-silent', '-window', 'root', *part, path], check=True)
