"""Archives and marked-up files that are made to harm: nothing in them is opened twice, fetched or believed."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from hostile import HEADS, packed, page, xlsx
from pyarrow import parquet

from facts.model.refusal import DataError
from facts.reading.load import load_snapshot
from facts.sources.cells import Limits

ROWS = [HEADS, ("1001", "2026-09-21", "高等数学", "出勤")]
AS_OF = "2026-11-25"


def inside(content: bytes, levels: int, name: str) -> bytes:
    for _ in range(levels):
        content = packed({name: content})
    return content


@pytest.mark.parametrize("name", ["r.zip", "R.ZIP", "r/r.zip"])
@pytest.mark.parametrize("levels", [1, 50])
def test_an_archive_in_an_archive_is_not_opened_so_that_one_that_holds_itself_ends_at_once(
    refused: Callable[..., str], here: Path, name: str, levels: int
) -> None:
    (here / "r.zip").write_bytes(inside(packed({"考勤.csv": b"x"}), levels, name))
    sentence = refused("check", here / "r.zip", "--as-of", AS_OF)
    assert "里还有压缩包" in sentence


@pytest.mark.parametrize("name", ["考勤.csv", "考勤.xlsx", "考勤.dbf"])
def test_one_that_is_called_a_table_is_not_opened_either(refused: Callable[..., str], here: Path, name: str) -> None:
    (here / "r.zip").write_bytes(packed({name: inside(b"x", 3, name)}))
    assert "其实是压缩包，没有打开" in refused("check", here / "r.zip", "--as-of", AS_OF)


def test_a_file_of_few_bytes_that_says_it_has_endless_rows_is_refused(tmp_path: Path) -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 200_000, pa.int8()), ["1001"])
    table = pa.table(dict.fromkeys(HEADS, column))
    parquet.write_table(table, tmp_path / "考勤.parquet")
    assert (tmp_path / "考勤.parquet").stat().st_size < 10_000
    with pytest.raises(DataError, match=r"有 200000 行，大得不像一份导出"):
        load_snapshot(tmp_path, date(2026, 11, 25), limits=Limits(rows=100_000))


SECRET = "没有人该读到的内容"


@pytest.mark.parametrize("form", ["page", "xlsx"])
def test_an_entity_brings_no_file_of_the_machine_into_the_data(
    xuejian: Callable[..., object], here: Path, form: str
) -> None:
    (here / "secret").write_text(SECRET, encoding="utf-8")
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{here / "secret"}">]>'.encode()
    exports = here / "exports"
    exports.mkdir()
    if form == "page":
        content = entity + page(ROWS).replace("高等数学".encode(), b"&e;")
        (exports / "考勤.xls").write_bytes(content)
    else:
        made = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(xlsx(ROWS))) as book, zipfile.ZipFile(made, "w") as other:
            for part in book.namelist():
                text = book.read(part)
                if part.endswith("sharedStrings.xml"):
                    text = text.replace(b"?>", b"?>" + entity, 1).replace("高等数学".encode(), b"&e;")
                other.writestr(part, text)
        (exports / "考勤.xlsx").write_bytes(made.getvalue())
    done = xuejian("data", "validate", exports, "--as-of", AS_OF, "--format", "json", "--show-personal")
    assert SECRET not in done.output  # type: ignore[attr-defined]
