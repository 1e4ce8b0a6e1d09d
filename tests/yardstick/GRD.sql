-- GRD-01
SELECT student_no, 'error' AS severity FROM graduation
WHERE delivered_on IS NOT NULL AND (college_on IS NULL OR college_on > delivered_on OR academic_on IS NULL OR academic_on > delivered_on);

-- GRD-02
SELECT student_no, 'error' AS severity FROM graduation
WHERE delivered_on IS NOT NULL AND (registered_on IS NULL OR registered_on > delivered_on);

-- GRD-03
SELECT student_no, 'warning' AS severity FROM graduation, p
WHERE registered_on IS NOT NULL AND delivered_on IS NULL AND p.as_of > registered_on + p.recover_days
  AND (recovered_on IS NULL OR archived_on IS NULL);

-- GRD-04
SELECT s.student_no, 'error' AS severity FROM student s JOIN graduation g USING (sno)
WHERE g.academic_on IS NOT NULL AND s.status = '在读';

-- GRD-05
SELECT s.student_no, 'warning' AS severity, coalesce(t.normal_end >= g.day, false) AS covered,
       NOT EXISTS (SELECT 1 FROM graduation x WHERE x.sno = s.sno)
       AND NOT EXISTS (SELECT 1 FROM aside_graduation x WHERE x.sno = s.sno)
       AND NOT EXISTS (SELECT 1 FROM change c WHERE c.sno = s.sno AND c.kind IN ('留级', '休学', '保留学籍') AND c.issued_on IS NOT NULL)
       AND s.sno NOT IN (FROM unsure_change) AS violated
FROM student s JOIN study t USING (row) CROSS JOIN graduations_from g, p
WHERE s.status = '在读' AND s.sno IS NOT NULL AND p.as_of > t.normal_end + p.graduation_days AND p.as_of <= t.study_ends_by;

-- GRD-06
SELECT student_no, 'error' AS severity FROM graduation
WHERE registered_on IS NOT NULL AND (academic_on IS NULL OR academic_on > registered_on);

-- GRD-07
SELECT student_no, 'error' AS severity FROM graduation
WHERE delivered_on IS NOT NULL AND sno IS NOT NULL AND sno NOT IN (SELECT sno FROM record WHERE sno IS NOT NULL)
  AND sno NOT IN (FROM unsure_record);

-- GRD-08
SELECT certificate_no, 'error' AS severity FROM graduation WHERE certificate_no IS NOT NULL
GROUP BY certificate_no HAVING count(DISTINCT student_no) > 1;

-- STY-01
SELECT s.student_no, 'error' AS severity FROM student s JOIN study t USING (row), p
WHERE p.as_of > t.study_ends_by AND s.status IN ('在读', '休学', '保留学籍');

-- STY-02
SELECT s.student_no, 'notice' AS severity FROM student s JOIN study t USING (row), p
WHERE t.study_ends_by BETWEEN p.as_of AND p.as_of + p.study_soon_days AND s.status IN ('在读', '休学', '保留学籍');

-- HND-01
SELECT c.change_no, 'warning' AS severity, coalesce(c.issued_on > h.day, false) AS covered,
       NOT EXISTS (SELECT 1 FROM handover x WHERE x.change_no = c.change_no)
       AND NOT EXISTS (SELECT 1 FROM aside_handover x WHERE x.change_no = c.change_no) AS violated
FROM change_of c LEFT JOIN handovers_from h ON true WHERE c.judged;

-- HND-02
SELECT change_no, to_unit, 'warning' AS severity FROM handover, p
WHERE received_on IS NULL AND p.as_of > handed_on + p.receive_days;

-- SYS-01
WITH rows_of AS (
    SELECT DISTINCT 'fee' AS tbl, student_no, sno FROM fee
    UNION ALL SELECT DISTINCT 'registration', student_no, sno FROM registration
    UNION ALL SELECT DISTINCT 'checkin', student_no, sno FROM checkin
    UNION ALL SELECT DISTINCT 'attendance', student_no, sno FROM attendance
    UNION ALL SELECT DISTINCT 'change', student_no, sno FROM change
), known AS (
    SELECT sno FROM student UNION SELECT sno FROM record UNION FROM unsure_student UNION FROM unsure_record
)
SELECT tbl AS "table", student_no, 'warning' AS severity FROM rows_of
WHERE sno IS NOT NULL AND sno NOT IN (SELECT sno FROM known WHERE sno IS NOT NULL);
