import pytest

from accounts.models import Role
from supportsuccess import audit
from tests.factories.labels import LabelRuleFactory
from tests.factories.people import UserFactory
from tickets.models import Dimension, LabelRule, LabelValue

pytestmark = pytest.mark.django_db


def test_rules_in_use_stand_in_the_order_in_which_they_are_tried():
    second, first = LabelRuleFactory(position=2), LabelRuleFactory(position=1)
    LabelRuleFactory(position=0, is_active=False)

    assert list(LabelRule.objects.in_use()) == [first, second]


def test_a_rule_whose_value_is_out_of_use_is_not_in_use():
    LabelRuleFactory(slug="angry")

    with audit.group("test", by=UserFactory()):
        LabelValue.objects.filter(dimension=Dimension.SENTIMENT, slug="angry").update(
            is_active=False
        )

    assert not LabelRule.objects.in_use().exists()


@pytest.mark.parametrize(("role", "seen"), [(Role.AGENT, 1), ("", 0)])
def test_rules_are_visible_to_those_who_see_tickets(role, seen):
    LabelRuleFactory()

    assert LabelRule.objects.visible_to(UserFactory.build(role=role)).count() == seen
