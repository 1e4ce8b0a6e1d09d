"""New, open, back, solved: and everything that is none of these, however much it looks like progress."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from months import checked, codes, found, outcomes, remember, rule_result, state_of, store_in, text_of, with_rule

from checks.history.store import Store
from checks.results import PackInfo

ANNA, BELA = found("REG-01", "2023010101"), found("REG-01", "2023010102")
LATE, SOON = found("MRK-01", "YD1"), found("MRK-05", "YD1")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return store_in(tmp_path)


def test_the_first_month_is_compared_with_nothing_and_claims_nothing(store: Store) -> None:
    first = remember(store, "2026-09", checked("2026-09-30", [ANNA]))
    assert state_of(first, ANNA) == "new"
    assert first.previous is None
    assert codes(first) == {"first"}
    assert first.figures is not None
    assert (first.figures.open, first.figures.new, first.figures.solved) == (1, None, None)


def test_new_open_solved_and_back_again(store: Store) -> None:
    remember(store, "2026-08", checked("2026-08-26", [ANNA]))
    second = remember(store, "2026-09", checked("2026-09-30", [BELA]))
    assert state_of(second, BELA) == "new"
    assert outcomes(second) == {ANNA.fingerprint: "solved"}
    third = remember(store, "2026-10", checked("2026-10-28", [ANNA, BELA]))
    assert (state_of(third, ANNA), state_of(third, BELA)) == ("back", "open")
    assert third.gone == ()
    assert third.figures is not None
    assert (third.figures.open, third.figures.new, third.figures.back, third.figures.solved) == (2, 0, 1, 0)
    assert codes(second) == codes(third) == set()


def test_the_age_of_a_finding_counts_from_the_first_month_that_found_it(store: Store) -> None:
    remember(store, "2026-08", checked("2026-08-26", [ANNA]))
    remember(store, "2026-09", checked("2026-09-30"))
    third = remember(store, "2026-10", checked("2026-10-28", [ANNA, BELA]))
    assert third.first_seen == {ANNA.fingerprint: date(2026, 8, 26), BELA.fingerprint: date(2026, 10, 28)}


def test_what_is_solved_is_listed_by_rule_owner_and_college_without_a_person(store: Store) -> None:
    remember(store, "2026-09", checked("2026-09-30", [ANNA]))
    gone = remember(store, "2026-10", checked("2026-10-28")).solved[0]
    seen = (gone.finding.rule, gone.title, gone.finding.owner, gone.finding.college, gone.first_seen)
    assert seen == ("REG-01", "标题", "教务处", "土木工程学院", date(2026, 9, 30))
    assert "2023010101" not in repr(gone)


@pytest.mark.parametrize("status", ["not checked", "failed"])
def test_a_rule_without_a_conclusion_solves_nothing_and_leaves_nothing_open(store: Store, status: str) -> None:
    remember(store, "2026-09", checked("2026-09-30", [ANNA]))
    second = remember(store, "2026-10", checked("2026-10-28", states={"REG-01": status}))
    assert outcomes(second) == {ANNA.fingerprint: "unknown"}
    assert second.figures is not None
    assert (second.figures.open, second.figures.solved) == (0, 0)
    assert "REG-01（上次1项）" in text_of(second, f"{status} now")
    assert codes(second) == {f"{status} now"}, "each item is said once"


@pytest.mark.parametrize("status", ["not checked", "failed"])
def test_what_was_never_seen_absent_is_open_and_not_back(store: Store, status: str) -> None:
    remember(store, "2026-08", checked("2026-08-26", [ANNA]))
    remember(store, "2026-09", checked("2026-09-30", states={"REG-01": status}))
    third = remember(store, "2026-10", checked("2026-10-28", [ANNA, BELA]))
    assert (state_of(third, ANNA), state_of(third, BELA)) == ("open", "new")
    assert third.unsure == 1
    assert "不等于本月新发生" in text_of(third, f"{status} before")


def test_a_rule_without_a_conclusion_either_time_is_not_spoken_of(store: Store) -> None:
    for month, day in (("2026-09", "2026-09-30"), ("2026-10", "2026-10-28")):
        last = remember(store, month, checked(day, states={"REG-01": "not checked"}))
    assert codes(last) == set()


def test_a_rule_that_is_retired_has_solved_nothing(store: Store) -> None:
    remember(store, "2026-09", checked("2026-09-30", [ANNA, LATE]))
    second = remember(store, "2026-10", checked("2026-10-28", [LATE], rules=("MRK-01", "MRK-05")))
    assert outcomes(second) == {ANNA.fingerprint: "unknown"}
    assert text_of(second, "retired").endswith("REG-01（上次1项）")


def test_a_rule_that_was_not_selected_is_told_from_one_that_is_retired(store: Store) -> None:
    every = ("MRK-01", "MRK-05", "REG-01")
    remember(store, "2026-08", checked("2026-08-26", [ANNA]))
    second = remember(store, "2026-09", checked("2026-09-30", rules=every[:2], known=every))
    assert outcomes(second) == {ANNA.fingerprint: "unknown"}
    assert codes(second) == {"not selected now"}
    third = remember(store, "2026-10", checked("2026-10-28", [ANNA]))
    assert state_of(third, ANNA) == "open"
    assert codes(third) == {"not selected before"}


def test_what_a_new_rule_finds_did_not_come_up_this_month(store: Store) -> None:
    remember(store, "2026-09", checked("2026-09-30", [LATE], rules=("MRK-01", "MRK-05")))
    second = remember(store, "2026-10", checked("2026-10-28", [ANNA, LATE]))
    assert (second.unsure, state_of(second, ANNA), state_of(second, LATE)) == (1, "new", "open")
    assert "首次核查所见" in text_of(second, "added")


def test_a_changed_parameter_is_named_and_nothing_is_progress_by_it(store: Store) -> None:
    remember(store, "2026-09", checked("2026-09-30", [LATE, ANNA]))
    moved = with_rule(checked("2026-10-28"), "MRK-01", parameters={"mark_workdays": "20"})
    second = remember(store, "2026-10", moved)
    assert outcomes(second) == {LATE.fingerprint: "unknown", ANNA.fingerprint: "solved"}
    assert "MRK-01，mark_workdays 由 15 改为 20（上次1项，本次0项）" in text_of(second, "parameter")


def test_what_comes_back_with_the_old_parameter_was_there_all_along(store: Store) -> None:
    remember(store, "2026-08", checked("2026-08-26", [LATE]))
    remember(store, "2026-09", with_rule(checked("2026-09-30"), "MRK-01", parameters={"mark_workdays": "20"}))
    assert state_of(remember(store, "2026-10", checked("2026-10-28", [LATE])), LATE) == "open"


def test_a_changed_condition_is_no_progress_either(store: Store) -> None:
    remember(store, "2026-09", checked("2026-09-30", [ANNA]))
    second = remember(store, "2026-10", with_rule(checked("2026-10-28"), "REG-01", definition="1" * 16))
    assert outcomes(second) == {ANNA.fingerprint: "unknown"}
    assert "判定条件有改动" in text_of(second, "changed")


def test_a_rule_that_had_to_do_without_a_table_has_solved_nothing(store: Store) -> None:
    remember(store, "2026-09", checked("2026-09-30", [ANNA]))
    partly = with_rule(checked("2026-10-28"), "REG-01", gaps=("没有提供暂缓报到，按没有暂缓报到判断",))
    second = remember(store, "2026-10", partly)
    assert outcomes(second) == {ANNA.fingerprint: "unknown"}
    assert "核查范围与上次不同" in text_of(second, "coverage")
    assert codes(remember(store, "2026-11", replace(partly, as_of=date(2026, 11, 25)))) == {"same data"}


def test_a_new_pack_version_is_said_and_does_not_stop_the_comparison(store: Store) -> None:
    remember(store, "2026-09", checked("2026-09-30", [ANNA]))
    now = checked("2026-10-28")
    second = remember(store, "2026-10", replace(now, pack=replace(now.pack, version="2026.1")))
    assert outcomes(second) == {ANNA.fingerprint: "solved"}
    assert text_of(second, "pack version") == "规则包 xjtei-2020 由 2020.1 版改为 2026.1 版"


def test_another_pack_is_another_history(store: Store) -> None:
    remember(store, "2026-09", checked("2026-09-30", [ANNA]))
    now = checked("2026-10-28", [ANNA])
    other = remember(store, "2026-10", replace(now, pack=replace(now.pack, id="moe-41")))
    assert (other.previous, state_of(other, ANNA)) == (None, "new")


def test_a_pack_that_came_beside_the_first_is_said_and_breaks_no_history(store: Store) -> None:
    remember(store, "2026-09", checked("2026-09-30", [ANNA]))
    now = checked("2026-10-28", [ANNA])
    beside = PackInfo("moe-41", "教育部第41号令", "2017.1")
    second = remember(store, "2026-10", replace(now, more_packs=(beside,)))
    assert (state_of(second, ANNA), text_of(second, "pack")) == ("open", "上次没有用规则包 moe-41，本次用了")
    assert store.run("2026-10").packs == (("xjtei-2020", "2020.1"), ("moe-41", "2017.1"))
    third = remember(store, "2026-11", checked("2026-11-25", [ANNA]))
    assert text_of(third, "pack") == "上次用了规则包 moe-41，本次没有用"


def test_the_same_data_twice_is_said(store: Store) -> None:
    september = checked("2026-09-30", [ANNA])
    remember(store, "2026-09", september)
    second = remember(store, "2026-10", replace(september, as_of=date(2026, 10, 28)))
    assert text_of(second, "same data") == "数据与上次完全相同（校验值一致）：其间没有新的数据"
    other = remember(store, "2026-10", replace(september, as_of=date(2026, 10, 28), findings=()))
    assert text_of(other, "same data").endswith("，变化只来自截至日期、规则或豁免")
    remember(store, "2026-11", checked("2026-11-25", [ANNA]))
    fourth = remember(store, "2026-12", replace(september, as_of=date(2026, 12, 30)))
    assert text_of(fourth, "same data").startswith("数据与2026-09、2026-10的完全相同")


def test_data_that_is_older_than_last_time_is_said(store: Store) -> None:
    remember(store, "2026-09", checked("2026-09-30"))
    assert "不晚于上次" in text_of(remember(store, "2026-10", checked("2026-09-29")), "as of")


def test_months_out_of_order_are_compared_with_the_month_before_them(store: Store) -> None:
    remember(store, "2026-09", checked("2026-09-30", [ANNA]))
    remember(store, "2026-11", checked("2026-11-25", [BELA]))
    late = remember(store, "2026-10", checked("2026-10-28", [ANNA, BELA]))
    assert (state_of(late, ANNA), state_of(late, BELA)) == ("open", "new")
    assert late.previous is not None
    assert late.previous.month == "2026-09"
    assert "2026-11" in text_of(late, "order")


def test_a_month_done_again_as_it_was_is_not_late(store: Store) -> None:
    for month, day in (("2026-09", "2026-09-30"), ("2026-10", "2026-10-28"), ("2026-11", "2026-11-25")):
        remember(store, month, checked(day, [ANNA]))
    for _ in range(2):
        assert codes(remember(store, "2026-10", checked("2026-10-28", [ANNA]))) == set()
    changed = remember(store, "2026-10", checked("2026-10-28", [ANNA, BELA]))
    said = "2026-11的报告作出时本月的记录还不是现在的结果，要与本月衔接须重新生成"
    assert text_of(changed, "order") == said
    assert text_of(remember(store, "2026-10", checked("2026-10-28", [ANNA, BELA])), "order") == said
    remember(store, "2026-11", checked("2026-11-25", [ANNA]))
    assert "order" not in codes(remember(store, "2026-10", checked("2026-10-28", [ANNA, BELA])))


def test_a_month_that_came_late_says_so_again_until_the_later_one_is_done_again(store: Store) -> None:
    remember(store, "2026-11", checked("2026-11-25", [ANNA]))
    late = [remember(store, "2026-10", checked("2026-10-28", [ANNA])) for _ in range(2)]
    assert "本月是补作的：2026-11的报告作出时还没有本月的记录" in text_of(late[0], "order")
    assert late[0].notes == late[1].notes
    remember(store, "2026-11", checked("2026-11-25", [ANNA]))
    assert "order" not in codes(remember(store, "2026-10", checked("2026-10-28", [ANNA])))


def test_a_look_at_some_rules_does_not_take_the_place_of_the_months_run(store: Store) -> None:
    every = ("MRK-01", "MRK-05", "REG-01")
    some = checked("2026-10-28", [LATE], rules=every[:2], known=every)
    assert remember(store, "2026-10", some).kept
    whole = remember(store, "2026-10", checked("2026-10-28", [ANNA, LATE]))
    assert whole.kept
    before = store.run("2026-10")
    look = remember(store, "2026-10", some)
    assert not look.kept
    assert {"partial"} <= codes(look)
    assert not {"replaced", "order"} & codes(look)
    assert store.run("2026-10") == before
    assert remember(store, "2026-10", checked("2026-10-28", [ANNA, LATE])).run == whole.run, "its sheets still count"


def test_a_rule_that_was_retired_does_not_keep_the_month_from_being_done_again(store: Store) -> None:
    remember(store, "2026-10", checked("2026-10-28", [ANNA, LATE]))
    assert remember(store, "2026-10", checked("2026-10-28", [ANNA], rules=("MRK-05", "REG-01"))).kept


def test_a_month_without_a_report_is_said(store: Store) -> None:
    remember(store, "2025-12", checked("2025-12-31", [ANNA]))
    assert codes(remember(store, "2026-01", checked("2026-01-28", [ANNA]))) == set()
    assert "2026-01" in text_of(remember(store, "2026-03", checked("2026-03-25", [ANNA])), "gap")


def test_a_month_done_again_replaces_what_was_kept_of_it(store: Store) -> None:
    remember(store, "2026-09", checked("2026-09-30", [ANNA]))
    remember(store, "2026-10", checked("2026-10-27", [BELA]))
    again = remember(store, "2026-10", checked("2026-10-28", [ANNA]))
    assert state_of(again, ANNA) == "open"
    assert "第2次" in text_of(again, "replaced")
    assert [run.month for run in store.runs()] == ["2026-09", "2026-10"]
    assert set(store.run("2026-10").findings) == {ANNA.fingerprint}


def test_the_same_month_with_the_same_result_says_the_same_again(store: Store) -> None:
    remember(store, "2026-09", checked("2026-09-30", [ANNA]))
    now = checked("2026-10-28", [ANNA, BELA])
    assert replace(remember(store, "2026-10", now), previous=None) == replace(
        remember(store, "2026-10", now), previous=None
    )


def test_a_notice_that_became_a_breach_is_not_solved(store: Store) -> None:
    remember(store, "2026-09", checked("2026-09-30", [SOON]))
    second = remember(store, "2026-10", checked("2026-10-28", [LATE]))
    assert outcomes(second) == {SOON.fingerprint: "worse"}
    assert "1项" in text_of(second, "worse")
    third = remember(store, "2026-11", checked("2026-11-25"))
    assert outcomes(third) == {LATE.fingerprint: "solved"}


def test_a_person_whose_row_can_not_be_read_has_solved_nothing(store: Store) -> None:
    remember(store, "2026-09", checked("2026-09-30", [ANNA, BELA]))
    second = remember(
        store, "2026-10", checked("2026-10-28", unread={"registration": frozenset({ANNA.person}), "fee": frozenset()})
    )
    assert outcomes(second) == {ANNA.fingerprint: "unknown", BELA.fingerprint: "solved"}
    assert text_of(second, "unknown") == "上次的1项因有行读不出而情况不明，不算已解决，也不算未结"
    # A table on which the rule does not rest says nothing about it.
    third = remember(store, "2026-10", checked("2026-10-28", unread={"fee": frozenset({ANNA.person})}))
    assert outcomes(third) == {ANNA.fingerprint: "solved", BELA.fingerprint: "solved"}


def test_what_is_waived_neither_counts_nor_is_solved(store: Store) -> None:
    waived = replace(ANNA, state="waived")
    first = remember(store, "2026-08", checked("2026-08-26", [waived]))
    assert first.figures is not None
    assert (first.figures.open, first.figures.waived) == (0, 1)
    expired = remember(store, "2026-09", checked("2026-09-30", [ANNA]))
    assert state_of(expired, ANNA) == "open"
    remember(store, "2026-10", checked("2026-10-28", [waived]))
    last = remember(store, "2026-11", checked("2026-11-25"))
    assert outcomes(last) == {ANNA.fingerprint: "waived"}
    assert last.solved == ()


def test_another_institution_in_the_same_store_is_not_compared_with(store: Store) -> None:
    remember(store, "2026-09", checked("2026-09-30", [ANNA]), "渭水学院")
    mine = remember(store, "2026-10", checked("2026-10-28", [ANNA]))
    assert state_of(mine, ANNA) == "new"
    assert text_of(mine, "institution").endswith("渭水学院")


def test_the_trend_has_twelve_months_and_gaps_where_no_report_was_kept(store: Store) -> None:
    remember(store, "2025-11", checked("2025-11-26", [ANNA]))
    remember(store, "2025-12", checked("2025-12-31", [ANNA, LATE]))
    last = remember(store, "2026-11", checked("2026-11-25", [BELA]))
    months = [point.month for point in last.trend]
    assert (len(months), months[0], months[-1]) == (12, "2025-12", "2026-11")
    open_ones = [point.figures.open if point.figures else None for point in last.trend]
    assert open_ones == [2, *[None] * 10, 1]
    assert last.trend[0].figures is not None
    assert (last.trend[0].figures.error, last.trend[0].figures.new) == (2, 1)


def test_a_rule_of_another_severity_is_shown_as_it_was(store: Store) -> None:
    softened = checked("2026-09-30", [replace(ANNA, severity="warning")])
    remember(store, "2026-09", softened)
    kept = store.run("2026-09")
    assert kept.findings[ANNA.fingerprint].severity == "warning"
    assert kept.rules["REG-01"].title == rule_result("REG-01", 1).title
