import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import supportsuccess.audit.trigger_migrations
import supportsuccess.audit.triggers


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(),
        django.contrib.postgres.operations.TrigramExtension(),
        django.contrib.postgres.operations.UnaccentExtension(),
        migrations.CreateModel(
            name="ArrMovement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("booked_on", models.DateField()),
                ("effective_on", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("upsell", "Upsell"),
                            ("cross_sell", "Cross-sell"),
                            ("price_increase", "Price increase"),
                            ("contraction", "Contraction"),
                            ("price_decrease", "Price decrease"),
                            ("churn", "Churn"),
                            ("reactivation", "Reactivation"),
                            ("transfer", "Transfer"),
                            ("correction", "Correction"),
                        ],
                        max_length=20,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("currency", models.CharField(max_length=3)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "reason_class",
                    models.CharField(
                        blank=True,
                        choices=[("voluntary", "Voluntary"), ("involuntary", "Involuntary")],
                        max_length=20,
                    ),
                ),
                (
                    "stored_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
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
                            ("intake", "Intake"),
                            ("import", "Import"),
                            ("handoff", "Accepted handoff"),
                            ("reassigned", "Reassigned"),
                            ("leaver", "Leaver"),
                            ("claimed", "Claimed from the pool"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "stored_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="AssignmentRole",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Availability",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("cover_confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="BusinessCalendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True)),
                ("timezone", models.CharField(max_length=64)),
                ("weekly_hours", models.JSONField()),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("sort_name", models.CharField(db_collation="C", max_length=200)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("source", models.CharField(blank=True, max_length=40)),
                ("external_id", models.CharField(blank=True, max_length=200)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Contract",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("fixed", "Fixed term"),
                            ("evergreen", "Evergreen"),
                            ("month_to_month", "Month to month"),
                            ("usage", "Usage"),
                            ("trial", "Trial"),
                        ],
                        max_length=20,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("auto_renew", models.BooleanField(default=False)),
                ("notice_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("notice_received_on", models.DateField(blank=True, null=True)),
                ("our_notice_deadline_on", models.DateField(blank=True, null=True)),
                (
                    "uplift_pct",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
                ),
                ("currency", models.CharField(max_length=3)),
                ("source", models.CharField(blank=True, max_length=40)),
                ("external_id", models.CharField(blank=True, max_length=200)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ContractLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.PositiveIntegerField(default=1)),
                ("arr", models.DecimalField(decimal_places=2, max_digits=14)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("sort_name", models.CharField(db_collation="C", max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("customer", "Customer"),
                            ("trial", "Trial"),
                            ("partner", "Partner"),
                            ("internal", "Own or test organisation"),
                        ],
                        default="customer",
                        max_length=20,
                    ),
                ),
                ("timezone", models.CharField(default="UTC", max_length=64)),
                ("is_restricted", models.BooleanField(default=False)),
                ("is_fictional", models.BooleanField(default=False)),
                ("source", models.CharField(blank=True, max_length=40)),
                ("external_id", models.CharField(blank=True, max_length=200)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="CustomerAccess",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="CustomerChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="CustomerContact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("champion", "Champion"),
                            ("decision_maker", "Decision maker"),
                            ("economic_buyer", "Economic buyer"),
                            ("power_user", "Power user"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=20,
                    ),
                ),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("recorded_left_at", models.DateTimeField(blank=True, null=True)),
                (
                    "stored_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="CustomerProfile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("seats", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "segment",
                    models.CharField(
                        choices=[
                            ("enterprise", "Enterprise"),
                            ("mid_market", "Mid-market"),
                            ("small", "Small"),
                            ("unknown", "Not placed"),
                        ],
                        default="unknown",
                        max_length=20,
                    ),
                ),
                (
                    "touch_model",
                    models.CharField(
                        choices=[
                            ("high", "High touch"),
                            ("low", "Low touch"),
                            ("pooled", "Pooled"),
                        ],
                        default="pooled",
                        max_length=20,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("discovered", "Discovered in tickets"),
                            ("trial", "Trial"),
                            ("onboarding", "Onboarding"),
                            ("live", "Live"),
                            ("notice", "Notice received"),
                            ("former", "Former"),
                        ],
                        max_length=20,
                    ),
                ),
                ("desired_outcome", models.TextField(blank=True)),
                (
                    "outcome_status",
                    models.CharField(
                        choices=[
                            ("unknown", "Not known"),
                            ("on_track", "On track"),
                            ("at_risk", "At risk"),
                            ("reached", "Reached"),
                        ],
                        default="unknown",
                        max_length=20,
                    ),
                ),
                (
                    "stored_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ExchangeRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("on", models.DateField()),
                ("rate", models.DecimalField(decimal_places=8, max_digits=18)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="FieldAuthority",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("model", models.CharField(max_length=60)),
                ("field", models.CharField(max_length=60)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HealthOverride",
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
                    "band",
                    models.CharField(
                        choices=[
                            ("green", "Green"),
                            ("yellow", "Yellow"),
                            ("red", "Red"),
                            ("unknown", "Unknown"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField()),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                ("name", models.CharField(max_length=100)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("member", "Member"), ("lead", "Lead")],
                        default="member",
                        max_length=20,
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                ("title", models.CharField(max_length=300)),
                ("path", models.CharField(max_length=300)),
                ("key", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("mailed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="NotificationPreference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                (
                    "channel",
                    models.CharField(
                        choices=[("app", "In the app"), ("mail", "Mail")], max_length=10
                    ),
                ),
                ("is_wanted", models.BooleanField()),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("currency", models.CharField(default="EUR", max_length=3)),
                ("fiscal_year_starts_in", models.PositiveSmallIntegerField(default=1)),
                ("timezone", models.CharField(default="UTC", max_length=64)),
                ("is_demo", models.BooleanField(default=False)),
                ("demo_day", models.DateField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Pool",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True)),
                (
                    "claim_rule",
                    models.CharField(
                        choices=[("open", "Members claim"), ("lead", "The lead gives out")],
                        default="open",
                        max_length=20,
                    ),
                ),
                ("is_intake", models.BooleanField(default=False)),
                ("segment", models.CharField(blank=True, max_length=40)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PoolLead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=100)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ProposedChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(max_length=60)),
                ("value", models.CharField(max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("applied", "Applied at the source"),
                            ("rejected", "Rejected"),
                        ],
                        default="open",
                        max_length=20,
                    ),
                ),
                (
                    "proposed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Pulse",
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
                ("value", models.PositiveSmallIntegerField()),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Reading",
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
                ("measure", models.SlugField(max_length=60)),
                ("value", models.DecimalField(decimal_places=6, max_digits=18)),
                ("unit", models.CharField(blank=True, max_length=40)),
                ("source", models.CharField(max_length=40)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Renewal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_on", models.DateField()),
                ("decision_point_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("upcoming", "Upcoming"),
                            ("in_review", "In review"),
                            ("committed", "Committed"),
                            ("at_risk", "At risk"),
                            ("won", "Won"),
                            ("auto_renewed", "Auto-renewed"),
                            ("lost", "Lost"),
                            ("superseded", "Superseded"),
                            ("merged", "Merged"),
                            ("ended", "Ended mid-term"),
                        ],
                        default="upcoming",
                        max_length=20,
                    ),
                ),
                (
                    "final_amount",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                ),
                ("currency", models.CharField(max_length=3)),
                (
                    "loss_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("price", "Price"),
                            ("product", "Product gap"),
                            ("quality", "Quality or outages"),
                            ("support", "Support experience"),
                            ("competitor", "Competitor"),
                            ("champion", "Champion left"),
                            ("insolvency", "Insolvency or closure"),
                            ("not_said", "Not said"),
                        ],
                        max_length=20,
                    ),
                ),
                ("next_step", models.CharField(blank=True, max_length=300)),
                ("next_step_on", models.DateField(blank=True, null=True)),
                ("snoozed_until", models.DateField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="RenewalContract",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="RenewalDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "call",
                    models.CharField(
                        choices=[
                            ("on_track", "On track"),
                            ("monitor", "Monitor"),
                            ("at_risk", "At risk"),
                        ],
                        max_length=20,
                    ),
                ),
                ("next_step", models.CharField(blank=True, max_length=300)),
                ("next_step_on", models.DateField(blank=True, null=True)),
                ("replaced", models.JSONField(default=dict)),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "stored_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="RoleRequirement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("discovered", "Discovered in tickets"),
                            ("trial", "Trial"),
                            ("onboarding", "Onboarding"),
                            ("live", "Live"),
                            ("notice", "Notice received"),
                            ("former", "Former"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "touch_model",
                    models.CharField(
                        choices=[
                            ("high", "High touch"),
                            ("low", "Low touch"),
                            ("pooled", "Pooled"),
                        ],
                        max_length=20,
                    ),
                ),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("private", "Only me"),
                            ("team", "My team"),
                            ("everyone", "Everyone"),
                        ],
                        default="private",
                        max_length=10,
                    ),
                ),
                ("list_name", models.CharField(max_length=60)),
                ("slug", models.SlugField(max_length=60)),
                ("name", models.CharField(max_length=100)),
                ("query", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("is_event_log", models.BooleanField(default=False)),
                ("shifted_weeks", models.IntegerField(default=0)),
                ("last_received_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("support", "Support"),
                            ("success", "Success"),
                            ("sales", "Sales"),
                            ("product", "Product"),
                            ("marketing", "Marketing"),
                            ("operations", "Operations"),
                        ],
                        max_length=20,
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=40)),
                ("external_id", models.CharField(blank=True, max_length=200)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Touch",
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
                            ("call", "Call"),
                            ("meeting", "Meeting"),
                            ("email", "E-mail"),
                            ("visit", "Visit"),
                            ("review", "Business review"),
                            ("note", "Note"),
                        ],
                        max_length=20,
                    ),
                ),
                ("is_two_way", models.BooleanField(default=True)),
                ("note", models.TextField(blank=True)),
                ("source", models.CharField(blank=True, max_length=40)),
                ("external_id", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="TouchContact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("sort_name", models.CharField(db_collation="C", max_length=200)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("agent", "Support agent"),
                            ("lead", "Support lead"),
                            ("csm", "Customer success manager"),
                            ("cslead", "Success lead"),
                            ("sales", "Sales"),
                            ("product", "Product"),
                            ("marketing", "Marketing"),
                            ("operations", "Operations"),
                            ("executive", "Executive"),
                            ("contractor", "Contractor"),
                            ("admin", "Administrator"),
                        ],
                        max_length=20,
                    ),
                ),
                ("timezone", models.CharField(default="UTC", max_length=64)),
                (
                    "theme",
                    models.CharField(
                        choices=[("system", "As the system"), ("light", "Light"), ("dark", "Dark")],
                        default="system",
                        max_length=10,
                    ),
                ),
                ("has_shortcuts", models.BooleanField(default=True)),
                ("is_active", models.BooleanField(default=True)),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                (
                    "joined_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("email", django.db.models.functions.text.Lower("email"))
                        ),
                        name="user_email_is_lower_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="user_has_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "agent",
                                    "lead",
                                    "csm",
                                    "cslead",
                                    "sales",
                                    "product",
                                    "marketing",
                                    "operations",
                                    "executive",
                                    "contractor",
                                    "admin",
                                ],
                            )
                        ),
                        name="user_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_at", None), ("is_active", False), _connector="OR"
                        ),
                        name="user_left_is_inactive",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("prefix", models.CharField(max_length=12, unique=True)),
                ("key_hash", models.CharField(max_length=64)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("read", "Read"), ("write", "Write")], max_length=20
                        )
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="TokenUse",
            fields=[
                (
                    "token",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="use",
                        serialize=False,
                        to="accounts.apitoken",
                    ),
                ),
                ("last_used_at", models.DateTimeField()),
            ],
            options={
                "constraints": [],
                "indexes": [],
            },
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_insert",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, after) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, n.id, 'insert', 1, to_jsonb(n) - '{password,email}'::text[] FROM new_rows n; RETURN NULL;",
                    hash="93d87a996846b2ca070770cf85ccc4c88eac9b20",
                    operation="INSERT",
                    pgid="pgtrigger_audit_insert_6f624",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="accounts_user",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_update",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, before, after) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, c.id, 'update', 1, d.before, d.after FROM (SELECT coalesce(n.id, o.id) AS id, to_jsonb(o) - '{}'::text[] AS before, to_jsonb(n) - '{}'::text[] AS after FROM old_rows o FULL JOIN new_rows n ON n.id = o.id WHERE n IS DISTINCT FROM o OFFSET 0) c, audit_difference(c.before, c.after, '{password,email}'::text[]) d; RETURN NULL;",
                    hash="ff68c193f00b91b4894d4a2a733511b452acb3dc",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_update_b852b",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="accounts_user",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_delete",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, before) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, o.id, 'delete', 1, to_jsonb(o) - '{password,email}'::text[] FROM old_rows o; RETURN NULL;",
                    hash="f60b35351c48e6a1d8acd57b7b68c8e0aceae113",
                    operation="DELETE",
                    pgid="pgtrigger_audit_delete_5dfd0",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="accounts_user",
                    when="AFTER",
                ),
            ),
        ),
    ]
