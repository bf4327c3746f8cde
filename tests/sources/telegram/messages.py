"""Messages of a made-up harbour channel, as TL objects."""

from __future__ import annotations

from typing import Any

from telethon.extensions import BinaryReader
from telethon.tl import types

from archiver.model import Address, Post
from archiver.sources.telegram.convert import to_post
from archiver.sources.telegram.peers import Peers

HARBOUR = 1_900_000_101
PIER = 1_900_000_202
MARKED, MARKED_PIER = -1_001_900_000_101, -1_001_900_000_202
ADDRESS = Address(MARKED, 77)
DATE = 1_741_076_405


def channel(number: int = HARBOUR, title: str = "Harbour", **more: Any) -> types.Channel:
    told = {"photo": types.ChatPhotoEmpty(), "date": DATE, "broadcast": True, "access_hash": 77}
    return types.Channel(number, title, **(told | more))


PEERS = Peers(
    [channel(), channel(PIER, "Pier Nine", username="pier_nine", min=True)],
    [types.User(501, first_name="Ann", last_name="Bo", username="annbo", bot=True)],
)


def message(number: int = 7, text: str = "The ferry sails at nine.", **more: Any) -> types.Message:
    told = {"peer_id": types.PeerChannel(HARBOUR), "date": DATE, "post": True}
    return types.Message(number, message=text, **(told | more))


def service(action: Any, number: int = 8, **more: Any) -> types.MessageService:
    told = {"peer_id": types.PeerChannel(HARBOUR), "date": DATE, "post": True}
    return types.MessageService(number, action=action, **(told | more))


def received(tl_object: Any) -> Any:
    """An object as the client reads it from the wire."""
    return BinaryReader(bytes(tl_object)).tgread_object()


def post(number: int = 7, text: str = "The ferry sails at nine.", **more: Any) -> Post:
    """The post of a message that went over the wire."""
    found = to_post(received(message(number, text, **more)), PEERS)
    assert found is not None
    return found


def document(*attributes: Any, number: int = 1 << 60, reference: bytes = b"r") -> types.Document:
    told = (number, 5, reference, DATE, "video/mp4", 70_000, 2, list(attributes))
    return types.Document(*told)


def photo(number: int = 1 << 61, reference: bytes = b"r") -> types.Photo:
    sizes = [
        types.PhotoStrippedSize("i", b"123"),
        types.PhotoSize("m", 320, 240, 14_000),
        types.PhotoSizeProgressive("y", 1280, 960, [90_000, 180_000]),
        types.PhotoCachedSize("s", 90, 60, b"1234"),
    ]
    return types.Photo(number, 5, reference, DATE, sizes, 2)
