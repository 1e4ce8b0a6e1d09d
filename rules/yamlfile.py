"""YAML read with the line of every value, so that a refusal can say where."""

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from facts.model.refusal import why
from facts.model.regular import opened
from rules.errors import RuleError

_LARGEST = 1_000_000
_BITS = 64
"""Of an integer: a longer one is a number in letters that somebody forgot to quote."""
_DEEPEST = 30
_MOST = 100_000
_TOO_DEEP = "exceeded maximum nesting depth"
"""What libyaml says of more than a thousand levels; without its limit brackets in brackets would end the process."""

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class YamlFile:
    path: Path
    data: Any
    lines: dict[Place, int]
    """Path of keys and list positions → line, counted from 1."""

    def refuse(self, message: str, place: Place = ()) -> RuleError:
        """The error for what stands at `place`, or at the nearest place above it that is known."""
        while place and place not in self.lines:
            place = place[:-1]
        return RuleError(message, self.path, self.lines.get(place, 1))


def read_yaml(path: Path) -> YamlFile:
    """Reads one YAML mapping. RuleError where it is none, is too large or too deep, or names a key twice."""
    try:
        with opened(path) as file:
            raw = file.read(_LARGEST + 1)
        if len(raw) > _LARGEST:
            raise RuleError("文件超过 1 MB，不是规则文件", path)
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RuleError("不是 UTF-8 文本，请以 UTF-8 保存", path) from None
    except OSError as error:
        raise RuleError(f"读不了：{why(error)}", path) from None
    try:
        loader = yaml.CSafeLoader(text)
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise RuleError("不是 YAML 映射（要写成「键: 值」）", path, 1)
        lines: dict[Place, int] = {}
        data = _build(loader, node, (), lines, path)
    except yaml.YAMLError as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        said = "嵌套太深" if problem == _TOO_DEEP else "不是合法的 YAML，请检查缩进、冒号和引号"
        raise RuleError(said, path, mark.line + 1 if mark else None) from None
    return YamlFile(path, data, lines)


def _build(loader: yaml.CSafeLoader, node: yaml.Node, place: Place, lines: dict[Place, int], path: Path) -> Any:
    line = lines[place] = node.start_mark.line + 1
    if len(place) > _DEEPEST:
        raise RuleError("嵌套太深", path, line)
    if len(lines) > _MOST:  # a short file can be that long: each reference repeats all that it refers to
        raise RuleError("内容太多，请不要用 & 和 * 层层引用", path, line)
    if isinstance(node, yaml.MappingNode):
        result: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            key = _build(loader, key_node, (*place, "key"), lines, path)
            if not isinstance(key, str | int) or key in result:
                fault = "写了两次" if isinstance(key, str | int) else "不能作键"
                raise RuleError(f"「{key}」{fault}", path, key_node.start_mark.line + 1)
            result[key] = _build(loader, value_node, (*place, key), lines, path)
            lines[(*place, key)] = key_node.start_mark.line + 1
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, item, (*place, i), lines, path) for i, item in enumerate(node.value)]
    try:
        value = loader.construct_object(node)
        if isinstance(value, int) and value.bit_length() > _BITS:
            raise ValueError
        return value
    except (ValueError, LookupError, AttributeError):  # what PyYAML raises on `!!int x`, `!!bool x`, `!!timestamp x`
        raise RuleError(f"「{str(node.value)[:40]}」不是合法的值", path, line) from None
