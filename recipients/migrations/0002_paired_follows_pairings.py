"""Keep ``recipient.paired`` true the same second, whoever writes a pairing."""

from django.db import migrations

FOLLOW = """
CREATE FUNCTION recipients_follow_pairings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE recipients_recipient r SET paired = true
        FROM (SELECT DISTINCT recipient_id FROM new_rows
              WHERE kind = 'cadre' AND status = 'active') n
        WHERE r.id = n.recipient_id AND NOT r.paired;
    ELSIF TG_OP = 'UPDATE' THEN
        UPDATE recipients_recipient r SET paired = t.paired
        FROM (SELECT u.recipient_id, EXISTS (
                  SELECT 1 FROM recipients_pairing p
                  WHERE p.recipient_id = u.recipient_id
                    AND p.kind = 'cadre' AND p.status = 'active') AS paired
              FROM (SELECT recipient_id FROM new_rows
                    UNION SELECT recipient_id FROM old_rows) u) t
        WHERE r.id = t.recipient_id AND r.paired <> t.paired;
    ELSE
        UPDATE recipients_recipient r SET paired = t.paired
        FROM (SELECT u.recipient_id, EXISTS (
                  SELECT 1 FROM recipients_pairing p
                  WHERE p.recipient_id = u.recipient_id
                    AND p.kind = 'cadre' AND p.status = 'active') AS paired
              FROM (SELECT DISTINCT recipient_id FROM old_rows) u) t
        WHERE r.id = t.recipient_id AND r.paired <> t.paired;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER pairing_added AFTER INSERT ON recipients_pairing
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION recipients_follow_pairings();
CREATE TRIGGER pairing_changed AFTER UPDATE ON recipients_pairing
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION recipients_follow_pairings();
CREATE TRIGGER pairing_removed AFTER DELETE ON recipients_pairing
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION recipients_follow_pairings();
"""

UNFOLLOW = """
DROP TRIGGER pairing_added ON recipients_pairing;
DROP TRIGGER pairing_changed ON recipients_pairing;
DROP TRIGGER pairing_removed ON recipients_pairing;
DROP FUNCTION recipients_follow_pairings();
"""


class Migration(migrations.Migration):
    dependencies = [("recipients", "0001_initial")]
    operations = [migrations.RunSQL(FOLLOW, UNFOLLOW)]
