"""Live channels into the archive: feed -> store. What to do is decided in `plan`, pure."""
