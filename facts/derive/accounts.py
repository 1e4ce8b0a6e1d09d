"""Fee accounts: what a student owes for an academic year, all items together."""

import pandas as pd

from facts.derive.inputs import Inputs
from facts.derive.shape import columns_of, frame, nothing
from facts.model.computed import FeeAccount

_KEY = ["student_no", "academic_year"]


def fee_account(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One a student and academic year, sums in fen. Settled: nothing owed, or deferred until as_of or later. None for a
    student and year with a row set aside (the year unreadable: for none of that student's years); the accounts so
    withheld are counted, those of which every row was set aside too."""
    rows = inputs.rows("fee")
    if rows is None:
        return nothing(FeeAccount), 0
    rows = rows.dropna(subset=_KEY)
    rows, withheld = _clear(inputs, rows)
    money = rows[["payable", "paid", "relief"]].fillna(0)
    grouped = pd.concat([rows[_KEY], money, rows[["registered_on", "deferred_until"]]], axis=1).groupby(
        _KEY, observed=True, sort=True
    )
    sums = grouped[["payable", "paid", "relief"]].sum().reset_index()
    latest = grouped[["registered_on", "deferred_until"]].max().reset_index(drop=True)
    owed = sums["payable"] - sums["relief"] - sums["paid"]
    settled = (owed <= 0).to_numpy(dtype=bool) | (latest["deferred_until"] >= inputs.today).to_numpy()
    return frame(FeeAccount, **columns_of(sums), owed=owed, **columns_of(latest), settled=settled), withheld


def _clear(inputs: Inputs, rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The fee rows of accounts that no row set aside concerns, and how many accounts are concerned."""
    aside = inputs.aside("fee", *_KEY)
    if aside is None:
        return rows, 0
    aside = aside.dropna(subset=["student_no"]).astype("str")
    whole = aside["academic_year"].isna()
    students = aside.loc[whole, "student_no"]
    keys = pd.MultiIndex.from_frame(aside.loc[~whole, _KEY].drop_duplicates())
    own = pd.MultiIndex.from_frame(rows[_KEY].astype("str"))
    concerned = own.isin(keys) | rows["student_no"].isin(students).to_numpy()
    return rows[~concerned], len(own[concerned].unique().union(keys))
