"""What `import` says when it is done."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archiver.cli import output
from archiver.text.safe import one_line

if TYPE_CHECKING:
    from archiver.cli.session import Session
    from archiver.ingest import FileResult, Ingested
    from archiver.model import Tally
    from archiver.sources.folders import LeftOut

# So many files that were not read are named.
_NAMED = 10
_PROSE = "texts and pages"


def counts(tally: Tally) -> dict[str, int]:
    """What the run keeps, and programs are told."""
    names = ("new", "changed", "unchanged", "revisions", "bad")
    return {name: getattr(tally, name) for name in names}


def reasons(result: Ingested, left: LeftOut) -> dict[str, str]:
    """Why files were not taken, for `archiver runs`."""
    told = [file.error for file in result.files if file.error]
    if not told and left.data:
        count = output.plural(len(left.data), "file")
        return {"error": f"{count} not read that may be exports: {left.data[0][0]}, for one"}
    if not told:
        return {}
    more = f" (and {output.plural(len(told) - 1, 'other file')})" if told[1:] else ""
    return {"error": f"{told[0]}{more}"}


def say(session: Session, result: Ingested, path: Path, problems: list[tuple[str, str]]) -> None:
    """Say what an import did, and what it met."""
    names = _names(result)
    for message, paths in _notices(result).items():
        more = f" and {output.plural(len(paths) - 1, 'other file')}" if paths[1:] else ""
        session.note(one_line(f"note: {names[paths[0]]}{more}: {message}"))
    for file in result.files:
        if file.error:
            session.note(one_line(f"archiver: {file.error}"))
    tally = result.tally
    files = output.plural(len(result.files), "file")
    if result.failed:
        return
    if not (tally.new or tally.changed or tally.bad or any(f.error for f in result.files)):
        output.line(
            f"Nothing new in {files}: the archive has all {output.plural(tally.unchanged, 'post')}."
        )
    else:
        output.line(f"Imported {files} into {path}:")
        for file in result.files:
            output.line(f"  {_line(file, names[file.path])}")
    if tally.bad:
        session.note(
            f"archiver: {output.plural(tally.bad, 'record')} could not be read; the rest was"
            " imported. The archive's table `event` keeps each with its place, the first are:"
        )
        for place, reason in problems:
            session.note(f"  {one_line(place)}: {one_line(reason)}")
    if result.stopped:
        session.note("archiver: stopped by a signal; the same command goes on where it ended.")


def say_left(session: Session, left: LeftOut) -> None:
    """Name the files of folders that were not read."""
    if left.data:
        session.note(
            f"archiver: {output.plural(len(left.data), 'file')} that may be exports, not read:"
        )
        _name(session, left.data)
    if left.prose:
        session.note(f"note: {output.plural(len(left.prose), 'text or page', _PROSE)} left out:")
        _name(session, left.prose)
    if left.others and session.verbose:
        session.note(f"note: {output.plural(left.others, 'other file')} left out, not data by name")


def _name(session: Session, files: Sequence[tuple[Path, str]]) -> None:
    for path, why in files[:_NAMED]:
        session.note(f"  {one_line(str(path))}: {why}")
    if len(files) > _NAMED:
        session.note(f"  and {len(files) - _NAMED:,} more; --json names all")


def _names(result: Ingested) -> dict[Path, str]:
    """What each file is called: with its folders where two have the same name."""
    paths = [file.path for file in result.files]
    if len({path.name for path in paths}) == len(set(paths)):
        return {path: path.name for path in paths}
    above = os.path.commonpath([path.absolute().parent for path in paths])
    return {path: os.path.relpath(path.absolute(), above) for path in paths}


def _notices(result: Ingested) -> dict[str, list[Path]]:
    """What was noticed, with the files of which it was: the pages of an export say the same."""
    found: dict[str, list[Path]] = {}
    for file in result.files:
        for message in file.tally.notices:
            found.setdefault(message, []).append(file.path)
    return found


def _line(file: FileResult, name: str) -> str:
    tally = file.tally
    told = {"new": tally.new, "changed": tally.changed, "unchanged": tally.unchanged}
    parts = [f"{count:,} {name}" for name, count in told.items() if count] or ["no posts"]
    if tally.revisions:
        parts.append(output.plural(tally.revisions, "other wording") + " kept")
    if tally.bad:
        parts.append(f"{tally.bad:,} unreadable")
    return f"{one_line(name)} ({file.format or 'not read'}): {', '.join(parts)}"


def record(result: Ingested, left: LeftOut, deduped: Any, path: Path) -> None:
    """The same as one object."""
    from dataclasses import asdict

    files = [
        {"path": str(f.path), "format": f.format, **counts(f.tally),
         "notices": list(f.tally.notices), "error": f.error or None}
        for f in result.files
    ]  # fmt: skip
    output.record(
        {
            "format_version": output.FORMAT_VERSION,
            "archive": str(path),
            **counts(result.tally),
            "stopped": result.stopped,
            "files": files,
            "not_read": [{"path": str(path), "reason": why} for path, why in left.data],
            "left_out": [{"path": str(path), "reason": why} for path, why in left.prose],
            "other_files": left.others,
            "dedup": asdict(deduped) if deduped else None,
        }
    )
