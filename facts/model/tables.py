"""The tables of the data contract: one model each, the single source for columns, headings, types, codes and keys.

Fields made with `computed` are added by derivation (`facts.derive`), never read from an export.
"""

from typing import Annotated, ClassVar, Literal

from facts.model.schema import (
    PERSON_KEYS,
    About,
    AcademicYear,
    Coded,
    Day,
    Fact,
    From,
    Identifier,
    Loose,
    Money,
    Named,
    Shown,
    TermName,
    Text,
    Whole,
    column,
    columns,
    computed,
    optional,
)  # fmt: skip

ACTIVE_RECORD = ("在籍", "休学", "保留学籍")
ATTENDED = ("出勤", "迟到", "早退")
_YEARS_OF_STUDY = (1, 9)  # the longest there is, of medicine, takes 8
_CALENDAR_YEAR = (1000, 9999)
_ANY_YEAR = (1, 9999)  # 2026, or the first of one's studies

Sex = Annotated[Literal["男", "女"], Coded]
Level = Annotated[Literal["本科", "专科", "中职", "预科"], Coded]
Category = Annotated[Literal["普招", "综合评价", "高职扩招", "五年制", "预科", "高职预科", "成教"], Coded]
SchoolStatus = Annotated[
    Literal["在读", "休学", "保留学籍", "退学", "转出", "毕业", "结业", "肄业", "开除学籍", "死亡"], Coded
]
RecordStatus = Annotated[
    Literal["在籍", "休学", "保留学籍", "退学", "转出", "毕业", "结业", "肄业", "取消学籍", "开除学籍", "死亡"], Coded
]
ChangeKind = Annotated[
    Literal[
        "休学",
        "保留学籍",
        "复学",
        "留级",
        "转专业",
        "转入",
        "转出",
        "自愿退学",
        "自动退学",
        "取消学籍",
        "开除学籍",
        "死亡",
    ],
    Coded,
]
ChangeReason = Annotated[
    Literal[
        "疾病", "创业", "入伍", "重新录取", "复查不合格", "其他", "未到校注册", "未参加教学活动", "超过学习年限"
    ],
    Coded,
]  # fmt: skip
IdentityType = Annotated[
    Literal[
        "居民身份证", "港澳居民来往内地通行证", "台湾居民来往大陆通行证", "港澳台居民居住证",
        "外国人永久居留身份证", "护照", "其他",
    ],
    Coded,
]  # fmt: skip
Aid = Annotated[Literal["助学贷款", "绿色通道", "服兵役资助", "免学费", "其他资助"], Coded]


class Student(Fact):
    about: ClassVar = About(
        "student", "在校生", "学生处", "在校生管理平台", key=("student_no",), doubles_stay=True
    )  # fmt: skip

    student_no: Identifier = column("学号", shared=True)
    id_number: Identifier | None = optional("身份证号", personal=True)
    name: Text = column("姓名", personal=True)
    sex: Sex | None = optional("性别")
    birth_on: Day | None = optional("出生日期", plan=True, personal=True)
    ethnicity: Text | None = optional("民族")
    exam_no: Identifier | None = optional("考生号", lenient=True, shared=True)
    level: Level = column("培养层次")
    category: Category | None = optional("学生类别")
    college: Text = column("学院")
    major: Text = column("专业")
    class_no: Identifier | None = optional("班级号", shared=True)
    grade: Whole | None = optional("年级", within=_ANY_YEAR, loose=Loose.YEAR)
    length_years: Whole | None = optional("学制", within=_YEARS_OF_STUDY, loose=Loose.YEARS)
    entered_on: Day = column("入学日期", plan=True, loose=Loose.MONTH)
    status: SchoolStatus = column("在校状态")
    id_type: IdentityType | None = optional("证件类型", lenient=True)
    entered_year: Whole | None = computed("入学年份", needs=("entered_on",))
    normal_end: Day | None = computed("正常毕业日期", needs=("entered_on", "length_years"), plan=True)
    study_ends_by: Day | None = computed(
        "最长学习年限止",
        needs=("entered_on", "length_years", "level"),
        plan=True,
        parameters=("extra_years",),
        uses=("change.kind", "change.reason", "change.issued_on", "change.effective_on", "change.until"),
    )
    name_key: Text | None = computed("姓名（比对用）", needs=("name",), personal=True)
    major_key: Text | None = computed("专业（比对用）", needs=("major",))
    identity: Identifier | None = computed("身份证号（认人用）", needs=("id_number",), personal=True)
    repeats: Whole | None = computed(
        "留级次数", needs=("change.student_no", "change.kind", "change.issued_on", "change.effective_on")
    )
    away_at_start: bool | None = computed(
        "开学时在外实习",
        needs=("term.term", "term.starts_on", "term.report_by", "term.ends_on"),
        uses=("placement.from_on",),
    )
    final_year_from: Day | None = computed("毕业前一年起始日期", needs=("entered_on", "length_years"), plan=True)


class Record(Fact):
    about: ClassVar = About("record", "学籍", "教务处", "学籍管理平台", key=("platform", "student_no"))

    platform: Annotated[Literal["学信网", "中职学籍系统"], Coded] = column("平台")
    student_no: Identifier = column("学号", shared=True)
    id_number: Identifier = column("身份证号", personal=True)
    name: Text = column("姓名", personal=True)
    exam_no: Identifier | None = optional("考生号", lenient=True, shared=True)
    level: Level = column("培养层次")
    major: Text | None = optional("专业")
    entered_on: Day | None = optional("入学日期", plan=True, loose=Loose.MONTH)
    status: RecordStatus = column("学籍状态")
    registered_on: Day | None = optional("学籍注册日期")
    annual_registration: Text | None = optional("学年注册")
    id_type: IdentityType | None = optional("证件类型", lenient=True)
    annual_year: Whole | None = computed("学年注册年份", needs=("annual_registration",))
    active: bool | None = computed("学籍有效", needs=("status",))
    entered_year: Whole | None = computed("入学年份", needs=("entered_on",))
    name_key: Text | None = computed("姓名（比对用）", needs=("name",), personal=True)
    major_key: Text | None = computed("专业（比对用）", needs=("major",))
    identity: Identifier | None = computed("身份证号（认人用）", needs=("id_number",), personal=True)


class Fee(Fact):
    about: ClassVar = About("fee", "缴费", "财务处", "缴费管理平台", covers=Named("academic_year"))

    student_no: Identifier = column("学号", shared=True)
    academic_year: AcademicYear = column("学年")
    item: Text | None = optional("收费项目")
    payable: Money = column("应缴金额")
    paid: Money = column("实缴金额")
    relief: Money = column("减免金额", default=0, lenient=True)
    deferred_until: Day | None = optional("缓缴至", plan=True, lenient=True)
    aid: Aid | None = optional("资助方式", lenient=True)
    registered_on: Day | None = optional("缴费注册日期")


class Welcome(Fact):
    about: ClassVar = About(
        "welcome", "迎新", "招生办", "入学报到管理平台", key=("exam_no",), doubles_stay=True
    )  # fmt: skip

    exam_no: Identifier = column("考生号", shared=True)
    ticket_no: Identifier | None = optional("准考证号")
    id_number: Identifier | None = optional("身份证号", personal=True)
    name: Text | None = optional("姓名", personal=True)
    sex: Sex | None = optional("性别")
    birth_on: Day | None = optional("出生日期", plan=True, personal=True)
    ethnicity: Text | None = optional("民族")
    candidate_type: Text | None = optional("考生类别")
    subject_code: Text | None = optional("科类代码")
    entry_year: Whole = column("入学年份", within=_CALENDAR_YEAR, loose=Loose.YEAR)
    major: Text | None = optional("录取专业")
    level: Level | None = optional("培养层次")
    length_years: Whole | None = optional("学制", within=_YEARS_OF_STUDY, loose=Loose.YEARS)
    entered_on: Day | None = optional("入学日期", plan=True, loose=Loose.MONTH)
    entry_mode: Text | None = optional("入学方式")
    score: Text | None = optional("入学成绩")
    origin: Text | None = optional("生源地区")
    season: Text | None = optional("招生季节")
    language: Text | None = optional("外语语种")
    college: Text | None = optional("学院")
    category: Category | None = optional("学生类别")
    review: Annotated[Literal["通过", "不通过"], Coded] | None = optional("资格初审")
    arrival: Annotated[Literal["已报到", "未报到", "暂缓报到", "保留入学资格"], Coded] = column("报到状态")
    arrived_on: Day | None = optional("报到日期")
    cleared_on: Day | None = optional("清理日期")
    id_type: IdentityType | None = optional("证件类型", lenient=True)
    report_by: Day | None = optional("报到截止日期", plan=True, lenient=True)
    blank_fields: Text | None = computed(
        "缺填的字段", needs=(), parameters=("admission_fields",), looks_at="admission_fields"
    )
    due_by: Day | None = computed(
        "应报到截止日期",
        needs=("entry_year", "term.term", "term.academic_year", "term.starts_on", "term.report_by"),
        uses=("report_by", "term.newcomer_report_by"),
        plan=True,
    )
    current: bool | None = computed(
        "本学年录取", needs=("entry_year", "term.academic_year", "term.starts_on", "term.ends_on")
    )
    reviewed_year: bool | None = computed("当年录有资格初审", needs=("entry_year", "review"))
    name_key: Text | None = computed("姓名（比对用）", needs=("name",), personal=True)
    identity: Identifier | None = computed("身份证号（认人用）", needs=("id_number",), personal=True)


class Checkin(Fact):
    about: ClassVar = About(
        "checkin", "返校报到", "学生处", "在校生管理平台", key=("student_no", "term"), covers=Named("term")
    )  # fmt: skip

    student_no: Identifier = column("学号", shared=True)
    term: TermName = column("学期")
    arrived_on: Day | None = optional("报到日期")
    marked_on: Day | None = optional("未报到标注日期")
    current: bool | None = computed("当前学期", needs=("term.term", "term.starts_on", "term.ends_on"))


class Registration(Fact):
    about: ClassVar = About(
        "registration", "学期注册", "学生处", "在校生管理平台", key=("student_no", "term"), covers=Named("term")
    )  # fmt: skip

    student_no: Identifier = column("学号", shared=True)
    term: TermName = column("学期")
    registered_on: Day = column("注册日期", own_date=True)
    current: bool | None = computed("当前学期", needs=("term.term", "term.starts_on", "term.ends_on"))


class Deferral(Fact):
    about: ClassVar = About(
        "deferral", "暂缓报到", "招生办", "入学报到管理平台 / 在校生管理平台",
        key=("student_no", "exam_no", "term"), one_of=("student_no", "exam_no"), optional=True,
    )  # fmt: skip

    student_no: Identifier | None = optional("学号", lenient=True, shared=True)
    exam_no: Identifier | None = optional("考生号", lenient=True, shared=True)
    term: TermName = column("学期")
    applied_on: Day | None = optional("申请日期")
    until: Day = column("暂缓至", plan=True)
    approved_on: Day | None = optional("批准日期")
    approver: Text | None = optional("审核单位")
    person_no: Identifier | None = computed("学号或考生号", needs=())
    candidate_no: Identifier | None = computed("本人考生号", needs=("student.student_no",), uses=("student.exam_no",))
    first_year: Whole | None = computed(
        "学年第一学期的年份", needs=("term.term", "term.academic_year", "term.starts_on")
    )
    newcomer: bool | None = computed(
        "新生", needs=("student.entered_on", "term.term", "term.academic_year", "term.starts_on"),
        uses=("welcome.entry_year",),
    )  # fmt: skip
    due_by: Day | None = computed(
        "应报到截止日期",
        needs=("student.entered_on", "term.term", "term.academic_year", "term.starts_on", "term.report_by"),
        uses=("welcome.report_by", "term.newcomer_report_by"),
        plan=True,
    )


_STEPS = (
    "kind", "reason", "applied_on", "college_on", "affairs_on", "infirmary_on", "careers_on", "academic_on",
    "meeting_on", "exam_on", "proposed_on", "announced_on", "issued_on",
)  # fmt: skip
"""Without one of these columns nobody knows how far a change has got."""


class Change(Fact):
    about: ClassVar = About("change", "学籍异动", "教务处", "学籍管理平台 / 在校生管理平台", key=("change_no",))

    change_no: Identifier = column("异动编号")
    student_no: Identifier = column("学号", shared=True)
    kind: ChangeKind = column("异动类别")
    reason: ChangeReason | None = optional("异动原因", secret=True)
    applied_on: Day | None = optional("申请日期")
    college_on: Day | None = optional("学院审核日期")
    affairs_on: Day | None = optional("学生处审核日期")
    infirmary_on: Day | None = optional("校医务室审核日期", secret=True)
    careers_on: Day | None = optional("就业指导中心审核日期", secret=True)
    academic_on: Day | None = optional("教务处审核日期")
    meeting_on: Day | None = optional("校长办公会日期")
    exam_on: Day | None = optional("考试日期")
    proposed_on: Day | None = optional("拟录取日期")
    announced_on: Day | None = optional("公示日期")
    document_no: Identifier | None = optional("文号")
    issued_on: Day | None = optional("发文日期")
    effective_on: Day | None = optional("生效日期", plan=True)
    until: Day | None = optional("截止日期", plan=True)
    marked_school_on: Day | None = optional("在校生平台标注日期")
    marked_record_on: Day | None = optional("学籍平台标注日期")
    filed_on: Day | None = optional("备案日期")
    notified_on: Day | None = optional("通知书送达日期")
    from_major: Text | None = optional("原专业")
    to_major: Text | None = optional("新专业")
    mark_due_on: Day | None = computed(
        "标注截止日期",
        needs=("issued_on", "kind"),
        parameters=("mark_workdays", "prompt_days"),
        plan=True,
        provisional="mark_due_provisional",
    )
    mark_due_provisional: bool | None = computed(
        "标注截止日期为暂定", needs=("issued_on", "kind"), parameters=("mark_workdays", "prompt_days")
    )
    workdays_left: Whole | None = computed(
        "距标注截止的工作日", needs=("issued_on", "kind"), parameters=("mark_workdays", "prompt_days")
    )
    has_record: bool | None = computed("有学籍", needs=("student_no", "record.student_no"))
    last_step: Day | None = computed("最近一个环节的日期", needs=_STEPS)
    pending: bool | None = computed("在办", needs=_STEPS, parameters=("pending_days",))
    return_by: Day | None = computed("应复学日期", needs=("until", "reason"), parameters=("service_days",))
    next_step: Text | None = computed("待办的环节", needs=_STEPS, uses=("record.student_no",))
    next_office: Text | None = computed("待办的单位", needs=_STEPS, uses=("record.student_no",))
    to_major_key: Text | None = computed("新专业（比对用）", needs=("to_major",))


class Attendance(Fact):
    about: ClassVar = About("attendance", "考勤", "教务处", "教学管理平台", covers=Shown("held_on", "attended"))

    student_no: Identifier = column("学号", shared=True)
    held_on: Day = column("上课日期", own_date=True)
    course: Text | None = optional("课程")
    result: Annotated[Literal["出勤", "迟到", "早退", "请假", "缺勤"], Coded] = column("考勤结果")
    mode: Annotated[Literal["修读", "旁听"], Coded] = column("修读方式", default="修读", lenient=True)
    attended: bool | None = computed("参加教学活动", needs=("result",))


class Graduation(Fact):
    about: ClassVar = About(
        "graduation", "毕业", "教务处", "学籍管理平台", key=("student_no",),
        covers=From("academic_on", "student.normal_end"),
    )  # fmt: skip

    student_no: Identifier = column("学号", shared=True)
    conclusion: Annotated[Literal["毕业", "结业", "肄业"], Coded] = column("结论")
    college_on: Day | None = optional("学院初审日期")
    academic_on: Day | None = optional("教务处终审日期")
    registered_on: Day | None = optional("学历注册日期")
    certificate_no: Identifier | None = optional("证书编号")
    delivered_on: Day | None = optional("发放日期")
    recovered_on: Day | None = optional("回收日期")
    archived_on: Day | None = optional("移交档案日期")


class Handover(Fact):
    about: ClassVar = About(
        "handover", "工作交接", "教务处", "各单位交接记录", key=("change_no", "handed_on"),
        covers=From("handed_on", "change.issued_on", later_than="handover_days"), optional=True,
    )  # fmt: skip

    change_no: Identifier = column("异动编号")
    from_unit: Text = column("交出单位")
    to_unit: Text = column("接收单位")
    handed_on: Day = column("移交日期", own_date=True)
    received_on: Day | None = optional("接收日期")


class Term(Fact):
    about: ClassVar = About("term", "校历", "教务处", "教学管理平台", key=("term",), calendar=True)

    term: TermName = column("学期")
    academic_year: AcademicYear = column("学年")
    starts_on: Day = column("开学日期", plan=True)
    report_by: Day = column("报到截止日期", plan=True)
    ends_on: Day = column("学期结束日期", plan=True)
    newcomer_report_by: Day | None = optional("新生报到截止日期", plan=True, lenient=True)
    current: bool | None = computed("当前学期", needs=("starts_on", "ends_on"))
    year: Whole | None = computed("学年起始年份", needs=("academic_year",))
    first_of_year: bool | None = computed("学年第一学期", needs=("academic_year", "starts_on"))
    year_first: Text | None = computed("学年第一学期名称", needs=("academic_year", "starts_on"))
    year_starts_on: Day | None = computed("学年开学日期", needs=("academic_year", "starts_on"), plan=True)
    year_report_by: Day | None = computed(
        "学年报到截止日期", needs=("academic_year", "starts_on", "report_by"), plan=True
    )
    repeat_by: Day | None = computed("留级受理截止日期", needs=("starts_on",), plan=True)


class ClassGroup(Fact):
    about: ClassVar = About("class_group", "班级", "教务处", "教学管理平台", key=("class_no",))

    class_no: Identifier = column("班级号", shared=True)
    college: Text | None = optional("学院")
    major: Text = column("专业")
    level: Level = column("培养层次")
    category: Category | None = optional("学生类别")
    grade: Whole | None = optional("年级", within=_ANY_YEAR, loose=Loose.YEAR)
    major_key: Text | None = computed("专业（比对用）", needs=("major",))


class Placement(Fact):
    """Who is away by arrangement: a student, or all students of a class where no student is named. Both days count."""

    about: ClassVar = About(
        "placement", "实习安排", "二级学院", "教学管理平台", one_of=("class_no", "student_no"), optional=True
    )

    class_no: Identifier | None = optional("班级号", lenient=True, shared=True)
    student_no: Identifier | None = optional("学号", lenient=True, shared=True)
    from_on: Day = column("开始日期", plan=True)
    until: Day = column("结束日期", plan=True)
    kind: Text | None = optional("类别", lenient=True)


class Renumbering(Fact):
    """A number of a student or a class that was replaced by another. Everything is read under the new one."""

    about: ClassVar = About(
        "renumbering", "编号对照", "学生处", "在校生管理平台", key=("kind", "old_no", "new_no"), optional=True
    )

    kind: Annotated[Literal["学号", "班级号"], Coded] = column("编号类别")
    old_no: Identifier = column("原编号")
    new_no: Identifier = column("新编号")
    changed_on: Day | None = optional("变更日期", plan=True, lenient=True)
    basis: Text | None = optional("依据", lenient=True)


class Workday(Fact):
    about: ClassVar = About("workday", "工作日调整", "教务处", "校历", key=("date",), calendar=True, optional=True)

    date: Day = column("日期", plan=True)
    working: Annotated[Literal["是", "否"], Coded] = column("是否工作")


TABLES: dict[str, type[Fact]] = {
    model.about.kind: model
    for model in (
        Student, Record, Fee, Welcome, Checkin, Registration, Deferral, Change, Attendance,
        Graduation, Handover, Term, ClassGroup, Placement, Renumbering, Workday,
    )
}  # fmt: skip
"""The tables, by English name, in the order of the contract."""


def tables_with(field: str) -> tuple[str, ...]:
    """The tables that have a field of this name, in the order of the contract."""
    return tuple(kind for kind, model in TABLES.items() if field in model.model_fields)


def showing_people() -> tuple[str, ...]:
    """The tables whose rows show two or more numbers of one person: they tell which numbers belong together."""
    return tuple(kind for kind, model in TABLES.items() if sum(key in columns(model) for key in PERSON_KEYS) > 1)
