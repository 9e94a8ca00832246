"""Let the database itself refuse to change, remove or empty the trail."""

from django.db import migrations

GUARD = """
CREATE FUNCTION audit_events_are_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are only ever added' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER event_is_never_changed BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_events_are_only_added();
CREATE TRIGGER events_are_never_emptied BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_events_are_only_added();
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER event_is_never_changed;
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER events_are_never_emptied;
"""

UNGUARD = """
DROP TRIGGER event_is_never_changed ON audit_event;
DROP TRIGGER events_are_never_emptied ON audit_event;
DROP FUNCTION audit_events_are_only_added();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
