"""The lines of a file's contracts, and the ledger rows that explain each change of revenue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import ArrMovement, ContractLine, MovementKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from accounts.actions.customer_file.plans import ContractPlan, CustomerPlan
    from accounts.actions.customer_file.terms import LineTerms
    from accounts.models import Contract, Product
    from supportsuccess.imports.models import ImportBatch

AT_ONCE = 1000


class Ledger:
    """Lines to be written, and the movements that go with them."""

    def __init__(self, *, batch: ImportBatch, day: date) -> None:
        self.batch = batch
        self.day = day
        self.added: list[ContractLine] = []
        self.changed: list[ContractLine] = []
        self.movements: list[ArrMovement] = []

    def add(self, line: ContractLine) -> None:
        """What this file's contracts bring is new from their start on, on others from today on."""
        self.added.append(line)
        self._begin(line)

    def add_again(self, line: ContractLine, terms: LineTerms) -> None:
        """A line of a contract brought back: what its withdrawn file booked no longer stands."""
        line.quantity, line.arr = terms.quantity, terms.arr
        self.changed.append(line)
        self._begin(line)

    def _begin(self, line: ContractLine) -> None:
        is_new = line.contract.batch_id == self.batch.pk
        self._move(
            line,
            kind=MovementKind.NEW if is_new else MovementKind.CROSS_SELL,
            amount=line.arr,
            on=line.contract.starts_on if is_new else self.day,
        )

    def change(self, line: ContractLine, terms: LineTerms) -> None:
        """A line says another amount or quantity from today on."""
        kind, amount = _kind_of_change(line, terms), terms.arr - line.arr
        line.quantity, line.arr = terms.quantity, terms.arr
        self.changed.append(line)
        self._move(line, kind=kind, amount=amount, on=self.day)

    def save(self) -> set[int]:
        """Write all; the ids of the contracts whose lines changed."""
        ContractLine.objects.bulk_create(self.added, batch_size=AT_ONCE)
        ContractLine.objects.bulk_update(self.changed, ["quantity", "arr"], batch_size=AT_ONCE)
        ArrMovement.objects.bulk_create(self.movements, batch_size=AT_ONCE)
        return {line.contract_id for line in [*self.added, *self.changed]}

    def _move(self, line: ContractLine, *, kind: MovementKind, amount: Decimal, on: date) -> None:
        if amount:
            self.movements.append(
                ArrMovement(
                    customer_id=line.contract.customer_id,
                    line=line,
                    booked_on=on,
                    effective_on=on,
                    kind=kind,
                    amount=amount,
                    currency=line.contract.currency,
                    batch=self.batch,
                )
            )


def write_lines(
    pairs: list[tuple[CustomerPlan, ContractPlan]],
    *,
    products: Mapping[str, Product],
    back: set[int],
    batch: ImportBatch,
    day: date,
) -> set[int]:
    """Write the lines the file names; the ids of the contracts whose lines changed.

    `back` are contracts whose own file was withdrawn before.
    """
    known = _known([each.ours for _, each in pairs])
    ledger = Ledger(batch=batch, day=day)
    for _, plan in pairs:
        contract = plan.ours
        for terms in plan.lines:
            product = products[terms.product.casefold()]
            line = known.get((contract.pk, product.pk))
            if line is None:
                said = {"quantity": terms.quantity, "arr": terms.arr}
                ledger.add(ContractLine(contract=contract, product=product, **said))
            elif contract.pk in back:
                ledger.add_again(line, terms)
            elif (line.quantity, line.arr) != (terms.quantity, terms.arr):
                ledger.change(line, terms)
    return ledger.save()


def _known(contracts: list[Contract]) -> dict[tuple[int, int], ContractLine]:
    found = ContractLine.objects.filter(contract__in=contracts).select_related("contract")
    return {(line.contract_id, line.product_id): line for line in found}


def _kind_of_change(line: ContractLine, terms: LineTerms) -> MovementKind:
    grew = terms.arr > line.arr
    if terms.quantity != line.quantity:
        return MovementKind.UPSELL if grew else MovementKind.CONTRACTION
    return MovementKind.PRICE_INCREASE if grew else MovementKind.PRICE_DECREASE
