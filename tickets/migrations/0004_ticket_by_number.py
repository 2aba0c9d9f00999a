from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0003_handoff_templates"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(F("source"), Upper("number"), name="ticket_by_number"),
        ),
    ]
