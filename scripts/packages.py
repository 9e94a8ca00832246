"""What the locks name, and what is installed here, for lists and checks of both."""

import importlib.metadata
import re
from dataclasses import dataclass
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
RUN, DEV, ASSETS = "requirements.txt", "requirements-dev.txt", "requirements-assets.txt"
PINNED = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
NAMED = re.compile(r"^([A-Za-z][\w.-]*)", re.MULTILINE)


@dataclass(frozen=True, order=True)
class Package:
    """One pinned package."""

    name: str
    version: str


def plain(name: str) -> str:
    """Return the name as indexes compare it: ``Brotli_x`` is ``brotli-x``."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(lock: str) -> list[Package]:
    """Return what a lock pins, in order."""
    found = PINNED.findall((BASE / lock).read_text(encoding="utf-8"))
    return sorted({Package(plain(name), version) for name, version in found})


def declared(source: str) -> set[str]:
    """Return the packages that a source of a lock asks for by name."""
    text = (BASE / source).read_text(encoding="utf-8")
    return {plain(name) for name in NAMED.findall(text)}


def installed(name: str) -> str:
    """Return the version of a package in this environment, or nothing."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
