"""How often each caller may ask."""

import math
import time
from collections.abc import Callable


class RateLimit:
    """A token bucket for each caller: a minute's worth at once, then evenly; callers are few and known."""

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait_seconds(self, caller: str) -> int:
        """Count one request of `caller`; return 0 where it may pass, else the whole seconds until one may."""
        if not self._per_minute:
            return 0
        now = self._clock()
        tokens, seen = self._buckets.get(caller, (float(self._per_minute), now))
        tokens = min(self._per_minute, tokens + (now - seen) * self._per_minute / 60)
        passes = tokens >= 1
        self._buckets[caller] = (tokens - passes, now)
        return 0 if passes else math.ceil((1 - tokens) * 60 / self._per_minute)
