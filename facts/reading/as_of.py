"""As of a day: what is dated later has not happened yet, whatever the export says."""

from datetime import date

import numpy as np
import pandas as pd

from facts.model.schema import ColumnType, Fact, columns


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
