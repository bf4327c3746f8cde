"""Live channels: the only rooms that know Telethon."""
