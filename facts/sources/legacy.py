"""Reads a workbook of Excel 97 to 2003 in a process of its own: calamine ends the process on some that are damaged.

Run as a program with the path of a workbook it writes its sheets to standard output, pickled: name → (row number of the
first row that is not empty, rows, whether it is hidden). It imports nothing else of ours, so that it starts quickly.
"""

import pickle
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import python_calamine as calamine

MEMORY = 4 << 30
"""Bytes that the process may take; a damaged workbook may ask for any number."""
SECONDS = 600

Pickled = tuple[int, Sequence[Sequence[object]], bool]


class LegacySheet(NamedTuple):
    first: int
    """Row number of the first row that is not empty."""
    rows: Sequence[Sequence[object]]
    hidden: bool


def read_apart(path: Path) -> Mapping[str, LegacySheet] | None:
    """The worksheets of the workbook in their order; none where it can't be read, whatever became of the process."""
    command = (sys.executable, "-P", __file__, str(path))
    try:
        ran = subprocess.run(command, capture_output=True, timeout=SECONDS, check=True)  # noqa: S603 (our own module)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None
    sheets: Mapping[str, Pickled] | None = pickle.loads(ran.stdout)  # noqa: S301 (our own process wrote it)
    return None if sheets is None else {name: LegacySheet(*sheet) for name, sheet in sheets.items()}


def _sheets(path: str) -> Mapping[str, Pickled] | None:
    """None where two sheets have one name: only one of them could be reached."""
    with Path(path).open("rb") as stream:  # calamine would believe the suffix of a path
        book = calamine.CalamineWorkbook.from_filelike(stream)
    known = [sheet for sheet in book.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
    hidden = {sheet.name: sheet.visible != calamine.SheetVisibleEnum.Visible for sheet in known}
    if len(hidden) < len(known):
        return None
    read = {name: book.get_sheet_by_name(name) for name in hidden}
    return {name: ((sheet.start or (0, 0))[0] + 1, sheet.to_python(), hidden[name]) for name, sheet in read.items()}


def _limit(size: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_AS)
    if most == resource.RLIM_INFINITY or size < most:
        resource.setrlimit(resource.RLIMIT_AS, (size, most))


if __name__ == "__main__":
    _limit(MEMORY)
    sys.stdout.buffer.write(pickle.dumps(_sheets(sys.argv[1]), pickle.HIGHEST_PROTOCOL))
