from decimal import Decimal
from typing import NamedTuple

import pytest
from django.http import QueryDict
from django.test import override_settings
from django.urls import path
from django.utils.html import format_html

from accounts.models import Customer
from supportsuccess.lists import cells, empty
from supportsuccess.lists.table import Column, RowKey, Table, page_of, rows_of
from tests.factories.customers import CustomerFactory

HOSTILE = "<script>alert('{0}')</script>{}"
NONE = empty.nothing_matches("No customer", clear_url="?")
urlpatterns = [path("customers/<str:pk>/", id, name="customer")]


class Row(NamedTuple):
    pk: object
    name: str
    arr: Decimal | None = None


TABLE = Table[Row](
    id="customers",
    caption="Customers",
    label=lambda row: row.name,
    url="customer",
    default_sort="name",
    peek="yes",
    pick="ids",
    row_keys=[RowKey(key="h", label="Hand over", url="customer", target="dialog")],
    row_data=[("version", lambda row: row.arr)],
    columns=[
        Column(
            label="Name", key="name", order=["sort_name"], lead="yes", cell=lambda row: row.name
        ),
        Column(
            label="ARR",
            key="arr",
            order=["arr"],
            align="end",
            priority=2,
            cell=lambda row: cells.money(row.arr, currency="EUR"),
        ),
        Column(label="Note", grow="yes", card_label="Note", help="Free", cell=len),
    ],
)


@pytest.fixture(autouse=True)
def _urls():
    with override_settings(ROOT_URLCONF=__name__):
        yield


def filled(*rows, query=""):
    return TABLE.over(rows, params=QueryDict(query), empty=NONE)


def test_table_is_labelled_for_screen_readers():
    html = filled(Row(7, "Halden Lifts")).html

    assert "<caption>Customers</caption>" in html
    assert 'aria-label="Select Halden Lifts"' in html
    assert 'aria-label="Peek at Halden Lifts"' in html


def test_row_links_to_its_page_and_names_its_key():
    html = filled(Row(7, "Halden Lifts", Decimal(5))).rows

    assert '<tr data-row="7" data-version="5">' in html
    assert '<a class="row-link" data-row-link href="/customers/7/">Halden Lifts</a>' in html
    assert 'name="ids" value="7" form="customers-form"' in html


def test_text_of_rows_is_escaped():
    html = filled(Row(HOSTILE, HOSTILE)).html

    assert "<script" not in html
    assert "&lt;script&gt;alert(&#x27;{0}&#x27;)&lt;/script&gt;{}" in html


def test_text_of_the_declaration_is_escaped():
    hostile = Table[Row](
        id="a{}",
        caption=HOSTILE,
        label=lambda row: row.name,
        columns=[
            Column(label=HOSTILE, card_label=HOSTILE, help=HOSTILE, cell=lambda row: row.name)
        ],
        pick="{}",
    )

    html = hostile.over([Row(1, "x")], params=QueryDict(), empty=NONE).html

    assert "<script" not in html
    assert 'data-label="&lt;script&gt;alert(&#x27;{0}&#x27;)&lt;/script&gt;{}"' in html


def test_safe_cell_is_left_as_it_is():
    table = Table[Row](
        id="t",
        caption="T",
        label=lambda row: row.name,
        columns=[Column(label="N", cell=lambda row: format_html("<b>{}</b>", row.name))],
    )

    assert (
        "<td><b>a &amp; b</b></td>"
        in table.over([Row(1, "a & b")], params=QueryDict(), empty=NONE).rows
    )


def test_heading_asks_for_the_other_direction_and_keeps_the_filters():
    html = filled(Row(1, "x"), query="owner=3&cursor=abc&peek=1").html

    assert 'aria-sort="ascending"><a href="?owner=3&amp;sort=-name">Name</a>' in html
    assert '<a href="?owner=3&amp;sort=-arr">ARR</a>' in html


def test_figures_are_sorted_from_the_greatest_first():
    html = filled(Row(1, "x"), query="sort=-arr").html

    assert 'aria-sort="descending"><a href="?sort=arr">ARR</a>' in html


@pytest.mark.parametrize("asked", ["", "secret", "-password", "note", "--arr", "arr "])
def test_only_declared_columns_sort(asked):
    assert TABLE.order_by(QueryDict(mutable=True) | {"sort": asked}) == ["sort_name", "pk"]


def test_order_is_whole_in_both_directions():
    assert TABLE.order_by(QueryDict("sort=-arr")) == ["-arr", "-pk"]
    assert TABLE.keyset(QueryDict("sort=arr")).fields == ("arr", "pk")


def test_peek_keeps_the_state_of_the_list():
    html = filled(Row(9, "x"), query="owner=3&peek=4").rows

    assert 'href="?owner=3&amp;peek=9"' in html


def test_row_keys_are_declared_once():
    html = filled(Row(1, "x"), Row(2, "y")).html

    assert html.count("data-row-key=") == 1
    assert 'data-row-key="h" data-key-label="Hand over" data-url="/customers/{id}/"' in html


def test_empty_table_says_why():
    html = str(filled())

    assert "No customer" in html
    assert "Clear filters" in html
    assert "<table" not in html


def test_classes_tell_the_styles_what_a_column_is():
    html = filled(Row(1, "x")).html

    assert '<th scope="col" class="end p2">' in html
    assert '<td class="grow" data-label="Note">' in html


@pytest.mark.django_db
def test_page_of_pages_through_named_rows():
    CustomerFactory.create_batch(3, profile=None)

    class Named(NamedTuple):
        pk: int
        sort_name: str

    keyset = TABLE.keyset(QueryDict())
    rows = Customer.objects.all()
    first = page_of(Named, rows, keyset=keyset, size=2)
    second = page_of(Named, rows, keyset=keyset, after=first.next_cursor, size=2)
    again = page_of(Named, rows, keyset=keyset, before=second.previous_cursor, size=2)

    assert [*first.rows, *second.rows] == rows_of(
        Named, Customer.objects.order_by("sort_name", "pk")
    )
    assert (again.rows, again.previous_cursor) == (first.rows, "")
