"""What do the systems say? Tables, exports, snapshots, computed facts, the calendar, and the demo college.

The words of the whole house, each with its one meaning:

snapshot      The exports of all systems as they stood on one day.
as of         That day (inclusive). What is dated later has not happened yet.
table         One export of one system, in one file or several. It is *given* when the snapshot has it.
row           One line of an export. Rows read = rows accepted + rows set aside, always.
accepted      A row that could be read whole, and on which findings may rest.
set aside     A row that could not be read. What it says is unknown, not absent: no finding may rest on its absence.
duplicate     An accepted row that only repeats another one; the fact is kept once.
footer        A line of an export that is no row of its table: a sum, a signature, a heading said again. It is not read.
remark        A sentence that a reader must know before trusting a snapshot.
fact          A row of a table, or what is computed from several rows (`facts.model.computed`).
kind          What sort of fact it is: the English name of a table or of a computed fact. Rules name facts by it.
field         A named value of a fact; *column* is its description in the model, or its place in an export.
heading       The Chinese name of a table or a field, in exports and in reports.
required      A field without which a row is set aside. An *optional* one may be missing: it then equals nothing.
lenient       A field without which an export stops no rule: its default, or missing, is a plain reading.
plan          A date that may lie after as_of (入学日期, 截止日期); other later dates read as missing.
withheld      A computed fact that is not computed, because a row that it rests on was set aside.
cover         A table covers the terms, years or days of which it speaks. Outside of them nothing is known to be absent.
coverage      Of a regulation: which of its clauses have rules, and why the others have none (`rules.coverage`).
person        All numbers (学号, 身份证号, 考生号, …) that rows join into one. Rules join facts of one person only.
cohort        Persons who are judged together in one piece of work, each with all facts of theirs.
per           The fields that make one finding: matches that agree in them are one finding.
rule, pack    A condition on facts, from a clause; a regulation's rules, parameters and procedures in one folder.
procedure     The steps of a kind of change (异动), in order, each with its office (附表1).
finding       What a rule found, with its key, its message, and its evidence: the rows that prove it.
cause         The finding on the same person from which another one follows; reports fold the other one under it.
waiver        A finding that somebody answers for: it stays listed and does not count.
fingerprint   A keyed hash by which a finding is known again next month, without showing whom it concerns.
masked        Of a name or an identity number: shown with its middle hidden. *Secret* fields are never shown at all.
provisional   A deadline that reaches into a year whose working days nobody has published yet.
"""
