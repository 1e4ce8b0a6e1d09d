"""Numbers that were replaced (编号对照): a snapshot is read under the new ones, rows set aside and the earlier too."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from facts.model.snapshot import Snapshot, Table
from facts.model.tables import TABLES
from facts.sources.cells import place

_FIELDS: Mapping[str, str] = {"学号": "student_no", "班级号": "class_no"}
"""What is numbered → the field that holds such a number, in whichever table."""
TABLE = "renumbering"

Numbers = Mapping[str, Mapping[str, str]]
"""Field → old number → the new one at the end of its chain."""


class Refused(ValueError):
    """The table can't be followed: one Chinese clause, without its full stop."""


def renumbered(snapshot: Snapshot, numbers: Numbers | None = None) -> Snapshot:
    """The snapshot under its new numbers, by its own 编号对照 or by those given (of the later snapshot that it is
    compared with). A chain is followed to its end. Where the table has a cycle (a number that becomes itself is one),
    or two new numbers for an old one, it counts as not given, and a remark says so."""
    table = snapshot.tables.get(TABLE)
    remarks = snapshot.remarks
    tables = dict(snapshot.tables)
    if numbers is None:
        if table is None:
            return snapshot
        try:
            numbers = numbers_of(table)
        except Refused as why:
            del tables[TABLE]
            remark = f"{place(table.files[0])}（{TABLES[TABLE].about.heading}）没有采用：{why}，请改正后重新检查"
            return replace(snapshot, tables=tables, remarks=(*remarks, remark))
    renamed = {kind: _read_under(each, numbers) for kind, each in tables.items() if kind != TABLE}
    return replace(snapshot, tables={kind: renamed.get(kind, each) for kind, each in tables.items()})


def numbers_of(table: Table) -> Numbers:
    """What the table says. Raises Refused."""
    rows = table.frame[["kind", "old_no", "new_no"]].dropna().astype("str").drop_duplicates()
    return {field: dict(_ends(kind, rows[rows["kind"] == kind])) for kind, field in _FIELDS.items()}


def _ends(kind: str, rows: pd.DataFrame) -> Iterator[tuple[str, str]]:
    twice = rows[rows.duplicated("old_no", keep=False)].sort_values(["old_no", "new_no"])
    if len(twice):
        old = twice["old_no"].iloc[0]
        new = "、".join(twice.loc[twice["old_no"] == old, "new_no"])
        raise Refused(f"{kind} {old} 有两个新编号（{new}）")
    following = dict(zip(rows["old_no"], rows["new_no"], strict=True))
    for old, new in following.items():
        at, passed = new, {old}
        while at in following and at not in passed:
            passed.add(at)
            at = following[at]
        if at in passed:
            raise Refused(f"{kind} {old} 几经变更又回到原来的编号")
        yield old, at


def _read_under(table: Table, numbers: Numbers) -> Table:
    """The table with its numbers replaced; `exported` keeps the columns of the accepted rows as they stand."""
    frame, aside, exported = table.frame, table.aside, dict(table.exported)
    rows = np.zeros(len(frame) + len(aside), np.bool_)
    for field, ends in numbers.items():
        if field not in frame or not ends:
            continue
        old, old_aside = (_holds(each[field], ends) for each in (frame, aside))
        rows |= np.concatenate([old, old_aside])
        if old.any():
            exported[field] = frame[field]
            frame = frame.assign(**{field: _replaced(frame[field], ends)})
        if old_aside.any():
            aside = aside.assign(**{field: _replaced(aside[field], ends)})
    if not rows.any():
        return table
    return replace(table, frame=frame, aside=aside, exported=exported, renumbered=int(rows.sum()))


def _holds(values: pd.Series, ends: Mapping[str, str]) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    old = np.append(values.cat.categories.isin(list(ends)), False)
    return np.asarray(old[values.cat.codes.to_numpy()], np.bool_)


def _replaced(values: pd.Series, ends: Mapping[str, str]) -> pd.Categorical:
    """The few distinct numbers are replaced, and the codes kept."""
    texts = values.cat.categories.to_numpy(dtype=object, copy=True)
    old = np.flatnonzero(values.cat.categories.isin(list(ends)))
    texts[old] = [ends[text] for text in texts[old]]
    new = pd.Categorical(pd.Series(texts, dtype="str"))
    codes = np.append(new.codes, -1)[values.cat.codes.to_numpy()]
    return pd.Categorical.from_codes(codes, categories=new.categories)
