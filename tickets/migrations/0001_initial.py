import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import supportsuccess.audit.trigger_migrations
import supportsuccess.audit.triggers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("imports", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Handoff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("renewal_risk", "Renewal risk"),
                            ("expansion", "Expansion opportunity"),
                            ("adoption", "Adoption"),
                            ("competitor_threat", "Competitor threat"),
                            ("champion_change", "Champion change"),
                            ("escalation", "Escalation"),
                            ("reintroduction", "Re-introduction"),
                            ("technical_help", "Technical help"),
                            ("sales_to_onboarding", "Sales to onboarding"),
                            ("onboarding_to_success", "Onboarding to Success"),
                            ("csm_change", "CSM change"),
                            ("pool_move", "Pool move"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        choices=[
                            ("critical", "Critical"),
                            ("high", "High"),
                            ("normal", "Normal"),
                            ("low", "Low"),
                        ],
                        default="normal",
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("offered", "Offered"),
                            ("question", "Question asked"),
                            ("returned", "Returned"),
                            ("expired", "Expired"),
                            ("withdrawn", "Withdrawn"),
                            ("accepted", "Accepted"),
                            ("in_progress", "In progress"),
                            ("completed", "Completed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("need", models.TextField()),
                ("offered_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "return_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("insufficient_context", "Context missing"),
                            ("wrong_owner", "Wrong owner"),
                            ("still_support", "Still a support matter"),
                            ("duplicate", "Duplicate"),
                            ("already_handled", "Already handled"),
                            ("not_actionable", "Not actionable"),
                        ],
                        max_length=30,
                    ),
                ),
                ("return_count", models.PositiveSmallIntegerField(default=0)),
                ("next_step", models.CharField(blank=True, max_length=300)),
                ("next_step_on", models.DateField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("risk_reduced", "Risk reduced"),
                            ("renewed", "Renewed"),
                            ("expanded", "Expanded"),
                            ("retained_flat", "Retained flat"),
                            ("contracted", "Contracted"),
                            ("churned", "Churned"),
                            ("no_action", "No action needed"),
                            ("not_reachable", "Not reachable"),
                        ],
                        max_length=30,
                    ),
                ),
                ("was_useful", models.BooleanField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handoffs",
                        to="accounts.customer",
                    ),
                ),
                (
                    "from_team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handoffs_sent",
                        to="accounts.team",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handoffs_received",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handoffs_sent",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to_team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handoffs_received",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                (
                                    "offered",
                                    "question",
                                    "expired",
                                    "returned",
                                    "accepted",
                                    "in_progress",
                                ),
                            )
                        ),
                        fields=("customer", "type", "to_team"),
                        name="handoff_one_open_per_customer_type_team",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "type__in",
                                [
                                    "renewal_risk",
                                    "expansion",
                                    "adoption",
                                    "competitor_threat",
                                    "champion_change",
                                    "escalation",
                                    "reintroduction",
                                    "technical_help",
                                    "sales_to_onboarding",
                                    "onboarding_to_success",
                                    "csm_change",
                                    "pool_move",
                                ],
                            )
                        ),
                        name="handoff_type_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(("due_at__isnull", False), ("offered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="handoff_offered_has_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["accepted", "in_progress", "completed"]),
                                _negated=True,
                            ),
                            ("accepted_at__isnull", False),
                            _connector="OR",
                        ),
                        name="handoff_taken_was_accepted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "returned"),
                                models.Q(("return_reason", ""), _negated=True),
                            ),
                            models.Q(("state", "returned"), _negated=True),
                            _connector="OR",
                        ),
                        name="handoff_returned_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "completed"), models.Q(("outcome", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("state", "completed"), _negated=True), ("outcome", "")
                            ),
                            _connector="OR",
                        ),
                        name="handoff_outcome_iff_completed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at", None),
                                (
                                    "state__in",
                                    [
                                        "draft",
                                        "offered",
                                        "question",
                                        "expired",
                                        "returned",
                                        "accepted",
                                        "in_progress",
                                    ],
                                ),
                            ),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("state__in", ["completed", "cancelled", "withdrawn"]),
                            ),
                            _connector="OR",
                        ),
                        name="handoff_closed_at_iff_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("next_step", ""), ("next_step_on", None)),
                            models.Q(
                                models.Q(("next_step", ""), _negated=True),
                                models.Q(("next_step_on", None), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="handoff_next_step_has_date",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                (
                                    "offered",
                                    "question",
                                    "expired",
                                    "returned",
                                    "accepted",
                                    "in_progress",
                                ),
                            )
                        ),
                        fields=["receiver", "due_at"],
                        name="handoff_open_by_receiver",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                (
                                    "offered",
                                    "question",
                                    "expired",
                                    "returned",
                                    "accepted",
                                    "in_progress",
                                ),
                            )
                        ),
                        fields=["customer", "due_at"],
                        name="handoff_open_by_customer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandoffTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("renewal_risk", "Renewal risk"),
                            ("expansion", "Expansion opportunity"),
                            ("adoption", "Adoption"),
                            ("competitor_threat", "Competitor threat"),
                            ("champion_change", "Champion change"),
                            ("escalation", "Escalation"),
                            ("reintroduction", "Re-introduction"),
                            ("technical_help", "Technical help"),
                            ("sales_to_onboarding", "Sales to onboarding"),
                            ("onboarding_to_success", "Onboarding to Success"),
                            ("csm_change", "CSM change"),
                            ("pool_move", "Pool move"),
                        ],
                        max_length=30,
                        unique=True,
                    ),
                ),
                (
                    "required_fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "addresses_role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handoff_templates_addressing",
                        to="accounts.assignmentrole",
                    ),
                ),
                (
                    "transfers_role",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handoff_templates",
                        to="accounts.assignmentrole",
                    ),
                ),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="LabelValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "dimension",
                    models.CharField(
                        choices=[
                            ("fix_category", "Fix"),
                            ("root_cause", "Root cause"),
                            ("sentiment_start", "Sentiment at start"),
                            ("sentiment", "Sentiment at end"),
                            ("competitor", "Competitor"),
                            ("product_feedback", "Product feedback"),
                        ],
                        max_length=30,
                    ),
                ),
                ("slug", models.SlugField(max_length=60)),
                ("name", models.CharField(max_length=100)),
                ("definition", models.CharField(blank=True, max_length=300)),
                ("key", models.CharField(blank=True, max_length=1)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_nothing_unusual", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="tickets.labelvalue",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="tickets.labelvalue",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("dimension", "slug"), name="labelvalue_slug_once_per_dimension"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("key", ""), _negated=True), ("is_active", True)
                        ),
                        fields=("dimension", "key"),
                        name="labelvalue_key_once_per_dimension",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_nothing_unusual", True)),
                        fields=("dimension",),
                        name="labelvalue_one_nothing_unusual",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "dimension__in",
                                [
                                    "fix_category",
                                    "root_cause",
                                    "sentiment_start",
                                    "sentiment",
                                    "competitor",
                                    "product_feedback",
                                ],
                            )
                        ),
                        name="labelvalue_dimension_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into", None),
                            models.Q(
                                models.Q(("merged_into", models.F("id")), _negated=True),
                                ("is_active", False),
                            ),
                            _connector="OR",
                        ),
                        name="labelvalue_merged_is_inactive",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Problem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("error_signature", models.CharField(blank=True, max_length=200)),
                ("tracker_key", models.CharField(blank=True, max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("fix_planned", "Fix planned"),
                            ("fixed", "Fixed"),
                            ("declined", "Will not be fixed"),
                        ],
                        default="open",
                        max_length=20,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("error_signature", ""), _negated=True),
                        fields=("error_signature",),
                        name="problem_signature_unique",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="StagedEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.PositiveIntegerField()),
                ("ticket", models.TextField(db_collation="C")),
                ("key", models.TextField()),
                ("occurred_at", models.DateTimeField()),
                ("sequence", models.IntegerField()),
                ("status", models.TextField(blank=True)),
                ("source_status", models.TextField(blank=True)),
                ("priority", models.TextField(blank=True)),
                ("team", models.TextField(blank=True)),
                ("assignee_label", models.TextField(blank=True)),
                ("by_label", models.TextField(blank=True)),
                ("is_blocked", models.BooleanField(null=True)),
                ("reopen_count", models.PositiveIntegerField(null=True)),
                ("reassignment_count", models.PositiveIntegerField(null=True)),
                ("opened_at", models.DateTimeField(null=True)),
                ("customer", models.TextField(blank=True)),
                ("contact", models.TextField(blank=True)),
                ("subject", models.TextField(blank=True)),
                ("channel", models.TextField(blank=True)),
                ("ticket_kind", models.TextField(blank=True)),
                ("url", models.TextField(blank=True)),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="imports.importbatch",
                    ),
                ),
            ],
            options={
                "constraints": [],
                "indexes": [models.Index(fields=["batch", "ticket"], name="stagedevent_by_ticket")],
            },
        ),
        migrations.CreateModel(
            name="TaxonomyVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True)),
                ("published_at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HandoffEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "stored_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("offered", "Offered"),
                            ("asked", "Asked"),
                            ("answered", "Answered"),
                            ("accepted", "Accepted"),
                            ("returned", "Returned"),
                            ("withdrawn", "Withdrawn"),
                            ("expired", "Expired"),
                            ("reassigned", "Reassigned"),
                            ("next_step", "Next step set"),
                            ("ticket_added", "Ticket added"),
                            ("completed", "Completed"),
                            ("cancelled", "Cancelled"),
                            ("reopened", "Reopened"),
                            ("useful", "Judged"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="imports.importbatch",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handoff_events",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "handoff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="tickets.handoff",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "offered",
                                    "asked",
                                    "answered",
                                    "accepted",
                                    "returned",
                                    "withdrawn",
                                    "expired",
                                    "reassigned",
                                    "next_step",
                                    "ticket_added",
                                    "completed",
                                    "cancelled",
                                    "reopened",
                                    "useful",
                                ],
                            )
                        ),
                        name="handoffevent_kind_known",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HandoffHolder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("offered", "Offered it"),
                            ("accepted", "Accepted it"),
                            ("reassigned", "Reassigned by a lead"),
                            ("leaver", "Took over from a leaver"),
                            ("reopened", "Reopened"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "handoff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holders",
                        to="tickets.handoff",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matters_held",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("during__isempty", False)),
                        name="handoffholder_during_not_empty",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("handoff", "="), ("during", "&&")],
                        name="handoffholder_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "cause__in",
                                ["offered", "accepted", "reassigned", "leaver", "reopened"],
                            )
                        ),
                        name="handoffholder_cause_known",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("during__endswith", None)),
                        fields=["user"],
                        name="handoffholder_current",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HandoffPacket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("frozen_at", models.DateTimeField()),
                ("content", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "handoff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="packets",
                        to="tickets.handoff",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("handoff", "frozen_at"), name="handoffpacket_once_per_offer"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("kept", "Kept"),
                            ("broken", "Broken"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=20,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="accounts.customer",
                    ),
                ),
                (
                    "handoff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="tickets.handoff",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises_owned",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="promise_has_text"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "kept", "broken", "withdrawn"])),
                        name="promise_state_known",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["customer", "due_on"],
                        name="promise_open_by_customer",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=60)),
                ("subject", models.CharField(blank=True, max_length=300)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("mail", "Mail"),
                            ("phone", "Phone"),
                            ("chat", "Chat"),
                            ("portal", "Portal"),
                            ("api", "API"),
                            ("in_person", "In person"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=20,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("question", "Question"),
                            ("bug", "Bug"),
                            ("missing_feature", "Missing feature"),
                            ("feature_request", "Feature request"),
                            ("billing", "Billing"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=20,
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        choices=[
                            ("critical", "Critical"),
                            ("high", "High"),
                            ("normal", "Normal"),
                            ("low", "Low"),
                        ],
                        default="normal",
                        max_length=20,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("open", "Open"),
                            ("pending", "Waiting for the customer"),
                            ("on_hold", "On hold"),
                            ("solved", "Solved"),
                            ("closed", "Closed"),
                        ],
                        default="new",
                        max_length=20,
                    ),
                ),
                ("source_status", models.CharField(blank=True, max_length=60)),
                (
                    "handling_mode",
                    models.CharField(
                        choices=[
                            ("human", "Human"),
                            ("assisted", "Assisted"),
                            ("automated", "Automated"),
                        ],
                        default="human",
                        max_length=20,
                    ),
                ),
                ("is_blocked", models.BooleanField(default=False)),
                ("assignee_label", models.CharField(blank=True, max_length=200)),
                (
                    "learning",
                    models.CharField(
                        choices=[("exempt", "Exempt"), ("due", "Due"), ("answered", "Answered")],
                        default="due",
                        max_length=20,
                    ),
                ),
                (
                    "exempt_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("spam", "Spam"),
                            ("merged", "Merged"),
                            ("auto_reply", "Auto-reply"),
                            ("outbound", "Outbound"),
                            ("own_staff", "Own staff or test organisation"),
                            ("no_customer_message", "No customer message"),
                        ],
                        max_length=30,
                    ),
                ),
                ("learning_due_at", models.DateTimeField(blank=True, null=True)),
                ("labels_answered", models.PositiveSmallIntegerField(default=0)),
                ("opened_at", models.DateTimeField()),
                ("first_response_at", models.DateTimeField(blank=True, null=True)),
                ("first_solved_at", models.DateTimeField(blank=True, null=True)),
                ("last_solved_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("reopen_count", models.PositiveIntegerField(default=0)),
                ("reassignment_count", models.PositiveIntegerField(default=0)),
                ("last_event_at", models.DateTimeField()),
                ("source", models.CharField(max_length=40)),
                ("external_id", models.CharField(max_length=200)),
                ("url", models.URLField(blank=True, max_length=500)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "search",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.SearchVector(
                            "number", "subject", config="simple"
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets_assigned",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="imports.importbatch",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="accounts.contact",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="accounts.customer",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "on_behalf_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets_for_it",
                        to="accounts.customer",
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="tickets.problem",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "external_id"), name="ticket_external_id_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["new", "open", "pending", "on_hold", "solved", "closed"],
                            )
                        ),
                        name="ticket_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("priority__in", ["critical", "high", "normal", "low"])),
                        name="ticket_priority_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("learning__in", ["exempt", "due", "answered"])),
                        name="ticket_learning_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("learning", "exempt"),
                                models.Q(("exempt_reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("learning", "exempt"), _negated=True),
                                ("exempt_reason", ""),
                            ),
                            _connector="OR",
                        ),
                        name="ticket_exempt_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("learning", "answered"), _negated=True),
                            ("labels_answered", 5),
                            _connector="OR",
                        ),
                        name="ticket_answered_has_all_labels",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into", None),
                            models.Q(("merged_into", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="ticket_not_merged_into_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_solved_at", None),
                            models.Q(
                                ("first_solved_at__isnull", False),
                                ("last_solved_at__gte", models.F("first_solved_at")),
                            ),
                            _connector="OR",
                        ),
                        name="ticket_last_solved_after_first",
                    ),
                ],
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("opened_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="ticket_by_opened",
                    ),
                    models.Index(
                        models.F("customer"),
                        models.OrderBy(models.F("opened_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="ticket_by_customer",
                    ),
                    models.Index(
                        models.OrderBy(models.F("opened_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("learning", "due"), ("retired_at", None)),
                        name="ticket_due_by_opened",
                    ),
                    models.Index(
                        models.F("team"),
                        models.OrderBy(models.F("opened_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("learning", "due"), ("retired_at", None)),
                        name="ticket_due_by_team",
                    ),
                    models.Index(
                        condition=models.Q(("status__in", ("new", "open", "pending", "on_hold"))),
                        fields=["customer"],
                        name="ticket_unsolved_by_customer",
                    ),
                    models.Index(
                        condition=models.Q(
                            models.Q(
                                ("is_blocked", True), ("priority", "critical"), _connector="OR"
                            ),
                            ("status__in", ("new", "open", "pending", "on_hold")),
                        ),
                        fields=["customer"],
                        name="ticket_open_blocker",
                    ),
                    models.Index(
                        condition=models.Q(("reopen_count__gte", 2)),
                        fields=["customer"],
                        name="ticket_reopened_often",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search"], name="ticket_search"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CompetitorMention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "stored_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "stance",
                    models.CharField(
                        choices=[
                            ("using", "Using it"),
                            ("evaluating", "Evaluating it"),
                            ("switching_to", "Switching to it"),
                            ("switched_from", "Came from it"),
                            ("praising", "Praising it"),
                            ("complaining", "Complaining about it"),
                            ("price", "Comparing prices"),
                        ],
                        max_length=20,
                    ),
                ),
                ("quote", models.TextField(blank=True)),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="imports.importbatch",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="competitor_mentions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "competitor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mentions",
                        to="tickets.labelvalue",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="competitor_mentions",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stance__in",
                                [
                                    "using",
                                    "evaluating",
                                    "switching_to",
                                    "switched_from",
                                    "praising",
                                    "complaining",
                                    "price",
                                ],
                            )
                        ),
                        name="competitormention_stance_known",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HandoffTicket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "handoff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handoff_tickets",
                        to="tickets.handoff",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handoff_tickets",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("handoff", "ticket"), name="handoffticket_once")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Labeling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "stored_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "dimension",
                    models.CharField(
                        choices=[
                            ("fix_category", "Fix"),
                            ("root_cause", "Root cause"),
                            ("sentiment_start", "Sentiment at start"),
                            ("sentiment", "Sentiment at end"),
                            ("competitor", "Competitor"),
                            ("product_feedback", "Product feedback"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("person", "A person"),
                            ("accepted_suggestion", "Accepted suggestion"),
                            ("rule", "Rule"),
                            ("inherited", "Inherited from a problem"),
                            ("imported", "Imported"),
                            ("exempt", "Exempt"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "confidence",
                    models.DecimalField(blank=True, decimal_places=3, max_digits=4, null=True),
                ),
                ("revisit_on", models.DateField(blank=True, null=True)),
                ("audit_group", models.BigIntegerField(blank=True, null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="imports.importbatch",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="labelings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "value",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="labelings",
                        to="tickets.labelvalue",
                    ),
                ),
                (
                    "taxonomy_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="labelings",
                        to="tickets.taxonomyversion",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="labelings",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "origin__in",
                                [
                                    "person",
                                    "accepted_suggestion",
                                    "rule",
                                    "inherited",
                                    "imported",
                                    "exempt",
                                ],
                            )
                        ),
                        name="labeling_origin_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("origin__in", ["person", "accepted_suggestion"]), _negated=True
                            ),
                            models.Q(("by", None), _negated=True),
                            _connector="OR",
                        ),
                        name="labeling_by_person_names_them",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("value", None), _negated=True),
                            models.Q(("by", None), _negated=True),
                            _connector="OR",
                        ),
                        name="labeling_taken_back_names_who",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confidence", None), ("confidence__range", (0, 1)), _connector="OR"
                        ),
                        name="labeling_confidence_is_share",
                    ),
                ],
                "indexes": [
                    models.Index(
                        models.F("ticket"),
                        models.F("dimension"),
                        models.OrderBy(models.F("occurred_at"), descending=True),
                        name="labeling_by_ticket",
                    ),
                    models.Index(
                        condition=models.Q(("audit_group__isnull", False)),
                        fields=["audit_group"],
                        name="labeling_by_group",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "stored_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("key", models.CharField(max_length=200)),
                (
                    "direction",
                    models.CharField(
                        choices=[
                            ("inbound", "From the customer"),
                            ("outbound", "To the customer"),
                            ("internal", "Internal note"),
                        ],
                        max_length=20,
                    ),
                ),
                ("body", models.TextField()),
                ("by_label", models.CharField(blank=True, max_length=200)),
                (
                    "search",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.SearchVector(
                            "body", config="simple"
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="imports.importbatch",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "key"), name="message_once"),
                    models.CheckConstraint(
                        condition=models.Q(("direction__in", ["inbound", "outbound", "internal"])),
                        name="message_direction_known",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["ticket", "occurred_at"], name="message_by_ticket"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search"], name="message_search"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PromiseEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "stored_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("made", "Made"),
                            ("renegotiated", "Renegotiated"),
                            ("kept", "Kept"),
                            ("broken", "Broken"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=20,
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="imports.importbatch",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promise_events",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "promise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="tickets.promise",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["made", "renegotiated", "kept", "broken", "withdrawn"])
                        ),
                        name="promiseevent_kind_known",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="SurveyResponse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "stored_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("csat", "CSAT, 1 to 5"),
                            ("ces", "CES, 1 to 7"),
                            ("nps", "NPS, 0 to 10"),
                            ("confidence", "Confidence, 1 to 5"),
                        ],
                        max_length=20,
                    ),
                ),
                ("value", models.PositiveSmallIntegerField()),
                (
                    "answered_by",
                    models.CharField(
                        choices=[("customer", "Customer"), ("agent_judged", "Judged by an agent")],
                        max_length=20,
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="imports.importbatch",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="survey_responses",
                        to="accounts.contact",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="survey_responses",
                        to="accounts.customer",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="survey_responses",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "csat"), ("value__range", (1, 5))),
                            models.Q(("kind", "ces"), ("value__range", (1, 7))),
                            models.Q(("kind", "nps"), ("value__range", (0, 10))),
                            models.Q(("kind", "confidence"), ("value__range", (1, 5))),
                            _connector="OR",
                        ),
                        name="surveyresponse_value_on_scale",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answered_by__in", ["customer", "agent_judged"])),
                        name="surveyresponse_answered_by_known",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="TicketEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "stored_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened", "Opened"),
                            ("changed", "Changed"),
                            ("solved", "Solved"),
                            ("reopened", "Reopened"),
                            ("closed", "Closed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("key", models.CharField(max_length=200)),
                ("sequence", models.IntegerField(default=0)),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new", "New"),
                            ("open", "Open"),
                            ("pending", "Waiting for the customer"),
                            ("on_hold", "On hold"),
                            ("solved", "Solved"),
                            ("closed", "Closed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("source_status", models.CharField(blank=True, max_length=60)),
                (
                    "priority",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("critical", "Critical"),
                            ("high", "High"),
                            ("normal", "Normal"),
                            ("low", "Low"),
                        ],
                        max_length=20,
                    ),
                ),
                ("assignee_label", models.CharField(blank=True, max_length=200)),
                ("is_blocked", models.BooleanField(blank=True, null=True)),
                ("reopen_count", models.PositiveIntegerField(blank=True, null=True)),
                ("reassignment_count", models.PositiveIntegerField(blank=True, null=True)),
                ("by_label", models.CharField(blank=True, max_length=200)),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="imports.importbatch",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.team",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ticket", "key", "batch"),
                        name="ticketevent_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["opened", "changed", "solved", "reopened", "closed"])
                        ),
                        name="ticketevent_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["", "new", "open", "pending", "on_hold", "solved", "closed"],
                            )
                        ),
                        name="ticketevent_status_known",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["ticket", "occurred_at"], name="ticketevent_by_ticket")
                ],
            },
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="problem",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_insert",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, after) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, n.id, 'insert', 1, to_jsonb(n) - '{}'::text[] FROM new_rows n; RETURN NULL;",
                    hash="3b9cf6b8423bc5b5fc0238caabafe48039312b9f",
                    operation="INSERT",
                    pgid="pgtrigger_audit_insert_b6d45",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_problem",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="problem",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_update",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, before, after) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, c.id, 'update', 1, d.before, d.after FROM (SELECT coalesce(n.id, o.id) AS id, to_jsonb(o) - '{}'::text[] AS before, to_jsonb(n) - '{}'::text[] AS after FROM old_rows o FULL JOIN new_rows n ON n.id = o.id WHERE n IS DISTINCT FROM o OFFSET 0) c, audit_difference(c.before, c.after, '{}'::text[]) d; RETURN NULL;",
                    hash="331bc0ad2f8e361c3e7ca35629f26292a4621074",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_update_df5cc",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="tickets_problem",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="problem",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_delete",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, before) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, o.id, 'delete', 1, to_jsonb(o) - '{}'::text[] FROM old_rows o; RETURN NULL;",
                    hash="37d3f740641eff2e80db90270e76a633bd1152e5",
                    operation="DELETE",
                    pgid="pgtrigger_audit_delete_292c0",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="tickets_problem",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="taxonomyversion",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_insert",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, operation, rows) SELECT audit_current_group(), TG_TABLE_NAME, 'insert', count(*) FROM new_rows HAVING count(*) > 0; RETURN NULL;",
                    hash="0eac3c25c7099d673ce0e9b9afaa9f2870e1590b",
                    operation="INSERT",
                    pgid="pgtrigger_audit_insert_c33e8",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_taxonomyversion",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="taxonomyversion",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_update",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="PERFORM audit_refuse_unless_redacting(TG_TABLE_NAME); INSERT INTO audit_change (group_id, table_name, operation, rows) SELECT audit_current_group(), TG_TABLE_NAME, 'update', count(*) FROM new_rows HAVING count(*) > 0; RETURN NULL;",
                    hash="2936b98421e687f3c8977c733480c16af0efc8f2",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_update_cde2b",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_taxonomyversion",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="taxonomyversion",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_delete",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="PERFORM audit_refuse_delete(TG_TABLE_NAME); RETURN NULL;",
                    hash="7fcabe67a7ef25f1328b8ecd08aaef0cb7be701c",
                    operation="DELETE",
                    pgid="pgtrigger_audit_delete_ec495",
                    table="tickets_taxonomyversion",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="handoff",
            name="tickets",
            field=models.ManyToManyField(
                related_name="handoffs", through="tickets.HandoffTicket", to="tickets.ticket"
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="handoffevent",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_insert",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, operation, rows) SELECT audit_current_group(), TG_TABLE_NAME, 'insert', count(*) FROM new_rows HAVING count(*) > 0; RETURN NULL;",
                    hash="772528d584bf3d57d9ed334e1ef0dc2dbb605f49",
                    operation="INSERT",
                    pgid="pgtrigger_audit_insert_24d79",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_handoffevent",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="handoffevent",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_update",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="PERFORM audit_refuse_unless_redacting(TG_TABLE_NAME); INSERT INTO audit_change (group_id, table_name, operation, rows) SELECT audit_current_group(), TG_TABLE_NAME, 'update', count(*) FROM new_rows HAVING count(*) > 0; RETURN NULL;",
                    hash="4975c9002c7c3ff1206c76c573301e26734405d1",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_update_70c1d",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_handoffevent",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="handoffevent",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_delete",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="PERFORM audit_refuse_delete(TG_TABLE_NAME); RETURN NULL;",
                    hash="1ea80975270a9ac3ddf7abd71932cc4b1a0a0e4d",
                    operation="DELETE",
                    pgid="pgtrigger_audit_delete_266ee",
                    table="tickets_handoffevent",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="handoffholder",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_insert",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, after) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, n.id, 'insert', 1, to_jsonb(n) - '{}'::text[] FROM new_rows n; RETURN NULL;",
                    hash="2f0228b1c9ed8ac41db3d7be9bddcf47f26b5cb0",
                    operation="INSERT",
                    pgid="pgtrigger_audit_insert_51751",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_handoffholder",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="handoffholder",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_update",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, before, after) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, c.id, 'update', 1, d.before, d.after FROM (SELECT coalesce(n.id, o.id) AS id, to_jsonb(o) - '{}'::text[] AS before, to_jsonb(n) - '{}'::text[] AS after FROM old_rows o FULL JOIN new_rows n ON n.id = o.id WHERE n IS DISTINCT FROM o OFFSET 0) c, audit_difference(c.before, c.after, '{}'::text[]) d; RETURN NULL;",
                    hash="5a10a83f20b89de2ac1a998d91f2cc56600b9162",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_update_cb9fd",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="tickets_handoffholder",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="handoffholder",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_delete",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, before) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, o.id, 'delete', 1, to_jsonb(o) - '{}'::text[] FROM old_rows o; RETURN NULL;",
                    hash="8d78fe80729c5482273de92da17748a3b2e5d48c",
                    operation="DELETE",
                    pgid="pgtrigger_audit_delete_c444f",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="tickets_handoffholder",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="handoffholder",
            trigger=pgtrigger.compiler.Trigger(
                name="closed_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF to_jsonb(OLD) - ARRAY['during', 'version']\n                   IS DISTINCT FROM to_jsonb(NEW) - ARRAY['during', 'version']\n                   OR lower(OLD.during) IS DISTINCT FROM lower(NEW.during) THEN\n                    RAISE EXCEPTION '% keeps its beginning and its facts', TG_TABLE_NAME\n                        USING ERRCODE = 'restrict_violation';\n                END IF;\n                IF OLD.during IS DISTINCT FROM NEW.during\n                   AND upper(OLD.during) <= statement_timestamp() THEN\n                    RAISE EXCEPTION '% is closed once', TG_TABLE_NAME\n                        USING ERRCODE = 'restrict_violation';\n                END IF;\n                RETURN NEW;\n            ",
                    hash="ecb7e3ba8ac6f37a46e6f4a8bfe85f0358a7eea6",
                    operation="UPDATE",
                    pgid="pgtrigger_closed_once_504f7",
                    table="tickets_handoffholder",
                    when="BEFORE",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="handoffholder",
            trigger=pgtrigger.compiler.Trigger(
                name="held_without_gap",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    declare="DECLARE matter record;",
                    func="\n    SELECT h.id, h.closed_at IS NULL AND h.state <> 'draft' AS is_open,\n           coalesce(bool_or(upper_inf(k.during)), false) AS is_held,\n           coalesce((SELECT count(*) FROM unnest(range_agg(k.during))), 0) AS stretches,\n           count(k.id) FILTER (WHERE k.cause = 'reopened') AS reopened\n      INTO matter\n      FROM tickets_handoff h LEFT JOIN tickets_handoffholder k ON k.handoff_id = h.id\n     WHERE h.id = NEW.handoff_id\n     GROUP BY h.id;\n    IF matter.is_open <> matter.is_held OR matter.stretches > matter.reopened + 1 THEN\n        RAISE EXCEPTION 'handoff % must have one holder without gap from offer to end', matter.id\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NULL;\n",
                    hash="6b722d8b0a4c710eeb44d4b8524e1c40690e5f70",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_held_without_gap_e33c2",
                    table="tickets_handoffholder",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="handoffpacket",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_insert",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, operation, rows) SELECT audit_current_group(), TG_TABLE_NAME, 'insert', count(*) FROM new_rows HAVING count(*) > 0; RETURN NULL;",
                    hash="c5d974aeb42885210f34e32ace7e25268ef4a13d",
                    operation="INSERT",
                    pgid="pgtrigger_audit_insert_0b9b6",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_handoffpacket",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="handoffpacket",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_update",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="PERFORM audit_refuse_unless_redacting(TG_TABLE_NAME); INSERT INTO audit_change (group_id, table_name, operation, rows) SELECT audit_current_group(), TG_TABLE_NAME, 'update', count(*) FROM new_rows HAVING count(*) > 0; RETURN NULL;",
                    hash="0bb35c3f9930116d959ab4d23d588dbed159d198",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_update_9daf1",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_handoffpacket",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="handoffpacket",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_delete",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="PERFORM audit_refuse_delete(TG_TABLE_NAME); RETURN NULL;",
                    hash="3ae2f93cfea8f5459dd0f39610101ba0268c58bc",
                    operation="DELETE",
                    pgid="pgtrigger_audit_delete_dfec6",
                    table="tickets_handoffpacket",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="handofftemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_insert",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, after) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, n.id, 'insert', 1, to_jsonb(n) - '{}'::text[] FROM new_rows n; RETURN NULL;",
                    hash="9ce185fdf3a06bc9dce361c0b8706b54f16027bb",
                    operation="INSERT",
                    pgid="pgtrigger_audit_insert_2c675",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_handofftemplate",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="handofftemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_update",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, before, after) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, c.id, 'update', 1, d.before, d.after FROM (SELECT coalesce(n.id, o.id) AS id, to_jsonb(o) - '{}'::text[] AS before, to_jsonb(n) - '{}'::text[] AS after FROM old_rows o FULL JOIN new_rows n ON n.id = o.id WHERE n IS DISTINCT FROM o OFFSET 0) c, audit_difference(c.before, c.after, '{}'::text[]) d; RETURN NULL;",
                    hash="a1f77dd3b5d0c2ad981f9a9d739d6143f744b831",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_update_d8902",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="tickets_handofftemplate",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="handofftemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_delete",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, before) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, o.id, 'delete', 1, to_jsonb(o) - '{}'::text[] FROM old_rows o; RETURN NULL;",
                    hash="764fe8806ed511ed1dd50382dceb08f0b6504de3",
                    operation="DELETE",
                    pgid="pgtrigger_audit_delete_43c96",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="tickets_handofftemplate",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="labelvalue",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_insert",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, after) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, n.id, 'insert', 1, to_jsonb(n) - '{}'::text[] FROM new_rows n; RETURN NULL;",
                    hash="eaa7058f8ac44a0213daf4fcf30afbfe870977e0",
                    operation="INSERT",
                    pgid="pgtrigger_audit_insert_ad3ac",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_labelvalue",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="labelvalue",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_update",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, before, after) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, c.id, 'update', 1, d.before, d.after FROM (SELECT coalesce(n.id, o.id) AS id, to_jsonb(o) - '{}'::text[] AS before, to_jsonb(n) - '{}'::text[] AS after FROM old_rows o FULL JOIN new_rows n ON n.id = o.id WHERE n IS DISTINCT FROM o OFFSET 0) c, audit_difference(c.before, c.after, '{}'::text[]) d; RETURN NULL;",
                    hash="139fcafca2a900ffc864979b4690875f2deb5cf3",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_update_07603",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="tickets_labelvalue",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="labelvalue",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_delete",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, before) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, o.id, 'delete', 1, to_jsonb(o) - '{}'::text[] FROM old_rows o; RETURN NULL;",
                    hash="be1be9d824d5a25878495e514e77f3c359eb7cdd",
                    operation="DELETE",
                    pgid="pgtrigger_audit_delete_3d932",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="tickets_labelvalue",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="promise",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_insert",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, after) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, n.id, 'insert', 1, to_jsonb(n) - '{}'::text[] FROM new_rows n; RETURN NULL;",
                    hash="ab0a45e7fafbe6e5a14bd04972e8cc8b6698fd6b",
                    operation="INSERT",
                    pgid="pgtrigger_audit_insert_fc3f0",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_promise",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="promise",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_update",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, before, after) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, c.id, 'update', 1, d.before, d.after FROM (SELECT coalesce(n.id, o.id) AS id, to_jsonb(o) - '{}'::text[] AS before, to_jsonb(n) - '{}'::text[] AS after FROM old_rows o FULL JOIN new_rows n ON n.id = o.id WHERE n IS DISTINCT FROM o OFFSET 0) c, audit_difference(c.before, c.after, '{}'::text[]) d; RETURN NULL;",
                    hash="6d8470cc949bb8a00bcb016f70f2856116aea9bc",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_update_2ab7b",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="tickets_promise",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="promise",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_delete",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, before) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, o.id, 'delete', 1, to_jsonb(o) - '{}'::text[] FROM old_rows o; RETURN NULL;",
                    hash="b91eddf0208e71590039076c1343d27fcdb948b2",
                    operation="DELETE",
                    pgid="pgtrigger_audit_delete_98c2f",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="tickets_promise",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="promiseevent",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_insert",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, operation, rows) SELECT audit_current_group(), TG_TABLE_NAME, 'insert', count(*) FROM new_rows HAVING count(*) > 0; RETURN NULL;",
                    hash="4b0dc8c4be60f43d1494b9f67a78cc25f9f586ab",
                    operation="INSERT",
                    pgid="pgtrigger_audit_insert_27b25",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_promiseevent",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="promiseevent",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_update",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="PERFORM audit_refuse_unless_redacting(TG_TABLE_NAME); INSERT INTO audit_change (group_id, table_name, operation, rows) SELECT audit_current_group(), TG_TABLE_NAME, 'update', count(*) FROM new_rows HAVING count(*) > 0; RETURN NULL;",
                    hash="f5ba0e50223a94e0bc1663bc914b5ff3c8caef17",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_update_5347d",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_promiseevent",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="promiseevent",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_delete",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="PERFORM audit_refuse_delete(TG_TABLE_NAME); RETURN NULL;",
                    hash="ea32a18e941235916d4c864016dcb7e7999decc7",
                    operation="DELETE",
                    pgid="pgtrigger_audit_delete_80779",
                    table="tickets_promiseevent",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="ticket",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_insert",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, after) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, n.id, 'insert', 1, to_jsonb(n) - '{search}'::text[] FROM new_rows n; RETURN NULL;",
                    hash="dac2db9d1883bdc034b8ec85bfa431ac518bfc90",
                    operation="INSERT",
                    pgid="pgtrigger_audit_insert_7e436",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_ticket",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="ticket",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_update",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, before, after) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, c.id, 'update', 1, d.before, d.after FROM (SELECT coalesce(n.id, o.id) AS id, to_jsonb(o) - '{search}'::text[] AS before, to_jsonb(n) - '{search}'::text[] AS after FROM old_rows o FULL JOIN new_rows n ON n.id = o.id WHERE n IS DISTINCT FROM o OFFSET 0) c, audit_difference(c.before, c.after, '{}'::text[]) d; RETURN NULL;",
                    hash="b63920590d5718f03597721914503547164ae613",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_update_30ed8",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="tickets_ticket",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="ticket",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_delete",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, before) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, o.id, 'delete', 1, to_jsonb(o) - '{search}'::text[] FROM old_rows o; RETURN NULL;",
                    hash="7213e6163055468da123f890a70dc4004228cb6c",
                    operation="DELETE",
                    pgid="pgtrigger_audit_delete_f099a",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="tickets_ticket",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="surveyresponse",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_insert",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, operation, rows) SELECT audit_current_group(), TG_TABLE_NAME, 'insert', count(*) FROM new_rows HAVING count(*) > 0; RETURN NULL;",
                    hash="490dca0a9c9df4f01c5d2a8bd240570f3b84b53f",
                    operation="INSERT",
                    pgid="pgtrigger_audit_insert_e10b5",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_surveyresponse",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="surveyresponse",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_update",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="PERFORM audit_refuse_unless_redacting(TG_TABLE_NAME); INSERT INTO audit_change (group_id, table_name, operation, rows) SELECT audit_current_group(), TG_TABLE_NAME, 'update', count(*) FROM new_rows HAVING count(*) > 0; RETURN NULL;",
                    hash="a8849d0d7bc56c06c8f1a4e671189af4b5e3f65f",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_update_12877",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_surveyresponse",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="surveyresponse",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_delete",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="PERFORM audit_refuse_delete(TG_TABLE_NAME); RETURN NULL;",
                    hash="f75408cf962f021cce109ce9f433d16aa05bedd8",
                    operation="DELETE",
                    pgid="pgtrigger_audit_delete_19ed6",
                    table="tickets_surveyresponse",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="message",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_insert",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, operation, rows) SELECT audit_current_group(), TG_TABLE_NAME, 'insert', count(*) FROM new_rows HAVING count(*) > 0; RETURN NULL;",
                    hash="7b7a98524ba111444bd2670d875343c8d46ef5af",
                    operation="INSERT",
                    pgid="pgtrigger_audit_insert_b3eab",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_message",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="message",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_update",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="PERFORM audit_refuse_unless_redacting(TG_TABLE_NAME); INSERT INTO audit_change (group_id, table_name, operation, rows) SELECT audit_current_group(), TG_TABLE_NAME, 'update', count(*) FROM new_rows HAVING count(*) > 0; RETURN NULL;",
                    hash="29f6d752503227f9c5e4c86ac4908c038c80e1be",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_update_87e0d",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_message",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="message",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_delete",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="PERFORM audit_refuse_delete(TG_TABLE_NAME); RETURN NULL;",
                    hash="62967dac8d90a09b62f9c55d7b2ff9fa5b988a55",
                    operation="DELETE",
                    pgid="pgtrigger_audit_delete_3090f",
                    table="tickets_message",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="labeling",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_insert",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, operation, rows) SELECT audit_current_group(), TG_TABLE_NAME, 'insert', count(*) FROM new_rows HAVING count(*) > 0; RETURN NULL;",
                    hash="f692ae04bb875c6c6e6e78a8b87ba56df115e2d9",
                    operation="INSERT",
                    pgid="pgtrigger_audit_insert_e9367",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_labeling",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="labeling",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_update",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="PERFORM audit_refuse_unless_redacting(TG_TABLE_NAME); INSERT INTO audit_change (group_id, table_name, operation, rows) SELECT audit_current_group(), TG_TABLE_NAME, 'update', count(*) FROM new_rows HAVING count(*) > 0; RETURN NULL;",
                    hash="d75a21404942e656ba5552e73cf02c81bd90ecbf",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_update_4b9b6",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_labeling",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="labeling",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_delete",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="PERFORM audit_refuse_delete(TG_TABLE_NAME); RETURN NULL;",
                    hash="18df700207fbb66e9febbfeb83493db472dc868f",
                    operation="DELETE",
                    pgid="pgtrigger_audit_delete_b5a8b",
                    table="tickets_labeling",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="handoffticket",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_insert",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, after) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, n.id, 'insert', 1, to_jsonb(n) - '{}'::text[] FROM new_rows n; RETURN NULL;",
                    hash="18603c567c73826b426f3c45fbb1e48175aa8338",
                    operation="INSERT",
                    pgid="pgtrigger_audit_insert_55ab6",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_handoffticket",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="handoffticket",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_update",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, before, after) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, c.id, 'update', 1, d.before, d.after FROM (SELECT coalesce(n.id, o.id) AS id, to_jsonb(o) - '{}'::text[] AS before, to_jsonb(n) - '{}'::text[] AS after FROM old_rows o FULL JOIN new_rows n ON n.id = o.id WHERE n IS DISTINCT FROM o OFFSET 0) c, audit_difference(c.before, c.after, '{}'::text[]) d; RETURN NULL;",
                    hash="007a7c71a73348e6149535c7bdc9a504e197fb15",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_update_eb58c",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="tickets_handoffticket",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="handoffticket",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_delete",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, before) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, o.id, 'delete', 1, to_jsonb(o) - '{}'::text[] FROM old_rows o; RETURN NULL;",
                    hash="c3fc8d8b53f38c75511dc2da3ae22ca62e3f2201",
                    operation="DELETE",
                    pgid="pgtrigger_audit_delete_4c6d5",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="tickets_handoffticket",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="handoff",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_insert",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, after) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, n.id, 'insert', 1, to_jsonb(n) - '{need}'::text[] FROM new_rows n; RETURN NULL;",
                    hash="a0af27ca6813146c350aec093b7596bef6c7f918",
                    operation="INSERT",
                    pgid="pgtrigger_audit_insert_2d512",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_handoff",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="handoff",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_update",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, before, after) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, c.id, 'update', 1, d.before, d.after FROM (SELECT coalesce(n.id, o.id) AS id, to_jsonb(o) - '{}'::text[] AS before, to_jsonb(n) - '{}'::text[] AS after FROM old_rows o FULL JOIN new_rows n ON n.id = o.id WHERE n IS DISTINCT FROM o OFFSET 0) c, audit_difference(c.before, c.after, '{need}'::text[]) d; RETURN NULL;",
                    hash="205a94cc262964a69e0f093a854e88a947577d44",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_update_c924c",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="tickets_handoff",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="handoff",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_delete",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, before) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, o.id, 'delete', 1, to_jsonb(o) - '{need}'::text[] FROM old_rows o; RETURN NULL;",
                    hash="ec405d006351cfbe3dd5e60baa03374fb18ddfa8",
                    operation="DELETE",
                    pgid="pgtrigger_audit_delete_0f407",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="tickets_handoff",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="handoff",
            trigger=pgtrigger.compiler.Trigger(
                name="held_without_gap",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    declare="DECLARE matter record;",
                    func="\n    SELECT h.id, h.closed_at IS NULL AND h.state <> 'draft' AS is_open,\n           coalesce(bool_or(upper_inf(k.during)), false) AS is_held,\n           coalesce((SELECT count(*) FROM unnest(range_agg(k.during))), 0) AS stretches,\n           count(k.id) FILTER (WHERE k.cause = 'reopened') AS reopened\n      INTO matter\n      FROM tickets_handoff h LEFT JOIN tickets_handoffholder k ON k.handoff_id = h.id\n     WHERE h.id = NEW.id\n     GROUP BY h.id;\n    IF matter.is_open <> matter.is_held OR matter.stretches > matter.reopened + 1 THEN\n        RAISE EXCEPTION 'handoff % must have one holder without gap from offer to end', matter.id\n            USING ERRCODE = 'integrity_constraint_violation';\n    END IF;\n    RETURN NULL;\n",
                    hash="392655d9eb083805d28ea106e59b3fef75a928a0",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_held_without_gap_7588e",
                    table="tickets_handoff",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="competitormention",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_insert",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, operation, rows) SELECT audit_current_group(), TG_TABLE_NAME, 'insert', count(*) FROM new_rows HAVING count(*) > 0; RETURN NULL;",
                    hash="24347a220a480eacda79a4d1a3ded9a3ee371fac",
                    operation="INSERT",
                    pgid="pgtrigger_audit_insert_e75b5",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_competitormention",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="competitormention",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_update",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="PERFORM audit_refuse_unless_redacting(TG_TABLE_NAME); INSERT INTO audit_change (group_id, table_name, operation, rows) SELECT audit_current_group(), TG_TABLE_NAME, 'update', count(*) FROM new_rows HAVING count(*) > 0; RETURN NULL;",
                    hash="f67dc37bce2cf9e3332a7d1bc35db2c045051a6d",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_update_007a1",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_competitormention",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="competitormention",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_delete",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="PERFORM audit_refuse_delete(TG_TABLE_NAME); RETURN NULL;",
                    hash="cf5b77f830ea2a4b833bcc7454ecb6f63c992e63",
                    operation="DELETE",
                    pgid="pgtrigger_audit_delete_e4259",
                    table="tickets_competitormention",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="ticketevent",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_insert",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, operation, rows) SELECT audit_current_group(), TG_TABLE_NAME, 'insert', count(*) FROM new_rows HAVING count(*) > 0; RETURN NULL;",
                    hash="c182fad559db26168876005f4ec20e62e9ed6fd3",
                    operation="INSERT",
                    pgid="pgtrigger_audit_insert_464a5",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_ticketevent",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="ticketevent",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_update",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="PERFORM audit_refuse_unless_redacting(TG_TABLE_NAME); INSERT INTO audit_change (group_id, table_name, operation, rows) SELECT audit_current_group(), TG_TABLE_NAME, 'update', count(*) FROM new_rows HAVING count(*) > 0; RETURN NULL;",
                    hash="5a4375c0bd0360f2ba682a7d74607a6250955ed1",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_update_e10a7",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="tickets_ticketevent",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="ticketevent",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_delete",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="PERFORM audit_refuse_delete(TG_TABLE_NAME); RETURN NULL;",
                    hash="77c8ca37e1ff440ba617c9cc5aadc139bf782cb5",
                    operation="DELETE",
                    pgid="pgtrigger_audit_delete_9a1fe",
                    table="tickets_ticketevent",
                    when="AFTER",
                ),
            ),
        ),
    ]
