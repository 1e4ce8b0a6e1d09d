"""What a school says in its xuejian.toml: read once, and checked before anything is done with it."""

from pathlib import Path
from typing import Any

from facts.model.refusal import Refusal, why
from facts.reading.userfile import read_toml

CONFIG = "xuejian.toml"
_KNOWN = {
    "college": str, "parameters": dict, "packs": dict, "history": str, "waivers": str, "sources": dict,
    "report": dict, "meeting": dict, "source": str, "password_file": str,
}  # fmt: skip


class ConfigurationError(Refusal):
    """One sentence: what is wrong with the file, and what it may say."""


def read_configuration(config: Path | None) -> dict[str, Any]:
    """The file given, else CONFIG in the current folder, by name → value; empty where neither is there.

    Raises ConfigurationError: the file given can't be read, is no TOML, or says what nobody knows.
    """
    path = config or Path(CONFIG)
    if config is None and not path.is_file():
        return {}
    try:
        values = read_toml(path)
    except OSError as error:
        raise ConfigurationError(f"配置文件 {path} 读不了：{why(error)}") from None
    except ValueError as error:
        raise ConfigurationError(f"配置文件 {path} 不是合法的 TOML：{error}") from None
    for name, value in values.items():
        if name not in _KNOWN:
            raise ConfigurationError(f"配置文件 {path} 里的 {name} 不认得，可用的有：{'、'.join(_KNOWN)}")
        if not isinstance(value, _KNOWN[name]):
            raise ConfigurationError(f"配置文件 {path} 里的 {name} 写法不对")
    for name, given in values.get("packs", {}).items():
        if not isinstance(given, dict) or set(given) - {"parameters"} or not isinstance(given.get("parameters"), dict):
            raise ConfigurationError(f"配置文件 {path} 里的 packs.{name} 写法不对，应写成 [packs.{name}.parameters]")
    _check_fonts(path, values.get("report", {}))
    return values


def _check_fonts(path: Path, report: dict[str, Any]) -> None:
    """[report] fonts = { title = "…", body = "…", heading = "…", kai = "…" }, each of them optional."""
    fonts = report.get("fonts", {})
    named = isinstance(fonts, dict) and all(isinstance(font, str) and font.isprintable() for font in fonts.values())
    if set(report) - {"fonts"} or not named or set(fonts) - {"title", "body", "heading", "kai"}:
        raise ConfigurationError(
            f"配置文件 {path} 里的 report 写法不对，fonts 里可用的有：title、body、heading、kai，值是字体名称"
        )
