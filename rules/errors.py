"""What is said when a rule or a pack can't be used."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


class RuleError(Exception):
    """A rule file, or a pack, that is refused: one sentence with file and line."""

    def __init__(self, message: str, path: Path | None = None, line: int | None = None) -> None:
        self.message, self.path, self.line = message, path, line
        place = "" if path is None else f"{path.name}：" if line is None else f"{path.name} 第 {line} 行："
        super().__init__(place + message)


def meant(word: str, known: Iterable[str]) -> str:
    """`，是不是 X？` where a known word is near, else a list of what is known if it is short."""
    names = sorted(known)
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"，是不是 {near[0]}？"
    return f"，可用的有：{'、'.join(names)}" if names and len(names) <= 40 else ""
