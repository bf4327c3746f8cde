"""Everything that can go wrong on purpose, and the exit code each of them means.

    ArchiverError
      ConfigError             2   a setting is wrong
      QueryError              2   a search text that cannot be read; knows the place
      LoginRequired           3   a person must run `archiver login`
      ChannelUnavailable      4   the one channel or post asked for is unknown
      TryAgainLater           5   nothing could be done now
        FloodWait                 Telegram asks for patience longer than we sleep
        Offline                   no answer: the network, or the server
      StoreError              6   not an archive, damaged, from another version, disk full
      Locked                  8   another run of ours holds the archive
      InputError              9   a file that cannot be read, or of an unknown format

Exit codes that are not errors: 0 done or found; 1 a search found nothing; 7 finished, but not
everything (`INCOMPLETE`); 70 a bug, with its traceback (`BUG`).
Messages say what happened and what to do. They are caught in one place, the command group.
"""

NOTHING_FOUND = 1
INCOMPLETE = 7
BUG = 70


class ArchiverError(Exception):
    """What a user can do something about; its text is one clear sentence."""

    exit_code = BUG


class ConfigError(ArchiverError):
    """A setting, a flag or an environment variable is wrong."""

    exit_code = 2


class QueryError(ArchiverError):
    """A search text that cannot be read; `position` is the offset of the fault in it."""

    exit_code = 2

    def __init__(self, message: str, *, query: str = "", position: int = 0) -> None:
        super().__init__(message)
        self.query = query
        self.position = position


class LoginRequired(ArchiverError):
    """A person must log in at a terminal first."""

    exit_code = 3


class ChannelUnavailable(ArchiverError):
    """The one channel or post asked for is unknown, private, or was never added.

    `state` is "private" or "gone" where a feed said so of a channel, else None.
    """

    exit_code = 4

    def __init__(self, message: str, *, state: str | None = None) -> None:
        super().__init__(message)
        self.state = state


class TryAgainLater(ArchiverError):
    """Nothing could be done now; `seconds` says how long to wait, where that is known."""

    exit_code = 5

    def __init__(self, message: str, *, seconds: int | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds


class FloodWait(TryAgainLater):
    """Telegram asks for a wait longer than we sleep; only `method` is concerned."""

    def __init__(self, message: str, *, method: str, seconds: int) -> None:
        super().__init__(message, seconds=seconds)
        self.method = method


class Offline(TryAgainLater):
    """No answer although it was tried several times: the network, or the server."""


class StoreError(ArchiverError):
    """The archive itself: not an archive, damaged, from the future, disk full or read-only."""

    exit_code = 6


class Locked(ArchiverError):
    """Another run of ours holds the archive."""

    exit_code = 8


class InputError(ArchiverError):
    """A file that cannot be read or whose format is unknown."""

    exit_code = 9
