"""Keep where and in which category somebody was counted, whoever changes it."""

from django.db import migrations

KEEP = """
CREATE FUNCTION recipients_keep_period() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told text := coalesce(current_setting('jinchang.counted_until', true), '');
    day date;
BEGIN
    -- 'none' while rows are put back as they were: that is no move.
    IF told = 'none' THEN RETURN NULL; END IF;
    day := coalesce(nullif(told, '')::date,
                    (now() AT TIME ZONE 'Asia/Shanghai')::date);
    INSERT INTO recipients_countedperiod
        (recipient_id, area_id, village, category, kind, until_on)
    VALUES (OLD.id, OLD.area_id, OLD.village, OLD.category, OLD.kind, day)
    -- A second change of the day: the first row holds what was before it.
    ON CONFLICT (recipient_id, until_on) DO NOTHING;
    RETURN NULL;
END $$;

CREATE TRIGGER period_ended AFTER UPDATE OF area_id, category ON recipients_recipient
    FOR EACH ROW
    WHEN (OLD.area_id IS DISTINCT FROM NEW.area_id
          OR OLD.category IS DISTINCT FROM NEW.category)
    EXECUTE FUNCTION recipients_keep_period();
"""

FORGET = """
DROP TRIGGER period_ended ON recipients_recipient;
DROP FUNCTION recipients_keep_period();
"""


class Migration(migrations.Migration):
    dependencies = [("recipients", "0004_lives")]
    operations = [migrations.RunSQL(KEEP, FORGET)]
