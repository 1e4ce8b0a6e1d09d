"""What is said when the history can't be used."""


class HistoryError(Exception):
    """One sentence: what is wrong with the store, the key or a file, and what to do."""
