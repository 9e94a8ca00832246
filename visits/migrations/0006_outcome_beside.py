"""Count visits by outcome from indexes alone, without stopping who writes them."""

from django.contrib.postgres.operations import (
    RemoveIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models

from common.indexing import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("visits", "0005_outcome")]

    operations = [
        ValidateConstraint(model_name="homevisit", name="visit_outcome_known"),
        ValidateConstraint(
            model_name="homevisit", name="visit_checks_policies_only_with_somebody"
        ),
        AddIndexBeside(
            model_name="homevisit",
            index=models.Index(
                condition=models.Q(("taken_back_at", None)),
                fields=["-day", "-id"],
                include=("recipient", "way", "outcome"),
                name="visit_standing_by_day",
            ),
        ),
        AddIndexBeside(
            model_name="homevisit",
            index=models.Index(
                condition=models.Q(
                    models.Q(("outcome", "met"), _negated=True), ("taken_back_at", None)
                ),
                fields=["recipient", "day", "id"],
                name="visit_that_met_nobody",
            ),
        ),
        RemoveIndexConcurrently(
            model_name="homevisit", name="visit_standing_newest_first"
        ),
    ]
