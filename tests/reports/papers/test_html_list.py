"""The data of the list, as the script reads it."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from many import many

from checks.results import CheckResult, Finding
from reports.month.entry import Due, Entry
from reports.month.month import monthly_report
from reports.papers.html import render_html
from reports.papers.html_list import FIRST, MOST_WHOLE, first_rows, lateness, list_data


def entries(result: CheckResult) -> tuple[Entry, ...]:
    return monthly_report(result, "2026-11", "西安交通工程学院").entries


@pytest.fixture(scope="module")
def given(result: CheckResult) -> tuple[Entry, ...]:
    return entries(result)


@pytest.fixture(scope="module")
def data(given: tuple[Entry, ...]) -> dict[str, list[Any]]:
    made: dict[str, list[Any]] = json.loads(list_data(given))
    return made


def text(data: dict[str, list[Any]], place: int) -> str:
    value = data["texts"][place]
    return value if isinstance(value, str) else "".join(data["texts"][piece] for piece in value)


def test_every_finding_is_there_in_the_given_order(data: dict[str, list[Any]], given: tuple[Entry, ...]) -> None:
    assert [text(data, row[0]) for row in data["rows"]] == [entry.anchor for entry in given]
    assert [text(data, row[3]) for row in data["rows"]] == [entry.message for entry in given]


def test_every_text_and_every_list_is_there_once(data: dict[str, list[Any]]) -> None:
    for name in ("texts", "lists"):
        values = [str(value) for value in data[name]]
        assert len(set(values)) == len(values)
    whole = [text(data, place) for place in range(len(data["texts"]))]
    assert len(set(whole)) == len(whole)


def test_the_commonest_text_has_the_shortest_number(data: dict[str, list[Any]]) -> None:
    places = [place for some in data["lists"] for place in some]
    assert text(data, max(set(places), key=places.count)) in [text(data, place) for place in range(10)]


def test_nothing_in_it_can_end_its_block(given: tuple[Entry, ...]) -> None:
    hostile = "</script><!--<script>\u2028\u2029]]>"
    made = list_data([replace(given[0], message=hostile)])
    assert not set("<\u2028\u2029") & set(made)
    assert hostile in json.loads(made)["texts"]


def test_a_list_that_is_not_long_stands_in_the_page_as_a_whole(result: CheckResult) -> None:
    whole = entries(many(result, MOST_WHOLE))
    assert len(first_rows(whole)) == MOST_WHOLE
    more = entries(many(result, MOST_WHOLE + 1))
    assert [row.anchor for row in first_rows(more)] == [entry.anchor for entry in more[:FIRST]]


@pytest.mark.slow
def test_the_page_of_a_long_list_says_where_the_rest_is(result: CheckResult) -> None:
    rest = "其余401项在本页中由脚本显示"
    assert rest in render_html(monthly_report(many(result, 501), "2026-11", "西安交通工程学院"))
    assert 'id="rest"' not in render_html(monthly_report(many(result, 500), "2026-11", "西安交通工程学院"))


@pytest.mark.parametrize(
    ("bucket", "provisional", "days", "said"),
    [
        ("overdue", False, 12, "逾期12个工作日"),
        ("overdue", False, None, "逾期"),
        ("overdue", True, 1, "逾期1个工作日（暂定）"),
        ("later", True, None, "（暂定）"),
        ("week", False, None, ""),
    ],
)
def test_lateness_is_said_in_working_days(bucket: str, provisional: bool, days: int | None, said: str) -> None:
    assert lateness(Due(date(2026, 11, 30), bucket, provisional, days)) == said


def test_a_deadline_that_is_not_over_is_not_late(make: Callable[..., Finding], result: CheckResult) -> None:
    finding = replace(make("WDR-01", 3), due_provisional=True)
    (row,) = first_rows(entries(replace(result, findings=(finding,))))
    assert row.notes[-1] == ("期限", f"{row.date}（暂定）")
    assert row.meta == f"{row.owner} · {row.college} · 期限{row.date}（暂定）"
