import pytest
from django.http import QueryDict

from supportsuccess.lists import query


def test_link_changes_one_thing_and_keeps_the_rest():
    params = QueryDict("owner=1&owner=2&sort=-arr&cursor=x")

    link = query.link(params, changes={"sort": "name", "peek": 4})

    assert link == "?owner=1&owner=2&sort=name&cursor=x&peek=4"


def test_link_takes_away_what_is_none():
    assert query.link(QueryDict("a=1&b=2"), changes={"a": None, "missing": None}) == "?b=2"


def test_fresh_link_starts_at_the_first_page_with_nothing_open():
    params = QueryDict("owner=1&cursor=x&peek=4")

    assert query.fresh_link(params, changes={"owner": 2}) == "?owner=2"


@pytest.mark.parametrize("text", ["", "x", "-1", "1.5", "\u0661", "9" * 19, "9" * 5000])
def test_what_can_be_no_key_is_none(text):
    assert query.number_in(QueryDict(f"peek={text}"), "peek") is None


def test_the_largest_key_is_a_number():
    assert query.number_in(QueryDict(f"peek={'9' * 18}"), "peek") == 10**18 - 1
