"""Which table, field and row is it? From files and databases to a snapshot in which every row is accounted for."""
