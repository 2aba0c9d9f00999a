from datetime import UTC, datetime

import pytest

from supportsuccess import audit
from supportsuccess.errors import Refused
from tickets.actions.taxonomy import NewValue, publish_label_values
from tickets.models import Dimension, LabelValue, TaxonomyVersion

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)
SYSTEM = audit.System("test")


def servanta(**changes):
    given = {
        "dimension": Dimension.COMPETITOR,
        "slug": "servanta",
        "name": "Servanta",
        "definition": "Field service for lifts.",
        "key": "s",
    }
    return NewValue(**(given | changes))


def test_published_values_stand_on_the_panel_under_the_next_version():
    version = publish_label_values([servanta()], by=SYSTEM, at=NOW, note="Competitors")

    panel = LabelValue.objects.for_panel().filter(dimension=Dimension.COMPETITOR)
    assert panel.last().name == "Servanta"
    assert TaxonomyVersion.objects.latest("number") == version
    assert version.number == 2


@pytest.mark.parametrize(
    ("changes", "field"), [({"slug": "none", "key": "u"}, "slug"), ({"key": "m"}, "key")]
)
def test_slug_and_key_in_use_are_refused(changes, field):
    with pytest.raises(Refused) as refusal:
        publish_label_values([servanta(**changes)], by=SYSTEM, at=NOW)

    assert refusal.value.field == field
    assert TaxonomyVersion.objects.count() == 1
