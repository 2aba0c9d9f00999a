"""What can be done to many rows of a list at once; a list names these in `bulk`.

    ON_TRACK = BulkAction(
        name="on_track", label="On track", key="1", permission="accounts.decide_renewal",
        form=DecisionForm, apply=..., undo=...,
    )

`apply` and `undo` call the same actions as a page does for one row, in their set form.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from django import forms

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

PICK = "pick"  # a picked row in the address: its primary key, a dot, and what was seen of it
ALL = "all"  # instead: every row that the filters find


class BulkForm(forms.Form):
    """What is said once for all rows; nothing, unless a subclass asks for something."""

    def __init__(self, *arguments: Any, user: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.user = user
        self.prepare()

    def prepare(self) -> None:
        """Fill choices that depend on the person."""

    @property
    def first_error(self) -> str:
        """What is wrong first with what was said."""
        return next(str(error) for errors in self.errors.values() for error in errors)

    @property
    def said(self) -> dict[str, Any]:
        """What a valid form says, as JSON that the same form takes again."""
        values = {name: self.cleaned_data.get(name) for name in self.fields}
        prepared = {name: self.fields[name].prepare_value(value) for name, value in values.items()}
        return {
            name: str(value) if isinstance(value, date) else value
            for name, value in prepared.items()
            if value not in {None, ""}
        }


class Change(NamedTuple):
    """What an action did to one row, as JSON: enough to show it, and to take it back."""

    before: dict[str, Any]
    after: dict[str, Any]


class Asked(NamedTuple):
    """Who asks for it and when, and what was said once for all rows."""

    by: Any
    at: datetime
    said: Mapping[str, Any] = MappingProxyType({})


class Apply(Protocol):
    def __call__(self, seen: Mapping[int, str], asked: Asked) -> Mapping[int, Change]:
        """Do it to these rows, all or none, given what was seen of each.

        Rows left out of the answer are gone, or not this person's to see. Raises Refused.
        """


class Undo(Protocol):
    def __call__(self, changes: Mapping[int, Change], asked: Asked) -> Collection[int]:
        """Put back what stood before; which rows that was possible for. Raises Refused."""


@dataclass(frozen=True, kw_only=True)
class BulkAction:
    """Something that can be done to up to 10,000 rows of a list, and taken back for a day."""

    name: str  # in URLs, jobs and the record
    label: str
    permission: str
    apply: Apply
    undo: Undo
    key: str = ""  # pressed while rows are selected
    form: type[BulkForm] = BulkForm
    says: str = ""  # what it means for every row, in a sentence


@dataclass(frozen=True, kw_only=True)
class Edit[Row]:
    """A cell that is changed in place: the same action, done to one row.

    A column names it: `Column(edit="call", ...)`.
    """

    action: BulkAction
    says: Callable[[Row], Mapping[str, Any]]  # what the editor begins with
    who: Callable[[int, Any, datetime], str]  # who changed the row last to what, in a sentence
