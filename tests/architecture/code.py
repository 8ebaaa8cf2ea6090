"""The program's syntax trees, read once for every rule."""

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of the program."""

    path: str
    source: str
    tree: ast.Module

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}"

    def is_in(self, *folders: str) -> bool:
        return any(self.path == folder or self.path.startswith(f"{folder}/") for folder in folders)


def parsed(path: str, source: str) -> Module:
    return Module(path, source, ast.parse(source))


@functools.cache
def modules() -> tuple[Module, ...]:
    paths = sorted(path for path in APP.rglob("*.py") if "__pycache__" not in path.parts)
    return tuple(parsed(path.relative_to(ROOT).as_posix(), path.read_text("utf-8")) for path in paths)


def imported_names(tree: ast.AST) -> Iterator[tuple[ast.AST, str, str]]:
    """Yield each imported thing as (node, dotted name, the name it has here)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name, alias.asname or alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node, f"{node.module}.{alias.name}", alias.asname or alias.name


def dotted(node: ast.AST) -> str:
    """The source of a name such as `threading.Thread`, with its calls, or nothing."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return f"{dotted(node.func)}()"
    return ""


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def texts_within(node: ast.AST) -> str:
    """Every literal text inside an expression, joined."""
    found = (
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    )
    return " ".join(found)
