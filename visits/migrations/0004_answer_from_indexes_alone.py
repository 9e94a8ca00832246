import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cadres", "0003_posts_and_units_end"),
        ("policies", "0001_initial"),
        ("recipients", "0011_answer_from_indexes_alone"),
        ("visits", "0003_photos"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="homevisit",
            name="visit_newest_first",
        ),
        migrations.AlterField(
            model_name="homevisit",
            name="cadre",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="visits",
                to="cadres.cadre",
                verbose_name="结对干部",
            ),
        ),
        migrations.AlterField(
            model_name="homevisit",
            name="campaign",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="visits",
                to="visits.campaign",
                verbose_name="主题活动",
            ),
        ),
        migrations.AlterField(
            model_name="homevisit",
            name="organisation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="visits",
                to="cadres.organisation",
                verbose_name="当时单位",
            ),
        ),
        migrations.AlterField(
            model_name="homevisit",
            name="recipient",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="visits",
                to="recipients.recipient",
                verbose_name="关爱对象",
            ),
        ),
        migrations.AddIndex(
            model_name="homevisit",
            index=models.Index(
                condition=models.Q(("taken_back_at", None)),
                fields=["-day", "-id"],
                include=("recipient", "way"),
                name="visit_standing_newest_first",
            ),
        ),
    ]
