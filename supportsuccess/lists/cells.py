"""What stands in one cell: a value made short, exact on hover, and safe to print.

Every function takes plain values, knows no model, and escapes what it is given. `None` is
shown as unknown, never as zero.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Literal
from urllib.parse import urlsplit
from zlib import crc32

from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from supportsuccess.lists.html import escaped, html

type Tone = Literal["idle", "good", "warn", "bad", "info", "accent"]
type Band = Literal["green", "yellow", "red", "unknown"]
type Number = Literal["count", "sum", "score", "change"]
type Trend = Literal["up", "flat", "down", "unknown"]

MINUS = "\N{MINUS SIGN}"
UNKNOWN = SafeString('<span class="unknown" title="Unknown">–</span>')
NOTHING = SafeString("")
SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
BAND_WORDS: dict[Band, str] = {
    "green": "Green",
    "yellow": "Yellow",
    "red": "Red",
    "unknown": "Unknown",
}
# The selector asks for text: some systems draw slanted arrows as pictures.
TREND_ARROWS: dict[Trend, tuple[str, str]] = {
    "up": ("↗\N{VARIATION SELECTOR-15}", "rising"),
    "flat": ("→", "steady"),
    "down": ("↘\N{VARIATION SELECTOR-15}", "falling"),
    "unknown": ("–", "trend unknown"),
}
DOTS = 5
AVATAR_COLOURS = 6
PAGE_SCHEMES = ("", "http", "https")
COMPACT_STEPS = (  # from what on, counted in what; just below, rounding would reach the next unit
    (Decimal(999_500), 1_000_000, "M"),
    (Decimal("999.5"), 1000, "k"),
)
SOON = timedelta(days=14)
JUST_NOW = timedelta(minutes=1)
DAY_MINUTES = 1440
AGE_STEPS = (  # below so many minutes, count in units of so many minutes
    (60, 1, "min"),
    (2 * DAY_MINUTES, 60, "h"),
    (60 * DAY_MINUTES, DAY_MINUTES, "d"),
    (730 * DAY_MINUTES, 30 * DAY_MINUTES, "mo"),
)
YEAR_MINUTES = 365 * DAY_MINUTES


# Numbers


def compact(amount: Decimal | float) -> str:
    """Three significant digits at most: 950, 1.2k, 312k, 1.25M."""
    value = abs(Decimal(amount))
    for limit, size, unit in COMPACT_STEPS:
        if value >= limit:
            return f"{_sign(amount)}{_three_digits(value / size)}{unit}"
    return f"{_sign(amount)}{value:.0f}"


def _three_digits(value: Decimal) -> str:
    places = 2 if value < Decimal("9.995") else 1 if value < Decimal("99.95") else 0
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if places else text


def _sign(amount: Decimal | float) -> str:
    return MINUS if amount < 0 else ""


def money_text(amount: Decimal, *, currency: str) -> str:
    """An amount in full, as a sentence or an export needs it: €312,000.00."""
    symbol = SYMBOLS.get(currency, f"{currency} ")
    return f"{_sign(amount)}{symbol}{abs(amount):,.2f}"


def money(amount: Decimal | None, *, currency: str) -> SafeString:
    """An amount in short, with the exact one on hover: €312k."""
    return UNKNOWN if amount is None else _money(amount, currency)


@lru_cache(maxsize=4096, typed=True)
def _money(amount: Decimal, currency: str) -> SafeString:
    symbol = SYMBOLS.get(currency, f"{currency} ")
    short = compact(abs(amount))
    exact = money_text(amount, currency=currency)
    return html('<span class="money" title="{}">{}{}{}</span>', exact, _sign(amount), symbol, short)


def number(value: float | Decimal | None, *, places: int = 0) -> SafeString | str:
    """A figure with thousands separated."""
    return UNKNOWN if value is None else f"{value:z,.{places}f}".replace("-", MINUS)


def percent(fraction: float | Decimal | None, *, places: int = 0) -> SafeString | str:
    """A share between 0 and 1 as 62 %."""
    if fraction is None:
        return UNKNOWN
    return f"{fraction * 100:z.{places}f}\N{NO-BREAK SPACE}%".replace("-", MINUS)


def change(points: float | Decimal | None, *, places: int = 0) -> SafeString:
    """A difference with its sign: up is good, down is bad, less than shown is no change."""
    return NOTHING if points is None else _change(round(float(points), places), places)


@lru_cache(maxsize=1024, typed=True)
def _change(points: float, places: int) -> SafeString:
    if not points:
        return SafeString('<span class="change" title="No change">±0</span>')
    way, sign = ("up", "+") if points > 0 else ("down", MINUS)
    size = f"{abs(points):.{places}f}"
    return html('<span class="change change-{}">{}{}</span>', way, sign, size)


# Days and moments


def day(value: date | None) -> SafeString:
    """A calendar day: 30 Nov 2026; of a moment, the one it falls on where the reader is."""
    if isinstance(value, datetime):
        value = localtime(value).date()
    return UNKNOWN if value is None else _day(value)


@lru_cache(maxsize=4096, typed=True)
def _day(value: date) -> SafeString:
    return html('<time datetime="{}">{}</time>', value.isoformat(), day_text(value))


def day_text(value: date) -> str:
    """A calendar day where no HTML may stand: 30 Nov 2026."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def due(value: date | None, *, today: date) -> SafeString:
    """How far a day is away: in 9 d, today, 3 d ago; near and past ones stand out."""
    return UNKNOWN if value is None else _due(value, today)


@lru_cache(maxsize=4096, typed=True)
def _due(value: date, today: date) -> SafeString:
    away = value - today
    tone = "due-past" if away.days < 0 else "due-soon" if away <= SOON else "due"
    return _distance(value, days=away.days, tone=tone)


def days_from(value: date | None, *, today: date) -> SafeString:
    """How far a day is away, where near and past are nothing to worry about."""
    return UNKNOWN if value is None else _distance(value, days=(value - today).days, tone="due")


def _distance(value: date, *, days: int, tone: str) -> SafeString:
    return html(
        '<time datetime="{}" class="{}" title="{} {}">{}</time>',
        value.isoformat(),
        tone,
        WEEKDAYS[value.weekday()],
        day_text(value),
        _days_text(days),
    )


def _days_text(days: int) -> str:
    if days == 0:
        return "today"
    return f"in {days} d" if days > 0 else f"{-days} d ago"


def duration(length: timedelta) -> str:
    """A length of time in its largest unit: 5 min, 3 h, 2 d, 4 mo, 2 y."""
    minutes = max(int(length.total_seconds() // 60), 0)
    for limit, unit, name in AGE_STEPS:
        if minutes < limit:
            return f"{minutes // unit} {name}"
    return f"{minutes // YEAR_MINUTES} y"


def age(moment: datetime | None, *, now: datetime) -> SafeString:
    """How long ago a moment was, with the moment itself on hover: 3 h."""
    return UNKNOWN if moment is None else _moment(moment, text=duration(now - moment))


def ago(moment: datetime | None, *, now: datetime) -> SafeString:
    """A moment as told in a sentence: 3 h ago, in 20 min."""
    if moment is None:
        return UNKNOWN
    return _moment(moment, text=ago_text(moment, now=now))


def ago_text(moment: datetime, *, now: datetime) -> str:
    """A moment in a sentence where no HTML may stand: 3 h ago, just now, in 20 min."""
    if abs(moment - now) < JUST_NOW:
        return "just now"
    if moment > now:
        return f"in {duration(moment - now)}"
    return f"{duration(now - moment)} ago"


def _moment(moment: datetime, *, text: str) -> SafeString:
    local = localtime(moment)
    clock = f"{local.hour:02}:{local.minute:02} {local.tzname()}"
    exact = f"{WEEKDAYS[local.weekday()]} {day_text(local.date())}, {clock}"
    return html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exact, text)


# Marks


@lru_cache(maxsize=1024, typed=True)
def badge(text: str, tone: Tone = "idle") -> SafeString:
    """A state in a word."""
    return html('<span class="badge badge-{}">{}</span>', tone, text)


def health(score: float | Decimal | None, *, band: Band) -> SafeString:
    """A score in its band; an unknown one has no figure."""
    return _health("" if score is None else f"{score:.0f}", band)


@lru_cache(maxsize=512, typed=True)
def _health(score: str, band: Band) -> SafeString:
    word = BAND_WORDS[band]
    if band == "unknown" or not score:
        return html('<span class="health health-{}">{}</span>', band, word)
    return html(
        '<span class="health health-{}" title="{}">{}'
        '<span class="visually-hidden"> {}</span></span>',
        band,
        word,
        score,
        word,
    )


@lru_cache(maxsize=16, typed=True)
def trend(direction: Trend) -> SafeString:
    """An arrow; say nothing of direction inside the noise, pass `flat`."""
    arrow, words = TREND_ARROWS[direction]
    return html(
        '<span class="trend trend-{}" title="{}">{}<span class="visually-hidden"> {}</span></span>',
        direction,
        words.capitalize(),
        arrow,
        words,
    )


@lru_cache(maxsize=16, typed=True)
def dots(done: int) -> SafeString:
    """How many of five are done: the dimensions of a ticket."""
    done = min(max(done, 0), DOTS)
    return html(
        '<span class="dots dots-{}" role="img" aria-label="{} of {}"></span>', done, done, DOTS
    )


@lru_cache(maxsize=2048, typed=True)
def person(name: str) -> SafeString:
    """A person by initials and name; nobody is said, not left blank."""
    if not name:
        return SafeString('<span class="due-past">Nobody</span>')
    return html('<span class="person">{}{}</span>', avatar(name), name)


@lru_cache(maxsize=2048, typed=True)
def avatar(name: str) -> SafeString:
    """A person's initials on a colour that stays the same."""
    words = name.split()
    initials = "".join(word[0] for word in words[:: max(len(words) - 1, 1)][:2]).upper()
    colour = crc32(name.encode()) % AVATAR_COLOURS
    return html('<span class="avatar avatar-{}" aria-hidden="true">{}</span>', colour, initials)


def link(text: str, *, href: str) -> SafeString:
    """Words that lead to a page; an address that would run something stays words."""
    if urlsplit(href).scheme not in PAGE_SCHEMES:
        return SafeString(escaped(text))
    return html('<a href="{}">{}</a>', href, text)


def opens(kind: Number, shown: object, *, href: str) -> SafeString:
    """A number that leads to the rows or the reasons behind it."""
    return html('<a class="number" data-number="{}" href="{}">{}</a>', kind, href, shown)


def own(shown: object) -> SafeString:
    """A number that is a fact of its row alone, so that nothing stands behind it."""
    return html('<span data-number="own">{}</span>', shown)


def two_lines(first: str, *, second: str) -> SafeString:
    """A value and, beside it, what explains it in fainter ink."""
    return html('{} <span class="faint">{}</span>', first, second)
