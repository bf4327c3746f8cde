"""Figures for Prometheus: a text file that its node exporter collects, written atomically."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from archiver.cli.session import Session, now
from archiver.errors import StoreError


def write(session: Session, db: str | None, file: str, code: int) -> None:
    """Write the figures of the archive to a file. Raises StoreError."""
    from archiver.store.completeness import synced_channels
    from archiver.store.status import overview

    path = session.path(db)
    with closing(session.read(db)) as connection:
        lines = [*_archive(overview(connection, path), code), *_all(synced_channels(connection))]
    target = Path(file)
    half = target.with_name(f".{target.name}.half")
    try:
        half.write_text("\n".join(lines) + "\n", encoding="utf-8")
        os.replace(half, target)
    except OSError as error:
        raise StoreError(f"cannot write the figures to {target}: {error.strerror}.") from error


def _archive(found: dict[str, Any], code: int) -> Iterator[str]:
    figures = {
        "nightly_exit_code": (code, "exit code of the last nightly run"),
        "nightly_finished_seconds": (now(), "when it ended, Unix time"),
        "posts": (found["posts"], "posts in the archive"),
        "deleted_posts": (found["deleted"], "of which deleted since"),
        "revisions": (found["revisions"], "earlier versions kept"),
        "statements": (found["statements"], "what a search shows"),
        "size_bytes": (found["bytes"], "size of the archive"),
        "pending_posts": (found["pending"], "posts that wait to be collapsed"),
    }
    for name, (value, said) in figures.items():
        yield f"# HELP archiver_{name} {said}"
        yield f"# TYPE archiver_{name} gauge"
        yield f"archiver_{name} {value}"


def _all(channels: list[dict[str, Any]]) -> Iterator[str]:
    figures = {
        "channel_posts": ("live_posts", "archived and not deleted"),
        "channel_server_posts": ("server_count", "as the server counts them"),
        "channel_open_ids": ("open_ids", "message numbers still to be read"),
        "channel_succeeded_seconds": ("succeeded", "last complete sync, Unix time"),
    }
    for name, (key, said) in figures.items():
        yield f"# HELP archiver_{name} {said}"
        yield f"# TYPE archiver_{name} gauge"
        for each in channels:
            value = each[key] if each[key] is not None else 0
            yield f'archiver_{name}{{channel="{_label(each)}"}} {value}'


def _label(each: dict[str, Any]) -> str:
    """@name or the id: a title may hold anything."""
    return each["username"] or str(each["tg_id"])
