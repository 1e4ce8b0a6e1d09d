"""How values are shown: masked, in yuan, in Chinese or ISO dates."""

from datetime import date

import pytest

from checks.findings import masking
from facts.model.computed import KINDS
from facts.model.schema import Column, columns


def column(field: str) -> Column:
    kind, _, name = field.partition(".")
    return columns(KINDS[kind])[name]


@pytest.mark.parametrize(
    ("field", "text", "masked"),
    [
        ("student.name", "赵一二", "赵*"),
        ("student.name", "", "*"),
        ("student.id_number", "110101200001010015", "***0015"),
        ("student.id_number", "0015", "***"),
        ("student.id_number", "10015", "***0015"),
        ("student.birth_on", "2000-01-01", "*"),
    ],
)
def test_personal_data_keeps_no_more_than_its_ends(field: str, text: str, masked: str) -> None:
    assert masking.mask(column(field), text) == masked


@pytest.mark.parametrize(
    ("fen", "yuan"), [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (580000, "5800.00"), (-123, "-1.23")]
)
def test_money_is_exact_to_the_fen(fen: int, yuan: str) -> None:
    assert masking.yuan(fen) == yuan


DAY = date(2026, 9, 1).toordinal()


def test_evidence_has_iso_dates_yuan_and_yes_or_no() -> None:
    assert masking.plain(column("change.issued_on"), DAY, personal=False) == "2026-09-01"
    assert masking.plain(column("fee.paid"), 350, personal=False) == "3.50"
    assert masking.plain(column("record.active"), 1, personal=False) is True
    assert masking.plain(column("student.grade"), 2026, personal=False) == 2026
    assert masking.plain(column("student.grade"), None, personal=False) is None
    assert masking.plain(column("change.infirmary_on"), DAY, personal=True) == "（已填）"
    assert masking.plain(column("change.infirmary_on"), None, personal=True) is None


def test_messages_have_chinese_dates_and_no_less_a_mask() -> None:
    assert masking.spoken(column("change.issued_on"), DAY, personal=False) == "2026年9月1日"
    assert masking.spoken(column("student.birth_on"), DAY, personal=True) == "2026年9月1日"
    assert masking.spoken(column("student.birth_on"), DAY, personal=False) == "*"
    assert masking.spoken(column("student.birth_on"), None, personal=False) is None


def test_a_secret_date_is_no_more_told_in_a_message_than_in_evidence() -> None:
    for personal in (False, True):
        assert masking.spoken(column("change.infirmary_on"), DAY, personal=personal) == "（已填）"


def test_a_message_may_say_which_masked_values_differ_and_still_shows_none() -> None:
    one, same, other = (
        masking.spoken(column("student.name"), name, personal=False) for name in ("赵一", "赵一", "赵二")
    )
    assert (str(one), str(other)) == ("赵*", "赵*")
    assert one == same
    assert one != other
    assert one != "赵一", "no message can ask what it is"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("赵一二", "赵*"), ("阿依·古丽", "阿*"), ("𠮷一", "𠮷*"), ("110101200001010015", "***0015"),
        ("身份证１１０１０１２０００１０１００１５", "***００１５"), ("2026-13-01", "2026-13-01"),
        ("26610000110568", "26610000110568"),
    ],
)  # fmt: skip
def test_a_cell_of_a_row_whose_columns_have_shifted_shows_nobody(text: str, shown: str) -> None:
    assert masking.stranger(text, named=True) == shown


def test_a_table_without_names_shows_its_words() -> None:
    assert masking.stranger("在学", named=False) == "在学"
