"""Random channels and posts, and a small Desktop export to change."""

import json

from hypothesis import strategies as st

from archiver.model import Channel, Forward, OriginKind, Post, PostKind, Source
from archiver.sources.record import FIRST_DATE, LAST_DATE

big = st.integers(-(1 << 63), (1 << 63) - 1)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
dates = st.integers(FIRST_DATE, LAST_DATE)
ids = st.integers(-(1 << 52), 1 << 52).filter(bool)
plain = st.recursive(
    st.none() | st.booleans() | big | words | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=5,
)
keys = st.sampled_from(["kind", "path", "type"]) | words
objects = st.dictionaries(keys, plain, max_size=3)
entities = st.builds(
    lambda rest, kind, offset, length: rest | {"type": kind, "offset": offset, "length": length},
    objects,
    words,
    st.integers(0, 5000),
    st.integers(0, 5000),
)
names = words | st.sampled_from(["@harbour", "123", "-1001234567890", " padded ", "@", "0"])
channels = st.builds(
    Channel,
    title=names,
    username=st.none() | words | st.just("Harbour"),
    tg_id=st.none() | ids,
    kind=st.sampled_from(["channel", "group", "user"]),
).filter(lambda channel: channel.title or channel.username or channel.tg_id)
forwards = st.builds(
    Forward,
    kind=st.sampled_from(OriginKind),
    peer_id=st.none() | ids | st.just(-1001234567890) | st.just(0),
    username=st.none() | words | st.just("harbour"),
    message_id=st.none() | ids,
    date=st.none() | dates,
    name=st.none() | names,
    author=st.none() | words,
    saved_from_peer=st.none() | ids,
    saved_from_message=st.none() | ids,
    saved_from_name=st.none() | words,
    imported=st.booleans(),
)


def media(kind_and_rest):
    kind, rest = kind_and_rest
    return {"media_kind": kind, "media": rest}


numbers = st.none() | big
posts = st.builds(
    Post,
    message_id=ids,
    text=words,
    date=st.none() | dates,
    kind=st.sampled_from(PostKind),
    edited=st.none() | dates,
    entities=st.none() | st.lists(entities, max_size=3).map(tuple),
    forward=st.none() | forwards,
    grouped_id=numbers,
    grouped_inferred=st.booleans(),
    reply_to=numbers,
    reply_to_peer=numbers,
    author=st.none() | words,
    via_bot=st.none() | words,
    media_kind=st.none() | words | st.just("photo"),
    media=st.none() | objects,
    views=numbers,
    forwards=numbers,
    replies=numbers,
    reactions=st.none() | st.lists(objects, max_size=3).map(tuple),
    details=st.none() | objects,
    source=st.sampled_from(Source),
)


def message(number=1, text="The ferry sails at nine.", **more):
    """A Desktop message of a channel; a key set to ... is left out."""
    raw = {
        "id": number,
        "type": "message",
        "date": "2025-03-04T11:20:05",
        "date_unixtime": "1741076405",
        "from": "Harbour",
        "from_id": "channel1900000101",
        "text": text,
        "text_entities": [{"type": "plain", "text": text}] if text else [],
    }
    return {key: value for key, value in (raw | more).items() if value is not ...}


def chat(*messages, **more):
    """A one-chat export."""
    head = {"name": "Harbour", "type": "public_channel", "id": 1900000101}
    return head | more | {"messages": list(messages)}


def account(*chats, left=()):
    """A whole-account export."""
    return {
        "about": "Here is the data you requested.",
        "personal_information": {"user_id": 1, "first_name": "A", "chats": {"list": [1]}},
        "contacts": {"about": "", "list": [{"first_name": "B", "messages": []}]},
        "chats": {"about": "All chats.", "list": list(chats)},
        "left_chats": {"about": "Left.", "list": list(left)},
    }


def as_bytes(export):
    """An export as Desktop prints it."""
    return json.dumps(export, ensure_ascii=False, indent=1).encode()
