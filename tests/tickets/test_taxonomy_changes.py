from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Role
from supportsuccess import audit
from supportsuccess.errors import Refused
from tests.factories.base import change
from tests.factories.labels import LabelingFactory, LabelRuleFactory
from tests.factories.people import UserFactory
from tests.factories.problems import ProblemFactory
from tests.factories.suggestions import SuggestionFactory
from tests.factories.tickets import TicketFactory
from tickets.actions.taxonomy import (
    NewValue,
    ValueContent,
    change_value,
    merge_value,
    publish_label_values,
    restore_value,
    retire_value,
)
from tickets.models import Dimension, LabelValue, TaxonomyVersion
from tickets.queries.label_meaning import labelled_with, values_by_slug, values_in_use
from tickets.queries.suggestions import label_counts
from tickets.queries.taxonomy import differences, tickets_by_value

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)
CAUSE = Dimension.ROOT_CAUSE


@pytest.fixture
def lead():
    return UserFactory(role=Role.LEAD)


def value(slug, dimension=CAUSE):
    return LabelValue.objects.get(dimension=dimension, slug=slug)


def area(name="Product"):
    given = {"dimension": CAUSE, "name": name, "slug": name.lower(), "definition": "", "key": ""}
    publish_label_values([NewValue(**given, is_area=True)], by=audit.System("test"), at=NOW)
    return value(name.lower())


def answered(slug, *, tickets=1, at=NOW):
    for _ in range(tickets):
        ticket = TicketFactory(opened_at=at - timedelta(days=1))
        LabelingFactory(ticket=ticket, dimension=CAUSE, slug=slug)


def done(action, thing, *, by, **details):
    thing.refresh_from_db()
    return action(thing, seen=thing.version, by=by, at=NOW, **details)


# Changes


def test_a_renamed_value_keeps_its_answers_and_says_what_changed(lead):
    answered("training")
    training = value("training")
    content = ValueContent("Know-how", "They had not learned how yet.", training.key)

    version = done(change_value, training, by=lead, content=content)

    [changed] = differences(lead, since=version.number - 1, until=version.number)
    assert {(each.what, each.before) for each in changed.differences} == {
        ("Name", "Training"),
        ("Definition", "They had not learned how."),
    }
    assert (version.by, version.note) == (
        lead,
        "Training renamed to Know-how; Know-how redefined",
    )
    assert tickets_by_value(lead, at=NOW)[training.pk] == 1


def test_a_moved_value_stands_with_its_area_and_counts_to_it(lead):
    answered("performance", tickets=2)
    product, moved = area(), value("performance")
    content = ValueContent(moved.name, moved.definition, moved.key, product)

    done(change_value, moved, by=lead, content=content)

    counts = tickets_by_value(lead, at=NOW)
    assert (counts[moved.pk], counts[product.pk]) == (2, 2)
    assert product not in LabelValue.objects.for_panel()


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(lead):
    training = value("training")
    done(change_value, training, by=lead, content=ValueContent("Know-how", "", training.key))

    with pytest.raises(Refused, match="Somebody changed “Know-how”"):
        change_value(training, ValueContent("Skills", ""), seen=1, by=lead, at=NOW)

    assert value("training").name == "Know-how"


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": "set-up"}, "name"), ({"key": "b"}, "key"), ({"area": "contract"}, "area")],
)
def test_what_another_value_has_is_refused(lead, changes, field):
    training = value("training")
    if "area" in changes:
        changes = {"area": value(changes["area"])}
    content = ValueContent("Know-how", "", "t")._replace(**changes)

    with pytest.raises(Refused) as refusal:
        done(change_value, training, by=lead, content=content)

    assert refusal.value.field == field


def test_an_area_stands_in_no_other(lead):
    inner, outer = area("Inner"), area("Outer")

    with pytest.raises(Refused, match="stands in no other"):
        done(change_value, inner, by=lead, content=ValueContent("Inner", "", "", outer))


# Merging


def test_merged_counts_reconcile(lead):
    answered("training", tickets=3)
    answered("documentation", tickets=2)
    answered("contract", tickets=1)
    before = tickets_by_value(lead, at=NOW)

    done(merge_value, value("training"), by=lead, into=value("documentation"))

    after = tickets_by_value(lead, at=NOW)
    assert after[value("documentation").pk] == 5
    assert value("training").pk not in after
    assert sum(after.values()) == sum(before.values()) == 6


def test_an_answer_under_a_merged_value_still_says_what_was_chosen(lead):
    answered("training")

    done(merge_value, value("training"), by=lead, into=value("documentation"))

    [labeling] = value("training").labelings.all()
    assert (labeling.value.name, labeling.taxonomy_version.number) == ("Training", 1)


def test_a_problem_follows_a_merge_and_keeps_its_value_from_being_retired(lead):
    problem = ProblemFactory(root_cause=value("set-up"))

    with pytest.raises(Refused, match="Change that problem first"):
        done(retire_value, value("set-up"), by=lead)
    done(merge_value, value("set-up"), into=value("product-bug"), by=lead)

    problem.refresh_from_db()
    assert (problem.root_cause, problem.version) == (value("product-bug"), 2)


def test_a_second_merge_takes_the_first_along(lead):
    answered("training")
    done(merge_value, value("training"), by=lead, into=value("documentation"))

    done(merge_value, value("documentation"), by=lead, into=value("set-up"))

    assert value("training").merged_into == value("set-up")
    assert tickets_by_value(lead, at=NOW) == {value("set-up").pk: 1}


def test_rules_and_suggestions_answer_with_the_heir(lead):
    rule = LabelRuleFactory(slug="angry")
    suggestion = SuggestionFactory(
        dimension=Dimension.SENTIMENT, slug=None, value=value("angry", Dimension.SENTIMENT)
    )
    heir = value("frustrated", Dimension.SENTIMENT)

    done(merge_value, value("angry", Dimension.SENTIMENT), by=lead, into=heir)

    rule.refresh_from_db()
    suggestion.refresh_from_db()
    assert (rule.value, suggestion.value) == (heir, heir)
    assert values_in_use()[value("angry", Dimension.SENTIMENT).pk] == heir.pk


def test_whoever_names_a_merged_value_from_outside_means_its_heir(lead):
    heir = value("documentation")

    done(merge_value, value("training"), by=lead, into=heir)

    assert values_by_slug()[CAUSE, "training"] == heir


def test_models_learn_a_merged_value_as_its_heir(lead):
    answered("training", tickets=2)

    done(merge_value, value("training"), by=lead, into=value("documentation"))

    assert label_counts([CAUSE]) == {CAUSE: {value("documentation").pk: 2}}


def test_tickets_are_found_by_what_their_answer_means(lead):
    answered("training")
    answered("documentation")
    answered("contract")
    ticket = TicketFactory()
    for slug in ("documentation", "contract"):  # the newest answer stands
        LabelingFactory(ticket=ticket, dimension=CAUSE, slug=slug)
    done(merge_value, value("training"), by=lead, into=value("documentation"))

    found = labelled_with(type(ticket).objects.all(), value("documentation").pk)

    assert found.count() == 2
    assert ticket not in found


@pytest.mark.parametrize(
    ("slug", "into", "words"),
    [
        ("everyday", "training", "needed by the panel"),
        ("not-yet-known", "training", "needed by the panel"),
        ("training", "training", "Choose another value"),
    ],
)
def test_a_merge_that_makes_no_sense_is_refused(lead, *, slug, into, words):
    with pytest.raises(Refused, match=words):
        done(merge_value, value(slug), by=lead, into=value(into))


def test_a_value_is_not_merged_across_dimensions(lead):
    with pytest.raises(Refused, match="not in use here"):
        done(merge_value, value("training"), by=lead, into=value("pricing", "product_feedback"))


# Retiring


def test_a_retired_value_is_not_offered_and_keeps_its_answers(lead):
    answered("training")

    done(retire_value, value("training"), by=lead)

    assert value("training") not in LabelValue.objects.for_panel()
    assert tickets_by_value(lead, at=NOW)[value("training").pk] == 1


def test_a_value_that_a_rule_answers_with_is_not_retired(lead):
    rule = LabelRuleFactory(slug="angry")

    with pytest.raises(Refused, match=f"“{rule}” answers with"):
        done(retire_value, value("angry", Dimension.SENTIMENT), by=lead)


def test_an_area_with_values_is_not_retired(lead):
    product, child = area(), value("performance")
    change(child, parent=product)

    with pytest.raises(Refused, match="“Performance or outage” stands in this area"):
        done(retire_value, product, by=lead)


def test_a_restored_value_stands_for_itself_and_loses_a_key_that_is_taken(lead):
    answered("training")
    done(merge_value, value("training"), by=lead, into=value("documentation"))
    other = value("contract")
    done(change_value, other, by=lead, content=ValueContent(other.name, "", "t"))

    done(restore_value, value("training"), by=lead)

    restored = value("training")
    assert (restored.is_active, restored.merged_into, restored.key) == (True, None, "")
    assert tickets_by_value(lead, at=NOW) == {restored.pk: 1}


def test_each_change_is_the_next_version(lead):
    done(retire_value, value("training"), by=lead)
    done(restore_value, value("training"), by=lead)

    notes = TaxonomyVersion.objects.order_by("number").values_list("number", "note")
    assert list(notes)[1:] == [(2, "Training retired"), (3, "Training in use again")]
    assert differences(lead, since=1, until=3) == []
