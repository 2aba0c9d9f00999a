from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import Fact, ScopedQuerySet
from supportsuccess import audit


class SurveyKind(models.TextChoices):
    CSAT = "csat", "CSAT, 1 to 5"
    CES = "ces", "CES, 1 to 7"
    NPS = "nps", "NPS, 0 to 10"
    CONFIDENCE = "confidence", "Confidence, 1 to 5"


class AnsweredBy(models.TextChoices):
    CUSTOMER = "customer", "Customer"
    AGENT_JUDGED = "agent_judged", "Judged by an agent"


class SurveyResponseQuerySet(ScopedQuerySet["SurveyResponse"]):
    view_permission = "accounts.view_customer"


class SurveyResponse(Fact):
    """What a customer answered, or an agent judged, about one ticket or the whole relationship."""

    customer = models.ForeignKey(
        "accounts.Customer", on_delete=models.CASCADE, related_name="survey_responses"
    )
    ticket = models.ForeignKey(
        "Ticket", on_delete=models.CASCADE, null=True, blank=True, related_name="survey_responses"
    )
    contact = models.ForeignKey(
        "accounts.Contact",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="survey_responses",
    )
    kind = models.CharField(max_length=20, choices=SurveyKind)
    value = models.PositiveSmallIntegerField()
    answered_by = models.CharField(max_length=20, choices=AnsweredBy)

    objects = SurveyResponseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=SurveyKind.CSAT, value__range=(1, 5))
                | Q(kind=SurveyKind.CES, value__range=(1, 7))
                | Q(kind=SurveyKind.NPS, value__range=(0, 10))
                | Q(kind=SurveyKind.CONFIDENCE, value__range=(1, 5)),
                name="surveyresponse_value_on_scale",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__in=AnsweredBy.values),
                name="surveyresponse_answered_by_known",
            ),
        ]
        triggers = audit.append_only()

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
