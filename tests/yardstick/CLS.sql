-- CLS-01
SELECT class_no, 'error' AS severity FROM student WHERE status = '在读' AND class_no IS NOT NULL GROUP BY class_no
HAVING count(DISTINCT level) > 1 OR count(DISTINCT category) > 1 OR count(DISTINCT major_key) > 1;

-- CLS-02
SELECT student_no, 'warning' AS severity FROM student, p
WHERE NOT regexp_full_match(student_no, p.student_no_pattern) OR NOT regexp_full_match(class_no, p.class_no_pattern);

-- CLS-03
SELECT student_no, 'warning' AS severity FROM student
WHERE status = '在读' AND (class_no IS NULL OR class_no NOT IN (SELECT class_no FROM class_group
      UNION ALL SELECT class_no FROM aside_class_group WHERE class_no IS NOT NULL));

-- CLS-04
SELECT s.student_no, 'error' AS severity FROM student s JOIN class_group g USING (class_no)
WHERE s.status = '在读' AND (s.level <> g.level OR s.major_key <> g.major_key OR s.category <> g.category);
