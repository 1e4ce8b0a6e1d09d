"""Reads the TOML files that people write beside their data; whatever is wrong with one, it is a ValueError."""

import re
import tomllib
from pathlib import Path
from typing import IO, Any

_LARGEST = 1_000_000
_AT = re.compile(r"at line (\d+), column (\d+)")
_TWICE = ("Cannot overwrite", "Cannot declare", "Cannot redefine", "Duplicate", "mutate", "twice")


def read_toml(path: Path) -> dict[str, Any]:
    """What the file says. Raises OSError, and ValueError as `text_of` and `values_of` do."""
    with path.open("rb") as file:
        return values_of(text_of(file))


def text_of(file: IO[bytes]) -> str:
    """The text of the file. Raises ValueError with the reason: too large, no UTF-8."""
    content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise ValueError("文件超过 1 MB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("不是 UTF-8 文本") from None


def values_of(text: str) -> dict[str, Any]:
    """What the text says. Raises ValueError with the reason: too deep, no TOML.

    A text in it with a NUL is none either: no file and no database can be called so.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(_explained(str(error), text)) from None
    except RecursionError:
        raise ValueError("嵌套太深") from None
    if _holds_nul(values):
        raise ValueError("有 \\u0000 字符")
    return values


def _explained(message: str, text: str) -> str:
    """Where the parser stopped, and what is probably wrong there; its own message is English."""
    found = _AT.search(message)
    if found is None:
        return "文件没有写完，可能少了引号或括号"
    line, column = int(found[1]), int(found[2])
    lines = text.replace("\r\n", "\n").split("\n")
    here = lines[line - 1][column - 1 : column] if line <= len(lines) else ""
    if any(word in message for word in _TWICE):
        what = "同一个名称写了两次"
    elif here and here in "“”‘’＝，．［］｛｝＃＂":
        what = f"的 {here} 要改成半角的符号"
    elif here and not here.isascii():
        what = '中文要加引号，如 [sources."学籍"]、"学号" = "XH"'
    else:
        what = "写法不对"
    return f"第 {line} 行第 {column} 列{what}"


def _holds_nul(value: object) -> bool:
    match value:
        case str():
            return "\0" in value
        case dict():
            return any(map(_holds_nul, (*value.keys(), *value.values())))
        case list():
            return any(map(_holds_nul, value))
    return False
