import django.db.models.deletion
import django.db.models.expressions
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
    ]

    operations = [
        migrations.CreateModel(
            name="ListedCustomer",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="listed",
                        serialize=False,
                        to="accounts.customer",
                    ),
                ),
                ("sort_name", models.CharField(db_collation="C", max_length=200)),
                (
                    "segment",
                    models.CharField(
                        choices=[
                            ("enterprise", "Enterprise"),
                            ("mid_market", "Mid-market"),
                            ("small", "Small"),
                            ("unknown", "Not placed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("stage", models.CharField(max_length=20)),
                ("arr", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("arr_rank", models.DecimalField(decimal_places=2, max_digits=14)),
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
                ("score", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ("score_rank", models.DecimalField(decimal_places=6, max_digits=9)),
                ("change_sentence", models.CharField(blank=True, max_length=300)),
                ("open_tickets", models.PositiveIntegerField()),
                ("open_handoffs", models.PositiveIntegerField()),
                ("last_touch_at", models.DateTimeField(null=True)),
                (
                    "computed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="listed_customers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [],
                "indexes": [
                    models.Index(fields=["sort_name", "customer"], name="listedcustomer_by_name"),
                    models.Index(
                        models.OrderBy(models.F("arr_rank"), descending=True),
                        models.OrderBy(models.F("customer"), descending=True),
                        name="listedcustomer_by_arr",
                    ),
                    models.Index(fields=["score_rank", "customer"], name="listedcustomer_by_score"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LossRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "segment",
                    models.CharField(
                        choices=[
                            ("enterprise", "Enterprise"),
                            ("mid_market", "Mid-market"),
                            ("small", "Small"),
                            ("unknown", "Not placed"),
                        ],
                        max_length=20,
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
                ("decided", models.PositiveIntegerField()),
                ("lost", models.PositiveIntegerField()),
                ("contracted", models.PositiveIntegerField()),
                ("p_lost", models.DecimalField(decimal_places=6, max_digits=7)),
                ("p_contracted", models.DecimalField(decimal_places=6, max_digits=7)),
                ("mean_contraction", models.DecimalField(decimal_places=6, max_digits=7)),
                ("basis", models.CharField(max_length=200)),
                (
                    "computed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("segment", "band"), name="lossrate_once_per_segment_band"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("contracted__lte", models.F("decided")),
                            ("lost__lte", models.F("decided")),
                        ),
                        name="lossrate_counts_within_decided",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="QueuedRenewal",
            fields=[
                (
                    "renewal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="queued",
                        serialize=False,
                        to="accounts.renewal",
                    ),
                ),
                ("segment", models.CharField(max_length=20)),
                ("state", models.CharField(max_length=20)),
                (
                    "section",
                    models.CharField(
                        choices=[
                            ("notice", "Notice received"),
                            ("decide", "Decide now"),
                            ("later", "Later"),
                            ("locked", "Locked"),
                        ],
                        default="later",
                        max_length=10,
                    ),
                ),
                (
                    "clearing",
                    models.CharField(
                        blank=True,
                        choices=[("decided", "Decided"), ("snoozed", "Snoozed")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("due_on", models.DateField()),
                ("decision_point_on", models.DateField()),
                ("decision_basis", models.CharField(blank=True, default="", max_length=20)),
                ("snoozed_until", models.DateField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("arr", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("expected_loss", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("priority", models.DecimalField(decimal_places=6, max_digits=20)),
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
                ("score", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ("change_sentence", models.CharField(blank=True, max_length=300)),
                ("open_handoffs", models.PositiveIntegerField(default=0)),
                ("last_touch_at", models.DateTimeField(null=True)),
                ("notice_received_on", models.DateField(null=True)),
                (
                    "computed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="queued_renewals",
                        to="accounts.customer",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="queued_renewals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [],
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("priority"), descending=True),
                        models.OrderBy(models.F("renewal"), descending=True),
                        name="queuedrenewal_by_priority",
                    ),
                    models.Index(
                        models.F("owner"),
                        models.OrderBy(models.F("priority"), descending=True),
                        models.OrderBy(models.F("renewal"), descending=True),
                        name="queuedrenewal_by_owner",
                    ),
                    models.Index(
                        models.F("segment"),
                        models.OrderBy(models.F("priority"), descending=True),
                        models.OrderBy(models.F("renewal"), descending=True),
                        name="queuedrenewal_by_segment",
                    ),
                    models.Index(
                        models.F("section"),
                        models.OrderBy(models.F("priority"), descending=True),
                        models.OrderBy(models.F("renewal"), descending=True),
                        name="queuedrenewal_by_section",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RenewalOutlook",
            fields=[
                (
                    "renewal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="outlook",
                        serialize=False,
                        to="accounts.renewal",
                    ),
                ),
                ("p_lost", models.DecimalField(decimal_places=6, max_digits=7)),
                ("p_contracted", models.DecimalField(decimal_places=6, max_digits=7)),
                ("mean_contraction", models.DecimalField(decimal_places=6, max_digits=7)),
                ("renewable_arr", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("expected_loss", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("basis", models.CharField(max_length=200)),
                (
                    "computed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("p_contracted__range", (0, 1)),
                            ("p_lost__range", (0, 1)),
                            (
                                "p_lost__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.Value(1), "-", models.F("p_contracted")
                                ),
                            ),
                        ),
                        name="renewaloutlook_shares_add_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expected_loss__gte", 0),
                            ("expected_loss__lte", models.F("renewable_arr")),
                        ),
                        name="renewaloutlook_loss_within_arr",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="RenewalSnapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("state", models.CharField(max_length=20)),
                ("due_on", models.DateField()),
                ("decision_point_on", models.DateField()),
                ("arr", models.DecimalField(decimal_places=2, max_digits=14)),
                ("expected_loss", models.DecimalField(decimal_places=2, max_digits=14)),
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
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "renewal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="snapshots",
                        to="accounts.renewal",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("renewal", "day"), name="renewalsnapshot_one_per_day"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Scorecard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("segment", models.CharField(blank=True, max_length=20)),
                ("stage", models.CharField(blank=True, max_length=20)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("segment", "stage"), name="scorecard_one_per_segment_stage"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ScorecardVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("published_at", models.DateTimeField()),
                ("red_below", models.PositiveSmallIntegerField(default=50)),
                ("green_from", models.PositiveSmallIntegerField(default=75)),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "stored_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "scorecard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="insights.scorecard",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("scorecard", "number"), name="scorecardversion_number_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("green_from__gt", models.F("red_below")),
                            ("red_below__gt", 0),
                            ("green_from__lte", 100),
                        ),
                        name="scorecardversion_bands_in_order",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="BacktestRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_of", models.DateTimeField()),
                ("known_at", models.DateTimeField()),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("summary", models.JSONField(default=dict)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="insights.scorecardversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("as_of__lte", models.F("known_at"))),
                        name="backtestrun_looks_back",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="CurrentHealth",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="health",
                        serialize=False,
                        to="accounts.customer",
                    ),
                ),
                ("as_of", models.DateTimeField()),
                ("score", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ("coverage", models.DecimalField(decimal_places=6, max_digits=7)),
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
                ("contributions", models.JSONField()),
                ("change", models.JSONField(default=dict)),
                ("inputs_hash", models.CharField(max_length=32)),
                (
                    "computed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="insights.scorecardversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("score", None), ("score__range", (0, 100)), _connector="OR"
                        ),
                        name="currenthealth_score_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("coverage__range", (0, 1))),
                        name="currenthealth_coverage_is_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("band__in", ["green", "yellow", "red", "unknown"])),
                        name="currenthealth_band_known",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HealthSnapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("known_at", models.DateTimeField()),
                ("score", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ("coverage", models.DecimalField(decimal_places=6, max_digits=7)),
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
                ("contributions", models.JSONField()),
                ("inputs_hash", models.CharField(max_length=32)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="health_snapshots",
                        to="accounts.customer",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="insights.scorecardversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("customer", "day"), name="healthsnapshot_one_per_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("score", None), ("score__range", (0, 100)), _connector="OR"
                        ),
                        name="healthsnapshot_score_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("band__in", ["green", "yellow", "red", "unknown"])),
                        name="healthsnapshot_band_known",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ScorecardMeasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=60)),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("support", "Support"),
                            ("relationship", "Relationship"),
                            ("value", "Value"),
                        ],
                        max_length=20,
                    ),
                ),
                ("weight", models.DecimalField(decimal_places=3, max_digits=6)),
                ("curve", models.JSONField()),
                ("max_age_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="insights.scorecardversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "key"), name="scorecardmeasure_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weight__gt", 0)),
                        name="scorecardmeasure_weight_positive",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="BacktestScore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("score", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ("coverage", models.DecimalField(decimal_places=6, max_digits=7)),
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
                ("contributions", models.JSONField()),
                ("inputs_hash", models.CharField(max_length=32)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="backtest_scores",
                        to="accounts.customer",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="insights.backtestrun",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("run", "customer"), name="backtestscore_once")
                ],
                "indexes": [],
            },
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="scorecard",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_insert",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, after) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, n.id, 'insert', 1, to_jsonb(n) - '{}'::text[] FROM new_rows n; RETURN NULL;",
                    hash="ae34953fbcffc4a5085cb986d4aeec2fbd2d066c",
                    operation="INSERT",
                    pgid="pgtrigger_audit_insert_523f4",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="insights_scorecard",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="scorecard",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_update",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, before, after) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, c.id, 'update', 1, d.before, d.after FROM (SELECT coalesce(n.id, o.id) AS id, to_jsonb(o) - '{}'::text[] AS before, to_jsonb(n) - '{}'::text[] AS after FROM old_rows o FULL JOIN new_rows n ON n.id = o.id WHERE n IS DISTINCT FROM o OFFSET 0) c, audit_difference(c.before, c.after, '{}'::text[]) d; RETURN NULL;",
                    hash="be5c7b42aa0f162eda612dee30ad9b3fb74c5259",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_update_0fbdd",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="insights_scorecard",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="scorecard",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_delete",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, row_id, operation, rows, before) SELECT (SELECT audit_current_group()), TG_TABLE_NAME, o.id, 'delete', 1, to_jsonb(o) - '{}'::text[] FROM old_rows o; RETURN NULL;",
                    hash="0328fa5c7b43acfa4979e57ac2c71af92780edbd",
                    operation="DELETE",
                    pgid="pgtrigger_audit_delete_043e3",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="insights_scorecard",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="scorecardversion",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_insert",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, operation, rows) SELECT audit_current_group(), TG_TABLE_NAME, 'insert', count(*) FROM new_rows HAVING count(*) > 0; RETURN NULL;",
                    hash="be8688efddecdd300f8fe10682fc93a39aa45be4",
                    operation="INSERT",
                    pgid="pgtrigger_audit_insert_f05aa",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="insights_scorecardversion",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="scorecardversion",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_update",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="PERFORM audit_refuse_unless_redacting(TG_TABLE_NAME); INSERT INTO audit_change (group_id, table_name, operation, rows) SELECT audit_current_group(), TG_TABLE_NAME, 'update', count(*) FROM new_rows HAVING count(*) > 0; RETURN NULL;",
                    hash="d6b2c607e236b58713f4047094ab9964d7f0e734",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_update_c5ac5",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="insights_scorecardversion",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="scorecardversion",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_delete",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="PERFORM audit_refuse_delete(TG_TABLE_NAME); RETURN NULL;",
                    hash="3d4c83f8ac1e6dbad5156f274bca4ca9a26f70a8",
                    operation="DELETE",
                    pgid="pgtrigger_audit_delete_a5569",
                    table="insights_scorecardversion",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="scorecardmeasure",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_insert",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="INSERT INTO audit_change (group_id, table_name, operation, rows) SELECT audit_current_group(), TG_TABLE_NAME, 'insert', count(*) FROM new_rows HAVING count(*) > 0; RETURN NULL;",
                    hash="338e7f1d552c22ad47a2b396aab193f352c9c65f",
                    operation="INSERT",
                    pgid="pgtrigger_audit_insert_a6b6d",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="insights_scorecardmeasure",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="scorecardmeasure",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_update",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="PERFORM audit_refuse_unless_redacting(TG_TABLE_NAME); INSERT INTO audit_change (group_id, table_name, operation, rows) SELECT audit_current_group(), TG_TABLE_NAME, 'update', count(*) FROM new_rows HAVING count(*) > 0; RETURN NULL;",
                    hash="b2637a681d366197ff886a1a67bdccd54f873690",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_update_93a9d",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="insights_scorecardmeasure",
                    when="AFTER",
                ),
            ),
        ),
        supportsuccess.audit.trigger_migrations.AddTrigger(
            model_name="scorecardmeasure",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_delete",
                sql=supportsuccess.audit.triggers.StatementTriggerSql(
                    func="PERFORM audit_refuse_delete(TG_TABLE_NAME); RETURN NULL;",
                    hash="1058808913aa826b37d8efa9132760b8bdf24316",
                    operation="DELETE",
                    pgid="pgtrigger_audit_delete_033f5",
                    table="insights_scorecardmeasure",
                    when="AFTER",
                ),
            ),
        ),
    ]
