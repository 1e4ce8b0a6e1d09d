"""The facts that are computed from several rows: one model each, with the tables it is made from."""

from typing import Annotated, ClassVar, Literal

from facts.model.number_facts import NUMBERS
from facts.model.schema import About, Coded, Day, Fact, Identifier, Money, Source, Text, Whole, column
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
    aid: Text | None = column("资助方式", default=None, needs=("fee.aid",))
    settled: bool = column(
        "已缴清、缓缴或有资助", parameters=("owed_least",), uses=("fee.aid", "fee.deferred_until", "fee.relief")
    )
    year_ends_on: Day | None = column(
        "学年结束日期", default=None, needs=("term.term", "term.academic_year", "term.ends_on"), plan=True
    )


class Dues(Fact):
    """What is known of the fees of a 在读 student for the academic year of the current term."""

    about: ClassVar = About(
        "dues", "应缴费用", "财务处", "缴费管理平台",
        (Source("fee", ("student_no", "academic_year", "payable", "paid"),
                {"student_no": "student_no", "academic_year": "academic_year"}),
         Source("student", ("student_no", "status"), {"student_no": "student_no"}),
         Source("term", ("term", "academic_year", "starts_on", "ends_on"), {})),
    )  # fmt: skip

    student_no: Identifier = column("学号")
    academic_year: Text = column("学年")
    state: Annotated[Literal["已结清", "未结清", "无记录"], Coded] = column(
        "缴费情况", parameters=("owed_least", "cover_least"), uses=("fee.aid", "fee.deferred_until", "fee.relief")
    )
    owed: Money | None = column("欠缴金额", default=None)
    uncovered_year: Text | None = column("未导出的学年", default=None)


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
    lessons: Whole = column("缺勤上课日数")
    current: bool = column("至今未返")
    away: bool = column("在外实习", uses=("placement.from_on",))


class Silence(Fact):
    """Since when attendance has no row of a 在读 student, while his class goes on; both days are in the term."""

    about: ClassVar = About(
        "silence", "考勤中断", "二级学院", "教学管理平台",
        (Source("attendance", ("student_no", "held_on", "result"), {"student_no": "student_no"},
                ({"student_no": "student_no", "held_on": "last_on"},)),
         Source("student", ("student_no", "class_no", "status"), {"student_no": "student_no"}),
         Source("term", ("term", "starts_on", "ends_on"), {})),
    )  # fmt: skip

    student_no: Identifier = column("学号")
    class_no: Identifier = column("班级号")
    last_on: Day = column("最后一次考勤日期")
    class_last_on: Day = column("全班最后一次考勤日期")
    days: Whole = column("中断天数")
    away: bool = column("在外实习", uses=("placement.from_on",))


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
    minority: Text | None = column("与多数不同的学号", default=None)


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
    side is missing where only one platform knows the number. Majors are compared by their keys."""

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
    school_major_key: Text | None = column("在校生平台专业（比对用）", default=None, needs=("student.major",))
    record_major_key: Text | None = column("学籍平台专业（比对用）", default=None, needs=("record.major",))
    school_level: Text | None = column("在校生平台层次", default=None, uses=("student.level",))
    record_level: Text | None = column("学籍平台层次", default=None, uses=("record.level",))
    school_exam_no: Identifier | None = column("在校生平台考生号", default=None, uses=("student.exam_no",))
    record_exam_no: Identifier | None = column("学籍平台考生号", default=None, uses=("record.exam_no",))
    school_entered_year: Whole | None = column("在校生平台入学年份", default=None, uses=("student.entered_on",))
    record_entered_year: Whole | None = column("学籍平台入学年份", default=None, uses=("record.entered_on",))


class Admission(Fact):
    """An admitted person who has arrived beside a student of the same 考生号; a side that is missing never differs."""

    about: ClassVar = About(
        "admission", "录取与在校信息", "招生办", "入学报到管理平台 / 在校生管理平台",
        (Source("welcome", ("exam_no", "arrival", "entry_year"), {"exam_no": "exam_no"}),
         Source("student", ("student_no", "exam_no"), {"exam_no": "exam_no", "student_no": "student_no"})),
    )  # fmt: skip

    exam_no: Identifier = column("考生号")
    student_no: Identifier = column("学号")
    entry_year: Whole = column("入学年份")
    admitted_id_number: Identifier | None = column("录取身份证号", default=None, personal=True)
    school_id_number: Identifier | None = column("在校身份证号", default=None, personal=True)
    id_number_differs: bool = column("身份证号不一致", needs=("welcome.id_number", "student.id_number"))
    admitted_name: Text | None = column("录取姓名", default=None, personal=True)
    school_name: Text | None = column("在校姓名", default=None, personal=True)
    name_differs: bool = column("姓名不一致", uses=("welcome.name", "student.name"))
    admitted_level: Text | None = column("录取层次", default=None)
    school_level: Text | None = column("在校层次", default=None)
    level_differs: bool = column("层次不一致", uses=("welcome.level", "student.level"))
    admitted_major: Text | None = column("录取专业", default=None)
    school_major: Text | None = column("在校专业", default=None)
    major_differs: bool = column("专业不一致", uses=("welcome.major", "student.major"))


class Roster(Fact):
    """A student and term of checkin, where it lists all who should come back and not the exceptions alone."""

    about: ClassVar = About(
        "roster", "返校报到名册", "学生处", "在校生管理平台",
        (Source("checkin", ("student_no", "term"), {"student_no": "student_no", "term": "term"}),
         Source("student", ("student_no", "status", "entered_on"), {}),
         Source("term", ("term", "starts_on", "ends_on"), {})),
        uncovered="返校报到名册不到开学前入学的在读学生的一半，可能只列了例外",
    )  # fmt: skip

    student_no: Identifier = column("学号")
    term: Text = column("学期")


class Reappearance(Fact):
    """The first sign of one kind that somebody was in school after the day on which 自愿退学, 自动退学, 转出 or
    开除学籍 took effect."""

    about: ClassVar = About(
        "reappearance", "离校后的在校活动", "二级学院", "教学管理平台 / 在校生管理平台",
        (Source("change", ("change_no", "student_no", "kind", "issued_on", "effective_on"),
                {"change_no": "change_no", "student_no": "student_no"}, ({"change_no": "change_no"},)),
         Source("attendance", ("student_no", "held_on", "result"), {"student_no": "student_no"},
                ({"student_no": "student_no", "held_on": "seen_on"},), part=("how", "上课")),
         Source("registration", ("student_no", "registered_on"), {"student_no": "student_no"},
                ({"student_no": "student_no", "registered_on": "seen_on"},), part=("how", "学期注册"))),
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
    FeeAccount, Dues, Activity, Absence, Silence, Repeat, ClassMix, Procedure, Enrolment, Admission, Roster,
    Reappearance, Orphan,
)  # fmt: skip
COMPUTED: dict[str, type[Fact]] = {model.about.kind: model for model in (*_HERE, *NUMBERS)}

KINDS: dict[str, type[Fact]] = TABLES | COMPUTED
"""Everything a rule may name."""

EARLIER = tuple(
    dict.fromkeys(source.table for model in COMPUTED.values() for source in model.about.sources if source.earlier)
)
"""The tables of an earlier snapshot that are looked at."""
