"""What is refused, and why: one sentence that a person can act on."""

import errno
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

CONFIG = "xuejian.toml"
"""The school's settings are called so where no other file is given."""
NOTES = "snapshot.toml"
"""What a snapshot says of itself stands in a file of this name."""
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


def meant(word: str, known: Iterable[str], also: Iterable[str] = ()) -> str:
    """The end of a sentence that refuses a word: `，是不是 X？` where a known word is near, else a list of what is
    known if it is short. `also`: other words that may be written for the known ones; they are not listed."""
    names = sorted(known)
    folded = {name.casefold(): name for name in (*also, *names)}
    near = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    if near:
        return f"，是不是 {folded[near[0]]}？"
    return f"，可用的有：{'、'.join(names)}" if names and len(names) <= 40 else ""


@dataclass(frozen=True)
class Fault:
    """What a model has against a file that a person wrote."""

    kind: Literal["missing", "unknown", "choice", "pattern", "few", "refused", "other"]
    """`unknown`: a name that the model has not; `refused`: by a check of the model's own."""
    place: tuple[str | int, ...]
    """Keys and list positions, from the outermost."""
    value: object
    known: tuple[str, ...] = ()
    """Of an unknown name: those that could stand there; of a choice: what may be chosen."""
    least: int = 0
    """Of too few: how many there must be."""
    reason: str = ""
    """Of what is refused: what the model's check says."""

    @property
    def name(self) -> str:
        return ".".join(map(str, self.place))

    def clause(self) -> str:
        """In Chinese, to be put behind what tells the file."""
        match self.kind:
            case "missing":
                return f"缺少 {self.name}"
            case "unknown":
                return f"不认得 {self.name}{meant(str(self.place[-1]), self.known)}"
            case "choice":
                return f"{self.name} 只能是 {'、'.join(self.known)}"
            case "pattern":
                return f"{self.name} 的写法不对：{str(self.value)[:40]}"
            case "few":
                return f"{self.name} 太少：至少要 {self.least} 个"
        return f"{self.name} 的值不对：{str(self.value)[:40]}"


def fault_of(errors: "ValidationError", form: "type[BaseModel]") -> Fault:
    """The first thing that pydantic has against a file of this form."""
    error = errors.errors(include_url=False)[0]
    place, value, context = error["loc"], error["input"], error.get("ctx", {})
    match error["type"]:
        case "missing":
            return Fault("missing", place, value)
        case "extra_forbidden":
            return Fault("unknown", place, value, _names(form, place[:-1]))
        case "literal_error":
            return Fault("choice", place, value, tuple(re.findall(r"'([^']*)'", context["expected"])))
        case "string_pattern_mismatch":
            return Fault("pattern", place, value)
        case "too_short":
            return Fault("few", place, value, least=context["min_length"])
        case "value_error":
            return Fault("refused", place, value, reason=str(context["error"]))
    return Fault("other", place, value)


def _names(form: Any, place: tuple[str | int, ...]) -> tuple[str, ...]:
    """Those that a mapping at this place of a file may have."""
    for part in place:
        if hasattr(form, "model_fields"):
            form = next(f.annotation for name, f in form.model_fields.items() if part in (name, f.alias))
        else:  # a list's items, a mapping's values
            form = get_args(form)[-1]
    return tuple(field.alias or name for name, field in form.model_fields.items())
