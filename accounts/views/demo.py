from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.queries.organisation import our_organisation

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest

STORY_LASTS = timedelta(days=3)
KEPT_SECONDS = 5


@dataclass(frozen=True)
class Demo:
    """Whether this is the invented company, and whether its story has grown old."""

    is_demo: bool
    name: str
    told_on: date | None
    is_old: bool


def demo(_request: HttpRequest) -> dict[str, SimpleLazyObject[Demo]]:
    """What the demo's banner says; asked by the pages that show it, in one query."""
    return {"demo": SimpleLazyObject(_demo)}


def forget() -> None:
    """Read it anew for the next page."""
    _read.cache_clear()


def _demo() -> Demo:
    """Read once in a few seconds by each process: it changes when the demo is loaded, and then."""
    return _read(int(time.monotonic() / KEPT_SECONDS))


@lru_cache(maxsize=1)
def _read(_period: int) -> Demo:
    ours = our_organisation()
    today = ours.day_of(timezone.now())
    is_old = ours.demo_day is not None and today - ours.demo_day > STORY_LASTS
    return Demo(ours.is_demo, ours.name, ours.demo_day, ours.is_demo and is_old)
