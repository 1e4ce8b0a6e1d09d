-- The rule pack's parameters with the catalogue's defaults, and the days of the snapshot and of the earlier one.
CREATE TABLE p AS SELECT
    NULL::DATE AS as_of, NULL::DATE AS earlier, DATE '2020-05-14' AS since, 5 AS cover_least, 14 AS review_days, 14 AS deferral_days,
    60 AS pending_days, 30 AS handover_days, 90 AS record_days, 30 AS annual_days, 1.00::DECIMAL(18, 2) AS owed_least,
    ['中职'] AS free_levels, ['预科', '高职预科'] AS without_record, 730 AS service_days, 731 AS leave_days,
    15 AS mark_workdays, 7 AS prompt_days, 5 AS soon_workdays, 30 AS filing_days, 7 AS notice_days, 14 AS absence_days,
    5 AS absence_lessons, 180 AS study_soon_days, 90 AS recover_days, 90 AS graduation_days, 7 AS receive_days,
    NULL::VARCHAR AS student_no_pattern, NULL::VARCHAR AS class_no_pattern,
    ['name', 'sex', 'ticket_no', 'id_number', 'birth_on', 'ethnicity', 'candidate_type', 'subject_code', 'major', 'level',
     'length_years', 'entered_on', 'entry_mode', 'score', 'origin', 'season', 'language'] AS admission_fields;
CREATE TABLE by_level AS SELECT * FROM (VALUES ('本科', 2, 2), ('专科', 1, 2), ('中职', NULL, 2), ('预科', NULL, 2))
    AS v(level, repeat_limit, extra_years);
CREATE TABLE given_column (tbl VARCHAR, name VARCHAR);
CREATE VIEW given_table AS SELECT DISTINCT tbl FROM given_column;
