"""Two messages side by side: what differs."""
