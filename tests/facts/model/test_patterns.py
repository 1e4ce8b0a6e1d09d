"""Coding rules that a school writes: used as written, refused with the reason, never able to make a check hang."""

import time

import pytest

from facts.model.patterns import LONGEST, fault, matching


def test_a_number_is_matched_whole() -> None:
    numbers = ["2024010101", "202401010", "20240101011", "X2024010101", "2024010101\n", ""]
    assert matching("[0-9]{10}", numbers).tolist() == [True, False, False, False, False, False]


def test_each_of_several_ways_must_match_whole() -> None:
    assert matching("[0-9]{4}|X[0-9]", ["2024", "X1", "2024X1", "20241"]).tolist() == [True, True, False, False]


@pytest.mark.parametrize("pattern", ["[0-9]{10}", r"\d{4}(01|02)\d{4}", "(?i)ab[0-9]+", ".*"])
def test_what_can_be_used(pattern: str) -> None:
    assert fault(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("", "是空的"),
        ("  ", "是空的"),
        ("(a", "括号没有配对"),
        ("a)", "括号没有配对"),
        ("a)(b", "括号没有配对"),
        ("[0-9", "方括号没有配对"),
        ("*a", "重复号前没有内容"),
        ("a{5,2}", "重复次数"),
        ("a{1001}", "重复次数"),
        ("((a{100}){100}){100}", "重复次数"),
        ("(?=a)", "断言"),
        (r"(a)\1", "反斜杠"),
        ("[9-0]", "方括号里的范围"),
        ("a\\", "反斜杠"),
        ("1" * (LONGEST + 1), "超过 200 个字符"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(pattern: str, why: str) -> None:
    assert why in (fault(pattern) or "")


def test_a_pattern_that_would_make_others_backtrack_for_ever_takes_no_time() -> None:
    start = time.process_time()
    assert not matching("(a+)+(a*)*(a|aa)+", ["a" * 5000 + "!"])[0]
    assert time.process_time() - start < 1
