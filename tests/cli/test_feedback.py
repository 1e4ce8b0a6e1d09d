"""Sheets handed out, filled in and read back: what the next month's report makes of the answers."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from answers import Grid, filled
from click.testing import CliRunner, Result
from hostile import CELLS, damaged, damaged_inside
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from months import INSTITUTION, SECRET, checked, found, remember, store_in

from checks.findings.fingerprints import Seals
from checks.findings.waivers import load_waivers
from checks.followup.feedback import Feedback, proposals_yaml, read_feedback
from checks.history.store import Store, compared
from checks.results import Finding
from cli import main
from reports.month.month import monthly_report
from reports.papers.xlsx import render_split
from rules.errors import RuleError

ANNA, BELA, LATE = found("REG-01", "2023010101"), found("REG-01", "2023010102"), found("MRK-01", "YD1")
NO_XML = dict.fromkeys([*range(0xD800, 0xE000), 0xFFFE, 0xFFFF])


def report(store: Store, month: str, findings: Sequence[Finding]) -> tuple[dict[str, bytes], dict[str, str]]:
    """The split workbooks of a month, and 指纹 → 上次答复."""
    result = checked(f"{month}-25", findings)
    comparison = remember(store, month, result)
    view = monthly_report(compared(result, comparison), month, INSTITUTION, comparison)
    return render_split(view, Seals(SECRET)), {entry.fingerprint: entry.answered for entry in view.entries}


def read(store: Store, *files: Path) -> Feedback:
    read = read_feedback(files, SECRET, store.handed_out)
    for run, answers in read.answers.values():
        store.keep_answers(run, answers)
    return read


def codes(read: Feedback) -> dict[str, str]:
    return {name: answer.code for _, answers in read.answers.values() for name, answer in answers.items()}


def test_called_put_right_and_still_there(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    books, _ = report(store, "2026-10", [ANNA, BELA])
    answers = {ANNA.fingerprint: ("属实已改", ""), BELA.fingerprint: ("待改", "等补办")}
    done = read(store, filled(books["单位-教务处.xlsx"], tmp_path / "a.xlsx", answers))
    assert (done.refused, done.sheets) == ([], 1)
    _, said = report(store, "2026-11", [ANNA, BELA, LATE])
    assert said == {ANNA.fingerprint: "上月称已改仍在", BELA.fingerprint: "上月答复：待改", LATE.fingerprint: ""}


def test_an_answer_of_a_month_that_is_not_the_last_is_told_by_its_name(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    books, _ = report(store, "2026-09", [ANNA])
    read(store, filled(books["单位-教务处.xlsx"], tmp_path / "a.xlsx", {ANNA.fingerprint: ("属实已改", "")}))
    assert report(store, "2026-11", [ANNA])[1] == {ANNA.fingerprint: "2026年9月称已改仍在"}


def test_a_dispute_proposes_a_waiver_that_waives_nothing_until_somebody_answers_for_it(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    books, _ = report(store, "2026-10", [ANNA, BELA])
    answers = {ANNA.fingerprint: ("不属实", "已缴费: 见“收据”"), BELA.fingerprint: ("不属实", "")}
    done = read(store, filled(books["单位-教务处.xlsx"], tmp_path / "a.xlsx", answers))
    assert codes(done) == {ANNA.fingerprint: "disputed"}
    assert len(done.refused) == 1
    assert "没有写说明" in done.refused[0]
    proposed = tmp_path / "waivers.yaml"
    text = proposals_yaml(done.proposals, checked("2026-10-28").as_of)
    proposed.write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match="还没有填写 approver"):
        load_waivers(proposed, {"REG-01": ["student_no"]})
    proposed.write_text(text.replace("approver: ''", "approver: 教务处"), encoding="utf-8")
    with pytest.raises(RuleError, match="还没有填写 until"):
        load_waivers(proposed, {"REG-01": ["student_no"]})
    approved = text.replace("approver: ''", "approver: 教务处").replace("until: null", "until: 2027-01-31")
    proposed.write_text(approved, encoding="utf-8")
    (waiver,) = load_waivers(proposed, {"REG-01": ["student_no"]})
    assert (waiver.fingerprint, waiver.reason) == (ANNA.fingerprint, "已缴费: 见“收据”")


@pytest.mark.parametrize("head", ["指纹", "校验值", "对象", "规则", "级别", "情况"])
def test_an_altered_row_is_told_and_the_others_count(tmp_path: Path, head: str) -> None:
    store = store_in(tmp_path)
    books, _ = report(store, "2026-10", [ANNA, BELA])

    def alter(grid: Grid, at: int) -> None:
        grid[at + 1][grid[at].index(head)] = "0" * 32

    answers = {ANNA.fingerprint: ("待改", ""), BELA.fingerprint: ("待改", "")}
    done = read(store, filled(books["单位-教务处.xlsx"], tmp_path / "a.xlsx", answers, alter))
    assert codes(done) == {BELA.fingerprint: "pending"}
    assert done.refused[0].startswith("a.xlsx［问题清单］ 第6行")


def test_sorting_is_no_tampering_but_a_missing_row_is_told(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    books, _ = report(store, "2026-10", [ANNA, BELA])
    answers = {ANNA.fingerprint: ("待改", ""), BELA.fingerprint: ("系统原因", "")}

    def turned(grid: Grid, at: int) -> None:
        grid[at + 1 :] = grid[at + 1 :][::-1]

    def shorter(grid: Grid, at: int) -> None:
        del grid[at + 1]

    book = books["单位-教务处.xlsx"]
    assert read(store, filled(book, tmp_path / "a.xlsx", answers, turned)).refused == []
    done = read(store, filled(book, tmp_path / "b.xlsx", answers, shorter))
    assert codes(done) == {BELA.fingerprint: "system"}
    assert len(done.refused) == 1
    assert "全表校验值不符" in done.refused[0]


def test_an_unknown_choice_is_told_and_the_others_count(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    books, _ = report(store, "2026-10", [ANNA, BELA])
    answers = {ANNA.fingerprint: ("已改", ""), BELA.fingerprint: ("待改", "")}
    done = read(store, filled(books["单位-教务处.xlsx"], tmp_path / "a.xlsx", answers))
    assert codes(done) == {BELA.fingerprint: "pending"}
    assert "第6行的处理结果“已改”不认得" in done.refused[0]


def test_two_sheets_that_disagree_are_told(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    books, _ = report(store, "2026-10", [ANNA])
    office = filled(books["单位-教务处.xlsx"], tmp_path / "a.xlsx", {ANNA.fingerprint: ("待改", "")})
    college = filled(books["学院-土木工程学院.xlsx"], tmp_path / "b.xlsx", {ANNA.fingerprint: ("属实已改", "")})
    done = read(store, office, college)
    assert codes(done) == {ANNA.fingerprint: "pending"}
    assert "不一致，以先读到的为准" in done.refused[0]


def test_a_sheet_of_an_earlier_month_or_of_a_report_made_again_is_outdated(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    answers = {ANNA.fingerprint: ("待改", "")}
    first = filled(report(store, "2026-10", [ANNA])[0]["单位-教务处.xlsx"], tmp_path / "a.xlsx", answers)
    report(store, "2026-10", [ANNA, BELA])
    done = read(store, first)
    assert codes(done) == {}
    assert "不在历史库里" in done.refused[0]
    second = filled(report(store, "2026-10", [ANNA])[0]["单位-教务处.xlsx"], tmp_path / "b.xlsx", answers)
    assert codes(read(store, second)) == {ANNA.fingerprint: "pending"}  # the same result again, the same sheet
    report(store, "2026-11", [ANNA])
    done = read(store, second)
    assert codes(done) == {}
    assert "之后已有新的报告" in done.refused[0]


def test_put_right_gone_and_back_again(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    books, _ = report(store, "2026-09", [ANNA])
    read(store, filled(books["单位-教务处.xlsx"], tmp_path / "a.xlsx", {ANNA.fingerprint: ("属实已改", "")}))
    report(store, "2026-10", [])
    assert report(store, "2026-11", [ANNA])[1] == {ANNA.fingerprint: "2026年9月称已改，现又出现"}


def test_the_command_counts_tells_and_overwrites_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "fingerprint.key").write_text(SECRET.hex(), encoding="ascii")
    monkeypatch.setenv("XUEJIAN_HOME", str(home))
    monkeypatch.chdir(tmp_path)
    books, _ = report(store_in(home), "2026-10", [replace(ANNA), BELA])
    answers = {ANNA.fingerprint: ("不属实", "已注册"), BELA.fingerprint: ("待改", "")}
    file = filled(books["单位-教务处.xlsx"], tmp_path / "a.xlsx", answers)
    other = tmp_path / "b.xlsx"
    other.write_bytes(b"PK")

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, ["feedback", *words])

    done = run("a.xlsx", "b.xlsx")
    assert done.exit_code == 1
    assert "属实已改0项，待改1项，不属实1项，系统原因0项" in done.output
    assert "b.xlsx" in done.stderr
    assert ANNA.fingerprint in (tmp_path / "waivers-proposed.yaml").read_text(encoding="utf-8")
    again = run(str(file))
    assert again.exit_code == 2
    assert "不会覆盖" in again.output
    assert run(str(file), "-o", "w.yaml").exit_code == 0
    for nothing, said in (("b.xlsx", "b.xlsx"), (".", ". 打不开"), ("没有.xlsx", "没有.xlsx 打不开")):
        none = run(nothing, "-o", "v.yaml")
        assert (none.exit_code, said in none.stderr) == (2, True)


@pytest.mark.slow
def test_report_writes_the_workbooks_and_feedback_reads_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUEJIAN_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    data = tmp_path / "2026-11"
    data.mkdir()
    heads = "学号,身份证号,姓名,培养层次,学院,专业,入学日期,在校状态\n"
    students = heads + "1,,甲乙丙,本科,土木工程学院,土木工程,2023-09-01,休学\n"
    (data / "在校生.csv").write_text(students, encoding="utf-8")
    changes = "异动编号,学号,异动类别,发文日期,在校生平台标注日期\nB,1,休学,2026-10-09,\n"
    (data / "学籍异动.csv").write_text(changes, encoding="utf-8")
    (data / "snapshot.toml").write_text('as_of = 2026-11-25\ncollege = "秦岭学院"\n', encoding="utf-8")
    words = ["report", str(data), "--select", "MRK-01", "--split", "--jobs", "1", "-o", "out"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    first = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*.xlsx")}
    assert {"report.xlsx", "学院-土木工程学院.xlsx", "单位-学生处.xlsx"} <= {path.name for path in first}
    assert CliRunner().invoke(main, words).exit_code == 0
    assert {path: path.read_bytes() for path in first} == first
    back = CliRunner().invoke(main, ["feedback", "out/分表/学院-土木工程学院.xlsx"])
    assert (back.exit_code, "未填1行" in back.output) == (0, True)


@pytest.mark.slow
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=st.lists(st.tuples(st.sampled_from(["不属实", "待改"]) | CELLS, CELLS), min_size=2, max_size=2))
def test_whatever_an_office_writes_every_row_is_taken_or_told_and_a_proposal_says_what_was_written(
    tmp_path: Path, answers: list[tuple[str, str]]
) -> None:
    (tmp_path / "history.db").unlink(missing_ok=True)
    store = store_in(tmp_path)
    books, _ = report(store, "2026-10", [ANNA, BELA])
    written = [tuple(cell.translate(NO_XML)[:32_000] for cell in answer) for answer in answers]
    said = dict(zip((ANNA.fingerprint, BELA.fingerprint), written, strict=True))
    done = read(store, filled(books["单位-教务处.xlsx"], tmp_path / "a.xlsx", said))
    assert len(codes(done)) + done.blank + len(done.refused) == 2
    path = tmp_path / "waivers.yaml"
    text = proposals_yaml(done.proposals, checked("2026-10-28").as_of)
    path.write_text(text.replace("approver: ''", "approver: 甲").replace("until: null", "until: 2027-01-31"), "utf-8")
    assert len(load_waivers(path, {"REG-01": ["student_no"]})) == len(done.proposals)


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return report(store_in(tmp_path_factory.mktemp("store")), "2026-10", [ANNA, BELA])[0]["单位-教务处.xlsx"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_a_workbook_that_is_damaged_on_its_way_back_is_told(tmp_path: Path, handed_out: bytes, seed: int) -> None:
    path = tmp_path / "a.xlsx"
    for make in (damaged, damaged_inside):
        path.write_bytes(make(handed_out, seed))
        done = read_feedback([path], SECRET, lambda _: None)
        assert all("a.xlsx" in said and "\n" not in said for said in done.refused)
        assert done.refused, "the run is in no history"
