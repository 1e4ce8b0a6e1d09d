"""What is refused, and why: one sentence that a person can act on."""

import errno
from collections.abc import Iterable
from difflib import get_close_matches

_WHY = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EEXIST: "已有同名的文件",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "磁盘是只读的",
    errno.EFBIG: "文件超过了允许的大小",
    errno.EDQUOT: "磁盘配额已用完",
    errno.ENAMETOOLONG: "文件名或路径太长",
    errno.EBUSY: "文件正被使用",
    errno.ETXTBSY: "文件正被使用",
    errno.EIO: "磁盘读写出错",
    errno.ELOOP: "链接绕成了圈",
    errno.ENOTEMPTY: "文件夹不是空的",
}


class Refusal(Exception):
    """What a person has to mend before a command can do its work: the message is one sentence that says what is wrong,
    where, and what to do. A command that raises it ends with that sentence and exit code 2."""


class DataError(Refusal):
    """The snapshot can't be read. The message is one Chinese sentence: file, sheet, row, column, and what to do."""


def why(error: OSError) -> str:
    """What the system says against a file, in Chinese; of unusual things the code by which they can be looked up."""
    code = errno.errorcode.get(error.errno or 0)
    return _WHY.get(error.errno or 0) or (f"读写出错（{code}）" if code else "读写出错")


def meant(word: str, known: Iterable[str]) -> str:
    """`，是不是 X？` where a known word is near, else a list of what is known if it is short."""
    names = sorted(known)
    near = get_close_matches(word.casefold(), folded := {name.casefold(): name for name in names}, n=1, cutoff=0.6)
    if near:
        return f"，是不是 {folded[near[0]]}？"
    return f"，可用的有：{'、'.join(names)}" if names and len(names) <= 40 else ""
