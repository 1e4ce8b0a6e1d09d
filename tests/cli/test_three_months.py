"""Three meetings of the made-up college: each report says what the ledger of the planting says, no more and no less."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from cli import main
from facts.demo import write_demo_months
from facts.demo.days import Days
from facts.demo.histories import OWN_RULE, due
from facts.demo.months import histories
from facts.demo.picks import Planted, planted
from facts.model.refusal import DataError
from facts.model.schema import ColumnType, columns
from facts.model.tables import TABLES

pytestmark = pytest.mark.slow

NAMES = ("2026-09", "2026-10", "2026-11")
MEETINGS = ("2026-09-30", "2026-10-28", "2026-11-25")
PRESENT = ("new", "open", "back")
Keys = set[tuple[str, tuple[tuple[str, str], ...]]]


def keys(entries: Iterable[Mapping[str, Any]]) -> Keys:
    """Identity numbers as the report's own files have them; the ledger names them whole."""
    return {
        (each["rule"], tuple(sorted((n, f"***{v[-4:]}" if n == "id_number" else v) for n, v in each["key"].items())))
        for each in entries
    }


def bytes_of(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def document_of(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def run(*words: object, code: int = 0) -> str:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return str(result.stdout)


def report_all(folder: Path, home: Path) -> dict[str, dict[str, Any]]:
    """Month → findings.json, after the ledger's own commands were run in its folder with an empty history."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("XUEJIAN_HOME", str(home))
        for command in document_of(folder / "ledger.json")["commands"]:
            assert command[0] == "xuejian"
            run(*command[1:], "--jobs", 1)
    return {name: document_of(folder / f"report-{name}" / "findings.json") for name in NAMES}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    run("demo", folder, "--months", 3, "--students", 1500)
    return folder


@pytest.fixture(scope="module")
def ledger(demo: Path) -> dict[str, Any]:
    return document_of(demo / "ledger.json")


@pytest.fixture(scope="module")
def reported(demo: Path, home: Path) -> dict[str, dict[str, Any]]:
    return report_all(demo, home)


# -- the reports against the ledger ------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("state", PRESENT)
def test_the_findings_of_each_state_are_those_of_the_ledger(
    reported: dict[str, Any], ledger: dict[str, Any], place: int, state: str
) -> None:
    month = ledger["months"][place]
    assert month["month"] == NAMES[place]
    findings = [each for each in reported[NAMES[place]]["findings"] if each["state"] == state]
    assert keys(findings) == keys(month["keys"][state])
    of = Counter(each["rule"] for each in findings)
    assert of == {rule: counts[state] for rule, counts in month["rules"].items() if state in counts}
    assert len(findings) == month["counts"][state]


def test_there_is_no_finding_in_any_other_state(reported: dict[str, Any]) -> None:
    assert {each["state"] for found in reported.values() for each in found["findings"]} == set(PRESENT)


def test_the_history_counts_as_the_ledger_does(
    reported: dict[str, Any], ledger: dict[str, Any], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XUEJIAN_HOME", str(home))
    runs = json.loads(run("history", "--format", "json"))["runs"]
    first, *later = [each["figures"] for each in runs]
    assert (first["new"], first["back"], first["solved"]) == (None, None, None), "there is nothing to compare with"
    for figures, month in zip(later, ledger["months"][1:], strict=True):
        assert {name: figures[name] for name in ("new", "back", "solved")} == {
            name: month["counts"][name] for name in ("new", "back", "solved")
        }
    for figures, month in zip((first, *later), ledger["months"], strict=True):
        assert figures["open"] == sum(month["counts"][state] for state in PRESENT)


@pytest.mark.parametrize("place", [1, 2])
def test_what_is_gone_is_gone_as_the_ledger_says(
    reported: dict[str, Any], ledger: dict[str, Any], home: Path, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    monkeypatch.setenv("XUEJIAN_HOME", str(home))
    said = json.loads(run("diff", NAMES[place - 1], NAMES[place], "--format", "json", code=1))
    before = {each["fingerprint"]: each for each in reported[NAMES[place - 1]]["findings"]}
    went = [*said["gone"], *(each | {"outcome": "solved"} for each in said["solved"])]
    expected = ledger["months"][place]["keys"]
    for outcome, state in (("solved", "solved"), ("worse", "worse"), ("unknown", "retired")):
        gone = [before[each["fingerprint"]] for each in went if each["outcome"] == outcome]
        assert keys(gone) == keys(expected[state]), outcome
    assert len(went) == sum(len(expected[state]) for state in ("solved", "worse", "retired"))
    counts = ledger["months"][place]["counts"]
    assert (len(said["appeared"]), len(said["back"]), len(said["open"])) == tuple(
        counts[state] for state in ("new", "back", "open")
    )


def test_the_retired_rule_is_said_and_its_findings_are_no_progress(
    reported: dict[str, Any], ledger: dict[str, Any], demo: Path
) -> None:
    assert ledger["retired"] == {"rule": OWN_RULE, "month": "2026-11"}
    page = (demo / "report-2026-11" / "report.html").read_text(encoding="utf-8")
    assert f"规则已停用，上次的问题既不算未结，也不算已解决：{OWN_RULE}（上次1项）" in page
    assert OWN_RULE not in {each["rule"] for each in ledger["months"][2]["keys"]["solved"]}


def test_everything_that_can_become_of_a_finding_happens(ledger: dict[str, Any]) -> None:
    first, second, third = (month["counts"] for month in ledger["months"])
    assert first["new"] > 0 == first["open"] == first["back"] == first["solved"]
    assert min(second[state] for state in ("new", "open", "solved", "worse")) > 0
    assert min(third.values()) > 0
    assert {"MRK-01", "IDN-01", "REG-01", "SYS-01"} <= {each["rule"] for each in ledger["months"][2]["keys"]["back"]}
    assert "WDR-04" in {each["rule"] for each in ledger["months"][2]["keys"]["new"]}, "something for the meeting"


def test_what_is_due_by_time_alone_appears_when_it_is_due(ledger: dict[str, Any]) -> None:
    rules = [month["rules"] for month in ledger["months"]]
    assert "REG-05" not in rules[0], "学年注册 is due on 4 October"
    assert rules[1]["REG-05"]["new"] > 0
    assert rules[1]["MRK-05"]["worse"] > 0, "due soon in September, overdue in October"


@pytest.mark.parametrize(("students", "seed"), [(600, 2), (700, 3)])
def test_small_colleges_of_other_seeds_agree_with_their_ledgers_too(tmp_path: Path, students: int, seed: int) -> None:
    write_demo_months(tmp_path, 3, students, seed)
    found = report_all(tmp_path, tmp_path / "home")
    for month in document_of(tmp_path / "ledger.json")["months"]:
        for state in PRESENT:
            findings = [each for each in found[month["month"]]["findings"] if each["state"] == state]
            assert keys(findings) == keys(month["keys"][state])


# -- the exports -------------------------------------------------------------------------------------------------------


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_demo_months(tmp_path / name, 3, 600, 1)
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")


def test_fewer_months_are_the_last_ones(tmp_path: Path) -> None:
    assert write_demo_months(tmp_path, 2, 600, 1).months == NAMES[1:]
    document = document_of(tmp_path / "ledger.json")
    assert [month["month"] for month in document["months"]] == ["2026-10", "2026-11"]
    assert document["months"][0]["counts"]["new"] > 0 == document["months"][1]["counts"]["back"]
    assert document["months"][1]["counts"]["retired"] == 1


def test_a_college_too_small_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="学生数至少为 600"):
        write_demo_months(tmp_path, 3, 599)


@pytest.mark.parametrize("place", range(3))
def test_no_export_knows_what_comes_after_its_day(demo: Path, place: int) -> None:
    folder = demo / NAMES[place]
    assert f"as_of = {MEETINGS[place]}\n" in (folder / "snapshot.toml").read_text(encoding="utf-8")
    for model in TABLES.values():
        frame = pd.read_csv(folder / f"{model.about.heading}.csv", dtype=str, keep_default_na=False)
        for column in columns(model).values():
            if column.type is ColumnType.DATE and not column.plan and not column.computed:
                assert frame[column.heading].max() <= MEETINGS[place], (model.about.heading, column.heading)


def test_it_is_one_college_whose_past_does_not_change(demo: Path) -> None:
    def table(name: str, month: str) -> pd.DataFrame:
        return pd.read_csv(demo / month / f"{name}.csv", dtype=str, keep_default_na=False)

    first, last = (table("学籍异动", month).set_index("异动编号") for month in (NAMES[0], NAMES[2]))
    first = first[first["发文日期"] != ""]
    assert set(first.index) <= set(last.index), "no change is taken back"
    stays = ["学号", "异动类别", "发文日期"]
    assert first[stays].equals(last.loc[first.index, stays])
    lessons = [len(table("考勤", month)) for month in NAMES]
    assert lessons == sorted(set(lessons))
    changed = table("编号对照", NAMES[2])
    changed = changed[changed["编号类别"] == "学号"]
    old, then = dict(zip(changed["新编号"], changed["原编号"], strict=True)), set(table("在校生", NAMES[0])["学号"])

    def number_then(number: str) -> str:
        while number not in then and number in old:
            number = old[number]
        return number

    assert set(map(number_then, table("在校生", NAMES[2])["学号"])) == then


# -- the derivation ----------------------------------------------------------------------------------------------------


def of(rule: str) -> Planted:
    return planted(rule, change_no="YD1")


def states(*stood: Iterable[Planted], retired_in: int = 9) -> list[dict[str, list[Planted]]]:
    found = histories([frozenset(each) for each in stood], retired_in)
    return [{state: some for state, some in month.items() if some} for month in found]


def test_a_finding_is_new_open_solved_and_back() -> None:
    late = of("MRK-01")
    assert states([late], [late], [], [late]) == [
        {"new": [late]},
        {"open": [late]},
        {"solved": [late]},
        {"back": [late]},
    ]


def test_due_soon_that_becomes_overdue_is_worse_and_overdue_that_is_marked_late_is_solved() -> None:
    soon, over, late = of("MRK-05"), of("MRK-01"), of("MRK-03")
    assert states([soon], [over], [late], [over]) == [
        {"new": [soon]}, {"new": [over], "worse": [soon]}, {"new": [late], "solved": [over]},
        {"back": [over], "worse": [late]},
    ]  # fmt: skip


def test_findings_of_a_retired_rule_are_not_solved() -> None:
    own = of(OWN_RULE)
    assert states([own], [], retired_in=1) == [{"new": [own]}, {"retired": [own]}]
    assert states([own], [], retired_in=2) == [{"new": [own]}, {"solved": [own]}]


@pytest.mark.parametrize(
    ("as_of", "marked", "expected"),
    [
        ("2026-11-17", None, set()),
        ("2026-11-18", None, {"MRK-05"}),
        ("2026-11-25", None, {"MRK-05"}),
        ("2026-11-26", None, {"MRK-01", "MRK-02"}),
        ("2026-11-25", "2026-11-25", set()),
        ("2026-11-25", "2026-11-26", {"MRK-05"}),
        ("2026-11-26", "2026-11-26", {"MRK-03", "MRK-04"}),
    ],
)
def test_a_change_of_5_november_is_due_on_the_25th_as_saturday_the_7th_is_worked(
    as_of: str, marked: str | None, expected: set[str]
) -> None:
    days = replace(Days.build(), as_of=np.datetime64(as_of))
    mark = np.datetime64(marked or "NaT", "D")
    assert {each.rule for each in due(days, "YD1", np.datetime64("2026-11-05"), mark, mark)} == expected
