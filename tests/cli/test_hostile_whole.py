"""From hostile exports to the papers: exit codes hold, nothing of the data is obeyed by any program, nothing strays."""

import io
import json
import os
import re
import zipfile
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

import docx
import jsonschema
import pytest
from click.testing import Result
from hostile import CELLS, text
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import html
from python_calamine import CalamineWorkbook

pytestmark = pytest.mark.slow

Run = Callable[..., Result]
SCHEMA = json.loads(files("checks.history").joinpath("findings.schema.json").read_text(encoding="utf-8"))
HEADS = ("学号", "姓名", "培养层次", "学院", "专业", "入学日期", "在校状态", "身份证号", "班级号", "考生号")
SOME = ("--select", "IDN-03,IDN-06,PRC-01", "--jobs", 1)
MORE = int(os.environ.get("HYPOTHESIS_MAX_EXAMPLES", "0"))
NOT_IN_TEXT = dict.fromkeys([*map(ord, "\r\n"), *range(0xD800, 0xE000)])
STUDENTS = st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=5)


def snapshot(folder: Path, rows: Sequence[Sequence[str]]) -> Path:
    exports = folder / "exports"
    exports.mkdir(exist_ok=True)
    cells = [[cell.translate(NOT_IN_TEXT) for cell in row] for row in rows]
    students = [
        (str(at), name, "本科", college, major, "2024-09-01", "在读", number, group, exam)
        for at, (name, college, major, number, group, exam) in enumerate(cells, 2024010101)
    ]
    changes = [(str(at), number, "休学", major) for at, (number, *_, major, _) in enumerate(students)]
    (exports / "在校生.csv").write_bytes(text([HEADS, *students]))
    (exports / "学籍异动.csv").write_bytes(text([("异动编号", "学号", "异动类别", "文号"), *changes]))
    (exports / "snapshot.toml").write_text('as_of = 2026-11-25\ncollege = "=1+1<script>alert(1)</script>"', "utf-8")
    return exports


@settings(
    max_examples=MORE or 2,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a whole report an example: too slow to shrink
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=STUDENTS)
def test_hostile_exports_become_a_report_that_no_program_obeys(
    here: Path, xuejian: Run, rows: Sequence[Sequence[str]]
) -> None:
    exports, out = snapshot(here, rows), here / "out"
    history = here.parent / "history.db"
    result = xuejian("report", exports, *SOME, "--split", "-o", out, "--history", history)
    assert result.exit_code in (0, 3), result.stderr
    assert sorted(path.name for path in here.iterdir()) == ["exports", "out"]
    assert not any(len(row[0]) > 3 and row[0] in result.stderr for row in rows), "no name"
    document = json.loads((out / "findings.json").read_bytes())
    jsonschema.validate(document, SCHEMA)
    tables = document["snapshot"]["tables"]
    assert tables["student"]["read"] == len(rows)
    assert all(table["read"] == table["accepted"] + table["set_aside"] for table in tables.values())
    page = html.document_fromstring((out / "report.html").read_bytes())
    assert [each for each in page.findall(".//script") if each.get("type") != "application/json"] == page.xpath(
        "/html/body/script[last()]"
    )
    assert not page.xpath("//*[starts-with(local-name(), 'xxe') or @onerror or @onload]")
    for path in out.rglob("*.xlsx"):
        assert CalamineWorkbook.from_path(path).sheet_names
        with zipfile.ZipFile(path) as book:
            sheets = [book.read(part) for part in book.namelist() if part.startswith("xl/worksheets/sheet")]
            assert not any(re.search(rb"<f[ >]", sheet) for sheet in sheets), "no cell is a formula"
    for path in out.rglob("*.docx"):
        assert docx.Document(io.BytesIO(path.read_bytes())).paragraphs


def test_a_hostile_value_is_a_text_wherever_it_is_shown(here: Path, xuejian: Run) -> None:
    hostile = "<img src=x onerror=alert(1)>{{ 7*7 }}=1+1\x1b[31m"
    exports = snapshot(here, [(hostile,) * 6, (hostile,) * 6])
    result = xuejian("check", exports, *SOME, "--format", "json", "--show-personal")
    assert result.exit_code == 1
    assert "\x1b" not in result.stdout
    assert hostile[:-5] in json.dumps(json.loads(result.stdout), ensure_ascii=False)
    assert "\x1b" not in xuejian("check", exports, *SOME, "--show-personal").stdout
    xuejian("report", exports, *SOME, "-o", here / "out")
    page = (here / "out" / "report.html").read_text("utf-8")
    assert "&lt;img src=x onerror=alert(1)&gt;{{ 7*7 }}=1+1" in page
    assert "<img" not in page


def test_a_sentence_is_never_a_page(here: Path, xuejian: Run) -> None:
    exports = snapshot(here, [("王", "院", "专业", "1", "2", "3")])
    (here / "own.toml").write_text(f"{'x' * 900_000} = 1", "utf-8")
    said = xuejian("check", exports, "--config", here / "own.toml").stderr
    assert said.startswith("xuejian: 配置文件")
    assert said.endswith("password_file\n")
    assert len(said) < 700
