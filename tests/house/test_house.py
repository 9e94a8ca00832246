"""Rules of the house that a machine can check on every run."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from jinchang_care.celery import app as celery_app
from jobs.registry import SWEEPS
from tests.house.addresses import Address, addresses

OWN_APPS = [
    "audit",
    "sealing",
    "jobs",
    "cadres",
    "backups",
    "intake",
    "recipients",
    "policies",
    "rosters",
    "casework",
    "visits",
    "reports",
]
TEMPLATES = Path(settings.BASE_DIR) / "templates"
CHINESE = re.compile(r"[一-鿿]")
OWN_MODELS = [model for model in apps.get_models() if model._meta.app_label in OWN_APPS]


def source_files() -> list[Path]:
    roots = [*OWN_APPS, "common", "jinchang_care", "templates"]
    return [
        path
        for root in roots
        for pattern in ("*.py", "*.html")
        for path in (Path(settings.BASE_DIR) / root).rglob(pattern)
    ]


@pytest.mark.parametrize("address", addresses(), ids=lambda found: found.name)
def test_every_view_says_who_may_use_it(address: Address):
    assert hasattr(address.view, "permission"), f"/{address.route} is open to everyone"


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda found: found._meta.label)
def test_every_model_has_a_chinese_name_and_a_definition(model: type[models.Model]):
    assert CHINESE.search(str(model._meta.verbose_name))
    assert model.__doc__
    assert "(id, " not in model.__doc__
    for field in model._meta.concrete_fields:
        assert CHINESE.search(str(field.verbose_name)) or field.name == "id", field


def test_every_template_is_used():
    used = "\n".join(path.read_text() for path in source_files())
    names = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if not re.fullmatch(r"\d+(_\w+)?\.html", path.name)
    }
    own = {name for name in names if not name.startswith(("django/", "forms/"))}
    unused = {
        name for name in own if f'"{name}"' not in used and f"'{name}'" not in used
    }
    assert unused == set()


@pytest.mark.parametrize(
    "part",
    sorted(TEMPLATES.rglob("_*.html")),
    ids=lambda path: str(path.relative_to(TEMPLATES)),
)
def test_every_part_says_what_it_is_and_what_it_wants(part: Path):
    first = part.read_text().lstrip()
    assert first.startswith(("{#", "{% comment")), "a part starts with one comment"


def test_no_page_holds_inline_style_or_script():
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"\sstyle=|<style|\son\w+=|hx-on", text), path
        for script in re.findall(r"<script[^>]*>", text):
            assert "src=" in script, path


def test_every_beat_entry_names_a_task_and_a_sweep_that_exist():
    celery_app.loader.import_default_modules()
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        assert entry["task"] in celery_app.tasks
        assert (entry["task"] == "jobs.sweep") == (name in SWEEPS)
    assert set(SWEEPS) <= set(settings.CLOCK)


def test_views_reach_rows_only_through_visible_to():
    offences = []
    for path in Path(settings.BASE_DIR).glob("*/views*/**/*.py"):
        offences += _unscoped_reads(path)
    for path in Path(settings.BASE_DIR).glob("*/views.py"):
        offences += _unscoped_reads(path)
    assert offences == []


PUBLIC_MODELS = {"Area", "Campaign", "VisitStandard", "SixSetting", "DayOverride"}


def _unscoped_reads(path: Path) -> list[str]:
    """Return uses of ``Model.objects`` in a view that do not begin with reach."""
    found = []
    tree = ast.parse(path.read_text())
    reached = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "visible_to"
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and node.attr == "objects"):
            continue
        model = node.value.id if isinstance(node.value, ast.Name) else ""
        if id(node) not in reached and model not in PUBLIC_MODELS:
            found.append(f"{path.relative_to(settings.BASE_DIR)}:{node.lineno} {model}")
    return found


def test_only_operations_save():
    offences = []
    for app in OWN_APPS:
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            inside = path.relative_to(settings.BASE_DIR).parts
            if inside[1].startswith(
                ("views", "forms", "filters", "exports", "queries")
            ):
                text = path.read_text()
                if re.search(r"\.save\(|\.bulk_create\(|\.delete\(\)", text):
                    offences.append(str(path))
    assert offences == []
