"""As of a day: what is dated later has not happened yet, whatever the export says."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from facts.model.refusal import DataError
from facts.model.schema import ColumnType, Fact, columns
from facts.reading.mapping import meant
from facts.reading.userfile import read_toml

_FILE = "snapshot.toml"
_NOTES = ("as_of", "previous", "college", "packs")
_GIVE = "请用 --as-of 2026-11-25 指定数据截至日期，或在文件夹里的 snapshot.toml 写一行 as_of = 2026-11-25"


def mask(frame: pd.DataFrame, model: type[Fact], as_of: date) -> pd.DataFrame:
    """The frame of a table as it was on the day `as_of` (inclusive).

    Rows whose own date is later are left out; other dates that are later, but for plans, are missing
    (data contract, “As of”).
    """
    if frame.empty:
        return frame
    day = np.datetime64(as_of, "s")
    for name, column in columns(model).items():
        if column.type is not ColumnType.DATE or column.plan or column.computed:
            continue
        late = frame[name].to_numpy() > day
        if not late.any():
            continue
        if column.own_date:
            frame = frame[~late].reset_index(drop=True)
        else:
            frame = frame.assign(**{name: frame[name].mask(late)})
    return frame


def day_of(folder: Path) -> date:
    """The day as which the folder's `snapshot.toml` says its exports were made. Raises DataError; it is never today."""
    try:
        given = read_toml(folder / _FILE).get("as_of")
    except FileNotFoundError:
        raise DataError(f"不知道数据截至哪一天：{_GIVE}。") from None
    except (OSError, ValueError):
        raise DataError(f"{_FILE} 读不出来：{_GIVE}。") from None
    try:
        return date.fromisoformat(str(given)[:10])
    except ValueError:
        raise DataError(f"{_FILE} 里没有写明 as_of，或者它不是日期：{_GIVE}。") from None


def check_notes(folder: Path) -> None:
    """Raises DataError where the folder's `snapshot.toml` says something that nobody knows: it would be passed over."""
    try:
        given = read_toml(folder / _FILE)
    except (OSError, ValueError):
        return  # what is wrong with the file is said by whoever needs its as_of
    known = dict.fromkeys(_NOTES)
    for name in (name for name in given if name not in known):
        raise DataError(f"{_FILE} 里的 {name} 不认得{meant(name, known, known)}。")
