"""The inspector: one message with all its frames, whole."""
