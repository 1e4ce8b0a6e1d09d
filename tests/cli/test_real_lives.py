"""People that a real college has, each made by one edit of the demo college: who is not to be accused, who is found."""

import json
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from exports import Exports, Row

from cli import main
from facts.demo import write_demo
from facts.model.identity import complete

AS_OF = date(2026, 11, 25)
NOW, BEFORE = "2026-2027-1", "2025-2026-2"
SOLDIER = ("LEV-01", "LEV-04", "LEV-05", "MRK-09", "MOE-302")
Key = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Judged:
    """What a check of some rules came to."""

    found: Mapping[str, frozenset[Key]]
    """Rule → the keys of its findings."""
    status: Mapping[str, str]
    reason: Mapping[str, str]
    severity: Mapping[tuple[str, Key], str]

    def beyond(self, other: "Judged") -> dict[str, frozenset[Key]]:
        """What was found here and not there; rules without any are left out."""
        return {rule: keys - other.found[rule] for rule, keys in self.found.items() if keys - other.found[rule]}


Judge = Callable[..., Judged]


def judged(folder: Path, *rules: str) -> Judged:
    words = ["check", folder, "--pack", "xjtei-2020", "--pack", "moe-41", "--select", ",".join(rules), "--jobs", 1]
    asked = [*words, "--format", "json", "--show-personal", "--fail-on", "never"]
    result = CliRunner().invoke(main, [str(word) for word in asked], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    document: dict[str, Any] = json.loads(result.stdout)
    assert document["set_aside"] == []
    found: dict[str, set[Key]] = {rule: set() for rule in rules}
    severity = {}
    for each in document["findings"]:
        key = tuple(sorted(each["key"].items()))
        found[each["rule"]].add(key)
        severity[each["rule"], key] = each["severity"]
    return Judged(
        {rule: frozenset(keys) for rule, keys in found.items()},
        {each["id"]: each["status"] for each in document["rules"]},
        {each["id"]: each["reason"] or "" for each in document["rules"]},
        severity,
    )


def key(**fields: str) -> frozenset[Key]:
    """The keys of one finding alone."""
    return frozenset({tuple(sorted(fields.items()))})


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """An empty current folder, and a fingerprint key of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("here"))
        patch.setenv("XUEJIAN_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("XUEJIAN_DEBUG", "1")
        yield


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo(tmp_path_factory.mktemp("demo"), 600, 1).path


@pytest.fixture(scope="module")
def before(demo: Path) -> Judge:
    """The demo itself, as it was written."""
    return cache(lambda *rules: judged(demo, *rules))


@pytest.fixture
def exports(demo: Path, tmp_path: Path) -> Exports:
    """The demo to edit."""
    return Exports(Path(shutil.copytree(demo, tmp_path / "exports")))


@pytest.fixture(scope="module")
def untroubled(demo: Path) -> Row:
    """A student of an earlier year who is 在读, stands under one number everywhere and has no change of any kind, and
    in whose row and class nothing is planted."""
    college = Exports(demo)
    known = (demo / "planted.json").read_text(encoding="utf-8")
    changed = {row["学号"] for row in college.rows("学籍异动")} | {row["学号"] for row in college.rows("暂缓报到")}
    welcomed = {row["考生号"]: row for row in college.rows("迎新") if row["报到状态"] == "已报到"}
    recorded = {row["学号"]: row for row in college.rows("学籍")}
    classes = Counter(row["班级号"] for row in college.rows("在校生"))
    return next(
        row
        for row in college.rows("在校生")
        if row["在校状态"] == "在读"
        and "2023" < row["年级"] < "2026"
        and classes[row["班级号"]] > 1
        and row["学号"] not in changed
        and not any(row[name] in known for name in ("学号", "身份证号", "考生号", "班级号"))
        and row["考生号"] in welcomed
        and row["学号"] in recorded
        and welcomed[row["考生号"]]["身份证号"] == recorded[row["学号"]]["身份证号"] == row["身份证号"]
    )


@pytest.fixture(scope="module")
def dropout(before: Judge) -> str:
    """The number of a student who stays away and of whom nobody has reported it."""
    return min(dict(each)["student_no"] for each in before("WDR-04").found["WDR-04"])


@pytest.fixture(scope="module")
def leave(demo: Path, before: Judge) -> Row:
    """An issued 休学 that still runs, of a student who is 休学 and has no other change."""
    college = Exports(demo)
    away = {row["学号"] for row in college.rows("在校生") if row["在校状态"] == "休学"}
    changes = college.rows("学籍异动")
    numbers = [row["学号"] for row in changes]
    known = (demo / "planted.json").read_text(encoding="utf-8")
    return next(
        row
        for row in changes
        if row["异动类别"] == "休学" and row["发文日期"] and row["截止日期"] > str(AS_OF)
        and row["学号"] in away and numbers.count(row["学号"]) == 1 and row["异动编号"] not in known
    )  # fmt: skip


def serve(exports: Exports, leave: Row, until: date) -> None:
    """Make the leave that of a soldier who is discharged on `until`, two years after he left."""
    exports.put("在校生", lambda row: row["学号"] == leave["学号"], 在校状态="保留学籍")
    exports.put(
        "学籍异动",
        lambda row: row["异动编号"] == leave["异动编号"],
        异动类别="保留学籍",
        异动原因="入伍",
        生效日期=str(until - timedelta(730)),
        截止日期=str(until),
    )


# --- attendance


@pytest.mark.parametrize("results", [("缺勤",), ("缺勤", "迟到", "早退", "请假")], ids=["absences", "exceptions"])
def test_an_export_of_exceptions_alone_tells_of_nobody_who_came_or_stayed_away(
    exports: Exports, results: tuple[str, ...]
) -> None:
    rules = ("REG-01", "REG-09", "LEV-02", "WDR-04", "WDR-05", "MOE-304")
    exports.keep("考勤", lambda row: row["考勤结果"] in results)
    result = judged(exports.folder, *rules)
    assert result.status == dict.fromkeys(rules, "not checked")
    assert not any(result.found.values())
    assert all(result.reason[rule] for rule in rules)


def test_a_student_who_is_on_a_placement_has_not_dropped_out(exports: Exports, before: Judge, dropout: str) -> None:
    rules = ("WDR-04", "WDR-05", "MOE-304")
    assert dropout in str(before(*rules).found["WDR-04"])
    placement = {"班级号": "", "学号": dropout, "开始日期": "2026-09-01", "结束日期": "2027-01-10", "类别": "顶岗实习"}
    exports.add("实习安排", placement)
    result = judged(exports.folder, *rules)
    assert dropout not in str(result.found)
    assert not result.beyond(before(*rules))


def test_nor_has_a_student_whose_class_is_on_a_placement(exports: Exports, before: Judge, dropout: str) -> None:
    (class_no,) = {row["班级号"] for row in exports.rows("在校生") if row["学号"] == dropout}
    placement = {"班级号": class_no, "学号": "", "开始日期": "2026-09-01", "结束日期": "2027-01-10", "类别": "顶岗实习"}
    exports.add("实习安排", placement)
    result = judged(exports.folder, "WDR-04", "WDR-05", "MOE-304")
    assert dropout not in str(result.found)
    assert not result.beyond(before("WDR-04", "WDR-05", "MOE-304"))


# --- fees and registration


@pytest.mark.parametrize("aid", ["助学贷款", "绿色通道", ""])
def test_who_waits_for_a_loan_and_is_registered_owes_nothing_yet(exports: Exports, aid: str) -> None:
    paid = {"实缴金额": "0.00", "减免金额": "0.00", "缓缴至": "", "缴费注册日期": "2026-09-02", "资助方式": aid}
    assert exports.put("缴费", lambda row: row["学年"] == "2026-2027", **paid) >= 250
    result = judged(exports.folder, "REG-03", "REG-08", "MOE-121")
    if aid:
        assert not any(result.found.values())
        assert set(result.status.values()) == {"clean"}
    else:
        assert all(len(keys) >= 200 for keys in result.found.values())


def attended_before(exports: Exports) -> str:
    """Let all students attend on a day of the last term as they did on a day of this one; who of them is registered
    in both terms."""
    lessons = [row | {"上课日期": "2026-04-14"} for row in exports.rows("考勤") if row["上课日期"] == "2026-10-13"]
    exports.add("考勤", *lessons)
    attended = {row["学号"] for row in lessons if row["考勤结果"] == "出勤" and row["修读方式"] == "修读"}
    registered = [row["学号"] for row in exports.rows("学期注册") if row["学期"] == BEFORE]
    return next(number for number in registered if number in attended)


def test_where_no_registration_of_past_terms_is_kept_nobody_lacks_one_there(exports: Exports, before: Judge) -> None:
    attended_before(exports)
    exports.keep("学期注册", lambda row: row["学期"] == NOW)
    result = judged(exports.folder, "REG-01")
    assert result.found["REG-01"] == {each for each in before("REG-01").found["REG-01"] if ("term", NOW) in each}
    assert BEFORE in result.reason["REG-01"].partition("学期注册")[2]


def test_where_it_is_kept_who_lacks_one_is_found_and_it_is_over(exports: Exports, before: Judge) -> None:
    number = attended_before(exports)
    exports.keep("学期注册", lambda row: (row["学号"], row["学期"]) != (number, BEFORE))
    result = judged(exports.folder, "REG-01")
    missing = key(student_no=number, term=BEFORE)
    assert missing <= result.found["REG-01"]
    assert {result.severity["REG-01", each] for each in missing} == {"warning"}


@pytest.mark.parametrize("kept", [BEFORE, None], ids=["a past term", "a few slips of this one"])
def test_where_the_registrations_of_this_term_are_not_kept_nobody_lacks_one(exports: Exports, kept: str | None) -> None:
    rules = ("REG-02", "REG-07", "MOE-305")
    few = [row for row in exports.rows("学期注册") if row["学期"] == NOW][:2]
    exports.keep("学期注册", lambda row: row["学期"] == BEFORE)
    if kept is None:
        exports.add("学期注册", *few)
    result = judged(exports.folder, *rules)
    assert result.status == dict.fromkeys(rules, "not checked")
    assert not any(result.found.values())
    assert all(f"学期注册数据未覆盖{NOW}" in result.reason[rule] for rule in rules)


# --- soldiers


@pytest.mark.parametrize("until", [date(2026, 9, 25), AS_OF - timedelta(730)], ids=["two months ago", "two years ago"])
def test_a_soldier_may_come_back_for_two_years(exports: Exports, before: Judge, leave: Row, until: date) -> None:
    serve(exports, leave, until)
    assert not judged(exports.folder, *SOLDIER).beyond(before(*SOLDIER))


def test_a_soldier_who_is_not_back_a_day_later_is_found(exports: Exports, before: Judge, leave: Row) -> None:
    serve(exports, leave, AS_OF - timedelta(731))
    found = judged(exports.folder, *SOLDIER).beyond(before(*SOLDIER))
    assert found["LEV-01"] == key(change_no=leave["异动编号"])


# --- numbers and names


def renumber(exports: Exports, old: str, new: str) -> int:
    """Give a class another number. How many students it has now and had a month ago."""
    earlier = Exports(exports.folder / "2026-10")
    were = {row["学号"] for row in earlier.rows("在校生") if row["班级号"] == old}
    exports.put("班级", lambda row: row["班级号"] == old, 班级号=new)
    exports.put("在校生", lambda row: row["班级号"] == old, 班级号=new)
    return sum(row["班级号"] == new and row["学号"] in were for row in exports.rows("在校生"))


def test_a_class_that_got_another_number_on_paper_changed_nobody(
    exports: Exports, before: Judge, untroubled: Row
) -> None:
    renumber(exports, untroubled["班级号"], "90000101")
    paper = {"编号类别": "班级号", "原编号": untroubled["班级号"], "新编号": "90000101"}
    exports.add("编号对照", paper | {"变更日期": "2026-11-10", "依据": "秦院学〔2026〕9号"})
    assert judged(exports.folder, "IDN-08", "CLS-03").beyond(before("IDN-08", "CLS-03")) == {}


def test_without_the_paper_each_of_its_students_is_found(exports: Exports, before: Judge, untroubled: Row) -> None:
    students = renumber(exports, untroubled["班级号"], "90000101")
    found = judged(exports.folder, "IDN-08", "CLS-03").beyond(before("IDN-08", "CLS-03"))
    assert set(found) == {"IDN-08"}
    assert len(found["IDN-08"]) == students > 1


def test_a_major_is_the_same_whichever_brackets_a_system_writes(
    exports: Exports, before: Judge, untroubled: Row
) -> None:
    rules = ("ADM-07", "CLS-01", "CLS-04", "TRF-02")
    class_no = untroubled["班级号"]
    members = [row for row in exports.rows("在校生") if row["班级号"] == class_no]
    numbers, exams = {row["学号"] for row in members}, {row["考生号"] for row in members}
    exports.put("班级", lambda row: row["班级号"] == class_no, 专业="空中乘务（校企合作）")
    exports.put("学籍", lambda row: row["学号"] in numbers, 专业="空中乘务（校企合作）")
    exports.put("迎新", lambda row: row["考生号"] in exams, 录取专业="空中乘务（校企合作）")
    exports.put("在校生", lambda row: row["班级号"] == class_no, 专业="空中乘务(校企合作)")
    exports.put("在校生", lambda row: row["学号"] == untroubled["学号"], 专业="空中乘务 （校企合作)")
    assert judged(exports.folder, *rules).beyond(before(*rules)) == {}


@pytest.mark.parametrize("id_type", ["护照", ""])
def test_a_passport_is_no_identity_card(exports: Exports, before: Judge, untroubled: Row, id_type: str) -> None:
    rules = ("IDN-03", "IDN-04", "IDN-07", "IDN-09")
    for table, name in (("在校生", "学号"), ("学籍", "学号"), ("迎新", "考生号")):
        number = untroubled[name]
        exports.put(table, lambda row, n=name, v=number: row[n] == v, 身份证号="E12345678", 证件类型=id_type)
    found = judged(exports.folder, *rules).beyond(before(*rules))
    assert set(found) == (set() if id_type else {"IDN-03"})
    assert len(found.get("IDN-03", ())) == (0 if id_type else 3)


def test_another_person_behind_an_admission_is_found(exports: Exports, before: Judge, untroubled: Row) -> None:
    rules = ("IDN-07", "IDN-09")
    (other,) = complete(["61010120060115001"])
    exports.put("迎新", lambda row: row["考生号"] == untroubled["考生号"], 身份证号=str(other))
    found = judged(exports.folder, *rules).beyond(before(*rules))
    assert found == {"IDN-09": key(exam_no=untroubled["考生号"])}


# --- changes


@pytest.mark.parametrize("status", ["退学", "休学", "开除学籍"])
def test_a_status_that_no_document_gave_is_found(exports: Exports, before: Judge, untroubled: Row, status: str) -> None:
    exports.put("在校生", lambda row: row["学号"] == untroubled["学号"], 在校状态=status)
    found = judged(exports.folder, "MRK-06", "MRK-09").beyond(before("MRK-06", "MRK-09"))
    assert found == {"MRK-09": key(student_no=untroubled["学号"])}


def test_what_was_applied_for_in_2024_and_never_issued_excuses_nobody(
    exports: Exports, before: Judge, dropout: str
) -> None:
    rules = ("PRC-03", "WDR-04")
    exports.add("学籍异动", {"异动编号": "YD202499999", "学号": dropout, "异动类别": "休学", "申请日期": "2024-09-10"})
    result = judged(exports.folder, *rules)
    assert result.beyond(before(*rules)) == {"PRC-03": key(change_no="YD202499999")}
    assert key(student_no=dropout) <= result.found["WDR-04"]


def test_what_was_applied_for_this_month_excuses_him(exports: Exports, before: Judge, dropout: str) -> None:
    rules = ("PRC-03", "WDR-04")
    exports.add("学籍异动", {"异动编号": "YD202699999", "学号": dropout, "异动类别": "休学", "申请日期": "2026-11-10"})
    result = judged(exports.folder, *rules)
    assert result.beyond(before(*rules)) == {}
    assert dropout not in str(result.found["WDR-04"])
