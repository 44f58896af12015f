"""Who may ask: API keys, the addresses that need none, and the headers that keep browsers strict."""

import hashlib
import hmac
import ipaddress
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from afterword_model.errors import ConfigError

CLOSED_POLICY: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Content-Security-Policy of everything that is not a page."""

HEADERS: Final = {
    "cache-control": "no-store",
    "content-security-policy": CLOSED_POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Set on every answer that does not set them itself."""

_PASSED_ON: Final = ("forwarded", "via", "x-forwarded-for", "x-real-ip")
"""Headers that proxies add; no program that asks directly has a reason to send one."""
_ENTRY = re.compile(r"(?P<name>[A-Za-z0-9_-]{1,32}):(?P<digest>[0-9a-fA-F]{64})")
_BEARER = re.compile(r"(?i:bearer) +(?P<key>[!-~]{1,200})")


@dataclass(frozen=True)
class ApiKey:
    """The name and the SHA-256 of a key; the key itself is with its holder alone."""

    name: str
    digest: bytes


def parse_keys(text: str) -> tuple[ApiKey, ...]:
    """Return the keys of a list such as `intake:9f86d0…,reports:60303a…`.

    Two keys may share a name, so that a new one works before the old one goes.

    Raises:
        ValueError: an entry is not NAME:SHA256; the message gives its place, not its content.
    """
    entries = [entry.strip() for entry in text.split(",") if entry.strip()]
    return tuple(_parse_key(entry, place) for place, entry in enumerate(entries, start=1))


def new_key(name: str) -> tuple[str, str]:
    """Return a new key (256 random bits) and the entry that makes the service accept it.

    Raises:
        ConfigError: the name is not 1 to 32 letters, digits, `_` or `-`.
    """
    key = secrets.token_urlsafe(32)
    entry = f"{name}:{hashlib.sha256(key.encode()).hexdigest()}"
    if not _ENTRY.fullmatch(entry):
        raise ConfigError("A key's name is 1 to 32 letters, digits, '_' or '-'.")
    return key, entry


def key_owner(authorization: str, keys: Sequence[ApiKey]) -> str | None:
    """Return the name of the key in an `Authorization: Bearer KEY` header, or None where it is none of `keys`.

    Every key is compared in constant time, whether or not an earlier one matched.
    """
    match = _BEARER.fullmatch(authorization.strip())
    digest = hashlib.sha256(match["key"].encode() if match else b"").digest()
    owners = [key.name for key in keys if hmac.compare_digest(key.digest, digest)]
    return owners[0] if match and owners else None


def is_loopback(host: str) -> bool:
    """Return whether only programs on this machine can reach `host`."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def from_here(headers: Mapping[str, str]) -> bool:
    """Return whether a request with these headers comes from this machine, as far as they tell.

    Without keys nothing else is answered: neither a web page that has pointed its own name here, nor a proxy that
    shows the service to others. A proxy that names this machine as the host and adds no header of its own cannot be
    told from a program on this machine, so behind one there must be keys.
    """
    origin = headers.get("origin", "").partition("://")[2]
    return (
        names_loopback(headers.get("host", ""))
        and not any(name in headers for name in _PASSED_ON)
        and (not origin or names_loopback(origin))
    )


def names_loopback(authority: str) -> bool:
    """Return whether a host, with or without a port, is a name of this machine."""
    try:
        host = urlsplit(f"//{authority}").hostname
    except ValueError:
        return False
    return host is not None and is_loopback(host)


def check_exposure(host: str, keys: Sequence[ApiKey]) -> None:
    """Check that a service that others can reach asks for keys.

    Raises:
        ConfigError: it does not.
    """
    if not keys and not is_loopback(host):
        raise ConfigError(
            f"Listening on {host} lets other machines in, so it needs AFTERWORD_API_KEYS. "
            "Make a key with `afterword serve --new-key NAME`, or listen on 127.0.0.1."
        )


def _parse_key(entry: str, place: int) -> ApiKey:
    match = _ENTRY.fullmatch(entry)
    if match is None:
        raise ValueError(f"entry {place} is not NAME:SHA256 (64 hexadecimal digits); never put the key itself here")
    return ApiKey(match["name"], bytes.fromhex(match["digest"]))
