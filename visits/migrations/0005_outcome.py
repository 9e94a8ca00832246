"""Say of each visit how it went; what was told so far had met somebody."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("visits", "0004_answer_from_indexes_alone")]

    operations = [
        migrations.AddField(
            model_name="homevisit",
            name="outcome",
            field=models.CharField(
                choices=[("met", "见到"), ("not_met", "未遇"), ("refused", "拒绝")],
                db_default="met",
                default="met",
                max_length=8,
                verbose_name="走访结果",
            ),
        ),
        AddConstraintNotValid(
            model_name="homevisit",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["met", "not_met", "refused"])),
                name="visit_outcome_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="homevisit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome", "met"), ("sheet__isnull", True), _connector="OR"
                ),
                name="visit_checks_policies_only_with_somebody",
            ),
        ),
    ]
