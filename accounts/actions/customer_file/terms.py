"""What a customer file says, row by row, whatever its layout."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class CustomerTerms:
    """What the file says of a customer; an empty string or None says nothing."""

    name: str
    source: str
    external_id: str
    kind: str
    segment: str
    touch_model: str
    seats: int | None
    stage: str
    timezone: str
    parent: str
    desired_outcome: str
    is_fictional: bool
    owner: str
    pool: str


@dataclass(frozen=True, kw_only=True)
class ContractTerms:
    """What the file says of a contract; the names are the contract's own columns."""

    external_id: str
    kind: str
    starts_on: date
    ends_on: date | None
    auto_renew: bool
    notice_days: int | None
    notice_received_on: date | None
    uplift_pct: Decimal | None
    currency: str


@dataclass(frozen=True, kw_only=True)
class LineTerms:
    """What the file says of one product on a contract."""

    product: str
    quantity: int
    arr: Decimal


@dataclass(frozen=True, kw_only=True)
class CustomerRow:
    """One row: a customer, and what of a contract the row tells."""

    customer: CustomerTerms
    contract: ContractTerms | None
    line: LineTerms | None


# what a row may say anew of a contract that we have
CONTRACT_FIELDS = tuple(field.name for field in fields(ContractTerms))[1:]
