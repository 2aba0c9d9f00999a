import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from supportsuccess import audit
from tests.factories.people import UserFactory
from tests.factories.tickets import TicketFactory
from tickets.models import (
    ASKED_DIMENSIONS,
    NOTHING_UNUSUAL_KEY,
    Dimension,
    Labeling,
    LabelValue,
    Learning,
    Origin,
    TaxonomyVersion,
)

pytestmark = pytest.mark.django_db
TAKEN_KEYS = set("cghjklnoqvxz123456789")  # by lists, pages and the panel itself


def label(ticket, **columns):
    value = LabelValue.objects.get(dimension=Dimension.SENTIMENT, slug="angry")
    now = timezone.now()
    given = {
        "ticket": ticket,
        "dimension": Dimension.SENTIMENT,
        "value": value,
        "by": UserFactory(),
        "origin": Origin.PERSON,
        "taxonomy_version": TaxonomyVersion.objects.get(),
        "occurred_at": now,
        "recorded_at": now,
    }
    with transaction.atomic(), audit.group("test", by=audit.System("test")):
        return Labeling.objects.create(**(given | columns))


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"by": None}, "labeling_by_person_names_them"),
        (
            {"value": None, "by": None, "origin": Origin.RULE},
            "labeling_taken_back_names_who",
        ),
        ({"origin": "guess"}, "labeling_origin_known"),
        ({"confidence": 2}, "labeling_confidence_is_share"),
    ],
)
def test_labeling_refuses(columns, constraint):
    ticket = TicketFactory()

    with pytest.raises(IntegrityError, match=constraint):
        label(ticket, **columns)


def test_answered_ticket_needs_all_labels():
    ticket = TicketFactory()

    with (
        pytest.raises(IntegrityError, match="ticket_answered_has_all_labels"),
        transaction.atomic(),
        audit.group("test", by=audit.System("test")),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE tickets_ticket SET learning = %s, labels_answered = 4 WHERE id = %s",
            [Learning.ANSWERED, ticket.pk],
        )


def test_two_active_values_do_not_share_a_key():
    value = LabelValue.objects.get(dimension=Dimension.SENTIMENT, slug="angry")

    with (
        pytest.raises(IntegrityError, match="labelvalue_key_once_per_dimension"),
        transaction.atomic(),
        audit.group("test", by=audit.System("test")),
    ):
        LabelValue.objects.filter(pk=value.pk).update(key="p")


def test_current_answers_are_the_newest_without_those_taken_back():
    ticket = TicketFactory()
    old, new = label(ticket), label(ticket)
    root = LabelValue.objects.get(dimension=Dimension.ROOT_CAUSE, slug="training")
    label(ticket, dimension=Dimension.ROOT_CAUSE, value=root)
    label(ticket, dimension=Dimension.ROOT_CAUSE, value=None)

    current = list(Labeling.objects.current())

    assert current == [new]
    assert old.pk != new.pk


@pytest.mark.parametrize("dimension", Dimension)
def test_starter_values_answer_every_dimension_by_key(dimension):
    values = list(LabelValue.objects.for_panel().filter(dimension=dimension))

    keys = [value.key for value in values]
    assert len(values) >= 2
    assert all(value.definition for value in values)
    assert all(keys)
    assert not TAKEN_KEYS & set(keys)
    assert [value.is_nothing_unusual for value in values] == [True] + [False] * (len(values) - 1)
    assert keys[0] == NOTHING_UNUSUAL_KEY


def test_starter_values_are_the_first_version():
    assert [version.number for version in TaxonomyVersion.objects.all()] == [1]
    assert {value.dimension for value in LabelValue.objects.all()} >= set(ASKED_DIMENSIONS)
