"""What a reader must know of a snapshot before trusting what was found in it."""

from collections.abc import Iterator, Mapping

from checks.results import Note
from facts.derive.platforms import unseen_platforms
from facts.model.snapshot import Snapshot
from facts.model.tables import TABLES

_NUMBERS = {"student_no": "学号", "exam_no": "考生号", "id_number": "身份证号"}


def remarks(snapshot: Snapshot, placeholders: Mapping[str, frozenset[str]]) -> Iterator[Note]:
    """What was learnt when it was read; which rows count twice or were read under other numbers; which numbers are
    nobody's; which platform it doesn't show; and that its day lies before or after every term, from which rules
    count."""
    for remark in snapshot.remarks:
        yield Note("snapshot", remark)
    for name, table in snapshot.tables.items():
        if table.twice:
            yield Note(
                "snapshot", f"{TABLES[name].about.heading}有 {table.twice} 行与另一个文件中的行完全相同，两处都计入"
            )
        if table.renumbered:
            heading = TABLES[name].about.heading
            yield Note("snapshot", f"{heading}有 {table.renumbered} 行按编号对照中的新编号读取，依据中仍列原编号")
    for field, numbers in placeholders.items():
        if numbers:
            heading = _NUMBERS[field]
            yield Note("snapshot", f"{heading}中有 {len(numbers)} 个占位号（不同姓名共用的不合规号码），不用来认人")
    for platform, levels in unseen_platforms(snapshot).items():
        heading, named = TABLES["record"].about.heading, "、".join(levels)
        yield Note(
            "snapshot",
            f"{heading}中没有{platform}的数据：{named}学生有没有学籍不得而知，要看有没有学籍的规则没有判断他们",
        )
    terms = snapshot.tables.get("term")
    known = None if terms is None else terms.frame[["starts_on", "ends_on"]].dropna()  # an example may leave them out
    if known is None or known.empty:
        return
    first, last = known["starts_on"].min().date(), known["ends_on"].max().date()
    if snapshot.as_of < first:
        yield Note("calendar", f"数据截至{snapshot.as_of}，早于校历中最早的学期（{first}开学）：请核对截至日期和校历")
    elif snapshot.as_of > last:
        yield Note(
            "calendar",
            f"数据截至{snapshot.as_of}，晚于校历中最后的学期（{last}结束），按该学期核查：请核对截至日期，或补上以后的校历",
        )
