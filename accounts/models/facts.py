from django.db import models
from django.db.models.functions import Now


class Fact(models.Model):
    """Something true at one moment, known to the company at another, stored here at a third."""

    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    stored_at = models.DateTimeField(db_default=Now(), editable=False)
    batch = models.ForeignKey(
        "imports.ImportBatch", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True
