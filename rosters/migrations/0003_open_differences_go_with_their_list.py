"""Let what is still open of a replaced list be gone, as it has been since then."""

from django.db import migrations

# Few lists of a month are ever replaced; what somebody has settled stays settled.
GONE = """
UPDATE rosters_difference SET status = 'gone'
WHERE status = 'open' AND roster_id IN (
    SELECT id FROM rosters_roster WHERE replaced_at IS NOT NULL);
"""


class Migration(migrations.Migration):
    dependencies = [("rosters", "0002_lists_overlap")]
    operations = [migrations.RunSQL(GONE, migrations.RunSQL.noop)]
