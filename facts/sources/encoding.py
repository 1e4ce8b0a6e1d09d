"""In which encoding a text file is written: strict UTF-8, else strict GB18030; never a guess."""

import codecs
from collections.abc import Collection
from pathlib import Path

from facts.errors import DataError
from facts.snapshot import SourceFile
from facts.sources.cells import place

BOM = codecs.BOM_UTF8
ENCODINGS = ("utf-8", "gb18030")
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
    return DataError(
        f"文件{place(file)}第 {furthest + 1} 个字节（第 {line} 行）既不是 UTF-8 也不是 GB18030 文字，"
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
