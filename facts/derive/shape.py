"""How columns that were computed become a frame in the form of `facts.model.frames`."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

from facts.model.frames import DTYPES, empty_frame, missing
from facts.model.schema import ColumnType, Fact, columns


@cache
def _nothing(model: type[Fact]) -> pd.DataFrame:
    return empty_frame(model)


def nothing(model: type[Fact]) -> pd.DataFrame:
    """The frame of a kind of which there is none; made once a kind, because a rule's examples ask for most kinds so."""
    return _nothing(model).copy(deep=False)  # copy on write: what a caller does to it stays with the caller


def frame(model: type[Fact], /, **values: Any) -> pd.DataFrame:
    """A frame of the model from equally long Series, arrays or lists by field; fields not given are all missing.
    Indexes are dropped."""
    rows = len(next(iter(values.values())))
    return pd.DataFrame(
        {
            name: _typed(values[name], column.type) if name in values else missing(column, rows)
            for name, column in columns(model).items()
        }
    )


def columns_of(values: pd.DataFrame) -> dict[str, Any]:
    """The columns of a frame by name, as `frame` takes them."""
    return {str(name): column for name, column in values.items()}


def completed(model: type[Fact], rows: pd.DataFrame, values: Mapping[str, Any]) -> pd.DataFrame:
    """The rows of a table with its computed columns beside their own; those not among `values` are all missing."""
    more = {
        name: _typed(values[name], column.type) if name in values else missing(column, len(rows)).array
        for name, column in columns(model).items()
        if column.computed
    }
    return rows.assign(**more) if more else rows


def together(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """The rows of both, in the form of the first."""
    if not len(first):
        return second
    data = {
        name: union_categoricals([first[name].array, second[name].array])
        if isinstance(first[name].dtype, pd.CategoricalDtype)
        else pd.concat([first[name], second[name]], ignore_index=True)
        for name in first
    }
    return pd.DataFrame(data)


def _typed(values: Any, kind: ColumnType) -> Any:
    dtype: Any = DTYPES[kind]
    array = values.array if isinstance(values, pd.Series) else values
    if dtype != "category":
        return pd.array(array, dtype=dtype)
    if isinstance(array, pd.Categorical):
        return array.remove_unused_categories() if len(array) < len(array.categories) else array
    return pd.Categorical(pd.Series(array, dtype="str"))


def looked_up(keys: pd.Series, dates: pd.Series) -> pd.Series:
    """For each key the date that stands beside it in the index of `dates` (distinct); NaT where it is not there."""
    place = dates.index.get_indexer(pd.Index(keys))
    found = np.append(dates.to_numpy().astype("datetime64[s]"), np.datetime64("NaT", "s"))[place]
    return pd.Series(found, index=keys.index)


def add_years(dates: pd.Series, years: pd.Series) -> npt.NDArray[np.datetime64]:
    """The same day so many years (Int64) later, 29 February becoming the 28th where the year has no other;
    datetime64[s], NaT where either is missing or the year is beyond 9999."""
    whole = years.clip(-9999, 9999).to_numpy(dtype=np.int64, na_value=0)
    found = add_months(dates, whole * 12)
    found[years.isna()] = "NaT"
    return found


def add_months(dates: pd.Series, months: int | npt.NDArray[np.int64]) -> npt.NDArray[np.datetime64]:
    """The same day so many months later, the last of the month where it is shorter; datetime64[s], NaT where the date
    is missing or the year is beyond 9999."""
    day = dates.to_numpy().astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    moved = month + months
    moved[(moved < np.datetime64("0001-01", "M")) | (moved > np.datetime64("9999-12", "M"))] = "NaT"
    last = (moved + 1).astype("datetime64[D]") - 1
    same_day = moved.astype("datetime64[D]") + (day - month.astype("datetime64[D]"))
    found: npt.NDArray[np.datetime64] = np.minimum(same_day, last).astype("datetime64[s]")
    return found


def starting_year(academic_years: pd.Series) -> Any:
    """The year with which each academic year begins (2026-2027: 2026), as Int64; missing where its text has none."""
    names = pd.Series(academic_years.cat.categories, dtype="str").str.normalize("NFKC").str.strip()
    years = pd.to_numeric(names.str.extract(r"^([0-9]{4})", expand=False)).astype("Int64")
    return years.array.take(academic_years.cat.codes.to_numpy(), allow_fill=True)


def texts(masks: npt.NDArray[np.int64], titles: Sequence[str], index: pd.Index) -> pd.Series:
    """For numbers whose bit i stands for titles[i]: the titles of the bits set, in order, joined by 、.

    A Series with the index given; missing for 0."""
    distinct, codes = np.unique(masks, return_inverse=True)
    joined = [
        "、".join(dict.fromkeys(title for bit, title in enumerate(titles) if mask >> bit & 1))
        for mask in distinct.tolist()
    ]
    values = pd.Series(joined, dtype="str").where(distinct != 0)
    return values.take(codes).set_axis(index)
