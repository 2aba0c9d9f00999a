import pytest
from django.urls import reverse

from accounts.models import Role
from supportsuccess.errors import Refused
from tests.factories.base import change
from tests.factories.people import UserFactory
from tests.factories.tickets import TicketFactory
from tickets.actions.label_sets import save_label_set
from tickets.models import Dimension, LabelSet, LabelSetValue, LabelValue

pytestmark = pytest.mark.django_db
URL = reverse("tickets:label_set_new")


def value_of(dimension, slug):
    return LabelValue.objects.get(dimension=dimension, slug=slug)


@pytest.fixture
def agent(client):
    user = UserFactory(role=Role.AGENT)
    client.force_login(user)
    return user


@pytest.fixture
def bug():
    return {
        Dimension.ROOT_CAUSE: value_of(Dimension.ROOT_CAUSE, "product-bug"),
        Dimension.FIX_CATEGORY: value_of(Dimension.FIX_CATEGORY, "workaround"),
    }


def ids(values):
    return {dimension.value: value.pk for dimension, value in values.items()}


def sets_on_panel(client):
    answer = client.get(reverse("tickets:label", args=[TicketFactory().pk]))
    sets = answer.context["form"].taxonomy.sets
    return [(one.key, one.name, set(one.values)) for one in sets]


def test_a_set_stands_on_its_key_of_ones_own_panel(client, agent, bug):
    save_label_set("3", name="1st known bug", values=bug, by=agent)
    save_label_set("1", name="Other", values=bug, by=UserFactory())

    assert sets_on_panel(client) == [("3", "1st known bug", set(ids(bug).values()))]


def test_saving_on_a_key_again_takes_the_place_of_what_was_there(client, agent, bug):
    save_label_set("3", name="Bug", values=bug, by=agent)
    cause = {Dimension.ROOT_CAUSE: bug[Dimension.ROOT_CAUSE]}

    save_label_set("3", name="Cause", values=cause, by=agent)

    assert sets_on_panel(client) == [("3", "Cause", {cause[Dimension.ROOT_CAUSE].pk})]
    assert LabelSetValue.objects.count() == 1


def test_a_value_that_was_merged_chooses_the_one_it_means_now(client, agent, bug):
    save_label_set("3", name="Bug", values=bug, by=agent)
    heir = value_of(Dimension.ROOT_CAUSE, "not-yet-known")
    change(bug[Dimension.ROOT_CAUSE], is_active=False, merged_into=heir)

    assert sets_on_panel(client) == [("3", "Bug", {heir.pk, bug[Dimension.FIX_CATEGORY].pk})]


def test_a_value_out_of_use_is_not_chosen_any_more(client, agent, bug):
    save_label_set("3", name="Bug", values=bug, by=agent)

    change(bug[Dimension.ROOT_CAUSE], is_active=False)

    assert sets_on_panel(client) == [("3", "Bug", {bug[Dimension.FIX_CATEGORY].pk})]


def test_what_is_chosen_on_the_panel_is_what_the_dialog_saves(client, agent, bug):
    form = client.get(URL, ids(bug)).context["form"]

    answer = client.post(URL, {**form.initial, "name": "Known bug"})

    assert answer.status_code == 302
    assert sets_on_panel(client) == [("1", "Known bug", set(ids(bug).values()))]


def test_the_first_free_key_is_offered_and_those_taken_are_named(client, agent, bug):
    save_label_set("1", name="Bug", values=bug, by=agent)

    form = client.get(URL).context["form"]

    assert form["key"].value() == "2"
    assert ("1", "1, now “Bug”") in form.fields["key"].choices


def test_the_panel_gets_the_new_set_beside_what_was_chosen(client, agent, bug):
    headers = {"HX-Request": "true", "HX-Target": "dialog"}

    answer = client.post(URL, {"key": "4", "name": "Bug", **ids(bug)}, headers=headers)

    assert "dialog:close" in answer["HX-Trigger"]
    assert 'data-key="4"' in answer.content.decode()


def test_an_empty_set_is_refused_and_says_what_to_do(client, agent):
    answer = client.post(URL, {"key": "1", "name": "Nothing"})

    assert answer.status_code == 409
    assert "Choose a value on the panel first" in answer.content.decode()
    assert not LabelSet.objects.exists()


def test_a_key_that_is_none_is_said_at_its_field(client, agent, bug):
    answer = client.post(URL, {"key": "0", "name": "Bug", **ids(bug)})

    assert answer.status_code == 422
    assert "key" in answer.context["form"].errors


def test_a_value_of_another_dimension_is_refused(agent, bug):
    with pytest.raises(Refused, match="out of use"):
        save_label_set(
            "1",
            name="Wrong",
            values={Dimension.SENTIMENT: bug[Dimension.ROOT_CAUSE]},
            by=agent,
        )


def test_sets_are_visible_to_their_own_person_alone(agent, bug):
    label_set = save_label_set("1", name="Bug", values=bug, by=agent)

    assert list(LabelSet.objects.visible_to(agent)) == [label_set]
    assert not LabelSet.objects.visible_to(UserFactory()).exists()
