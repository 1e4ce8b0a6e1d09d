"""What depends on the case: what is over, whose a finding is, what it follows from; and what a rule looks at."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import small

from checks.results import Finding

SPRING: Any = {
    "term": "2025-2026-2", "academic_year": "2025-2026", "starts_on": date(2026, 3, 2), "report_by": date(2026, 3, 6),
    "ends_on": date(2026, 7, 12),
}  # fmt: skip
AUTUMN: Any = {
    "term": "2026-2027-1", "academic_year": "2026-2027", "starts_on": date(2026, 8, 31), "report_by": date(2026, 9, 4),
    "ends_on": date(2027, 1, 17),
}  # fmt: skip
LATE = small.rule(
    "ADM-10",
    ["checkin.student_no", "checkin.term"],
    {"term": ""},
    {"checkin": "term == term.term and marked_on is not None"},
    over="not term.current",
)


def marked(term: str, student_no: str = "1", **more: Any) -> dict[str, Any]:
    return {"student_no": student_no, "term": term, "marked_on": date(2026, 3, 30)} | more


def findings(tmp_path: Path, *rules: dict[str, Any], parameters: Any = None, **tables: Any) -> list[Finding]:
    pack = small.pack(tmp_path / "pack", *rules, parameters=parameters)
    return list(small.judged(small.rows(term=[SPRING, AUTUMN], **tables), pack).findings)


@pytest.mark.parametrize(("severity", "milder"), [("error", "warning"), ("warning", "notice"), ("notice", "notice")])
def test_a_finding_that_is_over_is_one_step_milder(tmp_path: Path, severity: str, milder: str) -> None:
    rows = [marked(SPRING["term"]), marked(AUTUMN["term"])]
    past, now = findings(tmp_path, {**LATE, "severity": severity}, checkin=rows)
    assert [(f.key["term"], f.severity) for f in (past, now)] == [
        ("2025-2026-2", milder), ("2026-2027-1", severity),
    ]  # fmt: skip


def test_a_finding_is_over_only_where_all_its_matches_are_and_speaks_of_one_that_is_not(tmp_path: Path) -> None:
    by_student = {**LATE, "per": ["checkin.student_no"], "message": "{{ checkin.term }} 未报到"}
    by_student["examples"] = [
        {**each, "finds": [{"student_no": "1"}] if each["finds"] else []} for each in LATE["examples"]
    ]
    (both,) = findings(tmp_path / "a", by_student, checkin=[marked(SPRING["term"]), marked(AUTUMN["term"])])
    assert (both.severity, both.message) == ("error", "2026-2027-1 未报到")
    (past,) = findings(tmp_path / "b", by_student, checkin=[marked(SPRING["term"])])
    assert past.severity == "warning"
    assert "current" in past.evidence[0].fields or "current" in past.evidence[1].fields, "what makes it over is shown"


def test_the_first_case_that_holds_names_the_owner(tmp_path: Path) -> None:
    by_case = {
        **LATE,
        "owner": [
            {"owner": "财务处", "when": 'checkin.student_no == "1"'},
            {"owner": "学生处", "when": "checkin.arrived_on is None"},
            {"owner": "教务处"},
        ],
    }
    rows = [marked(AUTUMN["term"], n, arrived_on=day) for n, day in (("1", None), ("2", None), ("3", date(2026, 9, 1)))]
    pack = small.pack(tmp_path / "pack", by_case)
    result = small.judged(small.rows(term=[AUTUMN], checkin=rows), pack)
    assert [f.owner for f in result.findings] == ["财务处", "学生处", "教务处"]
    assert small.outcome(result, "ADM-10").owner == "按情形"


def test_a_rule_says_what_it_looks_at(tmp_path: Path) -> None:
    students: Any = [{"student_no": str(n), "status": status} for n, status in enumerate(("在读", "在读", "毕业"))]
    leave = small.rule("CLS-02", ["change.change_no"], {"change": ""}, {"student": "student_no == change.student_no"})
    for population, considered in (
        (None, 0), ({"student": None}, 3), ({"student": 'status == "在读"'}, 2),
        ({"student": 'status == "在读"', "term": ""}, 3),
    ):  # fmt: skip
        rule = leave if population is None else leave | {"population": population}
        pack = small.pack(tmp_path / "pack", rule)
        found = small.outcome(small.judged(small.rows(student=students, change=[], term=[AUTUMN]), pack), "CLS-02")
        assert (found.status, found.considered) == ("clean", considered)


def test_a_limit_that_the_regulation_does_not_name_is_told_with_the_finding(tmp_path: Path) -> None:
    days: Any = {"title": "备案期限", "type": "int", "unit": "天", "value": 30}
    unfiled = small.rule(
        "WDR-01", ["change.change_no"], {"change": "as_of > issued_on + params.filing_days"}, message="未备案"
    )
    change = [{"change_no": "C1", "student_no": "1", "issued_on": date(2026, 9, 1)}]

    def message(rule: dict[str, Any], parameter: dict[str, Any]) -> str:
        (found,) = findings(tmp_path, rule, parameters={"filing_days": parameter}, change=change)
        return found.message

    assert message(unfiled, days) == "未备案"
    assert message(unfiled, days | {"basis": "校内"}) == "未备案（规定未定期限，本校按 30 天掌握）"
    several = {"title": "类别", "type": "text", "shape": "list", "basis": "校内", "value": ["转出"]}
    of_kinds = unfiled | {"when": [{"change": "kind in params.kinds and as_of > issued_on"}]}
    (found,) = findings(tmp_path, of_kinds, parameters={"kinds": several}, change=[change[0] | {"kind": "转出"}])
    assert found.message == "未备案", "whom a rule concerns is no limit"
    told = unfiled | {"message": "超过本校所定的{{ params.filing_days }}天"}
    assert message(told, days | {"basis": "校内"}) == "超过本校所定的30天"


def test_a_consequence_follows_a_cause_of_its_own_term(tmp_path: Path) -> None:
    effect = {**LATE, "id": "ADM-11", "follows": ["ADM-10"]}
    rows = [marked(SPRING["term"]), marked(AUTUMN["term"])]
    found = findings(tmp_path, LATE, effect, checkin=rows)
    by_key = {(f.rule, f.key["term"]): f for f in found}
    for term in (SPRING["term"], AUTUMN["term"]):
        assert by_key["ADM-11", term].follows == (by_key["ADM-10", term].fingerprint,)


def test_a_cause_without_a_term_is_one_of_every_term(tmp_path: Path) -> None:
    cause = small.rule("IDN-03", ["student.student_no"], {"student": ""})
    effect = {**LATE, "follows": ["IDN-03"]}
    rows = [marked(SPRING["term"]), marked(AUTUMN["term"])]
    found = findings(tmp_path, cause, effect, checkin=rows, student=[{"student_no": "1"}])
    assert len({f.follows for f in found if f.rule == "ADM-10"} - {()}) == 1


def test_a_consequence_follows_a_rule_of_another_pack_where_that_is_loaded(tmp_path: Path) -> None:
    owing = small.rule("REG-03", ["fee.student_no"], {"fee": "paid == 0"})
    state = small.rule("MOE-121", ["registration.student_no"], {"registration": ""}, follows=["small/REG-03"])
    rows: Any = {
        "fee": [{"student_no": n, "academic_year": "2026-2027", "payable": 1, "paid": 0} for n in ("1", "3")],
        "registration": [{"student_no": n, "term": AUTUMN["term"]} for n in ("1", "2")],
    }
    school, order = small.pack(tmp_path / "a", owing), small.pack(tmp_path / "b", state, name="order")
    result = small.judged(small.rows(**rows), [school, order])
    by_key = {(f.rule, f.key["student_no"]): f for f in result.findings}
    assert by_key["MOE-121", "1"].follows == (by_key["REG-03", "1"].fingerprint,)
    assert by_key["MOE-121", "2"].follows == ()
    alone = small.judged(small.rows(**rows), [order])
    assert [f.follows for f in alone.findings] == [(), ()]
