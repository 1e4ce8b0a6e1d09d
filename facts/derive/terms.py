"""Terms: which is the current one, and which the first of its academic year."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from facts.derive.inputs import Inputs
from facts.derive.shape import add_months, starting_year


def term(inputs: Inputs, rows: pd.DataFrame) -> tuple[dict[str, Any], Mapping[str, int]]:
    """current: the term with starts_on ≤ as_of ≤ ends_on, between terms the last that started; at most one, none before
    the first starts. year: in which the academic year begins. first_of_year: the earliest term of its academic year;
    year_first, year_starts_on and year_report_by: the name and the dates of that one.
    repeat_by: the same day of the month after starts_on, the last one where that month is shorter (四-6, 开学1个月内).

    Where a term set aside might be the current or first one instead, the answer is missing for the terms concerned;
    so many are withheld."""
    current, first = _current(inputs, rows), _first_of_year(inputs, rows)
    of_year = int(first.isna().sum())
    withheld = {"current": int(current.isna().sum()), "first_of_year": of_year}
    withheld |= {"year_first": of_year, "year_starts_on": of_year, "year_report_by": of_year}
    of_first = {f"year_{field}": _of_first(rows, first, field) for field in ("starts_on", "report_by")}
    return {
        "current": current,
        "year": starting_year(rows["academic_year"]),
        "first_of_year": first,
        "year_first": pd.Categorical(_name_of_first(rows, first)),
        **of_first,
        "repeat_by": add_months(rows["starts_on"], 1),
    }, withheld


def of_current(inputs: Inputs, rows: pd.DataFrame) -> tuple[dict[str, Any], Mapping[str, int]]:
    """current: the row is of the current term; missing where that is not known."""
    now = current_term(inputs)
    if now is None:
        return {}, {}
    return {"current": (rows["term"].astype("str") == now["term"].iloc[0]).astype("boolean")}, {}


def year_ends(inputs: Inputs) -> pd.Series:
    """Academic year → ends_on of its last term; only years of which the calendar has at least two terms, none of whose
    rows was set aside. Empty where term is not given."""
    rows = inputs.rows("term")
    if rows is None:
        return pd.Series([], index=pd.Index([], dtype="str"), dtype="datetime64[s]")
    known = rows[["academic_year", "term", "ends_on"]].dropna().astype({"academic_year": "str", "term": "str"})
    by_year = known.groupby("academic_year")
    ends = by_year["ends_on"].max()[by_year["term"].nunique() > 1]
    aside = inputs.aside("term", "academic_year")
    if aside is None:
        return ends
    unclear = aside["academic_year"].astype("str")
    return ends.iloc[:0] if unclear.isna().any() else ends[~ends.index.isin(unclear)]


def first_terms(inputs: Inputs) -> pd.DataFrame:
    """The first terms of academic years: term, year (in which the academic year begins), report_by, and newcomers_by,
    until when newcomers report (newcomer_report_by, else report_by). A year of which the first term is not known is
    left out; empty where term is not given."""
    rows = inputs.rows("term")
    if rows is None:
        types = {"term": "str", "year": "Int64", "report_by": "datetime64[s]", "newcomers_by": "datetime64[s]"}
        return pd.DataFrame({name: [] for name in types}).astype(types)
    first = _first_of_year(inputs, rows).to_numpy(dtype=bool, na_value=False)
    by = rows["newcomer_report_by"].where(rows["newcomer_report_by"].notna(), rows["report_by"])
    found = pd.DataFrame(
        {
            "term": rows["term"].astype("str"),
            "year": starting_year(rows["academic_year"]),
            "report_by": rows["report_by"],
            "newcomers_by": by,
        }
    )
    return found[first].dropna(subset=["term", "year"])


def current_term(inputs: Inputs) -> pd.DataFrame | None:
    """The row of the current term; None where there is none, or where it is not known which it is."""
    rows = inputs.rows("term")
    if rows is None:
        return None
    current = _current(inputs, rows).to_numpy(dtype=bool, na_value=False)
    return rows[current] if current.any() else None


def _current(inputs: Inputs, rows: pd.DataFrame) -> pd.arrays.BooleanArray:
    begins, ends = rows["starts_on"].to_numpy(), rows["ends_on"].to_numpy()
    started = begins <= inputs.today
    running = started & (ends >= inputs.today)
    chosen = np.flatnonzero(running if running.any() else started)
    chosen = chosen[np.argsort(begins[chosen], kind="stable")][-1:]
    current = np.zeros(len(rows), dtype=bool)
    current[chosen] = True

    unclear = False
    aside = inputs.aside("term", "starts_on", "ends_on")
    if aside is not None and not running.any():
        begin = begins[chosen[0]] if len(chosen) else np.datetime64("0001-01-01", "s")
        earlier = (aside["ends_on"] < begin) | (aside["starts_on"] <= begin)
        unclear = bool((~earlier & ~(aside["starts_on"] > inputs.today)).any())
    return pd.arrays.BooleanArray(current, np.full(len(rows), unclear))


def _of_first(rows: pd.DataFrame, first: pd.arrays.BooleanArray, field: str) -> npt.NDArray[np.datetime64]:
    """A date of the first term of each row's academic year; missing where that is not known."""
    known = np.flatnonzero(first.to_numpy(dtype=bool, na_value=False))
    years = pd.Index(rows["academic_year"].astype("str"))
    place = years[known].get_indexer(years)
    dates: npt.NDArray[np.datetime64] = np.append(rows[field].to_numpy()[known], np.datetime64("NaT", "s"))[place]
    dates[first.isna()] = "NaT"
    return dates


def _name_of_first(rows: pd.DataFrame, first: pd.arrays.BooleanArray) -> pd.Series:
    """The name of the first term of each row's academic year; missing where that is not known."""
    years, names = rows["academic_year"].astype("str"), rows["term"].astype("str")
    known = first.to_numpy(dtype=bool, na_value=False)
    of_year = pd.Series(names[known].to_numpy(), index=years[known].to_numpy(), dtype="str")
    return years.map(of_year[~of_year.index.duplicated()]).astype("str").mask(pd.isna(first))


def _first_of_year(inputs: Inputs, rows: pd.DataFrame) -> pd.arrays.BooleanArray:
    placed = rows[["academic_year", "starts_on"]].reset_index(drop=True)
    earliest = placed.dropna().sort_values("starts_on", kind="stable").drop_duplicates("academic_year")
    first = np.zeros(len(rows), dtype=bool)
    first[earliest.index] = True

    unclear = np.zeros(len(rows), dtype=bool)
    aside = inputs.aside("term", "academic_year", "starts_on")
    if aside is not None:
        by_year = earliest.astype({"academic_year": "str"}).set_index("academic_year")["starts_on"]
        begins = placed["academic_year"].astype("str").map(by_year).to_numpy()
        # A turn a term set aside: there are some dozens of terms in all.
        for year, begin in zip(aside["academic_year"], aside["starts_on"].to_numpy(), strict=True):
            same = np.ones(len(rows), dtype=bool) if pd.isna(year) else (placed["academic_year"] == year).to_numpy()
            unclear |= same & ~(begins <= begin)
    return pd.arrays.BooleanArray(first, unclear)
