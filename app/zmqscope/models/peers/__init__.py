"""Who is connected, and who wants what."""
