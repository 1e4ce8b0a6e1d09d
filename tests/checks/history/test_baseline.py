"""A baseline is taken as given: only what came since counts. And two checks side by side."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from months import checked, found, remember, rule_result, store_in, with_rule

from checks.history.baseline import against
from checks.history.compare import Past
from checks.history.diff import Difference, difference_of
from checks.history.errors import HistoryError
from checks.history.findings_file import read_findings
from checks.outcome import exit_code
from checks.results import CheckResult, TableInfo
from reports.formats.findings_json import render_json

ANNA, BELA, LATE = found("REG-01", "2023010101"), found("REG-01", "2023010102"), found("MRK-01", "YD1")
SOON = found("MRK-05", "YD1")


def written(folder: Path, result: CheckResult, name: str = "findings.json") -> Path:
    (folder / name).write_text(render_json(result), encoding="utf-8")
    return folder / name


def test_what_the_baseline_has_is_open_and_does_not_fail_the_check(tmp_path: Path) -> None:
    baseline = read_findings(written(tmp_path, checked("2026-10-28", [ANNA])))
    same = against(checked("2026-11-25", [ANNA]), baseline)
    assert [f.state for f in same.findings] == ["open"]
    assert exit_code(same, "error", strict=False, only_new=True) == 0
    assert exit_code(same, "error", strict=False) == 1
    more = against(checked("2026-11-25", [ANNA, BELA]), baseline)
    assert [f.state for f in more.findings] == ["open", "new"]
    assert exit_code(more, "error", strict=False, only_new=True) == 1


def test_a_baseline_hides_no_failed_rule(tmp_path: Path) -> None:
    baseline = read_findings(written(tmp_path, checked("2026-10-28", [ANNA])))
    failed = against(checked("2026-11-25", states={"REG-01": "failed"}), baseline)
    assert exit_code(failed, "error", strict=False, only_new=True) == 3


def test_a_baseline_made_with_another_key_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, checked("2026-10-28", [ANNA], key_check="0" * 16))
    with pytest.raises(HistoryError, match="另一把密钥"):
        against(checked("2026-11-25", [ANNA]), read_findings(path))


def test_what_a_rule_finds_that_the_baseline_did_not_check_counts_and_is_said(tmp_path: Path) -> None:
    baseline = read_findings(written(tmp_path, checked("2026-10-28", states={"REG-01": "not checked"})))
    result = against(checked("2026-11-25", [ANNA]), baseline)
    assert [note.code for note in result.notes] == ["not checked before"]
    assert exit_code(result, "error", strict=False, only_new=True) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "不是合法的 JSON"),
        ('{"schema": "xuejian.findings/2"}', r"格式是 xuejian\.findings/2"),
        ('{"schema": "xuejian.findings/1", "findings": []}', "不是完整的"),
        ("[]", "不是完整的"),
    ],
)
def test_a_file_that_is_no_findings_json_is_said(tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "old.json").write_text(content, encoding="utf-8")
    with pytest.raises(HistoryError, match=sentence):
        read_findings(tmp_path / "old.json")
    with pytest.raises(HistoryError, match="读不了"):
        read_findings(tmp_path / "none.json")


def difference(folder: Path, old: CheckResult, new: CheckResult) -> Difference:
    return difference_of(
        read_findings(written(folder, old, "old.json")), read_findings(written(folder, new, "new.json")), Past()
    )


def test_two_files_are_compared_by_fingerprint(tmp_path: Path) -> None:
    found_ = difference(
        tmp_path, checked("2026-10-28", [ANNA, SOON]), checked("2026-11-25", [replace(BELA, state="back"), LATE])
    )
    assert [seen.fingerprint for seen in found_.appeared] == [LATE.fingerprint]
    assert [seen.fingerprint for seen in found_.back] == [BELA.fingerprint]
    assert {gone.finding.rule: gone.outcome for gone in found_.gone} == {"REG-01": "solved", "MRK-05": "worse"}
    assert not found_.same


def test_the_same_findings_are_no_difference(tmp_path: Path) -> None:
    same = difference(tmp_path, checked("2026-10-28", [ANNA]), checked("2026-11-25", [replace(ANNA, state="open")]))
    assert same.same
    assert [seen.fingerprint for seen in same.open] == [ANNA.fingerprint]


def test_a_file_says_that_rows_could_not_be_read_but_not_whose(tmp_path: Path) -> None:
    aside = TableInfo("change", "学籍异动", ("学籍异动.csv",), 10, 9, 1)
    new = checked("2026-11-25", tables={"change": aside})
    assert [note.code for note in difference(tmp_path, checked("2026-10-28", [ANNA]), new).notes] == ["unread"]


def test_a_rule_that_is_not_there_any_more_is_no_progress(tmp_path: Path) -> None:
    old = checked("2026-10-28", [ANNA])
    new = checked("2026-11-25", rules=("MRK-01", "MRK-05"))
    found_ = difference(tmp_path, old, new)
    assert [gone.outcome for gone in found_.gone] == ["unknown"]
    assert [note.code for note in found_.notes] == ["absent"]


def test_what_is_waived_counts_as_in_a_report_but_came_all_the_same(tmp_path: Path) -> None:
    found_ = difference(tmp_path, checked("2026-10-28"), checked("2026-11-25", [replace(ANNA, state="waived")]))
    assert [seen.fingerprint for seen in found_.waived] == [ANNA.fingerprint]
    assert (found_.appeared, found_.open, found_.same) == ((), (), False)


def test_a_file_beside_a_run_of_the_store_says_the_same_as_the_run(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    results = checked("2026-10-28", [SOON, ANNA]), checked("2026-11-25", [LATE])
    for month, result in zip(("2026-10", "2026-11"), results, strict=True):
        remember(store, month, result)
    kept = store.run("2026-10"), store.run("2026-11")
    read = read_findings(written(tmp_path, results[0])), read_findings(written(tmp_path, results[1]))
    for old in (kept[0], read[0]):
        for new in (kept[1], read[1]):
            gone = {each.finding.rule: each.outcome for each in difference_of(old, new, Past()).gone}
            assert gone == {"MRK-05": "worse", "REG-01": "solved"}


def test_a_file_of_an_earlier_version_beside_a_run_solves_nothing(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    remember(store, "2026-10", checked("2026-10-28", [SOON]))
    file = written(tmp_path, checked("2026-11-25", [LATE]))
    document = json.loads(file.read_text(encoding="utf-8"))
    for each in document["findings"]:
        del each["subject"]
    file.write_text(json.dumps(document), encoding="utf-8")
    found_ = difference_of(store.run("2026-10"), read_findings(file), Past())
    assert [each.outcome for each in found_.gone] == ["unknown"]
    assert "较早版本写出的 findings.json" in found_.notes[-1].text


def test_a_file_does_not_say_which_tables_a_rule_went_without(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    remember(store, "2026-10", with_rule(checked("2026-10-28", [ANNA]), "REG-01", gaps=("没有暂缓报到",)))
    found_ = difference_of(store.run("2026-10"), read_findings(written(tmp_path, checked("2026-11-25"))), Past())
    assert ([each.outcome for each in found_.gone], found_.notes) == (["solved"], ())


def test_backwards_nothing_comes_back_and_no_old_export_is_suspected(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    remember(store, "2026-10", checked("2026-10-28", [ANNA]))
    remember(store, "2026-11", checked("2026-11-25", [LATE]))
    old = store.run("2026-11")
    found_ = difference_of(old, store.run("2026-10"), store.past_of(old))
    assert ([each.rule for each in found_.appeared], found_.back) == (["REG-01"], ())
    assert [note.code for note in found_.notes] == ["as of"]


def test_a_rule_keeps_its_outcome_in_a_file(tmp_path: Path) -> None:
    result = with_rule(checked("2026-10-28", [ANNA]), "MRK-01", status="not checked", reason="缺少表 学籍异动")
    rules = read_findings(written(tmp_path, result)).rules
    assert {name: rule.status for name, rule in rules.items()} == {
        "MRK-01": "not checked", "MRK-05": "clean", "REG-01": "violated",
    }  # fmt: skip
    assert rules["REG-01"].findings == rule_result("REG-01", 1).findings
