-- REG-01
SELECT a.sno AS student_no, a.term, CASE WHEN n.term IS NULL THEN 'warning' ELSE 'error' END AS severity,
       covered('registration', a.term) AS covered,
       NOT EXISTS (SELECT 1 FROM registration g WHERE g.sno = a.sno AND g.term = a.term)
       AND NOT EXISTS (SELECT 1 FROM aside_registration x WHERE x.sno = a.sno AND (x.term = a.term OR x.term IS NULL)) AS violated
FROM activity a LEFT JOIN this_term n USING (term);

-- REG-09
SELECT a.sno AS student_no, a.term, 'warning' AS severity, covered('registration', a.term) AS covered,
       min(g.registered_on) > any_value(a.first_late_on)
       AND NOT EXISTS (SELECT 1 FROM aside_registration x WHERE x.sno = a.sno AND (x.term = a.term OR x.term IS NULL)) AS violated
FROM activity a JOIN registration g ON g.sno = a.sno AND g.term = a.term
GROUP BY a.sno, a.term HAVING max(g.registered_on) > any_value(a.first_late_on);

-- REG-02
SELECT s.student_no, n.term, 'error' AS severity, covered('registration', n.term) AS covered,
       NOT EXISTS (SELECT 1 FROM registration g WHERE g.sno = s.sno AND g.term = n.term)
       AND NOT EXISTS (SELECT 1 FROM aside_registration x WHERE x.sno = s.sno AND (x.term = n.term OR x.term IS NULL))
       AND NOT EXISTS (SELECT 1 FROM checkin c WHERE c.sno = s.sno AND c.term = n.term AND c.marked_on IS NOT NULL
                       AND covered('checkin', c.term))
       AND NOT EXISTS (SELECT 1 FROM aside_checkin x WHERE x.sno = s.sno AND (x.term = n.term OR x.term IS NULL))
       AND s.sno NOT IN (SELECT sno FROM back_later) AS violated
FROM student s, this_term n, p JOIN fee_account f ON f.sno = s.sno AND f.academic_year = n.academic_year
WHERE s.status = '在读' AND s.entered_on <= n.ends_on AND f.settled AND p.as_of > n.report_by + p.review_days;

-- REG-03
SELECT g.student_no, g.term, 'error' AS severity
FROM registration g JOIN this_term n USING (term) JOIN fee_account f ON f.sno = g.sno AND f.academic_year = n.academic_year
WHERE NOT f.settled;

-- REG-10
SELECT g.student_no, g.term, 'warning' AS severity, covered('fee', n.academic_year) AS covered,
       NOT EXISTS (SELECT 1 FROM fee f WHERE f.sno = g.sno AND f.academic_year = n.academic_year)
       AND NOT EXISTS (SELECT 1 FROM aside_fee x WHERE x.sno = g.sno
                       AND (x.academic_year = n.academic_year OR x.academic_year IS NULL)) AS violated
FROM registration g JOIN this_term n USING (term) JOIN student s USING (sno), p WHERE NOT list_contains(p.free_levels, s.level);

-- REG-04
SELECT s.student_no, 'error' AS severity
FROM student s JOIN registration g USING (sno) JOIN this_term n ON n.term = g.term, p
WHERE s.status = '在读' AND NOT list_contains(p.without_record, s.category) AND s.pid IS NOT NULL
  AND p.as_of > s.entered_on + p.record_days
  AND s.pid NOT IN (SELECT pid FROM record WHERE status IN ('在籍', '休学', '保留学籍') AND pid IS NOT NULL)
  AND s.pid NOT IN (SELECT pid FROM aside_record WHERE pid IS NOT NULL);

-- REG-05
SELECT s.student_no, 'warning' AS severity
FROM student s JOIN registration g USING (sno) JOIN this_term n ON n.term = g.term JOIN record r ON r.sno = s.sno, p
WHERE s.status = '在读' AND r.status IN ('在籍', '休学', '保留学籍')
  AND (r.annual_registration IS NULL OR left(r.annual_registration, 4) < left(n.academic_year, 4))
  AND (r.registered_on IS NULL OR r.registered_on < n.year_starts_on) AND p.as_of > n.year_report_by + p.annual_days;

-- REG-06
SELECT r.student_no, 'error' AS severity FROM record r
WHERE r.status IN ('在籍', '休学', '保留学籍') AND r.sno IS NOT NULL
  AND r.sno NOT IN (SELECT sno FROM student WHERE sno IS NOT NULL) AND r.sno NOT IN (FROM unsure_student);

-- REG-07: an account not settled needs the cover of registrations alone, a missing one that of fees too.
WITH owing AS (
    SELECT s.student_no, s.sno, n.term, true AS fees_known FROM student s, this_term n
    JOIN fee_account f ON f.sno = s.sno AND f.academic_year = n.academic_year WHERE s.status = '在读' AND s.entered_on <= n.ends_on AND NOT f.settled
    UNION ALL
    SELECT s.student_no, s.sno, n.term, covered('fee', n.academic_year) AS fees_known FROM student s, this_term n, p
    WHERE s.status = '在读' AND s.entered_on <= n.ends_on AND NOT list_contains(p.free_levels, s.level) AND s.sno IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM fee f WHERE f.sno = s.sno AND f.academic_year = n.academic_year)
      AND NOT EXISTS (SELECT 1 FROM aside_fee x WHERE x.sno = s.sno
                      AND (x.academic_year = n.academic_year OR x.academic_year IS NULL))
)
SELECT o.student_no, o.term, 'error' AS severity, o.fees_known AND covered('registration', o.term) AS covered,
       NOT EXISTS (SELECT 1 FROM registration g WHERE g.sno = o.sno AND g.term = o.term)
       AND NOT EXISTS (SELECT 1 FROM aside_registration x WHERE x.sno = o.sno AND (x.term = o.term OR x.term IS NULL))
       AND NOT EXISTS (SELECT 1 FROM excused e WHERE e.sno = o.sno AND (e.term = o.term OR e.term IS NULL))
       AND o.sno NOT IN (SELECT sno FROM back_later) AS violated
FROM owing o JOIN this_term n USING (term), p WHERE p.as_of > n.report_by + p.review_days;

-- REG-08
SELECT f.sno AS student_no, f.academic_year, 'error' AS severity
FROM fee_account f JOIN this_term n USING (academic_year) JOIN student s USING (sno)
WHERE f.registered_on IS NOT NULL AND NOT f.settled AND s.status IN ('在读', '休学', '保留学籍');

-- REG-11
SELECT f.sno AS student_no, f.academic_year, 'warning' AS severity
FROM fee_account f JOIN this_term n USING (academic_year) JOIN student s USING (sno), p
WHERE s.status = '在读' AND f.owed < p.owed_least AND f.registered_on IS NULL AND p.as_of > n.report_by + p.review_days;

-- REG-12
SELECT f.sno AS student_no, f.academic_year, 'warning' AS severity FROM fee_account f JOIN student s USING (sno), p
WHERE f.aid IS NOT NULL AND f.owed >= p.owed_least AND f.terms >= 2 AND p.as_of > f.ends_on
  AND s.status IN ('在读', '休学', '保留学籍');
