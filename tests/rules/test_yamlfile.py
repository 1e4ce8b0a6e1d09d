"""A rule file is YAML of a moderate size, and every value in it knows its line."""

from pathlib import Path

import pytest

from rules.errors import RuleError
from rules.yamlfile import YamlFile, read_yaml


def read(folder: Path, content: str | bytes) -> YamlFile:
    path = folder / "A.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_yaml(path)


def refusal(folder: Path, content: str | bytes) -> str:
    with pytest.raises(RuleError) as caught:
        read(folder, content)
    return str(caught.value)


def test_every_value_knows_its_line(tmp_path: Path) -> None:
    source = read(tmp_path, "a: 1\nb:\n  - x\n  -\n    c: 2026-11-25\n")
    assert source.lines[("b", 0)] == 3
    assert source.lines[("b", 1, "c")] == 5
    assert str(source.refuse("不行", ("b", 1, "c", "deeper"))) == "A.yaml 第 5 行：不行"
    assert str(source.refuse("不行", ("missing",))) == "A.yaml 第 1 行：不行"


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbfid: X").data == {"id": "X"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a: [1,\n", "A.yaml 第 2 行：不是合法的 YAML，请检查缩进、冒号和引号"),
        ("a: 1\n b: 2\n", "A.yaml 第 2 行：不是合法的 YAML，请检查缩进、冒号和引号"),
        ("a: 1\n---\na: 2\n", "A.yaml 第 2 行：不是合法的 YAML，请检查缩进、冒号和引号"),
        ("a: !!python/name:os.system x\n", "A.yaml 第 1 行：不是合法的 YAML，请检查缩进、冒号和引号"),
        ("a: \x01\n", "A.yaml：不是合法的 YAML，请检查缩进、冒号和引号"),
        ("- a\n- b\n", "A.yaml 第 1 行：不是 YAML 映射（要写成「键: 值」）"),
        ("只是一句话\n", "A.yaml 第 1 行：不是 YAML 映射（要写成「键: 值」）"),
        ("", "A.yaml 第 1 行：不是 YAML 映射（要写成「键: 值」）"),
        ("a: 1\nb: 2\na: 3\n", "A.yaml 第 3 行：「a」写了两次"),
        ("a:\n  c: 1\n  c: 1\n", "A.yaml 第 3 行：「c」写了两次"),
        ("a: 1\n? [x, y]\n: 2\n", "A.yaml 第 2 行：「['x', 'y']」不能作键"),
        ("a: 1\n2.5: b\n", "A.yaml 第 2 行：「2.5」不能作键"),
        ("a: 2026-13-01\n", "A.yaml 第 1 行：「2026-13-01」不是合法的值"),
        ("a: !!bool maybe\n", "A.yaml 第 1 行：「maybe」不是合法的值"),
        ("a: !!timestamp soon\n", "A.yaml 第 1 行：「soon」不是合法的值"),
        ("a: !!int ''\n", "A.yaml 第 1 行：「」不是合法的值"),
        ("a:\n" + "  - " * 31 + "x\n", "A.yaml 第 2 行：嵌套太深"),
        ("a: &a\n  - *a\n", "A.yaml 第 1 行：嵌套太深"),
        ("a: " + "[" * 4000, "A.yaml 第 1 行：嵌套太深"),
        ("a: " + "[" * 900_000, "A.yaml 第 1 行：嵌套太深"),
        ("\n".join(f"{' ' * level}a:" for level in range(1100)), "A.yaml 第 1000 行：嵌套太深"),
        ("a: b\n".encode("utf-16"), "A.yaml：不是 UTF-8 文本，请以 UTF-8 保存"),
        ("姓名: 张\n".encode("gb18030"), "A.yaml：不是 UTF-8 文本，请以 UTF-8 保存"),
        ("a: " + "x" * 1_000_000, "A.yaml：文件超过 1 MB，不是规则文件"),
    ],
)  # fmt: skip
def test_what_is_no_rule_file_is_refused(tmp_path: Path, content: str | bytes, said: str) -> None:
    assert refusal(tmp_path, content) == said


def test_references_upon_references_do_not_fill_the_memory(tmp_path: Path) -> None:
    ten = "\n".join(f"k{i}: &k{i} [{', '.join([f'*k{i - 1}'] * 9)}]" for i in range(1, 12))
    assert refusal(tmp_path, f"k0: &k0 [1]\n{ten}\n").endswith("内容太多，请不要用 & 和 * 层层引用")


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"^没有\.yaml：读不了：") as caught:
        read_yaml(tmp_path / "没有.yaml")
    assert caught.value.line is None
    (tmp_path / "B.yaml").mkdir()
    with pytest.raises(RuleError, match=r"^B\.yaml：读不了："):
        read_yaml(tmp_path / "B.yaml")
