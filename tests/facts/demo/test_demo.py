"""The demo college: the same bytes every time, readable without loss, and spoilt only where its ledger says so."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from facts.demo import DemoSummary, write_demo, write_demo_months
from facts.demo.planting import shapes
from facts.model import identity
from facts.model.refusal import DataError
from facts.model.schema import columns
from facts.model.snapshot import Snapshot
from facts.model.tables import TABLES
from facts.reading.load import load_snapshot
from facts.reading.previous import with_previous

pytestmark = pytest.mark.slow

AS_OF = date(2026, 11, 25)
PER = {
    "REG-01": {"student_no", "term"}, "REG-02": {"student_no", "term"}, "REG-03": {"student_no", "term"},
    "REG-07": {"student_no", "term"}, "REG-09": {"student_no", "term"}, "IDN-01": {"id_number"},
    "IDN-02": {"id_number"},
    "MRK-01": {"change_no"}, "MRK-02": {"change_no"}, "MRK-03": {"change_no"}, "MRK-04": {"change_no"},
    "MRK-05": {"change_no"}, "RPT-01": {"student_no"}, "LEV-01": {"change_no"}, "LEV-02": {"change_no"},
    "ADM-01": {"exam_no"}, "ADM-06": {"student_no", "term"}, "PRC-01": {"change_no"}, "WDR-04": {"student_no"},
    "CLS-01": {"class_no"},
    "IDN-03": {"table", "student_no", "exam_no"}, "IDN-04": {"table", "student_no", "exam_no"},
    "IDN-05": {"student_no"}, "IDN-06": {"exam_no"}, "IDN-07": {"student_no"}, "IDN-08": {"id_number"},
    "CLS-02": {"student_no"}, "CLS-03": {"student_no"}, "CLS-04": {"student_no"},
    "GRD-01": {"student_no"}, "GRD-02": {"student_no"},
    "GRD-03": {"student_no"}, "GRD-04": {"student_no"}, "STY-01": {"student_no"}, "HND-01": {"change_no"},
    "SYS-01": {"table", "student_no"},
    "ADM-02": {"exam_no"}, "ADM-03": {"exam_no"}, "ADM-04": {"exam_no"}, "ADM-05": {"exam_no"},
    "DEF-01": {"person_no", "term"}, "DEF-02": {"person_no", "term"}, "DEF-03": {"person_no", "term"},
    "REG-04": {"student_no"}, "REG-05": {"student_no"}, "REG-06": {"student_no"},
    "REG-08": {"student_no", "academic_year"}, "REG-10": {"student_no", "term"},
    "PRC-02": {"change_no"}, "TRF-01": {"change_no"}, "TRF-02": {"student_no"}, "LEV-03": {"change_no"},
    "MRK-06": {"student_no"}, "MRK-07": {"student_no"}, "RPT-02": {"change_no"}, "WDR-01": {"change_no"},
    "WDR-02": {"change_no"}, "WDR-03": {"change_no"},
    "ADM-07": {"exam_no"}, "ADM-08": {"student_no", "term"}, "ADM-09": {"exam_no"}, "ADM-10": {"student_no", "term"},
    "DEF-04": {"student_no", "term"}, "DEF-05": {"exam_no"}, "DEF-06": {"exam_no"}, "DEF-07": {"person_no", "term"},
    "REG-11": {"student_no", "academic_year"}, "REG-12": {"student_no", "academic_year"}, "IDN-09": {"exam_no"},
    "IDN-10": {"student_no"}, "IDN-11": {"student_no"}, "PRC-03": {"change_no"}, "LEV-04": {"change_no"},
    "LEV-05": {"change_no"}, "MRK-08": {"change_no"}, "MRK-09": {"student_no"}, "RPT-03": {"change_no"},
    "WDR-05": {"student_no"}, "STY-02": {"student_no"}, "GRD-05": {"student_no"}, "GRD-06": {"student_no"},
    "GRD-07": {"student_no"}, "GRD-08": {"certificate_no"}, "HND-02": {"change_no", "to_unit"},
}  # fmt: skip
"""The `per` of the catalogue for the rules that are built."""


@pytest.fixture(scope="module")
def college(tmp_path_factory: pytest.TempPathFactory) -> DemoSummary:
    return write_demo(tmp_path_factory.mktemp("demo"), 600, 1)


@pytest.fixture(scope="module")
def snapshot(college: DemoSummary) -> Snapshot:
    return load_snapshot(college.path)


def text_of(path: Path, table: str) -> pd.DataFrame:
    """A table as text, by English name of column."""
    model = TABLES[table]
    names = {c.heading: c.name for c in columns(model).values()}
    frame = pd.read_csv(path / f"{model.about.heading}.csv", dtype=str, encoding="utf-8-sig", keep_default_na=False)
    return frame.rename(columns=names)


def bytes_of(folder: Path) -> dict[str, str]:
    files = [p for p in folder.rglob("*") if p.is_file()]
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def ledger_of(folder: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((folder / "planted.json").read_text(encoding="utf-8"))
    return found


def test_the_same_students_and_seed_give_the_same_bytes(college: DemoSummary, tmp_path: Path) -> None:
    write_demo(tmp_path, 600, 1)
    assert bytes_of(tmp_path) == bytes_of(college.path)


def test_another_seed_gives_another_college(college: DemoSummary, tmp_path: Path) -> None:
    write_demo(tmp_path, 600, 2)
    assert bytes_of(tmp_path)["在校生.csv"] != bytes_of(college.path)["在校生.csv"]


def test_a_college_too_small_for_every_case_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="学生数至少为 600"):
        write_demo(tmp_path, 599)


def test_every_table_is_written_with_a_bom_and_the_headings_of_the_contract(college: DemoSummary) -> None:
    for model in TABLES.values():
        first = (college.path / f"{model.about.heading}.csv").read_bytes().split(b"\n", 1)[0]
        assert (
            first == b"\xef\xbb\xbf" + ",".join(c.heading for c in columns(model).values() if not c.computed).encode()
        )


def test_every_row_can_be_read_back(college: DemoSummary, snapshot: Snapshot) -> None:
    assert snapshot.as_of == AS_OF
    assert {name: table.accepted for name, table in snapshot.tables.items()} == college.rows
    assert {name: table.set_aside_count for name, table in snapshot.tables.items()} == dict.fromkeys(TABLES, 0)
    assert all(not table.extra for table in snapshot.tables.values())


def test_nothing_but_plans_lies_after_the_day_of_the_snapshot(college: DemoSummary) -> None:
    for name, model in TABLES.items():
        frame = text_of(college.path, name)
        for column in columns(model).values():
            if column.type == "date" and not column.plan and not column.computed:
                assert frame[column.name].max() <= AS_OF.isoformat()


def test_identity_numbers_are_valid_but_where_planted(college: DemoSummary) -> None:
    rules = {"IDN-03", "IDN-04", "IDN-11"}
    spoilt = {e["key"].get("student_no") for e in ledger_of(college.path) if e["rule"] in rules}  # type: ignore[attr-defined]
    spoilt |= {n.student_no for n in college.near_misses if n.rule in {*rules, "IDN-07"}}
    students = text_of(college.path, "student")
    resident = students["id_type"].isin(["", "居民身份证"])
    students = students[resident & ~students["student_no"].isin(spoilt)]
    read = identity.read(students["id_number"].tolist(), AS_OF)
    assert read.valid.all()
    assert (pd.Series(read.birth).dt.strftime("%Y-%m-%d").to_numpy() == students["birth_on"].to_numpy()).all()
    assert (pd.Series(read.male).map({True: "男", False: "女"}).to_numpy() == students["sex"].to_numpy()).all()


def test_identifiers_keep_their_leading_zeros_and_names_their_rare_characters(tmp_path: Path) -> None:
    write_demo(tmp_path, 1500, 1)
    students = text_of(tmp_path, "student")
    assert students["student_no"].str.fullmatch(r"\d{10}").all()
    assert students["student_no"].str.startswith("0").any()
    names = "".join(students["name"])
    assert set("·䶮𠮷") <= set(names)


def test_a_college_has_levels_categories_grades_and_leavers_of_every_kind(college: DemoSummary) -> None:
    students = text_of(college.path, "student")
    assert set(students["level"]) == {"本科", "专科", "中职", "预科"}
    assert set(students["category"]) == {"普招", "综合评价", "高职扩招", "五年制", "预科", "高职预科", "成教"}
    assert {"在读", "休学", "退学", "毕业", "结业"} <= set(students["status"])
    assert {"2023", "2024", "2025", "2026"} <= set(students.loc[students["status"] == "在读", "grade"])


def test_lessons_are_held_on_teaching_days_only(college: DemoSummary) -> None:
    held = set(text_of(college.path, "attendance")["held_on"])
    assert {"2026-09-20", "2026-10-10", "2026-11-07"} <= held, "days made up for"
    assert not held & {"2026-09-25", "2026-10-01", "2026-10-07", "2026-10-23"}, "holidays and the sports meeting"
    assert held <= {
        d.isoformat()
        for d in (
            pd.Timestamp(each).date()
            for each in [*pd.date_range("2026-06-22", "2026-07-12"), *pd.date_range("2026-08-31", AS_OF)]
        )
    }


def test_the_numbers_of_the_ledger_stand_in_the_tables(college: DemoSummary) -> None:
    every = ("student", "record", "fee", "registration", "checkin", "attendance", "change", "graduation")
    students = set(text_of(college.path, "student")["student_no"])
    deferrals = text_of(college.path, "deferral")
    known = {
        "table": set(TABLES),
        "student_no": {no for table in every for no in text_of(college.path, table)["student_no"]},
        "person_no": students | set(deferrals["exam_no"]),
        "academic_year": set(text_of(college.path, "fee")["academic_year"]),
        "id_number": set(text_of(college.path, "student")["id_number"]),
        "class_no": set(text_of(college.path, "student")["class_no"]),
        "change_no": set(text_of(college.path, "change")["change_no"]),
        "exam_no": {no for table in ("welcome", "student") for no in text_of(college.path, table)["exam_no"]},
        "term": set(text_of(college.path, "term")["term"]),
        "certificate_no": set(text_of(college.path, "graduation")["certificate_no"]),
        "to_unit": set(text_of(college.path, "handover")["to_unit"]),
    }
    for entry in ledger_of(college.path):
        key = entry["key"]
        assert isinstance(key, dict)
        assert all(value in known[field] for field, value in key.items())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_rule_that_is_built_is_broken_at_least_once(tmp_path: Path, seed: int) -> None:
    summary = write_demo(tmp_path, 600, seed)
    ledger = ledger_of(tmp_path)
    assert len(ledger) == summary.planted
    assert {entry["rule"] for entry in ledger} == set(shapes())
    either = {"student_no", "exam_no"}
    for entry in ledger:
        key, per = set(entry["key"]), PER[str(entry["rule"])]  # type: ignore[call-overload]
        assert key == per or (either <= per and key | either == per and len(key & either) == 1)


def test_the_ledger_is_ordered_and_names_nothing_twice(college: DemoSummary) -> None:
    entries = [(str(e["rule"]), *e["key"].values()) for e in ledger_of(college.path)]  # type: ignore[attr-defined]
    assert entries == sorted(set(entries))


def test_a_large_college_has_every_shape_of_every_case(tmp_path: Path) -> None:
    summary = write_demo(tmp_path, 6000, 1)
    ledger = ledger_of(tmp_path)
    found = [str(e["rule"]) for e in ledger]
    for rule, (bad, fine) in shapes().items():
        assert found.count(rule) >= len(bad)
        assert len({n.what for n in summary.near_misses if n.rule == rule}) == len(fine)


def test_near_misses_stand_beside_every_rule_that_is_built(college: DemoSummary) -> None:
    assert {n.rule for n in college.near_misses} >= set(shapes())
    assert all(n.what for n in college.near_misses)


def test_a_near_miss_is_planted_on_nobody_of_the_ledger_but_where_something_follows(college: DemoSummary) -> None:
    """The rule beside which it stands never reports the person."""
    reported = {(str(e["rule"]), e["key"].get("student_no")) for e in ledger_of(college.path)}  # type: ignore[attr-defined]
    assert not {(n.rule, n.student_no) for n in college.near_misses} & reported


def test_progress_is_told_table_by_table(tmp_path: Path) -> None:
    told: list[str] = []
    write_demo(tmp_path, 600, 1, progress=told.append)
    assert told[-len(TABLES) :] == [model.about.heading for model in TABLES.values()]


def test_the_earlier_snapshot_stands_inside_and_says_otherwise_where_it_was_planted(college: DemoSummary) -> None:
    found = with_previous(load_snapshot(college.path), college.path)
    assert found.previous is not None
    assert (found.previous.as_of, found.previous.path) == (date(2026, 10, 28), "2026-10")
    assert found.ignored == ()
    now, before = text_of(college.path, "student"), text_of(college.path / "2026-10", "student")
    both = now.merge(before, on=["id_number", "entered_on"], suffixes=("", "_before"))
    same = both["student_no"] == both["student_no_before"]
    moved = both[same & (both["class_no"] != both["class_no_before"])]
    planted = {e["key"]["id_number"] for e in ledger_of(college.path) if e["rule"] == "IDN-08"}  # type: ignore[index]
    near = {n.student_no for n in college.near_misses if n.rule == "IDN-08"}
    with_reason = set(text_of(college.path, "change")["student_no"])
    assert planted & set(moved["id_number"])
    unplanned = moved[~moved["id_number"].isin(planted)]
    renumbered = set(text_of(college.path, "renumbering")["old_no"])
    unplanned = unplanned[~unplanned["class_no_before"].isin(renumbered)]
    assert set(unplanned["student_no"]) <= near | with_reason
    assert set(both.loc[same & (both["status"] != both["status_before"]), "student_no"]) <= with_reason


def test_students_are_of_the_lives_that_a_real_college_has(college: DemoSummary) -> None:
    table = {name: text_of(college.path, name) for name in TABLES}
    students, changes = table["student"], table["change"]
    assert {"保留学籍", "开除学籍", "死亡", "转出"} <= set(students["status"])
    assert {"护照", "港澳居民来往内地通行证", "台湾居民来往大陆通行证", "港澳台居民居住证"} <= set(students["id_type"])
    assert {"助学贷款", "绿色通道", "免学费"} <= set(table["fee"]["aid"])
    assert {"保留入学资格", "未报到", "已报到"} <= set(table["welcome"]["arrival"])
    assert {"2026-09-04", "2026-09-18"} <= set(table["welcome"]["report_by"])
    assert {"顶岗实习", "交换"} <= set(table["placement"]["kind"])
    assert {"学号", "班级号"} == set(table["renumbering"]["kind"])
    soldiers = changes[(changes["reason"] == "入伍") & (changes["until"] < AS_OF.isoformat())]
    assert set(soldiers["student_no"]) & set(students.loc[students["status"] == "保留学籍", "student_no"])


def test_whoever_is_in_top_up_studies_is_a_graduate_under_another_number(college: DemoSummary) -> None:
    students = text_of(college.path, "student")
    top_up = students[(students["level"] == "本科") & (students["length_years"] == "2")]
    before = students[(students["level"] == "专科") & (students["status"] == "毕业")]
    both = top_up.merge(before, on="id_number", suffixes=("", "_before"))
    assert len(both) > 0
    assert (both["student_no"] != both["student_no_before"]).all()
    assert (both["entered_on"] > both["entered_on_before"]).all()


def test_an_archive_begins_on_some_day(college: DemoSummary) -> None:
    issued = text_of(college.path, "change")["issued_on"]
    assert text_of(college.path, "handover")["handed_on"].min() >= "2024-03-01" > issued[issued != ""].min()
    graduated = text_of(college.path, "graduation")
    assert set(graduated["student_no"]) < set(text_of(college.path, "student")["student_no"])
    assert graduated["academic_on"][graduated["academic_on"] != ""].min() >= "2024"


def test_thin_exports_hold_absences_alone_a_past_term_unregistered_and_handovers_of_late(tmp_path: Path) -> None:
    thin = write_demo(tmp_path / "thin", 600, 1, thin=True)
    full = write_demo(tmp_path / "full", 600, 1)
    assert set(text_of(thin.path, "attendance")["result"]) == {"缺勤"}
    terms = set(text_of(full.path, "registration")["term"]) - set(text_of(thin.path, "registration")["term"])
    assert terms == {"2025-2026-2"}
    assert text_of(thin.path, "handover")["handed_on"].min() >= "2026-10-01"
    found = {json.dumps(each, sort_keys=True) for each in ledger_of(thin.path)}
    assert found < {json.dumps(each, sort_keys=True) for each in ledger_of(full.path)}
    rules = {each["rule"] for each in ledger_of(thin.path)}
    assert not rules & {"REG-01", "REG-09", "LEV-02", "WDR-04", "WDR-05"}


def test_there_is_no_history_of_thin_exports(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="--months"):
        write_demo_months(tmp_path, 2, 600, thin=True)
