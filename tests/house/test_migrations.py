"""AV-16: a step of the schema can be taken back."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

OURS = {
    app.label
    for app in apps.get_app_configs()
    if Path(app.path).parent == settings.BASE_DIR
}
STEPS = MigrationLoader(None).disk_migrations


@pytest.mark.parametrize(
    ("app", "name"), sorted(key for key in STEPS if key[0] in OURS)
)
def test_every_step_of_the_schema_can_be_taken_back(app: str, name: str):
    operations = STEPS[app, name].operations

    assert [one.describe() for one in operations if not one.reversible] == []
