"""Modules import each other one way only, inside functions and for types as well: no circle anywhere in the house."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = ("facts", "rules", "checks", "reports")


def modules() -> dict[str, Path]:
    found = {}
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(path: Path, known: dict[str, Path]) -> set[str]:
    """The modules of ours that this one names in any import; of `from facts.reading import load` it is the last."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                names.add(whole if whole in known else node.module)
    return names & known.keys()


def circle(graph: dict[str, set[str]]) -> list[str]:
    """The modules of a circle in its order; empty where there is none."""
    done: set[str] = set()

    def below(name: str, way: list[str]) -> list[str]:
        if name in way:
            return [*way[way.index(name) :], name]
        if name in done:
            return []
        for other in sorted(graph[name]):
            if found := below(other, [*way, name]):
                return found
        done.add(name)
        return []

    return next(filter(None, (below(name, []) for name in sorted(graph))), [])


def test_no_module_imports_itself_by_way_of_others() -> None:
    known = modules()
    assert circle({name: imported(path, known) - {name} for name, path in known.items()}) == []


def test_a_circle_would_be_seen() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
