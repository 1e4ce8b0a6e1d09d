"""Coding rules that a school writes as patterns: a regular expression which the whole number must match.

They come from a configuration file, so they are matched by RE2 (in pyarrow), whose time grows with the text alone:
no pattern, however clumsy or malicious, can make a check hang. What RE2 lacks (backreferences, look-around) is refused.
"""

import numpy as np
import numpy.typing as npt

LONGEST = 200
"""Characters; a coding rule is short, and a longer one can't be read by anybody."""


def fault(pattern: str) -> str | None:
    """Why a pattern can't be used, as a Chinese clause; None where it can."""
    if not pattern.strip():
        return "是空的；不检查就不要写这个参数"
    if len(pattern) > LONGEST:
        return f"超过 {LONGEST} 个字符"
    from pyarrow import ArrowInvalid

    try:
        matching(pattern, [""])
    except ArrowInvalid as error:
        return f"不是可用的正则表达式（{_why(str(error))}）"
    return None


def matching(pattern: str, texts: list[str]) -> npt.NDArray[np.bool_]:
    """Which texts the pattern matches from beginning to end."""
    import pyarrow as pa
    from pyarrow import compute

    values = pa.array(texts, type=pa.string())
    # By itself first: what is no expression must not become one inside the brackets.
    compute.match_substring_regex(pa.array([""]), pattern)
    found: npt.NDArray[np.bool_] = (
        compute.match_substring_regex(values, rf"\A(?:{pattern})\z").to_numpy(zero_copy_only=False).astype(bool)
    )
    return found


_REASONS = {
    "missing )": "括号没有配对",
    "unexpected )": "括号没有配对",
    "missing ]": "方括号没有配对",
    "no argument for repetition": "重复号前没有内容",
    "invalid repetition size": "重复次数太大或写反",
    "bad repetition operator": "重复号用错",
    "invalid perl operator": "不支持前后断言之类的写法",
    "invalid escape sequence": "有不认得的反斜杠写法",
    "invalid character class": "方括号里的范围写错",
    "trailing \\": "结尾多一个反斜杠",
    "pattern too large": "展开后太大",
}
"""What RE2 says → what a registrar can act on."""


def _why(message: str) -> str:
    return next((reason for known, reason in _REASONS.items() if known in message.lower()), "写法有误")
