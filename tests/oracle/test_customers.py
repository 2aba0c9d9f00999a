import pytest

from insights.lists.customers import Customers
from insights.models import ListedCustomer
from tests.oracle.states import (
    NAMES,
    NOW,
    PAGE,
    STATES,
    address,
    assert_finds,
    random_state,
    renewals_at_stake,
    seen_rows,
)
from tests.oracle.test_renewals import passes_row

pytestmark = pytest.mark.django_db


def is_unplaced(row):
    return any(
        one.holder_pool and one.holder_pool.is_intake for one in row.customer.assignments.all()
    )


@pytest.mark.parametrize("which", range(2))
def test_customers_are_those_that_plain_python_finds(monkeypatch, *, people, chance, which):
    monkeypatch.setattr(Customers, "size", PAGE)
    user = people[which]
    rows = seen_rows(user, ListedCustomer)
    at_stake = {row.customer_id for row in renewals_at_stake(user)}
    keys = {
        "name": lambda row: (row.sort_name, row.pk),
        "arr": lambda row: (row.arr_rank, row.pk),
        "health": lambda row: (row.score_rank, row.pk),
    }
    options = {
        "q": (False, NAMES),
        "owner": (False, ["all", "none", *(str(one.pk) for one in people[:2])]),
        "segment": (True, ["small", "mid_market", "enterprise"]),
        "band": (True, ["red", "yellow", "green", "unknown"]),
        "at_stake": (False, ["yes"]),
        "unplaced": (False, ["yes"]),
        "stage": (True, ["live", "onboarding"]),
    }
    for _ in range(STATES):
        state, key = random_state(chance, options), chance.choice(list(keys))
        falls = chance.random() < 0.5
        expected = sorted(
            (
                row
                for row in rows
                if passes_row(row, state)
                and (row.customer_id in at_stake or "at_stake" not in state)
                and (is_unplaced(row) or "unplaced" not in state)
            ),
            key=keys[key],
            reverse=falls,
        )
        query = address(state, sort=f"-{key}" if falls else key)

        assert_finds(
            lambda params: Customers(user, params, now=NOW), query, state=state, expected=expected
        )
