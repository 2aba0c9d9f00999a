"""What all ticket logs have in common; a layout of its own adds only how it reads a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils import timezone

from supportsuccess import audit, outbox
from supportsuccess.imports.cells import Unusable
from supportsuccess.imports.formats import Format, Outcome, Section, usable
from tickets.actions.label_rules import promise_answers
from tickets.actions.recording import (
    close_source,
    lock_source,
    open_source,
    record_customers,
    record_section,
)
from tickets.actions.staging import check_size, discard_staged, stage_events
from tickets.actions.withdrawal import retire_withdrawn
from tickets.queries.staged import preview, shift_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from accounts.models import User
    from supportsuccess.imports.models import ImportBatch
    from tickets.models import EventRecord


class LogOptions(forms.Form):
    """Where in time a log is put."""

    shift_to = forms.DateField(
        label="Move so that it ends before",
        required=False,
        help_text="Moves all its times by whole weeks. Leave it empty to keep them as they are.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean_shift_to(self) -> str:
        day = self.cleaned_data["shift_to"]
        if day and day > timezone.now().date():
            raise forms.ValidationError("Choose today or an earlier day.")
        return day.isoformat() if day else ""


class CustomerOptions(LogOptions):
    """Where in time a log is put, and whose it is."""

    customer = forms.CharField(
        label="Customer", max_length=200, help_text="All tickets of the file become theirs."
    )

    def clean_customer(self) -> str:
        return " ".join(self.cleaned_data["customer"].split())


class TicketLog(Format):
    """A log of what happened to tickets: each row becomes one event."""

    reads_again = False

    def __init__(
        self,
        *,
        name: str,
        label: str,
        columns: Sequence[str],
        moment_column: str,
        read: Callable[[Mapping[str, str]], EventRecord],
        is_event_log: bool,
        needs_customer: bool = False,
    ) -> None:
        self.name = name
        self.label = label
        self.required_columns = columns
        self.moment_column = moment_column
        self.read = read
        # its stamps say when the company knew
        self.is_event_log = is_event_log
        self.options_form = CustomerOptions if needs_customer else LogOptions

    def check(self, section: Section) -> Outcome:
        """Set the usable rows aside; with the last section say what they would change."""
        batch, outcome = section.batch, Outcome()
        if section.number == 0:
            discard_staged(batch)
        stage_events(batch, self._usable(section, outcome))
        if section.number + 1 == batch.sections.count():
            shift_of(batch, source=self.name)
            for kind, numbers in preview(batch, source=self.name).items():
                outcome.count(kind, **numbers)
        return outcome

    def run(self, section: Section) -> Outcome:
        """Record some tickets with all the events set aside for them."""
        batch, outcome, by = section.batch, Outcome(), actor(section.batch)
        if section.number == 0:
            source = open_source(
                batch, key=self.name, name=self.label, is_event_log=self.is_event_log, by=by
            )
            outcome.count("customers", created=record_customers(batch, source=source, by=by))
        else:
            source = lock_source(self.name)
        for kind, numbers in record_section(batch, source=source, by=by).items():
            outcome.count(kind, **numbers)
        return outcome

    def finish(self, batch: ImportBatch) -> None:
        """Note when the source was heard of; have what is new answered by rules, or suggested."""
        close_source(batch, key=self.name, by=actor(batch))
        promise_answers(batch)
        outbox.promise("suggest_labels", queue=outbox.LONG, after=0, batch_id=batch.pk)

    def undo(self, batch: ImportBatch) -> None:
        """Retire what the file made."""
        discard_staged(batch)
        retire_withdrawn(batch, by=actor(batch))

    def _usable(self, section: Section, outcome: Outcome) -> Iterator[tuple[int, EventRecord]]:
        now = timezone.now()
        customer = section.batch.options.get("customer", "")

        def read(row: Mapping[str, str]) -> EventRecord:
            record = check_size(self.read(row))
            if record.occurred_at > now:
                raise Unusable(self.moment_column, "lies in the future")
            return record._replace(customer=customer) if customer else record

        return usable(section, outcome, read=read)


def actor(batch: ImportBatch) -> User | audit.System:
    """Who imports: the person, or the command that ran it."""
    return batch.by or audit.System("import")
