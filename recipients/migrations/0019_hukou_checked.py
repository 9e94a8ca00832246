"""See that every 户口 is in an area there is, without stopping who writes."""

from django.db import migrations

CHECK = "ALTER TABLE recipients_recipient VALIDATE CONSTRAINT recipient_hukou_area"


class Migration(migrations.Migration):
    dependencies = [("recipients", "0018_hukou")]

    operations = [migrations.RunSQL(CHECK, migrations.RunSQL.noop)]
