"""Chain the trail: where an event came from, its transaction, its seal and the heads.

Columns are added with constant defaults, so that no trail is rewritten however long;
what was there before counts as written by transaction 0 and is sealed first.
"""

import django.utils.timezone
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

import audit.models

ADD_XID = """
ALTER TABLE audit_event ADD COLUMN xid bigint NOT NULL DEFAULT 0;
ALTER TABLE audit_event ALTER COLUMN xid
    SET DEFAULT (pg_current_xact_id()::text::bigint);
"""
# A fold over rows in their order, so that a batch is sealed by one statement.
CHAIN = """
CREATE FUNCTION audit_link(state bytea, start bytea, content bytea) RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS 'BEGIN RETURN sha256(coalesce(state, start) || content); END';
CREATE AGGREGATE audit_chain(start bytea, content bytea)
    (SFUNC = audit_link, STYPE = bytea);
"""
UNCHAIN = """
DROP AGGREGATE audit_chain(bytea, bytea);
DROP FUNCTION audit_link(bytea, bytea, bytea);
"""
GUARDED = ("audit_seal", "audit_head", "audit_check", "audit_content")
GUARD = """
CREATE TRIGGER {table}_is_never_changed BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION audit_events_are_only_added();
CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_events_are_only_added();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_is_never_changed;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_is_never_emptied;
"""
UNGUARD = """
DROP TRIGGER {table}_is_never_changed ON {table};
DROP TRIGGER {table}_is_never_emptied ON {table};
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_events_are_only_added")]

    operations = [
        migrations.AddField(
            model_name="event",
            name="address",
            field=models.CharField(
                blank=True, db_default="", max_length=45, verbose_name="来源地址"
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="device",
            field=models.CharField(
                blank=True, db_default="", max_length=40, verbose_name="设备"
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(ADD_XID, "ALTER TABLE audit_event DROP COLUMN xid")
            ],
            state_operations=[
                migrations.AddField(
                    model_name="event",
                    name="xid",
                    field=models.BigIntegerField(
                        db_default=audit.models.CurrentTransaction(),
                        verbose_name="事务号",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "pos",
                    models.BigIntegerField(
                        primary_key=True, serialize=False, verbose_name="位置"
                    ),
                ),
                ("n", models.BigIntegerField(unique=True, verbose_name="事件号")),
                ("h", models.BinaryField(verbose_name="链值")),
            ],
            options={
                "verbose_name": "链节",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pos__gte", 1)),
                        name="seal_positions_begin_at_one",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="封存时间"
                    ),
                ),
                ("pos", models.BigIntegerField(verbose_name="位置")),
                ("h", models.BinaryField(verbose_name="链值")),
                ("mac", models.BinaryField(verbose_name="校验码")),
                ("upto", models.BigIntegerField(verbose_name="事务号上限")),
                (
                    "floor",
                    models.BigIntegerField(default=0, verbose_name="事件号下限"),
                ),
            ],
            options={
                "verbose_name": "链头",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["pos"], name="audit_head_by_pos")],
            },
        ),
        migrations.CreateModel(
            name="Check",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="校验时间"
                    ),
                ),
                ("good", models.BooleanField(verbose_name="完好")),
                ("events", models.BigIntegerField(verbose_name="事件数")),
                (
                    "head",
                    models.CharField(blank=True, max_length=64, verbose_name="链头"),
                ),
                ("seconds", models.FloatField(verbose_name="用时(秒)")),
                ("words", models.CharField(max_length=300, verbose_name="结论")),
            ],
            options={"verbose_name": "链校验记录", "ordering": ["-id"]},
        ),
        migrations.CreateModel(
            name="Content",
            fields=[
                (
                    "n",
                    models.BigIntegerField(
                        primary_key=True, serialize=False, verbose_name="事件号"
                    ),
                ),
                (
                    "people",
                    ArrayField(
                        base_field=models.UUIDField(),
                        size=None,
                        verbose_name="人员标识",
                    ),
                ),
            ],
            options={"verbose_name": "导出名单"},
        ),
        migrations.RunSQL(CHAIN, UNCHAIN),
        *[
            migrations.RunSQL(GUARD.format(table=table), UNGUARD.format(table=table))
            for table in GUARDED
        ],
    ]
