"""What a domain app writes to take in one more kind of file.

    class ServiceNow(imports.Format):
        name = "servicenow"
        label = "ServiceNow incident log"
        required_columns = ("number", "sys_updated_at")
        options_form = ServiceNowOptions            # a plain Form; its answers are batch.options

        def check(self, section: Section) -> Outcome: ...   # judges rows, writes nothing
        def run(self, section: Section) -> Outcome: ...     # records a section as one set
        def finish(self, batch: ImportBatch) -> None: ...   # after the last section
        def undo(self, batch: ImportBatch) -> None: ...     # retires what the batch created

    imports.register(ServiceNow())                  # at the end of a module in <app>/adapters

A file is read once, cut into sections of 10,000 rows, and each call gets one of them, in order.
Each call is one step of a job: its transaction holds the rows it wrote and its receipt, so it must
not commit by itself, and it is called again for the same section when a crash lost both. The steps
of one run share the audit group of the action that started it. Facts point to their batch
(`batch=section.batch`); when a batch is undone its `withdrawn_at` is set first, then `undo` is
called once. Everything a person must know about a row goes into the outcome:

    outcome = Outcome()
    for number, row in section.rows():
        if not row["number"]:
            outcome.refuse(number, "number", "is empty: every incident needs its number")
    outcome.count("tickets", created=3, updated=1, unchanged=6)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from django import forms

from supportsuccess.discovery import import_modules
from supportsuccess.errors import Refused
from supportsuccess.imports.cells import Unusable

if TYPE_CHECKING:
    from supportsuccess.imports.models import ImportBatch


@dataclass(frozen=True)
class Section:
    """Some rows of a batch's file, as text, in the order of the file."""

    batch: ImportBatch
    number: int
    first_row: int
    columns: Sequence[str]
    cells: Sequence[tuple[int, Sequence[str]]]

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Each row with its number in the file, where the header is row 1."""
        for number, cells in self.cells:
            yield number, dict(zip(self.columns, cells, strict=True))


@dataclass(frozen=True)
class RefusedRow:
    """One row that cannot be used, and why."""

    row: int
    column: str
    reason: str
    value: str


@dataclass
class Outcome:
    """What came of a section: counts per kind of thing, and the rows that were refused."""

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    refusals: list[RefusedRow] = field(default_factory=list)

    def count(self, kind: str, **numbers: int) -> None:
        """Add to created, updated, unchanged or refused of one kind."""
        counted = self.counts.setdefault(kind, {})
        for name, number in numbers.items():
            counted[name] = counted.get(name, 0) + number

    def refuse(self, row: int, column: str, reason: str, *, value: str = "") -> None:
        """Leave a row out, saying which field and what to do about it."""
        self.refusals.append(RefusedRow(row, column, reason, value))


def usable[Read](
    section: Section, outcome: Outcome, *, read: Callable[[dict[str, str]], Read]
) -> Iterator[tuple[int, Read]]:
    """Each row that can be read, with its number; the others are refused with their reason."""
    for number, row in section.rows():
        try:
            yield number, read(row)
        except Unusable as why:
            outcome.refuse(number, why.column, why.reason, value=row.get(why.column, ""))


class Format:
    """One layout of files, known to the app that registers it."""

    name: str
    label: str
    required_columns: Sequence[str] = ()
    options_form: type[forms.Form] = forms.Form
    # False where `check` sets the usable rows aside in a table of its own: what it refused stays
    reads_again = True

    def check(self, section: Section) -> Outcome:
        """Judge the rows and count what running them would do. Writes no fact."""
        raise NotImplementedError

    def run(self, section: Section) -> Outcome:
        """Record the rows as one set."""
        raise NotImplementedError

    def finish(self, batch: ImportBatch) -> None:
        """Do what can be done only when all sections are in."""

    def undo(self, batch: ImportBatch) -> None:
        """Retire what the batch created; its facts are skipped already. Refuses what it must."""
        raise NotImplementedError


registered: dict[str, Format] = {}


def register(new: Format) -> None:
    """Offer a format in the pages and commands of imports."""
    if new.name in registered:
        raise ValueError(f"There are two import formats {new.name!r}.")
    registered[new.name] = new


def find(name: str) -> Format:
    """The format of this name. Raises Refused."""
    load()
    if name not in registered:
        known = ", ".join(sorted(registered))
        raise Refused(f"There is no import format {name!r}. There are: {known}.", field="format")
    return registered[name]


def choices() -> list[tuple[str, str]]:
    """Names and labels of all formats, for a form."""
    load()
    return sorted((each.name, each.label) for each in registered.values())


@cache
def load() -> None:
    """Import every app's `adapters`, where formats are registered."""
    import_modules("adapters")
