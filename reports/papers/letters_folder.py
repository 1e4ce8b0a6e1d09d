"""The folder that `notice` writes: one file with the letters of a form, and beside 附表4 the list of deliveries."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from checks.followup.deliveries import read_register, updated
from checks.followup.selection import Letters
from reports.formats.spreadsheet import csv_text
from reports.papers.docx_letters import late_arrivals_docx, new_records_docx, notices_docx
from reports.papers.files import writing
from reports.papers.output import Content, Files, output

DELIVERIES = "送达登记.csv"
UNNAMED = "（学校名称）"
"""Stands for the institution's name, where nobody says it: to be filled in by hand."""


@dataclass(frozen=True)
class LettersFolder:
    folder: Path
    files: Files
    kept: int = 0
    """Lines of the list of deliveries that people have filled in and that are not of these letters."""
    unnamed: bool = False
    """Nobody says what the institution is called: UNNAMED stands in its place."""

    @property
    def there(self) -> list[str]:
        """Its files that were written before."""
        return [name for name, _ in self.files if (self.folder / name).exists()]

    def write(self) -> None:
        """All files or none. Raises Refusal where they can't be written."""
        with writing(self.folder), output(self.folder) as write:
            write(self.files)


def letters_folder(letters: Letters, folder: Path, college: str, fonts: Mapping[str, str]) -> LettersFolder:
    """What is to be written; `college` is the institution's name, empty where nobody says it. Raises DataError where
    there is a list of deliveries that can't be understood."""
    form, draft, unnamed = letters.options.form, letters.options.draft, not college

    def render() -> Content:
        return _rendered(letters, college or UNNAMED, fonts)

    if form == "2":
        return LettersFolder(folder, [("附表2-学籍注册申请表.docx", render)], unnamed=unnamed)
    if form == "3":
        return LettersFolder(folder, [("附表3-暂缓报到申请表.docx", render)], unnamed=unnamed)
    if draft:
        return LettersFolder(folder, [("附表4-退学通知书（草稿）.docx", render)], unnamed=unnamed)
    rows, kept = updated(read_register(folder / DELIVERIES), letters.notices, letters.as_of)
    files: Files = [
        (DELIVERIES, lambda: csv_text(rows, personal=letters.options.personal)),
        ("附表4-退学通知书.docx", render),
    ]
    return LettersFolder(folder, files, kept, unnamed)


def _rendered(letters: Letters, college: str, fonts: Mapping[str, str]) -> bytes:
    as_of, personal = letters.as_of, letters.options.personal
    match letters.options.form:
        case "2":
            return new_records_docx(letters.new_records, college, as_of, personal=personal, fonts=fonts)
        case "3":
            return late_arrivals_docx(letters.late_arrivals, college, as_of, personal=personal, fonts=fonts)
    draft = letters.options.draft
    return notices_docx(letters.notices, college, as_of, draft=draft, personal=personal, fonts=fonts)
