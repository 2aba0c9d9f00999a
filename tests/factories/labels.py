import factory

from tests.factories.base import AuditedFactory
from tests.factories.people import UserFactory
from tests.factories.tickets import TicketFactory
from tickets.models import Dimension, Labeling, LabelRule, LabelValue, Origin, TaxonomyVersion


class LabelingFactory(AuditedFactory):
    """An answer given when the ticket was opened; `slug` names the value."""

    class Params:
        slug = "angry"

    ticket = factory.SubFactory(TicketFactory)
    dimension = Dimension.SENTIMENT
    value = factory.LazyAttribute(
        lambda labeling: LabelValue.objects.get(dimension=labeling.dimension, slug=labeling.slug)
    )
    by = factory.SubFactory(UserFactory)
    origin = Origin.PERSON
    taxonomy_version = factory.LazyFunction(lambda: TaxonomyVersion.objects.latest("number"))
    occurred_at = factory.LazyAttribute(lambda labeling: labeling.ticket.opened_at)
    recorded_at = factory.SelfAttribute("occurred_at")

    class Meta:
        model = Labeling


class LabelRuleFactory(AuditedFactory):
    """A rule that answers "angry" where somebody writes so; `slug` names another sentiment."""

    class Params:
        slug = "angry"

    name = factory.Sequence(lambda n: f"Mentions anger {n}")
    value = factory.LazyAttribute(
        lambda rule: LabelValue.objects.get(dimension=Dimension.SENTIMENT, slug=rule.slug)
    )
    keywords = factory.LazyFunction(lambda: ["furious"])

    class Meta:
        model = LabelRule
