"""What Chromium 86 and the content policy do not know stays out of our files."""

import re
from pathlib import Path

import pytest
from django.conf import settings

BASE = Path(settings.BASE_DIR)
STYLES = sorted((BASE / "static" / "css").glob("*.css"))
SCRIPTS = sorted((BASE / "static" / "js").glob("*.js"))
TOO_NEW_FOR_STYLES = (
    r":has\(",
    r"color-mix\(",
    r"oklch\(",
    r"light-dark\(",
    r"@container",
    r"@layer",
    r"aspect-ratio",
    r"\binset:",
    r"\bdvh\b",
    r":is\(",
    r":where\(",
)
TOO_NEW_FOR_SCRIPTS = (
    r"\?\?=",
    r"\|\|=",
    r"&&=",
    r"\.at\(",
    r"\.replaceAll\(",
    r"structuredClone",
    r"\.findLast\(",
    r"Object\.hasOwn\(",
    r"^\s*#\w+",
)
FORBIDDEN_IN_SCRIPTS = (r"\beval\(", r"new Function", r"innerHTML\s*=", r"https?://")


def names(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("style", STYLES, ids=names)
def test_styles_keep_to_the_baseline(style: Path):
    text = re.sub(r"/\*.*?\*/", "", style.read_text(encoding="utf-8"), flags=re.S)

    for pattern in TOO_NEW_FOR_STYLES:
        assert not re.search(pattern, text), pattern
    assert "@import" not in text
    assert not re.search(r"url\((?!['\"]?data:)", text), "nothing from elsewhere"


@pytest.mark.parametrize("style", STYLES, ids=names)
def test_styles_do_not_nest(style: Path):
    text = re.sub(r"/\*.*?\*/", "", style.read_text(encoding="utf-8"), flags=re.S)
    depth, at_rules = 0, []

    for head, brace in re.findall(r"([^{}]*)([{}])", text):
        if brace == "{":
            group = head.strip().split(";")[-1].strip().startswith("@")
            assert depth == sum(at_rules), f"nested: {head.strip()[-60:]}"
            at_rules.append(group)
            depth += 1
        else:
            at_rules.pop()
            depth -= 1

    assert depth == 0


def test_there_are_at_most_ten_scripts():
    assert 1 <= len(SCRIPTS) <= 10


@pytest.mark.parametrize("script", SCRIPTS, ids=names)
def test_scripts_keep_to_the_baseline_and_the_policy(script: Path):
    text = script.read_text(encoding="utf-8")

    for pattern in (*TOO_NEW_FOR_SCRIPTS, *FORBIDDEN_IN_SCRIPTS):
        assert not re.search(pattern, text, flags=re.M), pattern
    assert text.startswith("//"), "a script begins by saying what it is for"


@pytest.mark.parametrize("script", SCRIPTS, ids=names)
def test_every_script_is_on_some_page(script: Path):
    pages = (BASE / "templates").rglob("*.html")
    assert any(f"js/{script.name}" in page.read_text() for page in pages)


def test_our_own_files_are_small():
    assert sum(path.stat().st_size for path in STYLES) < 64 * 1024
    assert sum(path.stat().st_size for path in SCRIPTS) < 32 * 1024


CONTRASTS = [
    ("ax-ink", "#ffffff"),
    ("ax-ink-2", "#ffffff"),
    ("ax-ink-2", "ax-bg"),
    ("ax-primary", "#ffffff"),
    ("ax-primary-d", "ax-primary-soft"),
    ("ax-heart", "ax-heart-soft"),
    ("ax-heart-d", "ax-heart-soft"),
    ("ax-ok", "ax-ok-soft"),
    ("ax-warn", "ax-warn-soft"),
]


@pytest.mark.parametrize(("ink", "ground"), CONTRASTS)
def test_words_stand_out_from_their_ground(ink, ground):
    text = (BASE / "static/css/site.css").read_text(encoding="utf-8")
    tokens = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", text))
    light, dark = sorted(
        (_luminance(tokens.get(colour, colour)) for colour in (ink, ground)),
        reverse=True,
    )

    assert (light + 0.05) / (dark + 0.05) >= 4.5


def _luminance(colour: str) -> float:
    """Return the relative luminance of WCAG."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
