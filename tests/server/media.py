"""Media of posts: descriptions only, nothing that could be downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from telethon.tl.types import (
    Document,
    DocumentAttributeAudio,
    DocumentAttributeFilename,
    DocumentAttributeVideo,
    GeoPoint,
    MessageMediaDocument,
    MessageMediaGeo,
    MessageMediaPhoto,
    MessageMediaPoll,
    MessageMediaWebPage,
    Photo,
    PhotoSize,
    Poll,
    PollAnswer,
    PollAnswerVoters,
    PollResults,
    TextWithEntities,
    WebPage,
)

_numbers = count(5_000_000_001)
_DATE = 1_735_732_800


def photo(id_: int | None = None) -> MessageMediaPhoto:
    """A picture, another one each time unless its id is told."""
    sizes = [PhotoSize("m", 320, 240, 14_000), PhotoSize("y", 1280, 960, 180_000)]
    number = id_ or next(_numbers)
    return MessageMediaPhoto(photo=Photo(number, number * 7, b"ref", _DATE, sizes, 2))


def document(
    name: str = "plan.pdf",
    mime: str = "application/pdf",
    size: int = 70_000,
    attributes: Sequence[object] = (),
) -> MessageMediaDocument:
    """A file."""
    number = next(_numbers)
    told = [DocumentAttributeFilename(name), *attributes]
    file = Document(number, number * 7, b"ref", _DATE, mime, size, 2, told)
    return MessageMediaDocument(document=file)


def video(seconds: float = 12.0) -> MessageMediaDocument:
    """A film."""
    told = DocumentAttributeVideo(seconds, 1280, 720, supports_streaming=True)
    return document("film.mp4", "video/mp4", 4_000_000, [told])


def voice(seconds: int = 7) -> MessageMediaDocument:
    """A voice message."""
    return document("voice.ogg", "audio/ogg", 9_000, [DocumentAttributeAudio(seconds, voice=True)])


def web_page(url: str, title: str = "A page", text: str = "What it says") -> MessageMediaWebPage:
    """The preview of a link."""
    page = WebPage(next(_numbers), url, url.split("://")[-1], 0, title=title, description=text)
    return MessageMediaWebPage(webpage=page)


def geo(latitude: float, longitude: float) -> MessageMediaGeo:
    """A place."""
    return MessageMediaGeo(GeoPoint(longitude, latitude, access_hash=1))


def poll(
    question: str,
    answers: Sequence[str],
    votes: Sequence[int] | None = None,
    *,
    id_: int | None = None,
    closed: bool = False,
) -> MessageMediaPoll:
    """A poll and how it stands."""
    options = [PollAnswer(_text(answer), bytes([n])) for n, answer in enumerate(answers)]
    told = Poll(id_ or next(_numbers), _text(question), options, 0, closed=closed)
    if votes is None:
        return MessageMediaPoll(told, PollResults())
    counts = [
        PollAnswerVoters(bytes([n]), voters=voters, recent_voters=[])
        for n, voters in enumerate(votes)
    ]
    return MessageMediaPoll(told, PollResults(results=counts, total_voters=sum(votes)))


def _text(text: str) -> TextWithEntities:
    return TextWithEntities(text, [])
