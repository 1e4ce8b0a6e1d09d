"""A table that is being made up: columns as arrays; rows may be changed, dropped and added before it is written."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Objects = npt.NDArray[np.object_]
"""Texts, or None where missing."""
Dates = npt.NDArray[np.datetime64]
"""datetime64[D], or NaT where missing."""
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
NO_DAY: Any = np.datetime64("NaT", "D")
EMPTY: Mapping[str, Any] = {"O": None, "M": NO_DAY, "i": 0}
"""By dtype kind, what a missing value is."""


class Sheet:
    """One table. `who` says for each row which person it is about (index into `People`; -1: nobody)."""

    def __init__(self, who: Ints, **columns: Any) -> None:
        self.who = who
        self.columns: dict[str, Any] = columns
        self.keep: Flags = np.ones(len(who), dtype=bool)
        self.added: list[dict[str, Any]] = []

    def __getitem__(self, column: str) -> Any:
        return self.columns[column]

    def rows(self, who: int) -> Ints:
        """The rows about a person that are still there, rows added apart."""
        found = np.flatnonzero(self.who == who)
        return found[self.keep[found]]

    def set(self, rows: Any, **values: Any) -> None:
        """Write values into rows (an index or several)."""
        for name, value in values.items():
            self.columns[name][rows] = value

    def drop(self, rows: Any) -> None:
        self.keep[rows] = False

    def add(self, who: int, **values: Any) -> None:
        """One more row; columns that are not named are missing."""
        self.added.append({"who": who, **values})

    def finish(self) -> None:
        """Drop what is dropped and append what was added, in place."""
        self.who = np.concatenate([self.who[self.keep], [row["who"] for row in self.added]]).astype(np.int64)
        for name, column in self.columns.items():
            kept = column[self.keep]
            more = np.empty(len(self.added), dtype=column.dtype)
            for i, row in enumerate(self.added):
                more[i] = row.get(name, EMPTY[column.dtype.kind])
            self.columns[name] = np.concatenate([kept, more])
        self.keep = np.ones(len(self.who), dtype=bool)
        self.added = []

    def sort(self, *by: Any) -> None:
        """Order the rows: by the first array first."""
        order = np.lexsort(by[::-1])
        self.who = self.who[order]
        self.columns = {name: column[order] for name, column in self.columns.items()}
