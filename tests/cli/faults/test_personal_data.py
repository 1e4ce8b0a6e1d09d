"""An identity number is shown nowhere unless it is asked for, whatever column or remark it stands in."""

from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from click.testing import Result

from facts.model.hidden import hidden
from facts.model.identity import complete

Run = Callable[..., Result]

NUMBER = str(complete(["61011220040307001"])[0])
OTHER = str(complete(["61011220040307002"])[0])
THIRD = str(complete(["61011220040307005"])[0])
OLD = "610112040307003"
"""An identity number of 15 digits, as they were until 1999."""
HEADS = "学号,姓名,培养层次,学生类别,学院,专业,入学日期,在校状态,身份证号\n"
REST = "本科,普招,土木学院,土木工程,2024-09-01,在读"
CHEAP = ("--select", "REG-04", "--jobs", 1, "--fail-on", "never")
FORMS = ("text", "json", "jsonl", "csv", "junit", "sarif", "github", "markdown")


@pytest.fixture
def exports(snapshot: Callable[..., Path]) -> Path:
    """Three students whose 学号 is their identity number: as it is, behind a letter, and the one of 15 digits."""
    return snapshot(
        {
            "在校生.csv": f"{HEADS}{NUMBER},王小明,{REST},{NUMBER}\nS{OTHER},李小红,{REST},{OTHER}\n"
            f"{OLD},赵一,{REST},{OLD}\n",
            "学籍.csv": f"平台,学号,身份证号,培养层次,学籍状态\n学信网,9,{THIRD},本科,在籍\n",
            "学期注册.csv": f"学号,学期,注册日期\n{NUMBER},2026-2027-1,2026-09-01\nS{OTHER},2026-2027-1,2026-09-01\n"
            f"{OLD},2026-2027-1,2026-09-01\n",
            "校历.csv": "学期,学年,开学日期,报到截止日期,学期结束日期\n"
            "2026-2027-1,2026-2027,2026-08-31,2026-09-04,2027-01-15\n",
        }
    )


@pytest.mark.parametrize("form", FORMS)
def test_an_identity_number_that_stands_as_student_number_is_masked_in_every_format(
    xuejian: Run, exports: Path, form: str
) -> None:
    done = xuejian("check", exports, *CHEAP, "--format", form)
    assert done.exit_code == 0, done.output
    assert unescape(done.stdout).count("***") >= 3
    for number in (NUMBER, OTHER, OLD):
        assert number not in done.output
        assert number[:14] not in done.output


def test_who_asks_for_personal_data_sees_it(xuejian: Run, exports: Path) -> None:
    done = xuejian("check", exports, *CHEAP, "--format", "json", "--show-personal")
    assert all(number in done.stdout for number in (NUMBER, f"S{OTHER}", OLD))


@pytest.mark.parametrize("form", FORMS)
def test_one_typed_into_the_reason_of_a_waiver_is_masked(xuejian: Run, exports: Path, form: str) -> None:
    waivers = exports.parent / "waivers.yaml"
    waivers.write_text(
        f'waivers:\n- {{rule: REG-04, count: 9, reason: "本人 {NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]} 说明", '
        f"approver: 处长{OTHER}, until: 2027-01-31}}\n",
        encoding="utf-8",
    )
    done = xuejian("check", exports, *CHEAP, "--waivers", waivers, "--format", form)
    assert done.exit_code == 0, done.output
    assert OTHER not in done.output
    assert NUMBER[6:14] not in done.output


def test_a_proposed_waiver_does_not_repeat_one_that_was_typed_into_a_remark() -> None:
    from checks.followup.feedback import Proposal, proposals_yaml

    text = proposals_yaml([Proposal("REG-04", "0" * 32, f"身份证{NUMBER}已注册", "x")], date(2026, 11, 25))
    assert f"身份证***{NUMBER[-4:]}已注册" in text
    assert NUMBER not in text


def test_a_sentence_that_refuses_does_not_repeat_one(refused: Callable[..., str], exports: Path) -> None:
    (exports / f"学籍异动-{NUMBER}.csv").write_text("学号,学号\n1,2\n", encoding="utf-8")
    assert NUMBER not in refused("check", exports, *CHEAP)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (NUMBER, f"***{NUMBER[-4:]}"),
        (f"A{NUMBER}b", f"A***{NUMBER[-4:]}b"),
        (f"12{NUMBER}34", f"12***{NUMBER[-4:]}34"),
        (f"{NUMBER}、{OTHER}", f"***{NUMBER[-4:]}、***{OTHER[-4:]}"),
        (f"{NUMBER[:6]}-{NUMBER[6:14]}-{NUMBER[14:]}", f"***{NUMBER[-4:]}"),
        (NUMBER.translate(str.maketrans("0123456789", "０１２３４５６７８９")), None),
        (NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2"), "as it is"),
        ("26610000110568", "as it is"),
        (f"{NUMBER[:17]}٣", "as it is"),
        (f"{'0' * 7}{NUMBER[:17]}{'0' * 8}", "as it is"),
        ("", "as it is"),
    ],
)  # fmt: skip
def test_a_valid_number_is_masked_inside_any_text_and_nothing_else_is(text: str, shown: str | None) -> None:
    if shown == "as it is":
        assert hidden(text) == text
    elif shown is None:
        assert hidden(text).startswith("***") and len(hidden(text)) == 7
    else:
        assert hidden(text) == shown


def test_a_fingerprint_is_no_number_even_where_its_digits_would_be_one() -> None:
    fingerprint = f"{NUMBER if NUMBER[-1] != 'X' else OTHER}abcdef01234567"
    assert len(fingerprint) == 32
    assert hidden(fingerprint) == fingerprint
