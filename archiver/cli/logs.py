"""The log file: what a run says on standard error and what it does, with dates; rotated.

Ten files of 5 MB at most; what is not set up here goes to standard error alone.
"""

from __future__ import annotations

import json
import logging
import os
import time
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from archiver.errors import ConfigError
from archiver.text.safe import one_line

SIZE = 5_000_000
FILES = 10
# What commands say to people beside their results goes here, too.
notes = logging.getLogger("archiver.notes")


def _moment(record: logging.LogRecord) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))


class Private(RotatingFileHandler):
    """Files for nobody else to read: which channels somebody reads is nobody's business."""

    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return open(handle, self.mode, encoding=self.encoding)  # type: ignore[return-value]


class Lines(logging.Formatter):
    """A date in UTC, the level, the process, the message in one safe line."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of the log."""
        said = one_line(record.getMessage())
        return f"{_moment(record)} {record.levelname} [{record.process}] {said}"


class JsonLines(logging.Formatter):
    """The same as one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of the log."""
        told = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "process": record.process,
            "logger": record.name,
            "message": one_line(record.getMessage()),
        }
        return json.dumps(told, ensure_ascii=False)


def keep_log(file: str, *, as_json: bool, command: str) -> None:
    """Log to a file from now on. Raises ConfigError where that cannot be written."""
    place = Path(file).expanduser()
    try:
        handler = Private(place, maxBytes=SIZE, backupCount=FILES, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"the log {place} cannot be written: {error.strerror}.") from error
    handler.setFormatter(JsonLines() if as_json else Lines())
    handler.setLevel(logging.INFO)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    notes.setLevel(logging.INFO)
    notes.info("begins: archiver %s", command)
