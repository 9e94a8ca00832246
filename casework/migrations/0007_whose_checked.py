"""See that every need says whose it is, without stopping who writes."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("casework", "0006_whose")]

    operations = [
        ValidateConstraint(model_name="need", name="need_whose_known"),
        ValidateConstraint(model_name="need", name="need_report_is_of_the_person"),
    ]
