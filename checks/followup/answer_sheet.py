"""What a sheet that is handed out and comes back filled in looks like: its headings, its marks and its choices."""

ANSWERS = {"属实已改": "fixed", "待改": "pending", "不属实": "disputed", "系统原因": "system"}
"""处理结果 as people choose it → as it is kept."""
ANSWER_WORDS = {code: word for word, code in ANSWERS.items()}
ANSWER, REMARK, FINGERPRINT, CHECK = "处理结果", "说明", "指纹", "校验值"
LEVEL, RULE, SUBJECT, SAID = "级别", "规则", "对象", "情况"
SEALED = (LEVEL, RULE, SUBJECT, SAID)
"""What the check value of a row covers beside its fingerprint: what somebody who answers has read."""
RUN_LABEL, SHEET_LABEL = "核查编号", "全表校验值"
"""Each stands above the heading, its value in the cell to the right."""
HEAD_ROWS = 12
"""The heading is looked for in so many rows."""
