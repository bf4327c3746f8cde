"""The 'why' command: one statement or two, and on what evidence."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from archiver.cli import output
from archiver.cli.references import ReferenceCommand
from archiver.cli.session import Session, db_option, json_option, pass_session
from archiver.store.look import Stored, find_post, load
from archiver.text import safe
from archiver.text.refs import permalink
from archiver.text.rules import BRIEF

if TYPE_CHECKING:
    from archiver.text.compare import Difference
    from archiver.text.decide import Decision
    from archiver.why import Evidence, Step


@click.command("why", cls=ReferenceCommand)
@click.argument("a")
@click.argument("b")
@db_option
@json_option
@pass_session
def command(session: Session, a: str, b: str, db: str | None, as_json: bool) -> None:
    """Say what holds two posts together, or apart.

    A and B are permalinks, @name/123, or the numbers after # in a search. Two posts are one
    statement if a chain of forwards, equal or edited texts or albums leads from one to the other.
    Where a rule keeps like texts apart, it is named: of a statement and its opposite, the words.
    """
    from archiver.cli.dedup import rules_of
    from archiver.why import explain

    rules = rules_of(session)
    connection = session.read(db)
    one, other = (find_post(connection, ref) for ref in (a, b))
    evidence = explain(connection, one, other, rules)
    if as_json:
        _record(one, other, evidence)
    else:
        _show(connection, (one, other), evidence, rules)


def _record(one: int, other: int, evidence: Evidence) -> None:
    ids = {"format_version": output.FORMAT_VERSION, "a": one, "b": other}
    output.record(ids | asdict(evidence))


def _show(db: sqlite3.Connection, pair: tuple[int, int], evidence: Evidence, rules: Any) -> None:
    for post_id in pair:
        output.wrapped(_named(load(db, post_id)), 2)
    output.line()
    if evidence.together:
        output.line("One statement:" if evidence.steps else "One statement: it is the same post.")
        for step in evidence.steps:
            output.wrapped(f"  {_step(db, step)}", 4)
            for told in _weights_of(step):
                output.wrapped(f"    {told}", 6)
        if evidence.difference is not None:
            output.line("  the two posts:")
            for told in _difference(evidence.difference):
                output.wrapped(f"    {told}", 6)
    else:
        output.wrapped(f"Two statements: {_cause(evidence, rules)}", 2)
        if evidence.difference is not None:
            for told in _difference(evidence.difference):
                output.wrapped(f"  {told}", 4)
        for told in (*_weights(evidence.weighed), *_once(evidence)):
            output.wrapped(f"  {told}", 4)
    if evidence.seconds_apart is not None:
        output.line(f"  posted {output.lag(evidence.seconds_apart)[1:]} apart")


def _named(found: Stored) -> str:
    """A post on one line; a long name gives way to the link."""
    where = permalink(found.username, found.tg_id, found.post.message_id) or ""
    label = output.channel_label(found.title, found.username, found.tg_id)
    head = f"#{found.id}  {output.when(found.post.date)}"
    room = output.room() - len(head) - len(where) - 4
    return "  ".join(filter(None, [head, safe.truncate(label, max(12, room)), where]))


def _step(db: sqlite3.Connection, step: Step) -> str:
    pair = f"#{step.post} and #{step.other}"
    if step.reason == "forward":
        return f"{pair}: {_origin(db, step)}"
    if step.reason == "album":
        return f"{pair}: members of one album"
    if step.reason == "verdict":
        return f"{pair}: a person said so"
    if step.reason in ("near", "part"):
        kind = "the same text, edited" if step.reason == "near" else "the same text, cut short"
        return f"{pair}: {kind} (probability {step.score or 0:.0%})"
    return f"{pair}: the same text, once links, emoji, footers and letter case are put aside"


_RULES = {
    "template": "the same channel put another word into the same sentence",
    "another-event": "other words in the same sentence, hours later",
    "only-meant": "one says that somebody wants to do what he did by the other",
    "another-tomorrow": "both tell of tomorrow, on other days",
    "filled-anew": "the same sentence, with other words in the same places",
    "brief": f"one of them has under {BRIEF} words: such are one only if another channel says them"
    " within the hour, and no word stands in the place of another",
    "opposite": "one says the opposite of the other: {0} | {1}",
    "taken-back": "both take back the same, each in its own words: {0} | {1}",
    "exchanged": "who did it and to whom it was done are exchanged: {0} | {1}",
    "another-name": "the same sentence, with another name: {0} | {1}",
    "another-value": "the same sentence, with another value: {0} | {1}",
    "another-number": "the same text, with another number: {0} | {1}",
}


def _turning(found: Decision) -> tuple[str, str]:
    """The words of either text that make it say something else."""
    if found.turned is None:
        return "", ""
    first, second = (safe.one_line(" ".join(words)) for words in found.turned[:2])
    return first or "(nothing)", second or "(nothing)"


def _weights_of(step: Step) -> list[str]:
    """What weighed how much; where others were compared, that these two are not the ones."""
    found = step.weighed
    if found is None or (found.relation is not None and found.relation.collapses):
        return _weights(found)
    [weights, *_] = _weights(found)
    return [
        "not these two were compared but another wording, or a post between them; by themselves",
        weights,
    ]


def _weights(found: Decision | None) -> list[str]:
    """What each feature weighed, the heaviest first; the sum is the logarithm of the odds."""
    if found is None:
        return []
    from archiver.text.decide import BASE

    ranked = sorted(found.parts.items(), key=lambda item: -abs(item[1]))
    parts = ", ".join(f"{name} {weight:+.1f}" for name, weight in ranked if abs(weight) >= 0.05)
    lines = [f"probability {found.score:.1%}, by what these two weigh: {parts} (from {BASE:+.1f})"]
    if found.veto is not None:
        lines.append(f"kept apart: {_RULES[found.veto].format(*_turning(found))}")
    if found.relation is not None and not found.relation.collapses:
        lines.append(f"linked: {found.relation.value}")
    return lines


def _origin(db: sqlite3.Connection, step: Step) -> str:
    """Which post both lead to, where one of them is not it itself."""
    assert isinstance(step.shared, tuple)
    assert len(step.shared) > 1
    channel_id, message_id = step.shared[0], step.shared[1]
    row = db.execute(
        "SELECT title, username, tg_id FROM channel WHERE id = ?", (channel_id,)
    ).fetchone()
    where = permalink(row[1], row[2], message_id)
    place = (
        where
        or f"message {message_id} of {output.channel_label(row[0], row[1], row[2] or channel_id)}"
    )
    found = db.execute(
        "SELECT id FROM post WHERE channel_id = ? AND message_id = ?", (channel_id, message_id)
    ).fetchone()
    if found and found[0] in (step.post, step.other):
        forward = step.other if found[0] == step.post else step.post
        return f"#{forward} is a forward of #{found[0]} ({place})"
    return f"both are forwards of {place}"


def _cause(evidence: Evidence, rules: Any) -> str:
    return {
        "not-looked-at": "one of them waits for `archiver dedup`.",
        "no-words": "one of them has no words to compare, and no forward leads to the other.",
        "short-and-late": f"the same text, but under {rules.short_words} words, and first said more"
        f" than {rules.short_hours} hours apart.",
        "short-and-undated": f"the same text, but under {rules.short_words} words, and undated.",
        "said-again": "the same words, said again: such a line tells another event each time.",
        "weighed": _outweighed(evidence.weighed, rules),
        "another-leader": "by themselves they are alike enough, but one of them was matched with"
        " another text, and copies of copies do not chain.",
        "not-matched": "by themselves they are alike enough, but no pass has matched them: a text"
        " is compared with the few earlier ones that share most of its phrases. `archiver dedup"
        " merge` makes them one.",
        "a-person": f"a person said that one of them stands alone{_since(evidence)}.",
        "undone": f"one of them was set apart when a pass was undone{_since(evidence)}.",
        "edited-since": _edited_since(evidence),
        "other-words": "the texts differ, as they stand now.",
    }[str(evidence.cause)]


def _edited_since(evidence: Evidence) -> str:
    """That the one forwards what the other said before."""
    found = evidence.forwarded
    if found is None:
        return ""
    when = "" if found.edited is None else f" of {output.when(found.edited)}"
    return (
        f"#{found.forward} is a forward of #{found.original} as it was before its edit{when}, which"
        " made another statement of it."
    )


def _once(evidence: Evidence) -> list[str]:
    """That one of them said the other's statement, and does not any more."""
    found = evidence.once
    if found is None:
        return []
    until = " until it was edited" + ("" if found.until is None else f" {output.when(found.until)}")
    return [
        f"#{found.post} said in an earlier version what the statement of #{found.other} says, from"
        f" {output.when(found.since)}{until}; that counts for who was first, and joins nothing."
    ]


def _since(evidence: Evidence) -> str:
    return f" (run {', '.join(map(str, evidence.apart_since))})"


def _outweighed(found: Decision | None, rules: Any) -> str:
    """What decided: a rule, the score, or that one text has much more than the other."""
    from archiver.text.decide import NEXT_DAY, Relation

    if found is None or found.veto is not None:
        return "the texts are alike, and a rule keeps them apart."
    if found.score < found.asked:
        if rules.thresholds is None or found.score < rules.thresholds.collapse:
            return f"the texts are alike, and what differs weighs more: {found.asked:.0%} is asked."
        return (
            f"the texts are alike, but {found.asked:.0%} is asked where {NEXT_DAY:.0f} hours or"
            " more lie between them."
        )
    return {
        Relation.INSIDE: "the later text stands inside the earlier one, which says much more.",
        Relation.CONTAINS: "the later text has the whole earlier one in it, and says much more.",
    }.get(found.relation, "the texts are alike, but one says much that the other does not.")  # type: ignore[arg-type]


def _difference(found: Difference) -> list[str]:
    first, second = found.words
    lines = [f"{first:,} and {second:,} words, {found.similarity:.0%} alike"]
    if found.first or found.second:
        lines.append(_passage(found.at, found.first, found.second))
    lines += [_passage(each.at, each.first, each.second) for each in found.others]
    if found.further:
        lines.append(f"and in {output.plural(found.further, 'other place')}")
    return lines


def _passage(at: int, first: Sequence[str], second: Sequence[str]) -> str:
    here, there = (safe.one_line(" ".join(words)) or "(nothing)" for words in (first, second))
    return f"from word {at + 1}: {here}  |  {there}"
