"""How one cell is read."""

import re
from datetime import date
from decimal import Decimal

import pytest

from facts.model import values


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-01", "2026-9-1", "2026/9/1", "2026.9.1", "20260901", "2026年9月1日", " 2026-09-01 ",
        "２０２６-０９-０１", "2026-09-01 00:00:00", "2026-09-01T00:00:00.000", "2026/9/1 0:00",
        "2026-09-01 23:59:59", "2026-09-01 08:30:00+08:00", "46266", "46266.0", "46266.354", "'2026-09-01",
    ],
)  # fmt: skip
def test_every_way_to_write_a_day_is_read(text: str) -> None:
    assert values.parse_date(text) == date(2026, 9, 1)


@pytest.mark.parametrize("text", ["2026-13-01", "2026-02-29", "20261301", "0000-01-01"])
def test_a_day_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="没有这一天"):
        values.parse_date(text)


@pytest.mark.parametrize("text", ["开学", "2026-09", "9月1日", "2026-09-01 24:00", "123456"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="不是日期"):
        values.parse_date(text)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2026-09-01 08:30:00+00:00", "+00:00"), ("2026-09-01T08:30:00Z", "Z"), ("2026-09-01 20:00 UTC", "UTC"),
        ("2026-09-01 08:30:00.5-0500", "-0500"),
    ],
)  # fmt: skip
def test_a_time_of_another_zone_says_that_it_is_the_zone(text: str, zone: str) -> None:
    with pytest.raises(ValueError, match=f"带有时区（{re.escape(zone)}）.*请按北京时间导出"):
        values.parse_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-2027-1", "2026-2027学年第一学期", "2026-2027-01", "2026—2027—1", "2026——2027学年第1学期",
        "2026-2027第1学期", "2026-2027(1)", "2026－2027（１）", "20262027-1", "202620271", "202620271.0", "2026/2027-1",
        "2026～2027学年上学期",
        "2026-2027学年 第 1 学期", "2026-2027学年秋季学期", "2026年秋季学期", "2026秋", "2026-2027学年度第一学期",
    ],
)  # fmt: skip
def test_every_way_to_name_a_term_is_read_into_one(text: str) -> None:
    assert values.parse_term(text) == "2026-2027-1"


def test_the_spring_of_a_year_is_the_second_term_of_the_academic_year_before() -> None:
    assert {*map(values.parse_term, ("2027春", "2026-2027学年春季", "2026-2027-2", "2026-2027学年下学期"))} == {
        "2026-2027-2"
    }
    assert values.parse_term("2026-2027学年第三学期") == "2026-2027-3"


@pytest.mark.parametrize(
    "text",
    ["1", "第一学期", "2026-1", "20261", "2026-2028-1", "2027-2026-1", "2026-2027", "2026-2027-12", "2026夏"],
)  # fmt: skip
def test_a_term_of_which_the_years_are_not_told_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"请写成 2026-2027-1 的形式，或在 xuejian\.toml 用 codes"):
        values.parse_term(text)


@pytest.mark.parametrize(
    "text",
    ["2026-2027", "2026—2027", "2026/2027", "２０２６-２０２７", "20262027", "2026至2027学年度", "2026-2027年度"],
)  # fmt: skip
def test_every_way_to_name_an_academic_year_is_read_into_one(text: str) -> None:
    assert values.parse_academic_year(text) == "2026-2027"


@pytest.mark.parametrize("text", ["2026", "2026学年", "2026-2028", "2026-2027-1", "26-27", "第一学年"])
def test_an_academic_year_that_may_be_another_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"请写成 2026-2027 的形式，或在 xuejian\.toml 用 codes"):
        values.parse_academic_year(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0012", "0012"),
        (" 2026 0101 ", "20260101"),
        ("２０２６０１０１", "20260101"),
        ("11010520050101002x", "11010520050101002X"),
        ("'00123", "00123"),
        ("2026010101.0", "2026010101"),
        ("2301E12", "2301E12"),
        ("黔教办〔2026〕7号", "黔教办〔2026〕7号"),
        ("20\u200b26", "2026"),
    ],
)
def test_identifiers_stay_text_and_are_put_right(text: str, value: str) -> None:
    assert values.parse_identifier(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "6.20105199001010E+17",
        "2.02E+09",
        "6e+17",
        "6.11E17",
        "6.11002200104024E17",
        "611002200104024E+017",
        "6,11E+17",
        "611002200104024335.0",
    ],
)
def test_a_number_that_lost_its_last_digits_is_no_identifier(text: str) -> None:
    with pytest.raises(ValueError, match="数值型单元格"):
        values.parse_identifier(text)


@pytest.mark.parametrize("text", ["买买提·吐尔逊", "䶮", "𠮷野", "nan", "NULL", "None", "a b"])
def test_free_text_survives_as_it_is(text: str) -> None:
    assert values.parse_text(f" {text}\r\n") == text


@pytest.mark.parametrize(("text", "value"), [("2026", 2026), ("2026.0", 2026), ("1,024", 1024), ("-3", -3), ("４", 4)])
def test_whole_numbers_are_read(text: str, value: int) -> None:
    assert values.parse_int(text) == value


@pytest.mark.parametrize("text", ["2026级", "2026.5", "1e3", "9" * 5000, "1000000001"])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="不是整数"):
        values.parse_int(text)


@pytest.mark.parametrize("text", ["0", "-4", "10", "2026"])
def test_a_number_that_cannot_be_is_refused_with_what_can(text: str) -> None:
    with pytest.raises(ValueError, match="应在 1 到 9 之间"):
        values.parse_int(text, (1, 9))


@pytest.mark.parametrize(
    ("text", "yuan"),
    [("5,800", "5800"), ("¥5800.00", "5800"), ("￥5800.5元", "5800.5"), ("-20", "-20"), ("0.10", "0.1"), (".5", "0.5")],
)
def test_money_is_exact(text: str, yuan: str) -> None:
    assert values.parse_money(text) == Decimal(yuan)


@pytest.mark.parametrize("text", ["免", "NaN", "Infinity", "1_000", "1e40", "100000000001", "--1"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="不是金额"):
        values.parse_money(text)


def test_money_below_a_fen_is_refused() -> None:
    with pytest.raises(ValueError, match="精确到分"):
        values.parse_money("5800.005")


def test_a_code_is_one_of_its_list_and_the_list_is_named() -> None:
    assert values.parse_code(" 休 学 ", ("休学", "复学")) == "休学"
    assert values.parse_code("休\x00学\x7f", ("休学", "复学")) == "休学"  # as control characters of any other cell
    with pytest.raises(ValueError, match="不在代码表中，请改为其中之一：休学、复学"):
        values.parse_code("病休", ("休学", "复学"))


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\xa0", "\u200b", "\t\r\n", "\x00", "'"])
def test_a_cell_in_which_nothing_can_be_seen_is_empty(text: str) -> None:
    assert values.is_blank(text)
