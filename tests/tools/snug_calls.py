"""What tests of several windows share: starting them, bringing them into one call, writing."""

from snug_programs import App

ROOM = 'Room name or invitation link'


def start(build, server_uri, devices=False, **env):
    """A window whose first warning is its last word.

    With devices only once for each of them: PipeWire's own virtual camera stops for
    ever when somebody who looked at it goes away.
    """
    return App(build, server_uri, G_DEBUG='fatal-warnings', SNUG_MEDIA='' if devices else 'test', **env)


def join(app, name, room='garden-shed'):
    """From the lobby into a room."""
    app.ui.set_text('Your name', name)
    app.ui.set_text(ROOM, room)
    app.ui.click('Join')


def hear_each_other(*apps):
    """Until each side has picture and sound of the other."""
    for app in apps:
        app.wait_event('connected')
        app.wait_event('first-frame', media='video')
        app.wait_event('first-frame', media='audio')


def tell_time(app, name):
    """How long it took until somebody was seen, as a line that is no result."""
    joining = app.wait_event('state', state='joining')['t']
    picture = app.wait_event('first-frame', media='video')['t']
    print(f'# {name}: join -> first picture: {1000 * (picture - joining):.0f} ms', flush=True)


def send(app, text):
    """One chat line. The button takes a moment, as if a finger were on it, and sends what stands there then."""
    app.ui.set_text('Message everyone', text)
    app.ui.click('Send')
    app.ui.wait_text('Message everyone', '')


def write(sender, receiver, text):
    """One chat line, read in the other's window."""
    send(sender, text)
    receiver.ui.wait_for_label(text)
