"""The words and signs that reports use for the codes of a result: data, in the order in which they are shown."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """How a code is shown: a Chinese word, and a sign that stands beside every colour."""

    word: str
    sign: str = ""
    meaning: str = ""


SEVERITY = {
    "error": Word("违规", "●", "违反规定，尚待处理"),
    "warning": Word("警示", "▲", "已成事实、两个系统不一致，或濒临违规"),
    "notice": Word("提示", "○", "即将到期"),
}
STATE = {"new": Word("新"), "open": Word("未结"), "back": Word("再现"), "waived": Word("已豁免")}
OUTCOME = {
    "solved": Word("已解决"),
    "worse": Word("已转重"),
    "waived": Word("豁免后消失"),
    "unknown": Word("情况不明"),
}
"""What became of a finding that is not there any more."""
RULE_STATUS = {
    "failed": Word("核查失败", "!", "核查中出错，没有结论"),
    "violated": Word("有问题", "✕", "已核查，发现问题"),
    "not checked": Word("未核查", "–", "缺少数据或参数，没有结论，不等于没有问题"),
    "clean": Word("未发现问题", "✓", "已核查，未发现问题"),
}
RULE_ORDER = ("failed", "not checked", "violated", "clean")
"""What has no conclusion is read first; RULE_STATUS goes from the worst to the best."""
DUE = {"overdue": "已逾期", "week": "7天内到期", "month": "8至30天到期", "later": "31天及以后到期"}
"""Seven days are the five working days of report.md, without a calendar of working days."""
DUE_DAYS = {"week": 7, "month": 30}
"""Days after as_of up to and with which a deadline belongs to the bucket."""
HAVING = {
    "has": Word("有", "●"),
    "excused": Word("暂不要求", "–"),
    "lacks": Word("缺", "✕"),
    "unknown": Word("不明", "?"),
}
"""What somebody has of the three registrations."""
NO_COLLEGE = "学院不明"


def changed(by: int) -> str:
    """＋4, −16 or 持平: more or less than before."""
    return f"＋{by:,}" if by > 0 else f"−{-by:,}" if by else "持平"
