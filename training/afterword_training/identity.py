"""A digest of what a result depends on, by which an interrupted run finds what it had done."""

import hashlib
import json


def identity_of(*things: object) -> str:
    """Return one digest of all `things`, by what they print as; texts among them cannot be told from it."""
    digest = hashlib.sha256()
    for thing in things:
        digest.update(json.dumps(thing, default=repr, sort_keys=True).encode())
    return digest.hexdigest()
