"""What is said when the history can't be used."""

from facts.model.refusal import Refusal


class HistoryError(Refusal):
    """One sentence: what is wrong with the store, the key or a file, and what to do."""
