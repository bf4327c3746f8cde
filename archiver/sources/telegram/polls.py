"""Polls and lists of tasks as plain values, with the keys of Telegram Desktop's export."""

from __future__ import annotations

from typing import Any

from archiver.sources.telegram.entities import to_entities
from archiver.sources.telegram.plain import plain, seconds, with_entities

Facts = dict[str, Any]

_FLAGS = (
    "public_voters", "multiple_choice", "quiz", "open_answers", "revoting_disabled",
    "shuffle_answers", "hide_results_until_close", "subscribers_only",
)  # fmt: skip


def poll_identity(poll: Any) -> Facts:
    """What stays the same while people vote."""
    return {"id": str(poll.id)}


def to_poll(poll: Any, results: Any) -> Facts:
    """Question, answers and how it stands; a number of voters only where the server tells it."""
    found: Facts = {"question": poll.question.text, "closed": bool(poll.closed)}
    if poll.question.entities:
        found["question_entities"] = list(to_entities(poll.question.entities))
    if results.total_voters is not None:
        found["total_voters"] = results.total_voters
    votes = {one.option: one for one in results.results or ()}
    found["answers"] = [_answer(one, votes.get(one.option)) for one in poll.answers]
    found |= {flag: True for flag in _FLAGS if getattr(poll, flag)}
    return found | _ending(poll) | _solution(results)


def _answer(answer: Any, votes: Any) -> Facts:
    found = with_entities(answer.text)
    if votes is not None:
        if votes.voters is not None:
            found["voters"] = votes.voters
        found |= {flag: True for flag in ("chosen", "correct") if getattr(votes, flag)}
    if answer.media is not None:
        found["media"] = plain(answer.media)
    return found


def _ending(poll: Any) -> Facts:
    told = {"close_period": poll.close_period, "close_date": seconds(poll.close_date)}
    return {key: value for key, value in told.items() if value is not None}


def _solution(results: Any) -> Facts:
    """Why an answer is the right one; the server tells after a vote."""
    if not results.solution:
        return {}
    entities = to_entities(results.solution_entities)
    found: Facts = {"solution": results.solution}
    return found | {"solution_entities": list(entities)} if entities else found


def to_todo_list(todo: Any) -> Facts:
    """A list of tasks; who did which is told apart."""
    return {
        **with_entities(todo.title, "title"),
        "others_can_append": bool(todo.others_can_append),
        "others_can_complete": bool(todo.others_can_complete),
        "answers": [{"id": one.id, **with_entities(one.title)} for one in todo.list],
    }
