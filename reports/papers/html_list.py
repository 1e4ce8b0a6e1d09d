"""The list of findings in the HTML page: the rows that stand in the page, and the data of all rows for its script.

Both are made from the same `Row`, so that a row reads the same whoever draws it.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from markupsafe import Markup

from facts.model.values import chinese_date
from reports.month.entry import Cause, Due, Entry, Proof
from reports.wording.words import DUE, NO_COLLEGE, SEVERITY, STATE

MOST_WHOLE = 500
"""A list of at most this many findings stands in the page as a whole."""
FIRST = 100
"""How many rows of a longer list stand in the page, to be read without script; the script draws as many at a time."""
MOST_ROW_NUMBERS = 12
_NUMBER = re.compile(r"(\d+年\d+月\d+日|[0-9A-Za-z-]*\d[0-9A-Za-z-]*)")
_T = TypeVar("_T")

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Row:
    """A finding as texts for the reader; a text is empty where there is nothing to say."""

    anchor: str
    rule: str
    title: str
    message: str
    subject: str
    owner: str
    college: str
    date: str
    """The deadline's."""
    late: str
    meta: str
    """What a narrow screen shows in one line instead of the last columns."""
    consequences: str
    severity: tuple[str, str, str]
    """Code, word, sign."""
    state: tuple[str, str]
    """Code, word."""
    due: tuple[str, ...]
    """Code and words of the stretch of time into which the deadline falls."""
    cause: Cause | None
    clauses: Pairs
    notes: Pairs
    """What to do and until when, and what else is known: heading and text."""
    proofs: tuple[tuple[str, str, Pairs], ...]
    """What it is, where it stands, and its headings and values."""


def first_rows(entries: Sequence[Entry]) -> tuple[Row, ...]:
    """The rows that stand in the page itself: all of a short list, the first FIRST of a long one."""
    return tuple(map(_row, entries if len(entries) <= MOST_WHOLE else entries[:FIRST]))


def list_data(entries: Sequence[Entry]) -> Markup:
    """Every row, as the content of a data block: JSON without a character that could end the block.

    {texts: [text or [places in texts of its pieces]], lists: [[places in texts]], rows: [[…]]}: each text, and each
    list of texts, is there once. A row has places in texts (_texts), then places in lists (_lists).
    """
    rows = [(_texts(row), _lists(row)) for row in map(_row, entries)]
    lists = _places(some for _, several in rows for some in several)
    whole = Counter(chain.from_iterable((*(own for own, _ in rows), *lists)))
    pieces = {text: _pieces(text) for text in whole}
    texts = _places(chain(whole.elements(), (piece for some in pieces.values() if len(some) > 1 for piece in some)))
    data = {
        "texts": [
            [texts[piece] for piece in some] if len(some := pieces.get(text, ())) > 1 else text for text in texts
        ],
        "lists": [[texts[text] for text in some] for some in lists],
        "rows": [[*(texts[text] for text in own), *(lists[some] for some in several)] for own, several in rows],
    }
    made = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<\u2028\u2029":
        made = made.replace(character, f"\\u{ord(character):04x}")
    return Markup(made)  # noqa: S704 (nothing in it can be markup)


def _places(values: Iterable[_T]) -> dict[_T, int]:
    """Each value's place; the commonest first, since a low number is a short one."""
    return {value: place for place, (value, _) in enumerate(Counter(values).most_common())}


def _pieces(text: str) -> tuple[str, ...]:
    """The text cut before and after its numbers and dates: what stands between them is the same in many messages."""
    return tuple(filter(None, _NUMBER.split(text)))


def lateness(due: Due) -> str:
    """逾期12个工作日, （暂定）, or nothing."""
    late = "" if due.workdays_late is None else f"{due.workdays_late}个工作日"
    return (f"逾期{late}" if due.bucket == "overdue" else "") + ("（暂定）" if due.provisional else "")


def _texts(row: Row) -> tuple[str, ...]:
    """In the order in which list_data.js names them."""
    return (
        row.anchor, row.rule, row.title, row.message, row.subject, row.owner, row.college, row.date, row.late, row.meta,
        row.consequences,
    )  # fmt: skip


def _lists(row: Row) -> tuple[tuple[str, ...], ...]:
    """In the order in which list_data.js names them; all that follow are proofs."""
    cause = (row.cause.anchor, row.cause.rule, row.cause.subject) if row.cause else ()
    proofs = ((fact, place, *chain.from_iterable(values)) for fact, place, values in row.proofs)
    clauses, notes = tuple(chain.from_iterable(row.clauses)), tuple(chain.from_iterable(row.notes))
    return (row.severity, row.state, row.due, cause, clauses, notes, *proofs)


def _row(entry: Entry) -> Row:
    severity, due, college = SEVERITY[entry.severity], entry.due, entry.college or NO_COLLEGE
    return Row(
        anchor=entry.anchor,
        rule=entry.rule,
        title=entry.title,
        message=entry.message,
        subject=entry.subject,
        owner=entry.owner,
        college=college,
        date=chinese_date(due.on) if due else "",
        late=lateness(due) if due else "",
        meta=" · ".join((entry.owner, college, *([f"期限{_until(due)}"] if due else []))),
        consequences=str(entry.consequences or ""),
        severity=(entry.severity, severity.word, severity.sign),
        state=(entry.state, STATE[entry.state].word),
        due=(due.bucket, DUE[due.bucket]) if due else (),
        cause=entry.cause,
        clauses=tuple((f"规定 {clause.id}", clause.text or "（条款原文未收入规则包）") for clause in entry.clauses),
        notes=tuple(_notes(entry)),
        proofs=tuple(_proof(proof) for proof in entry.proofs),
    )


def _notes(entry: Entry) -> list[tuple[str, str]]:
    notes = [("处理办法", entry.remedy)]
    if entry.first_seen:
        notes.append(("首次查出", f"{chinese_date(entry.first_seen)}的数据"))
    if entry.answered:
        notes.append(("上次答复", entry.answered))
    if waiver := entry.waiver:
        notes.append(("豁免", f"{waiver.reason}（{waiver.approver}，至{chinese_date(waiver.until)}）"))
    return [*notes, ("期限", _until(entry.due) if entry.due else "规定没有给出可计算的期限")]


def _until(due: Due) -> str:
    return chinese_date(due.on) + ("，" if due.bucket == "overdue" else "") + lateness(due)


def _proof(proof: Proof) -> tuple[str, str, Pairs]:
    return proof.fact, _place(proof), tuple((item.label, item.value) for item in proof.values)


def _place(proof: Proof) -> str:
    """在校生.csv 第2、3行."""
    if not proof.file:
        return "由其他数据算得"
    if not proof.rows:
        return proof.file
    more = f"等{len(proof.rows)}行" if len(proof.rows) > MOST_ROW_NUMBERS else ""
    return f"{proof.file} 第{'、'.join(map(str, proof.rows[:MOST_ROW_NUMBERS]))}行{more}"
