"""Forward headers: every field, with the names the answer brings along."""

from __future__ import annotations

from typing import Any

from archiver.model import Forward, OriginKind
from archiver.sources.telegram.peers import Peers, kind_and_id, marked_id
from archiver.sources.telegram.plain import plain, seconds

# What has no place in a `Forward`: bookkeeping of saved messages, and public service alerts.
_REST = ("saved_from_id", "saved_date", "saved_out", "psa_type")


def to_forward(header: Any, peers: Peers) -> Forward:
    """Who wrote it first; only a channel and a post's number in it identify the original."""
    kind, peer = kind_and_id(header.from_id) or (OriginKind.HIDDEN, None)
    saved = marked_id(header.saved_from_peer)
    return Forward(
        kind=kind,
        peer_id=peer,
        username=peers.username(peer) if kind is not OriginKind.CHAT else None,
        message_id=header.channel_post or None if kind is OriginKind.CHANNEL else None,
        date=seconds(header.date),
        name=header.from_name or peers.name(peer),
        author=header.post_author,
        saved_from_peer=saved,
        saved_from_message=header.saved_from_msg_id,
        saved_from_name=header.saved_from_name or peers.name(saved),
        imported=bool(header.imported),
    )


def forward_rest(header: Any) -> dict[str, Any]:
    """The fields of a header that `to_forward` has no place for."""
    found = {name: plain(getattr(header, name)) for name in _REST if getattr(header, name)}
    return {"forward": found} if found else {}
