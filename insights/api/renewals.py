from typing import Any

from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.actions.renewals import decide_renewals
from accounts.models import Call, Renewal
from accounts.requests import ApiRequest
from accounts.viewsets import Endpoint
from insights.actions.queue import refresh_queue
from supportsuccess.lists.keyset import Keyset

MONEY = ("renewable_arr", "expected_loss", "final_amount")


class RenewalSerializer(serializers.ModelSerializer[Renewal]):
    p_lost = serializers.DecimalField(
        source="outlook.p_lost", max_digits=7, decimal_places=6, default=None, allow_null=True
    )
    renewable_arr = serializers.DecimalField(
        source="outlook.renewable_arr",
        max_digits=14,
        decimal_places=2,
        default=None,
        allow_null=True,
    )
    expected_loss = serializers.DecimalField(
        source="outlook.expected_loss",
        max_digits=14,
        decimal_places=2,
        default=None,
        allow_null=True,
    )

    class Meta:
        model = Renewal
        fields = (
            "id",
            "customer",
            "due_on",
            "decision_point_on",
            "state",
            "p_lost",
            "renewable_arr",
            "expected_loss",
            "final_amount",
            "currency",
            "loss_reason",
            "next_step",
            "next_step_on",
            "snoozed_until",
            "closed_at",
            "version",
        )
        read_only_fields = fields

    def to_representation(self, instance: Renewal) -> dict[str, Any]:
        """Money only for who may see money; otherwise it is there and empty."""
        shown = super().to_representation(instance)
        if not self.context["request"].user.has_perm("accounts.view_money"):
            shown |= dict.fromkeys(MONEY)
        return shown


class DecisionSerializer(serializers.Serializer[Any]):
    call = serializers.ChoiceField(choices=Call.choices)
    next_step = serializers.CharField(max_length=300, allow_blank=True, default="")
    next_step_on = serializers.DateField(allow_null=True, default=None)


class RenewalEndpoint(Endpoint[Renewal]):
    """Customers' decisions whether to go on, in the order in which they are taken."""

    queryset = Renewal.objects.select_related("outlook")
    serializer_class = RenewalSerializer
    keyset = Keyset(("decision_point_on", "pk"))
    lists = ("renewals",)
    filter_backends = (DjangoFilterBackend,)
    filterset_fields = ("customer", "state")
    permissions = {
        "list": "accounts.view_renewal",
        "retrieve": "accounts.view_renewal",
        "decide": "accounts.decide_renewal",
    }

    @extend_schema(request=DecisionSerializer, responses=RenewalSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: ApiRequest, pk: str) -> Response:
        """Call the renewal, with the next step and its day."""
        form = DecisionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        given = form.validated_data
        renewal, now = self.read_for_change(), timezone.now()
        decide_renewals(
            {renewal.pk: renewal.version},
            call=Call(given["call"]),
            next_step=given["next_step"],
            next_step_on=given["next_step_on"],
            by=request.user,
            at=now,
        )
        refresh_queue([renewal.customer_id], at=now)
        return self.answer(self.get_object())
