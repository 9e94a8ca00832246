"""Which kinds of events, and which details, the source can record: read from it.

A function that hands its own parameter on as the kind is followed to its callers, so
that no list of kinds is kept anywhere.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

APPS = (
    *(
        "audit",
        "jobs",
        "sealing",
        "backups",
        "cadres",
        "intake",
        "recipients",
        "policies",
        "rosters",
    ),
    *("casework", "visits", "reports"),
)
WRITERS = {
    "trail.record": "kind",
    "trail.record_about_key": "kind",
    "trail.record_at_machine": "kind",
    "Event": "kind",
}
NOT_DETAILS = {"kind", "subject", "by", "reason", "model", "pk"}


@dataclass
class Recorded:
    """What was found: kinds, names of details, and calls whose kind nobody can tell."""

    kinds: set[str] = field(default_factory=set)
    # Kinds put together from parts, as patterns of what they may be.
    patterns: set[str] = field(default_factory=set)
    details: set[str] = field(default_factory=set)
    unclear: list[str] = field(default_factory=list)


def recorded() -> Recorded:
    """Read every module of the house."""
    trees = {path: ast.parse(path.read_text()) for path in _modules()}
    found = Recorded()
    writers = {(None, name): argument for name, argument in WRITERS.items()}
    # Each round may find functions that hand on to those of the round before.
    while passing := _passers(trees, writers):
        writers |= passing
    for path, tree in trees.items():
        for call, argument in _calls(path, tree, writers):
            _note(found, path, tree, call, argument)
    return found


def _modules() -> Iterator[Path]:
    for app in APPS:
        for path in sorted((Path(settings.BASE_DIR) / app).rglob("*.py")):
            if "migrations" not in path.parts and path.name != "trail.py":
                yield path


def _passers(trees, writers):
    passing = {}
    for path, tree in trees.items():
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            parameters = [*function.args.args, *function.args.kwonlyargs]
            names = [parameter.arg for parameter in parameters]
            for call, argument in _calls(path, function, writers):
                kind = _kind(call, argument)
                if isinstance(kind, ast.Name) and kind.id in names:
                    where = path if function.name.startswith("_") else None
                    passing[where, function.name] = (names.index(kind.id), kind.id)
    return {key: value for key, value in passing.items() if key not in writers}


def _calls(path, tree, writers):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            argument = writers.get((path, name)) or writers.get((None, name))
            if argument:
                yield node, argument


def _kind(call: ast.Call, argument) -> ast.expr | None:
    place, name = (0, argument) if isinstance(argument, str) else argument
    by_name = next((word.value for word in call.keywords if word.arg == name), None)
    if by_name is not None:
        return by_name
    plain = [word for word in call.args if not isinstance(word, ast.Starred)]
    starred = [word for word in call.args if isinstance(word, ast.Starred)]
    for word in starred:
        if isinstance(word.value, ast.Tuple):
            plain = [*word.value.elts, *plain]
    return plain[place] if place < len(plain) else None


def _note(found: Recorded, path: Path, tree, call: ast.Call, argument) -> None:
    kind = _kind(call, argument)
    if isinstance(kind, ast.Constant):
        found.kinds.add(kind.value)
    elif isinstance(kind, ast.JoinedStr):
        parts = [
            re.escape(part.value) if isinstance(part, ast.Constant) else ".*"
            for part in kind.values
        ]
        found.patterns.add("".join(parts))
    elif isinstance(kind, ast.IfExp):
        found.kinds |= {kind.body.value, kind.orelse.value}
    elif not (isinstance(kind, ast.Name) and _is_parameter(tree, kind.id)):
        found.unclear.append(f"{path}:{call.lineno}")
    if ast.unparse(call.func) == "trail.record":
        names = {word.arg for word in call.keywords if word.arg}
        found.details |= names - NOT_DETAILS


def _is_parameter(tree, name: str) -> bool:
    return any(
        name in {one.arg for one in [*node.args.args, *node.args.kwonlyargs]}
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    )
