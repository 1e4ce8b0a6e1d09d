"""Whatever a file that somebody names is, the command ends soon and says what is wrong; where it runs can't stop it."""

import errno
import os
import re
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from checks.findings import fingerprints
from facts.reading.userfile import values_of
from reports.console.watched import NO_MEMORY

Run = Callable[..., Result]
ROOT = Path(__file__).parents[3]
STUDENTS = (
    "学号,身份证号,姓名,培养层次,学生类别,学院,专业,入学日期,在校状态\n1,,王,本科,普招,土木,土木,2024-09-01,在读\n"
)
CHEAP = ("--select", "IDN-11", "--jobs", 1, "--fail-on", "never")


@pytest.fixture
def exports(snapshot: Callable[..., Path]) -> Path:
    return snapshot({"在校生.csv": STUDENTS})


@pytest.mark.parametrize(
    "text",
    [
        "a." * 20_000 + "a = 1", "[" + ".".join(["a"] * 20_000) + "]", ".".join(['"a"'] * 20_000) + " = 1",
        ". ".join(["'a'"] * 20_000) + " = 1", "x = " + "[" * 100_000, "x = " + "{a = " * 100_000,
    ],
    ids=["bare", "heading", "quoted", "spaced", "lists", "tables"],
)  # fmt: skip
def test_names_in_names_are_refused_before_they_fill_the_memory(text: str) -> None:
    began = time.process_time()
    with pytest.raises(ValueError, match=r"嵌套太深|写法不对"):
        values_of(text)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "text",
    [f"x = '{'a.' * 100}'", f'x = "\\"{"a." * 100}"', f'x = """\n{"a." * 100}"" """', f"# {'a.' * 100}\nx = 1",
     ".".join(["a"] * 30) + " = 1"],
)  # fmt: skip
def test_dots_in_texts_and_remarks_are_no_depth(text: str) -> None:
    assert values_of(text)


@pytest.mark.parametrize(
    "text", ['x="' + '\\"' * 400_000, "a" * 900_000, '"' * 900_000, "'" * 900_001, '"""a' * 200_000, "a " * 400_000]
)
def test_no_text_makes_the_look_for_depth_long(text: str) -> None:
    began = time.process_time()
    with pytest.raises(ValueError, match=r"写法不对|没有写完|同一个"):
        values_of(text)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("number", ["9" * 5000, "0x" + "f" * 3700, "-0x" + "f" * 17])
def test_a_number_that_is_no_number_of_toml_is_said(refused: Callable[..., str], here: Path, number: str) -> None:
    config = here / "c.toml"
    config.write_text(f"[parameters]\nabsence_days = {number}\n", encoding="utf-8")
    sentence = refused("check", here, "--config", config)
    assert "数字太大" in sentence or "写法不对" in sentence


@pytest.mark.parametrize("number", ["0x" + "f" * 3700, "9" * 3700, "-0x" + "f" * 3700])
def test_a_number_of_thousands_of_digits_in_a_condition_is_said(xuejian: Run, here: Path, number: str) -> None:
    assert xuejian("rules", "new", "OWN-01", here / "own").exit_code == 0
    path = here / "own" / "OWN-01.yaml"
    text = re.sub(r'  - student: status == "在读" and .*', f"  - student: grade > {number}", path.read_text("utf-8"))
    path.write_text(text, encoding="utf-8")
    done = xuejian("rules", "list", "--rules", here / "own")
    assert done.exit_code == 2
    assert "数字太大" in done.stderr


def test_a_number_of_thousands_of_digits_in_a_waiver_is_said(refused: Callable[..., str], exports: Path) -> None:
    waivers = exports.parent / "w.yaml"
    waivers.write_text(f"waivers:\n- {{rule: REG-01, count: 0x{'f' * 3700}}}\n", encoding="utf-8")
    assert "不是合法的值" in refused("check", exports, "--waivers", waivers)


@pytest.fixture
def pipe(here: Path) -> Path:
    path = here / "pipe"
    os.mkfifo(path)
    return path


NAMED = {
    "the snapshot": ("check", "PIPE"), "--config": ("check", "EXPORTS", "--config", "PIPE"),
    "--waivers": ("check", "EXPORTS", "--waivers", "PIPE"), "--baseline": ("check", "EXPORTS", "--baseline", "PIPE"),
    "--previous": ("check", "EXPORTS", "--previous", "PIPE"),
}  # fmt: skip


@pytest.mark.parametrize("arguments", NAMED.values(), ids=NAMED.keys())
def test_a_pipe_is_no_file_wherever_one_is_named(
    refused: Callable[..., str], exports: Path, pipe: Path, arguments: tuple[str, ...]
) -> None:
    named = {"PIPE": pipe, "EXPORTS": exports}
    sentence = refused(*(named.get(each, each) for each in arguments), *CHEAP)
    assert "管道或设备，不是普通文件" in sentence or "不是文件夹，也不是压缩包" in sentence


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/full", "/dev/tty0"])
def test_a_device_is_no_file_either(refused: Callable[..., str], exports: Path, device: str) -> None:
    if not Path(device).exists():
        pytest.skip(f"no {device}")
    sentence = refused("check", exports, "--config", device, *CHEAP)
    assert "读不了" in sentence


@pytest.mark.parametrize("name", ["snapshot.toml", "xuejian.toml"])
def test_a_pipe_in_the_place_of_a_file_of_ours_is_said(refused: Callable[..., str], exports: Path, name: str) -> None:
    path = (exports if name == "snapshot.toml" else exports.parent) / name
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    assert name in refused("check", exports, *CHEAP)


def test_a_pipe_as_key_feedback_or_password_is_said(
    xuejian: Run, exports: Path, pipe: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = xuejian("report", exports, "--select", "IDN-11", "-o", exports.parent / "r", "--split")
    assert report.exit_code == 0, report.output
    done = xuejian("feedback", pipe)
    assert (done.exit_code, done.stderr.splitlines()[0]) == (2, "pipe 打不开，请检查路径和权限")
    config = exports.parent / "c.toml"
    config.write_text("password_file = 'pipe'\nsource = 'postgresql://u@localhost:1/x'\n", encoding="utf-8")
    done = xuejian("check", exports, "--config", config)
    assert done.exit_code == 2 and "password_file" in done.stderr
    monkeypatch.setenv("XUEJIAN_HOME", str(exports.parent / "other"))
    (exports.parent / "other").mkdir()
    os.mkfifo(exports.parent / "other" / fingerprints.NAME)
    done = xuejian("check", exports, *CHEAP)
    assert done.exit_code == 2 and "指纹密钥" in done.stderr


def test_a_pipe_among_the_exports_is_not_waited_for(xuejian: Run, exports: Path) -> None:
    os.mkfifo(exports / "考勤.csv")
    done = xuejian("check", exports, *CHEAP)
    assert done.exit_code == 0, done.output
    assert "考勤.csv" in done.stdout  # as not known


@pytest.mark.parametrize(
    "url",
    ["postgresql://", "postgresql://localhost:1/x", "postgresql://u@localhost:1/x?foo=1", "mysql://u@h:1/x?foo=1",
     "mysql://u@localhost:1/x?connect_timeout=abc", "mysql://u@localhost:1/x?read_default_file=/etc/passwd"],
)  # fmt: skip
@pytest.mark.parametrize("where", ["--source", "--history"])
def test_an_address_that_the_driver_can_not_use_is_one_sentence(
    refused: Callable[..., str], xuejian: Run, exports: Path, url: str, where: str
) -> None:
    if where == "--source":
        sentence = refused("check", "--source", url, "--as-of", "2026-11-25")
    else:
        done = xuejian("history", "--history", url)
        assert done.exit_code == 2
        sentence = done.stderr
    assert "请核对 URL" in sentence


def closed(here: Path, redirection: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
    command = " ".join(f"'{each}'" for each in (sys.executable, "-m", "cli", *arguments))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        ["/bin/sh", "-c", f"{command} {redirection}"], capture_output=True, encoding="utf-8", env=environment,
        check=False, cwd=here,
    )  # fmt: skip


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full", "<&-", "2>&- <&-"])
def test_who_can_not_hear_remarks_is_given_the_result_all_the_same(exports: Path, redirection: str) -> None:
    there = closed(exports.parent, redirection, "check", exports, *CHEAP, "--format", "csv", "-o", "found.csv")
    assert there.returncode == 0
    assert "IDN-11" in (exports.parent / "found.csv").read_text(encoding="utf-8")
    shown = closed(exports.parent, redirection, "check", exports, *CHEAP, "--format", "jsonl")
    assert shown.returncode == 0
    assert '"rule": "IDN-11"' in shown.stdout


@pytest.mark.parametrize(
    ("redirection", "why"), [(">&-", "标准输出是关闭的"), (">/dev/full", "标准输出写不了：磁盘已满")]
)
def test_a_result_that_nobody_gets_is_not_taken_for_given(exports: Path, redirection: str, why: str) -> None:
    done = closed(exports.parent, redirection, "check", exports, *CHEAP)
    assert done.returncode == 2
    assert why in done.stderr


def test_a_clock_before_1980_stops_no_report(xuejian: Run, exports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def made() -> dict[str, bytes]:
        assert xuejian("report", exports, "--select", "IDN-11", "-o", "r", "--split").exit_code == 0
        return {path.name: path.read_bytes() for path in Path("r").rglob("*.*")}

    now = made()
    monkeypatch.setattr("time.time", lambda: 0.0)
    assert made() == now


def test_a_full_disk_leaves_no_key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(fingerprints.KeyFileError):
        fingerprints.load_key(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory is limited in other ways")
@pytest.mark.parametrize("megabytes", [300, 500, 700])
def test_where_there_is_no_memory_that_is_said_and_nothing_is_written(
    college: Path, here: Path, megabytes: int
) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = f"ulimit -v {megabytes * 1024}; exec '{sys.executable}' -m cli check '{college}' -o found.txt"
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, encoding="utf-8", env=environment, check=False, cwd=here
    )
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1] == f"xuejian: {NO_MEMORY}"
    assert not (here / "found.txt").exists()


def test_history_and_workbooks_of_owners_and_letters_are_for_their_owner_alone(xuejian: Run, exports: Path) -> None:
    assert xuejian("report", exports, "--select", "IDN-11", "-o", "r", "--split").exit_code == 0
    assert xuejian("notice", exports, "-o", "letters", "--draft").exit_code in (0, 2)
    home = Path(os.environ["XUEJIAN_HOME"])
    private = [*Path("r", "分表").iterdir(), *Path("letters").glob("*"), *home.iterdir()]
    assert len(private) >= 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}
    assert stat.S_IMODE(Path("r", "report.html").stat().st_mode) & 0o044


def test_a_college_called_like_a_device_has_a_workbook_that_opens(xuejian: Run, exports: Path) -> None:
    (exports / "在校生.csv").write_text(STUDENTS.replace(",土木,土木,", ",con,土木,"), encoding="utf-8")
    assert xuejian("report", exports, "--select", "IDN-11", "-o", "r", "--split").exit_code == 0
    assert "学院-con_.xlsx" in {path.name for path in Path("r", "分表").iterdir()}


@pytest.mark.parametrize("sign", "=+-@＝＋－＠")
def test_no_cell_of_a_csv_is_calculated(sign: str) -> None:
    from reports.formats.spreadsheet import csv_text

    assert csv_text([[f"{sign}1+1"]]) == f"\ufeff'{sign}1+1\r\n"
