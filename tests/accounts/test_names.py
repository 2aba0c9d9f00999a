import pytest

from accounts.models import Customer
from accounts.queries.names import best_named
from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.django_db


def found(text, *, size=6):
    rows = best_named(Customer.objects.all(), text=text, size=size, columns=("name",))
    return [name for (name,) in rows]


@pytest.fixture
def names():
    for name in ("Halden Lifts", "New Halden", "Brightwell", "100% Foods"):
        CustomerFactory(name=name)


@pytest.mark.parametrize(
    "text",
    ["h", "hal", "Halden Li", "lifts", "haldn", "hadlen lifts", "halden lfts", "HALDEN LIFTS"],
)
def test_a_part_of_a_name_or_nearly_finds_it(names, text):
    assert found(text)[0] == "Halden Lifts"


def test_names_that_begin_so_come_first(names):
    assert found("halden") == ["Halden Lifts", "New Halden"]
    assert found("halden", size=1) == ["Halden Lifts"]


@pytest.mark.parametrize("text", ["zz", "qwxyz", "_", "%", "\\"])
def test_signs_stand_for_themselves(names, text):
    assert found(text) == []


def test_two_letters_have_no_likeness(names):
    assert found("ne") == ["New Halden"]
    assert found("de") == []
