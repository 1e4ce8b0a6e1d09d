-- MRK-01
SELECT change_no, 'error' AS severity FROM change_of, p
WHERE judged AND kind <> '转入' AND marked_school_on IS NULL AND p.as_of > mark_due_on;

-- MRK-02
SELECT change_no, 'error' AS severity FROM change_of, p
WHERE judged AND in_record AND marked_record_on IS NULL AND p.as_of > mark_due_on;

-- MRK-03
SELECT change_no, 'warning' AS severity FROM change_of WHERE judged AND kind <> '转入' AND marked_school_on > mark_due_on;

-- MRK-04
SELECT change_no, 'warning' AS severity FROM change_of WHERE judged AND marked_record_on > mark_due_on;

-- MRK-05
SELECT c.change_no, 'notice' AS severity
FROM change_of c JOIN workdays d ON d.day = c.mark_due_on, p JOIN workdays n ON n.day = p.as_of
WHERE c.judged AND c.in_record IS NOT NULL AND p.as_of <= c.mark_due_on AND d.n - n.n <= p.soon_workdays
  AND ((c.marked_school_on IS NULL AND c.kind <> '转入') OR (c.marked_record_on IS NULL AND c.in_record));

-- MRK-06
WITH latest AS (
    SELECT c.*, CASE c.kind WHEN '休学' THEN '休学' WHEN '保留学籍' THEN '保留学籍' WHEN '复学' THEN '在读' WHEN '转入' THEN '在读'
                WHEN '自愿退学' THEN '退学' WHEN '自动退学' THEN '退学' WHEN '转出' THEN '转出' WHEN '开除学籍' THEN '开除学籍'
                WHEN '死亡' THEN '死亡' END AS status
    FROM change_of c, p
    WHERE c.issued_on IS NOT NULL AND c.effective_on <= p.as_of AND c.kind NOT IN ('留级', '转专业') AND NOT c.others_unsure
    QUALIFY row_number() OVER (PARTITION BY c.sno ORDER BY c.effective_on DESC, c.change_no DESC) = 1
)
SELECT s.student_no, 'error' AS severity FROM student s JOIN latest c USING (sno)
WHERE c.marked_school_on IS NOT NULL AND c.status <> s.status AND s.status NOT IN ('毕业', '结业', '肄业');

-- MRK-07
SELECT s.student_no, 'warning' AS severity FROM student s JOIN record r USING (sno)
WHERE r.status <> '取消学籍' AND s.status <> r.status AND NOT (s.status = '在读' AND r.status = '在籍')
  AND s.sno NOT IN (FROM unsure_change)
  AND NOT EXISTS (SELECT 1 FROM change_of c, p WHERE c.sno = s.sno AND p.as_of <= c.mark_due_on);

-- MRK-08
SELECT change_no, 'error' AS severity FROM change_of, p
WHERE kind = '转入' AND judged AND p.as_of > mark_due_on AND sno IS NOT NULL
  AND sno NOT IN (SELECT sno FROM student WHERE sno IS NOT NULL) AND sno NOT IN (FROM unsure_student);

-- MRK-09
SELECT s.student_no, 'error' AS severity FROM student s, p
WHERE s.status IN ('休学', '保留学籍', '退学', '转出', '开除学籍') AND s.entered_on >= p.since AND s.sno IS NOT NULL
  AND s.sno NOT IN (FROM unsure_change)
  AND NOT EXISTS (SELECT 1 FROM change c WHERE c.sno = s.sno AND c.issued_on IS NOT NULL
                  AND (c.kind = s.status OR (s.status = '退学' AND c.kind IN ('自愿退学', '自动退学', '取消学籍'))));
