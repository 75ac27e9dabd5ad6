"""Messages as they are written, and what became of those that were sent."""
