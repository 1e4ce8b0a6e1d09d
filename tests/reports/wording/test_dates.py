from datetime import date

import pytest

from facts.model.refusal import Refusal
from reports.wording.dates import (
    chinese_date,
    chinese_month,
    chinese_weekday,
    meeting_day,
    month_of,
    parse_month,
    with_chinese_dates,
)


def test_a_date_is_written_without_leading_zeros() -> None:
    assert chinese_date(date(2026, 9, 1)) == "2026年9月1日"
    assert chinese_month(date(2026, 9, 1)) == "2026年9月"
    assert chinese_weekday(date(2026, 11, 25)) == "星期三"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("自2026-09-14起至2026-11-25", "自2026年9月14日起至2026年11月25日"),
        ("学期2026-2027-1", "学期2026-2027-1"),
        ("原文2026-13-01", "原文2026-13-01"),
        ("12026-09-14", "12026-09-14"),
    ],
)
def test_only_real_dates_in_a_text_take_the_chinese_form(text: str, shown: str) -> None:
    assert with_chinese_dates(text) == shown


@pytest.mark.parametrize(
    ("month", "day"), [("2026-11", (2026, 11, 25)), ("2026-09", (2026, 9, 30)), ("2028-02", (2028, 2, 23))]
)
def test_the_meeting_is_on_the_last_wednesday(month: str, day: tuple[int, int, int]) -> None:
    assert meeting_day(parse_month(month)) == date(*day)


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "0000-01", "9999-12", "２０２６-11", "202611", "2026-11-25", ""]
)
def test_what_is_no_month_is_refused_with_the_form_to_use(text: str) -> None:
    with pytest.raises(Refusal, match="请写成 2026-11 的形式"):
        parse_month(text)


@pytest.mark.parametrize(("given", "month"), [(None, "2026-11"), ("2026-11", "2026-11"), ("2026-12", "2026-12")])
def test_the_months_meeting_looks_at_data_of_that_month_or_of_the_one_before(given: str | None, month: str) -> None:
    assert month_of(given, date(2026, 11, 30)) == month


@pytest.mark.parametrize(("given", "months"), [("2027-01", 2), ("2028-12", 25)])
def test_a_month_far_after_the_data_is_refused(given: str, months: int) -> None:
    with pytest.raises(Refusal, match=f"数据截至2026年11月30日，比.*早{months}个月.*请改 --month"):
        month_of(given, date(2026, 11, 30))


def test_data_of_a_later_month_are_refused_with_the_day_to_ask_for() -> None:
    with pytest.raises(Refusal, match=r"数据截至2026年11月25日，晚于2026年9月.*请加 --as-of 2026-09-30"):
        month_of("2026-09", date(2026, 11, 25))
