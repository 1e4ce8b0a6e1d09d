"""In which encoding a text file is written: strict UTF-8, else strict GB18030, or UTF-16 by its mark; never a guess.

Of a whole column only the distinct texts are decoded.
"""

import codecs
from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

from facts.model.refusal import DataError
from facts.model.snapshot import SourceFile
from facts.sources.cells import Codes, Texts, place

BOM = codecs.BOM_UTF8
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
ENCODINGS = ("utf-8", "gb18030")
NAMES: Mapping[str, str] = {
    "utf-8": "utf-8", "utf8": "utf-8", "utf-8-sig": "utf-8",
    "gb18030": "gb18030", "gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
}  # fmt: skip
"""What a person may call an encoding (in lower case) → the one by which it is read: GBK and GB2312 are in GB18030."""
_CHUNK = 1 << 20


def encoding_of(path: Path, file: SourceFile, encodings: Collection[str]) -> str:
    """The first of `encodings` in which all of the file can be read. Raises what `undecodable` gives."""
    for encoding in encodings:
        if _first_fault(path, encoding) is None:
            return encoding
    raise undecodable(path, file, encodings)


def undecodable(path: Path, file: SourceFile, encodings: Collection[str]) -> DataError:
    """Names the byte where the encoding that comes furthest has to stop, and the line it is in."""
    furthest = max(_first_fault(path, encoding) or 0 for encoding in encodings)
    line, left = 1, furthest
    with path.open("rb") as stream:
        while left > 0 and (chunk := stream.read(min(_CHUNK, left))):
            line += chunk.count(b"\n")
            left -= len(chunk)
    what = "既不是 UTF-8 也不是 GB18030" if len(encodings) > 1 else f"不是 {next(iter(encodings)).upper()}"
    return DataError(
        f"文件{place(file)}第 {furthest + 1} 个字节（第 {line} 行）{what} 文字，"
        "请以 UTF-8 或 GB18030 编码重新导出，或用 Excel 另存为“CSV UTF-8”。"
    )


def _first_fault(path: Path, encoding: str) -> int | None:
    """Offset of the first byte that can't be read in this encoding; none when all can."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    fed = 0
    with path.open("rb") as stream:
        while True:
            chunk = stream.read(_CHUNK)
            waiting = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return fed - waiting + error.start
            if not chunk:
                return None
            fed += len(chunk)


def as_utf8(path: Path, file: SourceFile, to: Path, encoding: str = "utf-16") -> Path:
    """The text of a UTF-16 file, written to `to` in UTF-8; `encoding` without its end (le, be) goes by its mark.

    Raises DataError when it is not such a text.
    """
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    fed = 0
    with path.open("rb") as stream, to.open("wb") as out:
        while True:
            chunk = stream.read(_CHUNK)
            waiting = len(decoder.getstate()[0])
            try:
                text = decoder.decode(chunk, final=not chunk)
                out.write((text if fed else text.removeprefix("\ufeff")).encode())
            except UnicodeError as error:
                at = fed - waiting + (error.start if isinstance(error, UnicodeDecodeError) else 0)
                raise DataError(
                    f"文件{place(file)}第 {at + 1} 个字节不是 UTF-16 文字，请重新导出，或用 Excel 另存为“CSV UTF-8”。"
                ) from None
            if not chunk:
                return to
            fed += len(chunk)


def decoded(columns: Mapping[int, tuple[Codes, pa.BinaryArray]], encoding: str) -> dict[int, Texts] | None:
    """Columns of bytes, each as codes and distinct values, become columns of texts; none when a cell is not in this
    encoding."""
    try:
        return {position: Texts(codes, _text(distinct, encoding)) for position, (codes, distinct) in columns.items()}
    except (pa.ArrowInvalid, UnicodeError):
        return None


def _text(distinct: pa.BinaryArray, encoding: str) -> pa.StringArray:
    if encoding == "utf-8" or _is_ascii(distinct):
        return distinct.cast(pa.string())  # checks that it is
    return pa.array([text.decode(encoding) for text in distinct.to_pylist()], pa.string())


def _is_ascii(distinct: pa.BinaryArray) -> bool:
    """No byte of them is beyond ASCII, as in a column of numbers or dates, which has the most distinct texts."""
    return int(np.frombuffer(distinct.buffers()[2] or b"", np.int8).min(initial=0)) >= 0
