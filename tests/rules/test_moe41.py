"""The ministry's order No. 41 on the demo college: whom each rule finds, computed a second time by pandas alone."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from checks.results import CheckResult
from checks.run import Options, check
from facts.demo import write_demo
from facts.model.schema import columns
from facts.model.tables import TABLES
from facts.reading.load import load_snapshot
from rules.pack import load_packs

pytestmark = pytest.mark.slow

AS_OF = pd.Timestamp(2026, 11, 25)
NOW = "2026-2027-1"
DAYS = {"W": 14, "FILING": 92, "SERVICE": 730, "LESSONS": 5, "PENDING": 60, "OWED": 1}
SPECIAL = ("定向", "保送", "高水平运动队", "高水平艺术团", "艺术类", "运动训练", "单招单考")
STEPS = ("applied_on", "college_on", "affairs_on", "infirmary_on", "careers_on", "academic_on", "meeting_on", "exam_on",
         "proposed_on", "announced_on")  # fmt: skip
STILL = ("在读", "休学", "保留学籍")


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)


def write(path: Path, rows: pd.DataFrame) -> None:
    rows.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")


def plant(folder: Path) -> None:
    """What the demo has no case of: a transfer in, in the last year, that no meeting decided, nobody could read of and
    that was not filed, and one that came before its meeting and its publication; a change of major after admission by
    a special form; a withdrawal while the record must be kept, on its first day, on its last, and on the day after."""
    path = folder / "学籍异动.csv"
    rows, students, welcome = read(path), read(folder / "在校生.csv"), read(folder / "迎新.csv")
    issued = rows[rows["发文日期"].ne("") & rows["学号"].isin(students["学号"])].sort_values("发文日期")
    first, second = issued[issued["异动类别"].eq("转入")].index[:2]
    rows.loc[first, ["校长办公会日期", "公示日期", "备案日期"]] = ""
    day_after = pd.Timestamp(rows.loc[second, "发文日期"]) + pd.Timedelta(1, "D")
    rows.loc[second, ["校长办公会日期", "公示日期"]] = str(day_after.date())
    entered = pd.Timestamp(rows.loc[first, "发文日期"]) - pd.DateOffset(years=4)
    students.loc[students["学号"].eq(rows.loc[first, "学号"]), "入学日期"] = str(entered.date())
    moved = set(issued[issued["异动类别"].eq("转专业")]["学号"])
    exams = set(students[students["学号"].isin(moved)]["考生号"])
    special = welcome[welcome["考生号"].isin(exams)].index[0]
    welcome.loc[special, "入学方式"] = "艺术类"
    numbers = students[~students["学号"].isin(rows["学号"])]["学号"].head(3).tolist()
    more = [
        {"异动编号": f"ZK{i}", "学号": number, "异动类别": "保留学籍", "发文日期": "2024-09-08",
         "生效日期": "2024-09-10", "截止日期": "2026-09-09"}
        for i, number in enumerate(numbers)
    ]  # fmt: skip
    ends = (("自动退学", "2024-09-10"), ("取消学籍", "2026-09-09"), ("自动退学", "2026-09-10"))
    more += [
        {"异动编号": f"ZZ{i}", "学号": number, "异动类别": kind, "发文日期": day}
        for i, (number, (kind, day)) in enumerate(zip(numbers, ends, strict=True), 1)
    ]
    write(path, pd.concat([rows, pd.DataFrame(more)]).fillna(""))
    write(folder / "在校生.csv", students)
    write(folder / "迎新.csv", welcome)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo")
    write_demo(path, 1500, 3)
    plant(path)
    return path


@pytest.fixture(scope="module")
def result(folder: Path) -> CheckResult:
    return check(load_snapshot(folder, AS_OF.date()), load_packs(["moe-41"]), bytes(32), Options(jobs=2))


class College:
    """The exports as pandas reads them: English names, dates as dates, dates after as_of that are no plan missing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getattr__(self, table: str) -> pd.DataFrame:
        model = TABLES[table]
        path = self._folder / f"{model.about.heading}.csv"
        if not path.exists():
            return pd.DataFrame(columns=list(columns(model)))
        frame = pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)
        frame = frame.rename(columns={c.heading: c.name for c in columns(model).values()})
        for column in columns(model).values():
            if column.type == "date" and not column.computed:
                day = pd.to_datetime(frame[column.name], errors="coerce")
                frame[column.name] = day if column.plan else day.where(day <= AS_OF)
        return frame

    @property
    def issued(self) -> pd.DataFrame:
        return self.change[self.change["issued_on"].notna()]


def years_later(days: pd.Series, years: pd.Series) -> pd.Series:
    moved = [d + pd.DateOffset(years=int(n)) if pd.notna(n) else pd.NaT for d, n in zip(days, years, strict=True)]
    return pd.Series(moved, index=days.index, dtype="datetime64[ns]")


def unpaid(c: College) -> set[str]:
    fee = c.fee[c.fee["academic_year"] == "2026-2027"].copy()
    for name in ("payable", "paid", "relief"):
        fee[name] = (pd.to_numeric(fee[name]).fillna(0) * 100).round().astype(int)
    by = fee.groupby("student_no").agg(
        payable=("payable", "sum"), paid=("paid", "sum"), relief=("relief", "sum"), until=("deferred_until", "max")
    )
    owing = by[(by.payable - by.relief - by.paid >= DAYS["OWED"] * 100) & ~(by.until >= AS_OF)].index
    here = c.registration[(c.registration["term"] == NOW) & c.registration["registered_on"].notna()]["student_no"]
    aided = fee[fee["aid"].ne("")]["student_no"]
    return (set(here) & set(owing)) - set(aided)


def not_registered(c: College) -> set[str]:
    here = set(c.student[c.student["status"] == "在读"]["student_no"])
    done = c.registration[(c.registration["term"] == NOW) & c.registration["registered_on"].notna()]["student_no"]
    deferral = c.deferral[
        (c.deferral["term"] == NOW) & c.deferral["approved_on"].notna() & (c.deferral["until"] >= AS_OF)
    ]
    by_exam = c.student[c.student["exam_no"].isin(set(deferral["exam_no"]) - {""})]["student_no"]
    report_by = c.term[c.term["term"] == NOW]["report_by"].iloc[0]
    came = c.issued[c.issued["kind"].isin(["复学", "转入"]) & (c.issued["effective_on"] > report_by)]["student_no"]
    return here - set(done) - set(deferral["student_no"]) - set(by_exam) - set(came)


def too_long(c: College) -> set[str]:
    student = c.student[c.student["status"].isin(STILL)]
    ends = years_later(student["entered_on"], pd.to_numeric(student["length_years"]) + 2)
    served = c.issued[
        c.issued["kind"].eq("保留学籍") & c.issued["reason"].eq("入伍") & c.issued["effective_on"].notna()
    ]
    last = served["until"].where(served["until"] < AS_OF, AS_OF)
    days = ((last - served["effective_on"]).dt.days + 1).clip(lower=0).groupby(served["student_no"]).sum()
    ends += pd.to_timedelta(student["student_no"].map(days).fillna(0), unit="D")
    return set(student[ends < AS_OF]["student_no"])


def leave_over(c: College) -> set[str]:
    away = set(c.student[c.student["status"].isin(("休学", "保留学籍"))]["student_no"])
    leave = c.issued[c.issued["kind"].isin(("休学", "保留学籍"))]
    grace = pd.to_timedelta(leave["reason"].eq("入伍") * DAYS["SERVICE"], unit="D")
    leave = leave[leave["until"] + grace < AS_OF]
    found = set()
    for row in leave[leave["student_no"].isin(away)].itertuples():
        own = c.change[(c.change["student_no"] == row.student_no) & (c.change["change_no"] != row.change_no)]
        back = own[(own["kind"] == "复学") & (own["applied_on"] >= row.issued_on)]
        other = own[(own["kind"] != "复学") & (own["issued_on"] > row.issued_on)]
        if back.empty and other.empty:
            found.add(row.change_no)
    return found


def away_two_weeks(c: College) -> set[str]:
    calls = c.attendance[c.attendance["mode"].isin(("修读", "")) & c.attendance["held_on"].notna()]
    calls = calls[calls["held_on"] >= pd.Timestamp(2026, 8, 31)]
    absent = (
        calls["result"].eq("缺勤").groupby([calls["student_no"], calls["held_on"]]).all().rename("absent").reset_index()
    )
    here = set(c.student[c.student["status"] == "在读"]["student_no"])
    found = set()
    absent = absent[absent["student_no"].isin(here)].sort_values("held_on")
    for number, days in absent.groupby("student_no"):
        run = days[~days["absent"][::-1].cummin()[::-1]]
        tail = days[days["held_on"] > run["held_on"].max()] if len(run) else days
        if tail.empty or (tail["held_on"].iloc[-1] - tail["held_on"].iloc[0]).days + 1 < DAYS["W"]:
            continue
        start = tail["held_on"].iloc[0]
        own = c.change[(c.change["student_no"] == number)
                       & c.change["kind"].isin(("休学", "保留学籍", "自愿退学", "自动退学", "转出"))]  # fmt: skip
        pending = own["issued_on"].isna() & (own[list(STEPS)].max(axis=1) >= AS_OF - pd.Timedelta(DAYS["PENDING"], "D"))
        covering = own["issued_on"].notna() & (own["effective_on"] <= start) & ~(own["until"] < start)
        (class_no,) = set(c.student[c.student["student_no"] == number]["class_no"])
        placed = c.placement
        placed = placed[
            placed["student_no"].eq(number) | (placed["student_no"].eq("") & placed["class_no"].eq(class_no))
        ]
        placed = placed[(placed["from_on"] <= tail["held_on"].iloc[-1]) & (placed["until"] >= start)]
        excused = (pending | (own["issued_on"] >= start) | covering).any() or not placed.empty
        if len(tail) >= DAYS["LESSONS"] and not excused:
            found.add(number)
    return found


def not_announced(c: College, kind: str) -> set[str]:
    rows = c.issued[c.issued["kind"] == kind]
    return set(rows[~(rows["announced_on"] <= rows["issued_on"])]["change_no"])


def special_form(c: College) -> set[str]:
    special = c.student["exam_no"].isin(c.welcome[c.welcome["entry_mode"].isin(SPECIAL)]["exam_no"])
    rows = c.issued[c.issued["kind"] == "转专业"]
    return set(rows[rows["student_no"].isin(c.student[special]["student_no"])]["change_no"])


def kept_yet_ended(c: College) -> set[str]:
    kept = c.issued[c.issued["kind"] == "保留学籍"]
    ended = c.issued[c.issued["kind"].isin(("自动退学", "取消学籍"))]
    both = kept.merge(ended, on="student_no", suffixes=("", "_e"))
    within = (both["issued_on_e"] >= both["effective_on"]) & ~(both["issued_on_e"] > both["until"])
    both = both[within]
    back = c.issued[c.issued["kind"] == "复学"].merge(both, on="student_no", suffixes=("_b", ""))
    between = (back["effective_on_b"] > back["effective_on"]) & (back["effective_on_b"] <= back["issued_on_e"])
    return set(both["change_no_e"]) - set(back[between]["change_no_e"])


def transfers(c: College) -> pd.DataFrame:
    return c.issued[c.issued["kind"].isin(("转入", "转出"))].merge(c.student, on="student_no", suffixes=("", "_s"))


def first_term(c: College) -> set[str]:
    terms = c.term.sort_values("starts_on").drop_duplicates("academic_year")
    ends = {int(row.academic_year[:4]): row.ends_on for row in terms.itertuples()}
    both = transfers(c)
    return set(both[both["issued_on"] <= pd.to_datetime(both["entered_on"].dt.year.map(ends))]["change_no"])


def final_year(c: College) -> set[str]:
    both = transfers(c)
    repeated = c.issued[(c.issued["kind"] == "留级") & (c.issued["effective_on"] <= AS_OF)]["student_no"]
    begins = years_later(both["entered_on"], pd.to_numeric(both["length_years"]) - 1)
    return set(both[(begins <= both["issued_on"]) & ~both["student_no"].isin(repeated)]["change_no"])


def undecided(rows: pd.DataFrame) -> set[str]:
    return set(rows[~(rows["meeting_on"] <= rows["issued_on"])]["change_no"])


def transfer_undecided(c: College) -> set[str]:
    return undecided(c.issued[c.issued["kind"] == "转入"])


def withdrawal_undecided(c: College) -> set[str]:
    ended = c.issued[c.issued["kind"].isin(("自动退学", "取消学籍"))]
    return undecided(ended[ended["student_no"].isin(c.record["student_no"])])


def not_filed(c: College) -> set[str]:
    rows = c.issued[(c.issued["kind"] == "转入") & c.issued["filed_on"].isna()]
    return set(rows[rows["issued_on"] + pd.Timedelta(DAYS["FILING"], "D") < AS_OF]["change_no"])


EXPECTED = {
    "MOE-121": unpaid, "MOE-211": lambda c: not_announced(c, "转专业"), "MOE-213": special_form,
    "MOE-242": lambda c: not_announced(c, "转入"), "MOE-221": first_term, "MOE-222": final_year,
    "MOE-231": transfer_undecided, "MOE-241": not_filed, "MOE-271": kept_yet_ended, "MOE-301": too_long,
    "MOE-302": leave_over,
    "MOE-304": away_two_weeks, "MOE-305": not_registered, "MOE-561": withdrawal_undecided,
}  # fmt: skip


def test_every_rule_of_the_order_is_held_to_an_expectation(result: CheckResult) -> None:
    assert sorted(EXPECTED) == [rule.id for rule in result.rules]


@pytest.mark.parametrize("rule_id", sorted(EXPECTED))
def test_the_engine_and_pandas_find_the_same_people(rule_id: str, folder: Path, result: CheckResult) -> None:
    found = {next(iter(f.key.values())) for f in result.findings if f.rule == rule_id}
    assert found, "fires in the demo"
    assert found == EXPECTED[rule_id](College(folder))


def test_a_withdrawal_on_the_first_and_the_last_kept_day_and_not_on_the_day_after(result: CheckResult) -> None:
    found = {f.key["change_no"] for f in result.findings if f.rule == "MOE-271"}
    assert {"ZZ1", "ZZ2"} <= found
    assert "ZZ3" not in found


@pytest.mark.parametrize("rule_id", ["MOE-301", "MOE-302", "MOE-304", "MOE-305"])
def test_where_the_order_says_may_the_finding_is_a_candidate_never_a_violation(
    rule_id: str, result: CheckResult
) -> None:
    for finding in (f for f in result.findings if f.rule == rule_id):
        assert finding.severity in ("warning", "notice")
        assert "属可予退学处理的情形，待研究" in finding.message


def test_the_order_is_not_judged_unless_it_is_named(folder: Path) -> None:
    plain = check(load_snapshot(folder, date(2026, 11, 25)), load_packs(), bytes(32), Options(jobs=2))
    assert {f.pack for f in plain.findings} == {"xjtei-2020"}
