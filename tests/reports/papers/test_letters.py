"""附表2, 附表3 and 附表4, read back."""

import io
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from docx import Document
from docx.oxml.ns import qn

from checks.followup.letters import REASONS, LateArrival, NewRecord, Notice, candidates, issued_notices, late_arrivals
from cli import main
from facts.reading.written_rows import snapshot_from_rows
from reports.papers.docx_letters import late_arrivals_docx, new_records_docx, notices_docx
from rules.pack import load_packs

AS_OF = date(2026, 11, 25)
ONE = Notice(
    "2023010101", "张*", "土木工程学院", (REASONS[1],), date(2026, 9, 14), date(2026, 10, 9), "YD1", date(2026, 10, 16)
)
PACK = load_packs()[0]
PERSON = {"level": "本科", "college": "土木工程学院", "major": "土木工程", "entered_on": "2023-09-01", "status": "在读"}
STUDENTS = [{"student_no": number, "name": "张三丰", **PERSON} for number in ("1", "2", "3", "4", "5")]


def texts(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs]


def starts_of_pages(data: bytes) -> list[str]:
    document = Document(io.BytesIO(data))
    return [p.text for p in document.paragraphs if p.style is not None and p.style.paragraph_format.page_break_before]


def letters(*notices: Notice, draft: bool = False, personal: bool = True) -> bytes:
    return notices_docx(notices, "秦岭学院", AS_OF, draft=draft, personal=personal)


def test_the_counterfoil_stands_above_the_notice_in_the_regulation_s_words() -> None:
    body = (
        "您的孩子自2026年9月14日至2026年10月9日因   □未到校注册； ☑未经批准未到校参加规定的教学活动；     "
        "□在规定的学习年限内未完成学业； □其他                ，依据《秦岭学院学籍管理实施细则》的规定，"
        "已符合退学条件，学校将其作自动退学处理，并注销学籍。"
    )
    assert texts(letters(ONE)) == [
        "秦岭学院", "学生退学通知书（存根）", "20    年第  号", "张*同学的家长：", body, "通讯地址：", "联系电话：",
        "秦岭学院", "20   年  月  日", "",
        "秦岭学院", "学生退学通知书", "20    年第  号", "张*同学的家长：", body, "特此通知。", "秦岭学院",
        "20    年  月  日", "抄送:校领导。",
    ]  # fmt: skip


def test_every_student_has_a_page() -> None:
    data = letters(ONE, replace(ONE, student_no="2"), replace(ONE, student_no="3"))
    assert starts_of_pages(data) == ["秦岭学院"] * 3
    assert texts(data).count("学生退学通知书") == 3


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_is_ticked_where_it_applies(reason: str) -> None:
    body = texts(letters(replace(ONE, reasons=(reason,))))[4]
    assert body.count("☑") == 1
    assert f"☑{reason}" in body


def test_days_that_are_not_known_are_left_to_the_office() -> None:
    assert "您的孩子自    年  月  日至    年  月  日因" in texts(letters(replace(ONE, from_on=None, to_on=None)))[4]


def test_a_draft_says_so_at_the_head_of_every_page() -> None:
    section = Document(io.BytesIO(letters(ONE, ONE, draft=True))).sections
    assert [part.header.paragraphs[0].text for part in section] == ["草稿　DRAFT　仅供核对，不得送达"]
    assert not section[0].different_first_page_header_footer
    assert Document(io.BytesIO(letters(ONE))).sections[0].header.paragraphs[0].text == ""


def test_the_same_letters_are_the_same_bytes() -> None:
    assert letters(ONE) == letters(ONE)


def test_a_hostile_name_is_a_name() -> None:
    assert texts(letters(replace(ONE, name="<w:br/>&{{ 7*7 }}\x00\x1b\n张")))[3] == "<w:br/>&{{ 7*7 }} 张同学的家长："


def test_fifty_letters_or_forms_take_less_than_a_second() -> None:
    late = LateArrival("7", True, "2026-2027-1", {"name": "张*"}, None, date(2026, 9, 14))
    for write in (
        lambda: letters(*[ONE] * 50),
        lambda: late_arrivals_docx([late] * 50, "秦岭学院", AS_OF, personal=False),
    ):
        start = time.process_time()
        write()
        assert time.process_time() - start < 1


def test_form_2_holds_the_new_admission_and_the_former_record() -> None:
    now = {"name": "张*", "sex": "男", "id_number": "***0015", "exam_no": "2661", "entry_year": "2026",
           "college": "医学院", "level": "本科", "major": "护理学"}  # fmt: skip
    former = {"student_no": "7", "entered_on": "2023年9月1日", "level": "专科", "major": "护理", "platform": "学信网",
              "status": "在籍"}  # fmt: skip
    data = new_records_docx([NewRecord("7", now, former)] * 2, "秦岭学院", AS_OF, personal=False)
    table = Document(io.BytesIO(data)).tables[1]
    assert [cell.text for cell in table.rows[1].cells] == ["身份证号", "***0015", "考生号", "2661"]
    assert [cell.text for cell in table.rows[4].cells] == ["原学籍平台", "学信网", "原学籍状态", "在籍"]
    assert starts_of_pages(data) == ["秦岭学院"] * 2
    assert table._tbl.tblPr.find(qn("w:tblLayout")).get(qn("w:type")) == "fixed"


def test_everybody_s_form_holds_what_is_known_of_them_and_nobody_else() -> None:
    forms = [
        LateArrival(number, newcomer, "2026-2027-1", {"name": f"{number}*"}, None, date(2026, 9, int(number)))
        for number, newcomer in (("7", True), ("8", False), ("9", None))
    ]
    tables = Document(io.BytesIO(late_arrivals_docx(forms, "秦岭学院", AS_OF, personal=False))).tables
    cells = [[table.cell(*place).text for place in ((0, 1), (1, 1), (4, 1), (7, 0))] for table in tables]
    assert cells == [
        ["7*", "7", "2026年9月7日", "招生办审核意见"],
        ["8*", "8", "2026年9月8日", "学生处审核意见"],
        ["9*", "9", "2026年9月9日", "招生办（新生）或学生处（在校生）审核意见"],
    ]


def test_every_paragraph_has_a_style_that_the_document_defines() -> None:
    late = LateArrival("7", True, "2026-2027-1", {"name": "张*"}, None, date(2026, 9, 14))
    for data in (letters(ONE, draft=True), late_arrivals_docx([late], "秦岭学院", AS_OF, personal=False)):
        document = Document(io.BytesIO(data))
        used = {style.get(qn("w:val")) for style in document.element.body.iter(qn("w:pStyle"))}
        assert used <= {style.style_id for style in document.styles}
        assert len(used) > 3


def test_hostile_text_in_a_form_is_text() -> None:
    hostile = "<w:tab/>&{{ one }}\x00\x1b\u202e\n张"
    late = LateArrival(hostile, True, hostile, {"name": hostile, "class_no": hostile}, None, date(2026, 9, 14))
    document = Document(io.BytesIO(late_arrivals_docx([late], f"秦岭{hostile}学院", AS_OF, personal=True)))
    form, plain = document.tables[0], "<w:tab/>&{{ one }} 张"
    assert [form.cell(*place).text for place in ((0, 1), (1, 1), (2, 3), (3, 1))] == [plain] * 4
    assert document.paragraphs[0].text == f"秦岭{plain}学院"


@pytest.mark.parametrize(("newcomer", "office"), [(True, "招生办"), (False, "学生处")])
def test_form_3_goes_to_the_office_that_approves_it(newcomer: bool, office: str) -> None:
    late = LateArrival("7", newcomer, "2026-2027-1", {"name": "张*"}, None, date(2026, 9, 14))
    table = Document(io.BytesIO(late_arrivals_docx([late], "秦岭学院", AS_OF, personal=False))).tables[0]
    assert [cell.text for cell in table.rows[4].cells] == ["暂缓报到至", "2026年9月14日", "审核单位", office]
    assert table.rows[-1].cells[0].text == f"{office}审核意见"


def change(number: str, **given: str) -> dict[str, str]:
    return {"change_no": f"YD{number}", "student_no": number, "kind": "自动退学", **given}


def test_only_issued_and_undelivered_automatic_withdrawals_get_a_letter() -> None:
    issued = {"issued_on": "2026-11-25"}
    changes = [
        change("1", reason="未参加教学活动", **issued),
        change("2", reason="疾病", **issued),
        change("3", reason="未到校注册", notified_on="2026-11-25", **issued),
        change("4", reason="超过学习年限"),
        change("5", **issued) | {"kind": "自愿退学"},
    ]
    attendance = [
        {"student_no": "1", "held_on": day, "result": "缺勤"} for day in ("2026-10-12", "2026-10-13", "2026-10-16")
    ] + [{"student_no": "2", "held_on": "2026-10-12", "result": "出勤"}]  # attendance shows the term
    term = {"term": "2026-2027-1", "academic_year": "2026-2027", "starts_on": "2026-08-31", "report_by": "2026-09-04",
            "ends_on": "2027-01-17"}  # fmt: skip
    snapshot = snapshot_from_rows(
        {"student": STUDENTS, "change": changes, "attendance": attendance, "term": [term]}, AS_OF
    )
    first, second = issued_notices(snapshot, PACK, personal=False)
    assert (first.student_no, first.name, first.reasons) == ("1", "张*", (REASONS[1],))
    assert (first.from_on, first.to_on) == (date(2026, 10, 12), date(2026, 10, 16))
    assert (second.student_no, second.reasons, second.from_on) == ("2", ("其他",), None)
    assert [each.student_no for each in issued_notices(snapshot, PACK, ("2",), personal=False)] == ["2"]
    assert issued_notices(snapshot, PACK, personal=True)[0].name == "张三丰"


def test_a_candidate_is_drafted_the_day_after_the_longest_study_has_ended() -> None:
    person = {**STUDENTS[0], "entered_on": "2020-09-01", "length_years": 4}

    def drafted(day: date) -> list[tuple[str, tuple[str, ...]]]:
        snapshot = snapshot_from_rows({"student": [person]}, day)
        return [(each.student_no, each.reasons) for each in candidates(snapshot, PACK, b"k" * 32, personal=False)[0]]

    assert drafted(date(2026, 9, 1)) == []
    assert drafted(date(2026, 9, 2)) == [("1", (REASONS[2],))]


def test_what_could_not_be_judged_is_told_with_the_drafts() -> None:
    _, gaps = candidates(snapshot_from_rows({"student": STUDENTS}, AS_OF), PACK, b"k" * 32, personal=False)
    assert [gap[:6] for gap in gaps] == ["REG-07", "WDR-04"]


def test_a_deferral_that_nobody_approved_gets_a_form() -> None:
    deferral = {"student_no": "1", "term": "2026-2027-1", "until": "2026-09-14"}
    rows = [deferral, {**deferral, "student_no": "2", "approved_on": "2026-11-25"}]
    snapshot = snapshot_from_rows({"student": STUDENTS, "deferral": rows}, AS_OF)
    assert [(each.number, each.student["name"]) for each in late_arrivals(snapshot, PACK, personal=False)] == [
        ("1", "张*")
    ]


@pytest.fixture
def notice(college: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("XUEJIAN_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return lambda *given: CliRunner().invoke(main, ["notice", str(college), *given, "-o", "out"])


@pytest.mark.slow
def test_the_command_masks_names_and_says_so(notice: Callable[..., Result], tmp_path: Path) -> None:
    done = notice()
    assert (done.exit_code, "姓名和身份证号已遮盖" in done.output) == (0, True)
    said = texts((tmp_path / "out" / "附表4-退学通知书.docx").read_bytes())
    assert {text[1] for text in said if text.endswith("同学的家长：")} == {"*"}
    assert (tmp_path / "out" / "送达登记.csv").is_file()


@pytest.mark.slow
def test_a_school_that_nobody_names_is_left_to_be_filled_in_and_that_is_said(
    college: Path, notice: Callable[..., Result], tmp_path: Path
) -> None:
    without = Path(shutil.copytree(college, tmp_path / "exports"))
    notes = (without / "snapshot.toml").read_text(encoding="utf-8").splitlines(keepends=True)
    named = [line for line in notes if not line.startswith("college")]
    (without / "snapshot.toml").write_text("".join(named), encoding="utf-8")
    assert "不知道学校名称" not in notice().stderr
    done = CliRunner().invoke(main, ["notice", str(without), "-o", "blank"])
    assert (done.exit_code, "不知道学校名称，写作“（学校名称）”" in done.stderr) == (0, True)
    first, last = (texts((tmp_path / out / "附表4-退学通知书.docx").read_bytes()) for out in ("blank", "out"))
    assert first == [text.replace("西安秦岭应用技术学院", "（学校名称）") for text in last] != last


@pytest.mark.slow
def test_a_number_that_no_export_knows_is_refused_and_nothing_written(
    notice: Callable[..., Result], tmp_path: Path
) -> None:
    done = notice("--student", "没有此人")
    assert (done.exit_code, "没有此人" in done.output) == (2, True)
    assert not (tmp_path / "out").exists()


@pytest.mark.office
def test_a_writing_program_makes_one_page_of_every_letter(pages: Callable[[bytes], int]) -> None:
    long = replace(ONE, name="阿卜杜热西提·麦麦提敏", college="机械与电气工程学院")
    assert pages(letters(*[long] * 5, draft=True, personal=False)) == 5


@pytest.mark.parametrize(
    "wrong", ["fonts = {body = 1}", 'fonts = {footer = "宋体"}', 'font = "宋体"', 'fonts = "宋体"']
)
def test_fonts_that_mean_nothing_are_refused(notice: Callable[..., Result], tmp_path: Path, wrong: str) -> None:
    (tmp_path / "xuejian.toml").write_text(f"[report]\n{wrong}\n", encoding="utf-8")
    done = notice()
    assert (done.exit_code, "xuejian.toml 里的 report 写法不对" in done.output) == (2, True)


@pytest.mark.slow
def test_the_fonts_of_the_configuration_are_used(notice: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "xuejian.toml").write_text('[report]\nfonts = {body = "思源宋体"}\n', encoding="utf-8")
    assert notice().exit_code == 0
    style = Document(str(tmp_path / "out" / "附表4-退学通知书.docx")).styles["公文正文"]
    assert style.element.rPr.rFonts.get(qn("w:eastAsia")) == "思源宋体"
