from django.db import migrations

# The nightly run changes most rows and no indexed column: with room on their page they stay there.
LEAVE_ROOM = "ALTER TABLE insights_currenthealth SET (fillfactor = 60)"
FILL_UP = "ALTER TABLE insights_currenthealth RESET (fillfactor)"


class Migration(migrations.Migration):
    dependencies = [("insights", "0002_first_scorecard")]

    operations = [migrations.RunSQL(LEAVE_ROOM, FILL_UP)]
