"""How many rows of a sheet were set aside for what: all of them, where only the first are listed one by one."""

from collections.abc import Callable, Mapping

import numpy as np

from facts.model.snapshot import Reason, SourceFile
from facts.sources.cells import Flags, RowNumbers, Texts


def counted(
    file: SourceFile,
    rows: RowNumbers,
    bad: Flags,
    by_field: Mapping[str, Flags],
    texts: Mapping[str, Texts],
    why: Callable[[str, str], tuple[str, str]],
    misshapen: Mapping[int, str],
) -> tuple[Reason, ...]:
    """Every row that is bad or misshapen counts once, for its first bad cell; the most frequent reason first.

    `rows` are the numbers of the rows, `bad` says which of them are set aside, `by_field` for which cell. `why`: field
    (empty: for none of its cells) and text → the heading and the reason; it is asked once a distinct text.
    """
    found: dict[tuple[str, str], Reason] = {}

    def add(said: tuple[str, str], count: int, first: int) -> None:
        known = found.get(said, Reason(file, *said, 0, first))
        found[said] = Reason(file, *said, known.rows + count, min(known.first_row, first))

    left = bad.copy()
    for field, flags in by_field.items():
        here = np.flatnonzero(flags & left)
        left &= ~flags
        codes, first, counts = np.unique(texts[field].codes[here], return_index=True, return_counts=True)
        for code, at, count in zip(codes.tolist(), first.tolist(), counts.tolist(), strict=True):
            text = "" if code < 0 else str(texts[field].distinct[code].as_py())
            add(why(field, text), count, int(rows[here[at]]))
    if left.any():
        add(why("", ""), int(left.sum()), int(rows[np.flatnonzero(left)[0]]))
    for row, reason in misshapen.items():
        add(("", reason), 1, row)
    return tuple(sorted(found.values(), key=lambda each: (-each.rows, each.first_row)))
