from dataclasses import replace

from checks.results import CheckResult
from reports.wording.safe_text import plain_result, plain_text


def test_what_a_terminal_would_obey_is_dropped() -> None:
    assert plain_text("\x1b[31m红\x00\x9b") == "[31m红"


def test_marks_that_turn_the_direction_of_writing_are_dropped() -> None:
    assert plain_text("\u202e甲\u200b乙\ufeff") == "甲乙"


def test_line_breaks_become_blanks_and_wide_blanks_stay() -> None:
    assert plain_text("甲\r\n乙\u2028丙\u3000丁") == "甲  乙 丙\u3000丁"


def test_rare_characters_of_names_stay() -> None:
    assert plain_text("䶮\U00030edd\ue863·") == "䶮\U00030edd\ue863·"


def test_every_text_of_a_result_is_made_plain_and_nothing_else_changes(result: CheckResult) -> None:
    plain = plain_result(result)
    assert all(finding.message.isprintable() for finding in plain.findings)
    assert all(row.value.isprintable() for row in plain.set_aside)
    assert plain.tables == result.tables
    assert plain_result(plain) == plain


def test_what_was_made_plain_last_is_not_the_answer_for_another_result(result: CheckResult) -> None:
    one, other = replace(result, snapshot_path="甲\n"), replace(result, snapshot_path="乙\n")
    assert [plain_result(each).snapshot_path for each in (one, other, one)] == ["甲 ", "乙 ", "甲 "]
