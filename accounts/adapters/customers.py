"""The customer file: one row per line of a contract, its customer's columns repeated on each."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from django import forms
from django.db import transaction
from django.utils import timezone

from accounts.actions.customer_file.plans import unknown_holders
from accounts.actions.customer_file.recording import record_customer_rows
from accounts.actions.customer_file.terms import (
    ContractTerms,
    CustomerRow,
    CustomerTerms,
    LineTerms,
)
from accounts.actions.customer_file.withdrawal import retire_customer_file
from accounts.models import ContractKind, CustomerKind, Segment, Stage, TouchModel
from supportsuccess import audit
from supportsuccess.imports.cells import (
    Unusable,
    amount,
    chosen,
    counted,
    day,
    required,
    text,
    yes_or_no,
)
from supportsuccess.imports.formats import Format, Outcome, Section
from supportsuccess.lists.cells import day_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from supportsuccess.imports.models import ImportBatch

CUSTOMER_COLUMNS = (
    *("customer", "source", "external_id", "kind", "segment", "touch_model", "seats", "stage"),
    *("timezone", "parent", "desired_outcome", "fictional", "owner", "pool"),
)
CONTRACT_COLUMNS = (
    *("contract", "contract_kind", "starts_on", "ends_on", "auto_renew", "notice_days"),
    *("notice_received_on", "uplift_pct", "currency"),
)
LINE_COLUMNS = ("product", "quantity", "arr")
COLUMNS = (*CUSTOMER_COLUMNS, *CONTRACT_COLUMNS, *LINE_COLUMNS)
NEEDED_COLUMNS = ("customer",)
BLANK = dict.fromkeys(COLUMNS, "")
OPEN_ENDED = (ContractKind.EVERGREEN, ContractKind.MONTH_TO_MONTH)
LONGEST = {
    "customer": 200,
    "source": 40,
    "external_id": 200,
    "contract": 200,
    "product": 100,
}
# What a cell at fault is taken for, so that the rest of its row is judged, too.
GOOD_CONTRACT = {
    "contract": "-",
    "contract_kind": ContractKind.FIXED.value,
    "starts_on": "1990-01-01",
    "ends_on": "2099-12-31",
    "currency": "EUR",
}
GOOD = {**GOOD_CONTRACT, "customer": "-", "source": "-", "product": "-", "arr": "0"}
MOST_NOTICE_DAYS = 32_767
MOST_UPLIFT = Decimal(1000)


def read(row: Mapping[str, str]) -> CustomerRow:
    """One row of the customer file. Raises Unusable."""
    cells = {**BLANK, **row}
    for column, longest in LONGEST.items():
        if len(cells[column].strip()) > longest:
            raise Unusable(column, f"is longer than {longest} characters")
    contract = _contract(cells) if _says(cells, CONTRACT_COLUMNS) else None
    line = _line(cells) if _says(cells, LINE_COLUMNS) else None
    if line is not None and contract is None:
        raise Unusable("contract", "is empty, but the row names a product or an amount")
    return CustomerRow(customer=_customer(cells), contract=contract, line=line)


def read_all(row: Mapping[str, str]) -> tuple[list[Unusable], CustomerRow | None]:
    """All that is wrong with a row, and the row as it is without that, where it can be told."""
    cells = {**BLANK, **row}
    faults: dict[str, Unusable] = {}
    while True:
        try:
            return list(faults.values()), read(cells)
        except Unusable as fault:
            if fault.column in faults:
                return list(faults.values()), None
            faults[fault.column] = fault
            cells |= _made_good(cells, fault.column)


def _made_good(cells: Mapping[str, str], column: str) -> dict[str, str]:
    if column == "contract" and not _says(cells, CONTRACT_COLUMNS):
        return GOOD_CONTRACT
    return {column: GOOD.get(column, "")}


def _says(cells: Mapping[str, str], columns: Iterable[str]) -> bool:
    return any(text(cells, column) for column in columns)


def _customer(cells: Mapping[str, str]) -> CustomerTerms:
    if text(cells, "owner") and text(cells, "pool"):
        raise Unusable("pool", "is filled beside an owner: a customer is held by one of them")
    if text(cells, "external_id") and not text(cells, "source"):
        raise Unusable("source", "is empty, but the row has an external_id of it")
    return CustomerTerms(
        name=" ".join(required(cells, "customer").split()),
        source=text(cells, "source"),
        external_id=text(cells, "external_id"),
        kind=_if_said(cells, "kind", _word(CustomerKind.values), otherwise=""),
        segment=_if_said(cells, "segment", _word(Segment.values), otherwise=""),
        touch_model=_if_said(cells, "touch_model", _word(TouchModel.values), otherwise=""),
        seats=_if_said(cells, "seats", counted, otherwise=None),
        stage=_if_said(cells, "stage", _word(Stage.values), otherwise=""),
        timezone=_if_said(cells, "timezone", _timezone, otherwise=""),
        parent=text(cells, "parent"),
        desired_outcome=text(cells, "desired_outcome"),
        is_fictional=yes_or_no(cells, "fictional"),
        owner=text(cells, "owner").casefold(),
        pool=text(cells, "pool"),
    )


def _contract(cells: Mapping[str, str]) -> ContractTerms:
    terms = ContractTerms(
        external_id=required(cells, "contract"),
        kind=_word(ContractKind.values)(cells, "contract_kind"),
        starts_on=day(cells, "starts_on"),
        ends_on=_if_said(cells, "ends_on", day, otherwise=None),
        auto_renew=yes_or_no(cells, "auto_renew"),
        notice_days=_if_said(cells, "notice_days", counted, otherwise=None),
        notice_received_on=_if_said(cells, "notice_received_on", day, otherwise=None),
        uplift_pct=_if_said(cells, "uplift_pct", amount, otherwise=None),
        currency=_currency(cells, "currency"),
    )
    _check_term(terms)
    if terms.notice_days is not None and terms.notice_days > MOST_NOTICE_DAYS:
        raise Unusable("notice_days", "is longer than any notice period")
    if terms.uplift_pct is not None and terms.uplift_pct >= MOST_UPLIFT:
        raise Unusable("uplift_pct", "is 1000 percent or more")
    return terms


def _check_term(terms: ContractTerms) -> None:
    if terms.ends_on is None:
        if terms.kind == ContractKind.FIXED:
            raise Unusable("ends_on", "is empty, but a fixed contract has an end")
        return
    if terms.ends_on < terms.starts_on:
        raise Unusable(
            "ends_on",
            f"{day_text(terms.ends_on)} comes before the start, {day_text(terms.starts_on)}",
        )
    if terms.kind in OPEN_ENDED and terms.notice_received_on is None:
        raise Unusable("ends_on", "is filled, but an open-ended contract ends by notice only")


def _line(cells: Mapping[str, str]) -> LineTerms:
    if not text(cells, "product"):
        raise Unusable("product", "is empty; a line with an amount needs one")
    return LineTerms(
        product=required(cells, "product"),
        quantity=_if_said(cells, "quantity", counted, otherwise=1),
        arr=amount(cells, "arr"),
    )


def _word(words: list[str]) -> Callable[[Mapping[str, str], str], str]:
    among = {word: word for word in words}
    return lambda cells, column: chosen(cells, column, among=among)


def _if_said[T, N](
    cells: Mapping[str, str],
    column: str,
    reader: Callable[[Mapping[str, str], str], T],
    *,
    otherwise: N,
) -> T | N:
    return reader(cells, column) if text(cells, column) else otherwise


def _timezone(cells: Mapping[str, str], column: str) -> str:
    said = text(cells, column)
    if said not in _timezones():
        raise Unusable(column, f"“{said}” is not a time zone like Europe/Berlin")
    return said


@cache
def _timezones() -> set[str]:
    return available_timezones()


def _currency(cells: Mapping[str, str], column: str) -> str:
    said = required(cells, column)
    if not (len(said) == 3 and said.isascii() and said.isalpha() and said.isupper()):
        raise Unusable(column, f"“{said}” is not a currency code like EUR")
    return said


class SourceOptions(forms.Form):
    """Which system the file was taken from."""

    source = forms.SlugField(
        label="Taken from",
        max_length=40,
        initial="crm",
        required=False,
        help_text="The system's key, like crm or billing. Fields it owns are overwritten.",
    )

    holds_from = forms.DateField(
        label="Holds since",
        required=False,
        help_text="The day from which what the file says was so; empty: from now on.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean_source(self) -> str:
        return self.cleaned_data["source"] or "crm"

    def clean_holds_from(self) -> str:
        day = self.cleaned_data["holds_from"]
        if day and day > timezone.now().date():
            raise forms.ValidationError("Choose today or an earlier day.")
        return day.isoformat() if day else ""


class CustomerFile(Format):
    """Customers with contracts, lines, and who answers for them."""

    name = "customers"
    label = "Customers and contracts"
    required_columns = NEEDED_COLUMNS
    options_form = SourceOptions

    def check(self, section: Section) -> Outcome:
        """A run that is taken back: what it says is what a run will do."""
        with transaction.atomic():
            outcome = self.run(section)
            transaction.set_rollback(True)
        return outcome

    def run(self, section: Section) -> Outcome:
        """Record the section's customers and contracts."""
        batch, outcome = section.batch, Outcome()
        rows, broken = _usable(section, outcome)
        recorded = record_customer_rows(
            rows,
            broken=broken,
            source=batch.options["source"],
            batch=batch,
            by=batch.by or audit.System("import"),
            at=_holds_from(batch),
        )
        outcome.count("customers", **recorded.customers)
        outcome.count("contracts", **recorded.contracts)
        outcome.count("proposed changes", created=recorded.proposals)
        outcome.count("active customers", unplaced=recorded.unplaced)
        for line, column, reason in recorded.refusals:
            outcome.refuse(line, column, reason)
        return outcome

    def undo(self, batch: ImportBatch) -> None:
        """Retire what the file made."""
        retire_customer_file(batch, by=batch.by or audit.System("import"), at=timezone.now())


def _holds_from(batch: ImportBatch) -> datetime:
    if said := batch.options.get("holds_from"):
        return datetime.combine(date.fromisoformat(said), time(), tzinfo=UTC)
    return timezone.now()


def _usable(section: Section, outcome: Outcome) -> tuple[list[tuple[int, CustomerRow]], set[str]]:
    """The rows that can be read, and the contracts of those that can't."""
    rows: list[tuple[int, CustomerRow]] = []
    refused: list[tuple[int, CustomerRow]] = []
    broken = set()
    for number, row in section.rows():
        faults, read_row = read_all(row)
        for fault in faults:
            outcome.refuse(number, fault.column, fault.reason, value=row.get(fault.column, ""))
        if faults:
            broken.add(row.get("contract", "").strip())
        if read_row is not None:
            (refused if faults else rows).append((number, read_row))
    for line, column, reason in unknown_holders(refused):
        outcome.refuse(line, column, reason)
    return rows, broken - {""}


CUSTOMERS = CustomerFile()
