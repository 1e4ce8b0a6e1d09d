from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from checks.results import CheckResult, Evidence, Finding
from reports.month.entries import due_bucket, entries
from reports.month.entry import Entry, Labelled

AS_OF = date(2026, 11, 25)
Make = Callable[..., Finding]


def entries_of(clean: CheckResult, *findings: Finding) -> tuple[Entry, ...]:
    return entries(replace(clean, findings=findings))


def test_a_consequence_stands_right_after_its_cause(clean: CheckResult, make: Make) -> None:
    cause, other = make("REG-01", 0), make("REG-01", 1)
    listed = entries_of(clean, cause, other, make("REG-09", 0, follows=(cause.fingerprint,)))
    assert [entry.rule for entry in listed] == ["REG-01", "REG-09", "REG-01"]
    assert [entry.consequences for entry in listed] == [1, 0, 0]
    assert listed[1].cause is not None
    assert listed[1].cause.anchor == listed[0].anchor


def test_a_cause_may_come_later_in_the_order_of_rules(clean: CheckResult, make: Make) -> None:
    cause = make("WDR-01", 0)
    listed = entries_of(clean, make("REG-01", 0, follows=(cause.fingerprint,)), cause)
    assert [entry.rule for entry in listed] == ["WDR-01", "REG-01"]


def test_a_consequence_of_a_consequence_stands_beneath_the_first_cause(clean: CheckResult, make: Make) -> None:
    first = make("MRK-01", 0)
    second = make("MRK-06", 0, follows=(first.fingerprint,))
    third = make("REG-01", 0, follows=("none", second.fingerprint))
    listed = entries_of(clean, first, second, third)
    assert {entry.cause.rule for entry in listed if entry.cause} == {"MRK-01"}
    assert listed[0].consequences == 2


def test_findings_that_follow_each_other_in_a_ring_are_all_listed(clean: CheckResult, make: Make) -> None:
    one, two = make("REG-01", 0), make("REG-01", 1)
    listed = entries_of(clean, replace(one, follows=(two.fingerprint,)), replace(two, follows=(one.fingerprint,)))
    assert [entry.cause for entry in listed] == [None, None]


def test_a_finding_whose_cause_is_not_open_stands_for_itself(clean: CheckResult, make: Make) -> None:
    cause = make("MRK-01", 0, state="waived")
    listed = entries_of(clean, cause, make("MRK-06", 0, follows=(cause.fingerprint,)), make("REG-01", 0))
    assert [entry.rule for entry in listed] == ["MRK-06", "REG-01", "MRK-01"]
    assert listed[0].cause is None


def test_a_waived_consequence_is_listed_with_the_waived(clean: CheckResult, make: Make) -> None:
    cause = make("MRK-01", 0)
    listed = entries_of(clean, cause, make("MRK-06", 0, follows=(cause.fingerprint,), state="waived"))
    assert listed[0].consequences == 0
    assert listed[1].cause is None


def test_no_finding_is_lost(result: CheckResult) -> None:
    assert len(entries(result)) == len(result.findings)


def test_fields_and_facts_are_shown_by_their_chinese_headings(clean: CheckResult, make: Make) -> None:
    (entry,) = entries_of(clean, make("MRK-01", 0))
    assert entry.key == (Labelled("异动编号", "YD2026-MRK000"),)
    assert entry.proofs[0].fact == "学籍异动"
    assert entry.proofs[0].file == "学籍异动.xlsx［2026年秋］"
    assert Labelled("发文日期", "2026年10月9日") in entry.proofs[0].values


def test_a_name_without_a_heading_is_shown_as_it_is(clean: CheckResult, make: Make) -> None:
    evidence = Evidence("unknown", None, None, (), {"thing": None, "other": "", "yes": True, "no": False, "n": 3})
    (entry,) = entries_of(clean, make("REG-01", 0, key={"oddity": ""}, evidence=(evidence,)))
    assert entry.subject == "oddity （空）"
    assert entry.proofs[0].fact == "unknown"
    assert [value.value for value in entry.proofs[0].values] == ["（空）", "（空）", "是", "否", "3"]


def test_a_table_in_a_key_is_shown_by_its_heading(clean: CheckResult, make: Make) -> None:
    (entry,) = entries_of(clean, make("IDN-03", 0, key={"table": "welcome", "exam_no": "26610001"}))
    assert entry.subject == "数据表 迎新，考生号 26610001"
    assert entry.short == "26610001"


def test_a_table_in_evidence_is_shown_by_its_heading_alone(clean: CheckResult, make: Make) -> None:
    fields = {"table": "welcome", "heading": "迎新", "exam_no": "26610001"}
    (entry,) = entries_of(
        clean, make("IDN-03", 0, evidence=(Evidence("identity_number", "迎新.csv", None, (2,), fields),))
    )
    assert [value.value for value in entry.proofs[0].values] == ["迎新", "26610001"]


def test_a_key_without_a_person_is_named_whole(clean: CheckResult, make: Make) -> None:
    assert entries_of(clean, make("CLS-01", 0, key={"class_no": "2301", "college": "甲"}))[0].short == "2301，甲"


def test_the_clause_is_quoted_in_the_regulation_s_words(clean: CheckResult, make: Make) -> None:
    (entry,) = entries_of(clean, make("ADM-01", 0))
    assert entry.clauses[0].id == "四-1"
    assert "2周" in entry.clauses[0].text


def test_a_rule_that_the_clause_table_does_not_name_is_quoted_by_its_clauses(clean: CheckResult, make: Make) -> None:
    (entry,) = entries_of(clean, make("WDR-04", 0, clause="四-6, 九-9"))
    assert [clause.id for clause in entry.clauses] == ["四-6", "九-9"]
    assert entry.clauses[1].text == ""


def test_a_person_found_by_key_or_by_evidence_is_one_person(clean: CheckResult, make: Make) -> None:
    by_key, by_evidence = entries_of(clean, make("ADM-01", 3), make("MRK-01", 3))
    assert by_key.person == by_evidence.person == "2023004003"


def test_masked_numbers_are_not_taken_for_one_person(clean: CheckResult, make: Make) -> None:
    masked = Evidence("record", "学籍.csv", None, (2,), {"id_number": "***1234"})
    same = {"key": {"id_number": "***1234"}, "evidence": (masked,)}
    one, other = entries_of(clean, make("IDN-01", 0, **same), make("IDN-01", 1, **same))
    assert one.person != other.person


@pytest.mark.parametrize(
    ("days", "bucket"), [(-1, "overdue"), (0, "week"), (7, "week"), (8, "month"), (30, "month"), (31, "later")]
)
def test_a_deadline_is_overdue_only_after_its_day(days: int, bucket: str) -> None:
    assert due_bucket(AS_OF + timedelta(days=days), AS_OF) == bucket
