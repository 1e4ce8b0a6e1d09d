from checks.results import CheckResult
from reports.wording.safe_text import plain_text, plain_texts


def test_what_a_terminal_would_obey_is_dropped() -> None:
    assert plain_text("\x1b[31m红\x00\x9b") == "[31m红"


def test_marks_that_turn_the_direction_of_writing_are_dropped() -> None:
    assert plain_text("\u202e甲\u200b乙\ufeff") == "甲乙"


def test_line_breaks_become_blanks_and_wide_blanks_stay() -> None:
    assert plain_text("甲\r\n乙\u2028丙\u3000丁") == "甲  乙 丙\u3000丁"


def test_rare_characters_of_names_stay() -> None:
    assert plain_text("䶮\U00030edd\ue863·") == "䶮\U00030edd\ue863·"


def test_every_text_of_a_result_is_made_plain_and_nothing_else_changes(result: CheckResult) -> None:
    plain = plain_texts(result)
    assert all(finding.message.isprintable() for finding in plain.findings)
    assert all(row.value.isprintable() for row in plain.set_aside)
    assert plain.tables == result.tables
    assert plain_texts(plain) == plain
