"""What is said beside the result of a command."""


class Remark(str):
    """A sentence that goes to stderr, so that what stands on stdout is the result alone."""

    __slots__ = ()
