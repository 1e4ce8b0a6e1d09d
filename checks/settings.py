"""What a school says in its xuejian.toml: read once, and checked before anything is done with it."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from checks.results import LEAST_CHECKED
from facts.model.refusal import CONFIG, Fault, Refusal, fault_of, why
from facts.model.regular import opened
from facts.reading.userfile import text_of, values_of

if TYPE_CHECKING:
    from sqlalchemy import URL

    from facts.reading.mapping import Sources


class ConfigurationError(Refusal):
    """One sentence: what is wrong with the file, and what it may say."""


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError
    return text


Percent = Annotated[int, Field(ge=0, le=100)]
Name = Annotated[str, AfterValidator(_printable)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Fonts(_Part):
    """[report] fonts: the names of fonts for the Word files, each of them optional."""

    title: Name | None = None
    body: Name | None = None
    heading: Name | None = None
    kai: Name | None = None


class ReportSettings(_Part):
    fonts: Fonts = Fonts()


class PackSettings(_Part):
    """[packs.<id>]: the parameters of one pack."""

    parameters: dict[str, Any]


class Settings(_Part):
    """All of xuejian.toml. What depends on other things than the file itself, which are tables and fields (`sources`)
    and the calendar (`meeting`), is checked by whoever needs it."""

    college: str = ""
    parameters: dict[str, Any] = Field(default_factory=dict)
    packs: dict[str, PackSettings] = Field(default_factory=dict)
    history: str | None = None
    waivers: str | None = None
    sources: dict[str, Any] = Field(default_factory=dict)
    report: ReportSettings = ReportSettings()
    meeting: dict[str, Any] = Field(default_factory=dict)
    least_checked: Percent = LEAST_CHECKED
    """The per cent of the rules that have to be checked for a check to be an answer at all."""
    source: str | None = None
    password_file: str | None = None
    _path: Path = PrivateAttr(default=Path(CONFIG))
    _text: str = PrivateAttr(default="")

    @property
    def path(self) -> Path:
        """The file, which need not be there where none was given; messages call it so."""
        return self._path

    @property
    def text(self) -> str:
        """As it stands in the file."""
        return self._text

    @property
    def fonts(self) -> dict[str, str]:
        return self.report.fonts.model_dump(exclude_none=True)

    @property
    def own_parameters(self) -> dict[str, dict[str, Any]]:
        """Pack → the parameters that are set for it alone."""
        return {name: pack.parameters for name, pack in self.packs.items()}

    @property
    def waivers_file(self) -> Path | None:
        """Its path counts from the settings' own folder, as that of the password's does."""
        return self.path.parent / self.waivers if self.waivers else None

    @property
    def password_path(self) -> Path | None:
        return self.path.parent / self.password_file if self.password_file else None

    @cached_property
    def exports(self) -> "Sources":
        """What is said of the exports. Raises DataError."""
        from facts.reading.mapping import read_sources

        return read_sources(self.sources, str(self.path))

    def database(self, given: str | None = None) -> "URL | None":
        """The database of the option, or of the file; the path of a SQLite file there counts from the file's folder.
        Raises DataError."""
        named = given or self.source
        if named is None:
            return None
        from facts.sources.database.address import address

        return address(named, self.password_path, None if given else self.path.parent)


def read_settings(config: Path | None) -> Settings:
    """Those of the file given, else of CONFIG in the current folder, else none.

    Raises ConfigurationError: the file given can't be read, is no TOML, or says what nobody knows.
    """
    path = config or Path(CONFIG)
    if config is None and not path.exists():
        return Settings()
    try:
        with opened(path) as file:
            text = text_of(file)
        settings = Settings.model_validate(values_of(text))
    except OSError as error:
        raise ConfigurationError(f"配置文件 {path} 读不了：{why(error)}") from None
    except ValidationError as error:
        raise ConfigurationError(f"配置文件 {path} 里的 {_explained(fault_of(error, Settings))}") from None
    except ValueError as error:
        raise ConfigurationError(f"配置文件 {path} 不是合法的 TOML：{error}") from None
    settings._path, settings._text = path, text
    return settings


def _explained(fault: Fault) -> str:
    match fault.place:
        case [name] if fault.kind == "unknown":
            return f"{name} 不认得，可用的有：{'、'.join(fault.known)}"
        case ["packs", name, *_]:
            return f"packs.{name} 写法不对，应写成 [packs.{name}.parameters]"
        case ["report", _, *_]:
            return "report 写法不对，fonts 里可用的有：title、body、heading、kai，值是字体名称"
        case ["least_checked"]:
            return "least_checked 写法不对，应是 0 到 100 的整数，表示百分之几"
    return f"{fault.place[0]} 写法不对"
