"""What a customer file asks for, gathered from its rows: customers, contracts, their lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from django.utils.text import slugify

from accounts.models import Pool, Product, User, sort_name_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from accounts.actions.customer_file.terms import (
        ContractTerms,
        CustomerRow,
        CustomerTerms,
        LineTerms,
    )
    from accounts.models import Contract, Customer


class Refusal(NamedTuple):
    """A row that can't be taken, and why."""

    line: int
    column: str
    reason: str


@dataclass
class ContractPlan:
    """One contract of the file with its rows."""

    terms: ContractTerms
    rows: list[tuple[int, ContractTerms, LineTerms | None]] = field(default_factory=list)
    contract: Contract | None = None

    @property
    def ours(self) -> Contract:
        """Which of ours it is. Raises LookupError before it was found or signed."""
        if self.contract is None:
            raise LookupError(f"{self.terms.external_id} is not one of our contracts yet.")
        return self.contract

    @property
    def lines(self) -> list[LineTerms]:
        return [line for _, _, line in self.rows if line is not None]


@dataclass
class CustomerPlan:
    """One customer of the file with their contracts, and which of ours it is once that is known."""

    terms: CustomerTerms
    rows: list[int]
    contracts: dict[str, ContractPlan] = field(default_factory=dict)
    # contracts of which a row was refused
    broken: set[str] = field(default_factory=set)
    customer: Customer | None = None
    owner: User | Pool | None = None
    parent_id: int | None = None

    @property
    def ours(self) -> Customer:
        """Which of ours it is. Raises LookupError before it was found or made."""
        if self.customer is None:
            raise LookupError(f"{self.terms.name} is not one of our customers yet.")
        return self.customer


@dataclass
class Plans:
    """All that a file asks for, less the rows refused."""

    customers: list[CustomerPlan] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def contracts(self) -> list[tuple[CustomerPlan, ContractPlan]]:
        return [(plan, each) for plan in self.customers for each in plan.contracts.values()]

    def refuse(self, plan: CustomerPlan, column: str, reason: str) -> None:
        """Leave a customer out with all their rows."""
        self.customers.remove(plan)
        self.refusals += [Refusal(row, column, reason) for row in plan.rows]

    def refuse_contract(self, plan: CustomerPlan, contract: ContractPlan, reason: str) -> None:
        """Leave a contract out with all its rows: half of its amounts would be a wrong amount."""
        del plan.contracts[contract.terms.external_id]
        self.refusals += [Refusal(row, "contract", reason) for row, _, _ in contract.rows]


def gather(rows: Iterable[tuple[int, CustomerRow]], *, broken: Collection[str] = ()) -> Plans:
    """Rows by customer and contract. `broken` are contracts of which a row was unusable already."""
    plans = Plans()
    by_identity: dict[tuple[str, str], CustomerPlan] = {}
    for line, row in rows:
        identity = identity_of(row.customer)
        if identity not in by_identity:
            by_identity[identity] = CustomerPlan(row.customer, [])
        _add(plans, by_identity[identity], line=line, row=row)
    plans.customers = [plan for plan in by_identity.values() if plan.rows]
    for plan, contract in plans.contracts:
        if reason := _unfit(contract, broken=plan.broken.union(broken)):
            plans.refuse_contract(plan, contract, reason)
    return plans


def identity_of(terms: CustomerTerms) -> tuple[str, str]:
    """What makes rows of the file speak of the same customer."""
    if terms.external_id:
        return terms.source, terms.external_id
    return "", sort_name_of(terms.name)


def resolve_people(plans: Plans) -> None:
    """Find the owners and pools that the file names; refuse customers of unknown ones."""
    holders = _holders_of(plan.terms for plan in plans.customers)
    for plan in list(plans.customers):
        if fault := holders.fault_of(plan.terms):
            plans.refuse(plan, *fault)
        else:
            plan.owner = holders.holder_of(plan.terms)


def unknown_holders(rows: Collection[tuple[int, CustomerRow]]) -> list[Refusal]:
    """The owners and pools that rows name and that are not ours."""
    holders = _holders_of(row.customer for _, row in rows)
    faults = ((line, holders.fault_of(row.customer)) for line, row in rows)
    return [Refusal(line, *fault) for line, fault in faults if fault]


class Holders(NamedTuple):
    """Who of ours a file may name as holding a customer."""

    people: dict[str, User]
    pools: dict[str, Pool]

    def fault_of(self, terms: CustomerTerms) -> tuple[str, str] | None:
        """The column that names somebody unknown, and why; none for a known one or nobody."""
        if terms.owner and terms.owner not in self.people:
            return "owner", f"nobody with the address {terms.owner} works here"
        if terms.pool and terms.pool not in self.pools:
            return "pool", f"there is no pool named “{terms.pool}”"
        return None

    def holder_of(self, terms: CustomerTerms) -> User | Pool | None:
        return self.people.get(terms.owner) or self.pools.get(terms.pool)


def _holders_of(named: Iterable[CustomerTerms]) -> Holders:
    emails = {terms.owner for terms in named}
    people = {user.email: user for user in User.objects.filter(email__in=emails).active()}
    return Holders(people, {pool.name: pool for pool in Pool.objects.all()})


def products_named(plans: Plans) -> dict[str, Product]:
    """The file's products by key or name, in any case; those we lack are made."""
    known: dict[str, Product] = {}
    for product in Product.objects.all():
        known[product.key.casefold()] = known[product.name.casefold()] = product
    for _, contract in plans.contracts:
        for line in contract.lines:
            if line.product.casefold() not in known:
                known[line.product.casefold()] = _make_product(line.product)
    return known


def _make_product(name: str) -> Product:
    key = slugify(name)[:30] or "product"
    taken = Product.objects.filter(key__startswith=key).count()
    return Product.objects.create(key=f"{key}-{taken + 1}" if taken else key, name=name)


def _add(plans: Plans, plan: CustomerPlan, *, line: int, row: CustomerRow) -> None:
    if row.customer != plan.terms:
        reason = f"says something else of this customer than line {plan.rows[0]}"
        plans.refusals.append(Refusal(line, "customer", reason))
        plan.broken |= {row.contract.external_id} if row.contract else set()
        return
    plan.rows.append(line)
    if row.contract is not None:
        key = row.contract.external_id
        contract = plan.contracts.setdefault(key, ContractPlan(row.contract))
        contract.rows.append((line, row.contract, row.line))


def _unfit(contract: ContractPlan, *, broken: Collection[str]) -> str:
    products = [line.product.casefold() for line in contract.lines]
    if contract.terms.external_id in broken:
        return "another row of this contract is unusable"
    if any(terms != contract.terms for _, terms, _ in contract.rows):
        return "its rows disagree about this contract"
    if len(products) != len(set(products)):
        return "names the same product twice"
    return ""
