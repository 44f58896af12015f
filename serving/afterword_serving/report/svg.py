"""Figures as inline SVG without style attributes, so that a strict content security policy lets them be.

Colours become classes, which the page's style sheet fills in for light and for dark.
"""

import io
import re
from typing import Final
from xml.etree import ElementTree

from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

COLOURS: Final = {
    "reflection": "#000101",
    "rumination": "#000102",
    "neither": "#000103",
    "unsure": "#000104",
    "ink": "#000105",
    "faint": "#000106",
}
"""A stand-in colour to draw with for each class: `fill-reflection`, `stroke-ink` and so on."""

_CLASS_OF = {colour: name for name, colour in COLOURS.items()}
_DROPPED: Final = frozenset({"metadata", "style"})
_NAMESPACE = re.compile(r"\{[^}]*\}")


def inline_svg(figure: Figure, name: str, alt: str) -> Markup:
    """Return the figure as an `svg` element with the alternative text `alt`; ids are made from `name`."""
    stream = io.StringIO()
    with rc_context({"svg.fonttype": "none", "font.size": 12, "svg.hashsalt": name}):
        FigureCanvasSVG(figure).print_svg(stream)  # type: ignore[no-untyped-call]
    root = ElementTree.fromstring(stream.getvalue())
    _clean(root)
    box = root.get("viewBox", "")
    root.attrib.clear()
    root.attrib.update({"viewBox": box, "role": "img", "aria-label": alt})
    # The tree's writer escapes the alternative text; everything else in it was drawn here.
    return Markup(ElementTree.tostring(root, encoding="unicode"))  # noqa: S704


def _clean(element: ElementTree.Element) -> None:
    element.tag = _NAMESPACE.sub("", element.tag)
    for child in list(element):
        if _NAMESPACE.sub("", child.tag) in _DROPPED:
            element.remove(child)
        else:
            _clean(child)
    attributes = {_NAMESPACE.sub("", key): value for key, value in element.attrib.items()}
    style = attributes.pop("style", "")
    if element.tag == "g":
        attributes.pop("id", None)  # the same in every figure, and nothing points at it
    element.attrib.clear()
    element.attrib.update(attributes)
    _restyle(element, style)


def _restyle(element: ElementTree.Element, style: str) -> None:
    classes = []
    for declaration in filter(None, (part.strip() for part in style.split(";"))):
        key, _, value = (part.strip() for part in declaration.partition(":"))
        if key in ("fill", "stroke") and value in _CLASS_OF:
            classes.append(f"{key}-{_CLASS_OF[value]}")
        elif not key.startswith("font"):
            element.set(key, value)
    if classes:
        element.set("class", " ".join(classes))
