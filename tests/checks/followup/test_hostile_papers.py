"""Files that people write or keep beside the data, with anything in them: used, or refused in a sentence."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from months import SECRET, checked, found

from checks.findings.waivers import load_waivers, waived
from checks.history.baseline import against
from checks.history.errors import HistoryError
from checks.history.findings_file import read_findings
from reports.formats.findings_json import render_json
from rules.errors import RuleError

RESULT = checked("2026-10-25", [found("REG-01", "2023010101")])
KNOWN: dict[str, Any] = json.loads(render_json(RESULT))
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["2026-13-01", "0001-01-01", "error", "violated", "REG-01", "\0", "\ud800", "x" * 9999]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)
some = settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])


def places(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to everything in it."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [above, *(place for name, each in inner for place in places(each, (*above, name)))]


def with_value(document: Mapping[str, Any], place: tuple[Any, ...], value: Any) -> Any:
    """A copy with another value there."""
    if not place:
        return value
    copy = json.loads(json.dumps(document))
    inner = copy
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    return copy


@pytest.mark.slow
@some
@given(place=st.sampled_from(places(KNOWN)), value=VALUES)
def test_a_baseline_with_anything_in_it_is_used_or_refused(tmp_path: Path, place: tuple[Any, ...], value: Any) -> None:
    path = tmp_path / "base.json"
    path.write_text(json.dumps(with_value(KNOWN, place, value)), "utf-8")
    try:
        assert len(against(RESULT, read_findings(path)).findings) == len(RESULT.findings)
    except HistoryError as error:
        assert "Error" not in str(error)


@pytest.mark.parametrize("text", ["[" * 100_000, "9" * 5000, '{"schema": NaN}', "[]", "null", "\0", ""])
def test_what_is_no_baseline_at_all_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "base.json"
    path.write_text(text, "utf-8")
    with pytest.raises(HistoryError, match=r"^base\.json "):
        read_findings(path)


def test_a_count_of_a_baseline_that_is_a_text_refuses_it(tmp_path: Path) -> None:
    path = tmp_path / "base.json"
    path.write_text(json.dumps(with_value(KNOWN, ("rules", 0, "considered"), "x")), "utf-8")
    with pytest.raises(HistoryError, match="不是完整的"):
        read_findings(path)


WAIVER = {"rule": "REG-01", "key": {"student_no": "1"}, "reason": "好", "approver": "甲", "until": "2026-12-31"}
WAIVERS = {"waivers": [WAIVER]}


@some
@given(place=st.sampled_from(places(WAIVERS)), value=VALUES)
def test_waivers_with_anything_in_them_are_used_or_refused(tmp_path: Path, place: tuple[Any, ...], value: Any) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(json.dumps(with_value(WAIVERS, place, value)), "utf-8")
    try:
        result = waived(RESULT, load_waivers(path, {"REG-01": ["student_no"]}), SECRET)
        assert len(result.findings) == len(RESULT.findings)
    except RuleError as error:
        assert str(error).startswith("w.yaml")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("w.toml", b"x = 1" + b"1" * 5000), ("w.toml", b"x = " + b"[" * 5000), ("w.toml", b"\0"), ("w.toml", b"\xff"),
        ("w.toml", b'x = "\\u0000"'), ("w.toml", b"#" * 2_000_000), ("w.yaml", b"waivers: " + b"[" * 600),
        ("w.yaml", b"\0"), ("w.yaml", b"\xff\xfe"), ("w.yaml", b"a: &a [*a, *a]\nwaivers: *a"),
        ("w.yaml", b"waivers: [{rule: !!python/object:os.system x}]"), ("w.yaml", b"waivers: [{? [a]: b}]"),
        ("w.yaml", b"waivers: [{until: 0001-01-01 00:00:00+99:99}]"), ("w.yaml", b"waivers: 1" + b"1" * 5000),
    ],
)  # fmt: skip
def test_what_is_no_file_of_waivers_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RuleError, match=rf"^{name}"):
        load_waivers(tmp_path / name, {"REG-01": ["student_no"]})
