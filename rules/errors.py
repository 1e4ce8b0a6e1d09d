"""What is said when a rule or a pack can't be used."""

from pathlib import Path

from facts.model.refusal import Refusal


class RuleError(Refusal):
    """A rule file, or a pack, that is refused: one sentence with file and line."""

    def __init__(self, message: str, path: Path | None = None, line: int | None = None) -> None:
        self.message, self.path, self.line = message, path, line
        place = "" if path is None else f"{path.name}：" if line is None else f"{path.name} 第 {line} 行："
        super().__init__(place + message)
