"""What is set aside is unknown, not absent: no finding rests on a row that could not be read."""

from pathlib import Path

import small

TERM = "2026-2027-1"
UNREGISTERED = small.rule(
    "REG-01",
    ["checkin.student_no", "checkin.term"],
    {"checkin": "arrived_on is not None"},
    {"no registration": "student_no == checkin.student_no and term == checkin.term"},
)
CHECKIN = "学号,学期,报到日期\n" + "".join(f"{n},{TERM},2026-09-01\n" for n in (1, 2, 3))
HEADING = "学号,学期,注册日期\n"
OTHER = f"9,{TERM},2026-09-01\n"  # somebody is registered: the export speaks of the term


def found(tmp_path: Path, registration: str, checkin: str = CHECKIN) -> tuple[list[str], str, str | None]:
    snapshot = small.exported(tmp_path / "exports", checkin=checkin, registration=HEADING + OTHER + registration)
    result = small.judged(snapshot, small.pack(tmp_path / "pack", UNREGISTERED))
    verdict = small.outcome(result, "REG-01")
    return [key["student_no"] for key in small.keys(result)], verdict.status, verdict.reason


def test_a_registration_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    assert found(tmp_path, f"1,{TERM},2026-09-01\n") == (["2", "3"], "violated", None)


def test_no_registration_does_not_hold_for_a_student_and_term_whose_registration_was_set_aside(tmp_path: Path) -> None:
    said = "1 个候选因有读不出的行未能判定"
    assert found(tmp_path, f"1,{TERM},昨天\n") == (["2", "3"], "violated", said)


def test_a_row_of_another_term_set_aside_says_nothing_of_this_one(tmp_path: Path) -> None:
    assert found(tmp_path, "1,2025-2026-2,昨天\n") == (["1", "2", "3"], "violated", None)


def test_a_key_that_cannot_be_read_may_be_any_of_that_persons(tmp_path: Path) -> None:
    said = "1 个候选因有读不出的行未能判定"
    assert found(tmp_path, "2,,2026-09-01\n") == (["1", "3"], "violated", said)


def test_a_persons_number_that_cannot_be_read_matches_nobody(tmp_path: Path) -> None:
    assert found(tmp_path, f",{TERM},2026-09-01\n") == (["1", "2", "3"], "violated", None)


def test_a_rule_of_which_nothing_could_be_judged_is_partial_and_not_clean(tmp_path: Path) -> None:
    rows = "".join(f"{n},{TERM},昨天\n" for n in (1, 2, 3))
    assert found(tmp_path, rows) == ([], "partial", "3 个候选因有读不出的行未能判定")


def test_rows_set_aside_of_what_the_rule_looks_for_are_counted(tmp_path: Path) -> None:
    checkin = CHECKIN + f"4,{TERM},昨天\n"
    said = "返校报到有 1 行读不出，未参与判定"
    assert found(tmp_path, f"1,{TERM},2026-09-01\n", checkin) == (["2", "3"], "violated", said)


def test_no_fee_account_does_not_hold_for_a_year_with_a_fee_row_set_aside(tmp_path: Path) -> None:
    unpaid = small.rule(
        "REG-10",
        ["checkin.student_no"],
        {"checkin": "arrived_on is not None"},
        {"no fee_account": 'student_no == checkin.student_no and academic_year == "2026-2027"'},
    )
    fee = "学号,学年,应缴金额,实缴金额\n1,2026-2027,五千,0\n2,2026-2027,5800,0\n"
    snapshot = small.exported(tmp_path / "exports", checkin=CHECKIN, fee=fee)
    result = small.judged(snapshot, small.pack(tmp_path / "pack", unpaid))
    assert small.keys(result) == [{"student_no": "3"}]
    assert small.outcome(result, "REG-10").reason == (
        "1 个候选因有读不出的行未能判定；缴费账户有 1 个因有读不出的行未计算"
    )


def test_narrowing_keeps_the_rows_that_could_not_be_read(tmp_path: Path) -> None:
    snapshot = small.exported(
        tmp_path / "exports", checkin=CHECKIN, registration=HEADING + OTHER + f"1,{TERM},昨天\n2,,2026-09-01\n"
    )
    pack = small.pack(tmp_path / "pack", UNREGISTERED)
    narrowed, whole = (small.judged(snapshot, pack, narrowing=on) for on in (True, False))
    assert narrowed == whole
    assert small.keys(narrowed) == [{"student_no": "3", "term": TERM}]


def test_what_was_set_aside_is_shown_without_personal_data(tmp_path: Path) -> None:
    snapshot = small.exported(
        tmp_path / "exports",
        checkin=CHECKIN,
        registration=HEADING,
        record="平台,学号,身份证号,姓名,培养层次,学籍状态\n学信网,1,110101200001010015,赵一,本科,离校\n",
        change="异动编号,学号,异动类别,异动原因,校医务室审核日期\nC1,1,休学,心脏病,2026-09-01\nC2,1,休学,疾病,九月\n",
        student="学号,身份证号,姓名,出生日期,培养层次,学院,专业,入学日期,在校状态\n"
        "1,1,赵一,二〇〇〇年,本科,土木,土木,2025-09-01,在读\n",
    )
    pack = small.pack(tmp_path / "pack", UNREGISTERED)

    def shown(personal: bool) -> set[tuple[str, str, str]]:
        rows = small.judged(snapshot, pack, personal=personal).set_aside
        return {(row.table, row.column, row.value) for row in rows}

    always = {
        ("change", "异动原因", "（已填）"),
        ("change", "校医务室审核日期", "（已填）"),
    }
    # 离校 may be a code that nobody knows, or a name where the columns have shifted.
    assert shown(personal=False) == always | {("student", "出生日期", "*"), ("record", "学籍状态", "离*")}
    assert shown(personal=True) == always | {("student", "出生日期", "二〇〇〇年"), ("record", "学籍状态", "离校")}
