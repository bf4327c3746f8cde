"""Service lines of Telegram Desktop's HTML export, which are always English, as its JSON has them.

Of some fifty actions those that channels have are understood; the line is kept in any case.
"""

from __future__ import annotations

import re
from typing import Any

# What stands between the guillemets is a title.
_LINES: tuple[tuple[str, str], ...] = (
    (r"Channel «(?P<title>.*)» created", "create_channel"),
    (r"Channel title changed to «(?P<title>.*)»", "edit_group_title"),
    (r".* changed group title to «(?P<title>.*)»", "edit_group_title"),
    (r"Channel photo changed|.* changed group photo", "edit_group_photo"),
    (r"Channel photo removed|.* removed group photo", "delete_group_photo"),
    (r".* created group «(?P<title>.*?)»(?: with members .*)?", "create_group"),
    (r".* converted a basic group to this supergroup «(?P<title>.*)»", "migrate_from_group"),
    (r".* converted this group to a supergroup", "migrate_to_supergroup"),
    (r".* pinned this message", "pin_message"),
    (r"History cleared", "clear_history"),
    (r".* invited .* to the (?:voice|video) chat", "invite_to_group_call"),
    (r".* invited .*", "invite_members"),
    (r".* removed .*", "remove_members"),
    (r".* joined group by link from .*", "join_group_by_link"),
    (r".* joined group by request", "join_group_by_request"),
    (r"(?:Voice|Video) chat scheduled for .*", "group_call_scheduled"),
    (r"(?:Voice|Video) chat(?: \((?P<duration>[0-9]+) seconds\))?", "group_call"),
    (r"New messages will (?:not )?auto-delete.*", "set_messages_ttl"),
    (r"Channel theme was .*", "edit_chat_theme"),
    (r".* created topic «(?P<title>.*)»", "topic_created"),
    (r".* changed topic .*", "topic_edit"),
    (r".* joined Telegram", "joined_telegram"),
)
# A line is a name and a title; patterns must not run over what only looks like one.
_LONGEST_LINE = 2_000
_KNOWN = tuple((re.compile(line, re.S), name) for line, name in _LINES)


def action_of(line: str, about: int | None) -> dict[str, Any]:
    """What happened; `about` is the message that the line leads to."""
    for pattern, name in _KNOWN if len(line) < _LONGEST_LINE else ():
        if match := pattern.fullmatch(line):
            told = {key: value for key, value in match.groupdict().items() if value is not None}
            found: dict[str, Any] = {"action": name, **told}
            if "duration" in told:
                found["duration"] = int(told["duration"])
            break
    else:
        found = {"action": "unknown"}
    if about is not None:
        found["message_id"] = about
    return found | {"line": line}
