"""Where a demo may stand: in an empty folder, or in place of an earlier demo; never among anybody's exports."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from facts.demo.earlier import FOLDER
from facts.demo.histories import OWN_RULE
from facts.model.interruption import committing
from facts.model.refusal import DataError
from facts.model.tables import TABLES

PLANTED = "planted.json"
LEDGER = "ledger.json"
RULES = "rules"
_EXPORTS = (*(f"{model.about.heading}.csv" for model in TABLES.values()), "snapshot.toml")
_MONTH = re.compile(r"\d{4}-\d{2}")
_WORK = ".demo.tmp"


@contextmanager
def placed(folder: Path) -> Iterator[Path]:
    """Gives a folder to write a demo into; at the end its files come into `folder`, and what an earlier demo wrote
    there and this one does not goes away. All other files stay. Where anything fails before, `folder` is as it was.

    Raises DataError: `folder` holds something and no ledger of a demo, or a file would be replaced that none wrote.
    """
    mine = _written(folder)
    if not mine and (others := _inside(folder)):
        raise DataError(f"{folder} 里已有别的文件（{others[0]}），不是演示数据，没有改动；请换一个空文件夹")
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    work = folder / _WORK
    shutil.rmtree(work, ignore_errors=True)  # of one that was killed
    try:
        work.mkdir()
        yield work
        new = {path.relative_to(work).as_posix() for path in work.rglob("*") if path.is_file()}
        for name in sorted(new - mine):
            if (folder / name).exists():
                raise DataError(f"{folder / name} 不是演示数据，不会覆盖，没有改动；请换一个空文件夹")
        for name in new:
            (folder / name).parent.mkdir(exist_ok=True)
        with committing():
            # The ledgers first: whatever is cut off after them, the folder is known as a demo's.
            for name in sorted(new, key=lambda name: (name not in (PLANTED, LEDGER), name)):
                (work / name).replace(folder / name)
            for name in sorted(mine - new, key=lambda name: (name in (PLANTED, LEDGER), name)):
                (folder / name).unlink(missing_ok=True)
                if "/" in name:
                    with suppress(OSError):  # something else is in it, or it is gone
                        (folder / name).parent.rmdir()
    finally:
        shutil.rmtree(work, ignore_errors=True)
        for each in made:
            with suppress(OSError):  # not where the demo is in it
                each.rmdir()


def _inside(folder: Path) -> list[str]:
    """Names of what people have in a folder: hidden files are the system's."""
    return sorted(path.name for path in folder.iterdir() if path.name[0] != ".") if folder.is_dir() else []


def _written(folder: Path) -> set[str]:
    """The files that an earlier demo wrote there, by its ledgers; none where it holds no demo."""
    files: set[str] = set()
    if isinstance(_read(folder / PLANTED), list):
        files |= {PLANTED, *_EXPORTS, f"{FOLDER}/{_EXPORTS[0]}", f"{FOLDER}/{_EXPORTS[-1]}"}
    ledger = _read(folder / LEDGER)
    if isinstance(ledger, dict) and isinstance(ledger.get("months"), list):
        months = [str(each.get("month")) for each in ledger["months"] if isinstance(each, dict)]
        files |= {LEDGER, f"{RULES}/{OWN_RULE}.yaml"}
        files |= {f"{month}/{name}" for month in months if _MONTH.fullmatch(month) for name in _EXPORTS}
    return files


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
