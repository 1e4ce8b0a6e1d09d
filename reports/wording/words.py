"""The Chinese words and signs that reports show for the codes of a result, in the order in which they are shown."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """How a code is shown: a Chinese word, and a sign for those who can't tell colours apart."""

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
"""What became of a finding of the last report that is not found any more."""
RULE_STATUS = {
    "failed": Word("核查失败", "!", "核查中出错，没有结论"),
    "violated": Word("有问题", "✕", "已核查，发现问题"),
    "not checked": Word("未核查", "–", "缺少数据或参数，没有结论，不等于没有问题"),
    "clean": Word("未发现问题", "✓", "已核查，未发现问题"),
}
RULE_ORDER = ("failed", "not checked", "violated", "clean")
"""The order of rules in a report: first those without a conclusion. (RULE_STATUS goes from the worst to the best.)"""
DUE = {"overdue": "已逾期", "week": "7天内到期", "month": "8至30天到期", "later": "31天及以后到期"}
"""Deadlines by how soon they end. Seven days stand for five working days, and need no calendar of working days."""
DUE_DAYS = {"week": 7, "month": 30}
"""The last day of each, counted in days after as_of: a deadline on that day still belongs to it."""
HAVING = {
    "has": Word("有", "●"),
    "excused": Word("暂不要求", "–"),
    "lacks": Word("缺", "✕"),
    "unknown": Word("不明", "?"),
}
"""Whether somebody has one of the three registrations."""
NO_COLLEGE = "学院不明"


def changed(by: int) -> str:
    """The change of a number since the last report: ＋4, −16 or 持平."""
    return f"＋{by:,}" if by > 0 else f"−{-by:,}" if by else "持平"
