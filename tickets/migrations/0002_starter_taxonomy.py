from django.db import migrations
from django.utils import timezone

from supportsuccess import audit

# Keys are free of those that mean something on every list: c g h j k l n o v x z and the digits.
# Each dimension's first value is its "nothing unusual", on key 0.
FIX_CATEGORY = (
    (
        "0",
        "routine",
        "Routine answer",
        "The usual answer or step solved it; nothing to learn from how.",
    ),
    ("e", "explained", "Explained how", "The customer was shown how to do it with what is there."),
    ("s", "setting-changed", "Changed a setting", "We changed a setting or a permission for them."),
    ("d", "data-corrected", "Corrected data", "We repaired or completed their data."),
    ("w", "workaround", "Workaround", "It works again in another way; the cause is still there."),
    ("f", "fixed-in-product", "Fixed in product", "The product or its servers were changed."),
    ("r", "credit", "Credit or refund", "Money or time was given back."),
    ("p", "passed-on", "Passed on", "Somebody outside support has to solve it."),
    ("u", "not-solved", "Not solved", "It ended without a solution."),
)
ROOT_CAUSE = (
    ("0", "everyday", "Everyday matter", "No cause worth following up."),
    ("b", "product-bug", "Product bug", "The product does not do what it is meant to do."),
    ("m", "missing-function", "Missing function", "The product was never meant to do it."),
    (
        "d",
        "documentation",
        "Documentation",
        "The answer is not written down, or wrongly or hard to find.",
    ),
    ("s", "set-up", "Set-up", "It was set up in a way that can't work."),
    ("t", "training", "Training", "They had not learned how."),
    ("i", "integration", "Integration", "Another system, or the connection to it."),
    ("p", "performance", "Performance or outage", "It was slow or not reachable."),
    (
        "e",
        "expectation",
        "Wrong expectation",
        "They were told or assumed something else when they bought.",
    ),
    ("r", "contract", "Price or contract", "Terms, price or invoice."),
    (
        "y",
        "not-yet-known",
        "Not yet known",
        "Somebody still looks for the cause; this is asked again.",
    ),
)
SENTIMENT = (
    ("0", "neutral", "Neutral", "Matter-of-fact."),
    ("d", "delighted", "Delighted", "They say so without being asked."),
    ("p", "pleased", "Pleased", "Thankful, at ease."),
    ("f", "frustrated", "Frustrated", "Annoyed, impatient or worn out."),
    ("a", "angry", "Angry", "Sharp words, escalation, blame."),
    ("t", "leaving", "May leave", "They speak of leaving, cancelling or looking elsewhere."),
)
COMPETITOR = (
    ("0", "none", "None named", "No other product was named."),
    ("m", "other", "One not listed", "A product was named that is not among these values."),
)
PRODUCT_FEEDBACK = (
    ("0", "none", "No feedback", "Nothing was said about product, price or service."),
    ("f", "feature-request", "Feature request", "They ask for something the product does not do."),
    ("u", "hard-to-use", "Hard to use", "It works and still is in their way."),
    (
        "s",
        "support-process",
        "Support process",
        "How we support them: waiting, repeating, hand-overs.",
    ),
    ("p", "pricing", "Price", "Price or terms are too high or unfair."),
    ("e", "expectation-gap", "Expectation gap", "They had been led to expect more."),
    ("w", "praise", "Praise", "Something works well for them."),
)
VALUES = {
    "fix_category": FIX_CATEGORY,
    "root_cause": ROOT_CAUSE,
    "sentiment_start": SENTIMENT,
    "sentiment": SENTIMENT,
    "competitor": COMPETITOR,
    "product_feedback": PRODUCT_FEEDBACK,
}


def add_values(apps, schema_editor):
    alias = schema_editor.connection.alias
    versions = apps.get_model("tickets", "TaxonomyVersion").objects.using(alias)
    value = apps.get_model("tickets", "LabelValue")
    with audit.group("install", by=audit.System("migration"), using=alias):
        versions.create(number=1, published_at=timezone.now(), note="Starter values")
        value.objects.using(alias).bulk_create(
            value(
                dimension=dimension,
                position=position,
                key=key,
                slug=slug,
                name=name,
                definition=definition,
                is_nothing_unusual=position == 0,
            )
            for dimension, values in VALUES.items()
            for position, (key, slug, name, definition) in enumerate(values)
        )


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0001_initial"),
        ("audit", "0002_trigger_functions"),
    ]

    operations = [migrations.RunPython(add_values, migrations.RunPython.noop)]
