from decimal import Decimal

import factory
from django.utils import timezone

from tests.factories.base import AuditedFactory
from tests.factories.tickets import TicketFactory
from tickets.models import Dimension, LabelValue, Suggestion, SuggestionModel
from tickets.suggestions.figures import FEWEST_LABELS
from tickets.suggestions.measuring import Measured, measure


class SuggestionModelFactory(AuditedFactory):
    """A model of two values told apart well, as measured on 100 rows; it has no parameters."""

    dimension = Dimension.SENTIMENT
    language = "en"
    version = factory.Sequence(lambda n: n + 1)
    trained_at = factory.LazyFunction(timezone.now)
    label_count = 2 * FEWEST_LABELS
    held_out_count = 100
    figures = factory.LazyAttribute(lambda model: figures_of(model.dimension).as_json())

    class Meta:
        model = SuggestionModel


class SuggestionFactory(AuditedFactory):
    class Params:
        slug = "angry"

    ticket = factory.SubFactory(TicketFactory)
    dimension = Dimension.SENTIMENT
    value = factory.LazyAttribute(
        lambda suggestion: LabelValue.objects.get(
            dimension=suggestion.dimension, slug=suggestion.slug
        )
    )
    probability = Decimal("0.912")
    model = factory.SubFactory(
        SuggestionModelFactory, dimension=factory.SelfAttribute("..dimension")
    )

    class Meta:
        model = Suggestion


def figures_of(dimension, *, labels=FEWEST_LABELS):
    """Figures of a dimension's first two values: nine of ten right."""
    first, second = map(
        str,
        LabelValue.objects.filter(dimension=dimension)
        .order_by("position")
        .values_list("pk", flat=True)[:2],
    )
    rows = [[0.9, 0.1]] * 50 + [[0.1, 0.9]] * 50
    truth = ([first] * 9 + [second]) * 5 + ([second] * 9 + [first]) * 5
    return measure(
        Measured([first, second], rows, truth),
        labels={first: labels, second: labels},
        commonest=first,
        above={first: 0.8, second: 0.8},
    )
