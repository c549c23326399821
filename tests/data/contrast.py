#!/usr/bin/python3
"""Whether everything can be read: the contrast of each pair of colours of the style sheets (WCAG 2.1, 1.4.3 and 1.4.11).

  contrast.py SOURCE [--print]

What shines through is judged on the worst ground it can have: on the stage that is a white picture.
"""

import os
import re
import sys

TEXT = 4.5
GRAPHIC = 3.0
THEMES = {'light': [], 'dark': ['style-dark.css'], 'light, high contrast': ['style-hc.css'],
          'dark, high contrast': ['style-dark.css', 'style-hc.css']}
WHITE = (255, 255, 255, 1.0)
DIM = '.dim'


class Sheet:
    """Colours by name, and what each selector says last."""

    def __init__(self, folder, names):
        self.colors, self.rules = {}, {}
        for name in names:
            with open(os.path.join(folder, name), encoding='utf-8') as file:
                text = re.sub(r'/\*.*?\*/', '', file.read(), flags=re.S)
            self.colors.update(re.findall(r'@define-color\s+(\w+)\s+([^;]+);', text))
            text = re.sub(r'@define-color[^;]*;', '', text)
            for selectors, body in re.findall(r'([^{}]+)\{([^{}]*)\}', text):
                rule = dict(part.strip().split(':', 1) for part in body.split(';') if ':' in part)
                for selector in selectors.split(','):
                    self.rules.setdefault(selector.strip(), {}).update(
                        {key.strip(): value.strip() for key, value in rule.items()})

    def read(self, text):
        """A colour as it is written: #RRGGBB, rgba(), @name, name."""
        text = text.strip().lstrip('@')
        if text in self.colors:
            return self.read(self.colors[text])
        if text.startswith('#'):
            return (*(int(text[i:i + 2], 16) for i in (1, 3, 5)), 1.0)
        red, green, blue, alpha = re.fullmatch(r'rgba\((.*)\)', text)[1].split(',')
        return (int(red), int(green), int(blue), float(alpha))

    def get(self, what):
        """Of a colour's name, or of what a selector says: 'SELECTOR { PROPERTY }'."""
        rule = re.fullmatch(r'(.*?)\s*\{\s*([\w-]+)\s*\}', what)
        return self.read(self.rules[rule[1]][rule[2]] if rule else what)

    def gradient(self, selector, share):
        """The colour of a gradient, so far along it."""
        stops = re.findall(r'(rgba\([^)]*\)|#\w+|transparent)\s*(\d+)?%?', self.rules[selector]['background'])
        stops = [(int(place) / 100 if place else number / (len(stops) - 1), self.read(color) if color != 'transparent' else None)
                 for number, (color, place) in enumerate(stops)]
        stops = [(place, color or (*stops[0][1][:3], 0.0)) for place, color in stops]
        for (start, first), (end, second) in zip(stops, stops[1:]):
            if start <= share <= end:
                part = (share - start) / (end - start)
                return tuple(a + (b - a) * part for a, b in zip(first, second))
        raise ValueError(selector)


def over(front, back):
    """What is seen of a colour that lets an opaque one shine through."""
    alpha = front[3]
    return (*(f * alpha + b * (1 - alpha) for f, b in zip(front[:3], back[:3])), 1.0)


def luminance(color):
    """Relative, 0 to 1."""
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
                        for c in (value / 255 for value in color[:3]))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def panel_pairs(sheet):
    """Lobby, panels, preferences: (name, text, ground, least)."""
    get = sheet.get
    for ground in ('window', 'view', 'headerbar', 'card', 'dialog', 'popover'):
        yield f'{ground} text', get(f'{ground}_fg_color'), get(f'{ground}_bg_color'), TEXT
    dim = float(sheet.rules[DIM]['opacity'])
    for ground in ('window_bg_color', 'card_bg_color', 'popover_bg_color', 'snug_bubble_in'):
        yield f'dim text on {ground}', over((*get('window_fg_color')[:3], dim), get(ground)), get(ground), TEXT
    status = float(sheet.rules['filerow .file-status']['opacity'])
    yield ('state of a file that is sent', over((*get('snug_bubble_out_fg')[:3], status), get('snug_bubble_out')),
           get('snug_bubble_out'), TEXT)
    yield 'suggested button', get('accent_fg_color'), get('accent_bg_color'), TEXT
    yield 'destructive button', WHITE, get('destructive_bg_color'), TEXT
    for color in ('accent_color', 'destructive_color', 'error_color', 'snug_bad'):
        for ground in ('window_bg_color', 'card_bg_color'):
            yield f'{color} on {ground}', get(color), get(ground), TEXT
    yield 'bubble in', get('window_fg_color'), get('snug_bubble_in'), TEXT
    yield 'bubble out', get('snug_bubble_out_fg'), get('snug_bubble_out'), TEXT
    yield 'link in a message', get('snug_bubble_out_fg'), get('snug_bubble_out'), TEXT
    yield 'file that failed, in', get('snug_bad'), get('snug_bubble_in'), TEXT
    yield 'file that failed, out', get('snug_bad'), get('snug_bubble_out'), TEXT
    for word in ('good', 'warn', 'bad'):
        yield f'{word} on its tint', get(f'snug_{word}'), get(f'snug_{word}_tint'), TEXT
        yield f'text on the tint of {word}', get('window_fg_color'), get(f'snug_{word}_tint'), TEXT
    yield 'good', get('snug_good'), get('window_bg_color'), TEXT
    for curve in ('1', '2', 'loss', 'frames', 'estimate'):
        yield f'graph {curve}', get(f'snug_graph_{curve}'), get('card_bg_color'), GRAPHIC
    yield 'room', get('snug_room_fg'), get('snug_room'), TEXT
    yield 'focus ring', get('accent_color'), get('window_bg_color'), GRAPHIC


def stage_pairs(sheet):
    """The call, over the stage and over a white picture."""
    get = sheet.get
    text = get('snug_stage_fg')
    yield 'stage', text, get('snug_stage'), TEXT
    for ground in (WHITE, get('snug_stage')):
        where = 'picture' if ground == WHITE else 'stage'
        bar = over(get('snug_bar'), ground)
        yield f'bar over the {where}', text, bar, TEXT
        yield f'button over the {where}', text, over(get('snug_button'), bar), TEXT
        yield f'button hovered over the {where}', text, over(get('snug_button_hover'), bar), TEXT
        yield f'chip over the {where}', text, over(get('snug_chip'), ground), TEXT
        # The lowest line of what stands in it.
        yield f'header over the {where}', text, over(sheet.gradient('.stage-header', 0.7), ground), TEXT
    for name in ('off', 'active', 'interrupted', 'honey'):
        yield name, get(f'snug_{name}_fg'), get(f'snug_{name}'), TEXT
    yield 'leave', get('.call-button.leave { color }'), get('.call-button.leave { background }'), TEXT
    yield 'leave, hovered', get('.call-button.leave { color }'), get('.call-button.leave:hover { background }'), TEXT
    yield 'active, hovered', get('snug_active_fg'), get('.call-button.active:hover { background }'), TEXT
    yield 'action of the stage', get('snug_active_fg'), get('.stage-action:hover { background }'), TEXT
    yield 'notice', text, get('.notice-box { background }'), TEXT
    yield 'menu', text, get('popover.on-stage > contents { background }'), TEXT
    yield 'invitation', text, get('.invitation { background }'), TEXT
    dim = (*text[:3], float(sheet.rules[DIM]['opacity']))
    for place in ('popover.on-stage > contents', '.invitation', '.notice-box'):
        ground = get(place + ' { background }')
        yield f'dim text in {place}', over(dim, ground), ground, TEXT
    for share in (0, 1):
        yield f'camera off, {share}', text, sheet.gradient('videotile', share), TEXT
    for tone in range(8):
        yield f'avatar {tone}', get('avatar { color }'), get(f'avatar.tone-{tone} {{ background }}'), TEXT
    yield 'preview button', text, over(get('.preview .call-button { background }'), WHITE), TEXT
    yield 'preview button, hovered', text, over(get('.preview .call-button:hover { background }'), WHITE), TEXT
    yield 'focus ring of the stage', get('snug_honey'), get('snug_stage'), GRAPHIC
    yield 'speaking ring', get('snug_honey'), get('snug_stage'), GRAPHIC


def main():
    folder = os.path.join(sys.argv[1], 'ui')
    failed = count = 0
    for theme, more in THEMES.items():
        sheet = Sheet(folder, ['style.css', *more])
        for name, text, ground, least in (*panel_pairs(sheet), *stage_pairs(sheet)):
            ratio = contrast(text, ground)
            count += 1
            if ratio < least:
                failed += 1
            if ratio < least or '--print' in sys.argv:
                print(f'{"too low" if ratio < least else "good"}: {theme}: {name}: {ratio:.1f}:1 of {least}:1')
    print(f'{count} pairs, {failed} too low')
    return 1 if failed or count == 0 else 0


sys.exit(main())
