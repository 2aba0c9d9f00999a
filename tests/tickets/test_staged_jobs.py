from datetime import timedelta

import pytest
from django.utils import timezone

from supportsuccess import outbox
from supportsuccess.outbox import schedules
from tests.tickets.adapters.files import checked, incident
from tickets.models import StagedEvent

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("days", "left"), [(29, 3), (32, 0)])
def test_rows_of_a_file_never_run_are_forgotten_with_it(days, left):
    checked(incident("INC001"))
    later = timezone.now() + timedelta(days=days)

    schedules.promise_due(at=later)
    outbox.deliver_due(at=later)

    assert StagedEvent.objects.count() == left
