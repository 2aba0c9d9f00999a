"""How often somebody may do in a minute what nobody does often by mistake."""

from datetime import datetime

from django.core.cache import cache

KEPT_SECONDS = 120


def is_over_limit(name: str, *, who: str, most: int, at: datetime) -> bool:
    """Count one more in this minute, and say whether that is too much.

    Two that count at once may count as one: this slows guessing down, it guards nothing alone.
    """
    key = f"limit:{name}:{who}:{int(at.timestamp()) // 60}"
    cache.add(key, 0, KEPT_SECONDS)
    return cache.incr(key) > most
