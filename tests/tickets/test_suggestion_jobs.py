from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from supportsuccess import audit, outbox
from supportsuccess.outbox import schedules
from supportsuccess.outbox.models import Delivery, Job, JobState
from tests.factories.base import change
from tests.factories.labels import LabelingFactory
from tests.factories.people import UserFactory
from tests.factories.suggestions import SuggestionFactory, SuggestionModelFactory, figures_of
from tests.factories.tickets import MessageFactory, TicketFactory
from tests.tickets.suggestions.texts import texts_of
from tickets.actions.suggestions import KEPT_VERSIONS, store_model
from tickets.jobs import suggestions
from tickets.models import (
    Dimension,
    Labeling,
    LabelValue,
    Learning,
    Origin,
    Suggestion,
    SuggestionModel,
    TaxonomyVersion,
    Ticket,
)
from tickets.queries.suggestions import label_counts, labelled_texts

pytestmark = pytest.mark.django_db
BY = audit.System("test")
NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)
SLUGS = {"bug": "product-bug", "billing": "contract"}


def value_of(slug, dimension=Dimension.ROOT_CAUSE):
    return LabelValue.objects.get(dimension=dimension, slug=slug)


def labelled(kind, *, count, by):
    """So many tickets with a cause's words, answered with it one a minute."""
    value, version = value_of(SLUGS[kind]), TaxonomyVersion.objects.latest("number")
    subjects = [f"please help, {text}" for text in texts_of(kind, count=count)]
    numbered = [
        Ticket(number=text, external_id=f"{kind} {place}", subject=text, source="test")
        for place, text in enumerate(subjects)
    ]
    for ticket in numbered:
        ticket.number, ticket.opened_at, ticket.last_event_at = "T", NOW, NOW
    with audit.group("labelled", by=BY):
        tickets = Ticket.objects.bulk_create(numbered)
        Labeling.objects.bulk_create(
            Labeling(
                ticket=ticket,
                dimension=Dimension.ROOT_CAUSE,
                value=value,
                by=by,
                origin=Origin.PERSON,
                taxonomy_version=version,
                occurred_at=NOW + timedelta(minutes=place),
                recorded_at=NOW,
            )
            for place, ticket in enumerate(tickets)
        )


@pytest.fixture
def trained():
    """Models of causes, and a due ticket about a crash that came after them."""
    by = UserFactory()
    for kind in SLUGS:
        labelled(kind, count=220, by=by)
    job = suggestions.start_training(by=BY)
    new = TicketFactory(subject="please help, the crash and the error of the sync")
    outbox.deliver_due()
    job.refresh_from_db()
    return job, new


def texts(dimension=Dimension.SENTIMENT):
    return [(each.text, each.value) for each in labelled_texts(dimension).get("en", [])]


def test_training_stores_a_model_with_its_figures(trained):
    job, _ = trained

    model = SuggestionModel.objects.get()
    assert (job.state, job.result["models"]) == (JobState.DONE, 1)
    assert (model.dimension, model.language, model.version) == (Dimension.ROOT_CAUSE, "en", 1)
    assert (model.label_count, model.held_out_count) == (440, 88)
    assert {LabelValue.objects.get(pk=pk).slug for pk in model.measured.speaking} == {
        "product-bug",
        "contract",
    }


def test_training_ends_with_suggestions_for_due_tickets(trained):
    _, new = trained

    suggestion = Suggestion.objects.get(ticket=new)
    assert suggestion.value.slug == "product-bug"
    assert suggestion.probability > 0.8
    assert suggestion.model == SuggestionModel.objects.get()


def test_nothing_is_saved_as_a_label(trained):
    _, new = trained

    assert not new.labelings.exists()


def test_a_ticket_in_another_language_is_left_alone(trained):
    german = TicketFactory(subject="Bitte um Hilfe, der crash und error ist nicht zu verstehen")

    suggestions.suggest_labels(after=0, batch_id=None)

    assert not german.suggestions.exists()


def test_each_run_replaces_what_was_suggested(trained):
    _, new = trained
    before = Suggestion.objects.get(ticket=new).pk

    suggestions.suggest_labels(after=0, batch_id=None)

    assert Suggestion.objects.get(ticket=new).pk != before


def test_a_value_that_fell_silent_is_suggested_no_more(trained):
    _, new = trained
    model = SuggestionModel.objects.get()
    for value in model.figures["values"].values():
        value["labels"] = 199
    model.save(update_fields=["figures"])

    suggestions.suggest_labels(after=0, batch_id=None)

    assert not new.suggestions.exists()


def test_training_without_enough_labels_stores_nothing():
    LabelingFactory()

    job = suggestions.start_training(by=BY)
    outbox.deliver_due()

    job.refresh_from_db()
    assert (job.state, job.done) == (JobState.DONE, 5)
    assert not SuggestionModel.objects.exists()


def test_one_value_alone_fits_no_model_and_is_said():
    labelled("bug", count=200, by=UserFactory())

    job = suggestions.start_training(by=BY)
    outbox.deliver_due()

    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert "no two values" in job.result["Root cause, English"]
    assert not SuggestionModel.objects.exists()


def test_answered_tickets_lose_their_suggestions():
    suggestion = SuggestionFactory()
    change(suggestion.ticket, learning=Learning.EXEMPT, exempt_reason="spam")

    suggestions.suggest_labels(after=0, batch_id=None)

    assert not Suggestion.objects.exists()


def test_after_an_import_only_its_tickets_are_looked_at():
    suggestion = SuggestionFactory()

    suggestions.suggest_labels(after=0, batch_id=1)

    assert Suggestion.objects.get() == suggestion


def test_due_tickets_are_looked_at_page_by_page(monkeypatch):
    monkeypatch.setattr(suggestions, "AT_ONCE", 2)
    TicketFactory.create_batch(3)

    suggestions.suggest_labels(after=0, batch_id=None)

    [promised] = Delivery.objects.filter(name="suggest_labels")
    assert promised.arguments["after"] == Ticket.objects.order_by("pk")[1].pk


def test_texts_are_the_subject_and_the_first_words_of_the_customer():
    ticket = TicketFactory(subject="The sync is broken")
    MessageFactory(ticket=ticket, body="Later", occurred_at=NOW)
    MessageFactory(ticket=ticket, body="Since Monday")
    MessageFactory(ticket=ticket, body="Ours", direction="internal")
    labeling = LabelingFactory(ticket=ticket)

    assert texts() == [("The sync is broken\nSince Monday", str(labeling.value_id))]


def test_learnt_is_the_answer_that_stands():
    ticket = TicketFactory(subject="The sync is broken")
    LabelingFactory(ticket=ticket)
    newest = LabelingFactory(ticket=ticket, slug="pleased")

    assert texts() == [("The sync is broken\n", str(newest.value_id))]


@pytest.mark.parametrize("origin", [Origin.RULE, Origin.INHERITED, Origin.ACCEPTED_SUGGESTION])
def test_nothing_is_learnt_from_what_a_program_said_first(origin):
    LabelingFactory(ticket__subject="The sync is broken", origin=origin)

    assert texts() == []
    assert label_counts([Dimension.SENTIMENT]) == {}


def test_imported_answers_are_learnt_from():
    LabelingFactory(ticket__subject="The sync is broken", origin=Origin.IMPORTED, by=None)

    assert len(texts()) == 1


def test_a_merged_value_is_learnt_as_what_it_became():
    labeling = LabelingFactory(ticket__subject="The sync is broken")
    into = value_of("frustrated", Dimension.SENTIMENT)
    change(labeling.value, is_active=False, merged_into=into)

    assert texts() == [("The sync is broken\n", str(into.pk))]
    assert label_counts([Dimension.SENTIMENT]) == {Dimension.SENTIMENT: {into.pk: 1}}


def test_a_value_out_of_use_and_a_ticket_without_words_are_left_out():
    change(LabelingFactory(ticket__subject="The one").value, is_active=False)
    LabelingFactory(ticket__subject="", slug="pleased")

    assert texts() == []


def test_only_the_newest_versions_keep_their_parameters():
    figures = figures_of(Dimension.SENTIMENT)
    given = {"language": "en", "figures": figures, "parameters": b"x", "at": NOW}

    stored = [store_model(Dimension.SENTIMENT, **given) for _ in range(KEPT_VERSIONS + 1)]

    kept = SuggestionModel.objects.exclude(parameters=None).values_list("version", flat=True)
    assert [model.version for model in stored] == [1, 2, 3]
    assert sorted(kept) == [2, 3]
    assert SuggestionModel.objects.get(version=1).measured == figures


def test_versions_are_counted_for_each_dimension_and_language():
    SuggestionModelFactory(version=4)
    figures = figures_of(Dimension.SENTIMENT)
    given = {"figures": figures, "parameters": b"x", "at": NOW}

    assert store_model(Dimension.SENTIMENT, language="en", **given).version == 5
    assert store_model(Dimension.SENTIMENT, language="de", **given).version == 1
    newest = SuggestionModel.objects.newest()
    assert {(model.language, model.version) for model in newest} == {("en", 5), ("de", 1)}


def test_models_are_fitted_each_week_and_due_tickets_looked_at_each_night():
    at = timezone.now()

    taken = schedules.promise_due(at=at)
    schedules.promise_due(at=at + timedelta(days=1))

    assert {"weekly_training", "nightly_suggestions"} <= set(taken)
    outbox.deliver_due()
    assert Job.objects.filter(kind=suggestions.TRAIN).exists()
