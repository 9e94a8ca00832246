"""Index the trail by transaction, kind and time, without stopping its writers."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models

from common.indexing import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("audit", "0003_a_chain_over_the_trail")]

    operations = [
        AddIndexBeside(
            model_name="event",
            index=models.Index(fields=["xid"], name="audit_event_by_xid"),
        ),
        AddIndexBeside(
            model_name="event",
            index=models.Index(fields=["kind", "-id"], name="audit_event_by_kind"),
        ),
        AddIndexBeside(
            model_name="event",
            index=BrinIndex(
                fields=["at"], name="audit_event_by_time", pages_per_range=16
            ),
        ),
    ]
