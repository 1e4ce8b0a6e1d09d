"""What the system says against a file reaches people in Chinese."""

import errno
import os

import pytest

from facts.model.refusal import why


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (errno.ENOSPC, "磁盘已满"),
        (errno.EFBIG, "文件超过了允许的大小"),
        (errno.EDQUOT, "磁盘配额已用完"),
        (errno.EXDEV, "读写出错（EXDEV）"),
    ],
)
def test_a_reason_is_never_the_system_s_own_words(code: int, said: str) -> None:
    assert why(OSError(code, os.strerror(code))) == said


def test_an_error_without_a_code_has_a_sentence_too() -> None:
    assert why(OSError("pyarrow says something")) == "读写出错"
