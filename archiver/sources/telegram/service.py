"""Service messages: what happened, under Telegram Desktop's name for it.

Any action becomes plain values by itself; the table has those that Desktop names otherwise than
the protocol does.
"""

from __future__ import annotations

from typing import Any

from telethon.tl import types

from archiver.sources.telegram import files
from archiver.sources.telegram.peers import Peers
from archiver.sources.telegram.plain import fields, snake

Facts = dict[str, Any]

_NAMES = {
    types.MessageActionBotAllowed: "allow_sending_messages",
    types.MessageActionChannelCreate: "create_channel",
    types.MessageActionChannelMigrateFrom: "migrate_from_group",
    types.MessageActionChatAddUser: "invite_members",
    types.MessageActionChatCreate: "create_group",
    types.MessageActionChatDeletePhoto: "delete_group_photo",
    types.MessageActionChatDeleteUser: "remove_members",
    types.MessageActionChatEditPhoto: "edit_group_photo",
    types.MessageActionChatEditTitle: "edit_group_title",
    types.MessageActionChatJoinedByLink: "join_group_by_link",
    types.MessageActionChatJoinedByRequest: "join_group_by_request",
    types.MessageActionChatMigrateTo: "migrate_to_supergroup",
    types.MessageActionContactSignUp: "joined_telegram",
    types.MessageActionGameScore: "score_in_game",
    types.MessageActionGeoProximityReached: "proximity_reached",
    types.MessageActionGiftCode: "gift_code_prize",
    types.MessageActionGiftPremium: "send_premium_gift",
    types.MessageActionGiftStars: "send_stars_gift",
    types.MessageActionHistoryClear: "clear_history",
    types.MessageActionPaymentRefunded: "refunded_payment",
    types.MessageActionPaymentSent: "send_payment",
    types.MessageActionPrizeStars: "stars_prize",
    types.MessageActionScreenshotTaken: "take_screenshot",
    types.MessageActionSecureValuesSent: "send_passport_values",
    types.MessageActionSetChatTheme: "edit_chat_theme",
    types.MessageActionSetChatWallPaper: "set_chat_wallpaper",
    types.MessageActionStarGift: "send_star_gift",
    types.MessageActionTopicCreate: "topic_created",
    types.MessageActionWebViewDataSent: "send_webview_data",
}
# Actions about an earlier message, which Desktop names under a key instead of a reply.
_ABOUT = {
    types.MessageActionPinMessage: "message_id",
    types.MessageActionSetChatWallPaper: "message_id",
    types.MessageActionGameScore: "game_message_id",
    types.MessageActionPaymentSent: "invoice_message_id",
}


def to_action(action: Any, reply_to: int | None, peers: Peers) -> Facts:
    """Name and fields of an action."""
    found: Facts = {"action": _name(action)}
    if type(action) in _ABOUT and reply_to is not None:
        found[_ABOUT[type(action)]] = reply_to
    found |= {key: value for key, value in fields(action).items() if key != "photo"}
    users = getattr(action, "users", None)
    if users is not None:
        found["members"] = [peers.name(user) for user in users]
    return found


def is_about(action: Any) -> bool:
    """Whether what the message "replies" to is what the action is about."""
    return type(action) in _ABOUT


def action_photo(action: Any) -> Facts | None:
    """The photo an action shows: a new picture of the channel."""
    photo = getattr(action, "photo", None)
    return None if photo is None else files.photo(photo)


def _name(action: Any) -> str:
    kind = type(action)
    if kind is types.MessageActionSetChatWallPaper and action.same:
        return "set_same_chat_wallpaper"
    if kind is types.MessageActionBotAllowed and action.attach_menu:
        return "attach_menu_bot_allowed"
    return _NAMES.get(kind) or snake(kind.__name__.removeprefix("MessageAction"))
