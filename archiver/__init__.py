"""Archives public Telegram channels, collapses what they repeat, and searches the result."""

__version__ = "0.1.0"
