"""Things that run until stopped."""
