"""A command's result stands alone on stdout; what else has to be said goes to stderr."""

from pathlib import Path

import pytest

from facts.model.refusal import Refusal
from reports.console.printing import Remark, give, say


def test_remarks_go_to_stderr_and_are_marked_as_ours(capsys: pytest.CaptureFixture[str]) -> None:
    say(["报告：report.html", Remark("没有写出 report.pdf")])
    assert capsys.readouterr() == ("报告：report.html\n", "xuejian: 没有写出 report.pdf\n")


def test_a_text_goes_to_stdout_as_it_is_or_into_a_file_in_a_new_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    give("甲\n", None)
    give("乙\n", tmp_path / "new" / "f.txt")
    assert capsys.readouterr().out == "甲\n"
    assert (tmp_path / "new" / "f.txt").read_text("utf-8") == "乙\n"


def test_a_file_that_cannot_be_written_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("", "utf-8")
    with pytest.raises(Refusal, match=r"f/g 写不了：.*请检查路径、权限和磁盘空间"):
        give("甲", tmp_path / "f" / "g")
