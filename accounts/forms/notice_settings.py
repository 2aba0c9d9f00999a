"""What a person wants to be told of, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from accounts.actions.notice_settings import Hours
from accounts.models import Channel, NoticeHours
from accounts.models.notices import MORNING
from accounts.queries.notice_kinds import DIGEST, KINDS, NoticeKind
from accounts.queries.notice_routes import Way, way_of, ways_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import time

    from django.forms import BoundField

    from accounts.queries.notice_routes import Wishes

CLOCK = {"type": "time"}


class NoticeSettingsForm(forms.Form):
    """One's own notices: a choice for each kind, and the hours of mail."""

    quiet_from = forms.TimeField(
        label="Quiet from", required=False, widget=forms.TimeInput(attrs=CLOCK, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label="Quiet until", required=False, widget=forms.TimeInput(attrs=CLOCK, format="%H:%M")
    )
    is_quiet_on_days_off = forms.BooleanField(
        label="Quiet on days off",
        required=False,
        help_text="Weekends and holidays of your team's calendar.",
    )
    has_digest = forms.BooleanField(label="Send me a daily digest", required=False)
    digest_at = forms.TimeField(
        label="Digest at",
        widget=forms.TimeInput(attrs=CLOCK, format="%H:%M"),
        help_text="In your time zone, on your team's working days. An empty one is not sent.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in KINDS.values():
            self.fields[kind.name] = forms.ChoiceField(label=kind.label, choices=_choices(kind))

    @property
    def that_wait(self) -> Iterator[BoundField]:
        return (self[kind.name] for kind in KINDS.values() if kind.can_wait)

    @property
    def to_know(self) -> Iterator[BoundField]:
        return (self[kind.name] for kind in KINDS.values() if not kind.can_wait)

    def clean(self) -> None:
        starts, ends = (self.cleaned_data.get(name) for name in ("quiet_from", "quiet_until"))
        if (starts is None) != (ends is None):
            self.add_error("quiet_from" if starts is None else "quiet_until", "Give both ends.")
        elif starts is not None and starts == ends:
            self.add_error("quiet_until", "Quiet all day long: choose another end.")
        elif _is_within(self.cleaned_data.get("digest_at"), starts=starts, ends=ends):
            self.add_error("digest_at", "This lies in your quiet hours.")

    def chosen(self) -> dict[str, Any]:
        """What was chosen, as the action takes it."""
        given = self.cleaned_data
        return {
            "ways": {name: Way(given[name]) for name in KINDS},
            "has_digest": given["has_digest"],
            "hours": Hours(**{name: given[name] for name in Hours._fields}),
        }


def initial_of(hours: NoticeHours | None, *, wishes: Wishes) -> dict[str, object]:
    """What the form shows as it holds now."""
    ways = {kind.name: way_of(kind, wishes=wishes) for kind in KINDS.values()}
    times = {name: getattr(hours, name, None) for name in Hours._fields}
    has_digest = wishes.get((DIGEST, Channel.DIGEST), True)
    return {**ways, **times, "digest_at": times["digest_at"] or MORNING, "has_digest": has_digest}


def _choices(kind: NoticeKind) -> list[tuple[str, str]]:
    return [(way.value, way.label) for way in ways_for(kind)]


def _is_within(clock: time | None, *, starts: time | None, ends: time | None) -> bool:
    if clock is None or starts is None or ends is None:
        return False
    if starts < ends:
        return starts <= clock < ends
    return clock >= starts or clock < ends
