-- DEF-01
SELECT d.person_no, d.term, CASE WHEN n.term IS NULL THEN 'warning' ELSE 'error' END AS severity
FROM deferral_due d LEFT JOIN this_term n USING (term), p WHERE d.until > d.due_by + p.deferral_days;

-- DEF-02
SELECT d.person_no, d.term, 'warning' AS severity, covered('checkin', d.term) AS covered,
       NOT EXISTS (SELECT 1 FROM checkin c WHERE c.sno = d.person AND c.term = d.term AND c.arrived_on IS NOT NULL)
       AND NOT EXISTS (SELECT 1 FROM aside_checkin a WHERE a.sno = d.person AND (a.term = d.term OR a.term IS NULL))
       AND NOT EXISTS (SELECT 1 FROM newcomer w WHERE w.eno = d.candidate AND w.arrival = '已报到' AND w.first_term = d.term)
       AND NOT EXISTS (SELECT 1 FROM aside_welcome a LEFT JOIN first_term t ON t.first_year = a.entry_year
                       WHERE a.eno = d.candidate AND (t.term = d.term OR a.entry_year IS NULL)) AS violated
FROM deferred d, p WHERE d.approved_on IS NOT NULL AND d.until < p.as_of;

-- DEF-03
SELECT d.person_no, d.term, CASE WHEN n.term IS NULL THEN 'warning' ELSE 'error' END AS severity
FROM deferral_due d LEFT JOIN this_term n USING (term), p WHERE d.approved_on IS NULL AND p.as_of > d.due_by;

-- DEF-04
SELECT c.student_no, c.term, 'warning' AS severity FROM checkin c JOIN this_term n USING (term)
WHERE c.arrived_on > n.report_by AND c.sno IS NOT NULL AND 'deferral' IN (SELECT tbl FROM given_table)
  AND NOT EXISTS (SELECT 1 FROM deferred d WHERE d.person = c.sno AND d.term = c.term AND d.approved_on IS NOT NULL
                  AND d.until >= c.arrived_on)
  AND NOT EXISTS (SELECT 1 FROM unsure_deferral a WHERE a.person = c.sno AND (a.term = c.term OR a.term IS NULL));

-- DEF-05
SELECT w.exam_no, 'warning' AS severity FROM newcomer w JOIN this_term n ON w.entry_year = n.first_year
WHERE w.arrived_on > w.due_by AND w.first_term IS NOT NULL AND w.eno IS NOT NULL
  AND 'deferral' IN (SELECT tbl FROM given_table)
  AND NOT EXISTS (SELECT 1 FROM deferred d WHERE d.candidate = w.eno AND d.term = w.first_term AND d.approved_on IS NOT NULL
                  AND d.until >= w.arrived_on)
  AND NOT EXISTS (SELECT 1 FROM unsure_deferral a WHERE a.candidate = w.eno AND (a.term = w.first_term OR a.term IS NULL));

-- DEF-06
SELECT w.exam_no, 'error' AS severity FROM newcomer w, p
WHERE w.arrival = '暂缓报到' AND p.as_of > w.due_by + p.review_days AND w.first_term IS NOT NULL AND w.eno IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM excused e WHERE e.eno = w.eno AND (e.term = w.first_term OR e.term IS NULL));

-- DEF-07
SELECT person_no, term, 'warning' AS severity FROM deferral_due
WHERE approved_on IS NOT NULL AND approver IS NOT NULL
  AND NOT (CASE WHEN is_new THEN approver IN ('招生办', '招办') ELSE approver = '学生处' END);
