-- PRC-01
SELECT c.change_no, 'error' AS severity FROM change_of c
WHERE c.judged AND c.in_record IS NOT NULL AND EXISTS (SELECT 1 FROM needed_step s WHERE s.row = c.row AND s.day IS NULL);

-- PRC-02
SELECT c.change_no, 'warning' AS severity FROM change_of c
WHERE c.judged AND EXISTS (SELECT 1 FROM needed_step a JOIN needed_step b USING (row)
                           WHERE a.row = c.row AND a.place < b.place AND a.day > b.day);

-- PRC-03
SELECT change_no, 'warning' AS severity FROM change_of, p WHERE issued_on IS NULL AND last_step < p.as_of - p.pending_days;

-- TRF-01
SELECT c.change_no, 'error' AS severity FROM change_of c, p
WHERE c.kind = '转专业' AND c.judged AND p.as_of > c.mark_due_on AND NOT c.others_unsure
  AND (EXISTS (SELECT 1 FROM student s WHERE s.sno = c.sno AND s.major_key <> c.to_major_key)
       OR EXISTS (SELECT 1 FROM record r WHERE r.sno = c.sno AND r.status IN ('在籍', '休学', '保留学籍')
                  AND r.major_key <> c.to_major_key))
  AND NOT EXISTS (SELECT 1 FROM change d WHERE d.sno = c.sno AND d.kind = '转专业' AND d.issued_on > c.issued_on);

-- TRF-02
SELECT s.student_no, 'error' AS severity FROM student s JOIN record r USING (sno)
WHERE r.status IN ('在籍', '休学', '保留学籍') AND s.major_key <> r.major_key AND s.sno NOT IN (FROM unsure_change)
  AND NOT EXISTS (SELECT 1 FROM change c WHERE c.sno = s.sno AND c.kind = '转专业' AND c.issued_on IS NOT NULL);

-- LEV-01
SELECT c.change_no, 'error' AS severity FROM change_of c JOIN student s USING (sno), p
WHERE c.kind IN ('休学', '保留学籍') AND c.issued_on IS NOT NULL AND s.status IN ('休学', '保留学籍') AND NOT c.others_unsure
  AND c.until + CASE WHEN c.reason = '入伍' THEN p.service_days ELSE 0 END < p.as_of
  AND NOT EXISTS (SELECT 1 FROM change d WHERE d.sno = c.sno AND d.issued_on IS NOT NULL AND d.effective_on > c.effective_on)
  AND NOT EXISTS (SELECT 1 FROM change_of d WHERE d.sno = c.sno AND d.kind = '复学' AND d.pending);

-- LEV-02
SELECT c.change_no, 'error' AS severity FROM change_of c
WHERE c.kind IN ('休学', '保留学籍') AND c.issued_on IS NOT NULL AND NOT c.others_unsure
  AND EXISTS (SELECT 1 FROM taught a WHERE a.sno = c.sno AND a.attended AND a.held_on >= c.effective_on
              AND (c.until IS NULL OR a.held_on <= c.until)
              AND NOT EXISTS (SELECT 1 FROM change d WHERE d.sno = a.sno AND d.kind = '复学' AND d.issued_on IS NOT NULL
                              AND d.effective_on > c.effective_on AND d.effective_on <= a.held_on));

-- LEV-03
SELECT c.change_no, 'warning' AS severity FROM change_of c
WHERE c.kind IN ('休学', '保留学籍') AND c.issued_on IS NOT NULL AND NOT c.others_unsure
  AND EXISTS (SELECT 1 FROM registration g WHERE g.sno = c.sno AND g.registered_on >= c.effective_on
              AND (c.until IS NULL OR g.registered_on <= c.until)
              AND NOT EXISTS (SELECT 1 FROM change d WHERE d.sno = g.sno AND d.kind = '复学' AND d.issued_on IS NOT NULL
                              AND d.effective_on > c.effective_on AND d.effective_on <= g.registered_on));

-- LEV-04
SELECT c.change_no, 'warning' AS severity FROM change_of c JOIN student s USING (sno), p
WHERE c.kind IN ('休学', '保留学籍') AND c.issued_on IS NOT NULL AND s.status IN ('休学', '保留学籍') AND NOT c.others_unsure
  AND c.until + CASE WHEN c.reason = '入伍' THEN p.service_days ELSE 0 END < p.as_of
  AND NOT EXISTS (SELECT 1 FROM change d WHERE d.sno = c.sno AND d.issued_on IS NOT NULL AND d.effective_on > c.effective_on)
  AND EXISTS (SELECT 1 FROM change_of d WHERE d.sno = c.sno AND d.kind = '复学' AND d.pending);

-- LEV-05
SELECT c.change_no, 'warning' AS severity FROM change_of c JOIN student s USING (sno), p
WHERE c.kind IN ('休学', '保留学籍') AND c.judged AND c.reason IS DISTINCT FROM '入伍' AND s.status = c.kind AND NOT c.others_unsure
  AND NOT EXISTS (SELECT 1 FROM change d WHERE d.sno = c.sno AND d.issued_on IS NOT NULL AND d.effective_on > c.effective_on)
  AND (c.until IS NULL OR c.until < c.effective_on OR c.until > c.effective_on + p.leave_days);

-- RPT-01
SELECT s.student_no, 'error' AS severity FROM student s JOIN repeats r USING (sno) JOIN by_level l USING (level)
WHERE r.n > l.repeat_limit;

-- RPT-02
SELECT c.change_no, 'warning' AS severity FROM change c JOIN term t ON c.applied_on BETWEEN t.starts_on AND t.ends_on, p
WHERE c.kind = '留级' AND c.applied_on > (t.starts_on + INTERVAL 1 MONTH)::DATE AND (c.issued_on IS NULL OR c.issued_on >= p.since);

-- RPT-03
SELECT c.change_no, 'notice' AS severity
FROM change_of c JOIN student s USING (sno) JOIN by_level l USING (level) LEFT JOIN repeats r USING (sno)
WHERE c.kind = '留级' AND c.pending AND coalesce(r.n, 0) >= l.repeat_limit;

-- WDR-01
SELECT change_no, 'error' AS severity FROM change_of, p
WHERE kind IN ('自愿退学', '自动退学') AND judged AND in_record AND filed_on IS NULL AND p.as_of > issued_on + p.filing_days;

-- WDR-02
SELECT change_no, 'error' AS severity FROM change_of, p
WHERE kind = '自动退学' AND judged AND notified_on IS NULL AND p.as_of > issued_on + p.notice_days;

-- WDR-03
WITH active AS (
    SELECT sno, held_on AS day FROM taught WHERE attended AND sno IN (SELECT sno FROM change)
    UNION SELECT sno, registered_on FROM registration
)
SELECT c.change_no, 'error' AS severity FROM change_of c
WHERE c.kind IN ('自愿退学', '自动退学', '转出', '开除学籍') AND c.issued_on IS NOT NULL AND NOT c.others_unsure
  AND EXISTS (SELECT 1 FROM active a WHERE a.sno = c.sno AND a.day > c.effective_on
              AND NOT EXISTS (SELECT 1 FROM change d WHERE d.sno = a.sno AND d.kind IN ('复学', '转入') AND d.issued_on IS NOT NULL
                              AND d.effective_on > c.effective_on AND d.effective_on <= a.day));

-- WDR-04
SELECT s.student_no, 'warning' AS severity FROM student s JOIN absence a USING (sno) JOIN last_study l ON l.sno = s.sno AND l.day = a.to_on, p
WHERE s.status = '在读' AND a.days >= p.absence_days AND a.lessons >= p.absence_lessons AND s.sno NOT IN (FROM unsure_change)
  AND NOT EXISTS (SELECT 1 FROM away w WHERE w.sno = s.sno AND w.from_on <= a.to_on AND w.until >= a.from_on)
  AND NOT EXISTS (SELECT 1 FROM change_of c WHERE c.sno = s.sno AND c.kind IN ('休学', '保留学籍', '自愿退学', '自动退学', '转出')
                  AND (c.pending OR c.issued_on >= a.from_on
                       OR (c.issued_on IS NOT NULL AND a.from_on >= c.effective_on AND (c.until IS NULL OR a.from_on <= c.until))));

-- WDR-05
SELECT s.student_no, 'warning' AS severity FROM student s JOIN silence a ON a.sno = s.sno AND a.class_no = s.class_no, p
WHERE s.status = '在读' AND a.days >= p.absence_days AND s.sno NOT IN (FROM unsure_change)
  AND NOT EXISTS (SELECT 1 FROM away w WHERE w.sno = s.sno AND w.from_on <= a.class_last_on AND w.until > a.last_on)
  AND NOT EXISTS (SELECT 1 FROM change_of c WHERE c.sno = s.sno AND c.kind IN ('休学', '保留学籍', '自愿退学', '自动退学', '转出')
                  AND (c.pending OR c.issued_on >= a.last_on + 1
                       OR (c.issued_on IS NOT NULL AND a.last_on + 1 >= c.effective_on
                           AND (c.until IS NULL OR a.last_on + 1 <= c.until))));
