"""The commands as people type them: three months of one small college, one after another."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import main

pytestmark = pytest.mark.slow

STUDENTS = "学号,身份证号,姓名,培养层次,学院,专业,入学日期,在校状态\n"
CHANGES = "异动编号,学号,异动类别,发文日期,在校生平台标注日期\n"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("XUEJIAN_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def command(*words: object, code: int = 0) -> Result:
        result = CliRunner().invoke(main, [str(word) for word in words])
        assert result.exit_code == code, result.output
        return result

    return command


def snapshot(folder: Path, as_of: str, changes: str) -> Path:
    folder.mkdir()
    students = "".join(f"{n},,甲乙丙,本科,土木工程学院,土木工程,2023-09-01,休学\n" for n in (1, 2, 3))
    (folder / "在校生.csv").write_text(STUDENTS + students, encoding="utf-8")
    (folder / "学籍异动.csv").write_text(CHANGES + changes, encoding="utf-8")
    (folder / "snapshot.toml").write_text(f'as_of = {as_of}\ncollege = "秦岭学院"\n', encoding="utf-8")
    return folder


MONTHS = {
    # MRK-01: 1 is late from October on and marked in November; 2 comes in November, 3 was marked and the mark is gone.
    "2026-09": ("2026-09-30", "A,1,休学,2026-09-18,\nC,3,休学,2026-08-03,\n"),
    "2026-10": ("2026-10-28", "A,1,休学,2026-09-18,\nC,3,休学,2026-08-03,2026-10-09\n"),
    "2026-11": ("2026-11-25", "A,1,休学,2026-09-18,2026-11-02\nB,2,休学,2026-10-09,\nC,3,休学,2026-08-03,\n"),
}


def report(run: Run, tmp_path: Path, month: str, *more: object, code: int = 0) -> dict[str, str]:
    """change_no → state of MRK-01's findings in that month's report."""
    as_of, changes = MONTHS[month]
    folder = tmp_path / month
    if not folder.exists():
        snapshot(folder, as_of, changes)
    run("report", folder, "--select", "MRK-01", "--month", month, "-o", tmp_path / f"r{month}", *more, code=code)
    if code:
        return {}
    document = json.loads((tmp_path / f"r{month}" / "findings.json").read_text(encoding="utf-8"))
    return {finding["key"]["change_no"]: finding["state"] for finding in document["findings"]}


def test_three_months_know_each_other(run: Run, tmp_path: Path) -> None:
    assert report(run, tmp_path, "2026-09") == {"C": "new"}
    assert report(run, tmp_path, "2026-10") == {"A": "new"}
    assert report(run, tmp_path, "2026-11") == {"B": "new", "C": "back"}
    page = (tmp_path / "r2026-11" / "report.html").read_text(encoding="utf-8")
    assert "「再现」" in page
    assert "上次有、这次没有的问题（1项）" in page
    lines = run("history").output.splitlines()
    assert [line.split()[1] for line in lines[1:]] == ["2026-09", "2026-10", "2026-11"]
    runs = json.loads(run("history", "--format", "json").output)["runs"]
    assert [run["figures"]["solved"] for run in runs] == [None, 1, 1]
    said = run("diff", "2026-10", "2026-11", code=1).output
    assert "新1项，再现1项，未结0项，已解决1项" in said
    assert run("diff", "2026-11", "2026-11").exit_code == 0


def test_a_report_made_again_has_the_same_bytes(run: Run, tmp_path: Path) -> None:
    report(run, tmp_path, "2026-09")
    kept = []
    for _ in range(2):
        report(run, tmp_path, "2026-10")
        kept.append([(tmp_path / "r2026-10" / name).read_bytes() for name in ("findings.json", "report.html")])
    assert kept[0] == kept[1]


def test_a_lost_key_stops_the_report_and_names_the_way_on(run: Run, tmp_path: Path) -> None:
    report(run, tmp_path, "2026-09")
    (tmp_path / "home" / "fingerprint.key").unlink()
    snapshot(tmp_path / "2026-10", *MONTHS["2026-10"])
    refused = run("report", tmp_path / "2026-10", "--select", "MRK-01", "-o", tmp_path / "r", code=2)
    assert refused.stderr.count("\n") == 1
    assert "xuejian history reset-key" in refused.stderr
    assert not (tmp_path / "r").exists()
    assert "请加 --yes" in run("history", "reset-key", code=2).stderr
    run("history", "reset-key", "--yes")
    assert "没有什么要改" in run("history", "reset-key").output
    assert report(run, tmp_path, "2026-10") == {"A": "new"}
    assert "指纹密钥在2026年" not in (page := (tmp_path / "r2026-10" / "report.html").read_text(encoding="utf-8"))
    assert "指纹密钥在2026-09之后换过" in page


def test_without_a_store_there_is_no_key_to_give_up(run: Run, tmp_path: Path) -> None:
    assert "还没有历史库，没有什么要改" in run("history", "reset-key", "--yes").output
    assert not (tmp_path / "home").exists()


def test_a_run_kept_by_mistake_is_forgotten_by_its_number(run: Run, tmp_path: Path) -> None:
    assert "还没有历史库" in run("history", "forget", 1, code=2).stderr
    report(run, tmp_path, "2026-09")
    report(run, tmp_path, "2026-10")
    refused = run("history", "forget", 2, code=2).stderr
    assert refused.count("\n") == 1
    assert "编号2（2026-10，数据截至2026-10-28，秦岭学院）" in refused
    assert "请加 --yes" in refused
    assert "没有 7 的记录" in run("history", "forget", 7, "--yes", code=2).stderr
    assert "已从历史库删去编号2" in run("history", "forget", 2, "--yes").output
    assert [line.split()[1] for line in run("history").output.splitlines()[1:]] == ["2026-09"]


@pytest.mark.parametrize(("answer", "left"), [("n\n", 1), ("y\n", 0)])
def test_on_a_terminal_it_is_asked_before_a_run_is_forgotten(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, left: int
) -> None:
    report(run, tmp_path, "2026-09")
    monkeypatch.setattr("reports.console.consent.on_terminal", lambda: True)
    done = CliRunner().invoke(main, ["history", "forget", "1"], input=answer)
    assert done.exit_code == 0
    assert "从历史库删去编号1（2026-09" in done.output
    assert len(json.loads(run("history", "--format", "json").output)["runs"]) == left


def test_a_month_done_again_has_the_same_bytes_when_later_ones_are_kept_too(run: Run, tmp_path: Path) -> None:
    def pages(month: str) -> list[bytes]:
        report(run, tmp_path, month)
        return [(tmp_path / f"r{month}" / name).read_bytes() for name in ("findings.json", "report.html")]

    first = {month: pages(month) for month in MONTHS}
    assert {month: pages(month) for month in MONTHS} == first


def test_a_report_on_some_rules_leaves_the_months_run(run: Run, tmp_path: Path) -> None:
    folder = snapshot(tmp_path / "s", *MONTHS["2026-10"])
    run("report", folder, "--select", "MRK-01,MRK-03", "-o", tmp_path / "r")
    kept = run("history", "--format", "json").output
    some = run("report", folder, "--select", "MRK-01,MRK-03", "--ignore", "MRK-03", "-o", tmp_path / "some", "--split")
    assert some.stderr.startswith("xuejian: 只核查了所选的规则，没有记入历史：2026-10已有的记录核查了更多规则")
    assert "这次发出的分表不能收回" in some.stderr
    assert "没有记入历史" in (tmp_path / "some" / "report.html").read_text(encoding="utf-8")
    assert run("history", "--format", "json").output == kept


def test_the_password_of_the_history_comes_as_that_of_the_source_does(run: Run, tmp_path: Path) -> None:
    url = "postgresql+pg8000://u:${XUEJIAN_NO_SUCH}@127.0.0.1:1/h"
    assert "请先设好环境变量 XUEJIAN_NO_SUCH" in run("history", "--history", url, code=2).stderr
    (tmp_path / "xuejian.toml").write_text('history = "postgresql://u@127.0.0.1:1/h"\npassword_file = "none"\n')
    assert "password_file 指的文件“none”读不了" in run("history", code=2).stderr


def test_the_history_stands_where_the_configuration_says(run: Run, tmp_path: Path) -> None:
    (tmp_path / "xuejian.toml").write_text('history = "kept/months.db"\n', encoding="utf-8")
    report(run, tmp_path, "2026-09")
    assert (tmp_path / "kept" / "months.db").is_file()
    assert not (tmp_path / "home" / "history.sqlite3").exists()
    assert "2026-09" in run("history").output
    assert "没有历史库" in run("history", "--history", tmp_path / "other.db", code=2).stderr
    assert not (tmp_path / "other.db").exists()


def test_a_month_that_the_data_are_later_than_leaves_no_trace(run: Run, tmp_path: Path) -> None:
    snapshot(tmp_path / "s", *MONTHS["2026-11"])
    refused = run("report", tmp_path / "s", "--select", "MRK-01", "--month", "2026-10", code=2)
    assert "晚于2026年10月" in refused.stderr
    assert "还没有核查记录" in run("history").output
    run("report", tmp_path / "s", "--select", "MRK-01", "--month", "2026-10", "--as-of", "2026-10-31")
    assert "2026-10" in run("history").output


def test_a_month_far_after_the_data_leaves_no_trace(run: Run, tmp_path: Path) -> None:
    snapshot(tmp_path / "s", *MONTHS["2026-11"])
    for month, said in (("2028-12", "早25个月"), ("9999-12", "不是月份"), ("２０２６-11", "不是月份")):
        refused = run("report", tmp_path / "s", "--select", "MRK-01", "--month", month, code=2).stderr
        assert said in refused
        assert refused.count("\n") == 1
    assert "还没有核查记录" in run("history").output


def test_a_month_that_is_none_leaves_no_trace(run: Run, tmp_path: Path) -> None:
    snapshot(tmp_path / "s", *MONTHS["2026-09"])
    assert "2026-11 的形式" in run("report", tmp_path / "s", "--month", "2026-13", code=2).stderr
    assert "还没有核查记录" in run("history").output


def test_a_baseline_lets_only_what_is_new_fail_the_check(run: Run, tmp_path: Path) -> None:
    for month, written in MONTHS.items():
        snapshot(tmp_path / month, *written)
    old = tmp_path / "old.json"
    run("check", tmp_path / "2026-09", "--select", "MRK-01", "--format", "json", "-o", old, code=1)
    run("check", tmp_path / "2026-09", "--select", "MRK-01", "--baseline", old)
    said = run("check", tmp_path / "2026-11", "--select", "MRK-01", "--baseline", old, code=1).output
    assert "其中新1项、未结1项" in said
    assert "读不了" in run("check", tmp_path / "2026-09", "--baseline", tmp_path / "none.json", code=2).stderr


WAIVERS = """
waivers:
  - {rule: MRK-01, key: {change_no: C}, reason: 系统故障已报修, approver: 学生处负责人, until: 2026-10-31}
"""


def test_a_waiver_holds_until_its_day_in_check_and_report(run: Run, tmp_path: Path) -> None:
    (tmp_path / "waivers.yaml").write_text(WAIVERS, encoding="utf-8")
    snapshot(tmp_path / "2026-09", *MONTHS["2026-09"])
    snapshot(tmp_path / "2026-11", *MONTHS["2026-11"])
    run("check", tmp_path / "2026-09", "--select", "MRK-01", "--waivers", "waivers.yaml")
    assert report(run, tmp_path, "2026-09", "--waivers", "waivers.yaml") == {"C": "waived"}
    late = run("check", tmp_path / "2026-11", "--select", "MRK-01", "--waivers", "waivers.yaml", code=1).output
    assert "已于2026年10月31日到期，不再适用，1项重新计入" in late
    (tmp_path / "xuejian.toml").write_text('waivers = "waivers.yaml"\n', encoding="utf-8")
    run("check", tmp_path / "2026-09", "--select", "MRK-01")


def test_what_can_not_be_compared_is_said_in_a_sentence(run: Run, tmp_path: Path) -> None:
    assert "还没有历史库" in run("diff", "2026-09", "2026-10", code=2).stderr
    report(run, tmp_path, "2026-09")
    assert "没有 2026-10 的记录" in run("diff", "2026-09", "2026-10", code=2).stderr
    assert "读不了" in run("diff", "old.json", "new.json", code=2).stderr
