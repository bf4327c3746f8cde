"""Which archives this program reads; standard library only, so that search starts fast."""

# The newest migration. A test compares it with what Alembic calls head.
HEAD = "0011"

# "TGAR": tells an archive from any other SQLite file, so that a wrong --db is refused.
APPLICATION_ID = 0x54474152
