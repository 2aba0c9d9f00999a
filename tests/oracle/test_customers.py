import pytest
from django.http import QueryDict

from insights.lists.customers import Customers
from insights.models import ListedCustomer
from tests.oracle.states import (
    NAMES,
    NOW,
    PAGE,
    STATES,
    address,
    all_pages,
    random_state,
    says_what_it_was_asked,
    seen_rows,
)
from tests.oracle.test_renewals import passes_row

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("which", range(2))
def test_customers_are_those_that_plain_python_finds(monkeypatch, *, people, chance, which):
    monkeypatch.setattr(Customers, "size", PAGE)
    user = people[which]
    rows = seen_rows(user, ListedCustomer)
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
        "stage": (True, ["live", "onboarding"]),
    }
    for _ in range(STATES):
        state, key = random_state(chance, options), chance.choice(list(keys))
        falls = chance.random() < 0.5
        expected = sorted(
            (row for row in rows if passes_row(row, state)), key=keys[key], reverse=falls
        )
        query = address(state, sort=f"-{key}" if falls else key)

        found = all_pages(lambda params: Customers(user, params, now=NOW), query)

        assert found == [row.pk for row in expected], query
        assert says_what_it_was_asked(Customers(user, QueryDict(query), now=NOW), state), query
