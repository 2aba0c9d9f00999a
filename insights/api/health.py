from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import serializers

from accounts.viewsets import Endpoint
from insights.models import CurrentHealth
from supportsuccess.lists.keyset import Keyset


class HealthSerializer(serializers.ModelSerializer[CurrentHealth]):
    class Meta:
        model = CurrentHealth
        fields = (
            "customer",
            "as_of",
            "score",
            "coverage",
            "band",
            "contributions",
            "change",
            "inputs_hash",
            "computed_at",
        )
        read_only_fields = fields


class HealthEndpoint(Endpoint[CurrentHealth]):
    """How customers do now, by customer: score, coverage, band, and what it is made of."""

    queryset = CurrentHealth.objects.all()
    serializer_class = HealthSerializer
    keyset = Keyset(("pk",))
    filter_backends = (DjangoFilterBackend,)
    filterset_fields = ("band",)
    permissions = {"list": "insights.view_health", "retrieve": "insights.view_health"}
