"""Own rules that no linter knows: what no line of the product may do, ever."""

import ast
from collections.abc import Iterator

RUNS_SQL = {"execute", "executemany", "copy_expert", "RunSQL", "RawSQL", "raw", "extra"}
NEVER_CALLED = {
    "eval": "runs text as a program",
    "exec": "runs text as a program",
    "mark_safe": "lets data through as markup",
    "SafeString": "lets data through as markup",
    "csrf_exempt": "opens a form to other sites",
    "RawSQL": "goes round the ORM",
}
NEVER_ASKED = {"raw": "goes round the ORM", "extra": "goes round the ORM"}
NEVER_IMPORTED = {"pickle", "cPickle", "dill", "shelve", "marshal"}


def offences(source: str) -> list[str]:
    """Return the rules that a module breaks, each with its line."""
    tree = ast.parse(source)
    return [
        f"{node.lineno}: {words}"
        for node in ast.walk(tree)
        for words in _broken_by(node)
    ]


def _broken_by(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from _imported([alias.name for alias in names])
        case ast.ImportFrom(module=module, names=names):
            yield from _imported([module or "", *(alias.name for alias in names)])
        case ast.Call():
            yield from _called(node)
        case ast.FunctionDef(decorator_list=decorators):
            names = {_name(decorator) for decorator in decorators}
            if "csrf_exempt" in names:
                yield f"csrf_exempt: {NEVER_CALLED['csrf_exempt']}"


def _imported(names: list[str]) -> Iterator[str]:
    for name in names:
        if name.split(".")[0] in NEVER_IMPORTED:
            yield f"{name}: opens what anybody may have packed"
        if name == "csrf_exempt":
            yield f"{name}: {NEVER_CALLED[name]}"


def _called(node: ast.Call) -> Iterator[str]:
    name = _name(node.func)
    if name in NEVER_CALLED and not _is_method_of_model(node.func):
        # Markup that is written in the code itself is nobody's data.
        if name in {"mark_safe", "SafeString"} and _is_constant(node.args):
            return
        yield f"{name}: {NEVER_CALLED[name]}"
    if isinstance(node.func, ast.Attribute) and name in NEVER_ASKED:
        yield f".{name}: {NEVER_ASKED[name]}"
    if name == "load" and _owner(node.func) == "yaml":
        yield "yaml.load: makes any object; use safe_load"
    if name in RUNS_SQL and node.args and _is_made_of_text(node.args[0]):
        yield f"{name}: SQL made of text; use parameters, or sql.Identifier"


def _is_made_of_text(value: ast.expr) -> bool:
    """Say whether SQL is put together from values: f-string, ``%``, ``+``, format."""
    match value:
        case ast.JoinedStr(values=values):
            return any(isinstance(part, ast.FormattedValue) for part in values)
        case ast.BinOp(op=ast.Mod() | ast.Add(), left=left, right=right):
            return not (
                isinstance(left, ast.Constant) and isinstance(right, ast.Constant)
            )
        case ast.Call(func=ast.Attribute(attr="format", value=ast.Constant())):
            return True
    return False


def _is_constant(arguments: list[ast.expr]) -> bool:
    return all(isinstance(argument, ast.Constant) for argument in arguments)


def _is_method_of_model(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and _owner(function) in {"re", "ast"}


def _name(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=inner):
            return _name(inner)
    return ""


def _owner(function: ast.expr) -> str:
    match function:
        case ast.Attribute(value=ast.Name(id=name)):
            return name
    return ""
