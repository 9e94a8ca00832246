"""Say of each need whose it is; what was raised so far is the person's."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0005_problems_and_needs")]

    operations = [
        migrations.AddField(
            model_name="need",
            name="whose",
            field=models.CharField(
                choices=[("person", "本人"), ("household", "家庭")],
                db_default="person",
                default="person",
                max_length=10,
                verbose_name="谁的需求",
            ),
        ),
        AddConstraintNotValid(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(("whose__in", ["person", "household"])),
                name="need_whose_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reported", False), ("whose", "person"), _connector="OR"
                ),
                name="need_report_is_of_the_person",
            ),
        ),
    ]
