-- Identity by GB 11643-1999 stands in `identity` (number, valid, birth_on, sex).

-- IDN-01
SELECT id_number, 'error' AS severity FROM record WHERE status IN ('在籍', '休学', '保留学籍')
GROUP BY id_number HAVING count(DISTINCT (student_no, platform)) > 1;

-- IDN-02
SELECT w.id_number, 'error' AS severity FROM welcome w JOIN record r USING (pid)
WHERE w.arrival = '已报到' AND r.status IN ('在籍', '休学', '保留学籍') AND year(r.entered_on) < w.entry_year;

-- IDN-03
SELECT tbl AS "table", no AS number, 'error' AS severity
FROM (SELECT 'student' AS tbl, student_no AS no, id_number, id_type FROM student
      UNION ALL SELECT 'record', student_no, id_number, id_type FROM record
      UNION ALL SELECT 'welcome', exam_no, id_number, id_type FROM welcome) JOIN identity i ON i.number = id_number
WHERE NOT i.valid AND coalesce(id_type, '居民身份证') = '居民身份证';

-- IDN-04
SELECT tbl AS "table", no AS number, 'warning' AS severity
FROM (SELECT 'student' AS tbl, student_no AS no, id_number, id_type, birth_on, sex FROM student
      UNION ALL SELECT 'welcome', exam_no, id_number, id_type, birth_on, sex FROM welcome) r
JOIN identity i ON i.number = r.id_number
WHERE i.valid AND coalesce(r.id_type, '居民身份证') = '居民身份证' AND (r.birth_on <> i.birth_on OR r.sex <> i.sex);

-- IDN-05
SELECT student_no, 'error' AS severity FROM student GROUP BY student_no HAVING count(*) > 1;

-- IDN-06
SELECT exam_no, 'error' AS severity FROM welcome WHERE exam_no IS NOT NULL GROUP BY exam_no HAVING count(*) > 1
UNION SELECT exam_no, 'error' FROM student WHERE exam_no IS NOT NULL GROUP BY exam_no HAVING count(*) > 1;

-- IDN-07
SELECT s.student_no, 'error' AS severity FROM student s JOIN record r USING (sno)
WHERE s.id_number <> r.id_number OR s.name_key <> r.name_key;

-- IDN-08
WITH before AS (SELECT DISTINCT pid, entered_on, student_no, sno, class_no FROM student_before WHERE pid IS NOT NULL),
after AS (SELECT DISTINCT pid, entered_on, student_no, sno, class_no FROM student WHERE pid IS NOT NULL),
moved AS (
    SELECT b.pid, b.entered_on, b.sno AS old_no, a.sno AS new_no FROM before b JOIN after a USING (pid, entered_on)
    WHERE (b.sno <> a.sno
           AND NOT EXISTS (SELECT 1 FROM after x WHERE x.pid = b.pid AND x.entered_on = b.entered_on AND x.student_no = b.student_no)
           AND NOT EXISTS (SELECT 1 FROM before x WHERE x.pid = a.pid AND x.entered_on = a.entered_on AND x.student_no = a.student_no))
       OR (b.class_no <> a.class_no
           AND NOT EXISTS (SELECT 1 FROM after x WHERE x.pid = b.pid AND x.entered_on = b.entered_on AND x.class_no = b.class_no)
           AND NOT EXISTS (SELECT 1 FROM before x WHERE x.pid = a.pid AND x.entered_on = a.entered_on AND x.class_no = a.class_no))
)
SELECT m.pid AS id_number, 'error' AS severity FROM moved m
WHERE NOT EXISTS (SELECT 1 FROM change c, p WHERE c.sno IN (m.old_no, m.new_no) AND c.kind IN ('转专业', '留级', '复学')
                  AND c.issued_on BETWEEN p.earlier AND p.as_of)
  AND coalesce(m.old_no NOT IN (FROM unsure_change), false) AND coalesce(m.new_no NOT IN (FROM unsure_change), false)
  AND m.old_no NOT IN (FROM unsure_student) AND m.pid NOT IN (SELECT pid FROM aside_student WHERE pid IS NOT NULL)
  AND m.pid NOT IN (SELECT pid FROM aside_student_before WHERE pid IS NOT NULL);

-- IDN-09
SELECT w.exam_no, 'error' AS severity FROM welcome w JOIN student s USING (eno)
WHERE w.arrival = '已报到' AND (w.id_number <> s.id_number OR w.name_key <> s.name_key);

-- IDN-10
SELECT s.student_no, 'warning' AS severity FROM student s JOIN record r USING (sno)
WHERE r.status <> '取消学籍' AND (s.level <> r.level OR s.exam_no <> r.exam_no OR year(s.entered_on) <> year(r.entered_on));

-- IDN-11
SELECT student_no, 'warning' AS severity FROM student
WHERE status = '在读' AND id_number IS NULL AND coalesce(id_type, '居民身份证') = '居民身份证';
