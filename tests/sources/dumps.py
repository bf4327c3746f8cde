"""Messages as Telethon dumps them, of new and old layers, in our own words."""

import json


def telethon(number=1, text="The ferry sails at nine.", **more):
    """A message of a recent layer; a key set to ... is left out."""
    raw = {
        "_": "Message",
        "id": number,
        "peer_id": {"_": "PeerChannel", "channel_id": 1900000101},
        "date": "2025-03-04T11:20:05+00:00",
        "message": text,
        "out": False,
        "post": True,
        "from_id": None,
        "fwd_from": None,
        "reply_to": None,
        "media": None,
        "reply_markup": None,
        "entities": [],
        "views": 120,
        "forwards": 3,
        "replies": None,
        "edit_date": None,
        "post_author": None,
        "grouped_id": None,
        "restriction_reason": [],
    }
    return {key: value for key, value in (raw | more).items() if value is not ...}


def old(number=1, text="The ferry sails at nine.", **more):
    """A message of a layer of 2019."""
    peer = {"_": "PeerChannel", "channel_id": 1900000101}
    return telethon(
        number,
        text,
        **{
            "peer_id": ...,
            "to_id": peer,
            "reply_to": ...,
            "reply_to_msg_id": None,
            "forwards": ...,
            "replies": ...,
        }
        | more,
    )


def as_list(*messages):
    """A dump as json.dump writes it."""
    return json.dumps(list(messages), ensure_ascii=False).encode()


def as_lines(*messages):
    """A dump of one message a line."""
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in messages).encode()
