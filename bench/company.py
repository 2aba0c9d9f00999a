"""Which company the figures are taken on: the benchmark company, or whatever is there."""

from dataclasses import dataclass

from django.db import connection

CUSTOMERS, TICKETS = 10_000, 1_000_000
ADVICE = (
    "run ./ss manage demo --customers 10000 --tickets 1000000 in an SS_STATE_DIR of its own, and"
    " ./ss bench with the same SS_STATE_DIR"
)


@dataclass(frozen=True)
class Company:
    """How large the database is that was measured."""

    customers: int
    tickets: int

    @property
    def is_for_benchmarks(self) -> bool:
        return self.customers >= CUSTOMERS and self.tickets >= TICKETS

    def __str__(self) -> str:
        size = f"{self.customers:,} customers and {self.tickets:,} tickets"
        if self.is_for_benchmarks:
            return f"Measured on {size}."
        return (
            f"This is not the benchmark company: it has {size}, not {CUSTOMERS:,} and"
            f" {TICKETS:,}.\nFor figures that count, {ADVICE}."
        )


def company_here() -> Company:
    """The company in this database, counted."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT (SELECT count(*) FROM accounts_customer),
                   (SELECT count(*) FROM tickets_ticket)""")
        return Company(*cursor.fetchone())
