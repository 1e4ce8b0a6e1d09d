"""The computed facts about the numbers that people and classes bear: valid, unique, by the coding rules, unchanged."""

from typing import ClassVar

from facts.model.schema import About, Day, Fact, Identifier, Source, Text, Whole, column

_STUDENT = {"student_no": "student_no", "id_number": "id_number"}
_EXAM = {"exam_no": "exam_no", "id_number": "id_number"}


class IdentityNumber(Fact):
    """An identity number as a row of student, record or welcome has it, and what is wrong with it (GB 11643-1999)."""

    about: ClassVar = About(
        "identity_number", "身份证号码", "", "",
        (Source("student", ("id_number",), _STUDENT, part=("table", "student")),
         Source("record", ("id_number",), _STUDENT, part=("table", "record")),
         Source("welcome", ("id_number",), _EXAM, part=("table", "welcome"))),
    )  # fmt: skip

    table: Text = column("数据表")
    heading: Text = column("数据表名称")
    owner: Text = column("责任单位")
    student_no: Identifier | None = column("学号", default=None)
    exam_no: Identifier | None = column("考生号", default=None)
    id_number: Identifier = column("身份证号", personal=True)
    flaw: Text | None = column("身份证号的问题", default=None)


class IdentityClaim(Fact):
    """What a row of student or welcome says of a person beside a valid identity number, and what that number says."""

    about: ClassVar = About(
        "identity_claim", "身份证信息", "", "",
        (Source("student", ("id_number",), _STUDENT, part=("table", "student"), any_of=("sex", "birth_on")),
         Source("welcome", ("id_number",), _EXAM, part=("table", "welcome"), any_of=("sex", "birth_on"))),
    )  # fmt: skip

    table: Text = column("数据表")
    heading: Text = column("数据表名称")
    owner: Text = column("责任单位")
    student_no: Identifier | None = column("学号", default=None)
    exam_no: Identifier | None = column("考生号", default=None)
    id_number: Identifier = column("身份证号", personal=True)
    sex: Text | None = column("性别", default=None)
    birth_on: Day | None = column("出生日期", default=None, personal=True)
    stated_sex: Text = column("身份证所载性别")
    stated_birth_on: Day = column("身份证所载出生日期", personal=True)


class DoubleRecord(Fact):
    """An active record whose identity number another one bears that differs in student_no or platform."""

    about: ClassVar = About(
        "double_record", "重复学籍", "教务处", "学籍管理平台",
        (Source("record", ("id_number", "student_no", "platform", "status"),
                {"id_number": "id_number", "student_no": "student_no", "platform": "platform"}),),
    )  # fmt: skip

    id_number: Identifier = column("身份证号", personal=True)
    platform: Text = column("平台")
    student_no: Identifier = column("学号")
    status: Text = column("学籍状态")
    records: Whole = column("有效学籍数")
    places: Text = column("平台、学号和学籍状态")


class CertificateNumber(Fact):
    """A certificate_no and of how many students graduation has it."""

    about: ClassVar = About(
        "certificate_number", "证书编号使用", "教务处", "学籍管理平台",
        (Source("graduation", ("certificate_no", "student_no"), {"certificate_no": "certificate_no"}),),
    )  # fmt: skip

    certificate_no: Identifier = column("证书编号")
    students: Whole = column("学生数")
    student_nos: Text = column("学号")


class StudentNumber(Fact):
    """A student number and on how many student rows it stands."""

    about: ClassVar = About(
        "student_number", "学号使用", "学生处", "在校生管理平台",
        (Source("student", ("student_no",), {"student_no": "student_no"}),),
    )  # fmt: skip

    student_no: Identifier = column("学号")
    rows: Whole = column("行数")
    identities: Whole = column("不同身份证号数")


class ExamNumber(Fact):
    """A 考生号 and on how many rows of student, or of welcome, it stands."""

    about: ClassVar = About(
        "exam_number", "考生号使用", "招生办", "",
        (Source("welcome", ("exam_no",), {"exam_no": "exam_no"}, part=("table", "welcome")),
         Source("student", ("exam_no",), {"exam_no": "exam_no"}, part=("table", "student"))),
    )  # fmt: skip

    table: Text = column("数据表")
    heading: Text = column("数据表名称")
    exam_no: Identifier = column("考生号")
    rows: Whole = column("行数")
    identities: Whole = column("不同身份证号数")


class Misnumbered(Fact):
    """A student whose student_no, or class_no, is not as the school's coding rule has it."""

    about: ClassVar = About(
        "misnumbered", "编码不合规则", "教务处", "在校生管理平台",
        (Source("student", ("student_no",), {"student_no": "student_no"}, part=("field", "student_no"),
                parameter="student_no_pattern"),
         Source("student", ("class_no",), {"student_no": "student_no", "number": "class_no"},
                part=("field", "class_no"), parameter="class_no_pattern")),
    )  # fmt: skip

    field: Text = column("字段")
    heading: Text = column("号码名称")
    student_no: Identifier = column("学号")
    number: Identifier = column("号码")


class Renumbered(Fact):
    """A student (same identity number and day of entry) whose student_no or class_no was another in the earlier
    snapshot."""

    about: ClassVar = About(
        "renumbered", "学号或班级变动", "学生处", "在校生管理平台",
        (Source("student", ("id_number", "student_no", "entered_on", "class_no"),
                {"id_number": "id_number", "student_no": "student_no"}),
         Source("student", ("id_number", "student_no", "entered_on", "class_no"),
                {"id_number": "id_number", "former_no": "student_no"}, earlier=True)),
    )  # fmt: skip

    id_number: Identifier = column("身份证号", personal=True)
    entered_on: Day = column("入学日期", plan=True)
    student_no: Identifier = column("学号")
    class_no: Identifier | None = column("班级号", default=None)
    former_no: Identifier = column("原学号")
    former_class_no: Identifier | None = column("原班级号", default=None)
    since: Day = column("上次快照截至日期")


NUMBERS: tuple[type[Fact], ...] = (
    IdentityNumber, IdentityClaim, DoubleRecord, CertificateNumber, StudentNumber, ExamNumber, Misnumbered, Renumbered,
)  # fmt: skip
