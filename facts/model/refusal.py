"""What stops a reading: one sentence that a clerk can act on."""


class DataError(Exception):
    """The snapshot can't be read. The message is one Chinese sentence: file, sheet, row, column, and what to do."""
