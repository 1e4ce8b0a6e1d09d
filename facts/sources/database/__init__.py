"""Tables of a database: where it is, how each kind is spoken to, and what is read of it."""
