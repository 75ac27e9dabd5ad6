"""The compare panel: two messages side by side."""
