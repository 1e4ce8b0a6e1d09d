"""GB 11643-1999: which identity numbers are valid, and what they say of their holder."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.model.identity import check_character, complete, make_identity, read

AS_OF = date(2026, 11, 25)
EXAMPLE = "11010519491231002X"
"""The example that the standard itself gives."""


def valid(*numbers: str) -> list[bool]:
    return read(numbers, AS_OF).valid.tolist()


def test_the_examples_of_the_standard_are_valid() -> None:
    assert valid(EXAMPLE, "440524188001010014") == [True, True]


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("110105194912310021", "another check digit"),
        ("11010519491231002x", "a lower-case x: reading makes it upper-case"),
        ("11010519491231002", "17 places"),
        ("11010519491231002X0", "19 places"),
        ("", "nothing"),
        ("1101051949123100ZX", "a letter among the digits"),
        ("１１０１０５１９４９１２３１００２X", "full-width digits"),
        ("110105491231002", "15 places, the old form"),
        (str(complete(["00010519491231002"])[0]), "no such province"),
        (str(complete(["99010519491231002"])[0]), "no such province"),
        (str(complete(["11010520050229002"])[0]), "29 February of a common year"),
        (str(complete(["11010520051301002"])[0]), "a 13th month"),
        (str(complete(["11010520050001002"])[0]), "a month 0"),
        (str(complete(["11010520050431002"])[0]), "31 April"),
        (str(complete(["11010520050400002"])[0]), "a day 0"),
        (str(complete(["11010500000101002"])[0]), "a year 0"),
    ],
)
def test_a_number_is_not_valid_when(number: str, why: str) -> None:
    found = read([number], AS_OF)
    assert not found.valid[0], why
    assert np.isnat(found.birth[0])


def test_a_birth_date_may_be_the_day_itself_but_not_later() -> None:
    on_the_day, a_day_later = (make_identity("610102", date(2026, 11, day), 11) for day in (25, 26))
    assert valid(on_the_day, a_day_later) == [True, False]


def test_29_february_of_a_leap_year_is_a_birth_date() -> None:
    assert valid(make_identity("61", date(2004, 2, 29), 1)) == [True]


def test_residents_of_hongkong_macao_and_taiwan_have_valid_numbers() -> None:
    assert (
        valid(*(make_identity(area, date(2004, 1, 1), 1) for area in ("810000", "820000", "830000", "710000")))
        == [True] * 4
    )


def test_the_seventeenth_digit_is_odd_for_men() -> None:
    found = read([make_identity("61", date(2004, 5, 6), sequence) for sequence in (7, 8)], AS_OF)
    assert found.male.tolist() == [True, False]
    assert found.birth.tolist() == [date(2004, 5, 6)] * 2


def test_no_number_at_all_is_judged_without_complaint() -> None:
    found = read([], AS_OF)
    assert (len(found.valid), len(found.birth), len(found.male)) == (0, 0, 0)


@pytest.mark.parametrize("first17", ["1101051949123100", "110105194912310022", "1101051949123100X", ""])
def test_only_17_digits_have_a_check_character(first17: str) -> None:
    with pytest.raises(ValueError, match="17 位"):
        check_character(first17)


def test_the_check_character_of_the_example_is_x() -> None:
    assert check_character(EXAMPLE[:17]) == "X"


@pytest.mark.parametrize("sequence", [1000, -1])
def test_a_number_cannot_be_made_of_an_impossible_sequence(sequence: int) -> None:
    with pytest.raises(ValueError, match="17 位"):
        make_identity("61", date(2004, 1, 1), sequence)


@given(st.text("0123456789", min_size=17, max_size=17))
def test_the_check_character_is_that_of_iso_7064(first17: str) -> None:
    from stdnum.iso7064 import mod_11_2

    number = str(complete(np.array([first17]))[0])
    assert mod_11_2.is_valid(number)
    assert number == first17 + check_character(first17)


@given(
    st.lists(
        st.one_of(
            st.builds(
                make_identity,
                st.sampled_from(["61", "110105", "830000"]),
                st.dates(date(1900, 1, 1), date(2030, 1, 1)),
                st.integers(0, 999),
            ),
            st.text("0123456789X", min_size=17, max_size=19),
            st.text(max_size=20),
        ),
        max_size=8,
    )
)
def test_valid_is_what_the_standard_says_digit_by_digit(numbers: list[str]) -> None:
    assert valid(*numbers) == [_valid(number) for number in numbers]


def _valid(number: str) -> bool:
    """The definition, read out one number at a time."""
    if len(number) != 18 or not all(c in "0123456789" for c in number[:17]):
        return False
    provinces = (
        "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83"
    )
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(number[:17]))
    check = (12 - total % 11) % 11
    return number[:2] in provinces.split() and birth <= AS_OF and number[17] == ("X" if check == 10 else str(check))
