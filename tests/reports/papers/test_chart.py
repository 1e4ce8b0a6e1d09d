"""附表1 as a picture: every procedure's steps in their lanes, counted, safe to embed, and whole as a table."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Page, expect

from checks.overview.flow import flows
from checks.results import Flow, FlowStep, PackInfo
from checks.run import pack_info
from cli import main
from facts.reading.load import snapshot_from_rows
from reports.papers.chart import LANE, chart
from reports.papers.procedures import render_procedures, render_svg
from rules.pack import load_pack

AS_OF = date(2026, 11, 25)
SVG = "{http://www.w3.org/2000/svg}"
STEPS = {
    "applied_on": "2026-10-08",
    "college_on": "2026-10-09",
    "affairs_on": "2026-10-10",
    "academic_on": "2026-10-12",
}


@pytest.fixture(scope="module")
def plain() -> PackInfo:
    return pack_info(load_pack())


@pytest.fixture(scope="module")
def counted() -> PackInfo:
    """Three leaves: whole; without 学生处; of a student without a record. One withdrawal not issued yet."""
    lacking = {name: day for name, day in STEPS.items() if name != "affairs_on"}
    change = [
        {"change_no": "C1", "student_no": "1", "kind": "休学", "reason": "疾病", **STEPS, "issued_on": "2026-10-13"},
        {"change_no": "C2", "student_no": "1", "kind": "保留学籍", **lacking, "issued_on": "2026-10-13"},
        {"change_no": "C3", "student_no": "2", "kind": "休学", **STEPS, "issued_on": "2026-10-13"},
        {"change_no": "C4", "student_no": "1", "kind": "自愿退学", **STEPS},
    ]
    snapshot = snapshot_from_rows({"change": change, "record": [{"student_no": "1"}]}, AS_OF)
    return pack_info(load_pack(), snapshot)


def of_kind(pack: PackInfo, kind: str) -> Flow:
    return next(flow for flow in pack.flows if kind in flow.kinds)


def test_issued_changes_are_counted_step_by_step(counted: PackInfo) -> None:
    leave = of_kind(counted, "休学")
    assert leave.changes == 3
    assert {s.title: (s.changes, s.missing) for s in leave.steps} == {
        "学生申请": (3, 0), "二级学院审核": (3, 0), "校医务室审核": (None, None), "就业指导中心审核": (None, None),
        "学生处审核": (3, 1), "教务处审核": (2, 0), "发文": (3, 0),
    }  # fmt: skip
    assert of_kind(counted, "自愿退学").changes == 0


def test_how_many_are_on_leave_for_one_reason_is_never_said(counted: PackInfo) -> None:
    assert all(s.changes is None and s.missing is None for flow in counted.flows for s in flow.steps if s.reason)


@pytest.mark.slow
def test_without_changes_or_without_records_nothing_is_counted(plain: PackInfo) -> None:
    assert all(flow.changes is None for flow in plain.flows)
    only = snapshot_from_rows({"change": [{"change_no": "C1", "kind": "休学", "issued_on": "2026-10-13"}]}, AS_OF)
    assert flows(load_pack(), only) == plain.flows


def test_every_step_stands_in_the_lane_of_who_takes_it(plain: PackInfo) -> None:
    drawn = chart("图", plain.flows)
    assert [lane.name for lane in drawn.lanes] == [
        "学生", "二级学院", "校医务室", "就业指导中心", "学生处", "教务处", "校长办公会", "发文",
    ]  # fmt: skip
    middle = {lane.name: lane.middle for lane in drawn.lanes}
    for row, flow in zip(drawn.rows, plain.flows, strict=True):
        assert len(row.nodes) == len(flow.steps)
        lanes = [middle[s.by] for s in flow.steps[:-1]] + [middle["发文"]]
        assert sorted(node.x for node in row.nodes) == sorted(lanes)
        assert all(row.top < node.top and node.top + drawn.high < row.top + row.height for node in row.nodes)


def test_no_box_covers_another_and_rows_follow_each_other(plain: PackInfo) -> None:
    drawn = chart("图", plain.flows)
    boxes = [(n.left, n.top) for row in drawn.rows for n in row.nodes]
    for i, (x, y) in enumerate(boxes):
        assert all(abs(x - a) >= drawn.wide or abs(y - b) >= drawn.high for a, b in boxes[i + 1 :])
    assert [row.top + row.height for row in drawn.rows] == [*(row.top for row in drawn.rows[1:]), drawn.height]


def test_a_way_back_to_an_earlier_office_goes_below() -> None:
    steps = (
        FlowStep("甲审核", "甲", "甲"),
        FlowStep("乙审核", "乙", "乙"),
        FlowStep("甲复核", "甲", "甲"),
        FlowStep("发文", "乙", "乙"),
    )
    (row,) = chart("图", [Flow(("休学",), steps)]).rows
    first, second, back, last = row.nodes
    assert (first.y, first.x) == (second.y, second.x - LANE)
    assert back.x == first.x
    assert back.y > first.y
    assert last.y == back.y


def test_the_svg_is_well_formed_and_accessible(counted: PackInfo) -> None:
    svg = render_svg(counted)
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    titled = {e.get("id"): e.text for e in root.iter() if e.tag in (f"{SVG}title", f"{SVG}desc")}
    named = (root.get("aria-labelledby") or "").split()
    assert titled[named[0]] == f"学生异动工作流程图（{counted.title}）"
    assert len(named) == len(titled) == 2
    text = " ".join(e.text or "" for e in root.iter() if e.tag in (f"{SVG}text", f"{SVG}tspan"))
    for words in ("休学", "保留学籍", "3 件", "▲缺1", "校长办公会", "原因为疾病", "仅在籍生"):
        assert words in text
    assert render_svg(counted) == svg


@pytest.mark.slow
def test_what_is_missing_before_the_first_step_is_said_too() -> None:
    change = {"change_no": "C1", "student_no": "1", "kind": "转入", "academic_on": "2026-10-09",
              "meeting_on": "2026-10-12", "issued_on": "2026-10-13"}  # fmt: skip
    pack = pack_info(load_pack(), snapshot_from_rows({"change": [change], "record": []}, AS_OF))
    assert "▲缺1" in render_svg(pack)


def test_hostile_text_in_a_pack_stays_text(plain: PackInfo) -> None:
    step = FlowStep("<script>坏</script>", '"><b>', "教务处")
    hostile = replace(plain, title="<i>&", flows=(Flow(("休学",), (step, step)),))
    ET.fromstring(render_svg(hostile))
    assert "<script>坏" not in render_svg(hostile) + render_procedures([hostile])


def test_the_table_says_what_the_picture_says(counted: PackInfo) -> None:
    html = render_procedures([counted])
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
    assert len(rows) == 1 + sum(len(flow.steps) for flow in counted.flows)
    assert any("学生处审核" in row and '<td class="n">3</td><td class="n">1</td>' in row for row in rows)


@pytest.mark.parametrize("name", ["图.svg", "图.html"])
def test_the_command_writes_either_form(tmp_path: Path, name: str) -> None:
    run = CliRunner().invoke(main, ["rules", "chart", "-o", str(tmp_path / name)])
    assert run.exit_code == 0, run.output
    assert "保留学籍" in (tmp_path / name).read_text(encoding="utf-8")


def test_the_command_refuses_what_it_cannot_write(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["rules", "chart", "-o", str(tmp_path / "图.png")]).exit_code == 2
    run = CliRunner().invoke(main, ["rules", "chart", "--pack", "moe-41", "-o", str(tmp_path / "图.svg")])
    assert (run.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert "没有异动程序" in run.output


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_the_screen_and_every_text_its_box(
    page: Page, tmp_path: Path, counted: PackInfo, width: int
) -> None:
    path = tmp_path / "procedures.html"
    path.write_text(render_procedures([counted]), encoding="utf-8")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(path.as_uri())
    expect(page.get_by_role("img", name="学生异动工作流程图")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    wide = page.evaluate("[...document.querySelectorAll('.chart .name, .chart .on')].map(t => t.getBBox().width)")
    assert max(wide) < 92
    assert said == []
