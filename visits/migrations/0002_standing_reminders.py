"""Finds the reminders that still ask for a visit."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("done_at", None), ("moot_at", None)),
                fields=["cause", "period"],
                name="reminder_standing",
            ),
        ),
    ]
