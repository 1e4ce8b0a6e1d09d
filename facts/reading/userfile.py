"""Reads the TOML files that people write beside their data; whatever is wrong with one, it is a ValueError."""

import re
import tomllib
from pathlib import Path
from typing import IO, Any

from facts.model.regular import opened

_LARGEST = 1_000_000
_BITS = 64
"""Of an integer of TOML."""
_DEEPEST = 30
"""Names in names: of many thousands (`a.a.a…`) the parser makes gigabytes."""
_TEXT = re.compile(
    r"""\"{3}(?:\\.|[^\\"]|"(?!""))*+(?:\"{3})?|'{3}(?:[^']|'(?!''))*+(?:'{3})?"""
    r"""|"(?:\\.|[^"\\\n])*+"?|'[^'\n]*+'?|\#[^\n]*+""",
    re.DOTALL,
)
"""A text or a remark, also one that is not closed: each place of a file is looked at once."""
_DEEP = re.compile(rf"(?<![A-Za-z0-9_'-])(?:[A-Za-z0-9_'-]++[ \t]*+\.[ \t]*+){{{_DEEPEST},}}")
_AT = re.compile(r"at line (\d+), column (\d+)")
_TWICE = ("Cannot overwrite", "Cannot declare", "Cannot redefine", "Duplicate", "mutate", "twice")


def read_toml(path: Path) -> dict[str, Any]:
    """What the file says. Raises OSError, and ValueError as `text_of` and `values_of` do."""
    with opened(path) as file:
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
    """What the text says. Raises ValueError with the reason: too deep, no TOML, an integer larger than TOML has.

    A text in it with a NUL is none either: no file and no database can be called so.
    """
    if _DEEP.search(_TEXT.sub(lambda found: "" if found[0][0] == "#" else "''", text)):
        raise ValueError("嵌套太深")
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(_explained(str(error), text)) from None
    except RecursionError:
        raise ValueError("嵌套太深") from None
    except ValueError:  # an integer of more digits than Python reads
        raise ValueError("数字太大") from None
    _refuse_odd(values)
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


def _refuse_odd(value: object) -> None:
    match value:
        case str() if "\0" in value:
            raise ValueError("有 \\u0000 字符")
        case int() if value.bit_length() > _BITS:
            raise ValueError("数字太大")
        case dict():
            for part in (*value.keys(), *value.values()):
                _refuse_odd(part)
        case list():
            for part in value:
                _refuse_odd(part)
