"""The facts that are computed from several rows: one model each, with the tables it is made from."""

from typing import ClassVar

from facts.model.number_facts import NUMBERS
from facts.model.schema import About, Day, Fact, Identifier, Money, Source, Text, Whole, column
from facts.model.tables import TABLES, ChangeKind, RecordStatus, SchoolStatus


class FeeAccount(Fact):
    """A student's fees of one academic year, all items together."""

    about: ClassVar = About(
        "fee_account", "缴费账户", "财务处", "缴费管理平台",
        (Source("fee", ("student_no", "academic_year", "payable", "paid"),
                {"student_no": "student_no", "academic_year": "academic_year"}),),
    )  # fmt: skip

    student_no: Identifier = column("学号")
    academic_year: Text = column("学年")
    payable: Money = column("应缴金额")
    paid: Money = column("实缴金额")
    relief: Money = column("减免金额")
    owed: Money = column("欠缴金额")
    registered_on: Day | None = column("缴费注册日期", default=None, needs=("fee.registered_on",))
    deferred_until: Day | None = column("缓缴至", default=None, plan=True)
    settled: bool = column("已缴清或缓缴")


class Activity(Fact):
    """What a student attended in one term; one exists only where something was attended."""

    about: ClassVar = About(
        "activity", "教学活动", "教务处", "教学管理平台",
        (Source("attendance", ("student_no", "held_on", "result"), {"student_no": "student_no"},
                ({"student_no": "student_no", "held_on": "first_late_on"},
                 {"student_no": "student_no", "held_on": "last_on"})),
         Source("term", ("term", "starts_on", "report_by", "ends_on"), {"term": "term"})),
    )  # fmt: skip

    student_no: Identifier = column("学号")
    term: Text = column("学期")
    first_on: Day = column("首次上课日期")
    last_on: Day = column("末次上课日期")
    sessions: Whole = column("上课次数")
    first_late_on: Day | None = column("报到截止后首次上课日期", default=None)


class Absence(Fact):
    """A run of absent days of one student within one term; both ends inclusive, days are calendar days."""

    about: ClassVar = About(
        "absence", "连续缺勤", "二级学院", "教学管理平台",
        (Source("attendance", ("student_no", "held_on", "result"), {"student_no": "student_no"},
                ({"student_no": "student_no", "held_on": "from_on"},
                 {"student_no": "student_no", "held_on": "to_on"})),
         Source("term", ("term", "starts_on", "ends_on"), {})),
    )  # fmt: skip

    student_no: Identifier = column("学号")
    from_on: Day = column("缺勤起始日期")
    to_on: Day = column("缺勤截止日期")
    days: Whole = column("缺勤天数")
    current: bool = column("至今未返")


class Repeat(Fact):
    """How often a student repeated: 留级 changes issued and in effect at as_of."""

    about: ClassVar = About(
        "repeat", "留级次数", "教务处", "学籍管理平台",
        (Source("change", ("student_no", "kind", "issued_on", "effective_on"), {"student_no": "student_no"},
                where=("kind", "留级")),),
    )  # fmt: skip

    student_no: Identifier = column("学号")
    count: Whole = column("留级次数")


class ClassMix(Fact):
    """What the 在读 students of a class are: how many different levels, categories and majors, and which."""

    about: ClassVar = About(
        "class_mix", "班级构成", "学生处", "在校生管理平台",
        (Source("student", ("class_no", "level", "category", "major", "status"), {"class_no": "class_no"},
                where=("status", "在读")),),
    )  # fmt: skip

    class_no: Identifier = column("班级号")
    students: Whole = column("在读人数")
    levels: Whole = column("培养层次数")
    categories: Whole = column("学生类别数")
    majors: Whole = column("专业数")
    level_names: Text = column("培养层次")
    category_names: Text = column("学生类别")
    major_names: Text = column("专业")


class Procedure(Fact):
    """An issued change against its procedure (附表1): steps missing, and steps taken before what must precede them."""

    about: ClassVar = About(
        "procedure", "异动程序", "教务处", "学籍管理平台",
        (Source("change",
                ("change_no", "student_no", "kind", "reason", "applied_on", "college_on", "affairs_on", "infirmary_on",
                 "careers_on", "academic_on", "meeting_on", "exam_on", "proposed_on", "announced_on", "issued_on"),
                {"change_no": "change_no", "student_no": "student_no"}, ({"change_no": "change_no"},)),
         Source("record", ("student_no",), {"student_no": "student_no"})),
    )  # fmt: skip

    change_no: Identifier = column("异动编号")
    student_no: Identifier = column("学号")
    kind: Text = column("异动类别")
    issued_on: Day = column("发文日期")
    missing: Text | None = column("缺少的环节", default=None)
    missing_office: Text | None = column("缺环责任单位", default=None)
    early: Text | None = column("倒置的环节", default=None)
    early_office: Text | None = column("倒置责任单位", default=None)


class Enrolment(Fact):
    """One student number as the two platforms have it: one a distinct pair of a student row and a record row; the other
    side is missing where only one platform knows the number."""

    about: ClassVar = About(
        "enrolment", "两平台在册信息", "教务处", "在校生管理平台 / 学籍管理平台",
        (Source("student", ("student_no", "status"), {"student_no": "student_no"}),
         Source("record", ("student_no", "status"), {"student_no": "student_no"})),
    )  # fmt: skip

    student_no: Identifier = column("学号")
    school_status: SchoolStatus | None = column("在校状态", default=None)
    school_major: Text | None = column("在校生平台专业", default=None, needs=("student.major",))
    record_status: RecordStatus | None = column("学籍状态", default=None)
    record_major: Text | None = column("学籍平台专业", default=None, needs=("record.major",))
    active: bool | None = column("学籍有效", default=None)


class Reappearance(Fact):
    """The first sign in school of someone after the day on which 自愿退学, 自动退学 or 转出 took effect."""

    about: ClassVar = About(
        "reappearance", "离校后的在校活动", "二级学院", "教学管理平台 / 在校生管理平台",
        (Source("change", ("change_no", "student_no", "kind", "issued_on", "effective_on"),
                {"change_no": "change_no", "student_no": "student_no"}, ({"change_no": "change_no"},)),
         Source("attendance", ("student_no", "held_on", "result"), {"student_no": "student_no"},
                ({"student_no": "student_no", "held_on": "seen_on"},)),
         Source("registration", ("student_no", "registered_on"), {"student_no": "student_no"},
                ({"student_no": "student_no", "registered_on": "seen_on"},))),
    )  # fmt: skip

    change_no: Identifier = column("异动编号")
    student_no: Identifier = column("学号")
    kind: ChangeKind = column("异动类别")
    effective_on: Day = column("生效日期", plan=True)
    seen_on: Day = column("离校后首次在校活动日期")
    how: Text = column("在校活动")


class Orphan(Fact):
    """Rows of one table whose student_no stands in no student and no record row; one a table and number."""

    about: ClassVar = About(
        "orphan", "无主记录", "", "",
        (Source("student", ("student_no",), {}), Source("record", ("student_no",), {}),
         *(Source(table, ("student_no",), {"student_no": "student_no"}, part=("table", table))
           for table in ("fee", "registration", "checkin", "attendance", "change"))),
    )  # fmt: skip

    table: Text = column("数据表")
    heading: Text = column("数据表名称")
    student_no: Identifier = column("学号")
    rows: Whole = column("行数")
    owner: Text = column("责任单位")


_HERE: tuple[type[Fact], ...] = (
    FeeAccount, Activity, Absence, Repeat, ClassMix, Procedure, Enrolment, Reappearance, Orphan,
)  # fmt: skip
COMPUTED: dict[str, type[Fact]] = {model.about.kind: model for model in (*_HERE, *NUMBERS)}

KINDS: dict[str, type[Fact]] = TABLES | COMPUTED
"""Everything a rule may name."""

EARLIER = tuple(
    dict.fromkeys(source.table for model in COMPUTED.values() for source in model.about.sources if source.earlier)
)
"""The tables of an earlier snapshot that are looked at."""
