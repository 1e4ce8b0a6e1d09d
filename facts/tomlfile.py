"""Reads the TOML files that people write beside their data; whatever is wrong with one, it is a ValueError."""

import tomllib
from pathlib import Path
from typing import IO, Any

_LARGEST = 1_000_000


def read_toml(path: Path) -> dict[str, Any]:
    """What the file says. Raises OSError, and ValueError as `toml_of` does."""
    with path.open("rb") as file:
        return toml_of(file)


def toml_of(file: IO[bytes]) -> dict[str, Any]:
    """What it says. Raises ValueError with the reason: too large, too deep, no UTF-8, no TOML.

    A text in it with a NUL is none either: no file and no database can be called so.
    """
    content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise ValueError("文件超过 1 MB")
    try:
        values = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValueError("不是 UTF-8 文本") from None
    except RecursionError:
        raise ValueError("嵌套太深") from None
    if _holds_nul(values):
        raise ValueError("有 \\u0000 字符")
    return values


def _holds_nul(value: object) -> bool:
    match value:
        case str():
            return "\0" in value
        case dict():
            return any(map(_holds_nul, (*value.keys(), *value.values())))
        case list():
            return any(map(_holds_nul, value))
    return False
