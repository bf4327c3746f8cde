"""The posts that `archiver demo` imports: invented channels, invented words."""
