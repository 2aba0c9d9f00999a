"""Days as people type them: "fri", "+7", "1 dec", "2026-12-01"."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
UNIT_DAYS = {"": 1, "d": 1, "w": 7}
AWAY = re.compile(r"\+\s*(\d{1,4})\s*([dw]?)")
DAY_AND_MONTH = re.compile(r"(\d{1,2})\.?\s*([a-z]{3,9})\.?(?:\s+(\d{4}))?")
SHORTEST = 3
EXAMPLES = "fri, +7, +2w, 1 dec, 2026-12-01"


class NotADay(ValueError):
    """The text names no day."""


def read_day(text: str, *, today: date) -> date:
    """The day that a person typed; a weekday is the next one to come. Raises NotADay."""
    typed = " ".join(text.lower().split())
    if typed in {"today", "tomorrow"}:
        return today + timedelta(days=typed == "tomorrow")
    if away := AWAY.fullmatch(typed):
        return _shifted(today, int(away[1]) * UNIT_DAYS[away[2]])
    if (weekday := _place(typed, WEEKDAYS)) is not None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    if named := DAY_AND_MONTH.fullmatch(typed):
        return _day_of_month(named, today=today)
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise NotADay(text) from error


def _shifted(today: date, days: int) -> date:
    try:
        return today + timedelta(days=days)
    except OverflowError as error:
        raise NotADay(str(days)) from error


def _place(typed: str, names: tuple[str, ...]) -> int | None:
    """Which of the names was typed, whole or by its first letters."""
    places = [place for place, name in enumerate(names) if name.startswith(typed)]
    return places[0] if len(typed) >= SHORTEST and places else None


def _day_of_month(named: re.Match[str], *, today: date) -> date:
    """The next day of that name that has not passed, unless the year was typed."""
    month = _place(named[2], MONTHS)
    if month is None:
        raise NotADay(named[0])
    years = [int(named[3])] if named[3] else range(today.year, today.year + 9)
    for year in years:
        try:
            day = date(year, month + 1, int(named[1]))
        except ValueError:
            continue  # there is no 29 February in that year
        if named[3] or day >= today:
            return day
    raise NotADay(named[0])


class DayField(forms.Field):
    """A text field that reads days as people type them; `today` is that of the request."""

    widget = forms.TextInput
    default_error_messages = {"day": f"Not a day. Try {EXAMPLES}."}

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", f"For example {EXAMPLES}")
        super().__init__(**options)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        try:
            return read_day(str(value), today=timezone.localdate())
        except NotADay as error:
            raise ValidationError(self.error_messages["day"], code="day") from error
