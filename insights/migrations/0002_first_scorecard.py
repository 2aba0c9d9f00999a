from datetime import UTC, datetime

from django.db import migrations

from supportsuccess import audit

# So early that every stored day can be scored.
PUBLISHED_AT = datetime(2000, 1, 1, tzinfo=UTC)
SUPPORT, RELATIONSHIP = "support", "relationship"
# key, group, weight, curve, days after which a reading is too old
GENERAL = (
    (
        "volume_per_seat",
        SUPPORT,
        6,
        [[0, 50], [2, 85], [4, 100], [20, 100], [50, 50], [100, 0]],
        90,
    ),
    (
        "volume_against_baseline",
        SUPPORT,
        14,
        [[0, 30], [0.5, 80], [0.8, 100], [1.25, 100], [2, 50], [3, 0]],
        None,
    ),
    ("resolution_speed", SUPPORT, 20, [[0.25, 100], [1, 70], [2, 35], [4, 0]], 90),
    ("reopen_rate", SUPPORT, 14, [[0, 100], [0.05, 80], [0.15, 45], [0.3, 10], [0.4, 0]], 90),
    ("open_urgent", SUPPORT, 12, [[0, 100], [1, 50], [3, 20], [6, 0]], None),
    ("repeat_rate", SUPPORT, 8, [[0.2, 100], [0.5, 70], [0.8, 30], [1, 10]], None),
    ("sentiment", RELATIONSHIP, 8, [[-1, 0], [-0.5, 25], [0, 70], [0.5, 100]], 90),
    ("touch_rhythm", RELATIONSHIP, 8, [[0.5, 100], [1, 80], [2, 30], [3, 0]], 730),
    ("champion", RELATIONSHIP, 10, [[0, 20], [1, 100]], None),
)
# At the start many questions are a good sign, and silence is none; conversations count more.
ONBOARDING = (
    (
        "volume_per_seat",
        SUPPORT,
        12,
        [[0, 20], [4, 80], [10, 100], [60, 100], [120, 40], [200, 0]],
        90,
    ),
    ("resolution_speed", SUPPORT, 24, [[0.25, 100], [1, 60], [2, 20], [3, 0]], 90),
    ("reopen_rate", SUPPORT, 14, [[0, 100], [0.05, 80], [0.15, 45], [0.3, 10], [0.4, 0]], 90),
    ("open_urgent", SUPPORT, 14, [[0, 100], [1, 40], [3, 0]], None),
    ("repeat_rate", SUPPORT, 8, [[0.3, 100], [0.6, 80], [1, 30]], None),
    ("sentiment", RELATIONSHIP, 8, [[-1, 0], [-0.5, 25], [0, 70], [0.5, 100]], 60),
    ("touch_rhythm", RELATIONSHIP, 12, [[0.25, 100], [0.5, 70], [1, 30], [1.5, 0]], 730),
    ("champion", RELATIONSHIP, 8, [[0, 10], [1, 100]], None),
)
CARDS = (
    ("first", "First scorecard", "", GENERAL),
    ("onboarding", "Onboarding", "onboarding", ONBOARDING),
)


def install(apps, schema_editor):
    alias = schema_editor.connection.alias
    with audit.group("install", by=audit.System("migration"), using=alias):
        for slug, name, stage, measures in CARDS:
            _publish(apps, alias, card=(slug, name, stage), measures=measures)


def _publish(apps, alias, *, card, measures):
    slug, name, stage = card
    scorecard = (
        apps.get_model("insights", "Scorecard")
        .objects.using(alias)
        .create(slug=slug, name=name, segment="", stage=stage)
    )
    version = (
        apps.get_model("insights", "ScorecardVersion")
        .objects.using(alias)
        .create(
            scorecard=scorecard,
            number=1,
            published_at=PUBLISHED_AT,
            note="Starter weights and curves",
        )
    )
    measure = apps.get_model("insights", "ScorecardMeasure")
    measure.objects.using(alias).bulk_create(
        measure(
            version=version, key=key, group=group, weight=weight, curve=curve, max_age_days=days
        )
        for key, group, weight, curve, days in measures
    )


class Migration(migrations.Migration):
    dependencies = [
        ("insights", "0001_initial"),
        ("audit", "0002_trigger_functions"),
    ]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
