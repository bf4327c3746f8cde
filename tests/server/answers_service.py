"""Methods about the server and the account: configuration, state, takeout."""

from __future__ import annotations

from inspect import signature
from typing import Any

from telethon.tl import types as tl
from telethon.tl.functions.account import FinishTakeoutSessionRequest, InitTakeoutSessionRequest
from telethon.tl.functions.help import GetConfigRequest, GetNearestDcRequest
from telethon.tl.functions.updates import GetDifferenceRequest, GetStateRequest
from telethon.tl.functions.users import GetUsersRequest
from telethon.tl.types.account import Takeout
from telethon.tl.types.updates import DifferenceEmpty, State

from tests.server.asked import Asked, answers
from tests.server.faults import Refusal
from tests.server.tl import TRUE, Raw, vector

# Every other number a configuration has to have; nobody here looks at them.
_LIMITS = [
    name
    for name, parameter in signature(tl.Config.__init__).parameters.items()
    if parameter.annotation is int and parameter.default is parameter.empty and name != "this_dc"
]
TAKEOUT = 77_001  # the id of every takeout session


@answers(GetConfigRequest)
def config(asked: Asked, request: Any) -> tl.Config:
    """Where the data centres are, and limits."""
    server = asked.server
    dc = tl.DcOption(server.dc, server.host, server.port)
    numbers = dict.fromkeys(_LIMITS, 100)
    return tl.Config(
        date=server.now(),
        expires=server.now() + 3600,
        test_mode=False,
        this_dc=server.dc,
        dc_options=[dc],
        dc_txt_domain_name="",
        me_url_prefix="https://t.me/",
        **numbers,
    )


@answers(GetNearestDcRequest)
def nearest(asked: Asked, request: Any) -> tl.NearestDc:
    """There is only one."""
    return tl.NearestDc("XX", asked.server.dc, asked.server.dc)


@answers(GetUsersRequest)
def users(asked: Asked, request: Any) -> Raw:
    """Oneself, or people."""
    return vector(_user(asked, wanted) for wanted in request.id)


def _user(asked: Asked, wanted: Any) -> Any:
    number = getattr(wanted, "user_id", 0)
    if isinstance(wanted, tl.InputUserSelf) or number == asked.me.id:
        return asked.me.as_user()
    if number in asked.world.people:
        return asked.world.people[number].as_user(asked.me)
    return tl.UserEmpty(number)


@answers(GetStateRequest)
def state(asked: Asked, request: Any) -> State:
    """The state of the account, which never changes here: channels have states of their own."""
    return State(pts=1, qts=0, date=asked.server.now(), seq=1, unread_count=0)


@answers(GetDifferenceRequest)
def difference(asked: Asked, request: Any) -> DifferenceEmpty:
    """Nothing has happened to the account."""
    return DifferenceEmpty(asked.server.now(), 1)


@answers(InitTakeoutSessionRequest)
def takeout(asked: Asked, request: Any) -> Takeout:
    """A takeout session; that it has to wait a day is scripted as a fault."""
    return Takeout(TAKEOUT)


@answers(FinishTakeoutSessionRequest)
def finish_takeout(asked: Asked, request: Any) -> Raw:
    """The end of it; only within it."""
    if asked.takeout != TAKEOUT:
        raise Refusal(403, "TAKEOUT_REQUIRED")
    return TRUE
