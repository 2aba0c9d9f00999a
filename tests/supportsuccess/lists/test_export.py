"""A list as a file."""

import csv
import io
import json
import tracemalloc

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql

from accounts.models import Role
from insights.actions.queue import refresh_whole_queue
from supportsuccess.lists.formulas import neutralise, neutralised_sql
from tests.factories.customers import CustomerFactory
from tests.factories.people import UserFactory
from tests.factories.tickets import OPENED_AT, TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    user = UserFactory()
    client.force_login(user)
    return user


def read(response):
    return b"".join(response.streaming_content)


def rows_of(response):
    return list(csv.DictReader(io.StringIO(read(response).decode())))


def test_a_file_holds_the_rows_of_the_view_in_its_order(client, agent):
    for number in ("A-1", "A-2"):
        TicketFactory(number=number, kind="bug")
    TicketFactory(kind="billing")

    response = client.get("/tickets/?kind=bug&sort=opened&export=csv")

    assert [row["number"] for row in rows_of(response)] == ["A-1", "A-2"]
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="tickets-' in response["Content-Disposition"]


def test_a_file_for_excel_begins_with_the_byte_order_mark(client, agent):
    assert read(client.get("/tickets/?export=excel")).startswith("\N{BOM}id,number,".encode())


def test_json_holds_the_same_rows(client, agent):
    ticket = TicketFactory(subject='Says "no"\\\n\tagain, é')
    TicketFactory()

    rows = json.loads(read(client.get("/tickets/?export=json&sort=opened")))

    assert len(rows) == 2
    assert (rows[0]["id"], rows[0]["subject"]) == (ticket.pk, ticket.subject)


def test_json_of_nothing_is_an_empty_array(client, agent):
    assert json.loads(read(client.get("/tickets/?export=json"))) == []


def test_cells_that_a_spreadsheet_would_run_are_quoted(client, agent):
    TicketFactory(subject="=HYPERLINK(1)", customer=CustomerFactory(name=" @sum"))

    [row] = rows_of(client.get("/tickets/?export=csv"))

    assert (row["subject"], row["customer_name"]) == ("'=HYPERLINK(1)", "' @sum")


RISKY = "=+-@|%\t\r\n\v\f ab'\\\x01\x85\u00a0\u200b\u2028\u3164\ufe0f\ufeff\uff1d\U000e0001"


@given(st.text(alphabet=RISKY, max_size=20))
def test_the_database_neutralises_as_python_does(text):
    with connection.cursor() as cursor:
        literal = sql.Literal(text).as_string()
        cursor.execute(f"SELECT {neutralised_sql(literal)}")

        assert cursor.fetchone() == (neutralise(text),)


def test_a_file_holds_no_row_that_the_page_would_not_show(client, agent):
    TicketFactory(customer=CustomerFactory(is_restricted=True))

    assert rows_of(client.get("/tickets/?export=csv")) == []


def test_money_is_in_the_file_of_those_alone_who_may_see_it(client, agent):
    CustomerFactory()
    refresh_whole_queue(at=OPENED_AT)
    [without] = rows_of(client.get("/customers/?export=csv"))
    client.force_login(UserFactory(role=Role.CSM))
    [with_money] = rows_of(client.get("/customers/?export=csv"))

    assert with_money.keys() - without.keys() == {"arr"}


@pytest.mark.parametrize("query", ["kind=nonsense&export=csv", "export=exe"])
def test_what_is_not_known_is_answered_by_the_page(client, agent, query):
    response = client.get(f"/tickets/?{query}")

    assert response["Content-Type"].startswith("text/html")


def test_a_file_costs_the_same_queries_whatever_its_rows(client, agent):
    def cost():
        with CaptureQueriesContext(connection) as sent:
            read(client.get("/tickets/?export=csv"))
        return len(sent)

    TicketFactory()
    cost()
    one = cost()
    TicketFactory.create_batch(3)

    assert cost() == one


def test_memory_does_not_grow_with_rows(client, agent):
    def peak(rows):
        TicketFactory.create_batch(rows, subject="x" * 300)
        response = client.get("/tickets/?export=csv")
        tracemalloc.start()
        size = sum(len(block) for block in response.streaming_content)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return size, most

    small, few = peak(300)
    large, many = peak(1500)

    assert large > 4 * small
    assert many < few + small
