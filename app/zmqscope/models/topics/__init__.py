"""The table of topics."""
