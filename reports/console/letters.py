"""What `notice` says when the letters are written, or when there are none."""

from collections.abc import Iterator

from checks.followup.selection import Letters
from facts.model.refusal import CONFIG
from reports.console.printing import Remark
from reports.papers.letters_folder import DELIVERIES, UNNAMED, LettersFolder


def letters_lines(letters: Letters, written: LettersFolder) -> Iterator[str]:
    folder = written.folder
    if not letters.count:
        if old := written.there:
            yield Remark(f"{folder} 里以前写的文件不属于这次结果，没有改动：{'、'.join(old)}")
        yield "没有符合条件的学生，没有写文件"
        return
    for name, _ in written.files:
        yield f"已写入 {folder / name}"
    if written.kept:
        yield Remark(f"{folder / DELIVERIES} 里有 {written.kept} 行填写过而不属于这次结果，已照原样留下")
    if written.unnamed:
        yield Remark(f'不知道学校名称，写作“{UNNAMED}”；请在 {CONFIG} 里写 college = "学校名称" 后重写，或逐张填写')
    masked = "" if letters.options.personal else "；姓名和身份证号已遮盖，要全名请加 --show-personal"
    yield f"{letters.count} 人{masked}"
