"""Where the rows and the reasons behind a customer's numbers are."""

from __future__ import annotations

from functools import cache

from django.urls import reverse

from supportsuccess.lists.table import ID_IN_URL, url_pattern


def health_url(customer_id: int) -> str:
    """What a customer's score is made of."""
    return _health_pattern().replace(ID_IN_URL, str(customer_id))


def tickets_url(customer_id: int) -> str:
    """A customer's open tickets."""
    return f"{_path('tickets:tickets')}?customer={customer_id}&only=open"


def handoffs_url(customer_id: int) -> str:
    """A customer's open handoffs, whoever has them."""
    return f"{_path('tickets:handoffs')}?box=all&customer={customer_id}"


# One `reverse` a process, not one a row.


@cache
def _health_pattern() -> str:
    return url_pattern("insights:customer_health")


@cache
def _path(name: str) -> str:
    return reverse(name)
