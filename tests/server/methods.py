"""All methods the server knows; importing them enters them into the table."""

from tests.server import answers_channels, answers_history, answers_login, answers_service
from tests.server.asked import METHODS, Asked, respond

__all__ = [
    "METHODS",
    "Asked",
    "answers_channels",
    "answers_history",
    "answers_login",
    "answers_service",
    "respond",
]
