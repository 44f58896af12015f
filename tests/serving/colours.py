"""Colours of a style sheet, and how far they stand out from one another."""

import re


def palette(css):
    """Return the colours by name, in light and in dark."""
    light, dark = (dict(re.findall(r"--([a-z_-]+): (#\w+)", block)) for block in re.findall(r":root \{([^}]*)\}", css))
    return {"light": light, "dark": light | dark}


def contrast(one, other):
    """WCAG 2.2, contrast ratio."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(char * 2 for char in colour[1:])
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
