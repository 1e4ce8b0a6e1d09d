"""Fee accounts: what a student owes for an academic year, all items together."""

import pandas as pd

from facts.derive.inputs import Inputs
from facts.derive.periods import enough
from facts.derive.shape import columns_of, frame, looked_up, nothing
from facts.derive.terms import current_term, year_ends
from facts.model.computed import Dues, FeeAccount
from facts.model.schema import columns
from facts.model.tables import Fee

_KEY = ["student_no", "academic_year"]


def fee_account(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One a student and academic year, sums in fen. aid: the first of the code list that any row has. year_ends_on: the
    last day of the last term of the academic year, where the calendar has at least two terms of it.

    Settled: less owed than owed_least, which nobody chases; or deferred until as_of or later; or aid given and as_of
    not after year_ends_on (missing: still to come). None for a student and year with a row set aside (the year
    unreadable: for none of that student's years); the accounts so withheld are counted, those of which every row was
    set aside too."""
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
    aid = _aid(rows, sums)
    ends = looked_up(sums["academic_year"].astype("str"), year_ends(inputs))
    least = inputs.fen("owed_least", "1.00")
    settled = (owed < (1 if least is None else least)).to_numpy(dtype=bool)
    settled |= (latest["deferred_until"] >= inputs.today).to_numpy()
    settled |= (aid.notna() & (ends.isna() | (ends >= inputs.today))).to_numpy()
    accounts = {**columns_of(sums), "owed": owed, **columns_of(latest), "settled": settled}
    return frame(FeeAccount, **accounts, aid=aid, year_ends_on=ends), withheld


def dues(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One a 在读 student, for the academic year of the current term: 已结清 or 未结清 as the account is settled or not;
    无记录 where there is none; uncovered_year is then that year where fee does not cover it (else missing), so that
    nothing is known of him. None for a student of whom a fee row of that year was set aside; so many are withheld."""
    now, students, fees = current_term(inputs), inputs.rows("student"), inputs.rows("fee")
    if now is None or students is None or fees is None:
        return nothing(Dues), 0
    year = str(now["academic_year"].iloc[0])
    studying = students.loc[students["status"] == "在读", "student_no"].dropna().astype("str").drop_duplicates()
    aside = inputs.aside("fee", *_KEY)
    unclear = pd.Index([])
    if aside is not None:
        unclear = pd.Index(aside.loc[aside["academic_year"].isna() | (aside["academic_year"] == year), "student_no"])
    known = studying[~studying.isin(unclear)].to_frame().assign(academic_year=year)
    accounts, _ = fee_account(inputs)
    mine = accounts.loc[accounts["academic_year"] == year, ["student_no", "owed", "settled"]].astype(
        {"student_no": "str"}
    )
    found = known.merge(mine, on="student_no", how="left")
    state = found["settled"].map({True: "已结清", False: "未结清"}).astype("str").fillna("无记录")
    found = found.assign(state=state).drop(columns="settled")
    unknown = (found["state"] == "无记录") & (year not in enough(inputs, "fee", "academic_year"))
    found = found.assign(uncovered_year=found["academic_year"].where(unknown))
    return frame(Dues, **columns_of(found)), int(studying.isin(unclear).sum())


def _aid(rows: pd.DataFrame, accounts: pd.DataFrame) -> pd.Series:
    """The aid of each account: the first of the code list that one of its rows has; missing where none has."""
    order = {code: place for place, code in enumerate(columns(Fee)["aid"].codes)}
    given = rows.loc[rows["aid"].notna(), [*_KEY, "aid"]].astype("str")
    given = given.assign(place=given["aid"].map(order)).sort_values("place").drop_duplicates(_KEY)
    found = accounts[_KEY].astype("str").merge(given, on=_KEY, how="left")["aid"]
    return pd.Series(found.to_numpy(), dtype="str")


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
