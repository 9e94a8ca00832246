"""Let a file say where the 户口 is, when that is not where the person lives."""

import django.db.models.deletion
from django.db import migrations, models

import common.sealed_fields

# Checked by the next step, beside those who write.
KEY = """
ALTER TABLE recipients_recipient ADD COLUMN hukou_area_id varchar(12) NULL;
ALTER TABLE recipients_recipient ADD CONSTRAINT recipient_hukou_area
    FOREIGN KEY (hukou_area_id) REFERENCES cadres_area (code)
    DEFERRABLE INITIALLY DEFERRED NOT VALID;
"""
NO_KEY = "ALTER TABLE recipients_recipient DROP COLUMN hukou_area_id"


class Migration(migrations.Migration):
    dependencies = [
        ("cadres", "0004_assistants"),
        ("recipients", "0017_acting_carers"),
    ]

    operations = [
        migrations.AddField(
            model_name="recipient",
            name="hukou_address",
            field=common.sealed_fields.SealedTextField(
                blank=True, default="", verbose_name="户籍地址"
            ),
        ),
        migrations.RunSQL(
            KEY,
            NO_KEY,
            state_operations=[
                migrations.AddField(
                    model_name="recipient",
                    name="hukou_area",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cadres.area",
                        verbose_name="户籍乡镇",
                    ),
                )
            ],
        ),
    ]
