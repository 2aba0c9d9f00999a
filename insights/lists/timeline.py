"""How an event of the timeline is told: an icon, a tone, and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Band, Call, LossReason, RenewalState, TouchKind
from supportsuccess.lists import cells
from tickets.models import HandoffEventKind, HandoffType, PromiseEventKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from django.utils.safestring import SafeString

    from insights.queries.timeline import Event

BAND_TONES = {Band.GREEN: "good", Band.YELLOW: "warn", Band.RED: "bad", Band.UNKNOWN: ""}
CALL_TONES = {Call.ON_TRACK: "good", Call.MONITOR: "", Call.AT_RISK: "bad"}
HANDOFF_TONES = {
    HandoffEventKind.ACCEPTED: "good",
    HandoffEventKind.COMPLETED: "good",
    HandoffEventKind.RETURNED: "bad",
    HandoffEventKind.EXPIRED: "bad",
    HandoffEventKind.OFFERED: "warn",
}
PROMISE_TONES = {PromiseEventKind.KEPT: "good", PromiseEventKind.BROKEN: "bad"}


@dataclass(frozen=True, kw_only=True)
class Told:
    """One event in words."""

    icon: str
    tone: str = ""
    who: str = ""
    what: str
    body: str = ""
    url: str = ""
    # what its figure is, as pages mark it: a count that opens its rows, or a fact of this event
    number: Literal["", "count", "own"] = ""
    when: SafeString | str = ""


def tell(events: Iterable[Event], *, now: datetime) -> list[Told]:
    """The events in words, with how long ago each was."""
    return [_dated(TELLERS[event.source](event), cells.ago(event.at, now=now)) for event in events]


def _dated(told: Told, when: SafeString) -> Told:
    return Told(**{**vars(told), "when": when})


def _opened(event: Event) -> Told:
    blocked = ", blocked" if event.kind == "blocked" else ""
    return Told(
        icon="inbox",
        tone="bad" if blocked else "",
        what=f"{_tickets(event.number)} opened{blocked}",
        body=_names(event),
        url=_tickets_url(event),
        number="count",
    )


def _solved(event: Event) -> Told:
    return Told(
        icon="check",
        tone="good",
        what=f"{_tickets(event.number)} solved",
        body=_names(event),
        url=_tickets_url(event),
        number="count",
    )


def _reopened(event: Event) -> Told:
    return Told(
        icon="rotate-ccw",
        tone="bad",
        what=f"{_tickets(event.number)} reopened",
        body=_names(event),
        url=_tickets_url(event),
        number="count",
    )


def _touch(event: Event) -> Told:
    people = f" with {event.title}" if event.title else ""
    way = "" if event.number else ", no answer"
    label = TouchKind(event.kind).label
    return Told(
        icon="message-circle",
        tone="good" if event.number else "",
        who=event.who,
        what=f"{label}{people}{way}" if not event.who else f"· {label}{people}{way}",
        body=event.body,
    )


def _pulse(event: Event) -> Told:
    return Told(
        icon="heart-pulse",
        who=event.who,
        what=f"judged the relationship {event.number} of 5",
        number="own",
        body=event.body,
    )


def _override(event: Event) -> Told:
    return Told(
        icon="hand",
        tone=BAND_TONES[Band(event.kind)],
        who=event.who,
        what=f"set health to {Band(event.kind).label.lower()}",
        body=event.body,
    )


def _handoff(event: Event) -> Told:
    kind = HandoffEventKind(event.kind)
    matter = HandoffType(event.title).label.lower()
    return Told(
        icon="arrow-right-left",
        tone=HANDOFF_TONES.get(kind, ""),
        who=event.who,
        what=f"{kind.label.lower()}: {matter}" if event.who else f"{kind.label}: {matter}",
        body=event.body,
        url=reverse("tickets:handoff", args=[event.ref]),
    )


def _promise(event: Event) -> Told:
    kind = PromiseEventKind(event.kind)
    return Told(
        icon="handshake",
        tone=PROMISE_TONES.get(kind, ""),
        who=event.who,
        what=f"promise {kind.label.lower()}: {event.title}",
        body=event.body,
        url=reverse("tickets:handoff", args=[event.ref]) if event.ref else "",
    )


def _decision(event: Event) -> Told:
    url = reverse("insights:renewal", args=[event.ref])
    if event.kind == "undone":
        return Told(icon="undo-2", who=event.who, what="took the renewal's call back", url=url)
    call = Call(event.kind)
    by = cells.day_text(date.fromisoformat(event.body)) if event.body else ""
    step = ", by ".join(filter(None, (event.title, by)))
    return Told(
        icon="calendar-check",
        tone=CALL_TONES[call],
        who=event.who,
        what=f"called the renewal {call.label.lower()}",
        body=step,
        url=url,
    )


def _closed(event: Event) -> Told:
    state = RenewalState(event.kind)
    reason = f": {LossReason(event.body).label}" if event.body else ""
    return Told(
        icon="calendar-x" if state == RenewalState.LOST else "calendar-check",
        tone="bad" if state == RenewalState.LOST else "good",
        what=f"Renewal {state.label.lower()}{reason}",
        url=reverse("insights:renewal", args=[event.ref]),
    )


def _health(event: Event) -> Told:
    band, before = Band(event.kind), Band(event.title)
    is_scored = event.number is not None and band != Band.UNKNOWN
    score = f" at {event.number}" if is_scored else ""
    return Told(
        icon="activity",
        tone=BAND_TONES[band],
        what=f"Health went from {before.label.lower()} to {band.label.lower()}{score}",
        number="own" if is_scored else "",
    )


def _tickets(number: int | None) -> str:
    return "1 ticket" if number == 1 else f"{number} tickets"


def _names(event: Event) -> str:
    """The newest three, and how many more there were."""
    shown = event.title.count("\n") + 1
    more = (event.number or 0) - shown
    return f"{event.title}\nand {more} more" if more > 0 else event.title


def _tickets_url(event: Event) -> str:
    """The one ticket, or the list of the customer's tickets to which this happened on the day."""
    if event.number == 1:
        return reverse("tickets:detail", args=[event.ref])
    asked = {"customer": str(event.customer_id), event.source: str(event.day)}
    return f"{reverse('tickets:tickets')}?{urlencode(asked)}"


TELLERS: dict[str, Callable[[Event], Told]] = {
    "opened": _opened,
    "solved": _solved,
    "reopened": _reopened,
    "touch": _touch,
    "pulse": _pulse,
    "override": _override,
    "handoff": _handoff,
    "promise": _promise,
    "decision": _decision,
    "closed": _closed,
    "health": _health,
}
