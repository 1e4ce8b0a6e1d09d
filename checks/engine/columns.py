"""The columns of a kind of fact as conditions see them: whole columns for narrowing, single values for the engine."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from checks.engine.atoms import Value
from checks.engine.flat import Against, Difference, Filled, Operand, Order, Rank, Shifted, Test, Within
from facts.model.frames import distinct_texts

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.integer[Any]]
"""Places among distinct texts, in as few bytes as hold them; -1 where missing."""
_EPOCH = np.datetime64("1970-01-01", "D")
_DAY_ONE = 719163  # date(1970, 1, 1).toordinal()
BEYOND = 2**53
"""Larger than any number of a fact."""
NO_TEXT = "\n"
"""A text that no fact holds: control characters are dropped when exports are read."""
MISSING = np.iinfo(np.int64).min


class Columns:
    """One kind's frame, with what conditions ask of it computed at most once."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self._numbers: dict[Operand, Ints] = {}
        self._masks: dict[Test, Bools] = {}
        self._texts_of: dict[str, list[str | None]] = {}
        self._codes: dict[str, tuple[Codes, pd.Index]] = {}
        self._arrow: dict[str, pa.LargeStringArray] = {}
        self._translations: dict[tuple[str, Columns, str], Ints] = {}

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def _texts(self) -> frozenset[str]:
        return frozenset(
            str(name) for name, dtype in self.frame.dtypes.items() if isinstance(dtype, pd.CategoricalDtype)
        )

    def is_text(self, operand: Operand) -> bool:
        field = operand.operand if isinstance(operand, Filled) else operand
        return isinstance(field, str) and field in self._texts

    def codes(self, field: str) -> tuple[Codes, pd.Index]:
        """A text column as codes (−1 missing) and the texts that they stand for."""
        if field not in self._codes:
            column = self.frame[field].cat
            codes: Codes = column.codes.to_numpy()
            self._codes[field] = codes, column.categories
        return self._codes[field]

    def texts(self, field: str) -> pa.LargeStringArray:
        """The texts that the codes of a text column stand for."""
        if field not in self._arrow:
            self._arrow[field] = distinct_texts(self.frame[field])
        return self._arrow[field]

    def translation(self, field: str, other: "Columns", theirs: str) -> Ints:
        """For each code of another kind's text column the code that its text has in this one's; −1: it has none."""
        key = (field, other, theirs)
        if key not in self._translations:
            found = pc.index_in(other.texts(theirs), self.texts(field))
            self._translations[key] = np.asarray(pc.fill_null(found, -1).to_numpy(), np.int64)
        return self._translations[key]

    def numbers(self, operand: Operand) -> Ints:
        """Numbers, day numbers, 1 and 0; MISSING where there is none."""
        if operand not in self._numbers:
            self._numbers[operand] = self._compute(operand)
        return self._numbers[operand]

    def _compute(self, operand: Operand) -> Ints:
        match operand:
            case Difference(left, right):
                a, b = self.numbers(left), self.numbers(right)
                return np.where((a == MISSING) | (b == MISSING), MISSING, a - b)
            case Order(left, right):
                (codes, own), (others, theirs) = self.codes(left), self.codes(right)
                ranks = pd.Index(sorted(set(own) | set(theirs)))
                a, b = ranked(codes, ranks.get_indexer(own)), ranked(others, ranks.get_indexer(theirs))
                return np.where((a < 0) | (b < 0), MISSING, np.sign(a - b))
            case Against(field, text):
                codes, texts = self.codes(field)
                signs = np.fromiter(((each > text) - (each < text) for each in texts), np.int64, len(texts))
                return ranked(codes, signs, missing=MISSING)
            case Filled(field, high):
                numbers = self.numbers(field)
                return np.where(numbers == MISSING, BEYOND if high else -BEYOND, numbers)
            case Rank():
                raise LookupError("rank_texts comes first")
            case Shifted(field, by):
                numbers = self.numbers(field)
                return np.where(numbers == MISSING, MISSING, numbers + by)
            case Within(field, values):
                if self.is_text(field):
                    codes, texts = self.codes(field)
                    return ranked(codes, texts.isin(values).astype(np.int64), missing=MISSING)
                numbers = self.numbers(field)
                return np.where(numbers == MISSING, MISSING, np.isin(numbers, values).astype(np.int64))
        column = self.frame[operand]
        if isinstance(column.dtype, np.dtype) and column.dtype.kind == "M":
            days = column.to_numpy().astype("datetime64[D]")
            return np.where(np.isnat(days), MISSING, (days - _EPOCH).astype(np.int64) + _DAY_ONE)
        return column.to_numpy(dtype=np.int64, na_value=MISSING)

    def rank(self, field: str, texts: pd.Index) -> None:
        """Ranks a text column within `texts`, sorted."""
        codes, own = self.codes(field)
        self._numbers[Rank(field)] = ranked(codes, texts.get_indexer(own), missing=MISSING)

    def holds(self, test: Test) -> Bools:
        """The rows that pass a test."""
        if test not in self._masks:
            self._masks[test] = self._test(test)
        return self._masks[test]

    def _test(self, test: Test) -> Bools:
        if not self.is_text(test.operand):
            numbers = self.numbers(test.operand)
            there = numbers != MISSING
            if test.op in ("missing", "present"):
                return np.asarray(~there) if test.op == "missing" else np.asarray(there)
            assert isinstance(test.value, int)
            return np.asarray(there & _compare(numbers, test.op, test.value))
        assert isinstance(test.operand, str)
        codes, texts = self.codes(test.operand)
        if test.op in ("missing", "present"):
            return np.asarray(codes < 0) if test.op == "missing" else np.asarray(codes >= 0)
        passing = np.append(np.asarray(_compare(texts, test.op, test.value), np.bool_), False)
        return np.asarray(passing[codes])

    def passing(self, tests: Sequence[Test]) -> Bools:
        """The rows that pass all tests."""
        mask = np.ones(len(self), np.bool_)
        for test in tests:
            mask &= self.holds(test)
        return mask

    def _known(self, field: str) -> list[str | None]:
        """The texts of a column by code; None last, where the code −1 finds it."""
        if field not in self._texts_of:
            self._texts_of[field] = [*self.frame[field].cat.categories.to_numpy(dtype=object), None]
        return self._texts_of[field]

    def values(self, operand: Operand, rows: Ints) -> list[Value | None]:
        """The values of some rows as the engine gets them: text, or a number; None where missing."""
        if isinstance(operand, Filled) and self.is_text(operand):
            return [NO_TEXT if value is None else value for value in self.values(operand.operand, rows)]
        if isinstance(operand, str) and self.is_text(operand):
            known = self._known(operand)
            return [known[code] for code in self.codes(operand)[0][rows].tolist()]
        return [None if n == MISSING else n for n in self.numbers(operand)[rows].tolist()]

    def value(self, field: str, row: int) -> Value | None:
        """The value of a field in one row: text, or a number; None where missing."""
        if field in self._texts:
            codes, texts = self.codes(field)
            return None if codes[row] < 0 else str(texts[codes[row]])
        number = int(self.numbers(field)[row])
        return None if number == MISSING else number


def rank_texts(fields: Iterable[tuple[str, Operand]], kinds: Mapping[str, Columns]) -> None:
    """Ranks every text field (kind, Rank) within all of them, so that joins by order compare numbers."""
    plain = [(kind, operand.operand if isinstance(operand, Filled) else operand) for kind, operand in fields]
    wanted = [(kinds[kind], operand.field) for kind, operand in plain if isinstance(operand, Rank)]
    texts = pd.Index(sorted({text for columns, field in wanted for text in columns.codes(field)[1]}))
    for columns, field in wanted:
        columns.rank(field, texts)


def ranked(codes: Codes, of_text: npt.NDArray[np.int64], missing: int = -1) -> Ints:
    """What each text's code stands for; `missing` where the code is −1."""
    return np.append(of_text, missing)[codes]


def joined(
    a: Columns, a_rows: Ints, b: Columns, b_rows: Ints, fields: Sequence[tuple[Operand, Operand]]
) -> tuple[Ints, Ints]:
    """Pairs of fields of two kinds as one number a row, equal where all pairs are; −1 where one is missing."""
    left, right = np.zeros(len(a_rows), np.int64), np.zeros(len(b_rows), np.int64)
    for mine, other in fields:
        theirs = other.operand if isinstance(other, Filled) else other
        if a.is_text(mine):
            assert isinstance(mine, str) and isinstance(theirs, str)
            (x, x_texts), (y, _) = a.codes(mine), b.codes(theirs)
            x, y, size = x[a_rows], ranked(y[b_rows], a.translation(mine, b, theirs)), len(x_texts)
        else:
            both = np.concatenate([a.numbers(mine)[a_rows], b.numbers(theirs)[b_rows]])
            codes, known = pd.factorize(both)
            codes = np.where(both == MISSING, -1, codes)
            x, y, size = codes[: len(a_rows)], codes[len(a_rows) :], len(known)
        left = np.where((left < 0) | (x < 0), -1, left * (size + 1) + x)
        right = np.where((right < 0) | (y < 0), -1, right * (size + 1) + y)
    return left, right


def reaching(a: Columns, a_rows: Ints, b: Columns, b_rows: Ints, fields: Sequence[tuple[Operand, Operand]]) -> Bools:
    """Which of some rows of one kind have an equal among some rows of another, in all pairs of fields at once."""
    found = np.ones(len(a_rows), np.bool_)
    for pair in fields:  # each field alone leaves few rows for all together
        mine, theirs = joined(a, a_rows[found], b, b_rows, [pair])
        found[found] = (mine >= 0) & np.isin(mine, theirs)
    if len(fields) > 1 and found.any():
        mine, theirs = joined(a, a_rows[found], b, b_rows, fields)
        found[found] = (mine >= 0) & np.isin(mine, theirs)
    return found


def partners(left: Ints, right: Ints, most: int) -> tuple[Ints, Ints] | None:
    """Every pair of positions whose numbers (as `joined` gives them) are equal and not −1; None where there are more
    than `most`."""
    order = np.argsort(right, kind="stable")
    ordered = right[order]
    low, high = np.searchsorted(ordered, left), np.searchsorted(ordered, left, side="right")
    counts = np.where(left >= 0, high - low, 0)
    total = int(counts.sum())
    if total > most:
        return None
    before = np.cumsum(counts) - counts
    at = np.repeat(low - before, counts) + np.arange(total)
    return np.repeat(np.arange(len(left)), counts), order[at]


def compared(a: Columns, a_rows: Ints, mine: Operand, op: str, b: Columns, b_rows: Ints, theirs: Operand) -> Bools:
    """Row by row, whether `mine` of one kind stands in this relation to `theirs` of another; false where one misses."""
    if a.is_text(mine):
        x, y = joined(a, a_rows, b, b_rows, [(mine, theirs)])
        return np.asarray(_compare(x, op, y) & (x >= 0) & ~b.holds(Test(theirs, "missing"))[b_rows])
    left, right = a.numbers(mine)[a_rows], b.numbers(theirs)[b_rows]
    return np.asarray(_compare(left, op, right) & (left != MISSING) & (right != MISSING))


def _compare(left, op: str, right):  # type: ignore[no-untyped-def]  # works on arrays and on texts alike
    match op:
        case "==":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
    return left >= right
