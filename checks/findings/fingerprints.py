"""The secret that fingerprints are made with: a finding is known again, while nobody can guess who it is about."""

import hmac
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from facts.model.refusal import Refusal
from facts.model.regular import content

NAME = "fingerprint.key"


class KeyFileError(Refusal):
    """The key can't be read or written; one sentence."""


def load_key(home: Path) -> bytes:
    """The key kept in the folder `home`, made there (readable by its owner only) where there is none yet."""
    path = home / NAME
    try:
        if not path.exists():
            home.mkdir(parents=True, exist_ok=True)
            made = home / f"{NAME}.{secrets.token_hex(8)}"
            try:
                with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(secrets.token_hex(32).encode())
                    file.flush()
                    os.fsync(file.fileno())  # an empty key would be the end of every fingerprint made with it
                os.link(made, path)  # whoever comes second keeps the first one's key
            except FileExistsError:
                pass
            finally:
                made.unlink(missing_ok=True)
        text = content(path)
    except OSError:
        raise KeyFileError(
            f"指纹密钥 {path} 读写不了，请检查该文件，或用环境变量 XUEJIAN_HOME 指定另一个文件夹"
        ) from None
    try:
        key = bytes.fromhex(text.decode("ascii").strip())
    except ValueError:
        key = b""
    if len(key) < 16:
        raise KeyFileError(f"指纹密钥 {path} 已损坏：恢复备份，或删除它以新建（新旧指纹将对不上）")
    return key


def fingerprint(key: bytes, rule: str, finding: Mapping[str, str]) -> str:
    """The same for the same rule and unmasked key values, whatever else changes; 32 hexadecimal digits."""
    said = json.dumps([rule, sorted(finding.items())], ensure_ascii=False)
    return hmac.new(key, said.encode("utf-8", "surrogatepass"), sha256).hexdigest()[:32]


def subject(key: bytes, finding: Mapping[str, str]) -> str:
    """What a finding is about, whatever the rule; 16 hexadecimal digits."""
    return fingerprint(key, "", finding)[:16]


def person(key: bytes, field: str, number: str) -> str:
    """A person by one of their numbers; 16 hexadecimal digits."""
    return fingerprint(key, "person", {field: number})[:16]


def check_value(key: bytes) -> str:
    """Tells one key from another without giving either away; 16 hexadecimal digits."""
    return hmac.new(key, b"which key is this", sha256).hexdigest()[:16]


def row_check(key: bytes, run: str, *said: str) -> str:
    """Tells whether a row of a sheet that was handed out still says what it said; 12 hexadecimal digits. Blanks do not
    count: office programs make more or fewer of them."""
    texts = [" ".join(text.split()) for text in said]
    return fingerprint(key, "row", {"run": run, "said": json.dumps(texts, ensure_ascii=False)})[:12]


def sheet_check(key: bytes, run: str, fingerprints: Iterable[str]) -> str:
    """Tells whether a sheet still has all its rows and no others, in whatever order; 12 hexadecimal digits."""
    return row_check(key, run, *sorted(fingerprints))


@dataclass(frozen=True)
class Seals:
    """Check values made with one key."""

    key: bytes

    def row(self, run: str, *said: str) -> str:
        return row_check(self.key, run, *said)

    def sheet(self, run: str, fingerprints: Iterable[str]) -> str:
        return sheet_check(self.key, run, fingerprints)
