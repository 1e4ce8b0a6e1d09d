-- What the rules speak of, from the tables of data-contract.md ("Facts that are computed from these"; the catalogue's head).
-- `sno`, `pid`, `eno` are student_no, id_number, exam_no by which persons and tables are joined: NULL where the number is
-- nobody's. `aside_x`: rows of table x that could not be read. Tables `p` and `by_level` hold the parameters.

-- The calendar -------------------------------------------------------------------------------------------------------
CREATE TABLE first_term AS
SELECT *, left(academic_year, 4)::INT AS first_year FROM term
QUALIFY row_number() OVER (PARTITION BY left(academic_year, 4) ORDER BY starts_on, term) = 1;

CREATE TABLE last_term AS
SELECT academic_year, ends_on, count(*) OVER (PARTITION BY academic_year) AS terms FROM term
QUALIFY row_number() OVER (PARTITION BY academic_year ORDER BY starts_on DESC, term DESC) = 1;

CREATE TABLE this_term AS
SELECT t.*, f.first_year, f.starts_on AS year_starts_on, f.report_by AS year_report_by
FROM term t JOIN first_term f ON f.first_year = left(t.academic_year, 4)::INT, p
WHERE t.starts_on <= p.as_of
ORDER BY t.ends_on >= p.as_of DESC, t.starts_on DESC LIMIT 1;

-- n: working days up to and with the day.
CREATE TABLE workdays AS
SELECT day, working, sum(working::INT) OVER (ORDER BY day) AS n
FROM (SELECT c.day, coalesce(w.working = '是', c.working) AS working
      FROM calendar c LEFT JOIN (SELECT * FROM workday QUALIFY row_number() OVER (PARTITION BY date ORDER BY row DESC) = 1) w
          ON w.date = c.day);

-- Attendance, a day and person -----------------------------------------------------------------------------------------
CREATE TABLE attendance_day AS
SELECT student_no, sno, held_on, bool_or(result IN ('出勤', '迟到', '早退')) AS attended, bool_or(result = '出勤') AS present,
    bool_and(result = '缺勤') AS absent
FROM attendance WHERE coalesce(mode, '修读') = '修读' GROUP BY student_no, sno, held_on;

CREATE TABLE taught AS
SELECT a.*, t.term, a.held_on > t.report_by AS late
FROM attendance_day a JOIN term t ON a.held_on BETWEEN t.starts_on AND t.ends_on;

-- A table speaks only of the time it covers ------------------------------------------------------------------------------
CREATE TABLE covers AS
WITH held AS (
    SELECT 'registration' AS tbl, term AS period, count(*) AS n FROM registration GROUP BY term
    UNION ALL SELECT 'checkin', term, count(*) FROM checkin GROUP BY term
    UNION ALL SELECT 'fee', academic_year, count(*) FROM fee GROUP BY academic_year
), shares AS (SELECT *, max(n) OVER (PARTITION BY tbl) AS fullest FROM held)
SELECT tbl, period FROM shares, p WHERE n * 100 >= p.cover_least * fullest
UNION ALL SELECT DISTINCT 'attendance', term FROM taught WHERE present;

CREATE MACRO covered(t, x) AS EXISTS (SELECT 1 FROM covers v WHERE v.tbl = t AND v.period = x);
CREATE VIEW handovers_from AS SELECT min(handed_on) + p.handover_days AS day FROM handover, p GROUP BY p.handover_days;
CREATE VIEW graduations_from AS SELECT min(academic_on) AS day FROM graduation;

-- Rules that are not checked whatever there is to look at: for want of cover, or of a pattern.
CREATE VIEW not_checked AS
SELECT unnest(['REG-01', 'REG-09', 'LEV-02', 'WDR-04']) AS rule
WHERE NOT EXISTS (SELECT 1 FROM covers WHERE tbl = 'attendance')
UNION ALL SELECT 'WDR-05' WHERE NOT EXISTS (SELECT 1 FROM covers JOIN this_term ON period = term WHERE tbl = 'attendance')
UNION ALL SELECT 'CLS-02' FROM p WHERE student_no_pattern IS NULL AND class_no_pattern IS NULL;

-- Rows set aside, by whom they may concern ---------------------------------------------------------------------------------
CREATE VIEW unsure_student AS SELECT sno FROM aside_student WHERE sno IS NOT NULL;
CREATE VIEW unsure_record AS SELECT sno FROM aside_record WHERE sno IS NOT NULL;
CREATE VIEW unsure_change AS SELECT sno FROM aside_change WHERE sno IS NOT NULL;
CREATE VIEW unsure_attendance AS SELECT sno FROM aside_attendance WHERE sno IS NOT NULL;

-- Fees ------------------------------------------------------------------------------------------------------------------
CREATE TABLE fee_account AS
SELECT f.*, coalesce(owed < p.owed_least OR deferred_until >= p.as_of
                     OR (aid IS NOT NULL AND (coalesce(l.terms, 0) < 2 OR p.as_of <= l.ends_on)), false) AS settled,
       l.terms, l.ends_on
FROM (SELECT sno, academic_year, sum(payable - coalesce(relief, 0) - paid) AS owed, max(registered_on) AS registered_on,
             max(deferred_until) AS deferred_until, min(aid) AS aid
      FROM fee WHERE sno IS NOT NULL GROUP BY sno, academic_year) f
LEFT JOIN last_term l USING (academic_year), p
WHERE NOT EXISTS (SELECT 1 FROM aside_fee a WHERE a.sno = f.sno AND (a.academic_year = f.academic_year OR a.academic_year IS NULL));

-- Activity, absence, silence ----------------------------------------------------------------------------------------------
CREATE TABLE activity AS
SELECT sno, term, min(held_on) AS first_late_on FROM taught
WHERE attended AND late AND sno IS NOT NULL GROUP BY sno, term;

CREATE TABLE absence AS
WITH days AS (
    SELECT sno, term, held_on, absent,
           row_number() OVER (PARTITION BY sno, term ORDER BY held_on)
           - row_number() OVER (PARTITION BY sno, term, absent ORDER BY held_on) AS run
    FROM taught JOIN covers v ON v.tbl = 'attendance' AND v.period = term
    WHERE sno IS NOT NULL AND sno NOT IN (FROM unsure_attendance)
)
SELECT sno, term, min(held_on) AS from_on, max(held_on) AS to_on, max(held_on) - min(held_on) + 1 AS days, count(*) AS lessons
FROM days WHERE absent GROUP BY sno, term, run;

CREATE TABLE last_study AS SELECT sno, max(held_on) AS day FROM attendance_day WHERE sno IS NOT NULL GROUP BY sno;

CREATE TABLE silence AS
WITH own AS (
    SELECT sno, max(held_on) AS last_on FROM taught JOIN this_term USING (term)
    WHERE sno IS NOT NULL AND covered('attendance', term) GROUP BY sno
), pupils AS (SELECT DISTINCT sno, class_no FROM student WHERE status = '在读' AND class_no IS NOT NULL AND sno IS NOT NULL),
class_own AS (SELECT class_no, max(last_on) AS class_last_on FROM pupils JOIN own USING (sno) GROUP BY class_no)
SELECT sno, class_no, last_on, class_last_on, class_last_on - last_on AS days
FROM pupils JOIN own USING (sno) JOIN class_own USING (class_no)
WHERE sno NOT IN (FROM unsure_attendance);

-- Who is away by arrangement: of the student, or of his class where the row names no student; a row set aside always.
CREATE TABLE away AS
SELECT s.sno, coalesce(a.from_on, DATE '0001-01-01') AS from_on, coalesce(a.until, DATE '9999-12-31') AS until
FROM student s
JOIN (SELECT student_no, class_no, sno, from_on, until FROM placement
      UNION ALL SELECT student_no, class_no, sno, NULL, NULL FROM aside_placement) a
    ON s.sno = CASE WHEN a.student_no IS NOT NULL THEN a.sno ELSE s.sno END
    AND (a.student_no IS NOT NULL OR a.class_no = s.class_no)
WHERE s.sno IS NOT NULL;

-- Newcomers and deferrals ---------------------------------------------------------------------------------------------------
CREATE TABLE newcomer AS
SELECT w.*, coalesce(w.report_by, t.newcomer_report_by, t.report_by) AS due_by, t.term AS first_term
FROM welcome w LEFT JOIN first_term t ON t.first_year = w.entry_year;

-- Two students of one exam_no: the smaller student_no. Two exam_no of one student_no: likewise.
CREATE VIEW by_exam AS SELECT eno, min(sno) AS sno FROM student WHERE eno IS NOT NULL AND sno IS NOT NULL GROUP BY eno;
CREATE VIEW by_number AS SELECT sno, min(eno) AS eno FROM student WHERE sno IS NOT NULL GROUP BY sno;

CREATE TABLE deferral_of AS
SELECT d.*, coalesce(d.student_no, e.sno, d.exam_no) AS person_no,
       CASE WHEN d.student_no IS NOT NULL THEN d.sno ELSE e.sno END AS person,
       CASE WHEN d.exam_no IS NOT NULL THEN d.eno ELSE n.eno END AS candidate
FROM (SELECT row, false AS is_aside, student_no, exam_no, sno, eno, term, until, approved_on, approver FROM deferral
      UNION ALL SELECT row, true, student_no, exam_no, sno, eno, term, until, approved_on, approver FROM aside_deferral) d
LEFT JOIN by_exam e USING (eno) LEFT JOIN by_number n ON n.sno = d.sno;

-- person: student_no by which it may be joined; candidate: exam_no (given, else that student's).
CREATE VIEW deferred AS SELECT * FROM deferral_of WHERE NOT is_aside;
CREATE VIEW unsure_deferral AS SELECT person, candidate, term FROM deferral_of WHERE is_aside;

-- Whether it is a new student's, and by when that person was to report; a row for each due_by that the tables tell.
CREATE TABLE deferral_due AS
WITH known AS (
    -- Whom no table knows has a 考生号 alone, as newcomers have.
    SELECT *, d.student_no IS NULL AND d.person IS NULL AS nobody_knows FROM deferred d
    WHERE NOT EXISTS (SELECT 1 FROM aside_welcome a WHERE a.eno = d.candidate)
      AND NOT EXISTS (SELECT 1 FROM aside_student a WHERE a.sno = d.sno)
      AND NOT EXISTS (SELECT 1 FROM aside_student a WHERE a.eno = d.candidate)
      AND NOT EXISTS (SELECT 1 FROM aside_student a WHERE a.eno = d.eno)
)
SELECT d.row, d.person_no, d.term, d.until, d.approved_on, d.approver, w.first_term IS NOT DISTINCT FROM d.term AS is_new,
       CASE WHEN w.first_term = d.term THEN w.due_by ELSE t.report_by END AS due_by
FROM known d JOIN term t USING (term) JOIN newcomer w ON w.eno = d.candidate
UNION ALL
SELECT d.row, d.person_no, d.term, d.until, d.approved_on, d.approver,
       f.term IS NOT DISTINCT FROM d.term OR d.nobody_knows,
       CASE WHEN f.term = d.term OR (d.nobody_knows AND EXISTS (SELECT 1 FROM first_term g WHERE g.term = d.term))
            THEN coalesce(t.newcomer_report_by, t.report_by) WHEN NOT d.nobody_knows THEN t.report_by END
FROM known d JOIN term t USING (term)
LEFT JOIN student s ON s.sno = d.person
LEFT JOIN first_term f ON f.first_year = year(s.entered_on)
WHERE NOT EXISTS (SELECT 1 FROM newcomer w WHERE w.eno = d.candidate);

-- Changes -------------------------------------------------------------------------------------------------------------------
CREATE TABLE procedure AS SELECT * FROM (VALUES
    ('休学', 1, 'applied_on', NULL), ('休学', 2, 'college_on', NULL), ('休学', 3, 'infirmary_on', '疾病'),
    ('休学', 4, 'careers_on', '创业'), ('休学', 5, 'affairs_on', NULL), ('休学', 6, 'academic_on', NULL),
    ('保留学籍', 1, 'applied_on', NULL), ('保留学籍', 2, 'college_on', NULL), ('保留学籍', 3, 'infirmary_on', '疾病'),
    ('保留学籍', 4, 'careers_on', '创业'), ('保留学籍', 5, 'affairs_on', NULL), ('保留学籍', 6, 'academic_on', NULL),
    ('复学', 1, 'applied_on', NULL), ('复学', 2, 'college_on', NULL), ('复学', 3, 'infirmary_on', '疾病'),
    ('复学', 4, 'careers_on', '创业'), ('复学', 5, 'affairs_on', NULL), ('复学', 6, 'academic_on', NULL),
    ('留级', 1, 'applied_on', NULL), ('留级', 2, 'college_on', NULL), ('留级', 3, 'academic_on', NULL),
    ('留级', 4, 'meeting_on', NULL),
    ('转专业', 1, 'applied_on', NULL), ('转专业', 2, 'college_on', NULL), ('转专业', 3, 'academic_on', NULL),
    ('转专业', 4, 'exam_on', NULL), ('转专业', 5, 'proposed_on', NULL), ('转专业', 6, 'announced_on', NULL),
    ('转入', 1, 'applied_on', NULL), ('转入', 2, 'academic_on', NULL), ('转入', 3, 'meeting_on', NULL),
    ('转出', 1, 'applied_on', NULL), ('转出', 2, 'academic_on', NULL),
    ('自愿退学', 1, 'applied_on', NULL), ('自愿退学', 2, 'college_on', NULL), ('自愿退学', 3, 'affairs_on', NULL),
    ('自愿退学', 4, 'academic_on', NULL),
    ('自动退学', 1, 'college_on', NULL), ('自动退学', 2, 'affairs_on', NULL), ('自动退学', 3, 'academic_on', NULL),
    ('自动退学', 4, 'meeting_on', NULL),
    ('取消学籍', 1, 'applied_on', '重新录取'), ('取消学籍', 2, 'academic_on', NULL), ('取消学籍', 3, 'meeting_on', NULL),
    ('开除学籍', 1, 'academic_on', NULL), ('开除学籍', 2, 'meeting_on', NULL)
) AS v(kind, place, step, reason);

CREATE TABLE change_date AS
UNPIVOT (SELECT row, kind, applied_on, college_on, affairs_on, infirmary_on, careers_on, academic_on, meeting_on, exam_on,
                proposed_on, announced_on FROM change)
ON applied_on, college_on, affairs_on, infirmary_on, careers_on, academic_on, meeting_on, exam_on, proposed_on, announced_on
INTO NAME step VALUE day;

-- The reason of a 复学 that gives none is that of the latest leave before it.
CREATE TABLE reason_of AS
SELECT c.row, CASE WHEN c.kind <> '复学' OR c.reason IS NOT NULL THEN c.reason WHEN c.sno IS NULL OR c.sno IN (FROM unsure_change) THEN NULL
                   ELSE l.reason END AS reason
FROM change c LEFT JOIN (
    SELECT b.row, a.reason FROM change b JOIN change a USING (sno)
    WHERE b.kind = '复学' AND a.kind IN ('休学', '保留学籍') AND a.issued_on IS NOT NULL AND a.effective_on < b.effective_on
    QUALIFY row_number() OVER (PARTITION BY b.row ORDER BY a.effective_on DESC, a.change_no DESC) = 1
) l USING (row);

CREATE TABLE change_of AS
SELECT c.*, r.reason AS real_reason,
       -- NULL where it can't be known.
       CASE WHEN c.sno IS NULL OR c.sno IN (FROM unsure_record) THEN NULL
            ELSE c.sno IN (SELECT sno FROM record WHERE sno IS NOT NULL) END AS in_record,
       c.sno IS NULL OR c.sno IN (FROM unsure_change) AS others_unsure,
       s.last_step, coalesce(c.issued_on IS NULL AND s.last_step >= p.as_of - p.pending_days, false) AS pending,
       CASE WHEN c.kind = '自动退学' THEN c.issued_on + p.prompt_days ELSE d.day END AS mark_due_on,
       coalesce(c.issued_on >= p.since, false) AS judged
FROM change c JOIN reason_of r USING (row)
LEFT JOIN (SELECT d.row, max(d.day) AS last_step FROM change_date d
           WHERE (d.kind, d.step) IN (SELECT (kind, step) FROM procedure)
              OR (d.step = 'affairs_on' AND d.kind NOT IN ('转入', '死亡')) GROUP BY d.row) s USING (row)
CROSS JOIN p
LEFT JOIN workdays i ON i.day = c.issued_on
LEFT JOIN workdays d ON d.working AND d.n = i.n + p.mark_workdays;

-- The steps that each change needs, issued_on last; a change whose procedure depends on what is unknown has none.
CREATE TABLE needed_step AS
WITH steps AS (
    SELECT c.row, q.place, q.step FROM change_of c JOIN procedure q USING (kind)
    WHERE c.in_record IS NOT NULL AND (q.reason IS NULL OR q.reason = c.real_reason)
      AND (c.in_record OR c.kind = '转入' OR NOT (q.step IN ('academic_on', 'meeting_on')
                                               OR (c.kind = '自愿退学' AND q.step = 'applied_on')))
    UNION ALL
    SELECT c.row, 98, 'affairs_on' FROM change_of c
    WHERE NOT c.in_record AND c.kind NOT IN ('转入', '死亡')
      AND NOT EXISTS (SELECT 1 FROM procedure q WHERE q.kind = c.kind AND q.step = 'affairs_on')
)
SELECT s.row, s.place, s.step, d.day FROM steps s LEFT JOIN change_date d ON d.row = s.row AND d.step = s.step
UNION ALL SELECT row, 99, 'issued_on', issued_on FROM change_of WHERE in_record IS NOT NULL AND kind <> '死亡';

CREATE VIEW repeats AS
SELECT sno, count(*) AS n FROM change, p
WHERE kind = '留级' AND issued_on IS NOT NULL AND effective_on <= p.as_of AND sno IS NOT NULL GROUP BY sno;

-- Students ------------------------------------------------------------------------------------------------------------------
CREATE TABLE study AS
SELECT s.row, (s.entered_on + to_years(s.length_years))::DATE AS normal_end,
       CASE WHEN s.sno IS NOT NULL AND s.sno NOT IN (FROM unsure_change)
            THEN (s.entered_on + to_years(s.length_years + l.extra_years))::DATE + coalesce(e.days, 0)::INT END AS study_ends_by
FROM student s LEFT JOIN by_level l USING (level)
LEFT JOIN (SELECT sno, sum(greatest(least(coalesce(until, p.as_of), p.as_of) - effective_on + 1, 0)) AS days FROM change, p
           WHERE kind = '保留学籍' AND reason = '入伍' AND issued_on IS NOT NULL AND effective_on IS NOT NULL
           GROUP BY sno) e USING (sno);

-- no 复学 or 转入 of that student issued with effective_on > report_by of now.
CREATE TABLE back_later AS
SELECT DISTINCT sno FROM change, this_term t
WHERE kind IN ('复学', '转入') AND issued_on IS NOT NULL AND effective_on > t.report_by AND sno IS NOT NULL
UNION SELECT sno FROM unsure_change;

-- Persons with a deferral in force for the term (or one that may be).
CREATE TABLE excused AS
SELECT person AS sno, candidate AS eno, term FROM deferred, p WHERE approved_on IS NOT NULL AND until >= p.as_of
UNION ALL SELECT person, candidate, term FROM unsure_deferral;
