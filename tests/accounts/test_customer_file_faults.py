"""What a check tells of a row with more than one fault."""

import pytest

from tests.accounts.customer_files import checked, row

pytestmark = pytest.mark.django_db


def refused_columns(batch):
    return set(batch.refusals.values_list("column", flat=True))


def test_customer_file_tells_all_that_is_wrong_with_a_row():
    wrong = {"customer": "", "segment": "bogus", "arr": "abc", "owner": "nobody@example.com"}

    batch = checked(row(**wrong))

    assert refused_columns(batch) == wrong.keys()


def test_customer_file_says_of_an_amount_alone_what_it_lacks():
    kept = ("customer", "source", "external_id", "arr")

    batch = checked({column: cell for column, cell in row().items() if column in kept})

    assert set(batch.refusals.values_list("column", "reason")) == {
        ("product", "is empty; a line with an amount needs one"),
        ("contract", "is empty, but the row names a product or an amount"),
    }
