"""One message: its frames, fields and texts."""
