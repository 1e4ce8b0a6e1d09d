"""Why a database can't be reached or read, as far as its driver tells: never in the driver's words, which may hold the
address, the user or data."""

import re

from sqlalchemy.exc import DBAPIError

_WHO = "帐号或密码不对，或服务器不许这个帐号从本机登录，请核对"
_WHICH = "服务器上没有这个库，或帐号不能用它，请核对库名"
_FULL = "服务器的连接数已满，请稍后再试"
_BROKEN = "连接中断，请重试"
_CODES = {
    "28P01": _WHO, "28000": _WHO, "3D000": _WHICH, "53300": _FULL, "57P01": _BROKEN,  # PostgreSQL
    1045: _WHO, 1698: _WHO, 1044: _WHICH, 1049: _WHICH, 1040: _FULL,  # MySQL
    18456: _WHO, 4060: _WHICH,  # SQL Server
}  # fmt: skip
_SQLITE = {
    5: "它被另一个程序占用（锁住了），请关闭那个程序后重试",
    6: "它被另一个程序占用（锁住了），请关闭那个程序后重试",
    11: "文件已损坏，请重新拷贝",
    14: "文件打不开：没有读的权限，或旁边有没合并的改动（-wal）而文件夹不能写，请检查",
    26: "文件不是 SQLite 数据库，或者加了密，请核对路径",
}
"""By the primary result code."""
_WORDS = (
    (r"password authentication failed|no password supplied|no pg_hba\.conf|role +does not exist", _WHO),
    (r"认证失败|角色 *不存在|ORA-01017|Login failed|Access denied", _WHO),
    (r"database +does not exist|数据库 *不存在|ORA-125(?:04|05|14)|DPY-600[13]|Cannot open database", _WHICH),
    (r"too many (?:clients|connections)|remaining connection slots", _FULL),
    (
        r"resolve host|translate host name|name or service not known|name resolution|getaddrinfo|nodename nor servname",
        "找不到这台主机，请核对主机名和网络",
    ),
    (r"refused|WinError 10061", "主机没有在这个端口上应答，请核对主机和端口，数据库是否在运行"),
    (r"timed out|timeout expired|connection timeout", "在限定的时间里没有应答，请核对主机、端口和防火墙"),
    (r"no route to host|network is unreachable", "到不了这台主机，请核对主机和网络"),
    (r"closed the connection|lost connection|gone away|connection reset", _BROKEN),
    (r"broken pipe|terminating connection|network error", _BROKEN),
)
_NAMES = re.compile(r"\"[^\"]*\"|'(?!t )[^']*'|“[^”]*”")
"""In quotes stand names, which may be called like a cause; can't is no quote."""


def why_refused(error: BaseException) -> str | None:
    """The cause, and what to do, as a clause; none where the driver tells nothing that is known."""
    each = error.orig if isinstance(error, DBAPIError) else error
    causes: list[BaseException] = []
    while each is not None:
        causes.append(each)
        each = each.__cause__
    # A driver may say of its error only in what caused it what is the matter.
    return next(filter(None, map(_cause, reversed(causes))), None)


def _cause(error: BaseException) -> str | None:
    if (code := getattr(error, "sqlite_errorcode", None)) is not None:
        return _SQLITE.get(code & 0xFF)
    first = error.args[0] if error.args else None
    of_server = first.get("C") if isinstance(first, dict) else first
    for code in (getattr(error, "sqlstate", None), getattr(error, "pgcode", None), of_server):
        if isinstance(code, str | int) and code in _CODES:
            return _CODES[code]
    # Of several arguments str() makes a tuple, quotes and all.
    texts = [arg for arg in error.args if isinstance(arg, str)] or [str(error)]
    text = _NAMES.sub("", " ".join(texts))
    return next((cause for words, cause in _WORDS if re.search(words, text, re.IGNORECASE)), None)
