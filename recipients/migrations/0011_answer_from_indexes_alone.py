import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cadres", "0003_posts_and_units_end"),
        ("recipients", "0010_more_that_waits_in_lives"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="pairing",
            name="pairing_active_by_due",
        ),
        migrations.AlterField(
            model_name="pairing",
            name="cadre",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pairings",
                to="cadres.cadre",
                verbose_name="结对干部",
            ),
        ),
        migrations.AlterField(
            model_name="pairing",
            name="recipient",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pairings",
                to="recipients.recipient",
                verbose_name="关爱对象",
            ),
        ),
        migrations.AlterField(
            model_name="recipient",
            name="area",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="recipients",
                to="cadres.area",
                verbose_name="乡镇街道",
            ),
        ),
        migrations.AddIndex(
            model_name="pairing",
            index=models.Index(
                condition=models.Q(("status", "active")),
                fields=["next_due_on", "id"],
                include=("recipient", "kind"),
                name="pairing_active_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="recipient",
            index=models.Index(
                fields=["id"], include=("area", "household"), name="recipient_lives_in"
            ),
        ),
        migrations.AddIndex(
            model_name="recipient",
            index=models.Index(
                fields=["area", "household"],
                include=("status", "category", "paired"),
                name="recipient_counted",
            ),
        ),
    ]
