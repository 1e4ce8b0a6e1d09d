-- ADM-01
SELECT exam_no, 'error' AS severity FROM newcomer, p
WHERE arrival = '未报到' AND cleared_on IS NULL AND p.as_of > due_by + p.review_days;

-- ADM-02
SELECT w.exam_no, 'error' AS severity FROM newcomer w JOIN student s USING (pid)
WHERE w.arrival = '未报到' AND s.status = '在读' AND year(s.entered_on) = w.entry_year;

-- ADM-03
SELECT w.exam_no, 'error' AS severity FROM newcomer w, p
WHERE w.arrival = '已报到' AND w.pid IS NOT NULL AND p.as_of > w.due_by + p.review_days
  AND NOT EXISTS (SELECT 1 FROM student s WHERE s.pid = w.pid AND year(s.entered_on) >= w.entry_year)
  AND w.pid NOT IN (SELECT pid FROM aside_student WHERE pid IS NOT NULL);

-- ADM-04
SELECT exam_no, 'error' AS severity FROM newcomer JOIN this_term t ON entry_year = t.first_year
WHERE arrival = '已报到'
  AND (review = '不通过' OR (review IS NULL AND entry_year IN (SELECT entry_year FROM welcome WHERE review IS NOT NULL)));

-- ADM-05
SELECT w.exam_no, 'warning' AS severity
FROM (UNPIVOT (SELECT row, exam_no, coalesce(name, '') AS name, coalesce(sex, '') AS sex, coalesce(ticket_no, '') AS ticket_no,
                      coalesce(id_number, '') AS id_number, coalesce(birth_on::VARCHAR, '') AS birth_on,
                      coalesce(ethnicity, '') AS ethnicity, coalesce(candidate_type, '') AS candidate_type,
                      coalesce(subject_code, '') AS subject_code, coalesce(major, '') AS major, coalesce(level, '') AS level,
                      coalesce(length_years::VARCHAR, '') AS length_years, coalesce(entered_on::VARCHAR, '') AS entered_on,
                      coalesce(entry_mode, '') AS entry_mode, coalesce(score, '') AS score, coalesce(origin, '') AS origin,
                      coalesce(season, '') AS season, coalesce(language, '') AS language FROM welcome)
      ON COLUMNS(* EXCLUDE (row, exam_no)) INTO NAME field VALUE content) w, p
WHERE w.content = '' AND list_contains(p.admission_fields, w.field)
  AND w.field IN (SELECT name FROM given_column WHERE tbl = 'welcome');

-- ADM-06
SELECT c.student_no, c.term, CASE WHEN n.term IS NULL THEN 'warning' ELSE 'error' END AS severity
FROM checkin c JOIN student s USING (sno) JOIN term t ON t.term = c.term LEFT JOIN this_term n ON n.term = c.term, p
WHERE s.status = '在读' AND c.arrived_on IS NULL AND c.marked_on IS NULL AND p.as_of > t.report_by + p.review_days
  AND NOT EXISTS (SELECT 1 FROM excused e WHERE e.sno = c.sno AND (e.term = c.term OR e.term IS NULL));

-- ADM-07
SELECT w.exam_no, 'warning' AS severity FROM welcome w JOIN student s USING (eno)
WHERE w.arrival = '已报到' AND (w.major_key <> s.major_key OR w.level <> s.level) AND s.sno IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM change c WHERE c.sno = s.sno AND c.kind = '转专业' AND c.issued_on IS NOT NULL)
  AND s.sno NOT IN (FROM unsure_change);

-- ADM-08: only where at least half of those in school have a row; otherwise the export lists exceptions.
WITH expected AS (
    SELECT s.student_no, s.sno, n.term, s.class_no, n.starts_on, n.report_by,
           EXISTS (SELECT 1 FROM checkin c WHERE c.sno = s.sno AND c.term = n.term) AS has_row
    FROM student s JOIN this_term n ON s.entered_on < n.starts_on
        AND (n.starts_on <> n.year_starts_on OR year(s.entered_on) < n.first_year)
    WHERE s.status = '在读' AND s.sno IS NOT NULL
), share AS (SELECT count(DISTINCT sno) FILTER (has_row) * 2 >= count(DISTINCT sno) AS enough FROM expected)
SELECT e.student_no, e.term, 'warning' AS severity, covered('checkin', e.term) AND share.enough AS covered,
       NOT e.has_row
       AND NOT EXISTS (SELECT 1 FROM aside_checkin a WHERE a.sno = e.sno AND (a.term = e.term OR a.term IS NULL))
       AND NOT EXISTS (SELECT 1 FROM excused x WHERE x.sno = e.sno AND (x.term = e.term OR x.term IS NULL))
       AND e.sno NOT IN (SELECT sno FROM back_later)
       AND NOT EXISTS (SELECT 1 FROM away a WHERE a.sno = e.sno AND a.from_on <= e.report_by AND a.until >= e.starts_on) AS violated
FROM expected e, share, p WHERE p.as_of > e.report_by + p.review_days;

-- ADM-09
SELECT exam_no, 'warning' AS severity FROM newcomer JOIN this_term t ON entry_year = t.first_year, p
WHERE arrival = '未报到' AND cleared_on > due_by + p.review_days;

-- ADM-10
SELECT c.student_no, c.term, 'warning' AS severity FROM checkin c JOIN this_term n USING (term), p
WHERE c.marked_on > n.report_by + p.review_days;
