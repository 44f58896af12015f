"""The page at /docs, written from the OpenAPI document; no script, and nothing fetched from elsewhere."""

import base64
import hashlib
import json
import re
from importlib import resources
from typing import Any, Final

from jinja2 import Environment
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from afterword_serving.security import CLOSED_POLICY

_FOLDER: Final = resources.files("afterword_serving") / "templates"


def docs_page(document: dict[str, Any]) -> HTMLResponse:
    """Return the documentation of the service that `document` describes."""
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["schema"] = lambda schema: _type_name(schema)
    environment.filters["prose"] = _prose
    environment.filters["pretty"] = lambda value: json.dumps(value, indent=2, ensure_ascii=False)
    style = (_FOLDER / "docs.css").read_text(encoding="utf-8")
    page = environment.from_string((_FOLDER / "docs.html").read_text(encoding="utf-8"))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return HTMLResponse(
        page.render(document=document, schemas=document["components"]["schemas"], style=style),
        headers={"content-security-policy": f"{CLOSED_POLICY}; style-src 'sha256-{digest}'"},
    )


def _prose(text: object) -> Markup:
    """Return a description with what stands between backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def _type_name(schema: dict[str, Any]) -> str:
    """Return a JSON schema in a few words; components by their name."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for way in ("oneOf", "anyOf", "allOf"):
        if way in schema:
            return " or ".join(_type_name(part) for part in schema[way])
    if "enum" in schema or "const" in schema:
        return " | ".join(str(value) for value in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_type_name(schema['items'])}" if "items" in schema else "list"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_type_name(schema['additionalProperties'])}"
    return str(schema.get("type", "anything")) + (f" ({schema['format']})" if "format" in schema else "")
